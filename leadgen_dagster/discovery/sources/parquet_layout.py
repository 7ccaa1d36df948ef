"""The columns of a kind of dataset, and where its records lie on the map."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from leadgen_dagster.discovery.geography import Box, Point
from leadgen_dagster.discovery.sources.parquet_footer import ValueRange

_WKB_POINT = 1
_WKB_FLAGS = 0x20000000  # a reference system follows the type (EWKB)

Record = Mapping[str, Any]
"""A row as Python values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corners:
    """The columns of a row's box on the map; for a point, the same column twice."""

    west: str
    east: str
    south: str
    north: str

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.west, self.east, self.south, self.north)))

    def may_hold(self, ranges: Mapping[str, ValueRange], box: Box, *, with_unplaced: bool) -> bool:
        """Whether a row group of such values may have a row in the box, or one without coordinates."""
        west, east, south, north = (
            ranges.get(name, ValueRange()) for name in (self.west, self.east, self.south, self.north)
        )
        if with_unplaced and (west.has_nulls or south.has_nulls):
            return True
        is_beyond = (
            _is_above(west, box.east)
            or _is_below(east, box.west)
            or _is_above(south, box.north)
            or _is_below(north, box.south)
        )
        return not is_beyond

    @property
    def is_point(self) -> bool:
        return self.west == self.east

    def middle_of(self, record: Record) -> Point | None:
        values = [_at(record, name) for name in (self.south, self.north, self.west, self.east)]
        if None in values:
            return None
        south, north, west, east = map(number_of, values)
        return (south + north) / 2, (west + east) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a kind of dataset, under the names of all its generations.

    A column is named by its path, `names.primary`; a star stands for whatever lists are between.
    """

    needed: Mapping[str, tuple[str, ...]]
    """What they say -> columns; one of them has to be there."""
    optional: tuple[str, ...]
    corners: tuple[Corners, ...]
    """The first that is there prunes and filters."""
    geometry: str
    """Well-known binary of a point."""

    @property
    def all(self) -> tuple[str, ...]:
        wanted = [name for names in self.needed.values() for name in names]
        corners = [name for corners in self.corners for name in corners.all]
        return (*wanted, *self.optional, *corners, self.geometry)

    def point_of(self, record: Record) -> Point | None:
        """Where a record lies, as exactly as it says it; None where it says nothing, off the Earth where it is wrong.

        Columns of a point go before the geometry, that before the middle of a box: boxes are often rounded to 32
        bits, a metre.
        """
        points = [c for c in self.corners if c.is_point]
        boxes = [c for c in self.corners if not c.is_point]
        said = [
            *(corners.middle_of(record) for corners in points),
            point_of_geometry(record.get(self.geometry)),
            *(corners.middle_of(record) for corners in boxes),
        ]
        given = [point for point in said if point is not None]
        return next(filter(is_on_earth, given), given[0] if given else None)


def is_on_earth(point: Point) -> bool:
    return abs(point[0]) <= 90 and abs(point[1]) <= 180


def point_of_geometry(value: object) -> Point | None:
    return None if value is None else point_of_wkb(value)


def point_of_wkb(value: object) -> Point:
    """Latitude and longitude of a point in well-known binary, of either byte order; NaN of anything else."""
    nowhere = (math.nan, math.nan)
    if not isinstance(value, bytes) or len(value) < 21 or value[0] > 1:
        return nowhere
    order = "<" if value[0] else ">"
    (kind,) = struct.unpack_from(f"{order}I", value, 1)
    start = 9 if kind & _WKB_FLAGS else 5
    if kind & 0xFF != _WKB_POINT or len(value) < start + 16:
        return nowhere
    longitude, latitude = struct.unpack_from(f"{order}2d", value, start)
    return latitude, longitude


def _is_above(values: ValueRange, limit: float) -> bool:
    return values.low is not None and values.low > limit


def _is_below(values: ValueRange, limit: float) -> bool:
    return values.high is not None and values.high < limit


def _at(record: Record, name: str) -> object:
    """A value by its path, through structs."""
    found: Any = record
    for part in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def number_of(value: object) -> float:
    """NaN for whatever is no number."""
    try:
        return float(value) if isinstance(value, int | float | str | Decimal) else math.nan
    except ValueError:
        return math.nan
