"""How a lead may be reached, and what has to be remembered about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers

from leadgen_dagster.discovery.businesses import Business, PhoneKind
from leadgen_dagster.outreach.brief import page_name
from leadgen_dagster.outreach.wording import fill, phrase_book
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.scores import WebsiteScore, WebsiteState

CONSENT_FROM_FIRMS_TOO = frozenset({"AT", "DE"})
"""Countries where e-mail advertising needs consent even from a company: § 174 (3) TKG 2021, § 7 (2) UWG."""
_NOT_THE_OWNER = frozenset(
    {"privacy", "datenschutz", "tietosuoja", "dpo", "abuse", "postmaster", "hostmaster", "webmaster"}
    | {"noreply", "no-reply", "donotreply"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """The address and the number that may be used for one lead."""

    email: str | None = None
    email_found: str | None = None
    """The sentence that tells the reader where the address was found."""
    phone: str | None = None
    """E.164."""
    phone_source: str | None = None
    is_mobile: bool = False
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.email is None and self.phone is None


def find_channels(
    business: Business, score: WebsiteScore, contacts: Sequence[Contact], language: str
) -> Channels:
    """The best address and number; what page and record disagree about is not used."""
    address, found, note = _email(business, score, contacts, language)
    phone, source, is_mobile = _phone(business, score, contacts, language)
    notes = [note] if note else []
    if phone and is_mobile:
        notes.append("WhatsApp and SMS only after they agreed")
    needs_consent = address is not None and business.country in CONSENT_FROM_FIRMS_TOO
    return Channels(
        email=address,
        email_found=found,
        phone=phone,
        phone_source=source,
        is_mobile=is_mobile,
        missing=(f"consent to e-mail: in {business.country} firms have to agree first",)
        if needs_consent
        else (),
        notes=tuple(notes),
    )


def readable_phone(number: str) -> str:
    """An E.164 number as one reads it out; as it is where it is none."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _email(
    business: Business, score: WebsiteScore, contacts: Sequence[Contact], language: str
) -> tuple[str | None, str | None, str | None]:
    """The address, where it was found, and a note for the reviewer."""
    on_page = _best(contacts, ContactKind.EMAIL)
    address = on_page.value if on_page else business.email
    if address is None or "email" in score.discrepancies:
        return None, None, None
    if address.partition("@")[0].lower() in _NOT_THE_OWNER:
        return None, None, f"no e-mail: {address} is not the owner's own address"
    if _is_on_lapsed_domain(address, business, score):
        return None, None, "no e-mail: the address belongs to the domain that has lapsed"
    if business.is_sole_trader:
        return None, None, "e-mail only after consent: sole trader"
    book = phrase_book(language)
    if on_page:
        return address, fill(book["found"]["page"], {"page": page_name(on_page.page_url)}), None
    source = _source(business, language)
    return address, fill(book["found"]["source"], {"source": source}) if source else None, None


def _phone(
    business: Business, score: WebsiteScore, contacts: Sequence[Contact], language: str
) -> tuple[str | None, str | None, bool]:
    """The number, where it is from, and whether it is known to be mobile."""
    if "phone" in score.discrepancies:
        return None, None, False
    if business.phone:
        return business.phone, _source(business, language), business.phone_kind is PhoneKind.MOBILE
    on_page = _best(contacts, ContactKind.PHONE)
    if on_page is None:
        return None, None, False
    return on_page.value, page_name(on_page.page_url), on_page.is_mobile


def _best(contacts: Sequence[Contact], kind: ContactKind) -> Contact | None:
    return next((contact for contact in contacts if contact.kind is kind and contact.is_best), None)


def _source(business: Business, language: str) -> str | None:
    """What a reader calls the source; its attribution where the phrase book has no word for it."""
    if not business.origins:
        return None
    origin = business.origins[0]
    source: str = phrase_book(language)["sources"].get(origin.source) or origin.attribution
    return source or None


def _is_on_lapsed_domain(address: str, business: Business, score: WebsiteScore) -> bool:
    """A parked domain takes its mail with it: a letter to it would reach a stranger."""
    if score.website_state is not WebsiteState.PARKED or not business.website:
        return False
    host = (urlsplit(business.website).hostname or "").removeprefix("www.")
    domain = address.rpartition("@")[2].lower()
    return domain == host or domain.endswith(f".{host}") or host.endswith(f".{domain}")
