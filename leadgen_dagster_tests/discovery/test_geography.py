import math

from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.geography import Box, Circle, Polygon, rough_distance_m

OUTER = ((0.0, 0.0), (0.3, 1.1), (1.0, 1.0), (0.7, 0.5), (1.0, 0.0), (0.0, 0.0))
LAKE = ((0.2, 0.2), (0.2, 0.4), (0.4, 0.4), (0.4, 0.2))
ISLAND = ((0.25, 0.25), (0.25, 0.35), (0.35, 0.35), (0.35, 0.25))
TOWN = Polygon((OUTER, ISLAND), (LAKE,))


def winding(point: tuple[float, float], ring: tuple[tuple[float, float], ...]) -> bool:
    """The other way to tell: how often the ring goes around the point."""
    turned = 0.0
    for start, end in zip(ring, (*ring[1:], ring[0]), strict=True):
        one = math.atan2(start[0] - point[0], start[1] - point[1])
        other = math.atan2(end[0] - point[0], end[1] - point[1])
        turned += (other - one + math.pi) % (2 * math.pi) - math.pi
    return abs(turned) > math.pi


@given(st.floats(-0.1, 1.1), st.floats(-0.1, 1.2))
def test_a_point_is_inside_as_often_as_rings_go_around_it(latitude: float, longitude: float) -> None:
    point = (round(latitude, 3) + 0.000_1, round(longitude, 3) + 0.000_1)  # never on an edge's end
    expected = sum(winding(point, ring) for ring in (OUTER, LAKE, ISLAND)) % 2 == 1
    assert TOWN.contains(point) == expected


def test_an_island_in_a_lake_belongs_to_the_town() -> None:
    assert TOWN.contains((0.1, 0.3))
    assert not TOWN.contains((0.22, 0.3))
    assert TOWN.contains((0.3, 0.3))


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(50, 100_000), st.floats(0, 2 * math.pi))
def test_all_of_a_circle_lies_in_its_bounds(
    latitude: float, longitude: float, radius_m: float, angle: float
) -> None:
    circle = Circle(centre=(latitude, longitude), radius_m=radius_m)
    degrees = radius_m / 111_320
    point = (
        latitude + 0.999 * degrees * math.sin(angle),
        longitude + 0.999 * degrees * math.cos(angle) / math.cos(math.radians(latitude)),
    )
    if circle.contains(point) and abs(point[1]) <= 180:
        assert circle.bounds.contains(point)


def test_a_box_holds_its_edges_and_its_centre() -> None:
    box = Box(south=60.1, west=24.9, north=60.2, east=25.1)
    assert box.contains((60.1, 25.1))
    assert box.contains(box.centre)
    assert not box.contains((60.21, 25.0))
    assert round(rough_distance_m((60.1, 25.0), (60.2, 25.0))) == 11_132
