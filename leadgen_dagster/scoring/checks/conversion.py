"""Can a visitor become a customer: ring up, come by, see the menu, book?"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import PageView, opening_tag, selector_of, snippet
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import FetchOutcome

GONE = frozenset({404, 410})
"""The only answers that say that the page is not there; a 403 or 503 may be meant for machines."""

FEWEST_DIGITS = 7

# Trades that come to the customer, and people one meets by appointment: nobody looks for their opening hours.
_NO_SHOP_DOOR_WORDS = """
    plumber electrician locksmith painter carpenter roofer builder gardener cleaner upholsterer caterer
    photographer web_studio event_planner hotel guest_house campsite events_venue funeral_home architect
    driving_school
"""
_NO_SHOP_DOOR = frozenset(_NO_SHOP_DOOR_WORDS.split())
_MENU = re.compile(
    r"\b(?:menu|menus|menü|speise(?:n)?karte|karte|getränkekarte|mittagskarte|ruokalista|lounaslista|"
    r"lounas|meny|"
    r"la carte|nos plats|carta|price ?list|preisliste|hinnasto)\b"
)
_MENU_FILE = re.compile(
    r"(?:^|[/_-])(?:menu|menue|speise(?:n)?karte|karte|ruokalista|meny|carta)(?![a-z]*(?:icon|btn|"
    r"button|bg))",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp)$", re.IGNORECASE)
_BUTTON = re.compile(r"icon|btn|button|burger|toggle|arrow|logo|bg|open|close", re.IGNORECASE)

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


def broken_link(site: SitePages) -> Outcome:
    """A link that matters, booking, menu or contact, which leads nowhere."""
    answered = [one for one in site.linked if one.page.outcome is FetchOutcome.FETCHED and one.page.status]
    if not answered:
        return NOT_APPLICABLE
    for one in answered:
        if one.page.status in GONE:
            label = one.label or one.page.url
            return Failed(
                where=snippet(f'a[href="{_written(site, one.page.url)}"]'),
                snippet=snippet(f"“{label}” leads to {one.page.url}, which answers {one.page.status}"),
                parameters={"label": label, "url": one.page.url, "status": str(one.page.status)},
            )
    return PASSED


def _written(site: SitePages, url: str) -> str:
    """The link's target as it stands on the page."""
    hrefs = (link.href for page in site.pages for link in page.links if page.absolute(link.href) == url)
    return next(hrefs, url)


def menu_is_image(site: SitePages) -> Outcome:
    """The menu or price list is a picture: no phone can make its words larger, no search finds them."""
    niche = NICHES.get(site.business.niche)
    if niche is None or niche.group != "food":
        return NOT_APPLICABLE
    seen = False
    for page in site.pages:
        for where, shown, is_picture in _menus(page):
            if not is_picture:
                return PASSED
            seen = True
            first = (where, shown, page.url)
    if not seen:
        return NOT_APPLICABLE
    where, shown, url = first
    return Failed(where=where, snippet=shown, url=url)


def _menus(page: PageView) -> Iterator[tuple[str, str, bool]]:
    """Where the menu stands or is linked, what one sees there, and whether it is a picture."""
    for link in page.links if _MENU.search(page.lower_labels) else ():
        if _MENU.search(link.label.lower()) and not link.href.startswith("#"):
            yield selector_of(link.node), opening_tag(link.node), bool(_PICTURE.search(_path(link.href)))
    for node in page.all("img"):
        source = _path(node.attributes.get("src") or "")
        if _MENU_FILE.search(source) and _PICTURE.search(source) and not _BUTTON.search(source):
            yield selector_of(node), opening_tag(node), True


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


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


def phone_not_clickable(site: SitePages) -> Outcome:
    if site.phone_link:
        return PASSED
    if site.written_phone is None:
        return NOT_APPLICABLE
    page, phone = site.written_phone
    return Failed(
        where="text of the page",
        snippet=snippet(phone.written),
        url=page.url,
        parameters={"phone": phone.written},
    )


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
