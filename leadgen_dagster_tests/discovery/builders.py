"""Places, sources and small OSM files for the tests of discovery."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from leadgen_dagster.agency import ExclusionList
from leadgen_dagster.discovery.businesses import Business, Place
from leadgen_dagster.discovery.candidates import Candidate, candidate_of
from leadgen_dagster.discovery.discover import Discovery, discover
from leadgen_dagster.discovery.niches import NICHES, find_niche
from leadgen_dagster.discovery.sources.base import NO_CALLS, Estimate, PlaceRequest, PlaceSource, SourceItem
from leadgen_dagster.orders import ProcessingRunConfig

ORDERED_ON = date(2026, 11, 22)


@dataclass(frozen=True, kw_only=True)
class FakeSource:
    """A source that answers with what it was given, or fails with it."""

    items: Sequence[SourceItem] = ()
    error: Exception | None = None
    name: str = "fake"
    licence: str = "CC0-1.0"
    attribution: str = "nobody"
    is_real: bool = True

    def check_ready(self, location: str) -> None:
        """It has what it was given, wherever that is."""

    def estimate(self, request: PlaceRequest) -> Estimate:  # noqa: ARG002 - the protocol's
        return NO_CALLS

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:  # noqa: ARG002 - the protocol's
        yield from self.items
        if self.error:
            raise self.error


def make_place(**fields: Any) -> Place:
    defaults: dict[str, Any] = {
        "source": "fake",
        "source_id": "1",
        "name": "Osteria del Porto",
        "niche": "restaurant",
        "city": "Helsinki",
        "country": "FI",
        "latitude": 60.17,
        "longitude": 24.94,
        "last_edited": date(2026, 6, 1),
    }
    return Place(**(defaults | fields))


def make_candidate(**fields: Any) -> Candidate:
    place = make_place(**fields)
    return candidate_of(place, FakeSource(name=place.source), None)


def request_for(location: str, niche: str = "restaurants", *, with_neighbours: bool = False) -> PlaceRequest:
    niches = find_niche(niche)
    others = tuple(other for other in NICHES.values() if other not in niches) if with_neighbours else ()
    return PlaceRequest(location=location, niches=niches, other_niches=others, ordered_on=ORDERED_ON)


def places_of(source: PlaceSource, request: PlaceRequest) -> list[Place]:
    return [item for item in source.places(request) if isinstance(item, Place)]


def run(
    *sources: PlaceSource,
    location: str = "Helsinki",
    niche: str = "restaurants",
    limit: int = 50,
    exclusions: ExclusionList | None = None,
    default_country: str | None = None,
    previous: Sequence[Business] = (),
    **known: Any,
) -> Discovery:
    return discover(
        run_id="2026-11-22-helsinki-restaurants-7f3a",
        config=ProcessingRunConfig(location=location, niche=niche, max_businesses=limit),
        sources=sources,
        exclusions=exclusions or ExclusionList(),
        ordered_on=ORDERED_ON,
        default_country=default_country,
        previous=previous,
        **known,
    )


def write_pbf(
    path: Path,
    nodes: Iterable[tuple[int, float, float, dict[str, str]]],
    ways: Iterable[tuple[int, list[int], dict[str, str]]] = (),
    relations: Iterable[tuple[int, list[tuple[str, int, str]], dict[str, str]]] = (),
) -> Path:
    """An OSM file of nodes (id, latitude, longitude, tags), ways and relations."""
    import osmium
    from osmium.osm.mutable import Node, Relation, Way

    edited: dict[str, Any] = {"version": 1, "timestamp": datetime(2026, 3, 4, tzinfo=UTC), "visible": True}
    with osmium.SimpleWriter(str(path)) as writer:
        for node_id, latitude, longitude, tags in nodes:
            writer.add_node(Node(id=node_id, location=(longitude, latitude), tags=tags, **edited))
        for way_id, refs, tags in ways:
            writer.add_way(Way(id=way_id, nodes=refs, tags=tags, **edited))
        for relation_id, members, tags in relations:
            writer.add_relation(Relation(id=relation_id, members=members, tags=tags, **edited))
    return path
