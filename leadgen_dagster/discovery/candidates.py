"""A place in normal form, ready to be compared with others."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from leadgen_dagster.discovery.businesses import Origin, PhoneKind, Place, WebsiteOrigin
from leadgen_dagster.discovery.countries import lacks_digits, language_of, street_line
from leadgen_dagster.discovery.geography import Point
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.discovery.normalise import (
    WebAddress,
    normalise_email,
    normalise_phone,
    normalise_website,
    registrable_domain,
    website_of_email,
)
from leadgen_dagster.discovery.policies import restricted_sources
from leadgen_dagster.discovery.sources.base import PlaceSource
from leadgen_dagster.discovery.words import (
    clean_line,
    code_in,
    door_key,
    match_words,
    name_key,
    shown_name,
    street_key,
    street_name_key,
)

MAX_NAME = 200
CLOSED = re.compile(
    r"[(\[]\s*((permanently|now) )?(closed|geschlossen|suljettu|lopettanut|stängt|fermé|cerrado|chiuso|gesloten)\b",
    re.IGNORECASE,
)
"""How a list says in the name that somebody is no more; "Closed on Mondays" stands in no brackets."""
MAX_SHOWN = 60
SHARED_BY = 3
"""So many names on one domain are not spellings of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What of a record tells whether another one is the same business (`matching`)."""

    words: tuple[str, ...]
    """`match_words` of the name."""
    niche: str
    group: str
    street_name: str | None
    door: str | None
    """`door_key` of the street; None without a house number."""
    city: str | None
    point: Point | None
    phone: str | None
    """E.164."""
    domain: str | None
    """The registrable domain of its website or mailbox; None for builders, networks, mail providers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(Compared):
    """One record in normal form."""

    origin: Origin
    name: str
    name_key: str
    """What fingerprints hold of the name."""
    sub_niche: str | None
    street: str | None
    street_key: str | None
    postcode: str | None
    country: str | None
    phone_kind: PhoneKind | None
    email: str | None
    website: str | None
    website_origin: WebsiteOrigin | None
    social_profiles: tuple[str, ...]
    opening_hours: str | None
    language: str | None
    is_sole_trader: bool
    last_edited: date | None
    is_closed: bool
    brand: str | None
    tags: Mapping[str, str]


def why_unusable(place: Place) -> str | None:
    """The reason to set a record aside before anything is made of it."""
    if not clean_line(place.name):
        return "no name"
    if len(place.name) > MAX_NAME:
        return f"a name of {len(place.name)} characters"
    if "\0" in place.name:
        return "a name with NUL characters"
    if code := code_in(clean_line(place.name)):
        return f"a name that is {code}"
    if not _is_on_earth(place.latitude, 90) or not _is_on_earth(place.longitude, 180):
        return "coordinates that are nowhere on Earth"
    return None


def _is_on_earth(value: float | None, limit: int) -> bool:
    return value is None or (math.isfinite(value) and abs(value) <= limit)


def candidate_of(
    place: Place, source: PlaceSource, country: str | None, *, asked_on: date | None = None
) -> Candidate:
    """Normalises a record.

    Args:
        place: as its source gave it.
        source: tells licence and attribution.
        country: the source's usual one, for records that name none.
        asked_on: the day on which the source was asked, for records that do not say how old they are.
    """
    country = place.country or country
    street = _line(street_line(place.street, place.house_number, country))
    phone = normalise_phone(place.phone, country) if place.phone else None
    email = normalise_email(place.email) if place.email else None
    address = normalise_website(place.website) if place.website else None
    website, origin, domain = _website(address, email)
    name = shown_name(place.name)
    return Candidate(
        origin=Origin(
            source=place.source,
            source_id=place.source_id,
            licence=source.licence,
            attribution=source.attribution,
            name=clean_line(place.name),
            as_of=place.last_edited or asked_on,
        ),
        name=name,
        name_key=name_key(name),
        words=match_words(name),
        niche=place.niche,
        group=NICHES[place.niche].group,
        sub_niche=_line(place.sub_niche),
        street=street,
        street_key=street_key(street) if street else None,
        street_name=street_name_key(street) if street else None,
        door=door_key(street) if street else None,
        postcode=_line(place.postcode),
        city=_line(place.city),
        country=country,
        point=_point(place),
        phone=phone[0] if phone else None,
        phone_kind=phone[1] if phone else None,
        email=email,
        website=website,
        website_origin=origin,
        domain=domain,
        social_profiles=_profiles(place.social_profiles, address),
        opening_hours=_line(place.opening_hours),
        language=place.language or language_of(country),
        is_sole_trader=place.is_sole_trader,
        last_edited=place.last_edited,
        is_closed=place.is_closed or CLOSED.search(place.name) is not None,
        brand=_line(place.brand),
        tags=place.tags,
    )


def remarks(place: Place, candidate: Candidate) -> list[str]:
    """What became of details that could not be taken as they were given; a sentence each."""
    told = []
    may_quote = place.source not in restricted_sources()  # what is told stays for good
    if place.phone and candidate.phone is None and candidate.country is not None:
        phone = f"phone {place.phone[:MAX_SHOWN]!r}" if may_quote else "phone"
        told.append(f"{phone} is no number of {candidate.country}; it was left out")
    if candidate.postcode and lacks_digits(candidate.postcode, candidate.country):
        postcode = f"postcode {candidate.postcode[:MAX_SHOWN]!r}" if may_quote else "postcode"
        told.append(f"{postcode} has too few digits for {candidate.country}; it was kept as it is")
    return [f"{place.source} {place.source_id}: {text}" for text in told]


def _website(
    address: WebAddress | None, email: str | None
) -> tuple[str | None, WebsiteOrigin | None, str | None]:
    """Website, where it was learnt, and the domain that tells the owner."""
    if address is not None and address.is_website:
        return address.url, WebsiteOrigin.RECORD, address.domain
    guess = website_of_email(email) if email else None
    if guess is None:
        return None, None, None
    host = guess.removeprefix("https://").rstrip("/")
    return guess, WebsiteOrigin.EMAIL_DOMAIN, registrable_domain(host)


def _profiles(given: Iterable[str], address: WebAddress | None) -> tuple[str, ...]:
    """Profiles and listings, the ones named as a website too."""
    known = [address, *(normalise_website(text) for text in given)]
    return tuple(dict.fromkeys(found.url for found in known if found and found.is_profile))


def _point(place: Place) -> Point | None:
    if place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def _line(text: str | None) -> str | None:
    return clean_line(text) or None if text else None


def without_shared_guesses(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Takes back a website guessed from a mailbox where firms of other names have theirs on the same domain.

    Such a domain is a mail provider that the list does not know, or an owner of many firms: neither is the
    firm's site.
    """
    held = list(candidates)
    names: dict[str, set[str]] = defaultdict(set)
    for candidate in held:
        if candidate.domain:
            names[candidate.domain].add(candidate.name_key)
    return [_without_guess(found) if _is_shared_guess(found, names) else found for found in held]


def _is_shared_guess(candidate: Candidate, names: Mapping[str, set[str]]) -> bool:
    is_guess = candidate.website_origin is WebsiteOrigin.EMAIL_DOMAIN
    return is_guess and len(names[candidate.domain or ""]) >= SHARED_BY


def _without_guess(candidate: Candidate) -> Candidate:
    return replace(candidate, website=None, website_origin=None, domain=None)
