"""Demo sites for the leads that would gain by one: rendered and scored by the same scorer, not published."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from leadgen_dagster.agency import Agency
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.discovery.sources.osm_streets import Street
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.html import decode_html
from leadgen_dagster.scoring.rubric import RUBRIC
from leadgen_dagster.scoring.rules import Rubric
from leadgen_dagster.scoring.scorer import comparable_checks, score_over, score_rendered
from leadgen_dagster.scoring.scores import WebsiteScore, WebsiteState
from leadgen_dagster.scoring.snapshots import PageKind, PageSnapshot
from leadgen_dagster.sites.brief import SiteBrief, make_site_brief
from leadgen_dagster.sites.copywriter import BY_RULE, SiteCopywriter
from leadgen_dagster.sites.gates import gate_faults, score_faults
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster.sites.looks import Look, deal_looks
from leadgen_dagster.sites.own_colours import own_colours
from leadgen_dagster.sites.palettes import Palette, own_palette
from leadgen_dagster.sites.preview_picture import preview_picture
from leadgen_dagster.sites.take_down import TAKE_DOWN_FILE, take_down_page
from leadgen_dagster.sites.tokens import demo_url
from leadgen_dagster.sites.view import PREVIEW_PICTURE, render_page, site_page

ROBOTS = b"User-agent: *\nDisallow: /\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRequest:
    """A lead that may get a demo."""

    business: Business
    contacts: tuple[Contact, ...]
    score: WebsiteScore
    token: str
    language: str
    pages: Callable[[], Sequence[PageSnapshot]] = tuple
    """What is stored of its website, with the bodies: read when its turn comes, and let go."""
    streets: Sequence[Street] = ()
    """Those around it, where the order's sources know them: for the map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What is known of a demo before its look is dealt."""

    request: SiteRequest
    brief: SiteBrief
    own_palette: Palette | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltSite:
    site: GeneratedSite
    files: Mapping[str, bytes]
    """Path within the site -> its bytes."""


def build_sites(
    requests: Sequence[SiteRequest],
    *,
    agency: Agency,
    public_url: str | None = None,
    ordered_on: date,
    rubric: Rubric = RUBRIC,
    copywriter: SiteCopywriter = BY_RULE,
) -> Iterator[BuiltSite]:
    """A site for each request that wants one and has the facts for it, in the order of the requests.

    One that does not pass its gates is among them, with its faults: it is shown to nobody.

    Args:
        agency: named on each, and on the page by which it goes.
        public_url: where demos will be served; without one, no page names its own address.
    """
    drafts = [draft for request in requests if (draft := _draft(request, ordered_on)) is not None]
    looks = dict(_dealt(drafts))
    looked_at = datetime.combine(ordered_on, time(), tzinfo=UTC)
    for draft in drafts:
        request, brief, look = draft.request, draft.brief, looks[draft.request.business.id]
        copy = copywriter.write(brief)
        page = site_page(
            brief,
            look,
            copy=copy,
            fingerprint=request.business.fingerprint,
            agency_name=agency.name,
            url=demo_url(public_url, request.token) if public_url else None,
        )
        html = render_page(page)
        files = {
            "index.html": html,
            "robots.txt": ROBOTS,
            PREVIEW_PICTURE: preview_picture(look, page.niche),
            TAKE_DOWN_FILE: take_down_page(agency, brief.language, request.token),
        }
        site = _described(request, brief, look, files)
        site = replace(site, copy=dict(copy.written), copy_note=copy.note)
        site = _scored(site, request, html, looked_at=looked_at, rubric=rubric)
        faults = [*gate_faults(html, brief, page), *score_faults(site.score_before, site.score_after)]
        yield BuiltSite(site=replace(site, faults=tuple(faults)), files=files)


def content_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the files in the order of their paths, each part preceded by its length."""
    digest = hashlib.sha256()
    for path, body in sorted(files.items()):
        for part in (path.encode(), body):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _draft(request: SiteRequest, ordered_on: date) -> _Draft | None:
    """None where no demo is wanted, or too little is known for one."""
    if not request.score.wants_demo:
        return None
    pages = request.pages()
    brief = make_site_brief(
        request.business,
        request.contacts,
        request.score,
        pages,
        language=request.language,
        ordered_on=ordered_on,
        streets=request.streets,
    )
    if brief is None:
        return None
    return _Draft(request=request, brief=brief, own_palette=_own_palette(request.score, pages))


def _dealt(drafts: Sequence[_Draft]) -> Iterator[tuple[str, Look]]:
    """Looks by business id, dealt niche by niche along the streets."""
    niches: dict[str, list[_Draft]] = defaultdict(list)
    for draft in drafts:
        niches[draft.brief.niche].append(draft)
    for niche, shops in niches.items():
        along = sorted(shops, key=lambda shop: _street_order(shop.request.business))
        palettes = [(shop.request.business.fingerprint, shop.own_palette) for shop in along]
        looks = deal_looks(NICHES[niche].group, palettes)
        yield from ((shop.request.business.id, look) for shop, look in zip(along, looks, strict=True))


def _own_palette(score: WebsiteScore, pages: Sequence[PageSnapshot]) -> Palette | None:
    """From the colours of its own home page, where one is stored."""
    if score.website_state is not WebsiteState.OK:
        return None
    home = next((one.page for one in pages if one.kind is PageKind.HOME), None)
    return own_palette(own_colours(decode_html(home))) if home and home.body else None


def _street_order(business: Business) -> tuple[str, str, str, str]:
    return (business.city or "", business.postcode or "", business.street or "", business.fingerprint)


def _described(
    request: SiteRequest, brief: SiteBrief, look: Look, files: Mapping[str, bytes]
) -> GeneratedSite:
    return GeneratedSite(
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


def _scored(
    site: GeneratedSite, request: SiteRequest, html: bytes, *, looked_at: datetime, rubric: Rubric
) -> GeneratedSite:
    """By the scorer of the websites, over the checks that old and new site have in common."""
    score = request.score
    only = comparable_checks(score)
    after = score_rendered(request.business, html, looked_at=looked_at, only=only, rubric=rubric)
    failed_before = {finding.check_id for finding in score.findings}
    return replace(
        site,
        score_before=score_over(score, only, rubric),
        score_after=after.score,
        faults_gone=tuple(sorted(failed_before & set(after.passed))),
        faults_left=tuple(sorted(failed_before & set(after.failed))),
    )
