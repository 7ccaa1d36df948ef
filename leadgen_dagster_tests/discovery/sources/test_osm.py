import gzip
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import osmium
import osmium.filter
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.locations import SearchArea
from leadgen_dagster.discovery.niches import find_niche
from leadgen_dagster.discovery.osm_tags import kind_tags
from leadgen_dagster.discovery.sources import HELSINKI, osm_file
from leadgen_dagster.discovery.sources.base import Note, SourceAccess
from leadgen_dagster.discovery.sources.osm import OsmSource
from leadgen_dagster.errors import FileError, OrderError
from leadgen_dagster_tests.discovery.builders import places_of, request_for, write_pbf

DINER = {"amenity": "restaurant"}
BOX = "60.165,24.937,60.172,24.948"
CIRCLE = "60.1711,24.9414 400m"


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
        (8, 50.09, 10.11, DINER | {"name": "Outside, whatever it says", "addr:city": "Square"}),
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


PLAIN = {
    "restaurants": (("amenity", "restaurant"),),
    "cafes": (("amenity", "cafe"),),
    "hairdressers": (("shop", "hairdresser"),),
    "hotels": (("tourism", "hotel"),),
    "pubs": (("amenity", "pub"),),
    "florists": (("shop", "florist"),),
    "opticians": (("shop", "optician"),),
}


@pytest.mark.parametrize("niche", PLAIN)
def test_a_box_holds_as_many_of_a_niche_as_a_count_by_plain_tags_finds_in_it(niche: str) -> None:
    south, west, north, east = map(float, BOX.split(","))
    wanted = set(PLAIN[niche])
    plain = {
        f"{kind}/{number}"
        for kind, number, tags, (latitude, longitude) in everything(HELSINKI)
        if wanted & set(tags.items())
        and tags.get("name")
        and south <= latitude <= north
        and west <= longitude <= east
    }
    places = places_of(OsmSource(SourceAccess(path=HELSINKI)), request_for(BOX, niche))
    others = {p.source_id for p in places if not wanted & set(p.tags.items())}
    assert {place.source_id for place in places if place.source_id not in others} - relations(places) == plain
    assert plain
    assert all(find_niche(niche)[0].matches(kind_tags(place.tags)) for place in places)


@cache
def everything(path: Path) -> list[tuple[str, int, dict[str, str], tuple[float, float]]]:
    """Kind, id, tags and centre of all nodes and ways with tags, read the plain way."""
    found = []
    for item in osmium.FileProcessor(path).with_locations().with_filter(osmium.filter.EmptyTagFilter()):
        nodes = [item] if item.is_node() else item.nodes if item.is_way() else ()
        points = [(node.lat, node.lon) for node in nodes if node.location.valid()]
        if points:
            low, high = map(min, zip(*points, strict=True)), map(max, zip(*points, strict=True))
            latitude, longitude = ((one + other) / 2 for one, other in zip(low, high, strict=True))
            kind = "node" if item.is_node() else "way"
            found.append((kind, item.id, dict(item.tags), (latitude, longitude)))
    return found


def relations(places: Iterable[Place]) -> set[str]:
    return {place.source_id for place in places if place.source_id.startswith("relation/")}


@pytest.mark.parametrize("location", [BOX, CIRCLE, "Helsinki", "Kluuvi"])
def test_the_area_is_told_first_and_nothing_lies_outside(location: str) -> None:
    first, *rest = OsmSource(SourceAccess(path=HELSINKI)).places(request_for(location))
    assert isinstance(first, SearchArea)
    places = [item for item in rest if isinstance(item, Place)]
    assert 30 < len(places) < 300
    assert all(
        first.contains((place.latitude, place.longitude))
        for place in places
        if place.latitude is not None and place.longitude is not None
    )


def test_in_a_box_a_house_counts_by_its_centre_and_a_record_without_coordinates_not_at_all(
    two_towns: OsmSource,
) -> None:
    assert names(two_towns, "50.0033,9.999,50.0038,10.002") == {"A whole house"}
    assert names(two_towns, "49,9,50.0034,10.0009") == {"Tagged", "Cut off"}
    assert "Cut off" in names(two_towns, "50,10 1km")


def test_a_town_of_the_same_name_far_away_takes_nothing_from_the_ordered_one(tmp_path: Path) -> None:
    nodes = [
        (1, 50.0, 10.0, {"place": "city", "name": "Aville", "is_in": "Utah, USA"}),
        (2, 52.0, 10.0, {"place": "town", "name": "Aville", "addr:country": "FR"}),
        (3, 50.01, 10.0, DINER | {"name": "Here", "addr:city": "Aville"}),
        (4, 52.01, 10.0, DINER | {"name": "There", "addr:city": "Aville"}),
        (5, 51.0, 10.0, DINER | {"name": "Nowhere", "addr:city": "Aville"}),
    ]
    source = OsmSource(SourceAccess(path=write_pbf(tmp_path / "a.osm.pbf", nodes)))
    assert names(source, "Aville") == names(source, "Aville, Utah") == {"Here"}
    assert names(source, "Aville, FR") == {"There"}


def test_a_region_of_the_file_tells_two_towns_of_a_name_apart(tmp_path: Path) -> None:
    corners = [(52.0, 9.0), (52.0, 11.0), (53.0, 11.0), (53.0, 9.0)]
    nodes = [
        *((number, latitude, longitude, {}) for number, (latitude, longitude) in enumerate(corners, start=1)),
        (5, 50.0, 10.0, {"place": "city", "name": "Aville"}),
        (6, 52.5, 10.0, {"place": "village", "name": "Aville"}),
        (7, 50.01, 10.0, DINER | {"name": "South"}),
        (8, 52.51, 10.0, DINER | {"name": "North"}),
    ]
    ways: list[tuple[int, list[int], dict[str, str]]] = [(1, [1, 2, 3, 4, 1], {})]
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "4", "name": "Northland"}
    path = write_pbf(tmp_path / "two.osm.pbf", nodes, ways, [(1, [("w", 1, "outer")], tags)])
    source = OsmSource(SourceAccess(path=path))
    assert names(source, "Aville") == names(source, "Aville, Atlantis") == {"South"}
    assert names(source, "Aville, Northland") == {"North"}


def test_a_town_of_the_name_in_another_country_is_not_given_instead() -> None:
    with pytest.raises(OrderError, match="knows the one in FI alone"):
        OsmSource(SourceAccess()).check_ready("Helsinki, Sweden")


def test_a_box_that_the_file_does_not_cover_is_refused_before_an_order_stands() -> None:
    helsinki = OsmSource(SourceAccess(path=HELSINKI))
    helsinki.check_ready(BOX)
    helsinki.check_ready(CIRCLE)
    with pytest.raises(OrderError, match=r"covers 60\.1642,24\.9352,60\.1791,24\.9534 and nothing of it"):
        helsinki.check_ready("50,9,51,10")


def test_a_file_in_any_order_gives_the_same(tmp_path: Path) -> None:
    nodes = [
        (9, 50.0, 10.0, {"place": "town", "name": "Aville"}),
        *((8 - n, 50.001 + n // 2 * 0.001, 10.0 + (n % 3 > 0) * 0.001, {}) for n in range(4)),
    ]
    ways = [(1, [8, 7, 6, 5, 8], DINER | {"name": "House"})]
    (house,) = places_of(
        OsmSource(SourceAccess(path=write_pbf(tmp_path / "u.osm.pbf", nodes, ways))), request_for("Aville")
    )
    assert house.latitude == pytest.approx(50.0015)


def test_a_file_of_many_chunks_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = places_of(OsmSource(SourceAccess(path=HELSINKI)), request_for("Helsinki", with_neighbours=True))
    monkeypatch.setattr(osm_file, "CHUNK_BYTES", 1)
    assert whole == places_of(
        OsmSource(SourceAccess(path=HELSINKI)), request_for("Helsinki", with_neighbours=True)
    )


def test_an_edit_of_the_future_or_of_1970_is_no_edit(tmp_path: Path) -> None:
    path = write_pbf(tmp_path / "t.osm.pbf", [(1, 50.0, 10.0, DINER | {"name": "A"})])
    request = replace(request_for("50,10 1km"), ordered_on=date(2026, 3, 3))
    (place,) = places_of(OsmSource(SourceAccess(path=path)), request)
    assert place.last_edited is None


DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut": (lambda b: b[:200_000], "cut off at byte 200000, in the blob of byte 179215"),
    "cut between blobs": (lambda b: b[:265_257], "cut off at byte 265257, before the first way"),
    "cut after the header": (lambda b: b[:98], "ends at byte 98, after its header"),
    "one byte": (lambda b: b[:1], "cut off at byte 1, in the blob of byte 0"),
    "flipped": (lambda b: flipped(b, 100_000), "damaged between byte 90856 and byte 179215"),
    "flipped in the last": (lambda b: flipped(b, 600_000), "damaged between byte 265257 and byte 685110"),
    "no blob": (lambda b: flipped(b, 179_215 + 7), "damaged at byte 179215: no blob"),
    "empty": (lambda _: b"", "is empty"),
    "text": (lambda _: b"a,b\n" * 99, "no blob begins at byte 0"),
    "xml": (lambda _: b'<?xml version="1.0"?><osm version="0.6"/>', "is OSM XML"),
    "gzip": (gzip.compress, "is a file packed with gzip"),
}


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("location", ["Helsinki", BOX])
def test_a_damaged_file_is_one_line_that_names_it_and_the_place_of_the_damage(
    tmp_path: Path, damage: str, location: str
) -> None:
    change, told = DAMAGES[damage]
    path = tmp_path / "bad.osm.pbf"
    path.write_bytes(change(HELSINKI.read_bytes()))
    items = iter(OsmSource(SourceAccess(path=path)).places(request_for(location)))
    with pytest.raises(FileError, match=r"^bad\.osm\.pbf: ") as caught:
        next(items)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_a_text_with_nul_is_damage_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "bad.osm.pbf"
    unpacked = osmium.io.File(str(path), "pbf,pbf_compression=none")
    with osmium.SimpleWriter(unpacked) as writer:
        tags = DINER | {"name": "Nul@bar"}
        writer.add_node(osmium.osm.mutable.Node(id=1, location=(10.0, 50.0), version=1, tags=tags))
    path.write_bytes(path.read_bytes().replace(b"Nul@bar", b"Nul\0bar"))
    with pytest.raises(
        FileError, match=r"^bad\.osm\.pbf: damaged between byte \d+ and byte \d+: a text holds NUL"
    ):
        list(OsmSource(SourceAccess(path=path)).places(request_for("50,10 1km")))


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_what_is_no_file_is_one_line_that_names_it(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bad.osm.pbf"
    if kind == "folder":
        path.mkdir()
    with pytest.raises(FileError, match=r"^bad\.osm\.pbf: (is a folder|there is no such file)"):
        list(OsmSource(SourceAccess(path=path)).places(request_for("Helsinki")))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 685_109), bit=st.integers(0, 7))
def test_a_flipped_bit_is_told_or_does_no_harm(tmp_path: Path, at: int, bit: int) -> None:
    content = bytearray(HELSINKI.read_bytes())
    content[at] ^= 1 << bit
    path = tmp_path / "bad.osm.pbf"
    path.write_bytes(content)
    with suppress(FileError):
        assert len(places_of(OsmSource(SourceAccess(path=path)), request_for(CIRCLE))) < 300
