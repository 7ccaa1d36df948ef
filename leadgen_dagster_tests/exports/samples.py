"""Leads and a run for the tests of this folder."""

from uuid import NAMESPACE_URL, uuid5

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.exports.leads import Lead
from leadgen_dagster.orders import Executor, ProcessingRun, ProcessingRunConfig
from leadgen_dagster.outreach.campaigns import CallCard, CampaignRefusal, NoDraft, OutreachCampaign
from leadgen_dagster.scoring.scores import LeadClass, Opportunity, WebsiteScore, WebsiteState
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster_tests.factories import FETCHED_AT, make_business, make_contact, make_score

RUN_ID = "2026-11-22-port-linden-shops-7f3a"

HOSTILE_NAMES = (
    '=HYPERLINK("http://evil.example","Menu")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "\N{ZERO WIDTH SPACE}=1+1",
    "<r><t>raw</t></r>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "مطعم الشام",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe",
    "Café 🍰👩‍👩‍👧 Ünïcode",
    "two\nlines, and \"quotes\"; 'more'",
    "end\N{LINE SEPARATOR}of\x85line",
    "nul\0inside \x07 bell",
    "_x0041_",
    "a lone \ud800 surrogate",
)


def make_site(**fields: object) -> GeneratedSite:
    defaults: dict[str, object] = {
        "id": "c6b51c28-7d0e-5f0e-8a0f-1f2e3d4c5b01",
        "business_id": make_business().id,
        "theme": "harbour",
        "palette": "slate",
        "language": "en",
        "token": "k3v9q2",
        "content_hash": "a" * 64,
        "size_bytes": 18_000,
        "score_before": 48,
        "score_after": 96,
    }
    return GeneratedSite(**(defaults | fields))


def make_campaign(**fields: object) -> OutreachCampaign:
    defaults: dict[str, object] = {
        "id": "d0e4ab1f-9a51-5a5a-8cfe-6b5a4c3d2e01",
        "business_id": make_business().id,
        "language": "en",
        "channel": "email",
        "recipient_email": "hello@harbour-bakery.port-linden.example",
        "email_subject": "Your page on a phone",
        "email_text": "Hello,\n\nI opened your page on my phone.",
        "call_card": CallCard(
            opening="Hello, it is Maria.", facts=("Open since 1961",), ask="May I send it?"
        ),
        "fault_check_id": "mobile.viewport_missing",
        "demo_url": "https://demos.example/d/k3v9q2/",
        "is_ready": True,
        "writer": "deterministic",
    }
    return OutreachCampaign(**(defaults | fields))


def make_lead(**fields: object) -> Lead:
    defaults: dict[str, object] = {
        "business": make_business(),
        "score": make_score(),
        "contacts": (make_contact(),),
        "site": make_site(),
        "campaign": make_campaign(),
    }
    return Lead(**(defaults | fields))


def refused_lead(kind: NoDraft, reason: str, **fields: object) -> Lead:
    """A lead that nothing was drafted for."""
    refusal = CampaignRefusal(id="refusal", business_id=make_business().id, kind=kind, reason=reason)
    return make_lead(**({"campaign": None, "refusal": refusal} | fields))


def named_leads(*names: str) -> list[Lead]:
    """One lead a name, each with an id of its own."""
    return [
        make_lead(business=make_business(name=name, id=str(uuid5(NAMESPACE_URL, f"{index}"))))
        for index, name in enumerate(names)
    ]


def bare_lead(**fields: object) -> Lead:
    """A lead of which hardly anything is known."""
    business = Business(id="bare", fingerprint="bare-1", name="Tailor", niche="tailor")
    return Lead(business=business, score=bare_score(**fields))


def bare_score(**fields: object) -> WebsiteScore:
    defaults: dict[str, object] = {
        "id": "bare-score",
        "business_id": "bare",
        "website_state": WebsiteState.WEBSITE_UNKNOWN,
        "state_reason": "I could not find a website in the sources.",
        "score": None,
        "category_scores": {},
        "findings": (),
        "top_issues": (),
        "opportunity": Opportunity(total=5, need=5, reachability=0, fit=0),
        "lead_class": LeadClass.LEAVE_ALONE,
        "lead_reason": "There is nothing to reach it by.",
    }
    return make_score(**(defaults | fields))


def make_run(**fields: object) -> ProcessingRun:
    config = {"location": "Port Linden", "niche": "shops", "sources": ["demo"]} | fields
    return ProcessingRun(
        id=RUN_ID,
        config=ProcessingRunConfig.parse(config),
        requested_by="a test",
        requested_at=FETCHED_AT,
        executor=Executor.PROCESS,
        request_key="test",
    )
