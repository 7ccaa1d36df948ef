"""By what a business is known again: on a list of those who are left alone, or as the owner of another lead."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from leadgen_dagster.agency import ExclusionList
from leadgen_dagster.discovery.businesses import Business, WebsiteOrigin
from leadgen_dagster.discovery.hosts import HostKind, host_kind
from leadgen_dagster.discovery.normalise import registrable_domain
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.reachability import Reachability
from leadgen_dagster.scoring.scores import WebsiteState


class MarkKind(StrEnum):
    FINGERPRINT = "fingerprint"
    DOMAIN = "domain"
    EMAIL = "email"
    PHONE = "phone"


_WORDS = {
    MarkKind.FINGERPRINT: "name and place",
    MarkKind.DOMAIN: "domain",
    MarkKind.EMAIL: "e-mail address",
    MarkKind.PHONE: "phone number",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that a business is known by; texts that mean the same are equal."""

    kind: MarkKind
    value: str

    @classmethod
    def of(cls, kind: MarkKind, text: str) -> "Mark":
        return cls(kind, text.strip().casefold())

    @property
    def what(self) -> str:
        """What it is, as a sentence names it."""
        return _WORDS[self.kind]


Listed = Callable[[Mark], bool]
"""Whether a mark is on a list of businesses that are left alone."""


def listed_mark(business: Business, contacts: Sequence[Contact], is_listed: Listed) -> Mark | None:
    """The first mark of a business, on its record or on its pages, that is on the list; None where none is."""
    return next((mark for mark in marks_of(business, contacts) if is_listed(mark)), None)


def on_exclusion_list(exclusions: ExclusionList) -> Listed:
    """The agency's own list as a question; names are discovery's to compare."""
    listed = {
        *(Mark.of(MarkKind.DOMAIN, registrable_domain(domain)) for domain in exclusions.domains),
        *(Mark.of(MarkKind.PHONE, phone) for phone in exclusions.phones),
        *(Mark.of(MarkKind.EMAIL, email) for email in exclusions.emails),
    }
    return listed.__contains__


def marks_of(business: Business, contacts: Sequence[Contact] = ()) -> Iterator[Mark]:
    """Everything that a list could know a business by."""
    yield Mark.of(MarkKind.FINGERPRINT, business.fingerprint)
    if business.website:
        yield Mark.of(MarkKind.DOMAIN, registrable_domain(business.website))
    found = [(contact.kind, contact.value) for contact in contacts]
    for kind, value in [(ContactKind.EMAIL, business.email), (ContactKind.PHONE, business.phone), *found]:
        if value and kind is ContactKind.PHONE:
            yield Mark.of(MarkKind.PHONE, value)
        if value and kind is ContactKind.EMAIL:
            yield Mark.of(MarkKind.EMAIL, value)
            yield Mark.of(MarkKind.DOMAIN, registrable_domain(value.rpartition("@")[2]))


def own_marks(business: Business) -> Iterator[Mark]:
    """What a business is known by whatever its record learns; a website that others share is none of it."""
    if business.phone:
        yield Mark.of(MarkKind.PHONE, business.phone)
    if business.email:
        yield Mark.of(MarkKind.EMAIL, business.email)
    if business.website and business.website_origin is WebsiteOrigin.RECORD:
        host = urlsplit(business.website).hostname or ""
        if host_kind(host) is HostKind.OWN:
            yield Mark.of(MarkKind.DOMAIN, registrable_domain(business.website))


def owner_marks(business: Business, ways: Reachability, state: WebsiteState) -> Iterator[Mark]:
    """What two businesses of one owner share: where a message arrives, and a website of their own.

    A mailbox's domain is none of it: hundreds of firms have theirs at the same provider.
    """
    for phone in (ways.phone, business.phone):
        if phone:
            yield Mark.of(MarkKind.PHONE, phone)
    for email in (ways.email, business.email):
        if email:
            yield Mark.of(MarkKind.EMAIL, email)
    is_their_own = business.website_origin is WebsiteOrigin.RECORD or state is WebsiteState.OK
    if business.website and is_their_own:
        yield Mark.of(MarkKind.DOMAIN, registrable_domain(business.website))
