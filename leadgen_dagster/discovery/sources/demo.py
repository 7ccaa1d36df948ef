"""Port Linden, the fictional town that ships with the package, read like any other source."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.niches import niche_of
from leadgen_dagster.discovery.osm_tags import kind_tags, place_from_tags
from leadgen_dagster.discovery.policies import policies
from leadgen_dagster.discovery.sources import TOWN_FOLDER
from leadgen_dagster.discovery.sources.base import (
    NO_CALLS,
    Estimate,
    PlaceRequest,
    Rejected,
    SourceAccess,
    SourceItem,
)
from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import OrderError

TOWN = "Port Linden"


class DemoSource:
    """The town's list."""

    name = "demo"
    licence = policies()["demo"].licence
    attribution = policies()["demo"].attribution
    is_real = False

    def __init__(self, access: SourceAccess | None = None) -> None:
        self._folder = (access.path if access else None) or TOWN_FOLDER

    def check_ready(self, location: str) -> None:
        if fold(location) != fold(TOWN):
            raise OrderError("location", location, f"the demo source knows one town, {TOWN}")

    def estimate(self, _request: PlaceRequest) -> Estimate:
        return NO_CALLS

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        self.check_ready(request.location)
        for entry in _entries(self._folder):
            for record in entry["records"]:
                yield from self._place(record, request)

    def _place(self, record: Mapping[str, Any], request: PlaceRequest) -> Iterator[SourceItem]:
        tags = {str(key): str(value) for key, value in record["tags"].items()}
        niche = niche_of(kind_tags(tags), request.all_niches)
        if niche is None:
            return
        if not tags.get("name"):
            yield Rejected(f"demo record {record['id']}: no name")
            return
        place = place_from_tags(
            tags,
            source=self.name,
            source_id=str(record["id"]),
            niche=niche,
            latitude=record["lat"],
            longitude=record["lon"],
            last_edited=request.ordered_on - timedelta(days=record["edited_days_ago"]),
        )
        yield _with_own_words(place, record)


def _with_own_words(place: Place, record: Mapping[str, Any]) -> Place:
    """What the town's list says beside the tags."""
    return replace(
        place,
        language=record.get("language"),
        is_closed=place.is_closed or record.get("is_closed", False),
        is_sole_trader=record.get("is_sole_trader", False),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOutcome:
    """What the run should say of one firm of the town, in the words of the stages' own enumerations."""

    row: int
    kind: str
    name: str
    website_state: str | None
    top_fault: str | None
    lead_class: str | None
    exclusion: str | None
    merged_records: int
    has_demo: bool
    flags: tuple[str, ...]


def answer_key(folder: Path = TOWN_FOLDER) -> tuple[ExpectedOutcome, ...]:
    """The outcome of every firm, in the order of the town's list."""
    return tuple(
        ExpectedOutcome(
            row=entry["row"],
            kind=entry["kind"],
            name=outcome["name"],
            website_state=outcome["website_state"],
            top_fault=outcome["top_fault"],
            lead_class=outcome["lead_class"],
            exclusion=outcome["exclusion"],
            merged_records=outcome["merged_records"],
            has_demo=outcome["has_demo"],
            flags=tuple(outcome["flags"]),
        )
        for entry in _entries(folder)
        for outcome in entry["expected"]
    )


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    import yaml

    for path in sorted(folder.glob("*/business.yaml")):
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield entry | {"row": int(path.parent.name.split("-")[0])}
