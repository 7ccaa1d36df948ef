"""What the reader and the reviewer are told of the address and the number that a draft goes to."""

from dataclasses import dataclass

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.outreach.pitch import page_name
from leadgen_dagster.outreach.wording import fill, phrase_book
from leadgen_dagster.scoring.reachability import Reachability


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """The address and the number that may be used for one lead, in the words of its language."""

    email: str | None = None
    """One that may be written to unasked."""
    email_found: str | None = None
    """The sentence that tells the reader where the address was found."""
    phone: str | None = None
    """E.164."""
    phone_source: str | None = None
    is_mobile: bool = False
    notes: tuple[str, ...] = ()


def open_channels(business: Business, ways: Reachability, language: str) -> Channels:
    """The ways that are open, each with where it is from, and notes on those that are not."""
    chat_note = "WhatsApp and SMS only after they agreed" if ways.is_mobile else None
    return Channels(
        email=ways.email if ways.may_mail else None,
        email_found=_email_found(business, ways, language) if ways.may_mail else None,
        phone=ways.phone,
        phone_source=page_name(ways.phone_page) if ways.phone_page else _source(business, language),
        is_mobile=ways.is_mobile,
        notes=tuple(note for note in (ways.mail_note, chat_note) if note),
    )


def _email_found(business: Business, ways: Reachability, language: str) -> str | None:
    found = phrase_book(language)["found"]
    if ways.email_page:
        return fill(found["page"], {"page": page_name(ways.email_page)})
    source = _source(business, language)
    return fill(found["source"], {"source": source}) if source else None


def _source(business: Business, language: str) -> str | None:
    """What a reader calls the source; its attribution where the phrase book has no word for it."""
    if not business.origins:
        return None
    origin = business.origins[0]
    source: str = phrase_book(language)["sources"].get(origin.source) or origin.attribution
    return source or None
