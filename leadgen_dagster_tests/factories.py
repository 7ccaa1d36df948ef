"""Objects for tests: every field sensible, any of them replaced by keyword."""

from datetime import UTC, date, datetime
from typing import Any

from leadgen_dagster.discovery.businesses import Business, Origin, PhoneKind, WebsiteOrigin
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.scores import (
    Category,
    Confidence,
    Evidence,
    Finding,
    LeadClass,
    Opportunity,
    WebsiteScore,
    WebsiteState,
)
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome, PageKind, PageSnapshot, Timings

FETCHED_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def make_business(**fields: Any) -> Business:
    defaults: dict[str, Any] = {
        "id": "7f0c1a52-0c4e-5d3e-9a55-0d7b8d1f6a01",
        "fingerprint": "harbour-bakery-1",
        "name": "Harbour Bakery",
        "niche": "bakery",
        "street": "4 Quay Street",
        "postcode": "NE99 1AA",
        "city": "Port Linden",
        "country": "GB",
        "latitude": 55.01,
        "longitude": -1.42,
        "phone": "+441914980101",
        "phone_kind": PhoneKind.LANDLINE,
        "email": "hello@harbour-bakery.port-linden.example",
        "website": "http://harbour-bakery.port-linden.example/",
        "website_origin": WebsiteOrigin.RECORD,
        "opening_hours": "Mo-Fr 08:00-17:00; Sa 08:00-13:00",
        "language": "en",
        "last_edited": date(2026, 9, 1),
        "origins": (
            Origin(
                source="demo",
                source_id="1",
                licence="CC0-1.0",
                attribution="Port Linden, a fictional town",
                name="Harbour Bakery",
            ),
        ),
    }
    return Business(**(defaults | fields))


def make_page(**fields: Any) -> FetchedPage:
    defaults: dict[str, Any] = {
        "url": "http://harbour-bakery.port-linden.example/",
        "outcome": FetchOutcome.FETCHED,
        "fetched_at": FETCHED_AT,
        "final_url": "http://harbour-bakery.port-linden.example/",
        "status": 200,
        "http_version": "HTTP/1.1",
        "headers": (("content-type", "text/html; charset=utf-8"),),
        "timings": Timings(dns_ms=3.0, connect_ms=12.0, first_byte_ms=90.0, total_ms=120.0),
        "body": b"<!doctype html><html lang='en'><title>Harbour Bakery</title><h1>Harbour Bakery</h1></html>",
    }
    values = defaults | fields
    if values["body"] is not None:
        values.setdefault("content_length", len(values["body"]))
    return FetchedPage(**values)


def make_snapshot(**fields: Any) -> PageSnapshot:
    page_fields = {key: fields.pop(key) for key in list(fields) if key in FetchedPage.__dataclass_fields__}
    defaults: dict[str, Any] = {
        "id": "f3f2b9b0-53a8-5b5a-8a5c-2f6f4c1d2e01",
        "business_id": make_business().id,
        "kind": PageKind.HOME,
        "page": make_page(**page_fields),
    }
    return PageSnapshot(**(defaults | fields))


def make_finding(**fields: Any) -> Finding:
    defaults: dict[str, Any] = {
        "check_id": "mobile.viewport_missing",
        "category": Category.CONVERSION,
        "points_lost": 6.0,
        "is_pitchable": True,
        "severity": 90,
        "evidence": Evidence(
            url="http://harbour-bakery.port-linden.example/",
            looked_at=date(2026, 11, 22),
            where="head",
            snippet="no <meta name=viewport>",
        ),
    }
    return Finding(**(defaults | fields))


def make_score(**fields: Any) -> WebsiteScore:
    defaults: dict[str, Any] = {
        "id": "0b2f0f1e-3d9f-5a75-a90d-6b8f0e5d7c01",
        "business_id": make_business().id,
        "website_state": WebsiteState.OK,
        "state_reason": "The website was looked at.",
        "score": 48,
        "category_scores": dict.fromkeys(Category, 48),
        "findings": (make_finding(),),
        "top_issues": ("mobile.viewport_missing",),
        "confidence": Confidence.HIGH,
        "confidence_reason": "Most checks applied.",
        "opportunity": Opportunity(total=80, need=40, reachability=30, fit=10),
        "lead_class": LeadClass.READY_TO_MAIL,
        "lead_reason": "The website is weak and there is an address to write to.",
        "wants_demo": True,
        "rubric_version": "test",
        "rubric_hash": "0" * 64,
        "opportunity_version": "test",
    }
    return WebsiteScore(**(defaults | fields))


def make_contact(**fields: Any) -> Contact:
    defaults: dict[str, Any] = {
        "id": "5a0d4a0f-8a0d-5e11-8d0a-3f8d5e9e4b01",
        "business_id": make_business().id,
        "kind": ContactKind.EMAIL,
        "value": "hello@harbour-bakery.port-linden.example",
        "is_role_address": True,
        "is_best": True,
        "page_url": "http://harbour-bakery.port-linden.example/",
        "snippet": "mailto:hello@harbour-bakery.port-linden.example",
    }
    return Contact(**(defaults | fields))
