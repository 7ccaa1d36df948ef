"""A boundary's shape from the ways it is drawn with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from leadgen_dagster.discovery.geography import Point, Polygon, Ring
from leadgen_dagster.discovery.sources.overpass_query import point_of

OUTER_ROLES = ("outer", "")
"""Old relations name no role."""


def polygon_of(relation: Mapping[str, Any]) -> Polygon | None:
    """The area of a relation that was asked for with `out geom`; None where a line of it is missing or open."""
    members = relation.get("members")
    ways = [m for m in members if isinstance(m, dict)] if isinstance(members, list) else []
    outers = _rings(way for way in ways if way.get("type") == "way" and way.get("role") in OUTER_ROLES)
    inners = _rings(way for way in ways if way.get("type") == "way" and way.get("role") == "inner")
    return Polygon(outers, inners) if outers and inners is not None else None


def _rings(ways: Iterable[Mapping[str, Any]]) -> tuple[Ring, ...] | None:
    """Lines joined end to end, whichever way each of them runs."""
    lines = [_line(way) for way in ways]
    rest = [line for line in lines if line is not None]
    if len(rest) < len(lines):
        return None
    rings: list[Ring] = []
    ends: dict[Point, set[int]] = defaultdict(set)
    for index, line in enumerate(rest):
        ends[line[0]].add(index)
        ends[line[-1]].add(index)
    for index, first in enumerate(rest):
        if index not in ends[first[0]]:
            continue  # part of a ring already
        ring = _taken(index, first, ends)
        while ring[0] != ring[-1]:
            end = ring[-1]
            following = next(iter(ends[end]), None)
            if following is None:
                return None
            line = _taken(following, rest[following], ends)
            ring += line[1:] if line[0] == end else line[-2::-1]
        rings.append(tuple(ring))
    return tuple(rings)


def _taken(index: int, line: list[Point], ends: Mapping[Point, set[int]]) -> list[Point]:
    for end in (line[0], line[-1]):
        ends[end].discard(index)
    return list(line)


def _line(way: Mapping[str, Any]) -> list[Point] | None:
    geometry = way.get("geometry")
    points = [point_of(point) for point in geometry] if isinstance(geometry, list) else []
    known = [point for point in points if point is not None]
    return known if len(known) == len(points) > 1 else None
