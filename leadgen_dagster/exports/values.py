"""What a column or the report reads off a lead, where that is more than one field."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from leadgen_dagster.exports.leads import Lead
from leadgen_dagster.outreach.campaigns import NoDraft
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.rubric import RUBRIC
from leadgen_dagster.scoring.scores import Finding, LeadClass

SEPARATOR = " | "
OFF_LIMITS = frozenset({NoDraft.SUPPRESSED, NoDraft.EXCLUSION_LIST})
"""Who asked to be left alone, and whom the agency leaves alone: no class that was scored stands against it."""


def as_shown(lead: Lead) -> Lead:
    """The lead as a person may see it: one that is off limits is left alone, and nothing says how to reach it."""
    if lead.refusal is None or lead.refusal.kind not in OFF_LIMITS:
        return lead
    return replace(
        lead,
        business=replace(lead.business, email=None, phone=None, phone_kind=None, social_profiles=()),
        score=replace(lead.score, lead_class=LeadClass.LEAVE_ALONE, lead_reason=lead.refusal.reason),
        contacts=(),
        campaign=None,
    )


def joined(parts: Iterable[str]) -> str | None:
    """Several values in one cell, each once; None for none."""
    return SEPARATOR.join(dict.fromkeys(part for part in parts if part)) or None


def valid_text(text: str) -> str:
    """The text as UTF-8 can hold it: a lone surrogate is no character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def lead_class(lead: Lead) -> str:
    return lead.score.lead_class.value


def best_contact(lead: Lead, kind: ContactKind) -> str | None:
    """The value of the best contact of its kind on the website."""
    found = [contact for contact in lead.contacts if contact.kind is kind]
    best = next((contact for contact in found if contact.is_best), None)
    return best.value if best else None


def best_email(lead: Lead) -> str | None:
    """The address the drafts are for; without drafts the one that they would be for."""
    if lead.campaign is not None and lead.campaign.recipient_email:
        return lead.campaign.recipient_email
    return lead.ways.email


def email_origin(lead: Lead) -> str | None:
    email = best_email(lead)
    if email is None:
        return None
    if _email_contact(lead):
        return "website"
    return "record" if email.casefold() == (lead.business.email or "").casefold() else None


def email_is_role(lead: Lead) -> bool | None:
    """None for an address that only the record has: nobody has judged it."""
    contact = _email_contact(lead)
    return contact.is_role_address if contact else None


def _email_contact(lead: Lead) -> Contact | None:
    wanted = (best_email(lead) or "").casefold()
    return next(
        (
            contact
            for contact in lead.contacts
            if contact.kind is ContactKind.EMAIL and contact.value.casefold() == wanted
        ),
        None,
    )


def social_profiles(lead: Lead) -> str | None:
    return joined(social_links(lead))


def social_links(lead: Lead) -> tuple[str, ...]:
    """The record's profiles, then those of the website."""
    on_site = (contact.value for contact in lead.contacts if contact.kind is ContactKind.SOCIAL_PROFILE)
    return tuple(dict.fromkeys((*lead.business.social_profiles, *on_site)))


def no_draft_reason(lead: Lead) -> str | None:
    return lead.refusal.reason if lead.refusal else None


def top_findings(lead: Lead) -> list[Finding]:
    """The findings of the top issues, in their order."""
    by_check: dict[str, Finding] = {}
    for finding in lead.score.findings:
        by_check.setdefault(finding.check_id, finding)
    return [by_check[check_id] for check_id in lead.score.top_issues if check_id in by_check]


def issue_field(lead: Lead, index: int, read: Callable[[Finding], str]) -> str | None:
    findings = top_findings(lead)
    return read(findings[index]) if index < len(findings) else None


def issue_evidence(finding: Finding) -> str:
    evidence = finding.evidence
    return f"{evidence.where}: {evidence.snippet}" if evidence.where else evidence.snippet


def call_opening(lead: Lead) -> str | None:
    card = lead.campaign.call_card if lead.campaign else None
    return card.opening if card else None


def call_ask(lead: Lead) -> str | None:
    card = lead.campaign.call_card if lead.campaign else None
    return card.ask if card else None


def sources(lead: Lead) -> str | None:
    return joined(f"{origin.source}:{origin.source_id}" for origin in lead.business.origins)


def field_sources(lead: Lead) -> str | None:
    """`phone: osm node/1`, one after the other."""
    return joined(f"{field}: {key}" for field, key in sorted(lead.business.field_origins.items()))


def licences(lead: Lead) -> str | None:
    return joined(origin.licence for origin in lead.business.origins)


def attributions(lead: Lead) -> str | None:
    return joined(origin.attribution for origin in lead.business.origins)


def check_question(check_id: str) -> str:
    """What a check asks of a page; the bare id for one that the rubric no longer has."""
    rule = RUBRIC.rules.get(check_id)
    return rule.question if rule else check_id


def issue_words(finding: Finding) -> str:
    """The fault as one says it to a shopkeeper; the bare id for a check that the rubric no longer has."""
    rule = RUBRIC.rules.get(finding.check_id)
    return rule.for_shopkeeper(finding.parameters) if rule else finding.check_id


def issue_details(finding: Finding) -> str:
    """The fault as one says it to whoever will mend it."""
    rule = RUBRIC.rules.get(finding.check_id)
    return rule.for_developer(finding.parameters) if rule else ""


def issue_fix(finding: Finding) -> str:
    """What mends it."""
    rule = RUBRIC.rules.get(finding.check_id)
    return rule.fix if rule else ""
