"""Who of the businesses found is not a lead, and why; the first reason that holds is the one given."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from leadgen_dagster.agency import ExclusionList
from leadgen_dagster.discovery.businesses import Business, ExclusionReason
from leadgen_dagster.discovery.candidates import Candidate
from leadgen_dagster.discovery.geography import rough_distance_m
from leadgen_dagster.discovery.identities import aliases
from leadgen_dagster.discovery.merge import Merged
from leadgen_dagster.discovery.niches import NICHES, trade_words
from leadgen_dagster.discovery.normalise import normalise_phone, registrable_domain
from leadgen_dagster.discovery.similarity import are_similar
from leadgen_dagster.discovery.words import fold, sign_key, street_name_key

TABLE = Path(__file__).with_name("unfit.yaml")
CHAIN_SIZE = 3
SAME_SITE_M = 100
MAX_SITES_COMPARED = 20
COMPETITOR_NICHE = "web_studio"

Exclusion = tuple[ExclusionReason, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """What the whole town, all trades together, says of names and domains."""

    names: Mapping[str, int]
    """Name on the sign -> at how many places it hangs."""
    domains: Mapping[str, int]
    """Registrable domain -> how many places have it."""
    town: str

    @classmethod
    def of(cls, candidates: Iterable[Candidate], town: str) -> "Neighbourhood":
        by_name: dict[str, list[Candidate]] = defaultdict(list)
        by_domain: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            by_name[sign_key(candidate.name)].append(candidate)
            if candidate.domain:
                by_domain[candidate.domain].append(candidate)
        trades = trade_words()
        return cls(
            names={name: _sites(found) for name, found in by_name.items() if name not in trades},
            domains={domain: _sites(found) for domain, found in by_domain.items()},
            town=town,
        )


def _sites(candidates: Sequence[Candidate]) -> int:
    """How many places there are; records of one name next to each other are one."""
    sites: list[Candidate] = []
    for candidate in candidates:
        if not any(_is_one_site(candidate, site) for site in sites):
            sites.append(candidate)
        if len(sites) >= MAX_SITES_COMPARED:
            return len(sites)
    return len(sites)


def _is_one_site(one: Candidate, other: Candidate) -> bool:
    if not are_similar(one.name_key, other.name_key):
        return False
    if one.point and other.point:
        return rough_distance_m(one.point, other.point) <= SAME_SITE_M
    return one.street_key == other.street_key


def exclusion_of(
    business: Merged, neighbourhood: Neighbourhood, exclusions: ExclusionList
) -> Exclusion | None:
    """The reason why a business is not a lead, with a sentence; None for a lead."""
    best = business.best
    names = (best.name, *(origin.name for origin in business.origins))
    return (
        _on_list(best, names, _domains(best.domain, best.email), exclusions)
        or _closed(best)
        or _nobody(best)
        or _competitor(best)
        or _institution(best)
        or _chain(best, neighbourhood)
    )


def left_alone_since(
    business: Business, exclusions: ExclusionList, taken_down: Mapping[str, date]
) -> Exclusion | None:
    """Whether a business of an earlier attempt has been put on a list since then."""
    if day := taken_down.get(business.fingerprint):
        return _taken_down(day)
    names = (business.name, *(origin.name for origin in business.origins))
    site = registrable_domain(urlsplit(business.website).hostname or "") if business.website else None
    return _on_list(business, names, _domains(site, business.email), exclusions)


def after_take_down(business: Merged, taken_down: Mapping[str, date]) -> Exclusion | None:
    """Who had a demo taken down is left alone in every later run, by whatever it is known there.

    Args:
        taken_down: fingerprint or alias -> the day on which its business asked.
    """
    day = next((taken_down[alias] for alias in aliases(business) if alias in taken_down), None)
    return None if day is None else _taken_down(day)


def _taken_down(day: date) -> Exclusion:
    return ExclusionReason.TAKEN_DOWN, f"It had its demo taken down on {day.isoformat()}."


def _on_list(
    best: Candidate | Business, names: Iterable[str], domains: Collection[str], exclusions: ExclusionList
) -> Exclusion | None:
    signs = {sign_key(name) for name in names}
    matches = (
        ("name", any(sign_key(name) in signs for name in exclusions.names)),
        ("domain", any(_domain(text) in domains for text in exclusions.domains)),
        ("phone", best.phone is not None and best.phone in _phones(exclusions, best.country)),
        (
            "e-mail",
            best.email is not None and best.email in {text.strip().lower() for text in exclusions.emails},
        ),
    )
    what = next((label for label, is_match in matches if is_match), None)
    if what is None:
        return None
    return ExclusionReason.EXCLUSION_LIST, f"Its {what} is on the agency's exclusion list."


def _domain(text: str) -> str:
    host = text.strip().lower().split("://")[-1].split("/")[0].rpartition("@")[2]
    return registrable_domain(host)


def _phones(exclusions: ExclusionList, country: str | None) -> set[str]:
    found = (normalise_phone(text, country) for text in exclusions.phones)
    return {phone[0] for phone in found if phone}


def _closed(best: Candidate) -> Exclusion | None:
    if not best.is_closed:
        return None
    return ExclusionReason.CLOSED, "The record says that it is closed for good."


def _nobody(best: Candidate) -> Exclusion | None:
    name = fold(best.name)
    if line := _tag_in(best.tags, "nobody_tags"):
        return ExclusionReason.NOT_A_BUSINESS, f"Its record says that nobody works there ({line})."
    if name in _words("nobody_names") or not any(char.isalpha() for char in name):
        return ExclusionReason.NOT_A_BUSINESS, f"“{best.name}” is not the name of a business."
    if word := _word_in(best.name, "nobody_words"):
        return ExclusionReason.NOT_A_BUSINESS, f"Its name says that nobody works there (“{word}”)."
    return None


def _competitor(best: Candidate) -> Exclusion | None:
    if best.niche == COMPETITOR_NICHE or NICHES[COMPETITOR_NICHE].matches(best.tags):
        return ExclusionReason.COMPETITOR, "Its record says that it makes websites or works in IT itself."
    if word := _word_in(best.name, "competitor_names"):
        return ExclusionReason.COMPETITOR, f"Its name says that it is of the agency's own trade (“{word}”)."
    return None


def _institution(best: Candidate) -> Exclusion | None:
    if line := _tag_in(best.tags, "institution_tags"):
        return ExclusionReason.INSTITUTION, f"Its record says that it is no private business ({line})."
    domains = _domains(best.domain, best.email)
    if domain := next((found for found in domains if found in _words("institution_domains")), None):
        return ExclusionReason.INSTITUTION, f"{domain} is the domain of a caterer for institutions."
    names = (best.name, best.tags.get("operator", ""))
    is_else = any(_word_in(name, "no_institution_names") for name in names)
    word = next((found for name in names if (found := _word_in(name, "institution_names"))), None)
    if word and not is_else:
        return (
            ExclusionReason.INSTITUTION,
            f"Its name or operator says that it is an institution's (“{word}”).",
        )
    return None


def _chain(best: Candidate, neighbourhood: Neighbourhood) -> Exclusion | None:
    if best.brand or best.tags.get("brand:wikidata"):
        return (
            ExclusionReason.CHAIN,
            f"Its record names a brand ({best.brand or best.tags['brand:wikidata']}).",
        )
    if brand := _known_brand(best, neighbourhood.town):
        return ExclusionReason.CHAIN, f"{brand} is a known chain."
    domains = _domains(best.domain, best.email)
    if domain := next((found for found in domains if found in _words("brand_domains")), None):
        return ExclusionReason.CHAIN, f"{domain} is the domain of a known group."
    count = neighbourhood.domains.get(best.domain or "", 0)
    if count >= CHAIN_SIZE:
        return ExclusionReason.CHAIN, f"{count} or more places share its domain {best.domain}."
    count = neighbourhood.names.get(sign_key(best.name), 0)
    if count >= CHAIN_SIZE:
        return ExclusionReason.CHAIN, f"{count} or more places carry its name."
    return None


def _domains(site: str | None, email: str | None) -> tuple[str, ...]:
    """The registrable domains of website and mailbox."""
    mailbox = registrable_domain(email.rpartition("@")[2]) if email else None
    return tuple(domain for domain in (site, mailbox) if domain)


def _known_brand(best: Candidate, town: str) -> str | None:
    """The chain that the name on the sign is one of."""
    words = tuple(fold(best.name).split())
    table = _brands()
    additions = {
        *fold(town).split(),
        *fold(best.city or "").split(),
        *street_name_key(best.street or "").split(),
    }
    for length in range(len(words), 0, -1):
        brand = table.get(words[:length])
        if brand is None or (brand.niches and best.niche not in brand.niches):
            continue
        rest = words[length:]
        if not brand.is_alone or all(word in additions or word.isdigit() for word in rest):
            return brand.name
    return None


@dataclass(frozen=True, slots=True)
class _Brand:
    name: str
    niches: frozenset[str] = frozenset()
    """Where the name means the chain; everywhere if empty."""
    is_alone: bool = False
    """Whether nothing may follow but the town, the street or a number."""


@cache
def _brands() -> dict[tuple[str, ...], _Brand]:
    """Folded words -> brand."""
    table = _table()
    brands = [_Brand(name) for names in table["brands"].values() for name in names]
    brands += [_Brand(name, frozenset(niches)) for name, niches in table["brands_in_niches"].items()]
    brands += [
        _Brand(name, frozenset(niches), is_alone=True) for name, niches in table["brands_alone"].items()
    ]
    return {tuple(fold(brand.name).split()): brand for brand in brands}


def _tag_in(tags: Mapping[str, str], table: str) -> str | None:
    """The first line `key=value` of a table that holds; the value `*` stands for any."""
    for line in _words(table):
        key, value = line.split("=", 1)
        if tags.get(key) == value or (value == "*" and key in tags):
            return line
    return None


def _word_in(text: str, table: str) -> str | None:
    """The first entry of a table that the text holds as whole words; one that ends in * begins a word."""
    padded = f" {fold(text)} "
    for entry in _words(table):
        if f" {entry[:-1]}" in padded if entry.endswith("*") else f" {entry} " in padded:
            return entry.rstrip("*")
    return None


def _words(table: str) -> tuple[str, ...]:
    return tuple(_table()[table])


@cache
def _table() -> dict[str, Any]:
    import yaml

    table: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table
