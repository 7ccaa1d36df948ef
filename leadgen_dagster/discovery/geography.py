"""Distances and areas on the map, as far as a town needs them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, hypot, radians

METRES_PER_DEGREE = 111_320
ROW_DEGREES = 0.002
"""About 220 m from south to north."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on the map, in degrees (WGS 84); none crosses the 180th meridian."""

    south: float
    west: float
    north: float
    east: float

    def contains(self, point: Point) -> bool:
        return self.south <= point[0] <= self.north and self.west <= point[1] <= self.east

    @property
    def centre(self) -> Point:
        return (self.south + self.north) / 2, (self.west + self.east) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """All that lies at most so far from a point."""

    centre: Point
    radius_m: float

    def contains(self, point: Point) -> bool:
        return rough_distance_m(self.centre, point) <= self.radius_m

    @property
    def bounds(self) -> Box:
        latitude, longitude = self.centre
        rows = self.radius_m / METRES_PER_DEGREE
        columns = rows / max(0.01, cos(radians(abs(latitude) + rows)))
        return Box(
            south=max(-90.0, latitude - rows),
            west=max(-180.0, longitude - columns),
            north=min(90.0, latitude + rows),
            east=min(180.0, longitude + columns),
        )


@dataclass(frozen=True)
class Polygon:
    """An area with holes."""

    outers: tuple[Ring, ...]
    inners: tuple[Ring, ...] = ()

    def contains(self, point: Point) -> bool:
        """Whether a line from the point to the east crosses the rings an odd number of times."""
        latitude, longitude = point
        crossed = sum(
            longitude < west + (latitude - south) / (north - south) * (east - west)
            for (south, west), (north, east) in self._edges_by_row.get(_row(latitude), ())
            if (south > latitude) != (north > latitude)
        )
        return crossed % 2 == 1

    def has_edge_near(self, box: Box) -> bool:
        """Whether the box around one of its edges meets that one: else that one lies wholly inside or outside."""
        return any(
            max(start[0], end[0]) >= box.south
            and min(start[0], end[0]) <= box.north
            and max(start[1], end[1]) >= box.west
            and min(start[1], end[1]) <= box.east
            for row in range(_row(box.south), _row(box.north) + 1)
            for start, end in self._edges_by_row.get(row, ())
        )

    @property
    def bounds(self) -> Box:
        latitudes, longitudes = zip(*(point for ring in self.outers for point in ring), strict=True)
        return Box(south=min(latitudes), west=min(longitudes), north=max(latitudes), east=max(longitudes))

    @cached_property
    def _edges_by_row(self) -> Mapping[int, Sequence[tuple[Point, Point]]]:
        """The edges that touch each row of the map: a town has thousands, and a point needs to look at a few."""
        rows: dict[int, list[tuple[Point, Point]]] = defaultdict(list)
        for ring in (*self.outers, *self.inners):
            for edge in zip(ring, [*ring[1:], ring[0]], strict=True):
                low, high = sorted((_row(edge[0][0]), _row(edge[1][0])))
                for row in range(low, high + 1):
                    rows[row].append(edge)
        return rows


def _row(latitude: float) -> int:
    return int(latitude // ROW_DEGREES)
