"""What a page marks as data: names, addresses and hours."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_dagster.discovery.opening_hours import parse_opening_hours
from leadgen_dagster.scoring.marked import MarkedItem, marked_items
from leadgen_dagster.scoring.marked_hours import marked_hours
from leadgen_dagster.scoring.page_view import PageView
from leadgen_dagster_tests.scoring.builders import home, html

BAKERY = {
    "@type": "Bakery",
    "name": "Harbour Bakery",
    "telephone": "+44 191 498 0101",
    "address": {"@type": "PostalAddress", "streetAddress": "4 Quay Street", "postalCode": "NE99 1AA"},
}
MICRODATA = """
    <div itemscope itemtype="https://schema.org/Bakery"><b itemprop="name">Harbour
    Bakery</b><a itemprop="telephone" href="tel:x" content="+44 191 498 0101">Call</a>
    <p itemprop="address" itemscope itemtype="http://schema.org/PostalAddress">
    <span itemprop="streetAddress">4 Quay Street</span><meta itemprop="postalCode" content="NE99 1AA"></p></div>
"""


def items(body: str) -> tuple[MarkedItem, ...]:
    return marked_items(PageView(home(html(body)).page))


def of(fields: dict[str, Any]) -> MarkedItem:
    return MarkedItem(fields)


@pytest.mark.parametrize(
    "body", [f'<script type="application/ld+json">{json.dumps(BAKERY)}</script>', MICRODATA]
)
def test_json_ld_and_microdata_are_read_alike(body: str) -> None:
    (firm,) = [item for item in items(body) if item.is_firm]
    assert firm.texts("name") == ("Harbour Bakery",)
    assert firm.texts("telephone") == ("+44 191 498 0101",)
    (address,) = firm.items("address")
    assert (address.texts("streetAddress"), address.texts("postalCode")) == (
        ("4 Quay Street",),
        ("NE99 1AA",),
    )


@pytest.mark.parametrize("kind", ["Person", "Product", "WebSite", "PostalAddress", ["Event"], ""])
def test_people_wares_and_pages_are_no_firms(kind: object) -> None:
    assert not of({"@type": kind, "name": "Anna", "telephone": "1"}).is_firm


def specified(days: object, opens: str = "09:00:00", closes: str = "17:30", **more: str) -> dict[str, object]:
    return {"dayOfWeek": days, "opens": opens, "closes": closes, **more}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"openingHours": "Mo-Fr 9:00-18:00"}, "Mo-Fr 09:00-18:00"),
        ({"openingHours": ["mo,tu 09:00 – 12:00", "Sa 10:00-14:00"]}, "Mo,Tu 09:00-12:00; Sa 10:00-14:00"),
        (
            {"openingHoursSpecification": [specified(["Monday", "https://schema.org/Tuesday"])]},
            "Mo-Tu 09:00-17:30",
        ),
        (
            {
                "openingHoursSpecification": [
                    specified("Mo", "8:00", "12:00"),
                    specified("Mo", "13:00", "17:00"),
                ]
            },
            "Mo 08:00-12:00,13:00-17:00",
        ),
        (
            {"openingHoursSpecification": [specified("Fr"), specified("Sunday", "00:00", "00:00")]},
            "Fr 09:00-17:30",
        ),
        (
            {"openingHoursSpecification": [specified("Fr"), specified("Mo", validFrom="2026-12-24")]},
            "Fr 09:00-17:30",
        ),
        ({"openingHoursSpecification": [specified("Fr"), specified("Whenever")]}, None),
        ({"openingHoursSpecification": [specified("Fr", "early")]}, None),
        ({"openingHours": "Mo-Fr 9am to 6pm"}, None),
        ({"openingHours": ["Mo 09:00-18:00", "by appointment"]}, None),
        ({}, None),
    ],
)
def test_hours_are_read_in_full_or_not_at_all(fields: dict[str, Any], expected: str | None) -> None:
    assert marked_hours(of(fields)) == expected
    assert expected is None or parse_opening_hours(expected) is not None


TIMES = st.times().map(lambda time: time.strftime("%H:%M"))
DAYS = st.sampled_from(["Mo", "Tuesday", "http://schema.org/Sunday", "We"])


@given(st.lists(st.tuples(DAYS, TIMES, TIMES), min_size=1, max_size=6))
def test_whatever_is_specified_the_hours_are_in_the_syntax_of_the_map(
    days: list[tuple[str, str, str]],
) -> None:
    hours = marked_hours(of({"openingHoursSpecification": [specified(*day) for day in days]}))
    assert hours is None or all(part[:2] in "Mo Tu We Su" for part in hours.split("; "))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.sampled_from(["@type", "name", "address", "openingHours", "openingHoursSpecification"]), ANYTHING
    )
)
def test_no_data_makes_the_reader_raise(fields: dict[str, Any]) -> None:
    item = of(fields)
    marked_hours(item)
    assert item.is_firm in (True, False)
    assert all(isinstance(name, str) for name in item.texts("name"))
