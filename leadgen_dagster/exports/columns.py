"""The one column schema of every export, and the table that the formats write.

The grammar of a name: snake_case; `is_` and `has_` are yes or no; `_on` is a day; `_url` is an absolute
address; `score…` and `opportunity…` are whole points, of 100 in total; a plural holds several values with
` | ` between them; `issue_1` is the best to speak of. What a person reads first stands first, keys last.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from leadgen_dagster.errors import StageError
from leadgen_dagster.exports import values
from leadgen_dagster.exports.leads import Lead
from leadgen_dagster.scoring.contact_points import ContactKind
from leadgen_dagster.scoring.scores import Category, LeadClass

if TYPE_CHECKING:
    import pandas as pd

CLASS_ORDER = (
    LeadClass.READY_TO_MAIL,
    LeadClass.READY_TO_CALL,
    LeadClass.CHECK_FIRST,
    LeadClass.LEAVE_ALONE,
)


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    PHONE = "phone"
    """E.164: the one kind of text that may start with a plus sign."""
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLAG = "flag"
    DAY = "day"


DTYPES = {
    Kind.TEXT: "string",
    Kind.PHONE: "string",
    Kind.INTEGER: "Int64",
    Kind.DECIMAL: "Float64",
    Kind.FLAG: "boolean",
    Kind.DAY: "datetime64[s]",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, what it means, and how it is read off a lead."""

    name: str
    kind: Kind
    description: str
    get: Callable[[Lead], object]


def _issue_columns(rank: int) -> tuple[Column, ...]:
    index = rank - 1
    return (
        Column(
            f"issue_{rank}",
            Kind.TEXT,
            f"Fault {rank} of the website in plain words; 1 is the best to speak of.",
            lambda lead: values.issue_field(lead, index, values.issue_words),
        ),
        Column(
            f"issue_{rank}_evidence",
            Kind.TEXT,
            f"What was seen there that proves issue_{rank}.",
            lambda lead: values.issue_field(lead, index, values.issue_evidence),
        ),
        Column(
            f"issue_{rank}_page_url",
            Kind.TEXT,
            f"The page on which issue_{rank} was seen.",
            lambda lead: values.issue_field(lead, index, lambda finding: finding.evidence.url),
        ),
        Column(
            f"issue_{rank}_fix",
            Kind.TEXT,
            f"What mends issue_{rank}.",
            lambda lead: values.issue_field(lead, index, values.issue_fix),
        ),
        Column(
            f"issue_{rank}_check",
            Kind.TEXT,
            f"The rubric's id of issue_{rank}.",
            lambda lead: values.issue_field(lead, index, lambda finding: finding.check_id),
        ),
    )


def _category_column(category: Category) -> Column:
    words = category.value.replace("_", " ")
    return Column(
        f"score_{category.value}",
        Kind.INTEGER,
        f"The website's {words} score, 0 to 100; empty where it was not scored.",
        lambda lead: lead.score.category_scores.get(category),
    )


T, N = Kind.TEXT, Kind.INTEGER

WHO = (
    Column("name", T, "The business as its sign has it.", lambda lead: lead.business.name),
    Column("lead_class", T, "ready_to_mail, ready_to_call, check_first or leave_alone.", values.lead_class),
    Column("lead_reason", T, "Why it is in that class.", lambda lead: lead.score.lead_reason),
    Column("review_note", T, "What a person should look at first.", lambda lead: lead.business.review_note),
    Column("niche", T, "The niche it was found under.", lambda lead: lead.business.niche),
    Column("sub_niche", T, "What its source says more closely.", lambda lead: lead.business.sub_niche),
)
REACH = (
    Column("email", T, "The best address to write to; heed email_note.", values.best_email),
    Column(
        "email_note",
        T,
        "Why one may not write, or only after consent; empty where one may unasked.",
        lambda lead: lead.ways.mail_note,
    ),
    Column("email_origin", T, "Where it was found: website or record.", values.email_origin),
    Column("email_is_role", Kind.FLAG, "It belongs to the firm, not to a person.", values.email_is_role),
    Column("phone", Kind.PHONE, "The record's number, E.164.", lambda lead: lead.business.phone),
    Column("phone_kind", T, "mobile, landline or unknown.", lambda lead: lead.business.phone_kind),
    Column(
        "phone_on_site",
        Kind.PHONE,
        "The number on the website, E.164.",
        lambda lead: values.best_contact(lead, ContactKind.PHONE),
    ),
    Column(
        "contact_form_url",
        T,
        "The website's contact form.",
        lambda lead: values.best_contact(lead, ContactKind.CONTACT_FORM),
    ),
    Column("social_profiles", T, "Profiles on social networks.", values.social_profiles),
    Column("is_sole_trader", Kind.FLAG, "One person's firm.", lambda lead: lead.business.is_sole_trader),
)
PLACE = (
    Column("street", T, "Street with house number.", lambda lead: lead.business.street),
    Column("postcode", T, "Postal code.", lambda lead: lead.business.postcode),
    Column("city", T, "City or town.", lambda lead: lead.business.city),
    Column("country", T, "ISO 3166-1 alpha-2.", lambda lead: lead.business.country),
    Column("latitude", Kind.DECIMAL, "WGS 84, degrees north.", lambda lead: lead.business.latitude),
    Column("longitude", Kind.DECIMAL, "WGS 84, degrees east.", lambda lead: lead.business.longitude),
    Column("opening_hours", T, "In OSM syntax, as recorded.", lambda lead: lead.business.opening_hours),
    Column("language", T, "ISO 639-1: what one writes to it in.", lambda lead: lead.business.language),
)
WEBSITE = (
    Column("website", T, "The address of its website.", lambda lead: lead.business.website),
    Column(
        "website_origin", T, "record, email_domain or sibling.", lambda lead: lead.business.website_origin
    ),
    Column("website_state", T, "What became of looking at it.", lambda lead: lead.score.website_state),
    Column("state_cause", T, "The cause, for states with several.", lambda lead: lead.score.state_cause),
    Column("state_reason", T, "The same in a sentence.", lambda lead: lead.score.state_reason),
    Column("looked_on", Kind.DAY, "The day it was looked at.", lambda lead: lead.looked_on),
)
SCORES = (
    Column("opportunity", N, "0 to 100: the sum of its parts.", lambda lead: lead.score.opportunity.total),
    Column("opportunity_need", N, "What the website lacks.", lambda lead: lead.score.opportunity.need),
    Column(
        "opportunity_reachability",
        N,
        "How well the business can be reached.",
        lambda lead: lead.score.opportunity.reachability,
    ),
    Column("opportunity_fit", N, "How well the niche suits.", lambda lead: lead.score.opportunity.fit),
    Column("score", N, "The website, 0 to 100; empty where not scored.", lambda lead: lead.score.score),
    *map(_category_column, Category),
    Column("confidence", T, "high, medium or low.", lambda lead: lead.score.confidence),
    Column("confidence_reason", T, "Why it is so.", lambda lead: lead.score.confidence_reason),
    Column("score_method", T, "static: from the stored pages; hybrid.", lambda lead: lead.score.score_method),
    Column("score_method_note", T, "Who looked again, or why not.", lambda lead: lead.score.method_note),
    Column("findings_count", N, "Faults found in all.", lambda lead: len(lead.score.findings)),
)
ISSUES = (*_issue_columns(1), *_issue_columns(2), *_issue_columns(3))
REVIEW = (
    Column("is_sensitive", Kind.FLAG, "Nobody is written to unasked.", lambda lead: lead.score.is_sensitive),
    Column("flags", T, "What else a person should know.", lambda lead: values.joined(lead.score.flags)),
    Column(
        "discrepancies",
        T,
        "Fields in which page and record disagree.",
        lambda lead: values.joined(lead.score.discrepancies),
    ),
)
DEMO = (
    Column("has_demo", Kind.FLAG, "A demo site was made.", lambda lead: lead.site is not None),
    Column(
        "demo_url",
        T,
        "Where the demo is to be seen once it is published.",
        lambda lead: lead.campaign and lead.campaign.demo_url,
    ),
    Column("demo_theme", T, "The theme it was made with.", lambda lead: lead.site and lead.site.theme),
    Column("demo_palette", T, "The colours it was made with.", lambda lead: lead.site and lead.site.palette),
    Column(
        "demo_score_before",
        N,
        "The old website over the checks that apply to both.",
        lambda lead: lead.site and lead.site.score_before,
    ),
    Column(
        "demo_score_after",
        N,
        "The demo over the same checks.",
        lambda lead: lead.site and lead.site.score_after,
    ),
)
CAMPAIGN = (
    Column("no_draft_reason", T, "Why nothing was drafted.", values.no_draft_reason),
    Column("channel", T, "How to get in touch first.", lambda lead: lead.campaign and lead.campaign.channel),
    Column(
        "is_ready",
        Kind.FLAG,
        "The drafts lack nothing.",
        lambda lead: lead.campaign and lead.campaign.is_ready,
    ),
    Column(
        "missing", T, "What they lack.", lambda lead: lead.campaign and values.joined(lead.campaign.missing)
    ),
    Column(
        "campaign_notes",
        T,
        "What to heed before contact.",
        lambda lead: lead.campaign and values.joined(lead.campaign.notes),
    ),
    Column(
        "campaign_language",
        T,
        "ISO 639-1 of the drafts.",
        lambda lead: lead.campaign and lead.campaign.language,
    ),
    Column(
        "fault_check",
        T,
        "The fault they speak of.",
        lambda lead: lead.campaign and lead.campaign.fault_check_id,
    ),
    Column(
        "fault_evidence",
        T,
        "Its proof, as the drafts name it.",
        lambda lead: lead.campaign and lead.campaign.fault_evidence,
    ),
    Column(
        "email_subject", T, "The draft's subject.", lambda lead: lead.campaign and lead.campaign.email_subject
    ),
    Column("email_text", T, "The draft's text.", lambda lead: lead.campaign and lead.campaign.email_text),
    Column("sms_text", T, "Only after they agreed.", lambda lead: lead.campaign and lead.campaign.sms_text),
    Column(
        "whatsapp_url",
        T,
        "Opens the draft in WhatsApp; only after they agreed.",
        lambda lead: lead.campaign and lead.campaign.whatsapp_url,
    ),
    Column("call_opening", T, "How to begin a call.", values.call_opening),
    Column("call_ask", T, "What to ask for in it.", values.call_ask),
    Column(
        "writer", T, "deterministic, or llm:<model>.", lambda lead: lead.campaign and lead.campaign.writer
    ),
)
PROVENANCE = (
    Column(
        "last_edited_on", Kind.DAY, "The newest edit of its records.", lambda lead: lead.business.last_edited
    ),
    Column("sources", T, "Its records, as source:id.", values.sources),
    Column("field_sources", T, "Which record each detail was taken from.", values.field_sources),
    Column("licences", T, "The licences of its records.", values.licences),
    Column("attributions", T, "To be shown wherever the data is shown.", values.attributions),
    Column("rubric_version", T, "The rubric it was scored by.", lambda lead: lead.score.rubric_version),
    Column(
        "opportunity_version",
        T,
        "The version of the opportunity's formula.",
        lambda lead: lead.score.opportunity_version,
    ),
    Column("business_id", T, "The business within this run.", lambda lead: lead.business.id),
    Column("fingerprint", T, "The business over all runs.", lambda lead: lead.business.fingerprint),
)

LEAD_COLUMNS = (
    *WHO,
    *REACH,
    *PLACE,
    *WEBSITE,
    *SCORES,
    *ISSUES,
    *REVIEW,
    *DEMO,
    *CAMPAIGN,
    *PROVENANCE,
)


def columns_of(run_id: str) -> tuple[Column, ...]:
    """The whole schema of one run's export."""
    return (*LEAD_COLUMNS, Column("run_id", Kind.TEXT, "The run that found it.", lambda _: run_id))


def in_order(leads: Iterable[Lead]) -> list[Lead]:
    """Every list of leads: as they may be shown, ready ones first, then by opportunity, then by name."""
    return sorted(
        map(values.as_shown, leads),
        key=lambda lead: (
            CLASS_ORDER.index(lead.score.lead_class),
            -lead.score.opportunity.total,
            lead.business.name.casefold(),
            lead.business.id,
        ),
    )


def lead_table(leads: Sequence[Lead], *, run_id: str) -> "pd.DataFrame":
    """One row a lead, in order, with nullable types.

    Raises:
        StageError: an excluded business is among them: that is no lead.
    """
    import pandas as pd

    for lead in leads:
        if not lead.business.is_lead:
            raise StageError(f"{lead.business.id} is excluded and cannot be exported as a lead")
    rows = in_order(leads)
    return pd.DataFrame(
        {
            column.name: pd.Series(
                [_cell(column, lead) for lead in rows], dtype=DTYPES[column.kind], name=column.name
            )
            for column in columns_of(run_id)
        }
    )


def _cell(column: Column, lead: Lead) -> object:
    value = column.get(lead)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return values.valid_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
