"""The place that an order names: a town by name, a box on the map, or a point with a radius."""

import re
from dataclasses import dataclass

from leadgen_dagster.discovery.geography import Box, Circle, Point, Polygon
from leadgen_dagster.errors import OrderError

MAX_RADIUS_M = 100_000
MAX_BOX_DEGREES = 3.0
"""About 330 km from south to north: more is no local market."""

_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_NUMBERS = re.compile(rf"\s*{_NUMBER}(?:\s*,\s*{_NUMBER})+|\s*[+-]?\d{{1,3}}\.\d+\s")
_BOX = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*,\s*({_NUMBER})\s*,\s*({_NUMBER})\s*")
_AROUND = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s+(\d+(?:\.\d+)?)\s*(km|m)\s*", re.IGNORECASE)
_ALLOWED = (
    "give a town, e.g. Leeds or `Newcastle, AU`; a box as south,west,north,east, e.g. 60.16,24.92,60.18,24.97; "
    "or a point with a radius, e.g. `60.17,24.94 1.5km`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A town, a quarter or a region by its name."""

    name: str
    within: str | None = None
    """What stands behind the comma: a country by name or ISO 3166 code, or a region."""


Location = NamedPlace | Box | Circle


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchArea:
    """The part of the map that a location means, once a source knows."""

    label: str
    """As a person would call it, e.g. `Leeds, GB`."""
    bounds: Box
    """All of the area lies in it."""
    circle: Circle | None = None
    polygon: Polygon | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""

    def contains(self, point: Point) -> bool:
        shape = self.polygon or self.circle
        return self.bounds.contains(point) and (shape is None or shape.contains(point))


def parse_location(text: str) -> Location:
    """What an ordered location means.

    Raises:
        OrderError: numbers that are no place on Earth, or no area of a local market.
    """
    if found := _BOX.fullmatch(text):
        south, west, north, east = map(float, found.groups())
        _check_point(text, (south, west), (north, east))
        if not (south < north and west < east):
            raise OrderError("location", text, "a box is south,west,north,east, the smaller numbers first")
        if max(north - south, east - west) > MAX_BOX_DEGREES:
            raise OrderError(
                "location", text, f"a box may be {MAX_BOX_DEGREES:g} degrees high and wide at most"
            )
        return Box(south=south, west=west, north=north, east=east)
    if found := _AROUND.fullmatch(text):
        point = float(found[1]), float(found[2])
        radius_m = float(found[3]) * (1_000 if found[4].lower() == "km" else 1)
        _check_point(text, point)
        if not 0 < radius_m <= MAX_RADIUS_M:
            raise OrderError(
                "location", text, f"a radius is more than 0 and at most {MAX_RADIUS_M // 1000} km"
            )
        return Circle(centre=point, radius_m=radius_m)
    if _NUMBERS.match(text):
        raise OrderError("location", text, _ALLOWED)
    name, _, within = (part.strip() for part in text.partition(","))
    if not name:
        raise OrderError("location", text, _ALLOWED)
    return NamedPlace(name=name, within=within or None)


def area_on_map(location: Box | Circle, label: str) -> SearchArea:
    """The area of a location that needs no looking up."""
    if isinstance(location, Circle):
        return SearchArea(label=label, bounds=location.bounds, circle=location)
    return SearchArea(label=label, bounds=location)


def _check_point(text: str, *points: Point) -> None:
    if any(abs(latitude) > 90 or abs(longitude) > 180 for latitude, longitude in points):
        raise OrderError("location", text, "a latitude is -90 to 90, a longitude -180 to 180, latitude first")
