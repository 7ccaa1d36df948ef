"""Which part of an OSM file a place name means.

An object is inside, by the first of these rules that decides:

1. It lies beyond the place's boundary, where the file holds the whole of it: outside. Without a boundary the place
   reaches 25 km, a city three times its usual radius, a quarter 5 km; what lies beyond that is outside, whatever its
   address says, for another town may have the name.
2. Its `addr:city` is a name of the place: inside. It names another town: outside. A quarter's name decides nothing.
3. It lies inside the place's boundary: inside.
4. The nearest place node decides, each distance counted in the usual radius of that kind of place, so that a
   city's outskirts do not fall to the hamlet next to them. For a town, cities to hamlets are compared; for a
   quarter, quarters are.

Of several places of a name the greatest is meant, or that which lies in what stands behind the comma: by its own
tags (`is_in`, `addr:country`, …), else by a boundary of that name around it. Where neither tells, the name alone
counts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from leadgen_dagster.discovery.geography import Circle, Point, Polygon, rough_distance_m
from leadgen_dagster.discovery.locations import NamedPlace, SearchArea
from leadgen_dagster.discovery.osm_tags import city_of
from leadgen_dagster.discovery.words import fold

SETTLEMENTS_KM = {"city": 15.0, "town": 5.0, "municipality": 5.0, "village": 1.5, "hamlet": 0.5}
QUARTERS_KM = {"borough": 3.0, "suburb": 1.5, "quarter": 1.0, "neighbourhood": 0.5}
SETTLEMENT_REACH = 3.0
QUARTER_REACH = 1.5
"""Beyond so many radii of the nearest place an object lies in none; not every quarter has a node."""
ADDRESS_REACH_M = 25_000
"""So far from its node an address may say that it lies in a town: the width of a large municipality."""
QUARTER_ADDRESS_REACH_M = 5_000
ADDRESS_KEYS = ("addr:city", "contact:city", "addr:suburb", "addr:neighbourhood")
"""The tags that `Area.contains` looks at."""
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
    lies_in: frozenset[str] = frozenset()
    """Folded names and codes of the regions that its tags say it lies in."""

    @property
    def is_quarter(self) -> bool:
        return self.kind in QUARTERS_KM

    @property
    def radius_km(self) -> float:
        return SETTLEMENTS_KM.get(self.kind) or QUARTERS_KM[self.kind]

    @property
    def reach(self) -> Circle:
        """Beyond it nothing belongs to the place."""
        if self.is_quarter:
            radius_m = max(QUARTER_ADDRESS_REACH_M, QUARTER_REACH * self.radius_km * 1000)
        else:
            radius_m = max(ADDRESS_REACH_M, SETTLEMENT_REACH * self.radius_km * 1000)
        return Circle(centre=self.point, radius_m=radius_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """An administrative boundary of the file, which may lie in it only in part."""

    relation_id: int
    level: int
    names: frozenset[str]
    label: str
    country: str | None
    lies_in: frozenset[str] = frozenset()


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
    outline: Polygon | None = None
    """Of its boundary, if the file holds the whole of it."""
    reach: Circle | None = None
    """Where there is no outline."""
    rivals: tuple[PlaceNode, ...] = ()
    """The places of the target's own rank that are near enough to take something from it, itself among them."""
    vague_names: frozenset[str] = frozenset()
    """Names in `addr:city` that decide nothing: those of quarters, and of the town that an ordered quarter is in."""
    label: str = ""
    country: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the file itself tells where the place is; else only addresses can."""
        return self.target is not None or self.outline is not None

    @property
    def town(self) -> str | None:
        """What an object inside may be said to lie in; a quarter is no town."""
        return self.target.label if self.target is not None and not self.target.is_quarter else None

    @property
    def on_map(self) -> SearchArea | None:
        """None where nothing is known to lie in it."""
        shape = self.outline or self.reach
        if shape is None:
            return None
        return SearchArea(
            label=f"{self.label}, {self.country}" if self.country else self.label,
            bounds=shape.bounds,
            circle=self.reach,
            polygon=self.outline,
            country=self.country,
        )

    def contains(self, tags: Mapping[str, str], point: Point | None) -> bool:
        """Whether an object is inside, by those of its tags that `ADDRESS_KEYS` names, and its centre."""
        if point is not None and self._is_beyond(point):
            return False
        city = city_of(tags)
        if city and fold(city) in self.names:
            return True
        if city and fold(city) not in self.vague_names:
            return False
        is_quarter = self.target is not None and self.target.is_quarter
        if is_quarter and (quarter := tags.get("addr:suburb") or tags.get("addr:neighbourhood")):
            return fold(quarter) in self.names
        return point is not None and (self.outline is not None or self._is_nearest(point))

    def _is_beyond(self, point: Point) -> bool:
        if self.outline is not None:
            return not self.outline.contains(point)
        return self.reach is not None and not self.reach.contains(point)

    def _is_nearest(self, point: Point) -> bool:
        if self.target is None:
            return False
        nearest = min(self.rivals, key=lambda rival: _radii(point, rival))
        return nearest is self.target and _radii(point, nearest) <= _reach_radii(self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenArea:
    """A box or a circle: strictly what lies in it, and what lies nowhere is not in it."""

    on_map: SearchArea
    town: None = None

    @property
    def country(self) -> str | None:
        return self.on_map.country

    def contains(self, _tags: Mapping[str, str], point: Point | None) -> bool:
        return point is not None and self.on_map.contains(point)


def _radii(point: Point, place: PlaceNode) -> float:
    return rough_distance_m(point, place.point) / 1000 / place.radius_km


def _reach_radii(place: PlaceNode) -> float:
    return QUARTER_REACH if place.is_quarter else SETTLEMENT_REACH


def place_node_from_tags(tags: Mapping[str, str], point: Point) -> PlaceNode:
    """A node with `place` and `name`."""
    return PlaceNode(
        kind=tags["place"],
        names=place_names(tags),
        label=tags["name"],
        point=point,
        country=country_of(tags),
        lies_in=_regions(tags),
    )


def boundary_from_tags(relation_id: int, tags: Mapping[str, str]) -> Boundary:
    """A relation with `boundary=administrative` and `name`."""
    level = tags.get("admin_level", "")
    return Boundary(
        relation_id=relation_id,
        level=int(level) if level.isascii() and level.isdigit() else 99,
        names=place_names(tags),
        label=tags["name"],
        country=country_of(tags),
        lies_in=_regions(tags),
    )


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


def _regions(tags: Mapping[str, str]) -> frozenset[str]:
    """`is_in=Utah, USA` and the like, folded."""
    values = [value for key, value in tags.items() if key.startswith(("is_in", "addr:country", "addr:state"))]
    values.append(country_of(tags) or "")
    return frozenset(fold(part) for value in values for part in value.replace(";", ",").split(",") if part)


def spellings(place: NamedPlace) -> tuple[str, ...]:
    """The names that an ordered place may be filed under: the name, or all of it for one that has a comma."""
    whole = f"{place.name} {place.within}" if place.within else place.name
    return tuple(dict.fromkeys(name for name in map(fold, (whole, place.name)) if name))


Named = TypeVar("Named", PlaceNode, Boundary)
ShapesOf = Callable[[Iterable[Boundary]], Mapping[int, Polygon]]
"""Boundaries -> by their relation's id, the shapes of those that lie wholly in the file."""


def area_of(place: NamedPlace, gazetteer: Gazetteer, shapes_of: ShapesOf) -> Area:
    """The area that an ordered place means."""
    names = spellings(place)
    nodes: Sequence[PlaceNode] = [node for name in names for node in gazetteer.nodes_named(name)]
    boundaries: Sequence[Boundary] = [b for name in names for b in gazetteer.boundaries_named(name)]
    if place.within and len(nodes) > 1:
        nodes = _nodes_within(place.within, nodes, gazetteer, shapes_of)
    if place.within and len(boundaries) > 1:
        boundaries = _lying_in(fold(place.within), boundaries) or boundaries
    target = nodes[0] if nodes else None
    shapes = shapes_of(boundaries)
    whole = [b for b in boundaries if b.relation_id in shapes]
    around = [b for b in whole if target is not None and shapes[b.relation_id].contains(target.point)]
    if not around and len(nodes) < 2:
        around = whole
    polygon = shapes[around[0].relation_id] if around else None
    kin = (target.names if target else frozenset()) | (boundaries[0].names if boundaries else frozenset())
    label = target.label if target else boundaries[0].label if boundaries else place.name
    country = (target.country if target else None) or next((b.country for b in around if b.country), None)
    return Area(
        names=frozenset(names) | kin,
        target=target,
        outline=polygon,
        reach=target.reach if target and not polygon else None,
        rivals=_rivals(target, gazetteer) if target else (),
        vague_names=frozenset(name for n in gazetteer.nodes if n.is_quarter for name in n.names)
        | _town_names(target, gazetteer),
        label=label,
        country=country or gazetteer.country(),
    )


def reach_of_addresses(points: Iterable[Point]) -> Circle | None:
    """Where the town lies that only addresses name: around the middle one of those that name it."""
    points = list(points)
    if not points:
        return None
    latitudes, longitudes = zip(*points, strict=True)
    return Circle(centre=(median(latitudes), median(longitudes)), radius_m=ADDRESS_REACH_M)


def _nodes_within(
    region: str, nodes: Sequence[PlaceNode], gazetteer: Gazetteer, shapes_of: ShapesOf
) -> Sequence[PlaceNode]:
    """Those of the nodes that lie in a country or region; all of them where the file does not tell."""
    if told := _lying_in(fold(region), nodes):
        return told
    shapes = shapes_of(gazetteer.boundaries_named(fold(region))).values()
    return [node for node in nodes if any(shape.contains(node.point) for shape in shapes)] or nodes


def _lying_in(region: str, places: Iterable[Named]) -> list[Named]:
    return [place for place in places if region in place.lies_in]


def _rivals(target: PlaceNode, gazetteer: Gazetteer) -> tuple[PlaceNode, ...]:
    """Two places so far apart that their reaches do not touch take nothing from each other."""
    reach = _reach_radii(target)
    return tuple(
        node
        for node in gazetteer.nodes
        if node.is_quarter == target.is_quarter
        and rough_distance_m(node.point, target.point) <= 1100 * reach * (node.radius_km + target.radius_km)
    )


def _town_names(target: PlaceNode | None, gazetteer: Gazetteer) -> frozenset[str]:
    """The names of the town that a quarter lies in."""
    towns = [node for node in gazetteer.nodes if not node.is_quarter]
    if target is None or not target.is_quarter or not towns:
        return frozenset()
    return min(towns, key=lambda town: _radii(target.point, town)).names
