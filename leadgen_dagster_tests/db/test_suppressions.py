from collections.abc import Sequence

import pytest
from sqlalchemy.exc import IntegrityError

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import SuppressionModel
from leadgen_dagster.db.suppressions import Suppressions, hash_of
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.outreach.marks import listed_mark
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster_tests.factories import FETCHED_AT, make_business, make_contact


def suppress(database: Database, kind: str, value: str) -> None:
    with database.write() as session:
        session.add(
            SuppressionModel(
                kind=kind, value_hash=hash_of(value), reason="asked by phone", suppressed_at=FETCHED_AT
            )
        )


def allows(suppressions: Suppressions, business: Business, contacts: Sequence[Contact] = ()) -> bool:
    return listed_mark(business, contacts, suppressions.has) is None


def test_an_empty_list_allows_everybody(database: Database) -> None:
    assert allows(Suppressions(database), make_business())
    assert allows(Suppressions(database), make_business(email=None, phone=None))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "hello@harbour-bakery.port-linden.example"),
        ("email", " Hello@Harbour-Bakery.port-linden.example\n"),
        ("phone", "+441914980101"),
        ("fingerprint", "harbour-bakery-1"),
        ("domain", "harbour-bakery.port-linden.example"),
    ],
)
def test_who_is_on_the_list_is_not_written_to(database: Database, kind: str, value: str) -> None:
    suppress(database, kind, value)
    suppressions = Suppressions(database)
    assert not allows(suppressions, make_business())
    other = make_business(
        fingerprint="other", email="a@other.example", phone="+441914980102", website="http://other.example/"
    )
    assert allows(suppressions, other)


def test_an_address_that_only_the_website_shows_counts_too(database: Database) -> None:
    suppress(database, "email", "owner@bakery-family.example")
    suppress(database, "domain", "old-firm.fi")
    suppressions, business = Suppressions(database), make_business()
    assert allows(
        suppressions, business, [make_contact(), make_contact(kind=ContactKind.PHONE, value="+4419149")]
    )
    assert not allows(suppressions, business, [make_contact(value="owner@bakery-family.example")])
    assert not allows(suppressions, business, [make_contact(value="info@mail.old-firm.fi")])
    form = make_contact(kind=ContactKind.CONTACT_FORM, value="owner@bakery-family.example")
    assert allows(suppressions, business, [form])


def test_a_value_counts_only_as_what_it_was_listed_as(database: Database) -> None:
    suppress(database, "fingerprint", "+441914980101")
    assert allows(Suppressions(database), make_business())


def test_the_list_holds_no_address(database: Database) -> None:
    suppress(database, "email", "hello@harbour-bakery.port-linden.example")
    with database.read() as session:
        (row,) = session.query(SuppressionModel).all()
    assert "@" not in row.value_hash
    assert len(row.value_hash) == 64


def test_nobody_is_listed_twice(database: Database) -> None:
    suppress(database, "phone", "+441914980101")
    with pytest.raises(IntegrityError):
        suppress(database, "phone", "+441914980101")
