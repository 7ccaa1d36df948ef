"""Which part of an OSM file a place name means.

An object is inside, by the first of these rules that decides:

1. Its `addr:city` is a name of the place: inside. It names another town: outside. A quarter's name decides nothing.
2. The place has a boundary that lies wholly in the file: inside it, or not.
3. The nearest place node decides, each distance counted in the usual radius of that kind of place, so that a
   city's outskirts do not fall to the hamlet next to them. For a town, cities to hamlets are compared; for a
   quarter, quarters are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from leadgen_dagster.discovery.geography import Point, Polygon, rough_distance_m
from leadgen_dagster.discovery.osm_tags import city_of
from leadgen_dagster.discovery.words import fold

SETTLEMENTS_KM = {"city": 15.0, "town": 5.0, "municipality": 5.0, "village": 1.5, "hamlet": 0.5}
QUARTERS_KM = {"borough": 3.0, "suburb": 1.5, "quarter": 1.0, "neighbourhood": 0.5}
SETTLEMENT_REACH = 3.0
QUARTER_REACH = 1.5
"""Beyond so many radii of the nearest place an object lies in none; not every quarter has a node."""
NAME_KEYS = ("name", "alt_name", "official_name", "short_name", "int_name", "loc_name", "old_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNode:
    """A place node of the file."""

    kind: str
    """The value of `place`."""
    names: frozenset[str]
    """Folded, in all languages."""
    label: str
    point: Point
    country: str | None

    @property
    def is_quarter(self) -> bool:
        return self.kind in QUARTERS_KM

    @property
    def radius_km(self) -> float:
        return SETTLEMENTS_KM.get(self.kind) or QUARTERS_KM[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """An administrative boundary of the file, which may lie in it only in part."""

    relation_id: int
    level: int
    names: frozenset[str]
    label: str
    country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """All places that a file names."""

    nodes: tuple[PlaceNode, ...] = ()
    boundaries: tuple[Boundary, ...] = ()

    def nodes_named(self, name: str) -> tuple[PlaceNode, ...]:
        """The greatest first."""
        return tuple(sorted((n for n in self.nodes if name in n.names), key=lambda n: -n.radius_km))

    def boundaries_named(self, name: str) -> tuple[Boundary, ...]:
        """The closest first, those of quarters last: a city before the state of its name."""
        found = [boundary for boundary in self.boundaries if name in boundary.names]
        return tuple(sorted(found, key=lambda b: (b.level > 8, -b.level, b.relation_id)))

    def labels(self) -> list[str]:
        return sorted({node.label for node in self.nodes} | {boundary.label for boundary in self.boundaries})

    def country(self) -> str | None:
        """The only country that the file's boundaries and places name."""
        countries = {boundary.country for boundary in self.boundaries} | {node.country for node in self.nodes}
        countries.discard(None)
        return countries.pop() if len(countries) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The part of the file that a place name means."""

    names: frozenset[str]
    target: PlaceNode | None
    polygon: Polygon | None = None
    rivals: tuple[PlaceNode, ...] = ()
    """The places of the target's own rank, itself among them."""
    vague_names: frozenset[str] = frozenset()
    """Names in `addr:city` that decide nothing: those of quarters, and of the town that an ordered quarter is in."""
    country: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the file itself tells where the place is; else only addresses can."""
        return self.target is not None or self.polygon is not None

    @property
    def town(self) -> str | None:
        """What an object inside may be said to lie in; a quarter is no town."""
        return self.target.label if self.target is not None and not self.target.is_quarter else None

    def contains(self, tags: Mapping[str, str], point: Point | None) -> bool:
        city = city_of(tags)
        if city and fold(city) in self.names:
            return True
        if city and fold(city) not in self.vague_names:
            return False
        is_quarter = self.target is not None and self.target.is_quarter
        if is_quarter and (quarter := tags.get("addr:suburb") or tags.get("addr:neighbourhood")):
            return fold(quarter) in self.names
        return point is not None and self._holds(point)

    def _holds(self, point: Point) -> bool:
        if self.polygon is not None:
            return self.polygon.contains(point)
        if self.target is None:
            return False
        nearest = min(self.rivals, key=lambda rival: _radii(point, rival))
        reach = QUARTER_REACH if self.target.is_quarter else SETTLEMENT_REACH
        return nearest is self.target and _radii(point, nearest) <= reach


def _radii(point: Point, place: PlaceNode) -> float:
    return rough_distance_m(point, place.point) / 1000 / place.radius_km


def place_names(tags: Mapping[str, str]) -> frozenset[str]:
    """Every name of a place, folded: in all languages, official, short, alternative."""
    found = [
        part for key, value in tags.items() if key.split(":", 1)[0] in NAME_KEYS for part in value.split(";")
    ]
    return frozenset(name for name in map(fold, found) if name)


def country_of(tags: Mapping[str, str]) -> str | None:
    """The country that a place's or boundary's tags name."""
    keys = ("ISO3166-1:alpha2", "ISO3166-1", "is_in:country_code", "addr:country")
    code = next((tags[key].strip().upper() for key in keys if tags.get(key)), "")
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def spellings(location: str) -> tuple[str, ...]:
    """The names that an ordered location may be filed under: `Helsinki, Finland` is Helsinki."""
    return tuple(
        dict.fromkeys(name for name in (fold(location), fold(location.split(",", maxsplit=1)[0])) if name)
    )


def area_of(location: str, gazetteer: Gazetteer, polygons: Iterable[tuple[int, Polygon]]) -> Area:
    """The area that a location means.

    Args:
        location: as ordered.
        gazetteer: what the file names.
        polygons: relation id and shape of those boundaries of that name that lie wholly in the file.
    """
    names = frozenset(spellings(location))
    nodes = tuple(node for name in spellings(location) for node in gazetteer.nodes_named(name))
    boundaries = tuple(found for name in spellings(location) for found in gazetteer.boundaries_named(name))
    target = nodes[0] if nodes else None
    shapes = dict(polygons)
    shape = next((b for b in boundaries if b.relation_id in shapes), None)
    kin = (target.names if target else frozenset()) | (boundaries[0].names if boundaries else frozenset())
    return Area(
        names=names | kin,
        target=target,
        polygon=shapes[shape.relation_id] if shape else None,
        rivals=tuple(n for n in gazetteer.nodes if target is not None and n.is_quarter == target.is_quarter),
        vague_names=frozenset(name for n in gazetteer.nodes if n.is_quarter for name in n.names)
        | _town_names(target, gazetteer),
        country=(target.country if target else None) or gazetteer.country(),
    )


def _town_names(target: PlaceNode | None, gazetteer: Gazetteer) -> frozenset[str]:
    """The names of the town that a quarter lies in."""
    towns = [node for node in gazetteer.nodes if not node.is_quarter]
    if target is None or not target.is_quarter or not towns:
        return frozenset()
    return min(towns, key=lambda town: _radii(target.point, town)).names
