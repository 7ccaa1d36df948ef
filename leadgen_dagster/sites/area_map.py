"""The streets around a business as a small drawing: strokes in a box, no names, the business in the middle."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, dist, radians
from typing import ClassVar

from leadgen_dagster.discovery.geography import METRES_PER_DEGREE, Point
from leadgen_dagster.discovery.sources.osm_streets import Street, StreetKind

WIDTH, HEIGHT = 400, 250
"""The box, in units of the drawing."""
METRES_PER_UNIT = 1.125
REACH_M = WIDTH * METRES_PER_UNIT / 2
"""From the middle to the far edge: 225 m."""
MAX_BYTES = 5_000
"""Of all strokes; where a quarter has more, its shortest footpaths go first."""
MIN_STREETS = 3
"""Fewer are no map."""
MIN_PATH = 8
"""In units: a shorter piece of a footpath is a speck."""
TOLERANCE = 1.0
"""How far, in units, a stroke may run beside its street."""

XY = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMap:
    """Strokes by kind of street, as path data of SVG in whole units; empty where there is none of a kind."""

    main: str
    side: str
    paths: str
    origin: str = "record: osm"
    width: ClassVar[int] = WIDTH
    height: ClassVar[int] = HEIGHT
    credit: ClassVar[str] = "© OpenStreetMap"
    """What the licence of the data, ODbL 1.0, asks to stand beside it: openstreetmap.org/copyright."""
    credit_url: ClassVar[str] = "https://www.openstreetmap.org/copyright"


def draw_area(centre: Point, streets: Iterable[Street]) -> AreaMap | None:
    """The map around a point; None where too few streets are there for one.

    Args:
        streets: in any order, and as far away as they like: what is out of the box is cut off.
    """
    strokes: dict[StreetKind, set[tuple[XY, ...]]] = {kind: set() for kind in StreetKind}
    for street in streets:
        placed = [_placed(point, centre) for point in street.line]
        for part in _clipped(placed):
            stroke = _simplified([(round(x), round(y)) for x, y in part])
            if _length(stroke) >= (MIN_PATH if street.kind is StreetKind.PATH else 1):
                strokes[street.kind].add(tuple(stroke))
    if len(strokes[StreetKind.MAIN]) + len(strokes[StreetKind.SIDE]) < MIN_STREETS:
        return None
    paths = dict.fromkeys(StreetKind, "")
    left = MAX_BYTES
    for kind in StreetKind:
        for line in sorted(strokes[kind], key=lambda line: (-_length(line), line)):
            path = _path(line)
            if len(path) <= left:
                paths[kind] += path
                left -= len(path)
    return AreaMap(main=paths[StreetKind.MAIN], side=paths[StreetKind.SIDE], paths=paths[StreetKind.PATH])


def _placed(point: Point, centre: Point) -> XY:
    """In the box, from its upper left corner.

    The equidistant cylindrical projection, true along the parallel of the centre: J. P. Snyder, Map Projections,
    A Working Manual, US Geological Survey 1987, p. 90. Over half a kilometre it is as good as any.
    """
    east = (point[1] - centre[1]) * cos(radians(centre[0]))
    north = point[0] - centre[0]
    units = METRES_PER_DEGREE / METRES_PER_UNIT
    return WIDTH / 2 + east * units, HEIGHT / 2 - north * units


def _clipped(line: Sequence[XY]) -> Iterator[list[XY]]:
    """The parts of a line that lie in the box."""
    part: list[XY] = []
    for start, end in pairwise(line):
        inside = _inside(start, end)
        if part and (inside is None or inside[0] != part[-1]):
            yield part
            part = []
        if inside is not None:
            part.extend(inside[1:] if part else inside)
    if part:
        yield part


def _inside(start: XY, end: XY) -> tuple[XY, XY] | None:
    """The part of a straight line in the box, by the method of Liang and Barsky (ACM Trans. Graphics 3, 1984)."""
    (x, y), (right, down) = start, (end[0] - start[0], end[1] - start[1])
    enters, leaves = 0.0, 1.0
    for outward, room in ((-right, x), (right, WIDTH - x), (-down, y), (down, HEIGHT - y)):
        if outward == 0:
            if room < 0:
                return None
        elif outward < 0:
            enters = max(enters, room / outward)
        else:
            leaves = min(leaves, room / outward)
    if enters > leaves:
        return None
    return (
        start if enters == 0 else (x + right * enters, y + down * enters),
        end if leaves == 1 else (x + right * leaves, y + down * leaves),
    )


def _simplified(line: Sequence[XY]) -> list[XY]:
    """Without the points that hardly change it, by the method of Douglas and Peucker (Cartographica 10, 1973)."""
    keep, open_parts = {0, len(line) - 1}, [(0, len(line) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        between = range(first + 1, last)
        far = max(between, key=lambda at: _apart(line[at], line[first], line[last]), default=None)
        if far is not None and _apart(line[far], line[first], line[last]) > TOLERANCE:
            keep.add(far)
            open_parts += [(first, far), (far, last)]
    return [line[at] for at in sorted(keep)]


def _apart(point: XY, start: XY, end: XY) -> float:
    """From a point to the nearest of a straight line."""
    right, down = end[0] - start[0], end[1] - start[1]
    square = right * right + down * down
    if square == 0:
        return dist(point, start)
    share = ((point[0] - start[0]) * right + (point[1] - start[1]) * down) / square
    share = min(1.0, max(0.0, share))
    return dist(point, (start[0] + share * right, start[1] + share * down))


def _length(line: Sequence[XY]) -> float:
    return sum(dist(start, end) for start, end in pairwise(line))


def _path(line: Sequence[XY]) -> str:
    """`M10 20l5-3 7 8`: a start, and steps from there."""
    steps = " ".join(f"{end[0] - start[0]} {end[1] - start[1]}" for start, end in pairwise(line))
    return f"M{line[0][0]} {line[0][1]}l{steps}".replace(" -", "-")
