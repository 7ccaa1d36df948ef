"""The streets around given points, from an OpenStreetMap file: read as a stream once, what lies elsewhere let go."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import cos, radians
from pathlib import Path

from leadgen_dagster.discovery.geography import METRES_PER_DEGREE, Point
from leadgen_dagster.discovery.sources.osm import readable
from leadgen_dagster.discovery.sources.osm_blobs import NODE, WAY
from leadgen_dagster.discovery.sources.osm_file import OsmFile

CELL_DEGREES = 0.001
"""The side of a square of the grid by which streets are found: 111 m, less to the east."""

Cell = tuple[int, int]


class StreetKind(StrEnum):
    """How much traffic a street is for."""

    MAIN = "main"
    SIDE = "side"
    PATH = "path"
    """On foot or by bicycle, and the edge of a square."""


_KINDS: Mapping[str, StreetKind] = {
    **dict.fromkeys(("motorway", "trunk", "primary", "secondary", "tertiary"), StreetKind.MAIN),
    **dict.fromkeys(("residential", "unclassified", "living_street", "road", "service"), StreetKind.SIDE),
    **dict.fromkeys(("pedestrian", "busway"), StreetKind.SIDE),
    **dict.fromkeys(("footway", "path", "cycleway", "steps", "track", "bridleway"), StreetKind.PATH),
}
"""Value of `highway` -> kind; a slip road, such as `primary_link`, is of the kind of its road."""
_BESIDE = frozenset({"sidewalk", "crossing", "traffic_island", "driveway", "parking_aisle", "drive-through"})
"""What runs along a street or across it, or leads to one house: on a small map it is noise."""


@dataclass(frozen=True, slots=True)
class Street:
    """A stretch of a street, as it runs."""

    kind: StreetKind
    line: tuple[Point, ...]


class Streets:
    """Those streets that come near one of some points, found again by the point."""

    def __init__(self, points: Iterable[Point], reach_m: float) -> None:
        """Args: reach_m: how far from a point a street may be, to the north, south, east and west."""
        self._reach_degrees = reach_m / METRES_PER_DEGREE
        self._by_cell: dict[Cell, list[Street]] = {
            cell: [] for point in points for cell in self._cells_around(point)
        }

    def add(self, street: Street) -> None:
        """Keeps the parts of it that come near a point; how long that takes depends on its length alone."""
        part: list[Point] = []
        cells: set[Cell] = set()
        for start, end in pairwise(street.line):
            touched = self._by_cell.keys() & _cells_along(start, end)
            if touched:
                part.extend((end,) if part else (start, end))
                cells |= touched
            elif part:
                self._keep(street.kind, part, cells)
                part, cells = [], set()
        if part:
            self._keep(street.kind, part, cells)

    def near(self, point: Point) -> tuple[Street, ...]:
        """All that may lie within reach of one of the points, and some that lie a little further."""
        cells = (self._by_cell.get(cell, ()) for cell in self._cells_around(point))
        return tuple(dict.fromkeys(street for streets in cells for street in streets))

    def _keep(self, kind: StreetKind, part: list[Point], cells: set[Cell]) -> None:
        street = Street(kind, tuple(part))
        for cell in cells:
            self._by_cell[cell].append(street)

    def _cells_around(self, point: Point) -> Iterator[Cell]:
        """With a square to spare on each side, since a street is looked at in steps of a square."""
        latitude, longitude = point
        north = self._reach_degrees + CELL_DEGREES
        east = self._reach_degrees / max(0.01, cos(radians(latitude))) + CELL_DEGREES
        south_west = _cell((latitude - north, longitude - east))
        north_east = _cell((latitude + north, longitude + east))
        for row in range(south_west[0], north_east[0] + 1):
            yield from ((row, column) for column in range(south_west[1], north_east[1] + 1))


def read_streets(path: Path, label: str, streets: Streets) -> None:
    """Adds the streets of a file.

    Besides what is kept, osmium holds 16 bytes for each node of the file, as it does for the places.

    Args:
        path: an `.osm.pbf`.
        label: its name as the person knows it.

    Raises:
        FileError: the file is not there, or damaged.
    """
    with readable(path, label) as file:
        for street in _streets(file):
            streets.add(street)


def _streets(file: OsmFile) -> Iterator[Street]:
    from osmium import NodeLocationsForWays
    from osmium.filter import EntityFilter, KeyFilter
    from osmium.index import create_map
    from osmium.osm import WAY as WAYS

    store = NodeLocationsForWays(create_map("flex_mem"))
    store.ignore_errors()
    for chunk in file.chunks_of(NODE):
        for _none in file.nodes(store, EntityFilter(WAYS), chunk=chunk):
            pass
    for chunk in file.chunks_of(WAY):
        for item in file.ways(store, KeyFilter("highway"), chunk=chunk):
            if (kind := _kind(dict(item.tags))) is None:
                continue
            line: list[Point] = []
            for node in item.nodes:
                if node.location.valid():
                    line.append((node.lat, node.lon))
                else:  # beyond the edge of the extract
                    yield Street(kind, tuple(line))
                    line = []
            yield Street(kind, tuple(line))


def _kind(tags: Mapping[str, str]) -> StreetKind | None:
    """None for what is no street that one sees: under ground, inside a house, or beside another."""
    kind = _KINDS.get(tags["highway"].removesuffix("_link"))
    if kind is None or tags.get("tunnel", "no") != "no" or tags.get("indoor", "no") != "no":
        return None
    if not _BESIDE.isdisjoint((tags.get("footway"), tags.get("cycleway"), tags.get("service"))):
        return None
    return StreetKind.PATH if tags.get("area") == "yes" else kind


def _cell(point: Point) -> Cell:
    return int(point[0] // CELL_DEGREES), int(point[1] // CELL_DEGREES)


def _cells_along(start: Point, end: Point) -> set[Cell]:
    """The squares that a straight line lies in, but for corners that it only cuts."""
    north, east = end[0] - start[0], end[1] - start[1]
    steps = int(max(abs(north), abs(east)) / CELL_DEGREES) + 1
    return {
        _cell((start[0] + north * step / steps, start[1] + east * step / steps)) for step in range(steps + 1)
    }
