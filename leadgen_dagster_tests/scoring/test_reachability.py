"""By what a business is reached, and who has to agree before."""

import pytest

from leadgen_dagster.discovery.businesses import PhoneKind
from leadgen_dagster.scoring.contact_points import ContactKind
from leadgen_dagster.scoring.reachability import consent_note, reachability
from leadgen_dagster.scoring.scores import WebsiteState
from leadgen_dagster_tests.factories import make_business, make_contact

OK = WebsiteState.OK


@pytest.mark.parametrize(
    ("country", "is_sole_trader", "expected"),
    [
        ("GB", True, True),
        ("GB", False, False),
        ("DE", False, True),
        ("AT", True, True),
        ("FI", True, True),
        ("US", True, False),
        (None, True, True),
        (None, False, False),
    ],
)
def test_who_has_to_agree_before_an_e_mail(country: str | None, is_sole_trader: bool, expected: bool) -> None:
    business = make_business(country=country, is_sole_trader=is_sole_trader)
    assert (consent_note(business) is not None) is expected
    ways = reachability(business, [], state=OK)
    assert ways.may_mail is not expected
    assert ways.is_reachable


@pytest.mark.parametrize("state", [WebsiteState.PARKED, WebsiteState.OTHER_DOMAIN])
def test_mail_to_the_domain_of_a_lapsed_website_is_no_way(state: WebsiteState) -> None:
    business = make_business()
    ways = reachability(business, [], state=state)
    assert ways.email is None
    assert ways.mail_note is not None
    assert "may no longer be theirs" in ways.mail_note
    assert reachability(business, [], state=OK).email == business.email
    assert reachability(business, [], state=WebsiteState.UNREACHABLE, cause="tls").email == business.email
    elsewhere = make_business(email="bakery@gmail.com")
    assert reachability(elsewhere, [], state=state).email == "bakery@gmail.com"


def test_a_guessed_domain_that_turned_out_parked_takes_its_mail_with_it() -> None:
    ways = reachability(make_business(), [], state=WebsiteState.WEBSITE_UNKNOWN, cause="parked")
    assert ways.email is None


@pytest.mark.parametrize("local_part", ["privacy", "datenschutz", "webmaster", "noreply", "No-Reply"])
def test_an_address_that_is_not_the_owners_is_no_way(local_part: str) -> None:
    ways = reachability(make_business(email=f"{local_part}@firm.example", phone=None), [], state=OK)
    assert (ways.email, ways.may_mail, ways.is_reachable) == (None, False, False)
    assert ways.mail_note == f"no e-mail: {local_part}@firm.example is not the owner's own address"


def test_the_owners_address_on_the_page_stands_in_for_the_officers_in_the_record_and_the_other_way() -> None:
    contact = make_contact(value="hello@firm.example")
    assert reachability(make_business(email="dpo@firm.example"), [contact], state=OK).email == contact.value
    officer = make_contact(value="dpo@firm.example")
    assert reachability(make_business(), [officer], state=OK).email == make_business().email


def test_the_pages_address_comes_first_and_says_where_it_stands() -> None:
    contact = make_contact(value="owner@bakery.example", page_url="http://bakery.example/contact")
    ways = reachability(make_business(), [contact], state=OK)
    assert (ways.email, ways.email_page) == ("owner@bakery.example", "http://bakery.example/contact")
    assert reachability(make_business(), [], state=OK).email_page is None


def test_the_records_number_comes_first_and_a_disputed_one_is_used_nowhere() -> None:
    on_page = make_contact(kind=ContactKind.PHONE, value="+447700900999", is_mobile=True)
    landline = make_business(phone_kind=PhoneKind.LANDLINE)
    assert reachability(landline, [on_page], state=OK).phone == landline.phone
    without = reachability(make_business(phone=None), [on_page], state=OK)
    assert (without.phone, without.phone_page, without.is_mobile) == (
        "+447700900999",
        on_page.page_url,
        True,
    )
    assert reachability(landline, [on_page], state=OK, discrepancies=("phone",)).phone is None
