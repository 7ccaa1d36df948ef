"""Whether a lead gets a campaign, and what it would speak of to whom: decided once, before anybody words it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol

from leadgen_dagster.agency import Agency
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.keeping import lasting_name
from leadgen_dagster.outreach.campaigns import NoCampaign, NoDraft
from leadgen_dagster.outreach.channels import Channels, open_channels
from leadgen_dagster.outreach.copywriter import Copywriter
from leadgen_dagster.outreach.marks import Listed, Mark, listed_mark, on_exclusion_list, owner_marks
from leadgen_dagster.outreach.pitch import Pitch, make_pitch
from leadgen_dagster.outreach.wording import languages
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.reachability import reachability
from leadgen_dagster.scoring.scores import LeadClass, WebsiteScore
from leadgen_dagster.sites.generated import GeneratedSite

Refusal = tuple[NoDraft, str]


class Lead(Protocol):
    """What is known of a lead when its campaign is written."""

    @property
    def business(self) -> Business: ...

    @property
    def score(self) -> WebsiteScore: ...

    @property
    def contacts(self) -> Sequence[Contact]: ...

    @property
    def site(self) -> GeneratedSite | None: ...


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What holds for all campaigns of a run."""

    agency: Agency
    """Who signs, and whom it never contacts."""
    public_url: str | None
    """Where published demos are served."""
    copywriter: Copywriter
    language: str | None = None
    """ISO 639-1, for every lead; None for each business's own."""
    is_suppressed: Listed
    """Whether somebody who is known by a mark has objected, or was written to before."""
    ordered_on: date
    looked_on: Mapping[str, date] = field(default_factory=dict)
    """By business id the day of the look; the order's day for those that have no website to look at."""

    @cached_property
    def is_excluded(self) -> Listed:
        """Whether a mark is on the agency's own list."""
        return on_exclusion_list(self.agency.exclusions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A campaign that may be written."""

    lead: Lead
    pitch: Pitch
    channels: Channels
    marks: tuple[Mark, ...]
    """By what its owner is known again in another lead."""

    @property
    def demo(self) -> GeneratedSite | None:
        """The one that may be shown."""
        site = self.lead.site
        return site if site and site.is_presentable else None


def plan_campaign(lead: Lead, terms: Terms) -> Plan | NoCampaign:
    """The plan of one lead's campaign, or why there is none."""
    language = terms.language or lead.business.language or ""
    refusal = _refusal_of_lead(lead) or _refusal_by_list(lead, terms) or _refusal_of(language, terms.agency)
    if refusal:
        return no_campaign(lead, *refusal)
    business, score = lead.business, lead.score
    ways = reachability(
        business,
        lead.contacts,
        state=score.website_state,
        cause=score.state_cause,
        discrepancies=score.discrepancies,
    )
    if not ways.is_reachable:
        why = f" ({ways.mail_note})" if ways.mail_note else ""
        return no_campaign(lead, NoDraft.NO_CHANNEL, f"There is no address or number that may be used{why}.")
    pitch = make_pitch(
        business=business,
        score=score,
        language=language,
        has_demo=lead.site is not None and lead.site.is_presentable,
        looked_on=terms.looked_on.get(business.id, terms.ordered_on),
    )
    if pitch is None:
        return no_campaign(lead, NoDraft.NOTHING_TO_SAY, "Nothing was seen that may be spoken of.")
    return Plan(
        lead=lead,
        pitch=pitch,
        channels=open_channels(business, ways, language),
        marks=tuple(owner_marks(business, ways, score.website_state)),
    )


def no_campaign(lead: Lead, kind: NoDraft, reason: str) -> NoCampaign:
    """Says of a lead why nothing is drafted for it."""
    return NoCampaign(
        business_id=lead.business.id,
        name=lasting_name(lead.business),
        lead_class=lead.score.lead_class,
        kind=kind,
        reason=reason,
    )


def _refusal_of_lead(lead: Lead) -> Refusal | None:
    business, score = lead.business, lead.score
    if not business.is_lead:
        return NoDraft.EXCLUDED, f"It is excluded ({business.exclusion_note or business.exclusion})."
    if score.is_sensitive:
        return NoDraft.SENSITIVE, "In a sensitive niche nothing is drafted automatically."
    if score.lead_class is LeadClass.LEAVE_ALONE:
        return NoDraft.LEFT_ALONE, score.lead_reason
    return None


def _refusal_by_list(lead: Lead, terms: Terms) -> Refusal | None:
    """The two lists of those who are left alone, asked for all that record and pages show."""
    lists = (
        (NoDraft.EXCLUSION_LIST, terms.is_excluded, "the agency's exclusion list"),
        (NoDraft.SUPPRESSED, terms.is_suppressed, "the list of those who are not written to again"),
    )
    for kind, is_listed, name in lists:
        if mark := listed_mark(lead.business, lead.contacts, is_listed):
            return kind, f"Its {mark.what} is on {name}."
    return None


def _refusal_of(language: str, agency: Agency) -> Refusal | None:
    if not language:
        return NoDraft.LANGUAGE, "The language of the business is not known."
    if language not in languages():
        return NoDraft.LANGUAGE, f"There are no messages in the language {language}."
    if agency.languages and language not in agency.languages:
        return NoDraft.LANGUAGE, f"The agency does not answer in the language {language}."
    return None
