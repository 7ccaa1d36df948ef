from typing import Any

import pytest

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.discovery.osm_tags import KIND_KEYS, city_of, is_gone, kind_tags, place_from_tags
from leadgen_dagster_tests.discovery.builders import ORDERED_ON


def place(tags: dict[str, str], **fields: Any) -> Place:
    defaults: dict[str, Any] = {
        "source": "osm",
        "source_id": "node/1",
        "niche": NICHES["restaurant"],
        "latitude": 60.17,
        "longitude": 24.94,
        "last_edited": ORDERED_ON,
    }
    return place_from_tags({"name": "X"} | tags, **(defaults | fields))


def test_contact_tags_in_either_spelling_fill_the_same_fields() -> None:
    plain = place({"phone": "1", "email": "a@b.fi", "website": "b.fi"})
    spelt = place({"contact:phone": "1", "contact:email": "a@b.fi", "contact:website": "b.fi"})
    assert (
        (plain.phone, plain.email, plain.website)
        == (spelt.phone, spelt.email, spelt.website)
        == ("1", "a@b.fi", "b.fi")
    )


def test_of_several_addresses_the_own_website_is_taken() -> None:
    assert place({"website": "https://facebook.com/x", "url": "http://x.fi"}).website == "http://x.fi"
    assert place({"website": "https://facebook.com/x; http://x.fi"}).website == "http://x.fi"
    assert place({"website": "https://facebook.com/x"}).website == "https://facebook.com/x"


def test_a_mobile_number_stands_behind_the_phone() -> None:
    assert place({"phone": "1", "mobile": "2", "contact:phone": "1"}).phone == "1;2"


def test_profiles_are_completed_from_account_names() -> None:
    found = place({"contact:facebook": "haru", "instagram": "https://instagram.com/haru", "twitter": "@haru"})
    assert found.social_profiles == (
        "https://www.facebook.com/haru", "https://instagram.com/haru", "https://www.twitter.com/haru",
    )  # fmt: skip


def test_the_first_cuisine_is_the_sub_niche() -> None:
    assert place({"cuisine": "steak_house;grill"}).sub_niche == "steak house"


def test_the_country_of_the_area_stands_in_for_a_missing_one_and_orders_the_street() -> None:
    tags = {"addr:street": "Quayside", "addr:housenumber": "12"}
    assert place(tags, country="GB").street == "12 Quayside"
    assert place(tags | {"addr:country": "fi"}, country="GB").street == "Quayside 12"
    assert place(tags | {"addr:country": "Finland"}, country="FI").country == "FI"


def test_a_house_number_in_the_city_field_is_no_city() -> None:
    assert city_of({"addr:city": "7"}) is None
    assert city_of({"addr:city": "Helsinki"}) == "Helsinki"


@pytest.mark.parametrize(
    "tags",
    [
        {"disused:amenity": "bar"},
        {"was:shop": "books"},
        {"amenity": "bar", "opening_hours": "closed"},
        {"shop": "vacant"},
        {"shop": "shoes", "disused": "yes"},
    ],
)
def test_a_place_that_is_gone_is_known_as_closed(tags: dict[str, str]) -> None:
    assert is_gone(tags)


def test_a_bar_where_a_bank_was_is_open() -> None:
    assert not is_gone({"amenity": "bar", "disused:amenity": "bank"})
    assert not is_gone({"amenity": "bar", "was:highway": "bus_stop"})


def test_what_is_gone_is_still_known_for_what_it_was() -> None:
    assert kind_tags({"was:shop": "books"})["shop"] == "books"
    assert kind_tags({"amenity": "bar", "disused:amenity": "bank"})["amenity"] == "bar"


def test_closed_is_no_opening_hour() -> None:
    assert place({"opening_hours": "closed"}).opening_hours is None


@pytest.mark.parametrize(
    ("given", "code"), [("FI", "FI"), ("de", "DE"), ("Suomi", "FI"), ("?", "GB"), ("", "GB")]
)
def test_the_country_of_an_address_is_a_code_however_it_is_written(given: str, code: str) -> None:
    assert place({"name": "X", "addr:country": given}, country="GB").country == code


def test_every_niche_has_a_rule_under_a_key_by_which_a_place_is_a_candidate() -> None:
    never = [
        niche.key
        for niche in NICHES.values()
        if not any(key in KIND_KEYS for rule in niche.tags for key, _ in rule)
    ]
    assert never == ["addiction_clinic"]


@pytest.mark.parametrize("tags", [{"closed": "yes"}, {"end_date": "2024-01-01"}, {"end_date": "~2019"}])
def test_what_a_mapper_calls_ended_is_gone(tags: dict[str, str]) -> None:
    assert is_gone({"shop": "hairdresser", "name": "Shut Scissors", **tags})
    assert not is_gone({"shop": "hairdresser", "name": "Scissors", "closed": "no", "end_date": "unknown"})
