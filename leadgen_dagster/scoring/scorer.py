"""From stored pages to a score with evidence. Pure: the same bytes and the same rubric give the same answer."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.normalise import TOWN_SUFFIX
from leadgen_dagster.scoring.audits import PageAudit
from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, NotApplicable, Outcome, Passed
from leadgen_dagster.scoring.checks.security import expired_certificate_of
from leadgen_dagster.scoring.collector import no_search_for_cycles
from leadgen_dagster.scoring.confidence import confidence_in_pages, confidence_in_state
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.discrepancies import discrepancies
from leadgen_dagster.scoring.hybrid import hybrid
from leadgen_dagster.scoring.lead_class import Situation, classify, flags_of, is_sensitive, wants_demo
from leadgen_dagster.scoring.machine_text import text_addressed_to_machines
from leadgen_dagster.scoring.opportunity import OPPORTUNITY_VERSION, opportunity
from leadgen_dagster.scoring.page_view import PageView, snippet
from leadgen_dagster.scoring.reachability import reachability
from leadgen_dagster.scoring.rubric import HIGH_SEVERITY, RUBRIC
from leadgen_dagster.scoring.rules import Rubric, Rule
from leadgen_dagster.scoring.scores import (
    Category,
    Evidence,
    Finding,
    ScoreMethod,
    WebsiteScore,
    WebsiteState,
)
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome, PageKind, PageSnapshot
from leadgen_dagster.scoring.website_state import StateVerdict, website_state

MOST_TOP_ISSUES = 3

PRAISEWORTHY = (
    "local.hours_missing",
    "conversion.phone_not_clickable",
    "local.map_missing",
    "local.address_missing",
    "mobile.viewport_missing",
    "security.no_https",
)
"""Checks whose passing a shopkeeper knows of."""

WHOLE_TOPICS = frozenset({"mobile", "security"})
"""Topics that a praise speaks of as a whole: "fits a phone screen" beside tiny text would contradict itself."""

CERTIFICATE = "security.certificate_expired"
DEMO_ADDRESS = f"https://demo.{TOWN_SUFFIX}/"
"""Where a demo that has no address yet is taken to stand; nothing is fetched from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedScore:
    """A rendered page, looked at over the checks that are fair to it."""

    score: int
    failed: tuple[str, ...]
    passed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Marks:
    """What the checks said, and what it comes to."""

    outcomes: Mapping[str, Outcome]
    category_scores: Mapping[Category, float]
    score: int
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> tuple[str, ...]:
        return tuple(check_id for check_id, outcome in self.outcomes.items() if isinstance(outcome, Passed))

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(finding.check_id for finding in self.findings)

    @property
    def not_applicable(self) -> tuple[str, ...]:
        return tuple(
            check_id for check_id, outcome in self.outcomes.items() if isinstance(outcome, NotApplicable)
        )


@no_search_for_cycles()
def score_website(
    business: Business,
    snapshots: Sequence[PageSnapshot],
    contacts: Sequence[Contact],
    audits: Sequence[PageAudit] = (),
    *,
    ordered_on: date,
    score_threshold: int,
    rubric: Rubric = RUBRIC,
) -> WebsiteScore:
    """The score, the lead class and all that stands behind them, for one business that is not excluded.

    Args:
        snapshots: its pages; for one that scripts put together also as a browser had it, if one looked.
        audits: the second looks at its home page, if the order asked for any.
    """
    home = _page_of(snapshots, PageKind.HOME)
    verdict, page = _home_as_seen(business, home, snapshots)
    site = SitePages.of(business, page, snapshots) if page and verdict.state is WebsiteState.OK else None
    marks = _marked(site, rubric, rubric.rules) if site else None
    differing = discrepancies(site) if site else ()
    flags = flags_of(
        business,
        ordered_on=ordered_on,
        discrepancies=differing,
        has_machine_text=bool(site and text_addressed_to_machines(site)),
    )
    findings = marks.findings if marks else _transport_findings(home, rubric)
    sureness, why_sure = (
        confidence_in_pages(site, marks.outcomes) if site and marks else confidence_in_state(verdict)
    )
    both = hybrid(marks.category_scores if marks else {}, audits, rubric.category_weights)
    sureness, why_sure = both.confidence(sureness, why_sure)
    static_score = marks.score if marks else None
    category_scores = both.category_scores or (marks.category_scores if marks else {})
    ways = reachability(business, contacts, state=verdict.state, cause=verdict.cause, discrepancies=differing)
    case = Situation(
        state=verdict.state,
        state_reason=verdict.reason,
        score=both.score if both.is_hybrid else static_score,
        score_threshold=score_threshold,
        has_high_severity=any(one.is_pitchable and one.severity >= HIGH_SEVERITY for one in findings),
        is_certificate_expired=any(one.check_id == CERTIFICATE for one in findings),
        has_pitch=any(one.is_pitchable for one in findings),
        ways=ways,
        flags=flags,
    )
    lead_class, lead_reason = classify(case)
    return WebsiteScore(
        id=str(uuid5(UUID(business.id), "score")),
        business_id=business.id,
        website_state=verdict.state,
        state_cause=verdict.cause,
        state_reason=verdict.reason,
        score=case.score,
        static_score=static_score,
        score_method=ScoreMethod.HYBRID if both.is_hybrid else ScoreMethod.STATIC,
        method_note=both.note,
        category_scores={category: round(points) for category, points in category_scores.items()},
        checks_passed=marks.passed if marks else (),
        checks_not_applicable=marks.not_applicable if marks else (),
        findings=findings,
        top_issues=_top_issues(findings),
        praise=_praise(business, marks, rubric),
        discrepancies=differing,
        flags=flags,
        confidence=sureness,
        confidence_reason=why_sure,
        opportunity=opportunity(
            business,
            state=verdict.state,
            score=case.score,
            has_high_severity=case.has_high_severity,
            confidence=sureness,
            ways=ways,
            is_sensitive=is_sensitive(business),
        ),
        lead_class=lead_class,
        lead_reason=lead_reason,
        wants_demo=wants_demo(case),
        is_sensitive=is_sensitive(business),
        rubric_version=rubric.version,
        rubric_hash=rubric.hash,
        opportunity_version=OPPORTUNITY_VERSION,
    )


def _page_of(snapshots: Sequence[PageSnapshot], kind: PageKind) -> FetchedPage | None:
    return next((one.page for one in snapshots if one.kind is kind), None)


def _home_as_seen(
    business: Business, home: FetchedPage | None, snapshots: Sequence[PageSnapshot]
) -> tuple[StateVerdict, PageView | None]:
    """The state of the home page as it was fetched; of one that only scripts fill, as a browser had it."""
    verdict, page = website_state(business, home)
    rendered = _page_of(snapshots, PageKind.RENDERED)
    if rendered is None or (verdict.state, verdict.cause) != (WebsiteState.SHELL, "scripts"):
        return verdict, page
    seen, rendered_page = website_state(business, rendered)
    if (seen.state, seen.cause) == (verdict.state, verdict.cause):
        reason = "The page needs scripts. A browser read it too, and found next to no text."
    else:
        reason = f"{seen.reason} Its text is put there by scripts: a browser read it."
    return replace(seen, reason=reason), rendered_page


def score_rendered(
    business: Business,
    html: bytes,
    *,
    looked_at: datetime,
    only: Collection[str],
    rubric: Rubric = RUBRIC,
) -> RenderedScore:
    """The score of a page that was rendered and not fetched, over the given checks; those about hosting left out."""
    page = FetchedPage(
        url=DEMO_ADDRESS,
        outcome=FetchOutcome.FETCHED,
        fetched_at=looked_at,
        final_url=DEMO_ADDRESS,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        content_length=len(html),
        body=html,
    )
    asked = [
        rule.check_id for rule in rubric.rules.values() if rule.check_id in only and not rule.is_about_hosting
    ]
    marks = _marked(SitePages(business=business, home=PageView(page)), rubric, asked)
    return RenderedScore(
        score=marks.score, failed=tuple(one.check_id for one in marks.findings), passed=marks.passed
    )


def comparable_checks(score: WebsiteScore) -> frozenset[str]:
    """The checks that are fair to an old site and a demo alike; without a scored site all but those about hosting."""
    fair = frozenset(rule.check_id for rule in RUBRIC.rules.values() if not rule.is_about_hosting)
    if score.score is None:
        return fair
    # What was asked, and not what was not: a row of an older rubric knows nothing of later checks.
    return fair & {*score.checks_passed, *(finding.check_id for finding in score.findings)}


def score_over(score: WebsiteScore, only: Collection[str], rubric: Rubric = RUBRIC) -> int | None:
    """A stored score reckoned again over some of its checks; None where the site was not scored."""
    if score.score is None:
        return None
    failed = {finding.check_id for finding in score.findings}
    applicable = (failed | set(score.checks_passed)) & set(only)
    return _total(_category_scores(applicable, failed, rubric), rubric)


def _marked(site: SitePages, rubric: Rubric, check_ids: Iterable[str]) -> _Marks:
    outcomes = {check_id: CHECKS[check_id](site) for check_id in check_ids}
    failed = {check_id: outcome for check_id, outcome in outcomes.items() if isinstance(outcome, Failed)}
    applicable = {
        check_id for check_id, outcome in outcomes.items() if not isinstance(outcome, NotApplicable)
    }
    category_scores = _category_scores(applicable, failed, rubric)
    costs = _costs(applicable, failed, rubric)
    looked_at = site.looked_at
    findings = [
        _finding(rubric.rules[check_id], outcome, site.home.url, looked_at, costs[check_id])
        for check_id, outcome in failed.items()
    ]
    findings.sort(key=lambda one: (-one.points_lost, -one.severity, one.check_id))
    return _Marks(outcomes, category_scores, _total(category_scores, rubric), tuple(findings))


def _category_scores(
    applicable: AbstractSet[str], failed: Collection[str], rubric: Rubric
) -> dict[Category, float]:
    """The weighted share of the applicable checks that passed, for each category that has one."""
    scores: dict[Category, float] = {}
    for category, weights in rubric.weights.items():
        asked = weights.keys() & applicable
        if whole := sum(map(weights.__getitem__, asked)):
            passed = whole - sum(map(weights.__getitem__, asked.intersection(failed)))
            scores[category] = 100 * passed / whole
    return scores


def _total(category_scores: Mapping[Category, float], rubric: Rubric) -> int:
    weights = rubric.category_weights
    whole = sum(weights[category] for category in category_scores)
    if not whole:  # a person's own weights may all be on what does not apply to this page
        return round(sum(category_scores.values()) / len(category_scores)) if category_scores else 0
    return round(sum(weights[category] * score for category, score in category_scores.items()) / whole)


def _costs(applicable: AbstractSet[str], failed: Collection[str], rubric: Rubric) -> dict[str, float]:
    """What each fault costs of the whole score, by what the applicable checks of each category weigh together."""
    of_category = {
        category: sum(map(weights.__getitem__, weights.keys() & applicable))
        for category, weights in rubric.weights.items()
    }
    whole = sum(rubric.category_weights[category] for category, weight in of_category.items() if weight)
    costs = dict.fromkeys(failed, 0.0)
    for category, weight in of_category.items():
        share = rubric.category_weights[category] / whole if whole else 0.0
        weights = rubric.weights[category]
        for check_id in weights.keys() & failed if weight else ():
            costs[check_id] = round(100 * share * weights[check_id] / weight, 2)
    return costs


def _finding(rule: Rule, failed: Failed, url: str, looked_at: date, points_lost: float) -> Finding:
    return Finding(
        check_id=rule.check_id,
        category=rule.category,
        points_lost=points_lost,
        is_pitchable=rule.is_pitchable,
        severity=rule.severity,
        evidence=Evidence(
            url=failed.url or url,
            looked_at=looked_at,
            where=snippet(failed.where),
            snippet=snippet(failed.snippet),
        ),
        parameters=dict(failed.parameters),
    )


def _transport_findings(home: FetchedPage | None, rubric: Rubric) -> tuple[Finding, ...]:
    """What is wrong with a website that could not be opened; it costs no points, for there is no score."""
    failed = expired_certificate_of(home) if home else None
    if home is None or failed is None:
        return ()
    return (_finding(rubric.rules[CERTIFICATE], failed, home.url, home.fetched_at.date(), 0.0),)


def _top_issues(findings: Sequence[Finding]) -> tuple[str, ...]:
    ranked = sorted(findings, key=lambda one: (not one.is_pitchable, -one.severity, one.check_id))
    return tuple(one.check_id for one in ranked[:MOST_TOP_ISSUES])


def _praise(business: Business, marks: _Marks | None, rubric: Rubric) -> str | None:
    """One of the things that work; neighbours get different ones, and the same business always the same."""
    if marks is None:
        return None
    faulty = {check_id.partition(".")[0] for check_id in marks.failed if rubric.rules[check_id].is_pitchable}
    praiseworthy = [
        check_id
        for check_id in PRAISEWORTHY
        if isinstance(marks.outcomes.get(check_id), Passed)
        and check_id.partition(".")[0] not in WHOLE_TOPICS & faulty
    ]
    if not praiseworthy:
        return None
    digest = hashlib.sha256(business.fingerprint.encode()).digest()
    return praiseworthy[int.from_bytes(digest[:8]) % len(praiseworthy)]
