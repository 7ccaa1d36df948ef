"""Can a visitor become a customer: ring up, write, come by, see the menu, book?"""

import re
from collections.abc import Collection

from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.scoring.checks.absence import pages_read
from leadgen_dagster.scoring.checks.menus import (
    MENU_STEMS,
    ORDERING,
    PDF,
    PICTURE,
    is_file,
    menu_links,
    menu_pictures,
    path_of,
    shows_prices,
)
from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.checks.sight import is_in_link, is_seen, seen
from leadgen_dagster.scoring.forms import contact_form, embedded_forms
from leadgen_dagster.scoring.lexicon import IN_LINKS, IN_SOURCES, IN_TEXT
from leadgen_dagster.scoring.page_view import Element, Link, PageView, opening_tag, selector_of, snippet
from leadgen_dagster.scoring.rubric import limit_of
from leadgen_dagster.scoring.site_pages import SitePages

FEWEST_PICTURED_LINKS = limit_of("conversion.navigation_is_pictures")
FIRST_CHARACTERS = limit_of("conversion.first_step_missing")
FEWEST_DEAD_LINKS = limit_of("conversion.navigation_is_dead")
LINKS_AT_TOP = 15
LONGEST_DOMAIN = 60

_BOOKED_WORDS = """
    restaurant hairdresser nail_salon massage tattoo_studio beautician dentist physiotherapist optician doctor hotel
    guest_house campsite yoga_studio vet pet_groomer photographer garage driving_school
"""
_BOOKED = frozenset(_BOOKED_WORDS.split())
_BOOKING = (
    *(
        "book",
        "reserv",
        "appointment",
        "termin",
        "buch",
        "varaa",
        "varaus",
        "ajanvara",
        "boka",
        "rendez",
        "rdv",
    ),
    *(
        "cita",
        "opentable",
        "resy.",
        "quandoo",
        "thefork",
        "lafourchette",
        "doctolib",
        "treatwell",
        "timma",
        "fresha",
    ),
    *(
        "calendly",
        "booksy",
        "phorest",
        "setmore",
        "acuity",
        "mindbody",
        "jameda",
        "shore.com",
        "planity",
        "tischbuchen",
    ),
)
_LINKED_BOOKING = IN_LINKS.words(*_BOOKING)
_LOADED_BOOKING = IN_SOURCES.words(*_BOOKING)
_WRITTEN_BOOKING = IN_TEXT.words(*_BOOKING[:11])
_DEAF_SCRIPTS = (
    *("analytics", "googletagmanager", "gtag", "matomo", "piwik", "hotjar", "fontawesome", "typekit"),
    *(
        "jquery.min",
        "jquery-migrate",
        "jquery.js",
        "jquery.slim",
        "bootstrap",
        "popper",
        "wp-includes",
        "lazysizes",
    ),
)
"""Scripts that do nothing by themselves to a link without a mark of theirs."""
_MAY_ANSWER = re.compile(
    r"\$\(|jquery|['\"(\s,>]a(?:['\"\[.:,]| )|href|tagname|closest|\bli\b|\bul\b|nav\b|\blinks?\b"
    r"|(?:document|body|window)\.(?:addeventlistener\(\W*(?:click|touch)|onclick)",
    re.IGNORECASE,
)
_DOES_SOMETHING = re.compile(
    r"(?<![a-z])(?:top|oben|up|more|mehr|weiter|menu|menü|close|schlie|toggle|drop|tab|trigger|open|modal|popup|scroll|"
    r"share|teilen|like|play|next|prev|slide|cookie|lang|burger|login|search|print|drucken|english|deutsch|suomi)|\u00d7|\u2630"
)
_STEPS = (
    *_BOOKING,
    "tel:",
    "contact",
    "kontakt",
    "mailto:",
    "yhteys",
    "yhteyt",
    "call",
    "order",
    "bestell",
    "tilaa",
    "quote",
    "enquir",
    "shop",
    "anfrage",
    "angebot",
    "tarjous",
    "offert",
    "devis",
    "presupuesto",
    "menu",
    "speisekarte",
)
_WRITE = IN_LINKS.words(
    "mailto:",
    "contact",
    "kontakt",
    "yhteys",
    "yhteyt",
    "wa.me/",
    "whatsapp",
    "m.me/",
    "contatti",
    "contacto",
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE)
_PAGE_NAMES_WORDS = """
    home start index about contact kontakt menu service leistung gallery galerie news price preis location anfahrt ueber
    impressum product produkte links shop team etusivu yhteys palvelut hinnasto accueil inicio om_oss
"""
_PAGE_NAMES = IN_SOURCES.words(*_PAGE_NAMES_WORDS.split())
_HOME_IN_SWEDISH = re.compile(r"hem\b")


def menu_is_image(site: SitePages) -> Outcome:
    """The menu or price list is a picture: no phone can make its words larger, no search finds them."""
    return _menu_only_as(site, PICTURE, pictured=True)


def menu_is_pdf(site: SitePages) -> Outcome:
    """The menu is a file to be fetched and zoomed."""
    return _menu_only_as(site, PDF, pictured=False)


def _menu_only_as(site: SitePages, file_name: re.Pattern[str], *, pictured: bool) -> Outcome:
    if not _is_of_group(site, ("food",)):
        return NOT_APPLICABLE
    links = [(page, link) for page in site.pages for link in menu_links(page)]
    if any(not is_file(link.href) for _, link in links):
        return PASSED
    if any(word in page.lower_labels for page in site.pages for word in page.link_words & ORDERING):
        return NOT_APPLICABLE
    files = [(page, link.element) for page, link in links if file_name.search(path_of(link.href))]
    found = files if links or not pictured else [*menu_pictures(site)]
    if found and any(map(shows_prices, site.pages)):
        return PASSED
    for page, element in found:
        if is_seen(element.node):
            return Failed(where=selector_of(element), snippet=opening_tag(element), url=page.url)
    return NOT_APPLICABLE


def _is_of_group(site: SitePages, groups: tuple[str, ...]) -> bool:
    niche = NICHES.get(site.business.niche)
    return niche is not None and niche.group in groups


def prices_missing(site: SitePages) -> Outcome:
    """What it costs, or what there is to eat: on these pages, or behind a link that says so."""
    if not (_is_of_group(site, ("food", "beauty", "lodging")) and site.is_read_whole):
        return NOT_APPLICABLE
    if any(page.link_words & MENU_STEMS for page in site.pages):
        return PASSED
    if any(map(shows_prices, site.pages)):
        return PASSED
    return Failed(where=pages_read(site), snippet="no prices, and no link to a menu or price list")


def phone_not_clickable(site: SitePages) -> Outcome:
    if site.phone_link:
        return PASSED
    if site.written_phone is None or any("tel:" in page.lower_html for page in site.pages):
        return NOT_APPLICABLE
    page, phone = site.written_phone
    node = seen(page, phone.written)
    if node is None or is_in_link(node):
        return NOT_APPLICABLE
    return Failed(
        where=selector_of(node),
        snippet=snippet(phone.written),
        url=page.url,
        parameters={"phone": phone.written},
    )


def email_not_clickable(site: SitePages) -> Outcome:
    """An address in the text that no `mailto:` link leads to."""
    for page in site.pages:
        at = page.text.find("@")
        if at > 0 and (
            match := _ADDRESS.search(page.text, page.text.rfind(" ", 0, at) + 1, at + LONGEST_DOMAIN)
        ):
            if any("mailto:" in one.lower_links for one in site.pages):
                return PASSED
            return Failed(
                where="text of the page", snippet=match[0], url=page.url, parameters={"address": match[0]}
            )
    return NOT_APPLICABLE


def contact_missing(site: SitePages) -> Outcome:
    """No way at all to write: no address, no form, no link that promises one."""
    if not site.is_read_whole:
        return NOT_APPLICABLE
    for page in site.pages:
        if "@" in page.text or page.all("textarea") or page.link_words & _WRITE:
            return PASSED
    return Failed(where=pages_read(site), snippet="no e-mail address, no form and no contact page")


def contact_form_missing(site: SitePages) -> Outcome:
    if not site.is_read_whole:
        return NOT_APPLICABLE
    if any(any(embedded_forms(page)) or (page.all("textarea") and contact_form(page)) for page in site.pages):
        return PASSED
    return Failed(where=pages_read(site), snippet="no form to write with")


def booking_missing(site: SitePages) -> Outcome:
    """In trades where one books, a way to do so from the page."""
    if site.business.niche not in _BOOKED or not site.is_read_whole:
        return NOT_APPLICABLE
    for page in site.pages:
        if page.link_words & _LINKED_BOOKING or page.source_words & _LOADED_BOOKING:
            return PASSED
    if site.home.text_words & _WRITTEN_BOOKING:
        return PASSED
    return Failed(where=pages_read(site), snippet="no link or form to book with, and no word on booking")


def first_step_missing(site: SitePages) -> Outcome:
    """Something to do, call, write, book, before one has to scroll far."""
    page = site.home
    if len(page.text) < FIRST_CHARACTERS or not page.links:
        return NOT_APPLICABLE
    if page.all("button"):
        return PASSED
    first = page.links[:LINKS_AT_TOP]
    written = " ".join([f"{link.label} {link.href}" for link in first]).lower()
    if any(step in written for step in _STEPS):
        return PASSED
    return Failed(
        where=f"first {len(first)} links of the page",
        snippet=snippet(" · ".join(link.label for link in first if link.label)) or "links without words",
    )


def navigation_is_pictures(site: SitePages) -> Outcome:
    """The way through the site is a row of pictures of words."""
    page = site.home
    if not page.links:
        return NOT_APPLICABLE
    pictured = _signposts(page)
    if len(pictured) < FEWEST_PICTURED_LINKS:
        return PASSED
    return Failed(
        where=selector_of(pictured[0]),
        snippet=f"{len(pictured)} links to pages, the first with {opening_tag(pictured[0])}",
        parameters={"count": str(len(pictured))},
    )


def _signposts(page: PageView) -> list[Element]:
    """Pictures that bear a page's name, each alone in a link to a page of the site."""
    names = page.source_words & _PAGE_NAMES
    if not names and not _HOME_IN_SWEDISH.search(page.lower_sources):
        return []
    named = [image for image in page.elements("img") if _is_named_after_page(image, names)]
    return list(filter(_is_alone_in_link, named)) if len(named) >= FEWEST_PICTURED_LINKS else []


def _is_named_after_page(image: Element, names: Collection[str]) -> bool:
    file = image.get("src").lower().rpartition("/")[2]
    return any(name in file for name in names) or bool(_HOME_IN_SWEDISH.search(file))


def _is_alone_in_link(image: Element) -> bool:
    """Whether a picture is all that a link to a page of the site holds."""
    link = image.node.parent
    if link is None or link.tag != "a" or (link.attributes.get("href") or "http").startswith("http"):
        return False
    return not (link.text(deep=True) or "").strip()


def navigation_is_dead(site: SitePages) -> Outcome:
    """Entries of the navigation that stay on the spot, where no script can be behind them."""
    page = site.home
    spots = [link for link in page.links if link.href == "#" and link.label]
    if not page.links:
        return NOT_APPLICABLE
    if len(spots) < FEWEST_DEAD_LINKS or _may_be_scripted(page):
        return PASSED if len(spots) < FEWEST_DEAD_LINKS else NOT_APPLICABLE
    dead = [link for link in spots if _is_dead(link)]
    if len(dead) < FEWEST_DEAD_LINKS:
        return PASSED
    return Failed(
        where=selector_of(dead[0].element),
        snippet=snippet(f"{len(dead)} links to “#”: {', '.join(link.label for link in dead)}"),
        parameters={"label": snippet(dead[0].label), "count": str(len(dead))},
    )


def _may_be_scripted(page: PageView) -> bool:
    """Whether a script may listen for a tap: a linked one, or one in the page that looks for links or for any tap."""
    if any(not any(mark in source for mark in _DEAF_SCRIPTS) for source in page.lower_script_sources):
        return True
    return any(_MAY_ANSWER.search(script) for script in page.script_texts)


def _is_dead(link: Link) -> bool:
    given = link.element.attributes
    if any(name.startswith(("on", "data-", "aria-", "role")) for name in given) or not is_seen(
        link.element.node
    ):
        return False
    around = link.element.node.parent
    holds_more = around is not None and around.tag == "li" and around.css_first("ul, div") is not None
    return not holds_more and not _DOES_SOMETHING.search(f"{link.label} {given.get('class') or ''}".lower())
