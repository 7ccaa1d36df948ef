"""A second look at the weakest websites: what a browser, Lighthouse or PageSpeed Insights saw of a page.

Types, the choice of the sites, and the order of looking. The methods themselves are `clients/`' to provide.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID, uuid5

from leadgen_dagster.errors import LeadgenError
from leadgen_dagster.scoring.scores import Category, WebsiteScore, WebsiteState
from leadgen_dagster.scoring.snapshots import PageKind, PageSnapshot

HTML_TYPE = ("content-type", "text/html; charset=utf-8")


class AuditMethod(StrEnum):
    """Who looked, the surest first: an estimate gives way to a measurement."""

    LIGHTHOUSE = "lighthouse"
    PAGESPEED = "pagespeed"
    BROWSER = "browser"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS: Mapping[AuditMethod, str] = {
    AuditMethod.LIGHTHOUSE: "Lighthouse",
    AuditMethod.PAGESPEED: "PageSpeed Insights",
    AuditMethod.BROWSER: "a browser",
}


class AuditOutcome(StrEnum):
    DONE = "done"
    FAILED = "failed"


class MethodUnavailableError(LeadgenError):
    """A method is not to be had here and now; nothing was learned of the website."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """One thing that a method holds against a page, in the method's own terms."""

    rule_id: str
    """Of axe-core or Lighthouse, e.g. `image-alt`."""
    title: str
    impact: str | None = None
    """How bad axe-core calls it: `critical`, `serious`, `moderate` or `minor`."""
    count: int = 1
    """Elements, files or messages concerned."""
    where: str | None = None
    """A selector of the first element, or the first file or message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedPage:
    """What one method saw of one page; knows nothing of the business it was made for. Kept as a memo."""

    method: AuditMethod
    url: str
    """As asked for."""
    audited_at: datetime
    outcome: AuditOutcome
    error: str | None = None
    """One line a person understands, for an audit that failed."""
    category_scores: Mapping[Category, float] = field(default_factory=dict)
    """Each 0 to 100, for the categories that this method knows."""
    figures: Mapping[str, bool | int | float] = field(default_factory=dict)
    """Named with their units, e.g. `image_bytes`, `largest_paint_ms`."""
    findings: tuple[AuditFinding, ...] = ()
    screenshots: Mapping[str, str] = field(default_factory=dict)
    """Device (`phone`, `desktop`) -> SHA-256 of a picture in the object store."""
    rendered_hash: str | None = None
    """SHA-256 of the HTML as the browser had it after the page's scripts, in the object store."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """What looked, e.g. `lighthouse` -> `12.8.2`."""

    @property
    def is_done(self) -> bool:
        return self.outcome is AuditOutcome.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAudit(AuditedPage):
    """An audited page as evidence for one business."""

    id: str
    """`uuid5` of business id, the word `audit` and the method."""
    business_id: str


class Auditor(Protocol):
    """One method; whatever the page does, the answer is an audit."""

    @property
    def method(self) -> AuditMethod: ...

    async def audit(self, url: str) -> AuditedPage:
        """Looks at one page; `MethodUnavailableError` where it is not to be had here and now."""
        ...


class AuditMemo(Protocol):
    """Remembers the audits of this generation."""

    def get(self, url: str, method: AuditMethod) -> AuditedPage | None: ...

    def put(self, audit: AuditedPage) -> AuditedPage:
        """Keeps it, and gives the one to go by."""
        ...


@dataclass(frozen=True, slots=True)
class AuditTarget:
    """A home page that is worth a second look."""

    business_id: str
    url: str
    fetched_at: datetime


def weakest(
    scores: Iterable[WebsiteScore], snapshots: Mapping[str, Sequence[PageSnapshot]], count: int
) -> list[AuditTarget]:
    """The home pages of the `count` weakest scored websites, and of as many that only a browser can read.

    The latter have no score without it: what they show is put there by scripts.
    """
    scored: list[tuple[int, str]] = []
    unread: list[str] = []
    for score in scores:
        if score.website_state is WebsiteState.OK and score.score is not None:
            scored.append((score.score, score.business_id))
        elif score.website_state is WebsiteState.SHELL and score.state_cause == "scripts":
            unread.append(score.business_id)
    chosen = [business_id for _, business_id in sorted(scored)[:count]] + sorted(unread)[:count]
    homes = {business_id: home_of(snapshots.get(business_id, ())) for business_id in chosen}
    return [
        AuditTarget(business_id, home.page.final_url or home.page.url, home.page.fetched_at)
        for business_id, home in homes.items()
        if home is not None
    ]


def home_of(snapshots: Iterable[PageSnapshot]) -> PageSnapshot | None:
    return next((snapshot for snapshot in snapshots if snapshot.kind is PageKind.HOME), None)


async def audit_sites(
    targets: Sequence[AuditTarget],
    auditors: Sequence[Auditor],
    memo: AuditMemo,
    *,
    on_done: Callable[[PageAudit], None] | None = None,
) -> list[PageAudit]:
    """Looks at each page with each method, one after the other: two at once would slow each other's page down."""
    audits: list[PageAudit] = []
    for target in targets:
        for auditor in auditors:
            audit = _of_business(await _looked_at(target, auditor, memo), target.business_id)
            audits.append(audit)
            if on_done:
                on_done(audit)
    return audits


async def _looked_at(target: AuditTarget, auditor: Auditor, memo: AuditMemo) -> AuditedPage:
    known = memo.get(target.url, auditor.method)
    if known is not None:
        return known
    try:
        return memo.put(await auditor.audit(target.url))
    except MethodUnavailableError as error:
        # Not remembered: the next attempt may have it.
        return failed_audit(auditor.method, target.url, target.fetched_at, str(error))


class UnavailableAuditor:
    """Stands in for a method that this machine lacks something for."""

    def __init__(self, method: AuditMethod, reason: str) -> None:
        self.method = method
        self.reason = reason

    async def audit(self, url: str) -> AuditedPage:  # noqa: ARG002  # the reason is the same for every page
        raise MethodUnavailableError(self.reason)


def failed_audit(method: AuditMethod, url: str, moment: datetime, error: str) -> AuditedPage:
    return AuditedPage(method=method, url=url, audited_at=moment, outcome=AuditOutcome.FAILED, error=error)


def _of_business(audit: AuditedPage, business_id: str) -> PageAudit:
    seen = {each.name: getattr(audit, each.name) for each in fields(AuditedPage)}
    own_id = str(uuid5(UUID(business_id), f"audit:{audit.method}"))
    return PageAudit(id=own_id, business_id=business_id, **seen)


def as_seen(snapshots: Sequence[PageSnapshot], audits: Iterable[PageAudit]) -> list[PageSnapshot]:
    """The pages of a site, and the home page as a browser had it after its scripts, if one looked."""
    home = home_of(snapshots)
    seen = next((audit for audit in audits if audit.is_done and audit.rendered_hash), None)
    if home is None or seen is None:
        return list(snapshots)
    rendered = replace(
        home.page,
        headers=(*(header for header in home.page.headers if header[0] != "content-type"), HTML_TYPE),
        body=None,
        body_hash=seen.rendered_hash,
    )
    own_id = str(uuid5(UUID(home.business_id), f"{PageKind.RENDERED}:{home.page.url}"))
    return [*snapshots, replace(home, id=own_id, kind=PageKind.RENDERED, page=rendered)]


def audit_faults(audit: PageAudit) -> Iterator[str]:
    """What must hold of every audit: points in range, or the reason why there are none."""
    if audit.is_done and not audit.category_scores:
        yield "done, and no category has a score"
    if not audit.is_done and not (audit.error or "").strip():
        yield "failed without a reason"
    if any(not 0 <= points <= 100 for points in audit.category_scores.values()):
        yield "points outside 0 to 100"
