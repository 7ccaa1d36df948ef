"""By what a business can be reached, and whether one may write to it unasked."""

from collections.abc import Sequence
from dataclasses import dataclass

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.domains import registrable_domain
from leadgen_dagster.scoring.scores import WebsiteState

# Advertising by e-mail to firms needs consent beforehand: § 7 (2) UWG; § 174 TKG 2021.
CONSENT_OF_EVERYBODY = frozenset({"DE", "AT"})
# Sole traders count as individuals: Directive 2002/58/EC, article 13; in the UK regulation 22 of PECR 2003.
_CONSENT_OF_SOLE_TRADERS_WORDS = """
    GB BE BG CY CZ DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK NO IS LI
"""
CONSENT_OF_SOLE_TRADERS = CONSENT_OF_EVERYBODY | frozenset(_CONSENT_OF_SOLE_TRADERS_WORDS.split())

_MAIL_GONE_TOO = frozenset({WebsiteState.PARKED, WebsiteState.UNREACHABLE, WebsiteState.OTHER_DOMAIN})
"""States in which mail to the website's own domain may reach nobody, or somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    email: str | None = None
    phone: str | None = None
    email_needs_consent: bool = False

    @property
    def may_mail(self) -> bool:
        return self.email is not None and not self.email_needs_consent


def channels(business: Business, contacts: Sequence[Contact], state: WebsiteState) -> Channels:
    """The record's own address and number, or else the best ones of the pages."""
    email = business.email or _best(contacts, ContactKind.EMAIL)
    if email and business.website and state in _MAIL_GONE_TOO:
        is_of_website = registrable_domain(email.rpartition("@")[2]) == registrable_domain(business.website)
        email = None if is_of_website else email
    return Channels(
        email=email,
        phone=business.phone or _best(contacts, ContactKind.PHONE),
        email_needs_consent=email_needs_consent(business),
    )


def email_needs_consent(business: Business) -> bool:
    """Whether one may only write after the owner agreed."""
    if business.country in CONSENT_OF_EVERYBODY:
        return True
    return business.is_sole_trader and business.country in CONSENT_OF_SOLE_TRADERS


def _best(contacts: Sequence[Contact], kind: ContactKind) -> str | None:
    return next((one.value for one in contacts if one.kind is kind and one.is_best), None)
