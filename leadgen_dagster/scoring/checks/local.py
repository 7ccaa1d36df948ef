"""Does the page say who the business is, where, and when it is open?"""

import re
from collections.abc import Iterator

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import PageView, folded
from leadgen_dagster.scoring.site_pages import SitePages

FEWEST_DIGITS = 7

# Trades that come to the customer, and people one meets by appointment: nobody looks for their opening hours.
_NO_SHOP_DOOR_WORDS = """
    plumber electrician locksmith painter carpenter roofer builder gardener cleaner upholsterer caterer
    photographer web_studio event_planner hotel guest_house campsite events_venue funeral_home architect
    driving_school
"""
_NO_SHOP_DOOR = frozenset(_NO_SHOP_DOOR_WORDS.split())

_AFTER_FIRST_DIGIT = r"\d?(?:[:.h]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|uhr|h|noon)?"
_TIME = rf"\d{_AFTER_FIRST_DIGIT}"
_TIME_SPAN = re.compile(  # its first digit stands first, since a search for a digit is quick
    rf"\d(?<![\d.,/+]\d){_AFTER_FIRST_DIGIT}\s?(?:-|\u2013|\u2014|to|bis|till|til|until|à|a|al|und)\s?{_TIME}(?![\d/])"
)
_DAY = re.compile(
    r"\b(?:mon|tue|wed|thu|fri|sat|sun|tues|weds|thur|thurs)\b|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|daily|every day|week(?:days|ends)|"
    r"(?:mon|diens|donners|frei|sams|sonn)tags?\b|mittwochs?|täglich|werktags|"
    r"(?:maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)|arkisin|"
    r"\b(?:mån|tis|ons|tors|fre|lör|sön)(?:dag)?\b|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|"
    r"\b(?:lun|jeu|ven|sam|dim)\b|tous les jours|lunes|martes|miércoles|jueves|viernes|sábado|domingo|diario|"
    r"\b(?:mo|di|mi|do|fr|sa|so|ma|ti|ke|pe|su|tu|we|th)\.?\s?(?:[-\u2013:+]|bis|\d)"
)
"""A day of the week; one of two letters only before a dash, a colon or a figure, for many are words too."""
_HOURS_WORDS = (
    *("open hours", "open times", "opening hours", "opening times", "business hours", "hours of business"),
    *("we're open", "we\u2019re open", "we are open", "shop open", "kitchen open", "open from"),
    *("öffnungszeit", "geöffnet", "sprechzeit", "sprechstunde", "bürozeit", "nach vereinbarung"),
    *("aukiolo", "avoinna", "sopimuksen mukaan", "ajanvarauksella"),
    *("öppettid", "öppet", "enligt överenskommelse"),
    *("heures d'ouverture", "heures d\u2019ouverture", "horaires", "ouvert", "sur rendez-vous"),
    *("horario", "abierto", "cita previa", "24/7", "24 hours", "by appointment"),
)
_MAPS = (
    *(
        f"google.{country}/maps"
        for country in ("com", "de", "fi", "co.uk", "se", "fr", "es", "at", "ch", "ie", "nl")
    ),
    *(
        "maps.google.",
        "goo.gl/maps",
        "maps.app.goo.gl",
        "maps.googleapis.com",
        "openstreetmap.org",
        "maps.apple.com",
    ),
    *("bing.com/maps", "mapbox", "leaflet", "what3words.com", "karttapaikka.fi", " geo:"),
)


def phone_missing(site: SitePages) -> Outcome:
    if site.phone_link or site.written_phone or site.linked_phones or _has_record_phone(site):
        return PASSED
    if site.has_unseen_contact_page:
        return NOT_APPLICABLE
    return Failed(where=_pages_read(site), snippet="no phone number found")


def _has_record_phone(site: SitePages) -> bool:
    """The record's number in whatever spelling: the last seven digits in a row."""
    phone = site.business.phone
    return bool(phone) and str(phone)[-FEWEST_DIGITS:] in re.sub(r"[^\d\n]", "", site.text)


def hours_missing(site: SitePages) -> Outcome:
    """Hours that are spoken of and not shown may be in a picture: nothing is said of them."""
    if any(_shows_hours(page) for page in site.pages):
        return PASSED
    is_spoken_of = any(_speaks_of_hours(page.lower_text) for page in site.pages)
    if is_spoken_of or site.business.niche in _NO_SHOP_DOOR or site.has_unseen_contact_page:
        return NOT_APPLICABLE
    return Failed(where=_pages_read(site), snippet="no opening hours found")


def _shows_hours(page: PageView) -> bool:
    """A span of time beside a day or the words that stand over such a list, or data that says so."""
    if any("openingHours" in item or "openingHoursSpecification" in item for item in page.json_ld):
        return True
    return "openinghours" in page.lower_html or any(
        _DAY.search(around) or _speaks_of_hours(around) for around in _around_times(page.lower_text)
    )


def _speaks_of_hours(text: str) -> bool:
    return any(word in text for word in _HOURS_WORDS)


def _around_times(text: str) -> Iterator[str]:
    for span in _TIME_SPAN.finditer(text):
        yield text[max(0, span.start() - 60) : span.end() + 40]


def map_missing(site: SitePages) -> Outcome:
    for page in site.pages:
        targets = page.lower_links + page.lower_sources
        if any(mark in targets for mark in _MAPS):
            return PASSED
    if site.has_unseen_contact_page or site.business.street is None:
        return NOT_APPLICABLE
    return Failed(where=_pages_read(site), snippet="no map and no link to one")


def _pages_read(site: SitePages) -> str:
    return "text of the home page and the contact page" if site.others else "text of the home page"


_STREET_NAME_LENGTH = 4
_FIRST_LETTERS = 3


def address_missing(site: SitePages) -> Outcome:
    """The record's street or postcode, or anything the page itself marks as an address."""
    business = site.business
    known = [part for part in (_street_name(business.street), business.postcode) if part]
    if any(_has_marked_address(page) for page in site.pages) or _shows_any(site, known):
        return PASSED
    if not known or site.has_unseen_contact_page:
        return NOT_APPLICABLE
    return Failed(where=_pages_read(site), snippet="no street and no postcode of the business")


def _shows_any(site: SitePages, known: list[str]) -> bool:
    """Without regard to spaces and hyphens; most pages are done with as soon as the first letters are not there."""
    return any(
        part.lower()[:_FIRST_LETTERS] in page.lower_text and folded(part) in page.folded_text
        for part in known
        for page in site.pages
    )


def _street_name(street: str | None) -> str | None:
    """Without the house number: pages write numbers in many ways."""
    name = re.sub(r"^\W*\d+\s?[a-zA-Z]?\W+|\W+\d+.*$", "", street or "").strip()
    return name if len(name) >= _STREET_NAME_LENGTH else None


def _has_marked_address(page: PageView) -> bool:
    if any(any(char.isdigit() for char in node.text() or "") for node in page.all("address")):
        return True
    return any("address" in item or "streetAddress" in item for item in page.json_ld)


# schema.org types that say nothing of the business itself.
_NOT_THE_FIRM_WORDS = """
    WebSite WebPage BreadcrumbList ListItem SearchAction ImageObject Person Article BlogPosting ReadAction
    EntryPoint CollectionPage ItemList SiteNavigationElement PropertyValueSpecification
"""
_NOT_THE_FIRM = frozenset(_NOT_THE_FIRM_WORDS.split())
_MICRODATA = re.compile(r"schema\.org/(\w+)")


def structured_data_missing(site: SitePages) -> Outcome:
    """Data of the firm itself, for machines: JSON-LD or microdata; a breadcrumb is not enough."""
    for page in site.pages:
        types = {str(kind) for item in page.json_ld for kind in _as_list(item.get("@type"))}
        if any(kind not in _NOT_THE_FIRM for kind in types):
            return PASSED
        if "itemtype" in page.lower_html and any(
            kind not in _NOT_THE_FIRM for kind in _MICRODATA.findall(page.html)
        ):
            return PASSED
    return Failed(where='script[type="application/ld+json"]', snippet="no data of the business for machines")


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []
