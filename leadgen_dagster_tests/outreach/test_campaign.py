"""Who gets a campaign, by which channel, and what stands between a draft and its being sent."""

import dataclasses
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.agency import Agency
from leadgen_dagster.discovery.businesses import ExclusionReason, PhoneKind
from leadgen_dagster.outreach.campaign import is_local_address
from leadgen_dagster.outreach.campaigns import CampaignRefusal, NoDraft
from leadgen_dagster.outreach.placeholders import draft_faults
from leadgen_dagster.scoring.scores import LeadClass, WebsiteState
from leadgen_dagster_tests.factories import make_business, make_contact, make_finding, make_score
from leadgen_dagster_tests.outreach.leads import (
    AGENCY,
    SITE,
    campaign_of,
    make_mobile_business,
    refusal_of,
    score_of,
)


def test_a_lead_with_everything_in_order_gets_every_draft_ready() -> None:
    campaign = campaign_of()
    assert campaign.is_ready
    assert campaign.channel == "email"
    assert campaign.fault_check_id == "mobile.viewport_missing"
    assert campaign.fault_evidence is not None
    assert campaign.demo_url == "https://demos.northlight-studio.example/d/q7h3k9v2m4xp/"
    assert campaign.writer == "deterministic"
    assert "WhatsApp and SMS only after they agreed" in campaign.notes


@pytest.mark.parametrize(
    ("fields", "kind", "said"),
    [
        ({"score": score_of("parked", lead_class=LeadClass.LEAVE_ALONE)}, NoDraft.LEFT_ALONE, "weak"),
        ({"business": make_business(exclusion=ExclusionReason.CHAIN)}, NoDraft.EXCLUDED, "chain"),
        ({"score": score_of("parked", is_sensitive=True)}, NoDraft.SENSITIVE, "sensitive niche"),
        ({"is_suppressed": lambda mark: mark.kind == "phone"}, NoDraft.SUPPRESSED, "Its phone number is on"),
        ({"business": make_business(language=None)}, NoDraft.LANGUAGE, "not known"),
        ({"language": "sv"}, NoDraft.LANGUAGE, "no messages in the language sv"),
        ({"agency": Agency(languages=("de",))}, NoDraft.LANGUAGE, "does not answer in the language en"),
        ({"business": make_business(phone=None, email=None)}, NoDraft.NO_CHANNEL, "that may be used."),
        (
            {"business": make_business(phone=None, email="privacy@firm.example")},
            NoDraft.NO_CHANNEL,
            "privacy@firm.example is not the owner's own address",
        ),
        (
            {"business": make_business(phone=None, is_sole_trader=True)},
            NoDraft.NO_CHANNEL,
            "only after consent: sole trader",
        ),
        ({"score": make_score(findings=(), top_issues=())}, NoDraft.NOTHING_TO_SAY, "Nothing was seen"),
        (
            {"score": make_score(website_state=WebsiteState.BLOCKED, findings=(), top_issues=())},
            NoDraft.NOTHING_TO_SAY,
            "Nothing was seen",
        ),
        (
            {"score": make_score(findings=(make_finding(is_pitchable=False),))},
            NoDraft.NOTHING_TO_SAY,
            "Nothing was seen",
        ),
    ],
)
def test_no_campaign_comes_with_its_reason(fields: dict[str, object], kind: NoDraft, said: str) -> None:
    refusal = refusal_of(**fields)
    assert refusal.kind is kind
    assert said in refusal.reason
    assert refusal.reason.endswith(".")


def test_a_refusal_is_published_with_its_kind_and_reason_under_an_id_that_stays() -> None:
    refused = refusal_of(business=make_business(language=None))
    published = CampaignRefusal.of(refused)
    assert (published.business_id, published.kind, published.reason) == (
        refused.business_id,
        NoDraft.LANGUAGE,
        refused.reason,
    )
    assert published == CampaignRefusal.of(refused)
    assert published.id != campaign_of().id


def test_without_an_agency_everything_missing_is_named_and_every_draft_says_so_first() -> None:
    campaign = campaign_of(agency=Agency(), public_url=None)
    assert not campaign.is_ready
    assert len(campaign.missing) == 6
    assert campaign.demo_url is None
    assert campaign.call_card is not None
    for text in (campaign.email_text, campaign.whatsapp_text, campaign.sms_text, campaign.call_card.opening):
        assert text is not None
        assert text.splitlines()[0].startswith("NOT READY")
        assert "None" not in text
    assert campaign.email_html is not None
    assert "NOT READY: the agency&#39;s name" in campaign.email_html
    assert draft_faults(campaign) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000",
        "http://127.0.0.1:8000",
        "http://10.1.2.3",
        "https://192.168.1.5",
        "http://[::1]:8000",
        "https://studio.local",
        "http://buildserver",
    ],
)
def test_a_local_address_as_public_url_is_not_ready(url: str) -> None:
    assert is_local_address(url)
    campaign = campaign_of(public_url=url)
    assert not campaign.is_ready
    assert "this network only" in campaign.missing[0]


def test_a_draft_without_a_demo_needs_no_public_url() -> None:
    campaign = campaign_of(site=None, public_url=None)
    assert campaign.is_ready
    assert campaign.demo_url is None


def test_check_first_gets_its_draft_and_says_why_it_waits() -> None:
    score = score_of(
        "mobile.viewport_missing", lead_class=LeadClass.CHECK_FIRST, lead_reason="A twin stands nearby."
    )
    campaign = campaign_of(score=score)
    assert not campaign.is_ready
    assert campaign.missing == ("a person has to check first: A twin stands nearby",)


def test_a_sole_trader_gets_no_letter_but_a_call_card_and_the_note() -> None:
    campaign = campaign_of(business=make_mobile_business(is_sole_trader=True))
    assert campaign.email_text is None
    assert campaign.recipient_email is None
    assert campaign.channel == "call"
    assert campaign.call_card is not None
    assert "e-mail only after consent: sole trader" in campaign.notes
    assert campaign.is_ready


@pytest.mark.parametrize("country", ["DE", "AT"])
def test_where_firms_have_to_agree_too_there_is_no_letter_and_the_call_card_is_ready(country: str) -> None:
    campaign = campaign_of(business=make_mobile_business(country=country, language="de"))
    assert campaign.email_text is None
    assert campaign.recipient_email is None
    assert campaign.channel == "call"
    assert campaign.call_card is not None
    assert campaign.is_ready, campaign.missing
    assert f"e-mail only after consent: in {country} firms have to agree first" in campaign.notes


def test_a_landline_gets_a_call_card_and_nothing_for_a_mobile() -> None:
    campaign = campaign_of(business=make_business())
    assert campaign.whatsapp_text is None
    assert campaign.whatsapp_url is None
    assert campaign.sms_text is None
    assert campaign.call_card is not None
    assert "Number: +44 191 498 0101" in campaign.call_card.facts


def test_the_whatsapp_link_opens_exactly_the_text() -> None:
    campaign = campaign_of(business=make_mobile_business(name="Bär & Söhne?#+%"))
    assert campaign.whatsapp_url is not None
    parts = urlsplit(campaign.whatsapp_url)
    assert (parts.netloc, parts.path) == ("wa.me", "/447700900123")
    assert parse_qs(parts.query)["text"] == [campaign.whatsapp_text]


def test_the_letter_says_where_the_address_was_found() -> None:
    contact = make_contact(page_url="https://www.harbour-bakery.port-linden.example/contact/")
    found = campaign_of(contacts=[contact])
    listed = campaign_of()
    assert found.email_text is not None
    assert listed.email_text is not None
    assert found.recipient_email == contact.value
    assert "I found your address on harbour-bakery.port-linden.example/contact." in found.email_text
    assert "Your address comes from the Port Linden town directory." in listed.email_text


def test_a_page_in_html_and_a_house_in_score_lane_are_plain_words() -> None:
    contact = make_contact(page_url="http://harbour-bakery.port-linden.example/contact.html")
    campaign = campaign_of(contacts=[contact], business=make_mobile_business(street="1 Score Lane"))
    assert campaign.is_ready, campaign.missing


@pytest.mark.parametrize("local_part", ["datenschutz", "webmaster", "noreply"])
def test_nobody_writes_to_an_address_that_is_not_the_owners(local_part: str) -> None:
    campaign = campaign_of(business=make_mobile_business(email=f"{local_part}@firm.example"))
    assert campaign.email_text is None


def test_a_lapsed_domain_takes_its_address_with_it() -> None:
    business = make_mobile_business(email="hello@harbour-bakery.port-linden.example")
    campaign = campaign_of(business=business, score=score_of("parked"))
    assert campaign.recipient_email is None
    assert campaign.channel == "call"


def test_a_number_that_page_and_record_disagree_on_is_printed_nowhere() -> None:
    business = make_business(phone_kind=PhoneKind.LANDLINE)
    score = score_of("mobile.viewport_missing", discrepancies=("phone", "opening_hours"))
    campaign = campaign_of(business=business, score=score)
    assert campaign.recipient_phone is None
    assert campaign.call_card is None
    assert "498 0101" not in repr(campaign)


def test_ready_to_call_is_rung_before_it_is_written_to() -> None:
    assert campaign_of(score=score_of("parked", lead_class=LeadClass.READY_TO_CALL)).channel == "call"


def test_the_next_fault_is_told_where_the_first_cannot_be_said_with_its_figures() -> None:
    findings = (
        make_finding(check_id="speed.heavy_images", parameters={"megabytes": "lots"}),
        make_finding(check_id="mobile.fixed_width"),
    )
    score = make_score(findings=findings, top_issues=("speed.heavy_images", "mobile.fixed_width"))
    assert campaign_of(score=score).fault_check_id == "mobile.fixed_width"


@pytest.mark.parametrize(
    "label",
    ["Visit http://evil.example now", "boss@evil.example", "x" * 41, "<script>", "{name}", "www.evil"],
)
def test_a_strange_label_of_a_link_is_not_quoted(label: str) -> None:
    finding = make_finding(check_id="reachability.broken_link", parameters={"label": label, "status": "404"})
    campaign = campaign_of(
        score=make_score(findings=(finding,), top_issues=("reachability.broken_link",)), site=None
    )
    assert campaign.email_text is not None
    assert "one of the links leads to an error page" in campaign.email_text
    assert label not in campaign.email_text


def test_a_very_long_address_costs_the_praise_and_not_the_limit() -> None:
    agency = Agency(
        name="Northlight",
        sender="Ruth von der Ackermann zu Linden",
        postal_address="Northlight, The Old Salt Store, Third Floor, Saltpan Yard, Wester Hythe, NE99 8SY, UK",
        phone="+441914980950",
        reply_to="r@n.example",
    )
    score = score_of("mobile.fixed_width", praise="local.hours_missing")
    campaign = campaign_of(score=score, agency=agency)
    assert draft_faults(campaign) == []


@given(name=st.text(min_size=1, max_size=120))
def test_no_name_breaks_a_draft_or_the_gate(name: str) -> None:
    campaign = campaign_of(business=make_mobile_business(name=name))
    assert draft_faults(campaign) == []


@pytest.mark.parametrize(
    "name", ["{{ 7*7 }}", "None", "[name]", "The Virus Bar", "https://evil.example", "{page}"]
)
def test_a_name_that_reads_like_a_fault_waits_for_a_person(name: str) -> None:
    campaign = campaign_of(
        business=make_mobile_business(name=name, fingerprint="0"), score=score_of("website_unknown")
    )
    assert not campaign.is_ready
    assert draft_faults(campaign) == []


def test_the_gate_finds_what_was_left_in_a_ready_draft() -> None:
    campaign = campaign_of()
    assert campaign.email_text is not None
    bad = {
        "email_text": campaign.email_text + "\n[name] {{ x }} https://second.example \N{PARTY POPPER}",
        "email_subject": "RE: hello!",
        "sms_text": "x" * 161,
        "whatsapp_url": None,
    }
    faults = " ".join(draft_faults(dataclasses.replace(campaign, **bad)))
    for said in ("placeholder", "links", "emoji", "trick", "one SMS", "come together"):
        assert said in faults
    assert draft_faults(dataclasses.replace(campaign, email_text="word " * 120))
    assert draft_faults(dataclasses.replace(campaign, is_ready=False))
    assert AGENCY.sender is not None
    assert SITE.token in (campaign.demo_url or "")
