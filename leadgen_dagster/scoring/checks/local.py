"""Does the page say who the business is, where, and when it is open?"""

import re
from collections.abc import Iterator
from itertools import islice

from leadgen_dagster.scoring.checks.absence import may_stand_in_picture, pages_read
from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.languages import language_shares
from leadgen_dagster.scoring.lexicon import IN_LINKS, IN_SOURCES, IN_TEXT
from leadgen_dagster.scoring.page_view import PageView, folded
from leadgen_dagster.scoring.phones import read_phone
from leadgen_dagster.scoring.site_pages import SitePages

FEWEST_DIGITS = 7

# Trades that come to the customer, and people one meets by appointment: nobody looks for their opening hours.
_NO_SHOP_DOOR_WORDS = """
    plumber electrician locksmith painter carpenter roofer builder gardener cleaner upholsterer caterer
    photographer web_studio event_planner hotel guest_house campsite events_venue funeral_home architect
    driving_school music_school language_school tattoo_studio nightclub
"""
_NO_SHOP_DOOR = frozenset(_NO_SHOP_DOOR_WORDS.split())

_AFTER_FIRST_DIGIT = r"\d?(?:[:.h]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|uhr|h|noon)?"
_TIME = rf"\d{_AFTER_FIRST_DIGIT}"
_TIME_SPAN = re.compile(  # its first digit stands first, since a search for one of ten characters is quick
    rf"[0-9](?<![\d.,/+]\d){_AFTER_FIRST_DIGIT}\s?(?:-|\u2013|\u2014|to|bis|till|til|until|à|a|al|und)\s?{_TIME}(?![\d/])"
)
_DAY = re.compile(
    r"\b(?:mon|tue|wed|thu|fri|sat|sun|tues|weds|thur|thurs)\b|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|daily|every day|week(?:days|ends)|"
    r"(?:mon|diens|donners|frei|sams|sonn)tags?\b|mittwochs?|täglich|werktags|"
    r"(?:maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)|arkisin|\bark\b|"
    r"\b(?:mån|tis|ons|tors|fre|lör|sön)(?:dag)?\b|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|"
    r"\b(?:lun|jeu|ven|sam|dim)\b|tous les jours|lunes|martes|miércoles|jueves|viernes|sábado|domingo|diario|"
    r"\b(?:mo|di|mi|do|fr|sa|so|ma|ti|ke|pe|su|tu|we|th)\.?\s?(?:[-\u2013:+]|bis|\d)"
)
"""A day of the week; one of two letters only before a dash, a colon or a figure, for many are words too."""
_DAYS_WORDS = """
    mon tue wed thu fri sat sun tues weds thur thurs monday tuesday wednesday thursday friday saturday sunday mondays
    tuesdays wednesdays thursdays fridays saturdays sundays daily day weekdays weekends mo di mi do fr sa so montag
    dienstag mittwoch donnerstag freitag samstag sonntag montags dienstags mittwochs donnerstags freitags samstags
    sonntags täglich werktags ma ti ke to pe la su maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
    arkisin ark mån tis ons tors fre lör sön måndag tisdag onsdag torsdag fredag lördag söndag lun mar mer jeu ven sam
    dim lundi mardi mercredi jeudi vendredi samedi dimanche jours lunes martes miércoles jueves viernes sábado domingo
    diario mié jue vie sáb dom tu we th
"""
_DAYS = frozenset(_DAYS_WORDS.split())
SHORTEST_DAY = 2
"""Letters; words as short mean other things too."""
MOST_SPANS = 40
_HOURS_WORDS = IN_TEXT.words(
    *("open hours", "open times", "opening hours", "opening times", "business hours", "hours of business"),
    *("we're open", "we\u2019re open", "we are open", "shop open", "kitchen open", "open from"),
    *("öffnungszeit", "geöffnet", "sprechzeit", "sprechstunde", "bürozeit", "nach vereinbarung"),
    *("aukiolo", "avoinna", "sopimuksen mukaan", "ajanvarauksella"),
    *("öppettid", "öppet", "enligt överenskommelse"),
    *("heures d'ouverture", "heures d\u2019ouverture", "horaires", "ouvert", "sur rendez-vous"),
    *("horario", "abierto", "cita previa", "24/7", "24 hours", "by appointment"),
)
_WORDS_OF_HOURS_WORDS = """
    open opening opens closed hours am pm uhr geschlossen auki suljettu avaamme kello klo stängt fermé fermée cerrado
    appointment clock
"""
_WORDS_OF_HOURS = _DAYS - frozenset(word for word in _DAYS if len(word) <= SHORTEST_DAY) | frozenset(
    _WORDS_OF_HOURS_WORDS.split()
)
_STEMS_OF_HOURS = IN_TEXT.words(
    *(
        "öffn",
        "sprechzeit",
        "sprechstunde",
        "bürozeit",
        "vereinbarung",
        "aukiolo",
        "avoinna",
        "öppe",
        "ouvert",
    ),
    *("horair", "horario", "abiert", "abrimos", "24/7"),
)
_LANGUAGES_OF_HOURS = frozenset({"en", "de", "fi", "sv", "fr", "es"})
_PICTURED_HOURS = re.compile(
    r"hour|open|öffnung|oeffnung|zeiten|aukiolo|öppet|oppet|horair|horario|flyer|poster|header|banner"
)
_PICTURED_PHONE = re.compile(
    r"tel(?!ev)|phone|fon\b|call|contact|kontakt|puhelin|yhteys|card|karte|header|banner|kopf|address|adress|number|"
    r"nummer|mobil|hotline|flyer|poster|\d{6}"
)
_RUN_OF_DIGITS = re.compile(r"[+(0](?<![\d.,:#-].)(?:(?<=[+0])|(?<=\()0)[\d\s()/.\u2013-]{6,}\d", re.DOTALL)
"""What may not stand before its first character is asked after it, since a search for one of three is quick."""
_OTHER_NUMBER = re.compile(r"(?:fax|faksi|iban|vat|ust|bic|konto|account|reg\w*|tunnus)[^\n]*$")
LONGEST_LABEL = 30
_PHONE_MARKS = ("tel:", "callto:", "wa.me/", "whatsapp", "telephone", "sms:")
_GOOGLES = "com de fi se fr es at ch ie nl it co.uk be dk no pl com.au ca"
_MAPS = (
    *(f"google.{ending}/maps" for ending in _GOOGLES.split()),
    *(
        "maps.google.",
        "goo.gl/maps",
        "maps.app.goo.gl",
        "maps.apple.com",
        "bing.com/maps",
        "openstreetmap.org",
    ),
    *("waze.com/", "what3words.com/", "mapy.cz", "karttapaikka.fi", " geo:"),
)
"""A map, or a link to one, by where it comes from."""
_SURE_MAPS = IN_LINKS.words(*_MAPS) | IN_SOURCES.words(*_MAPS)
_PERHAPS_MAPS = (
    "map",
    "leaflet",
    "geo:",
    "waze",
    "words.com",
    "anfahrt",
    "karte",
    "kartta",
    "karta",
    "directions",
    "lage",
)
"""Without one of these there is none; with one there may be a drawn one, or one that a script draws."""
_LINKED_MAPS = IN_LINKS.words(*_PERHAPS_MAPS)
_LOADED_MAPS = IN_SOURCES.words(*_PERHAPS_MAPS)


def phone_missing(site: SitePages) -> Outcome:
    """A number in no text, link or data of the pages, and nothing that may be or bear one."""
    if site.phone_link or site.told_phones or site.written_phone or _has_record_phone(site):
        return PASSED
    if not site.is_read_whole or may_stand_in_picture(site, _PICTURED_PHONE):
        return NOT_APPLICABLE
    for page in site.pages:
        if any(mark in page.lower_html for mark in _PHONE_MARKS) or any(_runs_of_digits(page.html)):
            return NOT_APPLICABLE
    return Failed(where=pages_read(site), snippet="no phone number found")


def _runs_of_digits(html: str) -> Iterator[str]:
    """What may be a number that was not read as one, by its length and first digit; no fax and no account."""
    for run in _RUN_OF_DIGITS.finditer(html):
        if not _OTHER_NUMBER.search(html[max(0, run.start() - LONGEST_LABEL) : run.start()].lower()):
            yield run[0]


def _has_record_phone(site: SitePages) -> bool:
    """The record's number in whatever spelling: its last seven digits, however they are set apart."""
    phone = site.business.phone
    if not phone:
        return False
    spelling = re.compile(r"[^\d\n]{0,3}".join(phone[-FEWEST_DIGITS:]))
    return any(spelling.search(page.text) for page in site.pages)


def hours_missing(site: SitePages) -> Outcome:
    """Hours that are spoken of and not shown may be in a picture: nothing is said of them."""
    if any(_shows_hours(page) for page in site.pages):
        return PASSED
    if site.business.niche in _NO_SHOP_DOOR or not site.is_read_whole:
        return NOT_APPLICABLE
    if any(map(_may_speak_of_hours, site.pages)) or may_stand_in_picture(site, _PICTURED_HOURS):
        return NOT_APPLICABLE
    return Failed(where=pages_read(site), snippet="no opening hours found")


def _shows_hours(page: PageView) -> bool:
    """A span of time beside a day or the words that stand over such a list."""
    words = page.text_words & _HOURS_WORDS
    if page.vocabulary.isdisjoint(_DAYS) and not words:
        return False
    return any(
        _DAY.search(around) or any(word in around for word in words)
        for around in _around_times(page.lower_text)
    )


def _may_speak_of_hours(page: PageView) -> bool:
    """By data, by a word of opening, closing or days, by a span of time, or in a language that is not known here."""
    if any("openingHours" in item or "openingHoursSpecification" in item for item in page.json_ld):
        return True
    if not page.vocabulary.isdisjoint(_WORDS_OF_HOURS) or _TIME_SPAN.search(page.lower_text):
        return True
    if page.text_words & _STEMS_OF_HOURS:
        return True
    shares = language_shares(page.lower_words)
    return max(shares, key=lambda language: shares[language], default="") not in _LANGUAGES_OF_HOURS


def _around_times(text: str) -> Iterator[str]:
    for span in islice(_TIME_SPAN.finditer(text), MOST_SPANS):
        yield text[max(0, span.start() - 60) : span.end() + 40]


def map_missing(site: SitePages) -> Outcome:
    if any((page.link_words | page.source_words) & _SURE_MAPS for page in site.pages):
        return PASSED
    may_be_drawn = any(
        page.link_words & _LINKED_MAPS or page.source_words & _LOADED_MAPS for page in site.pages
    )
    if may_be_drawn or site.business.street is None or not site.is_read_whole:
        return NOT_APPLICABLE
    return Failed(where=pages_read(site), snippet="no map and no link to one")


_HOUSE_NUMBER = re.compile(r"^\W*\d+\s?[a-zA-Z]?\W+|\W+\d+.*$")
_STREET_NAME_LENGTH = 4
_FIRST_LETTERS = 4
MOST_PLACES = 20


def address_missing(site: SitePages) -> Outcome:
    """The street or postcode of the record or of the page's own data; what is there for programs alone is not shown."""
    business = site.business
    own = [part for part in (_street_name(business.street), business.postcode) if part]
    marked = [*_marked_streets(site)]
    if _shows_any(site, [*own, *marked]):
        return PASSED
    if marked or not own or not site.is_read_whole or any(page.all("address") for page in site.pages):
        return NOT_APPLICABLE
    return Failed(where=pages_read(site), snippet="no street and no postcode of the business")


def _shows_any(site: SitePages, known: list[str]) -> bool:
    return any(_shows(page.lower_text, part.lower()) for part in known for page in site.pages)


def _shows(text: str, part: str) -> bool:
    """Whether a text holds a part, without regard to spaces and hyphens after its first letters."""
    at = text.find(part[:_FIRST_LETTERS])
    if at < 0:
        return False  # as of most parts; to fold one takes longer than to look for it
    wanted = folded(part)
    for _ in range(MOST_PLACES):
        if at < 0:
            return False
        if folded(text[at : at + 2 * len(part)]).startswith(wanted):
            return True
        at = text.find(part[:_FIRST_LETTERS], at + 1)
    return False


def _street_name(street: str | None) -> str | None:
    """Without the house number: pages write numbers in many ways."""
    name = _HOUSE_NUMBER.sub("", street or "").strip()
    return name if len(name) >= _STREET_NAME_LENGTH else None


def _marked_streets(site: SitePages) -> Iterator[str]:
    told = (item.get("streetAddress") for page in site.pages for item in page.json_ld)
    return (name for street in told if isinstance(street, str) and (name := _street_name(street)))


def name_missing(site: SitePages) -> Outcome:
    """The business's name in the title or the text: half of its longer words, since signs and registers differ."""
    words = [word for word in _WORD.findall(site.business.name.lower()) if len(word) >= _STREET_NAME_LENGTH]
    if not words:
        return NOT_APPLICABLE
    title = site.home.title.lower()
    shown = sum(word in title or word in site.home.lower_text for word in words)
    if shown * 2 >= len(words):
        return PASSED
    if not site.is_read_whole:
        return NOT_APPLICABLE
    return Failed(where="title and text of the page", snippet=f"“{site.business.name}” is not named")


_WORD = re.compile(r"[^\W\d_]+")


def town_missing(site: SitePages) -> Outcome:
    """The town, where one looks first: in the title, a heading or the description."""
    town = (site.business.city or "").lower()
    if not town:
        return NOT_APPLICABLE
    home = site.home
    told = (home.title.lower(), home.metas.get("description", "").lower(), *home.lower_headings)
    if any(town in one for one in told):
        return PASSED
    return Failed(where="title, description and headings", snippet=f"“{site.business.city}” is not named")


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
        if "schema.org/" in page.html and any(
            kind not in _NOT_THE_FIRM for kind in _MICRODATA.findall(page.html)
        ):
            return PASSED
    return Failed(where='script[type="application/ld+json"]', snippet="no data of the business for machines")


def data_disagrees(site: SitePages) -> Outcome:
    """The phone and the postcode that the page gives to machines, beside those of the record."""
    business = site.business
    firms = [
        item for page in site.pages for item in page.json_ld if "telephone" in item or "postalCode" in item
    ]
    if not firms:
        return NOT_APPLICABLE
    phones = {
        found.e164
        for item in firms
        if isinstance(told := item.get("telephone"), str) and (found := read_phone(told, business.country))
    }
    postcodes = {folded(told) for item in firms if isinstance(told := item.get("postalCode"), str)}
    compared = [
        (business.phone, phones, "telephone"),
        (folded(business.postcode or ""), postcodes, "postalCode"),
    ]
    asked = [(own, given, name) for own, given, name in compared if own and given]
    if not asked:
        return NOT_APPLICABLE
    for own, given, name in asked:
        if own not in given:
            return Failed(
                where='script[type="application/ld+json"]',
                snippet=f'"{name}": {", ".join(sorted(given))}',
                parameters={"field": name},
            )
    return PASSED


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []
