"""By what a business can be reached: the one rule of it, for the lead class and for the drafts alike.

An address is used if it is the owner's to read, if mail to it still arrives there, and if the law lets one write
unasked; the website's own comes before the record's, since its owner put it there. Of numbers the record's comes
first; where page and record disagree none is used.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from leadgen_dagster.discovery.businesses import Business, PhoneKind
from leadgen_dagster.discovery.normalise import registrable_domain
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.emails import is_nobodys
from leadgen_dagster.scoring.scores import WebsiteState


class ConsentOf(StrEnum):
    """Whose consent advertising by e-mail needs beforehand."""

    EVERYBODY = "everybody"
    SOLE_TRADERS = "sole_traders"


_SOLE_TRADERS_WORDS = """
    GB BE BG CY CZ DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK NO IS LI
"""
CONSENT: Mapping[str, ConsentOf] = {
    # They count as individuals: Directive 2002/58/EC, article 13; in the UK regulation 22 of PECR 2003.
    **dict.fromkeys(_SOLE_TRADERS_WORDS.split(), ConsentOf.SOLE_TRADERS),
    # Firms have to agree too: § 7 (2) UWG; § 174 (3) TKG 2021.
    "DE": ConsentOf.EVERYBODY,
    "AT": ConsentOf.EVERYBODY,
}
"""By country; elsewhere one may write unasked. A country that is not known is taken to protect its sole traders."""

_MAIL_GONE = frozenset({WebsiteState.PARKED.value, WebsiteState.OTHER_DOMAIN.value})
"""The domain is somebody else's by now, and its mail with it; one that could not be reached may be well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachability:
    """The address and the number of one business that are of use."""

    email: str | None = None
    email_page: str | None = None
    """The page it was found on; None for the record's own."""
    consent_note: str | None = None
    """Why one may write to the address only after the owner agreed; None where one may unasked."""
    unusable_note: str | None = None
    """Why there is no address although one was found."""
    phone: str | None = None
    """E.164."""
    phone_page: str | None = None
    is_mobile: bool = False

    @property
    def may_mail(self) -> bool:
        return self.email is not None and self.consent_note is None

    @property
    def mail_note(self) -> str | None:
        """Why one may not write; None where one may, or where no address is known."""
        return self.unusable_note if self.email is None else self.consent_note

    @property
    def is_reachable(self) -> bool:
        """Whether there is a way to approach it that needs nobody's consent first."""
        return self.may_mail or self.phone is not None


def reachability(
    business: Business,
    contacts: Sequence[Contact],
    *,
    state: WebsiteState,
    cause: str | None = None,
    discrepancies: Sequence[str] = (),
) -> Reachability:
    """How one reaches a business, by its record and what was found on its pages.

    Args:
        state: what became of the look at its website.
        cause: the state's cause, for states that have several.
        discrepancies: the names of fields that page and record disagree about.
    """
    lapsed = None
    if business.website and {state.value, cause} & _MAIL_GONE:
        lapsed = registrable_domain(business.website)
    email, email_page, unusable = _email(business, contacts, lapsed)
    phone, phone_page, is_mobile = (
        _phone(business, contacts) if "phone" not in discrepancies else (None, None, False)
    )
    return Reachability(
        email=email,
        email_page=email_page,
        consent_note=consent_note(business),
        unusable_note=unusable,
        phone=phone,
        phone_page=phone_page,
        is_mobile=is_mobile,
    )


def consent_note(business: Business) -> str | None:
    """Whose consent an e-mail to this business needs first; None for nobody's."""
    needed = CONSENT.get(business.country) if business.country else ConsentOf.SOLE_TRADERS
    if needed is ConsentOf.EVERYBODY:
        return f"e-mail only after consent: in {business.country} firms have to agree first"
    if needed is ConsentOf.SOLE_TRADERS and business.is_sole_trader:
        return "e-mail only after consent: sole trader"
    return None


def _email(
    business: Business, contacts: Sequence[Contact], lapsed: str | None
) -> tuple[str | None, str | None, str | None]:
    """The first address that reaches the owner, its page, and what is wrong with one that does not."""
    unusable = None
    for address, page in _addresses(business, contacts):
        if is_nobodys(address):
            unusable = f"no e-mail: {address} is not the owner's own address"
        elif lapsed and registrable_domain(address.rpartition("@")[2]) == lapsed:
            unusable = "no e-mail: the address belongs to a domain that may no longer be theirs"
        else:
            return address, page, None
    return None, None, unusable


def _addresses(business: Business, contacts: Sequence[Contact]) -> Iterator[tuple[str, str | None]]:
    if on_page := _best(contacts, ContactKind.EMAIL):
        yield on_page.value, on_page.page_url
    if business.email:
        yield business.email, None


def _phone(business: Business, contacts: Sequence[Contact]) -> tuple[str | None, str | None, bool]:
    """The number, its page, and whether it is known to be mobile."""
    if business.phone:
        return business.phone, None, business.phone_kind is PhoneKind.MOBILE
    on_page = _best(contacts, ContactKind.PHONE)
    return (on_page.value, on_page.page_url, on_page.is_mobile) if on_page else (None, None, False)


def _best(contacts: Sequence[Contact], kind: ContactKind) -> Contact | None:
    return next((one for one in contacts if one.kind is kind and one.is_best), None)
