"""Which part of the world a place name means, asked of Overpass.

Three questions at most: who has the name, which countries and regions those lie in, and what shape the chosen one has.

1. Boundaries and place nodes of that name, each with the box around it. What is wider than a local market is none.
2. A boundary and the nodes and boundaries of its name within it are one place. Of its boundaries the town's is taken
   (level 8 before the county's and the state's; one above 8 where a node says that it is a town or a village), then
   a town's node with its usual radius, then a quarter.
3. Of several places those are left that lie within what was ordered behind the comma. Of several still, the one that
   has ten times the people of the next, then the only one in the agency's own country; else the person has to say.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from leadgen_dagster.discovery.geography import Box, Circle, Point
from leadgen_dagster.discovery.locations import MAX_BOX_DEGREES, NamedPlace, SearchArea
from leadgen_dagster.discovery.sources.base import PlaceApi
from leadgen_dagster.discovery.sources.osm_area import (
    QUARTERS_KM,
    SETTLEMENTS_KM,
    country_of,
    place_names,
)
from leadgen_dagster.discovery.sources.overpass_query import (
    AREA_OF_RELATION,
    ask,
    box_of,
    degrees,
    point_of,
    quoted,
    tags_of,
)
from leadgen_dagster.discovery.sources.overpass_shape import polygon_of
from leadgen_dagster.discovery.words import clean_line, fold
from leadgen_dagster.errors import OrderError

NAME_KEYS = ("name", "name:en", "int_name", "alt_name", "official_name")
RADII_KM = SETTLEMENTS_KM | QUARTERS_KM
USUAL_POPULATION = {"city": 50_000, "town": 5_000, "municipality": 5_000, "village": 500}
"""Where a place names none; quarters and hamlets have hardly any of their own."""
TOWN_LEVEL = 8
"""`admin_level` of towns and municipalities in most countries; above it are quarters. Also of statistical places."""
COUNTRY_LEVEL = 2
STATE_LEVEL = 4
DOMINATES = 10
MAX_COMPARED = 40
"""The largest places of a name; each is looked up."""
MAX_SHOWN = 5
MAX_NAME = 200
SMALL_WORDS = frozenset(
    {"am", "an", "by", "de", "der", "en", "im", "in", "la", "le", "of", "on", "super", "sur", "the"}
    | {"under", "upon"}
)
SHORT_COUNTRIES = {"uk": "gb", "usa": "us"}
"""What one says for a country that is neither its code nor its name."""
ADVICE = "check the spelling, or give a box as south,west,north,east or a point with a radius, e.g. `60.17,24.94 1.5km`"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArea:
    """What a place name means."""

    area: SearchArea
    area_id: int | None = None
    """What Overpass knows the inside of its boundary by."""
    town: str | None = None
    """What an address inside may be said to lie in; None for quarters and counties."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A boundary or a place node that has the name."""

    tags: Mapping[str, str]
    bounds: Box
    circle: Circle | None = None
    """Of a node: as far as a place of its kind usually reaches."""
    relation_id: int = 0
    """Of a boundary."""

    @property
    def point(self) -> Point:
        return self.circle.centre if self.circle else self.bounds.centre

    @property
    def level(self) -> int:
        """Of a boundary."""
        level = self.tags.get("admin_level", "")
        usual = TOWN_LEVEL + (self.tags.get("place") in QUARTERS_KM)
        return int(level) if re.fullmatch(r"[0-9]{1,2}", level) else usual

    @property
    def is_settlement(self) -> bool:
        """Whether it is the node of a city, a town or a village."""
        return self.circle is not None and self.tags["place"] in SETTLEMENTS_KM

    @property
    def is_too_wide(self) -> bool:
        box = self.bounds
        return max(box.north - box.south, box.east - box.west) > MAX_BOX_DEGREES

    @property
    def population(self) -> int:
        digits = re.sub(r"[\s,.']", "", self.tags.get("population", ""))
        return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A country, a state or a county that a place lies in."""

    level: int
    label: str
    words: frozenset[str]
    """Its names in all languages and its ISO 3166 codes, folded."""
    country: str | None


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """One place, by all that the map has of it."""

    spots: tuple[Spot, ...]
    regions: tuple[Region, ...] = ()
    """The widest first."""

    @cached_property
    def spot(self) -> Spot:
        """What of it one calls the town."""
        return min(self.spots, key=self._rank)

    def _rank(self, spot: Spot) -> tuple[int, float, int]:
        if spot.circle is not None:
            return 2 if spot.is_settlement else 4, -spot.circle.radius_m, 0
        if spot.level <= TOWN_LEVEL:
            return 0, -spot.level, spot.relation_id
        is_small_town = any(other.is_settlement and other.tags["place"] != "city" for other in self.spots)
        return 1 if is_small_town else 3, spot.level, spot.relation_id

    @property
    def is_town(self) -> bool:
        spot = self.spot
        is_municipality = spot.circle is None and spot.level in (TOWN_LEVEL - 1, TOWN_LEVEL)
        return is_municipality or any(other.is_settlement for other in self.spots)

    @cached_property
    def point(self) -> Point:
        """In its middle, on land where a node says so; a harbour town's box may have its own out at sea."""
        return next((spot.point for spot in self.spots if spot.is_settlement), self.spot.point)

    @cached_property
    def population(self) -> int:
        known = max(spot.population for spot in self.spots)
        usual = (USUAL_POPULATION.get(spot.tags.get("place", ""), 1) for spot in self.spots)
        return known or max(usual)

    @cached_property
    def country(self) -> str | None:
        named = (region.country for region in self.regions if region.level == COUNTRY_LEVEL)
        return next(filter(None, named), None) or country_of(self.spot.tags)

    def lies_within(self, stated: str) -> bool:
        """Whether every part of `Oregon, US` is the country, a region or a code of one."""
        words = {word for region in self.regions for word in region.words} | {(self.country or "").lower()}
        parts = [fold(part) for part in stated.split(",")]
        return all(SHORT_COUNTRIES.get(part, part) in words for part in parts if part)


def find_area(api: PlaceApi, place: NamedPlace, *, home_country: str | None = None) -> FoundArea:
    """The area that a place name means.

    Args:
        api: the way to Overpass.
        place: as ordered.
        home_country: ISO 3166-1 alpha-2, of the agency: decides between places that are alike else.

    Raises:
        OrderError: no place has the name, or several have it; names them as one can order them.
        SourceError: the server could not answer.
        BudgetExceededError: the order's budget has no room for a call.
    """
    spots = [spot for spot in map(_spot, ask(api, named_query(place.name))["elements"]) if spot is not None]
    if not spots:
        raise OrderError("location", place.name, f"OpenStreetMap has no place of that name; {ADVICE}")
    local = [spot for spot in spots if not spot.is_too_wide]
    too_wide = f"it is wider than {MAX_BOX_DEGREES:g} degrees; name a town in it, or a box"
    if not local:
        raise OrderError("location", place.name, too_wide)
    largest = sorted(_grouped(local), key=lambda found: -found.population)[:MAX_COMPARED]
    settlements = _located(api, largest)
    chosen, notes = _choose(place, settlements, home_country)
    is_region = any(spot.is_too_wide and spot.level <= STATE_LEVEL for spot in spots)
    if is_region and place.within is None and chosen.population < USUAL_POPULATION["city"]:
        # Who says Georgia does not mean the village of the name, who says New York may mean the city.
        others = _listed(_labels(place.name, settlements))
        raise OrderError("location", place.name, f"{too_wide}; for a town of that name say {others}")
    return _area(api, chosen, notes)


# -------------------------------------------------------------------------------- who has the name


def named_query(name: str) -> str:
    """Asks for every boundary and place of a name, by exact equality: that alone can use the server's index.

    Raises:
        OrderError: no name, or one of hundreds of letters.
    """
    text = clean_line(name)
    if not text or len(text) > MAX_NAME:
        raise OrderError("location", name, f"a name of 1 to {MAX_NAME} characters is needed")
    named = "".join(
        f"{kind}[{quoted(key)}={quoted(spelling)}];"
        for spelling in _spellings(text)
        for key in NAME_KEYS
        for kind in ("rel", "node")
    )
    kinds = quoted(f"^({'|'.join(RADII_KM)})$")
    boundaries = quoted("^(administrative|place|census)$")
    chosen = f'rel.named["boundary"~{boundaries}];rel.named["place"~{kinds}];node.named["place"~{kinds}];'
    return f"({named})->.named;({chosen});out tags bb;"


def _spellings(text: str) -> tuple[str, ...]:
    """As typed; and as on a map, for who types `stratford-upon-avon`."""
    if not (text.islower() or text.isupper()):
        return (text,)
    parts = re.split(r"([\s-]+)", text.lower())
    words = [
        part if index and part in SMALL_WORDS else part[:1].upper() + part[1:]
        for index, part in enumerate(parts)
    ]
    return tuple(dict.fromkeys((text, "".join(words))))


def _spot(element: object) -> Spot | None:
    """An element of the answer; None for one of another kind, or that says not where it is."""
    tags = tags_of(element) if isinstance(element, Mapping) else None
    if not isinstance(element, Mapping) or tags is None:
        return None
    if element.get("type") == "relation":
        bounds, relation_id = box_of(element.get("bounds")), element.get("id")
        if bounds is None or not isinstance(relation_id, int) or not tags.keys() & {"boundary", "place"}:
            return None
        return Spot(tags=tags, bounds=bounds, relation_id=relation_id)
    point, radius_km = point_of(element), RADII_KM.get(tags.get("place", ""))
    if element.get("type") != "node" or point is None or radius_km is None:
        return None
    circle = Circle(centre=point, radius_m=radius_km * 1_000)
    return Spot(tags=tags, bounds=circle.bounds, circle=circle)


def _grouped(spots: Iterable[Spot]) -> list[Settlement]:
    """The widest first, each joins the closest place that reaches around its middle."""
    groups: list[list[Spot]] = []
    for spot in sorted(spots, key=lambda spot: -_extent(spot.bounds)):
        around = [group for group in groups if any(other.bounds.contains(spot.point) for other in group)]
        if around:
            min(around, key=lambda group: _extent(group[-1].bounds)).append(spot)
        else:
            groups.append([spot])
    return [Settlement(spots=tuple(group)) for group in groups]


def _extent(box: Box) -> float:
    return (box.north - box.south) * (box.east - box.west)


# -------------------------------------------------------------------------------- where they lie


def _located(api: PlaceApi, settlements: Sequence[Settlement]) -> list[Settlement]:
    """Each with the countries and regions that it lies in."""
    statements = "".join(
        f'is_in({degrees(found.point)})->.a;area.a["boundary"="administrative"]["admin_level"];out tags;out count;'
        for found in settlements
    )
    around = _regions(ask(api, statements)["elements"], len(settlements))
    return [
        Settlement(spots=found.spots, regions=tuple(sorted(regions, key=lambda region: region.level)))
        for found, regions in zip(settlements, around, strict=True)
    ]


def _regions(elements: Iterable[Any], settlements: int) -> list[list[Region]]:
    """The answer's areas by settlement: each one's stand before a count."""
    found: list[list[Region]] = [[] for _ in range(settlements)]
    index = 0
    for element in elements:
        if not isinstance(element, Mapping):
            continue
        if element.get("type") == "count":
            index = min(index + 1, settlements - 1)
        elif element.get("type") == "area" and (region := _region(tags_of(element) or {})):
            found[index].append(region)
    return found


def _region(tags: Mapping[str, str]) -> Region | None:
    level, label = tags.get("admin_level", ""), clean_line(tags.get("name:en") or tags.get("name") or "")
    if not label or not re.fullmatch(r"[0-9]{1,2}", level):
        return None
    codes = [code for key, code in tags.items() if key.startswith("ISO3166")]
    of_states = [code.partition("-")[2] for code in codes]
    words = place_names(tags) | {fold(code) for code in (*codes, *of_states) if code}
    return Region(level=int(level), label=label, words=words, country=country_of(tags))


# -------------------------------------------------------------------------------- which one is meant


def _choose(
    place: NamedPlace, settlements: Sequence[Settlement], home_country: str | None
) -> tuple[Settlement, tuple[str, ...]]:
    """The one that is meant, with a note where others have the name too."""
    stated = [found for found in settlements if place.within is None or found.lies_within(place.within)]
    labels = dict(zip(map(id, settlements), _labels(place.name, settlements), strict=True))
    if not stated:
        told = f"none of the largest places of that name lies there; they are {_listed(labels.values())}"
        raise OrderError("location", f"{place.name}, {place.within}", told)
    chosen, *others = stated
    at_home = [found for found in stated if home_country and found.country == home_country]
    if others and chosen.population < DOMINATES * others[0].population:
        if len(at_home) != 1:
            told = _listed(labels[id(found)] for found in stated)
            raise OrderError("location", place.name, f"several places have that name; say which: {told}")
        chosen = at_home[0]
    rest = [labels[id(found)] for found in stated if found is not chosen]
    if not rest:
        return chosen, ()
    return chosen, (
        f"{place.name} was taken as {labels[id(chosen)]}; for another place of that name say {_listed(rest)}",
    )


def _listed(labels: Iterable[str]) -> str:
    """`Newcastle, AU`, `Newcastle, ZA` or others."""
    names = list(dict.fromkeys(labels))
    shown = [f"`{name}`" for name in names[:MAX_SHOWN]]
    return ", ".join(shown) + (f" (and {len(names) - MAX_SHOWN} more)" if len(names) > MAX_SHOWN else "")


def _labels(name: str, settlements: Sequence[Settlement]) -> Iterator[str]:
    """What to order each by: its country where no other of them is there, else the widest region of its own."""
    for found in settlements:
        rivals = [other for other in settlements if other is not found and other.country == found.country]
        if found.country and not rivals:
            yield f"{name}, {found.country}"
            continue
        taken = {region.label for other in rivals for region in other.regions} | {name}
        own = (region.label for region in found.regions if region.level > COUNTRY_LEVEL)
        telling = next((label for label in own if label not in taken and "," not in label), None)
        latitude, longitude = found.point
        yield f"{name}, {telling}" if telling else f"{latitude:.4f},{longitude:.4f} 3km"


# -------------------------------------------------------------------------------- its shape


def _area(api: PlaceApi, chosen: Settlement, notes: tuple[str, ...]) -> FoundArea:
    spot, country = chosen.spot, chosen.country
    name = clean_line(spot.tags.get("name", "")) or clean_line(spot.tags.get("name:en", ""))
    label = f"{name}, {country}" if country else name
    town = name if chosen.is_town else None
    if spot.circle is not None:
        reach = f"{label}: the map has no boundary of it; searched within {spot.circle.radius_m / 1_000:g} km"
        area = SearchArea(label=label, bounds=spot.bounds, circle=spot.circle, country=country)
        return FoundArea(area=area, town=town, notes=(*notes, reach))
    shapes = map(polygon_of, ask(api, f"rel({spot.relation_id});out geom;")["elements"])
    polygon = next(filter(None, shapes), None)
    if polygon is None:
        open_line = f"{label}: its boundary is not closed on the map; searched in the box around it"
        area = SearchArea(label=label, bounds=spot.bounds, country=country)
        return FoundArea(area=area, town=town, notes=(*notes, open_line))
    area = SearchArea(label=label, bounds=polygon.bounds, polygon=polygon, country=country)
    return FoundArea(area=area, area_id=AREA_OF_RELATION + spot.relation_id, town=town, notes=notes)
