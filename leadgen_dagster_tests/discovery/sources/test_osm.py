from datetime import date
from pathlib import Path

import pytest

from leadgen_dagster.discovery.sources import HELSINKI
from leadgen_dagster.discovery.sources.base import Note, SourceAccess
from leadgen_dagster.discovery.sources.osm import OsmSource
from leadgen_dagster.errors import FileError, OrderError
from leadgen_dagster_tests.discovery.builders import places_of, request_for, write_pbf

DINER = {"amenity": "restaurant"}


def names(source: OsmSource, location: str, niche: str = "restaurants") -> set[str]:
    return {place.name for place in places_of(source, request_for(location, niche))}


@pytest.fixture
def two_towns(tmp_path: Path) -> OsmSource:
    """Aville, a city with a quarter, and Beck, a village eight kilometres to the east; a house drawn as a way."""
    nodes = [
        (1, 50.0, 10.0, {"place": "city", "name": "Aville", "name:fi": "Aala", "is_in:country_code": "DE"}),
        (2, 50.0, 10.11, {"place": "village", "name": "Beck"}),
        (3, 50.02, 10.03, {"place": "suburb", "name": "Nordend"}),
        (10, 50.001, 10.0, DINER | {"name": "Tagged", "addr:city": "AVILLE"}),
        (11, 50.001, 10.001, DINER | {"name": "Untagged"}),
        (12, 50.0, 10.111, DINER | {"name": "In Beck"}),
        (13, 50.001, 10.002, DINER | {"name": "Tagged elsewhere", "addr:city": "Cesar"}),
        (14, 50.0, 10.111, DINER | {"name": "Outpost", "addr:city": "Aala"}),
        (15, 50.0, 10.05, DINER | {"name": "Outskirts", "addr:city": "7"}),
        (16, 50.0201, 10.0301, DINER | {"name": "Up north", "addr:city": "Nordend"}),
        (17, 51.5, 10.0, DINER | {"name": "Far away"}),
        (18, 50.001, 10.003, DINER),
        (19, 50.001, 10.004, {"was:amenity": "restaurant", "name": "Gone"}),
        *((20 + n, 50.003 + n // 2 * 0.001, 10.0 + (n % 3 > 0) * 0.001, {}) for n in range(4)),
    ]
    ways = [
        (1, [20, 21, 22, 23, 20], {"building": "yes"} | DINER | {"name": "A whole house"}),
        (2, [20, 99], DINER | {"name": "Cut off"}),
    ]
    return OsmSource(SourceAccess(path=write_pbf(tmp_path / "two.osm.pbf", nodes, ways)))


def test_a_place_is_inside_by_its_address_or_by_lying_nearest_to_the_town(two_towns: OsmSource) -> None:
    assert names(two_towns, "Aville") == {
        "Tagged", "Untagged", "Outpost", "Outskirts", "Up north", "Gone", "A whole house", "Cut off",
    }  # fmt: skip
    assert names(two_towns, "Beck") == {"In Beck"}


@pytest.mark.parametrize("location", ["aala", "AVILLE", "Aville, Germany"])
def test_any_name_of_the_town_will_do(two_towns: OsmSource, location: str) -> None:
    assert names(two_towns, location) == names(two_towns, "Aville")


def test_a_quarter_may_be_ordered_too(two_towns: OsmSource) -> None:
    assert names(two_towns, "Nordend") == {"Up north"}


def test_a_town_known_by_addresses_alone_is_found_by_them(two_towns: OsmSource) -> None:
    assert names(two_towns, "Cesar") == {"Tagged elsewhere"}


def test_an_unknown_town_names_the_nearest_known(two_towns: OsmSource) -> None:
    with pytest.raises(OrderError, match=r"two\.osm\.pbf does not name it; the nearest it names are Beck, "):
        names(two_towns, "Bek")


@pytest.mark.parametrize("location", ["Aville", "Aville, Germany", "Aala", "Nordend", "Cesar"])
def test_it_is_ready_for_every_place_that_it_finds_something_in(two_towns: OsmSource, location: str) -> None:
    two_towns.check_ready(location)
    assert names(two_towns, location)


def test_a_town_that_only_addresses_without_a_firm_name_is_known_and_empty(tmp_path: Path) -> None:
    nodes = [(1, 50.0, 10.0, {"addr:city": "Dorf", "addr:housenumber": "1"})]
    source = OsmSource(SourceAccess(path=write_pbf(tmp_path / "d.osm.pbf", nodes)))
    source.check_ready("Dorf")
    assert names(source, "Dorf") == set()


def test_a_record_has_its_centre_its_id_its_day_the_town_and_its_country(two_towns: OsmSource) -> None:
    found = {place.name: place for place in places_of(two_towns, request_for("Aville"))}
    house = found["A whole house"]
    assert house.source_id == "way/1"
    assert house.latitude == pytest.approx(50.0035)
    assert house.longitude == pytest.approx(10.0005)
    assert house.last_edited == date(2026, 3, 4)
    assert (house.city, house.country) == ("Aville", "DE")
    assert found["Gone"].is_closed


def test_places_without_a_name_are_left_out_and_counted(two_towns: OsmSource) -> None:
    notes = [item.text for item in two_towns.places(request_for("Aville")) if isinstance(item, Note)]
    assert notes == ["two.osm.pbf: records left out for want of a name: 1"]


def test_a_boundary_that_lies_in_the_file_decides_before_the_nearest_town(tmp_path: Path) -> None:
    corners = [(50.0, 10.0), (50.0, 10.1), (50.1, 10.1), (50.1, 10.0)]
    nodes = [
        *((number, latitude, longitude, {}) for number, (latitude, longitude) in enumerate(corners, start=1)),
        (5, 50.05, 10.3, {"place": "city", "name": "Great Neighbour"}),
        (6, 50.09, 10.09, DINER | {"name": "Inside"}),
        (7, 50.09, 10.11, DINER | {"name": "Outside"}),
    ]
    ways: list[tuple[int, list[int], dict[str, str]]] = [(1, [1, 2, 3, 4, 1], {})]
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "8", "name": "Square"}
    path = write_pbf(tmp_path / "square.osm.pbf", nodes, ways, [(1, [("w", 1, "outer")], tags)])
    assert names(OsmSource(SourceAccess(path=path)), "Square") == {"Inside"}


def test_a_boundary_that_is_cut_off_is_said_to_be(tmp_path: Path) -> None:
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "8", "name": "Square"}
    nodes = [(6, 50.09, 10.09, DINER | {"name": "Inside"})]
    path = write_pbf(tmp_path / "cut.osm.pbf", nodes, (), [(1, [("w", 1, "outer")], tags)])
    with pytest.raises(OrderError, match=r"cut\.osm\.pbf holds only a part of its boundary"):
        OsmSource(SourceAccess(path=path)).check_ready("Square")


def test_a_house_drawn_as_a_relation_is_found(tmp_path: Path) -> None:
    nodes = [
        (1, 50.0, 10.0, {"place": "town", "name": "Aville"}),
        *((2 + n, 50.001 + n // 2 * 0.001, 10.0 + (n % 3 > 0) * 0.001, {}) for n in range(4)),
    ]
    tags = {"type": "multipolygon", "tourism": "hotel", "name": "Grand"}
    path = write_pbf(
        tmp_path / "r.osm.pbf", nodes, [(1, [2, 3, 4, 5, 2], {})], [(7, [("w", 1, "outer")], tags)]
    )
    (hotel,) = places_of(OsmSource(SourceAccess(path=path)), request_for("Aville", "hotels"))
    assert hotel.source_id == "relation/7"
    assert hotel.latitude == pytest.approx(50.0015)


def test_neighbours_of_other_trades_come_where_they_are_asked_for(two_towns: OsmSource) -> None:
    helsinki = OsmSource(SourceAccess(path=HELSINKI))
    alone = places_of(helsinki, request_for("Helsinki"))
    everybody = places_of(helsinki, request_for("Helsinki", with_neighbours=True))
    assert {place.source_id for place in alone} == {p.source_id for p in everybody if p.niche == "restaurant"}
    assert len(everybody) > 900


def test_the_real_extract_gives_all_its_named_restaurants_with_and_without_a_city() -> None:
    places = places_of(OsmSource(SourceAccess(path=HELSINKI)), request_for("Helsinki"))
    assert len(places) == 215
    assert sum("addr:city" not in place.tags for place in places) > 30
    assert {place.country for place in places} == {"FI"}
    assert {place.city for place in places} == {"Helsinki"}
    assert max(place.last_edited for place in places if place.last_edited).year == 2019
    assert places_of(OsmSource(SourceAccess(path=HELSINKI)), request_for("Helsingfors")) == places


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "missing", "folder"])
def test_a_damaged_file_is_one_line_that_names_it(tmp_path: Path, damage: str) -> None:
    content = bytearray(HELSINKI.read_bytes())
    content[100_000] ^= 0xFF
    damaged = {
        "cut": HELSINKI.read_bytes()[:200_000],
        "flipped": bytes(content),
        "empty": b"",
        "text": b"a,b\n" * 99,
    }
    path = tmp_path / "bad.osm.pbf"
    if damage == "folder":
        path.mkdir()
    elif damage in damaged:
        path.write_bytes(damaged[damage])
    with pytest.raises(FileError, match=r"^bad\.osm\.pbf: ") as caught:
        list(OsmSource(SourceAccess(path=path)).places(request_for("Helsinki")))
    assert "\n" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
