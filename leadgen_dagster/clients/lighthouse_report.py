"""What Lighthouse reports, from its own program or from PageSpeed Insights: one format, read in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, TypeVar

from leadgen_dagster.errors import LeadgenError
from leadgen_dagster.scoring.audits import AuditedPage, AuditFinding, AuditMethod, AuditOutcome
from leadgen_dagster.scoring.domains import is_same_site
from leadgen_dagster.scoring.page_view import snippet
from leadgen_dagster.scoring.scores import Category

Name = TypeVar("Name", bound=str)

CATEGORIES: Mapping[str, Category] = {
    "performance": Category.PERFORMANCE,
    "accessibility": Category.ACCESSIBILITY,
    "best-practices": Category.BEST_PRACTICES,
    "seo": Category.SEO,
}
"""Lighthouse's names -> ours."""

FIGURES: Mapping[str, str] = {
    "first-contentful-paint": "first_paint_ms",
    "largest-contentful-paint": "largest_paint_ms",
    "speed-index": "speed_index_ms",
    "total-blocking-time": "blocked_ms",
    "cumulative-layout-shift": "layout_shift",
    "server-response-time": "server_answer_ms",
    "total-byte-weight": "total_bytes",
}
"""Ids of audits -> what their numbers are called here."""

PASSED = 0.9
MOST_FINDINGS = 50


class LighthouseError(LeadgenError):
    """Lighthouse could not load or judge the page; its text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LighthouseReport:
    """One run's report."""

    category_scores: Mapping[Category, float]
    figures: Mapping[str, float]
    findings: tuple[AuditFinding, ...]
    versions: Mapping[str, str]


def read_report(report: object) -> LighthouseReport:
    """Reads a report (`lighthouseResult` of an API answer); fields that are missing are passed over.

    Raises:
        LighthouseError: the page could not be loaded, it led on to another site, or there is no score in it.
    """
    told = _mapping(report)
    failure = _mapping(told.get("runtimeError"))
    if failure.get("code") not in (None, "NO_ERROR"):
        raise LighthouseError(snippet(f"{failure.get('code')}: {failure.get('message', '')}"))
    asked, seen = told.get("requestedUrl"), told.get("finalDisplayedUrl")
    if isinstance(asked, str) and isinstance(seen, str) and not is_same_site(asked, seen):
        raise LighthouseError(f"the page leads on to {snippet(seen)}")
    categories, audits = _mapping(told.get("categories")), _mapping(told.get("audits"))
    scores = {
        category: 100 * score
        for name, category in CATEGORIES.items()
        if (score := _number(_mapping(categories.get(name)).get("score"))) is not None and 0 <= score <= 1
    }
    if not scores:
        raise LighthouseError("the report holds no score")
    numbers = {
        name: _number(_mapping(audits.get(audit_id)).get("numericValue"))
        for audit_id, name in FIGURES.items()
    }
    version = told.get("lighthouseVersion")
    return LighthouseReport(
        category_scores=scores,
        figures={name: number for name, number in numbers.items() if number is not None},
        findings=_findings(categories, audits),
        versions={"lighthouse": version} if isinstance(version, str) else {},
    )


def measured_audit(
    method: AuditMethod, url: str, moment: datetime, reports: Sequence[LighthouseReport]
) -> AuditedPage:
    """The median of each score and figure over one report or more; findings and versions are the first one's."""
    scores = {
        category: [one.category_scores.get(category) for one in reports] for category in CATEGORIES.values()
    }
    figures = {name: [one.figures.get(name) for one in reports] for name in FIGURES.values()}
    return AuditedPage(
        method=method,
        url=url,
        audited_at=moment,
        outcome=AuditOutcome.DONE,
        category_scores={category: round(value, 1) for category, value in _medians(scores).items()},
        figures={
            "runs": len(reports),
            **{name: round(value, 3) for name, value in _medians(figures).items()},
        },
        findings=reports[0].findings,
        versions=reports[0].versions,
    )


def _medians(values: Mapping[Name, Sequence[float | None]]) -> dict[Name, float]:
    known = {name: [value for value in some if value is not None] for name, some in values.items()}
    return {name: median(some) for name, some in known.items() if some}


def _findings(categories: Mapping[str, Any], audits: Mapping[str, Any]) -> tuple[AuditFinding, ...]:
    """The audits that count for a score and failed, the weightiest first."""
    weights: dict[str, float] = {}
    for name in CATEGORIES:
        for reference in _list(_mapping(categories.get(name)).get("auditRefs")):
            ref = _mapping(reference)
            audit_id, weight = ref.get("id"), _number(ref.get("weight")) or 0
            if isinstance(audit_id, str) and weight > 0:
                weights[audit_id] = max(weight, weights.get(audit_id, 0))
    found: list[AuditFinding] = []
    for audit_id in sorted(weights, key=lambda one: (-weights[one], one)):
        audit = _mapping(audits.get(audit_id))
        score = _number(audit.get("score"))
        if score is None or score >= PASSED:
            continue
        items = _list(_mapping(audit.get("details")).get("items"))
        found.append(
            AuditFinding(
                rule_id=audit_id,
                title=snippet(str(audit.get("title") or audit_id)),
                count=max(1, len(items)),
                where=_where(items),
            )
        )
    return tuple(found[:MOST_FINDINGS])


def _where(items: Sequence[object]) -> str | None:
    first = _mapping(items[0]) if items else {}
    node = _mapping(first.get("node"))
    for told in (node.get("selector"), first.get("url"), first.get("description")):
        if isinstance(told, str) and told:
            return snippet(told)
    return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: object) -> float | None:
    """A finite number; `true` is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 else None
