"""Audits for tests: every field sensible, any of them replaced by keyword."""

from typing import Any

from leadgen_dagster.scoring.audits import AuditedPage, AuditFinding, AuditMethod, AuditOutcome, PageAudit
from leadgen_dagster.scoring.scores import Category
from leadgen_dagster_tests.factories import FETCHED_AT, make_business

HOME = "http://harbour-bakery.port-linden.example/"


def make_audited_page(**fields: Any) -> AuditedPage:
    return AuditedPage(**(_seen() | fields))


def make_audit(**fields: Any) -> PageAudit:
    own = {"id": "0d1d8a3e-8f0c-5f0e-9d51-2c7f5f0e3a01", "business_id": make_business().id}
    return PageAudit(**(own | _seen() | fields))


def failed(method: AuditMethod, error: str) -> PageAudit:
    return make_audit(
        method=method,
        outcome=AuditOutcome.FAILED,
        error=error,
        category_scores={},
        figures={},
        findings=(),
        screenshots={},
    )


def _seen() -> dict[str, Any]:
    return {
        "method": AuditMethod.BROWSER,
        "url": HOME,
        "audited_at": FETCHED_AT,
        "outcome": AuditOutcome.DONE,
        "category_scores": {Category.PERFORMANCE: 40.0, Category.ACCESSIBILITY: 62.5},
        "figures": {"total_bytes": 2_400_000, "scrolls_sideways": True, "smallest_font_px": 9.5},
        "findings": (
            AuditFinding(rule_id="image-alt", title="Images must have words", impact="critical", count=3),
        ),
        "screenshots": {"phone": "0" * 64},
        "versions": {"chromium": "140.0"},
    }
