"""Where a page disputes the record."""

import json

import pytest

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.discrepancies import discrepancies
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.scoring.builders import html, site

RECORD = make_business(
    name="Harbour Bakery Ltd", street="4 Quay Street", postcode="NE99 1AA", phone="+441914980101"
)


def firm(name: str = "Harbour Bakery", street: str = "4 Quay St", postcode: str = "NE991AA") -> str:
    address = {"@type": "PostalAddress", "streetAddress": street, "postalCode": postcode}
    item = {"@type": "Bakery", "name": name, "address": address}
    return f'<script type="application/ld+json">{json.dumps(item)}</script>'


def disputed(
    body: str, business: Business = RECORD, url: str = "http://www.port-linden.example/"
) -> tuple[str, ...]:
    return discrepancies(site(html(body, head=""), business=business, url=url))


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (firm(), ()),
        (firm("Harbour Bakery and Café"), ()),
        (firm("The Golden Anchor"), ("name",)),
        (firm("The Golden Anchor") + "<p>Harbour Bakery is our sister.", ()),
        (firm(street="17 Market Place"), ("street",)),
        (firm(street="88 Quay St"), ("street",)),
        (firm(street="4-6 Quay Street"), ()),
        (firm(street="17 Market Place") + "<p>Also at 4 Quay Street", ()),
        (firm(street="17 Market Place") + firm(street="3 Hill Road"), ()),
        (firm(postcode="NE12 9ZZ"), ("postcode",)),
        (firm(postcode="NE12 9ZZ") + "<p>NE99 1AA", ()),
        (firm(street="17 Market Place", postcode="NE12 9ZZ"), ("street", "postcode")),
        ("<a href='tel:01914980777'>Call</a>", ("phone",)),
        ("<a href='tel:01914980777'>Call</a> or 0191 498 0101", ()),
        ("<a href='tel:01914980777'>Call</a> or (0191)4980101x", ()),
        ("<a href='tel:01914980777'>One</a><a href='tel:01914980888'>Two</a>", ()),
        ("<p>Fax <a href='tel:01914980777'>0191 498 0777</a>", ()),
        ("<p>0191 498 0777", ()),
    ],
)
def test_only_what_the_page_says_of_itself_and_clearly_disputes_the_record(
    body: str, fields: tuple[str, ...]
) -> None:
    assert disputed(body) == fields


def test_a_name_that_stands_in_the_websites_address_is_not_disputed() -> None:
    assert disputed(firm("Bread & More"), url="http://harbourbakery.port-linden.example/") == ()


def test_a_record_that_says_nothing_is_not_disputed() -> None:
    silent = make_business(name="The Golden Anchor", street=None, postcode=None, phone=None)
    assert disputed(firm("The Golden Anchor") + "<a href='tel:01914980777'>Call</a>", silent) == ()


def test_letters_of_the_country_before_a_postcode_make_no_other() -> None:
    latvian = make_business(name="Harbour Bakery", street=None, postcode="LV-1010", phone=None)
    assert disputed(firm(postcode="1010"), latvian) == ()
