"""OpenStreetMap asked over the network, by an Overpass server: any town by name, without a key."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import Any

from leadgen_dagster.discovery.geography import Point
from leadgen_dagster.discovery.locations import NamedPlace, area_on_map, parse_location
from leadgen_dagster.discovery.niches import Niche, niche_of
from leadgen_dagster.discovery.osm_tags import place_from_tags
from leadgen_dagster.discovery.policies import policies
from leadgen_dagster.discovery.sources.answers import shown
from leadgen_dagster.discovery.sources.base import (
    Estimate,
    Note,
    PlaceApi,
    PlaceRequest,
    Rejected,
    SourceAccess,
    SourceItem,
)
from leadgen_dagster.discovery.sources.overpass_area import FoundArea, find_area
from leadgen_dagster.discovery.sources.overpass_query import ask, degrees, point_of, quoted, tags_of
from leadgen_dagster.errors import SourceError

FRESH_DAYS = 7
"""Public servers lag behind the map by minutes; one that lags by more has stopped following it."""


class OverpassSource:
    """The map of the whole world, on a server that takes one question at a time."""

    name = "overpass"
    licence = policies()["overpass"].licence
    attribution = policies()["overpass"].attribution
    is_real = True

    def __init__(self, access: SourceAccess) -> None:
        self._api_of = access.api

    def check_ready(self, location: str) -> None:
        """Only reads the location: which town it is, the server knows."""
        parse_location(location)

    def estimate(self, request: PlaceRequest) -> Estimate:
        is_named = isinstance(request.where, NamedPlace)
        return Estimate(
            calls_at_least=3 if is_named else 1,
            calls_at_most=5 if is_named else 1,
            note="a public server lets each address ask one or two questions at a time; they are asked one by one",
        )

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        """The ordered niches alone: neighbours would cost the server more than the order does."""
        api = self._api()
        found = _found(api, request)
        yield from map(Note, found.notes)
        yield found.area
        answer = ask(api, places_query(found, request.niches))
        if found.area_id is not None and not answer["elements"]:
            # A server that was set up without areas finds nothing in any of them, and says no word of it.
            answer = ask(api, places_query(replace(found, area_id=None), request.niches))
        yield from _stale(answer, request.ordered_on)
        yield from _inside(answer, found, request)

    def _api(self) -> PlaceApi:
        if self._api_of is None:
            raise SourceError(self.name, "is not asked while an order is only checked")
        return self._api_of(self.name)


def _found(api: PlaceApi, request: PlaceRequest) -> FoundArea:
    where = request.where
    if isinstance(where, NamedPlace):
        return find_area(api, where, home_country=request.home_country)
    return FoundArea(area=area_on_map(where, request.location))


# -------------------------------------------------------------------------------- the question


def places_query(found: FoundArea, niches: Iterable[Niche]) -> str:
    """Asks for all that may be of the niches: one line for each set of keys, so that a hundred niches are ten lines.

    A value may stand in a list (`cuisine=pizza;kebab`), which only a pattern finds. Where rules want two tags, each
    of their values goes with each: what that finds beyond them is sorted out here.
    """
    wanted: dict[tuple[str, ...], dict[str, set[str]]] = {}
    for rule in (rule for niche in niches for rule in niche.tags):
        values = wanted.setdefault(tuple(key for key, _value in rule), {})
        for key, value in rule:
            values.setdefault(key, set()).add(value)
    lines = (
        "nwr" + "".join(_filter(key, values) for key, values in by_key.items()) + _limits(found) + ";"
        for by_key in wanted.values()
    )
    return f"({''.join(lines)});out center meta;"


def _filter(key: str, values: set[str]) -> str:
    if "*" in values:
        return f"[{quoted(key)}]"
    any_of = "|".join(re.sub(r"[^\w\s-]", r"\\\g<0>", value) for value in sorted(values))
    return f"[{quoted(key)}~{quoted(f'(^|;) *({any_of}) *(;|$)')}]"


def _limits(found: FoundArea) -> str:
    area = found.area
    if found.area_id is not None:
        return f"(area:{found.area_id})"
    if area.circle is not None:
        return f"(around:{ceil(area.circle.radius_m)},{degrees(area.circle.centre)})"
    box = area.bounds
    return f"({degrees((box.south, box.west))},{degrees((box.north, box.east))})"


# -------------------------------------------------------------------------------- the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Element:
    source_id: str
    tags: Mapping[str, str]
    point: Point | None
    edited: date | None


def _inside(answer: Mapping[str, Any], found: FoundArea, request: PlaceRequest) -> Iterator[SourceItem]:
    """What of the answer is of the niches and in the area."""
    nameless = 0
    seen: set[str] = set()
    for position, record in enumerate(answer["elements"], start=1):
        element = _element(record, position)
        if isinstance(element, Rejected):
            yield element
            continue
        niche = niche_of(element.tags, request.niches)
        if niche is None or element.source_id in seen:
            continue
        seen.add(element.source_id)
        if element.point is None:
            yield Rejected(f"overpass {element.source_id}: no coordinates on Earth")
        elif not found.area.contains(element.point):
            continue
        elif not element.tags.get("name", "").strip():
            nameless += 1
        else:
            yield _place(element, niche, found)
    if nameless:
        yield Note(f"overpass: records left out for want of a name: {nameless}")


def _place(element: _Element, niche: Niche, found: FoundArea) -> SourceItem:
    latitude, longitude = element.point or (None, None)
    place = place_from_tags(
        element.tags,
        source=OverpassSource.name,
        source_id=element.source_id,
        niche=niche,
        latitude=latitude,
        longitude=longitude,
        last_edited=element.edited,
        country=found.area.country,
    )
    return place if place.city else replace(place, city=found.town)


def _element(record: object, position: int) -> _Element | Rejected:
    """One record; the reason to set it aside, where it is not what the service says a record is."""
    kind, number = (record.get("type"), record.get("id")) if isinstance(record, Mapping) else (None, None)
    is_id = isinstance(number, int) and not isinstance(number, bool)
    if not isinstance(record, Mapping) or kind not in ("node", "way", "relation") or not is_id:
        what = f"{shown(str(kind))} with id {shown(str(number))}"
        return Rejected(f"overpass record {position}: {what} is no object of the map")
    source_id = f"{kind}/{number}"
    tags = tags_of(record)
    if tags is None:
        return Rejected(f"overpass {source_id}: its tags are no plain short texts")
    return _Element(
        source_id=source_id,
        tags=tags,
        point=point_of(record if kind == "node" else record.get("center")),
        edited=_day(record.get("timestamp")),
    )


def _stale(answer: Mapping[str, Any], today: date) -> Iterator[Note]:
    """Says how old the server's map is, where it is old."""
    header = answer.get("osm3s")
    as_of = _day(header.get("timestamp_osm_base")) if isinstance(header, Mapping) else None
    if as_of is not None and (today - as_of).days > FRESH_DAYS:
        yield Note(f"overpass: the server's map is of {as_of}")


def _day(moment: object) -> date | None:
    """The day of `2026-11-22T08:30:00Z`."""
    try:
        return datetime.fromisoformat(moment).date() if isinstance(moment, str) else None
    except ValueError:
        return None
