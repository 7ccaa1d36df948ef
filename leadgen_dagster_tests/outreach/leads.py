"""Leads for outreach tests: one situation each, any part replaced by keyword."""

from datetime import date
from typing import Any

from leadgen_dagster.agency import Agency
from leadgen_dagster.discovery.businesses import Business, PhoneKind
from leadgen_dagster.exports.leads import Lead
from leadgen_dagster.outreach.campaign import write_campaigns
from leadgen_dagster.outreach.campaigns import NoCampaign, OutreachCampaign
from leadgen_dagster.outreach.copywriter import DeterministicCopywriter
from leadgen_dagster.outreach.plan import Terms
from leadgen_dagster.scoring.scores import WebsiteScore, WebsiteState
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster_tests.factories import make_business, make_finding, make_score

AGENCY = Agency(
    name="Northlight Studio",
    sender="Ruth Ackermann",
    postal_address="Northlight Studio, 3 Saltpan Yard, Wester Hythe, NE99 8SY, United Kingdom",
    phone="+441914980950",
    reply_to="ruth@northlight-studio.example",
    public_url="https://demos.northlight-studio.example",
)
SITE = GeneratedSite(
    id="5d1c0f1e-3d9f-5a75-a90d-6b8f0e5d7c02",
    business_id=make_business().id,
    theme="quay",
    palette="slate",
    language="en",
    token="q7h3k9v2m4xp",
    content_hash="0" * 64,
    size_bytes=20_000,
    score_after=97,
)
STATES = ("parked", "under_construction", "social_only", "website_unknown")
LOOKED_ON = date(2026, 11, 22)
_PARAMETERS = {
    "label": "Book a room",
    "megabytes": "15.1",
    "year": "2014",
    "date": "2026-10-19",
    "url": "http://harbour-bakery.port-linden.example/book",
    "status": "404",
    "count": "7",
    "network": "Facebook",
    "passage": "Price list: coming soon",
}


def make_mobile_business(**fields: object) -> Business:
    """One with a mobile number and a profile, so that every draft is written."""
    mobile = {
        "phone": "+447700900123",
        "phone_kind": PhoneKind.MOBILE,
        "social_profiles": ("https://www.instagram.com/harbour.bakery",),
        "email": "harbour.bakery@post.example",
    }
    return make_business(**(mobile | fields))


def score_of(topic: str, **fields: object) -> WebsiteScore:
    """A score whose pitch is one check or one state."""
    if topic in STATES:
        state = {"website_state": WebsiteState(topic), "score": None, "findings": (), "top_issues": ()}
        return make_score(**(state | fields))
    finding = make_finding(check_id=topic, parameters=_PARAMETERS)
    return make_score(**({"findings": (finding,), "top_issues": (topic,)} | fields))


def make_lead(**fields: object) -> Lead:
    """A lead with everything in order."""
    defaults: dict[str, Any] = {
        "business": make_mobile_business(),
        "score": score_of("mobile.viewport_missing"),
        "contacts": (),
        "site": SITE,
    }
    return Lead(**(defaults | fields))


def make_terms(**fields: object) -> Terms:
    """An agency with everything in order, and nobody on its lists."""
    defaults: dict[str, Any] = {
        "agency": AGENCY,
        "public_url": AGENCY.public_url,
        "copywriter": DeterministicCopywriter(),
        "is_suppressed": lambda _mark: False,
        "ordered_on": LOOKED_ON,
    }
    return Terms(**(defaults | fields))


def outcome_of(**fields: object) -> OutreachCampaign | NoCampaign:
    """What becomes of one lead; fields of the lead and of the terms alike."""
    of_lead = {name: fields.pop(name) for name in list(fields) if name in Lead.__dataclass_fields__}
    (result,) = write_campaigns([make_lead(**of_lead)], make_terms(**fields))
    return result


def campaign_of(**fields: object) -> OutreachCampaign:
    """The campaign of a lead that has one."""
    result = outcome_of(**fields)
    assert isinstance(result, OutreachCampaign), result
    return result


def refusal_of(**fields: object) -> NoCampaign:
    """Why a lead has no campaign; and it has none."""
    result = outcome_of(**fields)
    assert isinstance(result, NoCampaign), result
    return result
