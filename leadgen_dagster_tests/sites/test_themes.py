"""What is asked of every theme, whatever it looks like."""

import json
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.names import sign_name
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.sites.gates import gate_faults
from leadgen_dagster.sites.theme import Theme, themes
from leadgen_dagster.sites.view import render_site
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.sites.records import (
    HARBOUR,
    HOSTILE_NAMES,
    ORDINARY,
    POOR,
    RICH,
    brief_of,
    look,
    page_of,
)

MAX_HTML_BYTES = 120_000


def page(
    business: Business,
    *,
    theme: Theme = HARBOUR,
    variant: str | None = None,
    language: str = "en",
    agency: str | None = "Quay Studio",
) -> bytes:
    return render_site(
        brief_of(business, language=language),
        look(theme, variant),
        fingerprint=business.fingerprint,
        agency_name=agency,
    )


@pytest.mark.parametrize(
    ("theme", "variant"), [(theme, variant) for theme in themes().values() for variant in theme.variants]
)
@pytest.mark.parametrize("language", ["en", "de", "fi"])
@pytest.mark.parametrize("business", [RICH, ORDINARY, POOR], ids=["rich", "ordinary", "poor"])
def test_a_page_passes_the_gates_at_every_level_of_facts(
    business: Business, language: str, theme: Theme, variant: str
) -> None:
    html = page(business, theme=theme, variant=variant, language=language)
    brief = brief_of(business, language=language)
    assert gate_faults(html, brief, page_of(brief)) == []
    assert len(html) < MAX_HTML_BYTES


@pytest.mark.parametrize("niche", list(NICHES))
def test_a_page_of_any_niche_passes_the_gates(niche: str) -> None:
    business = make_business(niche=niche)
    assert gate_faults(page(business), brief_of(business), page_of(brief_of(business))) == []


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_shown_and_does_nothing(name: str) -> None:
    hostile = make_business(name=name, street=name, city=name)
    html = page(hostile)
    tree = LexborHTMLParser(html.decode())
    assert gate_faults(html, brief_of(hostile), page_of(brief_of(hostile))) == []
    assert tree.css_first("h1").text() == sign_name(name)
    assert tree.css_first("title").text().startswith(sign_name(name))
    assert len(tree.css("script")) == len(LexborHTMLParser(page(make_business()).decode()).css("script"))
    assert not re.search(rb"<[^>]+\son\w+\s*=", re.sub(rb'"[^"]*"', b'""', html))


@pytest.mark.parametrize("name", ["CAFE ALLCAPS LTD", "Cafe Allcaps GmbH & Co. KG"])
def test_the_name_is_everywhere_the_one_on_the_sign(name: str) -> None:
    written = page(make_business(name=name)).decode()
    assert "Cafe Allcaps" in written
    assert name not in written
    assert json.loads(LexborHTMLParser(written).css_first('script[type="application/ld+json"]').text())[
        "name"
    ] == ("Cafe Allcaps")


def test_what_is_not_known_has_no_section() -> None:
    tree = LexborHTMLParser(page(POOR).decode())
    assert [heading.text() for heading in tree.css("h2")] == ["Address", "Phone"]


def test_without_a_street_the_postcode_is_still_said_and_only_a_known_point_is_shown_on_a_map() -> None:
    tree = LexborHTMLParser(page(make_business(street=None)).decode())
    assert tree.css_first("address").text() == "Port Linden NE99\u00a01AA"
    assert len(tree.css('a[href^="https://www.openstreetmap.org/?mlat="]')) == 2
    nowhere = page(make_business(street=None, latitude=None))
    assert b"openstreetmap" not in nowhere
    assert b"<address" in nowhere


def test_only_what_a_visitor_wants_to_know_is_said() -> None:
    text = LexborHTMLParser(page(RICH).decode()).css_first("body").text()
    assert "\u00b0" not in text
    assert "cookie" not in text


def test_hours_are_said_for_every_day() -> None:
    tree = LexborHTMLParser(page(RICH, language="de").decode())
    rows = [(row.css_first(".day").text(), row.css_first(".time").text()) for row in tree.css(".week li")]
    assert rows[0] == ("Montag", "07:00\u201312:30, 13:30\u201317:00")
    assert rows[5:] == [("Samstag", "08:00\u201313:00"), ("Sonntag", "Geschlossen")]
    assert "Feiertage: Geschlossen" in tree.css_first(".hours").text()


def test_only_recent_hours_of_a_country_with_one_clock_may_say_open_now() -> None:
    plain = "Mo-Fr 08:00-17:00; Sa 08:00-13:00"
    old = make_business(last_edited=None, opening_hours=plain)
    elsewhere = make_business(country="US", phone="+12025550123")
    assert b"Intl.DateTimeFormat" in page(make_business(opening_hours=plain))
    assert b"Intl.DateTimeFormat" not in page(make_business(opening_hours=f"{plain}; PH off"))
    assert b"Intl.DateTimeFormat" not in page(old)
    assert b"Intl.DateTimeFormat" not in page(elsewhere)


@pytest.mark.parametrize(
    ("agency", "language", "said"),
    [
        ("Quay Studio", "en", "design concept by Quay Studio"),
        (None, "en", "by an independent designer"),
        (None, "de", "von einem unabh\u00e4ngigen Gestalter"),
    ],
)
def test_the_notice_names_who_made_the_concept(agency: str | None, language: str, said: str) -> None:
    html = page(RICH, agency=agency, language=language)
    assert said in LexborHTMLParser(html.decode()).css_first("footer").text()


def test_the_structured_facts_are_of_the_closest_type() -> None:
    tree = LexborHTMLParser(page(RICH).decode())
    told = json.loads(tree.css_first('script[type="application/ld+json"]').text())
    assert told["@type"] == "Bakery"
    assert told["telephone"] == "+441914980101"
    assert told["openingHoursSpecification"][0]["dayOfWeek"] == [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
    ]


def test_the_same_business_gives_the_same_bytes() -> None:
    assert page(RICH) == page(RICH)
