"""Demo sites for the leads that would gain by one: rendered and scored by the same scorer, not published."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.rubric import RUBRIC
from leadgen_dagster.scoring.rules import Rubric
from leadgen_dagster.scoring.scorer import comparable_checks, score_over, score_rendered
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.sites.brief import SiteBrief, make_site_brief
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster.sites.looks import Look, deal_looks
from leadgen_dagster.sites.view import render_site

ROBOTS = b"User-agent: *\nDisallow: /\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRequest:
    """A lead that may get a demo."""

    business: Business
    contacts: tuple[Contact, ...]
    score: WebsiteScore
    token: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltSite:
    site: GeneratedSite
    files: Mapping[str, bytes]
    """Path within the site -> its bytes."""


def build_sites(
    requests: Sequence[SiteRequest],
    *,
    agency_name: str | None,
    ordered_on: date,
    rubric: Rubric = RUBRIC,
) -> list[BuiltSite]:
    """A site for each request that wants one and has the facts for it, in the order of the requests."""
    wanted = [
        (request, brief)
        for request in requests
        if request.score.wants_demo and (brief := _brief_of(request, ordered_on)) is not None
    ]
    looks = dict(_dealt([request.business for request, _brief in wanted]))
    looked_at = datetime.combine(ordered_on, time(), tzinfo=UTC)
    built = []
    for request, brief in wanted:
        look, fingerprint = looks[request.business.id], request.business.fingerprint
        html = render_site(brief, look, fingerprint=fingerprint, agency_name=agency_name)
        site = _described(request, brief, look, {"index.html": html, "robots.txt": ROBOTS})
        built.append(_scored(site, request, looked_at=looked_at, rubric=rubric))
    return built


def content_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the files in the order of their paths, each part preceded by its length."""
    digest = hashlib.sha256()
    for path, body in sorted(files.items()):
        for part in (path.encode(), body):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _brief_of(request: SiteRequest, ordered_on: date) -> SiteBrief | None:
    return make_site_brief(
        request.business, request.contacts, request.score, language=request.language, ordered_on=ordered_on
    )


def _dealt(businesses: Sequence[Business]) -> Iterator[tuple[str, Look]]:
    """Looks by business id, dealt niche by niche along the streets."""
    niches: dict[str, list[Business]] = defaultdict(list)
    for business in businesses:
        niches[business.niche].append(business)
    for niche, shops in niches.items():
        along = sorted(shops, key=_street_order)
        looks = deal_looks(NICHES[niche].group, [shop.fingerprint for shop in along])
        yield from ((shop.id, look) for shop, look in zip(along, looks, strict=True))


def _street_order(business: Business) -> tuple[str, str, str, str]:
    return (business.city or "", business.postcode or "", business.street or "", business.fingerprint)


def _described(request: SiteRequest, brief: SiteBrief, look: Look, files: Mapping[str, bytes]) -> BuiltSite:
    site = GeneratedSite(
        id=str(uuid.uuid5(uuid.UUID(request.business.id), "site")),
        business_id=request.business.id,
        theme=look.name,
        palette=look.palette.name,
        language=brief.language,
        token=request.token,
        content_hash=content_hash(files),
        size_bytes=sum(len(body) for body in files.values()),
        facts=brief.facts,
        score_after=0,
    )
    return BuiltSite(site=site, files=files)


def _scored(built: BuiltSite, request: SiteRequest, *, looked_at: datetime, rubric: Rubric) -> BuiltSite:
    """By the scorer of the websites, over the checks that old and new site have in common."""
    score = request.score
    only = comparable_checks(score)
    html = built.files["index.html"]
    after = score_rendered(request.business, html, looked_at=looked_at, only=only, rubric=rubric)
    failed_before = {finding.check_id for finding in score.findings}
    site = replace(
        built.site,
        score_before=score_over(score, only, rubric),
        score_after=after.score,
        faults_gone=tuple(sorted(failed_before & set(after.passed))),
    )
    return replace(built, site=site)
