"""OpenStreetMap, from a file of any size: read once, and what is wanted of it once more; nothing held but places."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from leadgen_dagster.discovery.countries import is_abroad
from leadgen_dagster.discovery.geography import Box, Circle, Point, Polygon
from leadgen_dagster.discovery.locations import NamedPlace, area_on_map, parse_location
from leadgen_dagster.discovery.osm_tags import KIND_KEYS, city_of, kind_tags, place_from_tags
from leadgen_dagster.discovery.policies import policies
from leadgen_dagster.discovery.sources import HELSINKI
from leadgen_dagster.discovery.sources.base import (
    NO_CALLS,
    Estimate,
    Note,
    PlaceRequest,
    SourceAccess,
    SourceItem,
)
from leadgen_dagster.discovery.sources.osm_area import (
    Area,
    Boundary,
    Gazetteer,
    GivenArea,
    area_of,
    reach_of_addresses,
    spellings,
)
from leadgen_dagster.discovery.sources.osm_blobs import NODE, RELATION, WAY, Key
from leadgen_dagster.discovery.sources.osm_file import OsmFile
from leadgen_dagster.discovery.sources.osm_scan import NicheTags, Scan, candidate_filters, centre, id_filters
from leadgen_dagster.discovery.sources.osm_shapes import shapes_of
from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import FileError, OrderError

MAX_NAMES_SHOWN = 5

_KINDS = ("node", "way", "relation")

Record = tuple[Key, Mapping[str, str], Point | None, datetime]
"""An object of the area: kind and id, tags, centre, newest edit."""


class OsmSource:
    """An extract of OpenStreetMap: `.osm.pbf`."""

    name = "osm"
    licence = policies()["osm"].licence
    attribution = policies()["osm"].attribution
    is_real = True

    def __init__(self, access: SourceAccess) -> None:
        self._path = access.path or HELSINKI
        self._label = access.label or self._path.name

    def check_ready(self, location: str) -> None:
        """Reads the whole file for a name, since that may stand anywhere; for a box or circle, its header."""
        where = parse_location(location)
        with readable(self._path, self._label) as file:
            if isinstance(where, NamedPlace):
                self._area(where, location, Scan(file, place_names=_names(where)))
            else:
                _check_overlap(file, where, location)

    def estimate(self, _request: PlaceRequest) -> Estimate:
        return NO_CALLS

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        with readable(self._path, self._label) as file:
            where = request.where
            if isinstance(where, NamedPlace):
                scan = Scan(file, niches=request.all_niches, place_names=_names(where))
                area: Area | GivenArea = self._area(where, request.location, scan)
            else:
                on_map = area_on_map(where, request.location)
                scan = Scan(file, niches=request.all_niches, box=on_map.bounds)
                area = GivenArea(on_map=replace(on_map, country=scan.gazetteer.country()))
            if area.on_map is not None:
                yield area.on_map
            yield from self._records(_inside(file, scan, area), scan.niches, area, request)

    def _area(self, where: NamedPlace, location: str, scan: Scan) -> Area:
        """The part of the file that the name means; one that no place has may still stand in addresses."""

        def shapes(boundaries: Iterable[Boundary]) -> Mapping[int, Polygon]:
            wanted = {boundary.relation_id for boundary in boundaries}
            outlines = [outline for outline in scan.outlines if outline.relation_id in wanted]
            found = shapes_of(outlines, scan.way_nodes, scan.locations)
            return {shape.relation.relation_id: shape.polygon for shape in found}

        area = area_of(where, scan.gazetteer, shapes)
        if is_abroad(area.country, where.within):
            raise OrderError("location", location, f"{self._label} knows the one in {area.country} alone")
        if area.is_known:
            return area
        cities = _cities(scan.file)
        if area.names.isdisjoint(map(fold, cities)):
            raise self._unknown(where, location, scan.gazetteer, cities)
        named = (
            point
            for _key, tags, point in scan.candidates()
            if point and fold(city_of(tags) or "") in area.names
        )
        return replace(area, reach=reach_of_addresses(named))

    def _records(
        self,
        records: Iterable[Record],
        niches: NicheTags,
        area: Area | GivenArea,
        request: PlaceRequest,
    ) -> Iterator[SourceItem]:
        nameless = 0
        for (kind, number), tags, point, edited in records:
            is_there = any(key in tags for key in KIND_KEYS)
            niche = niches.niche_of(tags if is_there else kind_tags(tags))
            if niche is None:
                continue
            if not tags.get("name", "").strip():
                nameless += niche in request.niches
                continue
            latitude, longitude = point or (None, None)
            place = place_from_tags(
                tags,
                source=self.name,
                source_id=f"{_KINDS[kind]}/{number}",
                niche=niche,
                latitude=latitude,
                longitude=longitude,
                last_edited=_day(edited, request.ordered_on),
                country=area.country,
            )
            yield place if place.city else replace(place, city=area.town)
        if nameless:
            yield Note(f"{self._label}: records left out for want of a name: {nameless}")

    def _unknown(
        self, where: NamedPlace, location: str, gazetteer: Gazetteer, cities: set[str]
    ) -> OrderError:
        from rapidfuzz import process

        if any(gazetteer.boundaries_named(name) for name in spellings(where)):
            return OrderError("location", location, f"{self._label} holds only a part of its boundary")
        names = [*gazetteer.labels(), *sorted(cities)]
        if not names:
            return OrderError("location", location, f"{self._label} names no place at all")
        known = {fold(name): name for name in names}
        near = process.extract(fold(where.name), known.keys(), limit=MAX_NAMES_SHOWN)
        shown = ", ".join(known[key] for key, _score, _index in near)
        return OrderError(
            "location", location, f"{self._label} does not name it; the nearest it names are {shown}"
        )


@contextmanager
def readable(path: Path, label: str) -> Iterator[OsmFile]:
    """The file, opened; text in it that cannot be read is one more kind of damage, and one line too."""
    file = OsmFile(path, label)
    try:
        yield file
    except UnicodeDecodeError as error:
        raise FileError(label, f"damaged {file.position}: a text of it is no UTF-8") from error


def _names(where: NamedPlace) -> frozenset[str]:
    """The names of which a boundary may be needed."""
    return frozenset((*spellings(where), fold(where.within or "")))


def _check_overlap(file: OsmFile, where: Box | Circle, location: str) -> None:
    wanted, held = area_on_map(where, location).bounds, file.box
    if held is None or (
        wanted.south <= held.north
        and held.south <= wanted.north
        and wanted.west <= held.east
        and held.west <= wanted.east
    ):
        return
    corners = ",".join(f"{degrees:.4f}" for degrees in (held.south, held.west, held.north, held.east))
    raise OrderError("location", location, f"{file.label} covers {corners} and nothing of it")


def _inside(file: OsmFile, scan: Scan, area: Area | GivenArea) -> Iterator[Record]:
    """All that lies in the area and may be a business: nodes, ways, relations."""
    found = {key: point for key, tags, point in scan.candidates() if area.contains(tags, point)}
    for kind in (NODE, WAY):
        for chunk, ids in file.blobs_with(kind, sorted(number for of, number in found if of == kind)):
            for item in file.read(kind, *(id_filters(ids) or candidate_filters(kind)), chunk=chunk):
                if (key := (kind, item.id)) in found:
                    yield key, dict(item.tags), found[key], item.timestamp
    for shape in shapes_of(scan.relations, scan.way_nodes, scan.locations):
        relation = shape.relation
        point = centre(point for ring in shape.polygon.outers for point in ring)
        if area.contains(relation.tags, point):
            tags = {key: value for key, value in relation.tags.items() if key != "type"}
            yield (RELATION, relation.relation_id), tags, point, relation.edited


def _cities(file: OsmFile) -> set[str]:
    """The towns that addresses name."""
    from osmium.filter import KeyFilter

    keys = KeyFilter("addr:city", "contact:city")
    return {
        city
        for kind in (NODE, WAY, RELATION)
        for chunk in file.chunks_of(kind)
        for item in file.read(kind, keys, chunk=chunk)
        if (city := city_of({tag: item.tags.get(tag) or "" for tag in ("addr:city", "contact:city")}))
    }


def _day(edited: datetime, today: date) -> date | None:
    """Files stripped of their history say 1970; a day to come is a mistake."""
    day = edited.date()
    return day if day.year > 1970 and day <= today else None
