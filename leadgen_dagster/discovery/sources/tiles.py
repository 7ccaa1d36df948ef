"""Pieces of a search area: a service that shows only the first results of an area shows more of its quarters."""

from math import cos, radians

from leadgen_dagster.discovery.geography import METRES_PER_DEGREE, Box
from leadgen_dagster.discovery.locations import SearchArea

MIN_TILE_M = 250.0
"""A tile is not cut into smaller ones than this: what is still too crowded then is a tower, not a street."""


def sides_m(tile: Box) -> tuple[float, float]:
    """Height and width, the width where the tile is widest."""
    nearest_to_equator = 0.0 if tile.south <= 0 <= tile.north else min(abs(tile.south), abs(tile.north))
    width = (tile.east - tile.west) * METRES_PER_DEGREE * cos(radians(nearest_to_equator))
    return (tile.north - tile.south) * METRES_PER_DEGREE, width


def quarters(tile: Box) -> tuple[Box, ...]:
    """South-west, south-east, north-west, north-east; none where they would be smaller than `MIN_TILE_M`.

    A tile much longer than wide is cut into two halves instead, so that no sliver is asked for.
    """
    height, width = sides_m(tile)
    if max(height, width) < 2 * MIN_TILE_M:
        return ()
    middle_latitude, middle_longitude = tile.centre
    rows = (
        [(tile.south, tile.north)] if width > 2 * height else _halves(tile.south, middle_latitude, tile.north)
    )
    columns = (
        [(tile.west, tile.east)] if height > 2 * width else _halves(tile.west, middle_longitude, tile.east)
    )
    return tuple(
        Box(south=south, west=west, north=north, east=east) for south, north in rows for west, east in columns
    )


def _halves(low: float, middle: float, high: float) -> list[tuple[float, float]]:
    return [(low, middle), (middle, high)]


def most_tiles(tile: Box) -> int:
    """How many there are if the tile is cut, and all of its parts, until none can be."""
    count = of_this_size = 1
    while parts := quarters(tile):
        of_this_size *= len(parts)
        count += of_this_size
        tile = max(parts, key=sides_m)
    return count


def may_touch(area: SearchArea, tile: Box) -> bool:
    """Whether a part of the area may lie in the tile; never False where one does."""
    if area.circle is not None:
        latitude, longitude = area.circle.centre
        nearest = (
            min(max(latitude, tile.south), tile.north),
            min(max(longitude, tile.west), tile.east),
        )
        return area.circle.contains(nearest)
    if area.polygon is not None:
        return area.polygon.has_edge_near(tile) or area.polygon.contains(tile.centre)
    return True
