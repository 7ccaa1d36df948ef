"""The campaign for one lead: whether there is one, what it says, and what is missing before it may go out."""

import dataclasses
import ipaddress
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from leadgen_dagster.agency import Agency, missing_identity
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.outreach import drafts
from leadgen_dagster.outreach.brief import make_brief
from leadgen_dagster.outreach.campaigns import OutreachCampaign
from leadgen_dagster.outreach.channels import Channels, find_channels
from leadgen_dagster.outreach.copywriter import DETERMINISTIC, Copywriter, DeterministicCopywriter
from leadgen_dagster.outreach.placeholders import MAX_WORDS, draft_faults, word_count
from leadgen_dagster.outreach.wording import languages
from leadgen_dagster.rendering import is_safe_url
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.scores import LeadClass, WebsiteScore
from leadgen_dagster.sites.generated import GeneratedSite

REWORDINGS = 8
"""How many other choices of words are tried where a letter is too long."""
_LOCAL_SUFFIXES = (".local", ".localhost", ".localdomain", ".internal", ".lan", ".home.arpa")


def no_campaign_reason(
    *,
    business: Business,
    score: WebsiteScore,
    contacts: Sequence[Contact],
    agency: Agency,
    language: str | None,
    may_contact: bool = True,
) -> str | None:
    """Why there is no campaign for this lead, in a sentence; None where there is one."""
    return (
        _lead_reason(business, score, may_contact=may_contact)
        or _language_reason(language, agency)
        or _content_reason(business, score, contacts, language or "")
    )


def write_campaign(
    *,
    business: Business,
    score: WebsiteScore,
    contacts: Sequence[Contact],
    site: GeneratedSite | None,
    agency: Agency,
    public_url: str | None,
    copywriter: Copywriter,
    language: str | None,
    may_contact: bool = True,
    looked_on: date | None = None,
) -> OutreachCampaign | None:
    """The drafts for one lead; None exactly where `no_campaign_reason` gives a reason.

    Args:
        business: the lead.
        score: what was found, and what may be pitched.
        contacts: what its pages gave.
        site: its demo, if one was made.
        agency: who signs.
        public_url: where published demos are served.
        copywriter: who words the drafts.
        language: ISO 639-1; the caller decides it.
        may_contact: False where an earlier message or an objection stands against it.
        looked_on: the day of the look, for states that have no finding to take it from.
    """
    reason = no_campaign_reason(
        business=business,
        score=score,
        contacts=contacts,
        agency=agency,
        language=language,
        may_contact=may_contact,
    )
    if reason is not None or language is None:
        return None
    brief = make_brief(
        business=business, score=score, language=language, has_demo=site is not None, looked_on=looked_on
    )
    if brief is None:
        return None
    channels = find_channels(business, score, contacts, language)
    missing = _missing(score, channels, agency, public_url, has_demo=site is not None)
    sheet = drafts.DraftSheet(
        business=business,
        brief=brief,
        copy=copywriter.write(brief),
        channels=channels,
        agency=agency,
        demo_url=f"{(public_url or '').rstrip('/')}/d/{site.token}/" if site else None,
        missing=missing,
        hidden_facts=frozenset(score.discrepancies),
    )
    return _marked(_within_length(sheet), score)


def is_local_address(url: str) -> bool:
    """Whether nobody but this machine or this network could open the link."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_SUFFIXES)


def _lead_reason(business: Business, score: WebsiteScore, *, may_contact: bool) -> str | None:
    if not business.is_lead:
        return f"No draft: excluded ({business.exclusion_note or business.exclusion})."
    if score.is_sensitive:
        return "No automatic draft: sensitive niche."
    if score.lead_class is LeadClass.LEAVE_ALONE:
        return f"No draft: {score.lead_reason}"
    if not may_contact:
        return "No draft: an earlier message or an objection stands against it."
    return None


def _language_reason(language: str | None, agency: Agency) -> str | None:
    if language is None:
        return "No draft: the language of the business is not known."
    if language not in languages():
        return f"No draft: there are no messages in the language {language}."
    if agency.languages and language not in agency.languages:
        return f"No draft: the agency does not answer in the language {language}."
    return None


def _content_reason(
    business: Business, score: WebsiteScore, contacts: Sequence[Contact], language: str
) -> str | None:
    if find_channels(business, score, contacts, language).is_empty:
        return "No draft: there is no address or number that may be used."
    if make_brief(business=business, score=score, language=language, has_demo=False, looked_on=None) is None:
        return "No draft: nothing was seen that may be spoken of."
    return None


def _missing(
    score: WebsiteScore, channels: Channels, agency: Agency, public_url: str | None, *, has_demo: bool
) -> tuple[str, ...]:
    """Everything that stands between the drafts and their being sent."""
    missing = [*missing_identity(agency), *channels.missing]
    if has_demo and not public_url:
        missing.append("a public URL for the demo")
    elif has_demo and public_url and is_local_address(public_url):
        missing.append("a public URL for the demo: the present one opens on this network only")
    if channels.email and not channels.email_found:
        missing.append("where the e-mail address was found")
    if score.lead_class is LeadClass.CHECK_FIRST:
        missing.append(f"a person has to check first: {score.lead_reason}")
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
    brief = dataclasses.replace(sheet.brief, praise=None, seed=f"{sheet.brief.seed} {turn}")
    copy = dataclasses.replace(DeterministicCopywriter().write(brief), writer_note=note)
    return dataclasses.replace(sheet, brief=brief, copy=copy)


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
        language=sheet.brief.language,
        channel="email" if writes_first else "call",
        recipient_email=channels.email,
        recipient_phone=channels.phone,
        sms_text=text_message,
        call_card=drafts.call_card(sheet, channels.phone) if channels.phone else None,
        fault_check_id=None if sheet.brief.is_state else sheet.brief.topic,
        fault_evidence=sheet.brief.evidence,
        demo_url=sheet.demo_url if sheet.demo_url and is_safe_url(sheet.demo_url) else None,
        is_ready=not sheet.missing,
        missing=sheet.missing,
        notes=tuple(notes),
        writer=sheet.copy.writer,
        writer_note=sheet.copy.writer_note,
        **letter,
        **chat,
    )
