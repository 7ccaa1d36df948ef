"""The drafts of one lead, rendered from the message templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from leadgen_dagster.agency import Agency
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.normalise import readable_phone
from leadgen_dagster.outreach.campaigns import CallCard
from leadgen_dagster.outreach.channels import Channels
from leadgen_dagster.outreach.copywriter import Copy
from leadgen_dagster.outreach.gsm7 import fits_one_segment, to_gsm7
from leadgen_dagster.outreach.pitch import Pitch, short_sentence
from leadgen_dagster.outreach.placeholders import NOT_READY
from leadgen_dagster.outreach.wording import choose, languages, phrase_book
from leadgen_dagster.rendering import render

SMS_LENGTHS = ("full", "long", "short", "bare")
"""From all that one would like to say down to who writes, where the sketch lies and how to say no."""
_COUNTRY_SHORT = 3
"""An address whose last part is as short as this ends in a country: UK, USA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSheet:
    """Everything the templates of one lead are filled with."""

    business: Business
    pitch: Pitch
    copy: Copy
    channels: Channels
    agency: Agency
    demo_url: str | None
    missing: tuple[str, ...]
    hidden_facts: frozenset[str] = field(default_factory=frozenset)
    """Names of facts that page and record disagree about: printed nowhere."""

    @property
    def values(self) -> dict[str, object]:
        """What every message shares."""
        book = phrase_book(self.pitch.language)
        with_demo = "demo" if self.demo_url else "no_demo"
        return {
            "language": self.pitch.language,
            "name": self.pitch.name,
            "subject": self.copy.subject,
            "opening": self.copy.opening,
            "offer": self.copy.offer,
            "short": short_sentence(self.pitch),
            "closing": self._choice(book["closing"][with_demo], "closing"),
            "opt_out": self._choice(book["opt_out"][with_demo], "opt_out"),
            "demo_url": self.demo_url,
            "kind": self.pitch.offer.value,
            "found": self.channels.email_found or "",
            "sender": self.agency.sender,
            "agency": self.agency.name,
            "signature": signature(self.agency, language=self.pitch.language, country=self.business.country),
            "not_ready": f"{NOT_READY}: {'; '.join(self.missing)}" if self.missing else "",
        }

    def render(self, message: str, part: str, **more: object) -> str:
        """One part of one message, without the blank lines that the template's end leaves."""
        name = f"outreach/messages/{message}/{self.pitch.language}/{part}"
        return render(name, **self.values, **more).strip()

    def _choice(self, variants: list[str], slot: str) -> str:
        return choose(variants, self.pitch.seed, slot)


def signature(agency: Agency, *, language: str, country: str | None) -> list[str]:
    """The lines under a message to that country: who writes, from where, at which number."""
    address = agency.postal_address
    if address and country and agency.country and country != agency.country:
        address = _with_country(address, agency.country, language)
    if agency.name and address and not address.casefold().startswith(agency.name.casefold()):
        address = f"{agency.name}, {address}"
    phone = readable_phone(agency.phone) if agency.phone else None
    return [line for line in (agency.sender, address or agency.name, phone) if line]


def _with_country(address: str, country: str, language: str) -> str:
    """The address as one writes it abroad; unchanged where it ends in its country in any of our languages."""
    names = {book: phrase_book(book)["countries"].get(country) for book in languages()}
    last = address.rpartition(",")[2].strip()
    is_named = len(last) <= _COUNTRY_SHORT or last.casefold() in {
        (name or "").casefold() for name in names.values()
    }
    return address if is_named or not names[language] else f"{address}, {names[language]}"


def email(sheet: DraftSheet) -> dict[str, str]:
    """Subject, text and HTML."""
    return {
        "email_subject": " ".join(sheet.render("email", "subject.txt").split()),
        "email_text": sheet.render("email", "body.txt"),
        "email_html": sheet.render("email", "body.html"),
    }


def whatsapp(sheet: DraftSheet, phone: str) -> dict[str, str]:
    """The text, and the link that opens it in WhatsApp for a person to send."""
    text = sheet.render("whatsapp", "text.txt")
    return {
        "whatsapp_text": text,
        "whatsapp_url": f"https://wa.me/{phone.lstrip('+')}?text={quote(text, safe='')}",
    }


def sms(sheet: DraftSheet) -> str | None:
    """The longest form that fits one segment; None where not even the shortest does."""
    for length in SMS_LENGTHS:
        text = to_gsm7(_sms_lines(sheet.render("sms", "text.txt", length=length)))
        if fits_one_segment(text):
            return text
    return None


def call_card(sheet: DraftSheet, phone: str) -> CallCard:
    """What one has before the eyes while ringing up."""
    facts = sheet.render("call_card", "facts.txt", **_call_facts(sheet, phone))
    return CallCard(
        opening=sheet.render("call_card", "opening.txt"),
        facts=tuple(line for line in facts.splitlines() if line.strip()),
        ask=sheet.render("call_card", "ask.txt"),
    )


def _sms_lines(text: str) -> str:
    """One line, after the line that marks what is not ready."""
    mark, _, rest = text.partition("\n") if text.startswith(NOT_READY) else ("", "", text)
    return "\n".join(line for line in (mark, " ".join(rest.split())) if line)


def _call_facts(sheet: DraftSheet, phone: str) -> Mapping[str, object]:
    business = sheet.business
    shown = {
        name: getattr(business, name) if name not in sheet.hidden_facts else None
        for name in ("street", "city", "opening_hours")
    }
    return {
        "phone": readable_phone(phone),
        "phone_source": sheet.channels.phone_source,
        "place": ", ".join(part for part in (shown["street"], shown["city"]) if part),
        "hours": shown["opening_hours"],
        "page": sheet.pitch.page,
        "looked_on": sheet.pitch.looked_on,
    }
