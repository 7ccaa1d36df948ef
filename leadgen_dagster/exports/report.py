"""The report of one run: one file, to be opened on Monday morning, that asks nothing of the network."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from leadgen_dagster.discovery.businesses import Business, Origin
from leadgen_dagster.discovery.normalise import readable_phone
from leadgen_dagster.discovery.notes import DiscoveryNote, NoteKind
from leadgen_dagster.exports import charts, values, wording
from leadgen_dagster.exports.columns import CLASS_ORDER, in_order
from leadgen_dagster.exports.leads import Lead
from leadgen_dagster.orders import ProcessingRun
from leadgen_dagster.outreach.campaigns import NoDraft
from leadgen_dagster.rendering import render
from leadgen_dagster.scoring.contact_points import ContactKind
from leadgen_dagster.scoring.scores import Category, Finding, LeadClass, WebsiteState
from leadgen_dagster.sites.generated import GeneratedSite

CARDS_PER_CLASS = 100
"""Further leads of a class stand in a compact table, so that a page of 5,000 leads still opens at once."""


NOTES_PER_KIND = 50
NOT_WHOLE = (NoteKind.FAILED_SOURCE, NoteKind.INCOMPLETE_SOURCE)
"""What is said at the head: the list may lack somebody."""
TOLD_BY_CLASS = frozenset({NoDraft.LEFT_ALONE, NoDraft.SENSITIVE})
"""Why there is no draft where the reason of the class says as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A fault in the shopkeeper's words, with its proof."""

    words: str
    details: str
    where: str
    snippet: str
    url: str
    looked_on: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    url: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    number: str
    shown: str
    origin: str | None
    """Only where record and website disagree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One lead as the report shows it."""

    lead: Lead
    address: str
    trade: str
    state: str
    headline: str
    """The fault, or what became of the website; where neither tells anything, why it is in its class."""
    issues: tuple[Issue, ...]
    warnings: tuple[str, ...]
    no_draft: str | None
    """Why nothing was drafted, where the class does not tell it."""
    email: str | None
    email_note: str | None
    phones: tuple[Phone, ...]
    form_url: str | None
    website_words: str
    profiles: tuple[Link, ...]
    demo_link: str | None
    pictures: tuple[Link, ...]
    """Of the website, from the second look."""
    demo_pictures: tuple[Link, ...]
    mending: tuple[tuple[str, bool], ...]
    """What was asked of the old site and failed, and whether the demo passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The leads of one class."""

    key: str
    title: str
    intro: str
    cards: tuple[Card, ...]
    rows: tuple[Card, ...]
    """Those for the compact table."""
    is_pitched: bool
    """Whether a fault may be named to them at all."""

    @property
    def count(self) -> int:
        return len(self.cards) + len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludedRow:
    business: Business
    address: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What discovery did not take, of one kind."""

    title: str
    texts: tuple[str, ...]
    more: int


def render_report(
    run: ProcessingRun,
    leads: Sequence[Lead],
    excluded: Sequence[Business],
    *,
    agency_name: str | None,
    site_link: Callable[[GeneratedSite], str],
    picture_link: Callable[[str], str],
    demo_picture_links: Callable[[GeneratedSite], Mapping[str, str]],
    notes: Sequence[DiscoveryNote] = (),
) -> str:
    """The whole report as HTML; the links say where a demo and a picture, by its hash, are to be seen from it.

    Args:
        demo_picture_links: device -> the demo's picture, where there is one.
    """
    cards = [_card(lead, site_link, picture_link, demo_picture_links) for lead in in_order(leads)]
    threshold = run.config.score_threshold
    states = Counter(card.state for card in cards)
    reasons = Counter(_reason(business) for business in excluded)
    html = render(
        "exports/report.html",
        run=run,
        agency_name=agency_name,
        ordered_on=wording.day_words(run.ordered_on),
        business_count=len(leads) + len(excluded),
        lead_count=len(leads),
        demo_count=sum(lead.site is not None for lead in leads),
        groups=[_group(lead_class, cards) for lead_class in CLASS_ORDER],
        bins=charts.score_bins((lead.score for lead in leads), threshold),
        scored_count=sum(lead.score.score is not None for lead in leads),
        states=charts.bars(list(states.items())),
        reasons=charts.bars(list(reasons.items())),
        excluded=[_excluded_row(business) for business in _by_reason(excluded)],
        left_out=_left_out(notes),
        incomplete=[note.text for note in notes if note.kind in NOT_WHOLE],
        origins=_origins(leads, excluded),
        categories=tuple(Category),
        licence_urls=wording.LICENCE_URLS,
    )
    return values.valid_text(html).replace("\0", "\N{REPLACEMENT CHARACTER}")


def _group(lead_class: LeadClass, cards: Sequence[Card]) -> Group:
    title, intro = wording.CLASS_WORDS[lead_class]
    members = tuple(card for card in cards if card.lead.score.lead_class is lead_class)
    is_pitched = lead_class is not LeadClass.LEAVE_ALONE
    full = CARDS_PER_CLASS if is_pitched else 0
    return Group(
        key=lead_class.value.replace("_", "-"),
        title=title,
        intro=intro,
        cards=members[:full],
        rows=members[full:],
        is_pitched=is_pitched,
    )


def _card(
    lead: Lead,
    site_link: Callable[[GeneratedSite], str],
    picture_link: Callable[[str], str],
    demo_picture_links: Callable[[GeneratedSite], Mapping[str, str]],
) -> Card:
    issues = tuple(map(_issue, values.top_findings(lead)))
    return Card(
        lead=lead,
        address=wording.address_words(lead.business),
        trade=wording.trade_words(lead.business),
        state=wording.STATE_WORDS[lead.score.website_state],
        headline=_headline(lead, issues),
        issues=issues,
        warnings=_warnings(lead),
        no_draft=_no_draft(lead),
        email=values.best_email(lead),
        email_note=lead.ways.mail_note,
        phones=_phones(lead),
        form_url=values.best_contact(lead, ContactKind.CONTACT_FORM),
        website_words=wording.site_words(lead.business.website or ""),
        profiles=tuple(Link(url=url, words=wording.site_words(url)) for url in values.social_links(lead)),
        demo_link=site_link(lead.site) if lead.site else None,
        pictures=tuple(
            Link(url=picture_link(lead.pictures[device]), words=words)
            for device, words in wording.PICTURE_WORDS.items()
            if device in lead.pictures
        ),
        demo_pictures=tuple(
            Link(url=url, words=wording.DEMO_PICTURE_WORDS[device])
            for device, url in (demo_picture_links(lead.site) if lead.site else {}).items()
        ),
        mending=_mending(lead.site) if lead.site else (),
    )


def _mending(site: GeneratedSite) -> tuple[tuple[str, bool], ...]:
    """Mended faults first; by the rubric's questions, which are put to both pages alike."""
    told = [(check_id, True) for check_id in site.faults_gone]
    told += [(check_id, False) for check_id in site.faults_left]
    return tuple((values.check_question(check_id), is_mended) for check_id, is_mended in told)


def _headline(lead: Lead, issues: Sequence[Issue]) -> str:
    if issues:
        return issues[0].words
    is_scored = lead.score.website_state is WebsiteState.OK
    return lead.score.lead_reason if is_scored else lead.score.state_reason


def _issue(finding: Finding) -> Issue:
    evidence = finding.evidence
    return Issue(
        words=values.issue_words(finding),
        details=values.issue_details(finding),
        where=evidence.where,
        snippet=evidence.snippet,
        url=evidence.url,
        looked_on=wording.day_words(evidence.looked_at),
        fix=values.issue_fix(finding),
    )


def _warnings(lead: Lead) -> tuple[str, ...]:
    """What to heed; what stands beside the address is not told again."""
    notes = lead.campaign.notes if lead.campaign else ()
    flags = tuple(wording.flag_words(flag) for flag in lead.score.flags)
    found = (lead.business.review_note, *flags, *notes)
    return tuple(dict.fromkeys(text for text in found if text and text != lead.ways.mail_note))


def _no_draft(lead: Lead) -> str | None:
    told = lead.refusal is None or lead.refusal.kind in TOLD_BY_CLASS
    return None if told else values.no_draft_reason(lead)


def _phones(lead: Lead) -> tuple[Phone, ...]:
    """The number to ring; both, with where each stands, if record and website disagree."""
    record = lead.business.phone
    on_site = values.best_contact(lead, ContactKind.PHONE)
    if record and on_site and record != on_site:
        named = ((record, "in the record"), (on_site, "on the website"))
        return tuple(Phone(number=n, shown=readable_phone(n), origin=origin) for n, origin in named)
    number = record or on_site
    return (Phone(number=number, shown=readable_phone(number), origin=None),) if number else ()


def _reason(business: Business) -> str:
    return wording.EXCLUSION_WORDS[business.exclusion] if business.exclusion else "No reason given"


def _by_reason(excluded: Sequence[Business]) -> list[Business]:
    return sorted(excluded, key=lambda business: (_reason(business), business.name.casefold(), business.id))


def _excluded_row(business: Business) -> ExcludedRow:
    return ExcludedRow(business=business, address=wording.address_words(business), reason=_reason(business))


def _left_out(notes: Sequence[DiscoveryNote]) -> list[LeftOut]:
    """Kind by kind, the first of each."""
    kinds = {kind: [note.text for note in notes if note.kind is kind] for kind in wording.NOTE_WORDS}
    return [
        LeftOut(
            title=wording.NOTE_WORDS[kind],
            texts=tuple(texts[:NOTES_PER_KIND]),
            more=max(0, len(texts) - NOTES_PER_KIND),
        )
        for kind, texts in kinds.items()
        if texts
    ]


def _origins(leads: Sequence[Lead], excluded: Sequence[Business]) -> list[tuple[str, str, str]]:
    """Source, attribution and licence of all records, each once."""
    businesses = [*(lead.business for lead in leads), *excluded]
    origins: list[Origin] = [origin for business in businesses for origin in business.origins]
    return sorted({(origin.source, origin.attribution, origin.licence) for origin in origins})
