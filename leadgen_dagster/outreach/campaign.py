"""The campaigns of a run: what each says, and what is missing before it may go out."""

import dataclasses
import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from leadgen_dagster.agency import missing_identity
from leadgen_dagster.discovery.keeping import lasting_name
from leadgen_dagster.outreach import drafts
from leadgen_dagster.outreach.campaigns import NoCampaign, NoDraft, OutreachCampaign
from leadgen_dagster.outreach.channels import Channels
from leadgen_dagster.outreach.copywriter import DETERMINISTIC, DeterministicCopywriter
from leadgen_dagster.outreach.marks import Mark
from leadgen_dagster.outreach.placeholders import MAX_WORDS, draft_faults, word_count
from leadgen_dagster.outreach.plan import Lead, Plan, Terms, no_campaign, plan_campaign
from leadgen_dagster.rendering import is_safe_url
from leadgen_dagster.scoring.scores import LeadClass, WebsiteScore
from leadgen_dagster.sites.tokens import demo_url

REWORDINGS = 8
"""How many other choices of words are tried where a letter is too long."""
_LOCAL_SUFFIXES = (".local", ".localhost", ".localdomain", ".internal", ".lan", ".home.arpa")


def write_campaigns(leads: Iterable[Lead], terms: Terms) -> list[OutreachCampaign | NoCampaign]:
    """For each lead of a run its drafts or why there are none: the ready ones first, then by opportunity.

    An owner gets one message, the one for the best of the leads by which the owner is reached.
    """
    results: list[OutreachCampaign | NoCampaign] = []
    told: dict[Mark, str] = {}
    for lead in sorted(leads, key=_rank):
        plan = _unless_told(plan_campaign(lead, terms), told)
        if isinstance(plan, Plan):
            told.update(dict.fromkeys(plan.marks, lasting_name(lead.business)))
            results.append(_write(plan, terms))
        else:
            results.append(plan)
    return results


def _rank(lead: Lead) -> tuple[bool, int, str]:
    return (not lead.score.lead_class.is_ready, -lead.score.opportunity.total, lead.business.id)


def is_local_address(url: str) -> bool:
    """Whether nobody but this machine or this network could open the link."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_SUFFIXES)


def _unless_told(plan: Plan | NoCampaign, told: dict[Mark, str]) -> Plan | NoCampaign:
    """The plan, unless somebody who is reached in the same way gets a message already."""
    if isinstance(plan, NoCampaign):
        return plan
    shared = next((mark for mark in plan.marks if mark in told), None)
    if shared is None:
        return plan
    reason = f"It shares its {shared.what} with {told[shared]}, whose owner is told already."
    return no_campaign(plan.lead, NoDraft.SAME_OWNER, reason)


def _write(plan: Plan, terms: Terms) -> OutreachCampaign:
    site, score = plan.demo, plan.lead.score
    sheet = drafts.DraftSheet(
        business=plan.lead.business,
        pitch=plan.pitch,
        copy=terms.copywriter.write(plan.pitch),
        channels=_with_note_on_demo(plan),
        agency=terms.agency,
        demo_url=demo_url(terms.public_url or "", site.token) if site else None,
        missing=_missing(plan, terms),
        hidden_facts=frozenset(score.discrepancies),
    )
    return _marked(_within_length(sheet), score)


def _with_note_on_demo(plan: Plan) -> Channels:
    """The channels, with the reason where there is a demo that may not be shown."""
    site, channels = plan.lead.site, plan.channels
    if site is None or site.is_presentable:
        return channels
    return dataclasses.replace(channels, notes=(*channels.notes, f"its demo is not shown: {site.faults[0]}"))


def _missing(plan: Plan, terms: Terms) -> tuple[str, ...]:
    """Everything that stands between the drafts and their being sent."""
    missing = [*missing_identity(terms.agency)]
    if plan.demo and not terms.public_url:
        missing.append("a public URL for the demo")
    elif plan.demo and terms.public_url and is_local_address(terms.public_url):
        missing.append("a public URL for the demo: the present one opens on this network only")
    if plan.channels.email and not plan.channels.email_found:
        missing.append("where the e-mail address was found")
    if plan.lead.score.lead_class is LeadClass.CHECK_FIRST:
        missing.append(f"a person has to check first: {plan.lead.score.lead_reason.rstrip('.')}")
    return tuple(missing)


def _within_length(sheet: drafts.DraftSheet) -> drafts.DraftSheet:
    """The sheet, worded anew without its praise where a long name or address made the letter too long."""
    if _words(sheet) <= MAX_WORDS:
        return sheet
    note = sheet.copy.writer_note if sheet.copy.writer == DETERMINISTIC else "the model's text was too long"
    shortest = min((_reworded(sheet, str(turn), note) for turn in range(REWORDINGS)), key=_words)
    if _words(shortest) <= MAX_WORDS:
        return shortest
    too_long = f"a shorter text: {_words(shortest)} words are more than {MAX_WORDS}"
    return dataclasses.replace(shortest, missing=(*sheet.missing, too_long))


def _reworded(sheet: drafts.DraftSheet, turn: str, note: str | None) -> drafts.DraftSheet:
    pitch = dataclasses.replace(sheet.pitch, praise=None, seed=f"{sheet.pitch.seed} {turn}")
    copy = dataclasses.replace(DeterministicCopywriter().write(pitch), writer_note=note)
    return dataclasses.replace(sheet, pitch=pitch, copy=copy)


def _words(sheet: drafts.DraftSheet) -> int:
    return word_count(sheet.render("email", "body.txt"))


def _marked(sheet: drafts.DraftSheet, score: WebsiteScore) -> OutreachCampaign:
    """The campaign; NOT READY where a text has a fault, for example a name that reads like a placeholder."""
    campaign = _campaign(sheet, score)
    faults = draft_faults(campaign)
    if not faults:
        return campaign
    looks = tuple(f"a look at the text: {fault}" for fault in faults)
    return _campaign(dataclasses.replace(sheet, missing=(*sheet.missing, *looks)), score)


def _campaign(sheet: drafts.DraftSheet, score: WebsiteScore) -> OutreachCampaign:
    channels = sheet.channels
    notes = list(channels.notes)
    mobile = channels.phone if channels.is_mobile else None
    letter = drafts.email(sheet) if channels.email else {}
    chat = drafts.whatsapp(sheet, mobile) if mobile else {}
    text_message = drafts.sms(sheet) if mobile else None
    if mobile and text_message is None:
        notes.append("no SMS: the demo's link leaves no room in one message")
    writes_first = channels.email and (score.lead_class is not LeadClass.READY_TO_CALL or not channels.phone)
    return OutreachCampaign(
        id=str(uuid5(UUID(sheet.business.id), "campaign")),
        business_id=sheet.business.id,
        language=sheet.pitch.language,
        channel="email" if writes_first else "call",
        recipient_email=channels.email,
        recipient_phone=channels.phone,
        sms_text=text_message,
        call_card=drafts.call_card(sheet, channels.phone) if channels.phone else None,
        fault_check_id=None if sheet.pitch.is_state else sheet.pitch.topic,
        fault_evidence=sheet.pitch.evidence,
        demo_url=sheet.demo_url if sheet.demo_url and is_safe_url(sheet.demo_url) else None,
        is_ready=not sheet.missing,
        missing=sheet.missing,
        notes=tuple(notes),
        writer=sheet.copy.writer,
        writer_note=sheet.copy.writer_note,
        **letter,
        **chat,
    )
