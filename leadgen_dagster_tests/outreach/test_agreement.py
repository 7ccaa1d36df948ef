"""What scoring calls ready is what outreach drafts: they ask one rule of who can be reached and how."""

from functools import cache
from itertools import product

import pytest

from leadgen_dagster.discovery.businesses import Business, PhoneKind, WebsiteOrigin
from leadgen_dagster.outreach.campaigns import OutreachCampaign
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.contacts import find_contacts
from leadgen_dagster.scoring.scorer import score_website
from leadgen_dagster.scoring.scores import LeadClass, WebsiteScore
from leadgen_dagster.scoring.snapshots import FetchOutcome, PageSnapshot
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.outreach.leads import LOOKED_ON, outcome_of
from leadgen_dagster_tests.scoring.builders import home, html

OWN = "harbour-bakery.port-linden.example"
PROSE = "<p>Harbour Bakery has bread and rolls every morning, and the cakes are ready at noon.</p>" * 8
FRAME = (
    "<meta name=viewport content='width=device-width, initial-scale=1'><title>Harbour Bakery</title>"
    "<meta name=description content='Bread, rolls and cakes, baked every morning in the harbour.'>"
)
PAGES: dict[str, PageSnapshot | None] = {
    "none": None,
    "weak": home(html(f"<table width=900><tr><td><font>a</font>{PROSE}© 2009</table>", "")),
    "weak, with an address": home(html(f"<table width=900><tr><td>{PROSE}owner@{OWN}</table>", "")),
    "weak, another number": home(html(f"{PROSE}<a href='tel:+441914980999'>Call</a>", "")),
    "fair, nothing to see": home(
        html(
            f"<h1>Harbour Bakery</h1>{PROSE}Mo-Fr 8-17 <a href='tel:+441914980101'>0191 498 0101</a>", FRAME
        ),
        url=f"https://{OWN}/",
    ),
    "parked": home(html("<h1>This domain is for sale!</h1>")),
    "not reached": home(b"", outcome=FetchOutcome.TIMEOUT, status=None),
    "elsewhere": home(html(PROSE), final_url="http://other-firm.port-linden.example/"),
}
EMAILS = (None, f"hello@{OWN}", f"privacy@{OWN}", f"noreply@{OWN}", "harbour.bakery@post.example")
WHERE = (("GB", False), ("GB", True), ("DE", False), ("AT", True), ("FI", True), ("US", True), (None, True))
SITES = (None, WebsiteOrigin.RECORD, WebsiteOrigin.EMAIL_DOMAIN)


def records() -> list[Business]:
    return [
        make_business(
            email=email,
            phone=phone,
            phone_kind=PhoneKind.LANDLINE if phone else None,
            country=country,
            is_sole_trader=is_sole_trader,
            website_origin=origin,
            website=f"http://{OWN}/" if origin else None,
        )
        for email, phone, (country, is_sole_trader), origin in product(
            EMAILS, (None, "+441914980101"), WHERE, SITES
        )
    ]


@cache
def scored(page: str) -> list[tuple[Business, list[Contact], WebsiteScore]]:
    """Every record with this page."""
    snapshot = PAGES[page]
    snapshots = [snapshot] if snapshot else []
    found = [(business, find_contacts(business, snapshots)) for business in records()]
    return [
        (
            business,
            contacts,
            score_website(business, snapshots, contacts, ordered_on=LOOKED_ON, score_threshold=99),
        )
        for business, contacts in found
    ]


@pytest.mark.parametrize("page", PAGES)
def test_ready_to_mail_is_a_letter_that_is_ready_and_ready_to_call_a_card_that_is(page: str) -> None:
    for business, contacts, score in scored(page):
        result = outcome_of(
            business=business, score=score, contacts=tuple(contacts), language="en", site=None
        )
        ready = result if isinstance(result, OutreachCampaign) and result.is_ready else None
        has_letter = ready is not None and ready.channel == "email" and ready.email_text is not None
        has_card = ready is not None and ready.channel == "call" and ready.call_card is not None
        assert (score.lead_class is LeadClass.READY_TO_MAIL) is has_letter, (business, score, result)
        assert (score.lead_class is LeadClass.READY_TO_CALL) is has_card, (business, score, result)


def test_the_records_meet_every_class() -> None:
    assert {score.lead_class for page in PAGES for _, _, score in scored(page)} == set(LeadClass)
