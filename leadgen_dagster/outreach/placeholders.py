"""What must not be left in a draft that goes out: the quality gate over finished campaigns."""

import re
from collections.abc import Iterator
from itertools import pairwise

from leadgen_dagster.outreach.campaigns import OutreachCampaign
from leadgen_dagster.outreach.gsm7 import fits_one_segment
from leadgen_dagster.outreach.wording import phrase_book
from leadgen_dagster.sites.fact_check import JARGON, THREATS, emoji

MAX_WORDS = 110
NOT_READY = "NOT READY"
_PLACEHOLDER = re.compile(
    r"\{\{|\}\}|\{%|\{[a-z_]+\}|\bNone\b|\bundefined\b|\bnull\b|\bnan\b|\bTODO\b|\bXXX\b|lorem ipsum"
    r"|\[[a-zäöü _-]{2,30}\]|<[a-z_ ]+ here>|Markup\("
)
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_PAGE = re.compile(r"\S+\.\S+")
"""A page or an address as a message names it: `firm.example/contact.html` is not the word HTML."""
_HREF = re.compile(r"<a\s[^>]*href=", re.IGNORECASE)
_FALSE_REPLY = re.compile(r"^\s*(?:re|aw|wg|fwd?|vs|vl)\s*:", re.IGNORECASE)


def word_count(text: str) -> int:
    """Words as a reader counts them; the NOT READY line is for the agency and is not counted."""
    lines = [line for line in text.splitlines() if not line.startswith(NOT_READY)]
    return sum(1 for word in " ".join(lines).split() if any(map(str.isalnum, word)))


def draft_faults(campaign: OutreachCampaign) -> list[str]:
    """What is wrong with the drafts of one campaign, each a short sentence; nothing for good ones.

    A draft that is marked NOT READY is judged by its mark alone: a person reads it before anybody else does.
    """
    faults = list(_campaign_faults(campaign))
    if campaign.is_ready:
        faults += [
            f"{draft}: {fault}" for draft, text in _drafts(campaign) for fault in _text_faults(draft, text)
        ]
        faults += _letter_faults(campaign)
    return faults


def _drafts(campaign: OutreachCampaign) -> Iterator[tuple[str, str]]:
    card = campaign.call_card
    drafts = {
        "email_subject": campaign.email_subject,
        "email_text": campaign.email_text,
        "email_html": campaign.email_html,
        "whatsapp_text": campaign.whatsapp_text,
        "sms_text": campaign.sms_text,
        "call_card": f"{card.opening}\n{card.ask}" if card else None,
    }
    return ((name, text) for name, text in drafts.items() if text is not None)


def _text_faults(draft: str, text: str) -> Iterator[str]:
    if not text.strip():
        yield "is empty"
    left = _PLACEHOLDER.search(text)
    if left and draft != "email_html":
        yield f"a placeholder is left: {left.group()}"
    if pictures := emoji(text):
        yield f"has emoji: {pictures}"
    if threat := THREATS.search(text):
        yield f"sounds like a threat: {threat.group()}"
    if draft != "email_html" and (word := JARGON.search(_PAGE.sub("", text))):
        yield f"is not plain words: {word.group()}"
    links = len(_HREF.findall(text)) if draft == "email_html" else len(_LINK.findall(text))
    if links > 1:
        yield f"has {links} links"
    if draft in {"email_text", "whatsapp_text"} and (words := word_count(text)) > MAX_WORDS:
        yield f"has {words} words, more than {MAX_WORDS}"
    if draft == "email_subject" and (
        _FALSE_REPLY.match(text) or text.isupper() or "\n" in text or "!" in text
    ):
        yield "the subject plays a trick"
    if draft == "sms_text" and not fits_one_segment(text):
        yield "does not fit one SMS"


def _letter_faults(campaign: OutreachCampaign) -> Iterator[str]:
    text = campaign.email_text
    if text is None:
        return
    refusals = [way for ways in phrase_book(campaign.language)["opt_out"].values() for way in ways]
    if not any(way in text for way in refusals):
        yield "email_text: does not say how to say no"
    for line, following in pairwise(text.splitlines()):
        if line and line == following:
            yield f"email_text: a line stands twice: {line}"


def _campaign_faults(campaign: OutreachCampaign) -> Iterator[str]:
    if campaign.is_ready and campaign.missing:
        yield "is ready although something is missing"
    if not campaign.is_ready and not campaign.missing:
        yield "is not ready and does not say why"
    marked = {name: NOT_READY in text for name, text in _drafts(campaign) if name != "email_subject"}
    if any(is_marked == campaign.is_ready for is_marked in marked.values()):
        yield "the drafts and the campaign disagree on whether it is ready"
    if (campaign.whatsapp_text is None) != (campaign.whatsapp_url is None):
        yield "the WhatsApp text and its link come together"
    if not marked:
        yield "has no draft"
