"""OpenStreetMap, from a file of any size: read as a stream a few times over, nothing held but places."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from leadgen_dagster.discovery.geography import Point, Polygon
from leadgen_dagster.discovery.niches import niche_of
from leadgen_dagster.discovery.osm_tags import GONE_PREFIXES, KIND_KEYS, city_of, kind_tags, place_from_tags
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
    QUARTERS_KM,
    SETTLEMENTS_KM,
    Area,
    Boundary,
    Gazetteer,
    PlaceNode,
    area_of,
    country_of,
    place_names,
    spellings,
)
from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import FileError, OrderError

if TYPE_CHECKING:
    from osmium import FileProcessor
    from osmium.osm import Area as OsmArea
    from osmium.osm import Node, NodeRefList, Way

    OsmObject = Node | Way | OsmArea

MAX_NAMES_SHOWN = 5


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
        """Reads the places' nodes and boundaries; shapes and addresses only where no node has the name."""
        with readable(self._path, self._label):
            gazetteer = _gazetteer(self._path)
            if not any(gazetteer.nodes_named(name) for name in spellings(location)):
                self._area(location, gazetteer)

    def estimate(self, _request: PlaceRequest) -> Estimate:
        return NO_CALLS

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        with readable(self._path, self._label):
            area = self._area(request.location, _gazetteer(self._path))
            yield from self._inside(area, request)

    def _area(self, location: str, gazetteer: Gazetteer) -> Area:
        """The part of the file that the location means; one that no place has may still stand in addresses."""
        names = spellings(location)
        wanted = {b.relation_id for name in names for b in gazetteer.boundaries_named(name)}
        area = area_of(location, gazetteer, _polygons(self._path, wanted))
        if not area.is_known:
            cities = _cities(self._path)
            if area.names.isdisjoint(map(fold, cities)):
                raise self._unknown(location, gazetteer, cities)
        return area

    def _inside(self, area: Area, request: PlaceRequest) -> Iterator[SourceItem]:
        nameless = 0
        for tags, point, source_id, edited in _objects(self._path):
            niche = niche_of(kind_tags(tags), request.all_niches)
            if niche is None or not area.contains(tags, point):
                continue
            if not tags.get("name", "").strip():
                nameless += niche in request.niches
                continue
            latitude, longitude = point or (None, None)
            place = place_from_tags(
                tags,
                source=self.name,
                source_id=source_id,
                niche=niche,
                latitude=latitude,
                longitude=longitude,
                last_edited=edited,
                country=area.country,
            )
            yield place if place.city else replace(place, city=area.town)
        if nameless:
            yield Note(f"{self._label}: records left out for want of a name: {nameless}")

    def _unknown(self, location: str, gazetteer: Gazetteer, cities: set[str]) -> OrderError:
        from rapidfuzz import process

        if any(gazetteer.boundaries_named(name) for name in spellings(location)):
            return OrderError("location", location, f"{self._label} holds only a part of its boundary")
        names = [*gazetteer.labels(), *sorted(cities)]
        if not names:
            return OrderError("location", location, f"{self._label} names no place at all")
        known = {fold(name): name for name in names}
        near = process.extract(fold(location), known.keys(), limit=MAX_NAMES_SHOWN)
        shown = ", ".join(known[key] for key, _score, _index in near)
        return OrderError(
            "location", location, f"{self._label} does not name it; the nearest it names are {shown}"
        )


@contextmanager
def readable(path: Path, label: str) -> Iterator[None]:
    """A file that is missing or damaged becomes one line that names it; osmium raises RuntimeError for all of it."""
    if not path.is_file():
        raise FileError(label, "there is no such file")
    try:
        yield
    except RuntimeError as error:
        raise FileError(label, f"not a complete OSM PBF file ({error})") from error


def processor(path: Path) -> "FileProcessor":
    """The file as a stream of objects, to be filtered."""
    from osmium import FileProcessor
    from osmium.io import File

    return FileProcessor(File(str(path), "osm" if path.suffix == ".osm" else "pbf"))


def _gazetteer(path: Path) -> Gazetteer:
    """First reading: place nodes and administrative boundaries."""
    from osmium.filter import KeyFilter
    from osmium.osm import Node, Relation

    nodes: list[PlaceNode] = []
    boundaries: list[Boundary] = []
    for item in processor(path).with_filter(KeyFilter("place", "boundary")):
        tags = dict(item.tags)
        if "name" not in tags:
            continue
        if isinstance(item, Node) and tags.get("place") in SETTLEMENTS_KM.keys() | QUARTERS_KM.keys():
            nodes.append(_place_node(tags, (item.location.lat, item.location.lon)))
        elif isinstance(item, Relation) and tags.get("boundary") == "administrative":
            boundaries.append(_boundary(item.id, tags))
    return Gazetteer(nodes=tuple(nodes), boundaries=tuple(boundaries))


def _cities(path: Path) -> set[str]:
    """The towns that addresses name."""
    from osmium.filter import KeyFilter

    found = processor(path).with_filter(KeyFilter("addr:city", "contact:city"))
    return {city for item in found if (city := city_of(dict(item.tags)))}


def _place_node(tags: Mapping[str, str], point: Point) -> PlaceNode:
    return PlaceNode(
        kind=tags["place"],
        names=place_names(tags),
        label=tags["name"],
        point=point,
        country=country_of(tags),
    )


def _boundary(relation_id: int, tags: Mapping[str, str]) -> Boundary:
    level = tags.get("admin_level", "")
    return Boundary(
        relation_id=relation_id,
        level=int(level) if level.isascii() and level.isdigit() else 99,
        names=place_names(tags),
        label=tags["name"],
        country=country_of(tags),
    )


def _polygons(path: Path, relation_ids: set[int]) -> Iterator[tuple[int, Polygon]]:
    """Second reading, where the place has a boundary: those shapes that lie wholly in the file."""
    if not relation_ids:
        return
    from osmium.filter import TagFilter
    from osmium.osm import Area as OsmArea

    administrative = TagFilter(("boundary", "administrative"))
    for item in processor(path).with_areas(administrative).with_filter(administrative):
        if isinstance(item, OsmArea) and not item.from_way() and item.orig_id() in relation_ids:
            outers = tuple(item.outer_rings())
            inners = tuple(_ring(inner) for outer in outers for inner in item.inner_rings(outer))
            yield item.orig_id(), Polygon(tuple(_ring(outer) for outer in outers), inners)


def _ring(nodes: "NodeRefList") -> tuple[Point, ...]:
    return tuple((node.lat, node.lon) for node in nodes)


def _objects(path: Path) -> Iterator[tuple[dict[str, str], Point | None, str, date | None]]:
    """Last reading: tags, centre, id and day of the newest edit of whatever may be a business.

    A relation comes as its area; the area of a closed way is passed over, for the way itself came before.
    """
    from osmium.filter import KeyFilter
    from osmium.osm import Area as OsmArea
    from osmium.osm import Node, Way

    keys = KeyFilter(*KIND_KEYS, *(prefix + key for prefix in GONE_PREFIXES for key in KIND_KEYS))
    for item in processor(path).with_areas(keys).with_filter(keys):
        if isinstance(item, Node):
            point = (item.location.lat, item.location.lon) if item.location.valid() else None
            yield dict(item.tags), point, f"node/{item.id}", _day(item)
        elif isinstance(item, Way):
            yield dict(item.tags), _centre([item.nodes]), f"way/{item.id}", _day(item)
        elif isinstance(item, OsmArea) and not item.from_way():
            yield dict(item.tags), _centre(item.outer_rings()), f"relation/{item.orig_id()}", _day(item)


def _day(item: "OsmObject") -> date | None:
    """Files stripped of history say 1970."""
    day = item.timestamp.date()
    return day if day.year > 1970 else None


def _centre(rings: "Iterable[NodeRefList]") -> Point | None:
    """The middle of the box around what the file holds of a way or an area."""
    points = [(node.lat, node.lon) for ring in rings for node in ring if node.location.valid()]
    if not points:
        return None
    latitudes, longitudes = zip(*points, strict=True)
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2
