"""Distances and areas on the map, as far as a town needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

METRES_PER_DEGREE = 111_320

Point = tuple[float, float]
"""Latitude, longitude."""
Ring = Sequence[Point]


def rough_distance_m(one: Point, other: Point) -> float:
    """The distance on a flat map: right to a percent within a town."""
    shrink = cos(radians((one[0] + other[0]) / 2))
    return hypot(one[0] - other[0], (one[1] - other[1]) * shrink) * METRES_PER_DEGREE


def cell(point: Point, size_m: float) -> tuple[int, int]:
    """The square of a grid of about that size that a point lies in."""
    degrees = size_m / METRES_PER_DEGREE
    row = int(point[0] // degrees)
    shrink = max(0.01, cos(radians(row * degrees)))
    return row, int(point[1] * shrink // degrees)


@dataclass(frozen=True, slots=True)
class Polygon:
    """An area with holes."""

    outers: tuple[Ring, ...]
    inners: tuple[Ring, ...] = ()

    def contains(self, point: Point) -> bool:
        return any(_in_ring(point, ring) for ring in self.outers) and not any(
            _in_ring(point, ring) for ring in self.inners
        )


def _in_ring(point: Point, ring: Ring) -> bool:
    """Whether a line from the point to the east crosses the ring an odd number of times."""
    lat, lon = point
    inside = False
    previous = ring[-1]
    for current in ring:
        if (current[0] > lat) != (previous[0] > lat):
            share = (lat - current[0]) / (previous[0] - current[0])
            if lon < current[1] + share * (previous[1] - current[1]):
                inside = not inside
        previous = current
    return inside
