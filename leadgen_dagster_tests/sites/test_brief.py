from datetime import date
from typing import Any

import pytest

from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.scores import WebsiteScore, WebsiteState
from leadgen_dagster.sites.brief import FactLevel, SiteBrief, make_site_brief
from leadgen_dagster_tests.factories import make_business, make_contact, make_score, make_snapshot
from leadgen_dagster_tests.sites.records import ORDERED_ON, RICH, brief_of


def brief(
    *contacts: Contact, score: WebsiteScore | None = None, language: str = "en", **fields: object
) -> SiteBrief | None:
    business = make_business(**fields)
    return make_site_brief(
        business, contacts, score or make_score(), language=language, ordered_on=ORDERED_ON
    )


@pytest.mark.parametrize(
    "missing",
    [
        {"phone": None, "street": None},
        {"phone": None, "opening_hours": None},
        {"street": None, "opening_hours": None},
        {"street": None, "opening_hours": "by appointment"},
        {"name": "  "},
        {"niche": "nobody_knows"},
    ],
)
def test_below_the_minimum_of_facts_there_is_no_demo(missing: dict[str, Any]) -> None:
    assert brief(**missing) is None


@pytest.mark.parametrize("missing", ["phone", "street", "opening_hours"])
def test_two_of_phone_street_and_hours_are_enough(missing: str) -> None:
    assert brief(**{missing: None}) is not None


def test_a_language_without_wording_gives_no_demo_instead_of_an_english_one() -> None:
    assert brief(language="mt") is None


@pytest.mark.parametrize(
    ("field", "attribute"), [("phone", "phone"), ("street", "address"), ("opening_hours", "hours")]
)
def test_what_page_and_record_disagree_on_is_printed_neither_way(field: str, attribute: str) -> None:
    found = brief(
        make_contact(kind=ContactKind.PHONE, value="+441914980999"), score=make_score(discrepancies=(field,))
    )
    assert found is not None
    assert getattr(found, attribute) is None
    assert field not in found.facts


def test_disagreement_counts_against_the_minimum() -> None:
    assert brief(street=None, score=make_score(discrepancies=("phone",))) is None


def test_an_address_found_on_the_own_page_is_a_fact_with_that_page_as_origin() -> None:
    found = brief(make_contact(), email=None)
    assert found is not None
    assert found.email is not None
    assert found.email.origin == "page: http://harbour-bakery.port-linden.example/"


def test_what_stands_on_a_page_that_is_not_the_business_s_own_is_no_fact() -> None:
    found = brief(make_contact(), email=None, score=make_score(website_state=WebsiteState.PARKED))
    assert found is not None
    assert found.email is None


def test_every_fact_names_its_origin() -> None:
    assert brief_of(RICH).facts == dict.fromkeys(
        (
            "name",
            "city",
            "street",
            "postcode",
            "position",
            "phone",
            "email",
            "opening_hours",
            "social_profiles",
        ),
        "record: demo",
    )


@pytest.mark.parametrize(
    ("last_edited", "is_recent"),
    [(date(2026, 9, 1), True), (date(2025, 11, 22), True), (date(2025, 11, 21), False), (None, False)],
)
def test_hours_are_recent_for_a_year(last_edited: date | None, is_recent: bool) -> None:
    found = brief(last_edited=last_edited)
    assert found is not None
    assert found.hours is not None
    assert found.hours.is_recent is is_recent


def test_a_profile_that_is_no_web_address_is_left_out() -> None:
    found = brief(
        social_profiles=("javascript:alert(1)", "mailto:a@b.example", "https://www.instagram.com/x")
    )
    assert found is not None
    assert [profile.value for profile in found.profiles] == ["https://www.instagram.com/x"]


def test_a_phone_is_written_as_its_country_writes_it() -> None:
    at_home = brief()
    abroad = brief(country="DE")
    assert at_home is not None
    assert abroad is not None
    assert at_home.phone is not None
    assert abroad.phone is not None
    assert (at_home.phone.shown, abroad.phone.shown) == ("0191 498 0101", "+44 191 498 0101")


def test_hours_come_from_the_own_page_where_the_record_has_none() -> None:
    found = of_page(opening_hours=None)
    assert found.hours is not None
    assert (found.hours.source.value, found.hours.is_recent) == ("Mo-Fr 09:00-17:00", True)
    assert found.hours.source.origin == "page: http://harbour-bakery.port-linden.example/"


def test_hours_that_record_and_page_agree_on_are_recent_and_those_they_differ_in_are_not_printed() -> None:
    agreed = of_page(opening_hours="Mo-Fr 09:00-17:00; PH off", last_edited=None).hours
    assert agreed is not None
    assert agreed.is_recent
    assert of_page(opening_hours="Mo-Fr 09:00-18:00").hours is None


def test_offers_make_a_brief_rich_and_name_their_page() -> None:
    found = of_page()
    assert found.level is FactLevel.RICH
    assert found.facts["services"] == "page: http://harbour-bakery.port-linden.example/"


def test_pages_that_are_not_the_business_s_own_are_not_read() -> None:
    assert of_page(score=make_score(website_state=WebsiteState.PARKED)).services == ()


def of_page(score: WebsiteScore | None = None, **fields: object) -> SiteBrief:
    """The brief of a business whose home page tells its offers and its week."""
    hours = (
        '<script type="application/ld+json">{"@type": "Bakery", "openingHours": "Mo-Fr 09:00-17:00"}</script>'
    )
    offers = "<ul><li>Fish pie £12.90</li><li>Apple cake £4.20</li></ul>"
    words = (
        "<p>The bread is on the shelf by the door, and the rolls are in the basket to the left of it.</p>" * 6
    )
    home = make_snapshot(body=f"<!doctype html><html lang=en>{hours}{offers}{words}</html>".encode())
    found = make_site_brief(
        make_business(**fields), (), score or make_score(), [home], language="en", ordered_on=ORDERED_ON
    )
    assert found is not None
    return found
