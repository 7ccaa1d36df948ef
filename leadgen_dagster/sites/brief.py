"""What may be printed of a business: typed facts, each with its origin. Nothing else reaches a page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import phonenumbers

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.names import sign_name
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.discovery.opening_hours import WeeklyHours, parse_opening_hours
from leadgen_dagster.discovery.sources.osm_streets import Street
from leadgen_dagster.rendering import is_safe_url
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.phones import read_phone
from leadgen_dagster.scoring.scores import WebsiteScore, WebsiteState
from leadgen_dagster.scoring.snapshots import PageSnapshot
from leadgen_dagster.sites.area_map import AreaMap, draw_area
from leadgen_dagster.sites.facts import Fact, Service
from leadgen_dagster.sites.page_facts import PageFacts, page_facts
from leadgen_dagster.sites.wording import has_wording

MIN_FACTS_OF_CONTACT = 2
"""Of phone, street and hours."""
MAX_RECORD_AGE_DAYS = 365
"""Older hours are printed, but no page says "open now" by them."""
MAX_PROFILES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A number to ring and the way it is written in its country."""

    number: Fact
    """E.164."""
    shown: str
    is_mobile: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """As much of it as is known: a street, a postcode or both."""

    street: Fact | None = None
    postcode: Fact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    latitude: float
    longitude: float
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    week: WeeklyHours
    source: Fact
    """The text that the week was read from."""
    is_recent: bool


class FactLevel(StrEnum):
    """How much is known; a theme is made for each."""

    RICH = "rich"
    """The business's own words are known: services or a text about it."""
    ORDINARY = "ordinary"
    """Phone, street and hours."""
    POOR = "poor"
    """One of them is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteBrief:
    """All that a theme gets to know of a business."""

    language: str
    niche: str
    name: Fact
    """As the sign has it."""
    city: Fact | None = None
    country: str | None = None
    address: Address | None = None
    position: Position | None = None
    area: AreaMap | None = None
    """The streets around the position."""
    phone: Phone | None = None
    email: Fact | None = None
    hours: Hours | None = None
    profiles: tuple[Fact, ...] = ()
    services: tuple[Service, ...] = ()
    about: tuple[Fact, ...] = ()
    """Sentences of its own page, word for word."""
    booking: Fact | None = None
    """The address where the business takes bookings itself."""

    @property
    def level(self) -> FactLevel:
        if self.services or self.about:
            return FactLevel.RICH
        has_street = self.address is not None and self.address.street is not None
        return FactLevel.ORDINARY if self.phone and has_street and self.hours else FactLevel.POOR

    @property
    def facts(self) -> dict[str, str]:
        """Every fact that is printed, by name, with its origin."""
        return dict(_origins(self))


def make_site_brief(
    business: Business,
    contacts: Sequence[Contact],
    score: WebsiteScore,
    pages: Sequence[PageSnapshot] = (),
    *,
    language: str,
    ordered_on: date,
    streets: Iterable[Street] = (),
) -> SiteBrief | None:
    """The facts of a demo; None where they are too few, or where nobody here can word them in that language.

    What record and page disagree on is left out: neither of the two is printed.

    Args:
        pages: what is stored of the website, with the bodies; read only where it is the business's own.
        streets: those around it, where they are known: for the map, which has no words.
    """
    disputed = frozenset(score.discrepancies)
    if "name" in disputed or not has_wording(language) or business.niche not in NICHES:
        return None
    record = _record_of(business)
    is_own = score.website_state is WebsiteState.OK
    own_contacts = contacts if is_own else ()
    told = page_facts(business, pages, language=language) if is_own else PageFacts()
    position = _position(business, record, disputed)
    brief = SiteBrief(
        language=language,
        niche=business.niche,
        name=Fact(sign_name(business.name), record),
        city=_fact(business.city, record) if "city" not in disputed else None,
        country=business.country,
        address=_address(business, record, disputed),
        position=position,
        area=draw_area((position.latitude, position.longitude), streets) if position else None,
        phone=_phone(business, own_contacts, record) if "phone" not in disputed else None,
        email=_email(business, own_contacts, record) if "email" not in disputed else None,
        hours=_hours(business, told, record, ordered_on) if "opening_hours" not in disputed else None,
        profiles=_profiles(business, record),
        services=told.services,
        about=told.about,
        booking=told.booking,
    )
    street = brief.address.street if brief.address else None
    known = sum(fact is not None for fact in (brief.phone, street, brief.hours))
    return brief if brief.name.value and known >= MIN_FACTS_OF_CONTACT else None


def _record_of(business: Business) -> str:
    sources = sorted({origin.source for origin in business.origins})
    return f"record: {', '.join(sources)}" if sources else "record"


def _fact(value: str | None, origin: str) -> Fact | None:
    return Fact(value.strip(), origin) if value and value.strip() else None


def _address(business: Business, record: str, disputed: frozenset[str]) -> Address | None:
    if "street" in disputed:
        return None
    street = _fact(business.street, record)
    postcode = None if "postcode" in disputed else _fact(business.postcode, record)
    return Address(street=street, postcode=postcode) if street or postcode else None


def _position(business: Business, record: str, disputed: frozenset[str]) -> Position | None:
    if business.latitude is None or business.longitude is None or disputed & {"street", "latitude"}:
        return None
    return Position(latitude=business.latitude, longitude=business.longitude, origin=record)


def _phone(business: Business, contacts: Sequence[Contact], record: str) -> Phone | None:
    number = _fact(business.phone, record) or _best(contacts, ContactKind.PHONE)
    if number is None:
        return None
    found = read_phone(number.value, business.country)
    return Phone(
        number=number,
        shown=_shown_phone(number.value, business.country),
        is_mobile=found is not None and found.is_mobile,
    )


def _email(business: Business, contacts: Sequence[Contact], record: str) -> Fact | None:
    email = _fact(business.email, record) or _best(contacts, ContactKind.EMAIL)
    return email if email and is_safe_url(f"mailto:{email.value}") else None


def _best(contacts: Sequence[Contact], kind: ContactKind) -> Fact | None:
    found = next((one for one in contacts if one.kind is kind and one.is_best), None)
    return None if found is None else Fact(found.value, f"page: {found.page_url}")


def _shown_phone(number: str, country: str | None) -> str:
    parsed = phonenumbers.parse(number)
    is_domestic = phonenumbers.region_code_for_number(parsed) == country or (
        country is not None and parsed.country_code == phonenumbers.country_code_for_region(country)
    )
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if is_domestic else style.INTERNATIONAL)


def _hours(business: Business, told: PageFacts, record: str, ordered_on: date) -> Hours | None:
    """The record's week, else the page's; neither where they differ."""
    of_record = _read_hours(_fact(business.opening_hours, record))
    of_page = _read_hours(told.hours, is_recent=True)
    if of_record is None or of_page is None:
        return _dated(of_record, business, ordered_on) or of_page
    return replace(of_record, is_recent=True) if of_record.week.days == of_page.week.days else None


def _read_hours(source: Fact | None, *, is_recent: bool = False) -> Hours | None:
    week = parse_opening_hours(source.value) if source else None
    return Hours(week=week, source=source, is_recent=is_recent) if source and week else None


def _dated(hours: Hours | None, business: Business, ordered_on: date) -> Hours | None:
    age = None if business.last_edited is None else (ordered_on - business.last_edited).days
    is_recent = age is not None and age <= MAX_RECORD_AGE_DAYS
    return replace(hours, is_recent=is_recent) if hours else None


def _profiles(business: Business, record: str) -> tuple[Fact, ...]:
    links = (Fact(url, record) for url in business.social_profiles if is_safe_url(url))
    return tuple(link for link in links if link.value.lower().startswith("http"))[:MAX_PROFILES]


def _origins(brief: SiteBrief) -> Iterator[tuple[str, str]]:
    address = brief.address or Address()
    printed: dict[str, Fact | Position | AreaMap | None] = {
        "name": brief.name,
        "city": brief.city,
        "street": address.street,
        "postcode": address.postcode,
        "position": brief.position,
        "area": brief.area,
        "phone": brief.phone.number if brief.phone else None,
        "email": brief.email,
        "opening_hours": brief.hours.source if brief.hours else None,
        "social_profiles": next(iter(brief.profiles), None),
        "services": next((service.name for service in brief.services), None),
        "about": next(iter(brief.about), None),
        "booking": brief.booking,
    }
    yield from ((name, fact.origin) for name, fact in printed.items() if fact)
