from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.geography import Box, Circle, Polygon
from leadgen_dagster.discovery.locations import SearchArea, area_on_map
from leadgen_dagster.discovery.sources.tiles import MIN_TILE_M, may_touch, most_tiles, quarters, sides_m

CITY = Box(south=60.0, west=24.7, north=60.3, east=25.2)
TINY = Box(south=60.17, west=24.94, north=60.1735, east=24.947)
POINTS = st.tuples(st.floats(59.9, 60.4), st.floats(24.6, 25.3))


def test_quarters_cover_a_tile_without_a_gap() -> None:
    south_west, south_east, north_west, north_east = quarters(CITY)
    assert (south_west.south, south_west.west) == (CITY.south, CITY.west)
    assert (north_east.north, north_east.east) == (CITY.north, CITY.east)
    assert south_west.north == south_east.north == north_west.south == north_east.south
    assert south_west.east == north_west.east == south_east.west == north_east.west


def test_a_tile_is_cut_until_it_is_as_small_as_a_block_of_houses() -> None:
    tile, cuts = CITY, 0
    while parts := quarters(tile):
        tile, cuts = parts[0], cuts + 1
    assert cuts == 7
    assert MIN_TILE_M <= max(sides_m(tile)) < 2 * MIN_TILE_M
    assert quarters(TINY) == ()
    assert (most_tiles(TINY), most_tiles(CITY)) == (1, sum(4**cut for cut in range(8)))


def test_a_strip_is_cut_in_two() -> None:
    strip = Box(south=60.0, west=24.0, north=60.01, east=25.0)
    assert [(part.west, part.east) for part in quarters(strip)] == [(24.0, 24.5), (24.5, 25.0)]


@pytest.mark.parametrize("latitude", [-89.9, -60.0, 0.0, 60.0, 89.9])
def test_tiles_anywhere_on_earth_can_be_cut(latitude: float) -> None:
    tile = Box(south=latitude - 0.1, west=24.0, north=latitude + 0.1, east=24.2)
    assert 1 <= most_tiles(tile) < 100_000


@given(
    st.one_of(
        st.builds(
            lambda centre, radius_m: Circle(centre=centre, radius_m=radius_m), POINTS, st.floats(50, 20_000)
        ),
        st.builds(lambda ring: Polygon((tuple(ring),)), st.lists(POINTS, min_size=3, max_size=8)),
    ),
    st.integers(0, 15),
)
def test_no_tile_with_a_part_of_the_area_in_it_is_passed_over(shape: Circle | Polygon, at: int) -> None:
    if isinstance(shape, Circle):
        area = area_on_map(shape, "here")
    else:
        area = SearchArea(label="here", bounds=shape.bounds, polygon=shape)
    tile = quarters(quarters(CITY)[at // 4])[at % 4]
    steps = [step / 8 for step in range(9)]
    inside = any(
        shape.contains(
            (
                tile.south + row * (tile.north - tile.south),
                tile.west + column * (tile.east - tile.west),
            )
        )
        for row, column in product(steps, steps)
    )
    assert may_touch(area, tile) or not inside
    if isinstance(shape, Circle) and not may_touch(area, tile):
        assert not tile.contains(shape.centre)
