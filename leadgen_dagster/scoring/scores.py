"""The result of scoring: states, findings, the score, the lead class. Types only; the rules stand beside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Category(StrEnum):
    """The six scored categories; their weights (sum 100) stand in `rubric.py`."""

    PERFORMANCE = "performance"
    ACCESSIBILITY = "accessibility"
    BEST_PRACTICES = "best_practices"
    SEO = "seo"
    TRUST = "trust"
    CONVERSION = "conversion"

    @property
    def label(self) -> str:
        """What a person reads, everywhere the same; in files stands the value."""
        return "SEO" if self is Category.SEO else self.replace("_", " ").capitalize()


class WebsiteState(StrEnum):
    """What became of the attempt to look at a business's website. Only `OK` is scored."""

    OK = "ok"
    WEBSITE_UNKNOWN = "website_unknown"
    SOCIAL_ONLY = "social_only"
    OTHER_DOMAIN = "other_domain"
    PARKED = "parked"
    UNDER_CONSTRUCTION = "under_construction"
    SHELL = "shell"
    BLOCKED = "blocked"
    NOT_FOUND = "not_found"
    UNREACHABLE = "unreachable"
    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"


class LeadClass(StrEnum):
    READY_TO_MAIL = "ready_to_mail"
    READY_TO_CALL = "ready_to_call"
    CHECK_FIRST = "check_first"
    LEAVE_ALONE = "leave_alone"

    @property
    def is_ready(self) -> bool:
        """Whether one may get in touch at once."""
        return self in {LeadClass.READY_TO_MAIL, LeadClass.READY_TO_CALL}


class ScoreMethod(StrEnum):
    STATIC = "static"
    """From the stored pages alone."""
    HYBRID = "hybrid"
    """Combined with what a browser, Lighthouse or PageSpeed Insights measured; the formula stands in `hybrid.py`."""


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What proves a finding: where one looks, and what one sees there."""

    url: str
    looked_at: date
    where: str
    """A CSS selector, a header's name, or what was measured."""
    snippet: str
    """At most 200 characters of the page, the header's value, or the number with its unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault that one check found. Weights and wording are the rubric's."""

    check_id: str
    """`topic.name`, e.g. `mobile.viewport_missing`: a key of the rubric."""
    category: Category
    points_lost: float
    """Of the whole score (0 to 100)."""
    is_pitchable: bool
    severity: int
    """Rank for a shopkeeper, larger is worse; orders the issues."""
    evidence: Evidence
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What fills the rubric's wording, e.g. `{"megabytes": "15.1"}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """0 to 100, a sum of its three parts; pure and versioned in `opportunity.py`."""

    total: int
    need: int
    reachability: int
    fit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsiteScore:
    """One for every business of the run, excluded ones left out."""

    id: str
    """`uuid5` of business id and the word `score`."""
    business_id: str
    website_state: WebsiteState
    state_cause: str | None = None
    """For states that have several: `dns`, `tls`, `timeout`, `server_error`, `connection`, `robots`, `captcha`, …"""
    state_reason: str
    """A sentence a person understands."""
    score: int | None = None
    """0 to 100, by `score_method`; None where the website was not scored."""
    static_score: int | None = None
    """What the stored pages alone come to."""
    score_method: ScoreMethod = ScoreMethod.STATIC
    method_note: str | None = None
    """Which second method was combined with the stored pages, or why none was."""
    category_scores: Mapping[Category, int] = field(default_factory=dict)
    """Each 0 to 100; empty where not scored."""
    checks_passed: tuple[str, ...] = ()
    checks_not_applicable: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    """The worst first; may hold transport findings (an expired certificate) for a website that was not scored."""
    top_issues: tuple[str, ...] = ()
    """Check ids of at most three findings, the best pitch first."""
    praise: str | None = None
    """Check id of a specific thing that works and a shopkeeper knows of, for the message's opening."""
    discrepancies: tuple[str, ...] = ()
    """Where page and record disagree: names of `Business` fields, e.g. `phone`; neither value may be printed."""
    flags: tuple[str, ...] = ()
    """For review, e.g. `text_addressed_to_machines`."""
    confidence: Confidence
    confidence_reason: str
    opportunity: Opportunity
    lead_class: LeadClass
    lead_reason: str
    """One sentence."""
    wants_demo: bool
    """Whether this business would gain by a demo site (its facts may still be too few)."""
    is_sensitive: bool = False
    """A niche in which nobody is written to automatically, e.g. a funeral home."""
    rubric_version: str
    rubric_hash: str
    opportunity_version: str
