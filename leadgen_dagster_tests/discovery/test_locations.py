from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.geography import Box, Circle
from leadgen_dagster.discovery.locations import Location, NamedPlace, area_on_map, parse_location
from leadgen_dagster.errors import OrderError


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Leeds", NamedPlace(name="Leeds")),
        ("Newcastle, AU", NamedPlace(name="Newcastle", within="AU")),
        ("Portland, Oregon, US", NamedPlace(name="Portland", within="Oregon, US")),
        ("Villingen-Schwenningen,", NamedPlace(name="Villingen-Schwenningen")),
        ("60.16,24.92,60.18,24.97", Box(south=60.16, west=24.92, north=60.18, east=24.97)),
        (" -33.9, 151.1, -33.8, 151.3 ", Box(south=-33.9, west=151.1, north=-33.8, east=151.3)),
        ("60.17,24.94 1.5km", Circle(centre=(60.17, 24.94), radius_m=1_500)),
        ("60.17, 24.94 800 m", Circle(centre=(60.17, 24.94), radius_m=800)),
        ("6th of October City", NamedPlace(name="6th of October City")),
    ],
)
def test_a_location_is_a_name_a_box_or_a_point_with_a_radius(text: str, meant: Location) -> None:
    assert parse_location(text) == meant


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("60.18,24.92,60.16,24.97", "the smaller numbers first"),
        ("60.16,24.92", "give a town"),
        ("60.17 24.94 1km", "give a town"),
        ("60.16,24.92,60.18", "give a town"),
        ("95,24.92,96,24.97", "a latitude is -90 to 90"),
        ("10,20,50,60", "3 degrees high and wide at most"),
        ("60.17,24.94 0km", "a radius is more than 0"),
        ("60.17,24.94 500km", "at most 100 km"),
        (", FI", "give a town"),
    ],
)
def test_a_place_that_cannot_be_is_refused_in_one_line(text: str, allowed: str) -> None:
    with pytest.raises(OrderError, match=allowed) as caught:
        parse_location(text)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=60) | st.from_regex(r"[-+0-9., ]{1,30}( ?k?m)?", fullmatch=True))
def test_any_text_is_understood_or_refused_in_one_line(text: str) -> None:
    with suppress(OrderError):
        assert isinstance(parse_location(text), NamedPlace | Box | Circle)


def test_the_area_of_a_circle_is_not_its_box() -> None:
    area = area_on_map(Circle(centre=(60.17, 24.94), radius_m=1_000), "here")
    corner = (area.bounds.north, area.bounds.east)
    assert area.contains((60.17, 24.94))
    assert area.bounds.contains(corner)
    assert not area.contains(corner)
