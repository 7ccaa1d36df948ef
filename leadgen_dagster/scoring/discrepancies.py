"""Where a page and the record disagree; a person settles it, and neither value is printed.

Only what a page marks as its own counts: numbers behind links that dial, and what it marks as data of a firm. A record
that stands anywhere on the pages is not disputed, and several numbers or branches dispute nothing: one of them
may be meant.
"""

import re
from collections.abc import Iterator

from leadgen_dagster.discovery.opening_hours import parse_opening_hours
from leadgen_dagster.discovery.similarity import are_similar
from leadgen_dagster.discovery.words import name_key, street_name_key
from leadgen_dagster.scoring.marked import MarkedItem, marked_items
from leadgen_dagster.scoring.marked_hours import marked_hours
from leadgen_dagster.scoring.page_view import folded, host_of
from leadgen_dagster.scoring.site_pages import SitePages

_TELLING_DIGITS = 7
"""Of the end of a number: its spelling differs in front of them."""


def discrepancies(site: SitePages) -> tuple[str, ...]:
    """Names of `Business` fields."""
    firms = [item for page in site.pages for item in marked_items(page) if item.is_firm]
    return tuple(field for field, is_disputed in _disputes(site, firms) if is_disputed)


def _disputes(site: SitePages, firms: list[MarkedItem]) -> Iterator[tuple[str, bool]]:
    addresses = [address for firm in firms for address in firm.items("address")]
    streets = {street for address in addresses for street in address.texts("streetAddress")}
    postcodes = {folded(postcode) for address in addresses for postcode in address.texts("postalCode")}
    yield "name", _is_name_disputed(site, {name for firm in firms for name in firm.texts("name")})
    yield "street", len(streets) == 1 and _is_street_disputed(site, streets.pop())
    yield "postcode", len(postcodes) == 1 and _is_postcode_disputed(site, postcodes.pop())
    yield "phone", _is_phone_disputed(site)
    yield "opening_hours", _are_hours_disputed(site, firms)


def _is_name_disputed(site: SitePages, names: set[str]) -> bool:
    """Not by a name that is like the record's, nor where the record's stands on the page or in its address."""
    record = name_key(site.business.name)
    if not names or any(are_similar(record, name_key(name)) for name in names):
        return False
    telling = folded(record)
    return telling not in folded(host_of(site.home.url)) and not _is_shown(site, site.business.name, record)


def _is_street_disputed(site: SitePages, street: str) -> bool:
    record = site.business.street
    if not record or _is_shown(site, record):
        return False
    key, other_key = street_name_key(record), street_name_key(street)
    if key and other_key and not are_similar(key, other_key):
        return not _is_shown(site, re.sub(r"\d+\s?[a-zA-Z]?\b", "", record))
    numbers, other_numbers = (set(re.findall(r"\d+", one)) for one in (record, street))
    return bool(numbers and other_numbers) and numbers.isdisjoint(other_numbers)


def _is_postcode_disputed(site: SitePages, postcode: str) -> bool:
    """A ZIP code may carry four digits more, and a country its letters in front."""
    record = folded(site.business.postcode or "")
    if not record or not postcode or _is_shown(site, record):
        return False
    return not (record.startswith(postcode) or postcode.startswith(record) or record.endswith(postcode))


def _is_phone_disputed(site: SitePages) -> bool:
    record = site.business.phone
    if record is None or len(site.told_phones) != 1 or site.shows_phone(record):
        return False
    digits = (re.sub(r"[^\d\n]", "", page.text) for page in site.pages)
    return not any(record[-_TELLING_DIGITS:] in shown for shown in digits)


def _are_hours_disputed(site: SitePages, firms: list[MarkedItem]) -> bool:
    """By one week that can be read; of public holidays pages seldom say anything."""
    record = parse_opening_hours(site.business.opening_hours or "")
    told = {hours for firm in firms if (hours := marked_hours(firm))} if record else set()
    week = parse_opening_hours(told.pop()) if len(told) == 1 else None
    return record is not None and week is not None and week.days != record.days


def _is_shown(site: SitePages, *spellings: str) -> bool:
    return any(part in page.folded_text for page in site.pages for part in map(folded, spellings) if part)
