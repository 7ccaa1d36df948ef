from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import WebsiteOrigin
from leadgen_dagster.discovery.candidates import Candidate, without_shared_guesses
from leadgen_dagster.discovery.fingerprints import business_id, fingerprint
from leadgen_dagster.discovery.merge import Merged, merge
from leadgen_dagster.discovery.similarity import are_similar
from leadgen_dagster_tests.discovery.builders import make_candidate

METRE = 1 / 111_320


def merged(*records: dict[str, Any]) -> tuple[Merged, ...]:
    return merge(
        [make_candidate(**({"source_id": str(number)} | fields)) for number, fields in enumerate(records)]
    )


def test_one_phone_and_two_spellings_are_one_business_with_both_origins() -> None:
    (one,) = merged(
        {"name": "Augenoptik Brüning", "niche": "optician", "phone": "+44 191 498 0573"},
        {"name": "Augen-Optik Bruening", "niche": "optician", "phone": "0191 4980573", "country": "GB"},
    )
    assert {origin.name for origin in one.origins} == {"Augenoptik Brüning", "Augen-Optik Bruening"}
    assert one.review_note is None


def test_one_phone_and_two_names_are_two_businesses() -> None:
    assert (
        len(merged({"name": "Kitch", "phone": "+3589666001"}, {"name": "Savoy", "phone": "+3589666001"})) == 2
    )


def test_one_domain_next_door_is_one_business() -> None:
    near = {"website": "https://kitch.fi/", "latitude": 60.17 + 80 * METRE}
    assert len(merged({"name": "Kitch", "website": "kitch.fi/menu"}, {"name": "Kitch Helsinki"} | near)) == 1


def test_one_domain_at_two_house_numbers_are_two_branches() -> None:
    first = {"name": "Pizza Roma", "website": "roma.fi", "street": "Annankatu 3"}
    assert len(merged(first, first | {"street": "Annankatu 9", "latitude": 60.17 + 80 * METRE})) == 2


def test_one_name_within_sixty_metres_is_one_business_and_beyond_two() -> None:
    far = {"latitude": 60.17 + 90 * METRE}
    assert len(merged({}, {"latitude": 60.17 + 50 * METRE})) == 1
    assert len(merged({"street": "Annankatu 3"}, far | {"street": "Eerikinkatu 1"})) == 2


def test_a_short_and_a_long_name_at_one_door_are_one_business() -> None:
    door = {"street": "Yrjönkatu 29"}
    (one,) = merged(
        {"name": "Barbarossa"} | door, {"name": "Barbarossa Pizza & Kebab", "niche": "pizzeria"} | door
    )
    assert len(one.origins) == 2


def test_neighbours_that_share_only_the_dish_are_two() -> None:
    door = {"street": "Mannerheimintie 14"}
    assert len(merged({"name": "Itamae Sushi"} | door, {"name": "Sushi Bar"} | door)) == 2


def test_two_painters_of_one_name_on_one_street_stay_two_and_say_so() -> None:
    first, second = merged(
        {
            "name": "Miller Painting & Decorating",
            "niche": "painter",
            "street": "Ropery Lane 18",
            "phone": "+3589666001",
        },
        {
            "name": "Miller Decorators",
            "niche": "painter",
            "street": "Ropery Lane 22a",
            "phone": "+358503288664",
        },
    )
    for business in (first, second):
        assert business.review_note is not None
        assert business.review_note.startswith("doubtful duplicate: Miller ")


def test_two_sources_that_differ_in_the_phone_are_one_business_to_be_looked_at() -> None:
    site = {"website": "https://osteria.fi/"}
    (one,) = merged(site | {"phone": "+3589666001"}, site | {"phone": "+358503288664", "source": "csv"})
    assert one.review_note == "its records give different phone numbers: +358503288664, +3589666001"


def test_one_source_with_two_phones_means_two_even_if_a_third_record_stands_between() -> None:
    site = {"website": "https://osteria.fi/"}
    found = merged(site | {"phone": "+3589666001"}, site, site | {"phone": "+358503288664"})
    assert len(found) == 2


def test_the_newest_record_gives_the_name_and_the_others_what_it_lacks() -> None:
    (one,) = merged(
        {
            "name": "Osteria del Porto Oy",
            "phone": "+3589666001",
            "last_edited": date(2020, 1, 1),
            "opening_hours": "24/7",
        },
        {
            "name": "Osteria del Porto",
            "phone": "+3589666001",
            "last_edited": date(2026, 1, 1),
            "email": "a@porto.fi",
        },
    )
    assert one.best.name == "Osteria del Porto"
    assert one.best.opening_hours == "24/7"
    assert one.best.last_edited == date(2026, 1, 1)


def test_a_website_on_record_is_better_than_one_guessed_from_a_mailbox() -> None:
    (one,) = merged(
        {"phone": "+3589666001", "website": "http://osteria.fi/", "last_edited": date(2020, 1, 1)},
        {"phone": "+3589666001", "email": "a@porto.fi", "last_edited": date(2026, 1, 1)},
    )
    assert (one.best.website, one.best.website_origin) == ("http://osteria.fi/", WebsiteOrigin.RECORD)


def test_two_records_with_one_fingerprint_are_one_business() -> None:
    far = {"latitude": 60.5, "phone": "+3589666001"}
    (one,) = merged({"phone": "+3589666001"}, far)
    assert len(one.origins) == 2


def test_a_hotel_and_a_restaurant_of_one_name_are_two_unless_they_answer_one_phone() -> None:
    hotel = {"name": "Torni", "niche": "hotel", "phone": "+3589666001"}
    restaurant = {"name": "Torni", "niche": "restaurant", "phone": "+358503288664"}
    assert len(merged(hotel, restaurant)) == 2
    assert len(merged(hotel, restaurant | {"phone": "+3589666001"})) == 1


def test_a_mail_provider_that_no_list_knows_is_no_website() -> None:
    records = [
        make_candidate(name=name, email=f"{name}@ewetown.de", source_id=name)
        for name in ("anna", "berta", "clara")
    ]
    assert all(record.website for record in records)
    assert not any(record.website for record in without_shared_guesses(records))
    assert all(record.website for record in without_shared_guesses(records[:1]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Keltainen Kabinetti", "Kletainen Kabinetti"),
        ("Savoy", "avoy"),
        ("Zen Sushi", "SUSHI ZEN"),
        ("Le Mans", "LeMans"),
        ("Müller & Söhne", "Mueller und Soehne e.K."),
        ("Café Ekberg", "Ekberg Oy"),
        ("Barbarossa", "Barbarossa Helsinki"),
        ("Itamae Sushi", "Itamae"),
        ("Ravintola Pääposti", "Ravintolt Pääposti"),
        ("T:mi Virtanen", "Virtanen"),
    ],
)
def test_neighbours_of_almost_one_name_are_one_business(one: str, other: str) -> None:
    assert len(merged({"name": one}, {"name": other, "latitude": 60.17 + 45 * METRE, "source": "csv"})) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Bar 9", "Bar 5"), ("Haru Sushi", "Hanko Sushi"), ("Emo", "Ego"), ("Kitch", "Savoy")]
)
def test_neighbours_of_two_names_are_two_businesses(one: str, other: str) -> None:
    assert len(merged({"name": one}, {"name": other})) == 2


def test_one_name_reaches_further_where_nothing_tells_two_places_apart() -> None:
    far = {"latitude": 60.17 + 90 * METRE}
    assert len(merged({}, far)) == 1
    assert len(merged({"niche": "cafe"}, far)) == 2
    assert len(merged({}, {"latitude": 60.17 + 120 * METRE})) == 2


def test_almost_one_name_is_not_enough_where_house_number_or_website_differ() -> None:
    one, other = {"name": "Dressmann"}, {"name": "Dressman"}
    assert len(merged(one | {"street": "Annankatu 3"}, other | {"street": "Annankatu 5"})) == 2
    assert len(merged(one | {"website": "a.fi"}, other | {"website": "b.fi"})) == 2


def test_a_list_without_positions_is_matched_by_its_addresses() -> None:
    row = {"source": "csv", "latitude": None, "longitude": None, "last_edited": None}
    assert len(merged({"street": "Mannerheimintie 14"}, row | {"street": "Mannerheimint. 14 B"})) == 1
    assert len(merged({"street": "Annankatu 3"}, row | {"street": "Annankatu 3", "city": "Espoo"})) == 2


def test_two_places_of_one_name_in_one_square_of_the_map_stay_two() -> None:
    first, second = merged({}, {"latitude": 60.17 + 300 * METRE})
    assert first.fingerprint == fingerprint(first.best)
    assert second.fingerprint != first.fingerprint


def test_each_field_names_the_record_that_it_is_from() -> None:
    phone = {"phone": "+3589666001"}
    (one,) = merged(
        phone | {"source": "osm", "street": "Annankatu", "city": None},
        phone | {"source": "csv", "street": "Annankatu 3", "last_edited": None, "email": "a@porto.fi"},
    )
    origins = one.field_origins
    assert (origins["name"], origins["phone"], origins["phone_kind"]) == ("osm 0", "osm 0", "osm 0")
    assert (origins["street"], origins["city"], origins["email"]) == ("csv 1", "csv 1", "csv 1")
    assert "opening_hours" not in origins


def test_a_value_that_may_be_kept_is_the_origin_of_one_that_may_not() -> None:
    same = {"phone": "+3589666001", "postcode": "00120"}
    (one,) = merged(
        same | {"source": "google_places", "name": "Osteria Porto", "website": "osteria.fi"},
        same | {"source": "osm", "last_edited": date(2020, 1, 1)},
    )
    assert one.best.name == "Osteria Porto"
    assert one.field_origins["phone"] == one.field_origins["postcode"] == "osm 1"
    assert one.field_origins["name"] == one.field_origins["website"] == "google_places 0"
    (one,) = merged(
        same | {"source": "google_places", "last_edited": None}, same | {"source": "osm", "last_edited": None}
    )
    assert one.origins[0].source == "osm"


def test_the_fingerprint_does_not_depend_on_spelling() -> None:
    one = make_candidate(name="Ravintola Savoy Oy", phone="+358 9 6128 5300", website="http://savoy.fi")
    other = make_candidate(name="SAVOY", phone="09 61285300", source="csv", street="Eteläesplanadi 14")
    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(one) != fingerprint(make_candidate(name="Savoy", phone="+358503288664"))


def test_ids_belong_to_one_run_and_one_fingerprint() -> None:
    assert business_id("run a", "1-x") == business_id("run a", "1-x")
    assert len({business_id("run a", "1-x"), business_id("run b", "1-x"), business_id("run a", "1-y")}) == 3


@pytest.mark.parametrize(
    ("one", "other"), [("augenoptik bruning", "augen optik bruening"), ("kitch", "kitch helsinki")]
)
def test_similar_names_are_similar_either_way_round(one: str, other: str) -> None:
    assert are_similar(one, other)
    assert are_similar(other, one)


RECORDS = st.lists(
    st.builds(
        make_candidate,
        name=st.sampled_from(["Kitch", "Kitch Oy", "Savoy", "Ravintola Savoy", "Classic Pizza", "!!!"]),
        source=st.sampled_from(["osm", "csv"]),
        source_id=st.uuids().map(str),
        phone=st.sampled_from([None, "+3589666001", "+358503288664"]),
        website=st.sampled_from([None, "kitch.fi", "savoy.fi"]),
        street=st.sampled_from([None, "Annankatu", "Annankatu 3"]),
        latitude=st.sampled_from([60.17, 60.1702, 60.18]),
    ),
    max_size=25,
)


@given(RECORDS)
def test_no_record_is_lost_and_no_fingerprint_stands_twice(records: list[Candidate]) -> None:
    found = merge(records)
    assert sorted(origin.source_id for business in found for origin in business.origins) == sorted(
        record.origin.source_id for record in records
    )
    assert len({business.fingerprint for business in found}) == len(found)
    assert merge(records[::-1]) == found
    by_key = {record.origin.key: record for record in records}
    for business in found:
        for name in ("name", "phone", "street", "website"):
            value = getattr(business.best, name)
            assert (value is None) == (name not in business.field_origins)
            assert value is None or getattr(by_key[business.field_origins[name]], name) == value
