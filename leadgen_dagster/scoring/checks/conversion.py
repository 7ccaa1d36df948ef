"""Can a visitor become a customer: ring up, write, come by, see the menu, book?"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.scoring.checks.absence import is_read_whole, pages_read
from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.checks.sight import is_seen, seen
from leadgen_dagster.scoring.forms import contact_form, embedded_forms
from leadgen_dagster.scoring.page_view import Element, Link, PageView, opening_tag, selector_of, snippet
from leadgen_dagster.scoring.rubric import limit_of
from leadgen_dagster.scoring.site_pages import SitePages

FEWEST_PICTURED_LINKS = limit_of("conversion.navigation_is_pictures")
FIRST_CHARACTERS = limit_of("conversion.first_step_missing")
FEWEST_PRICES = 3
"""So many prices on the pages are a menu, or a price list, in text."""

_MENU_STEMS = (
    "menu",
    "menü",
    "menú",
    "speise",
    "getränke",
    "lista",
    "lounas",
    "meny",
    "matsedel",
    "carta",
    "la carte",
    "price",
    "preis",
    "hinnasto",
)
_MENU = re.compile(
    r"\b(?:(?:our |the |see |view |full |food |dinner |lunch |drinks? |wine |das |die |unsere? |zur )?"
    r"(?:menus?|menüs?|menú|speise(?:n)?karten?|getränkekarte|mittagskarte|weinkarte|tageskarte|ruokalista|lounaslista|"
    r"juomalista|meny|matsedel|à la carte|a la carte|la carte|carta|price ?list|preisliste|hinnasto))\b"
)
_MENU_FILE = re.compile(
    r"(?:^|[/_-])(?:menu|menue|speise(?:n)?karte|ruokalista|meny|carta)(?![a-z_-]*(?:icon|btn|button|bg|back|bar|toggle))"
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp)$", re.IGNORECASE)
_PDF = re.compile(r"\.pdf$", re.IGNORECASE)
_BUTTON = re.compile(r"icon|btn|button|burger|toggle|arrow|logo|bg|open|close|nav|thumb|header|title|bar")
_PRICE = re.compile(r"(?:[£€$]\s?\d|\d\s?(?:€|kr\b|eur\b|chf\b)|\d[.,]\d0\b)")
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
_WRITE = (
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
_PAGE_NAMES = re.compile(
    r"home|start|index|about|contact|kontakt|menu|service|leistung|gallery|galerie|news|price|preis|location|anfahrt|"
    r"ueber|impressum|products?|produkte|links|shop|team|etusivu|yhteys|palvelut|hinnasto|accueil|inicio|om_oss|hem\b"
)


def menu_is_image(site: SitePages) -> Outcome:
    """The menu or price list is a picture: no phone can make its words larger, no search finds them."""
    return _menu_only_as(site, _PICTURE, pictured=True)


def menu_is_pdf(site: SitePages) -> Outcome:
    """The menu is a file to be fetched and zoomed."""
    return _menu_only_as(site, _PDF, pictured=False)


def _menu_only_as(site: SitePages, file_name: re.Pattern[str], *, pictured: bool) -> Outcome:
    niche = NICHES.get(site.business.niche)
    if niche is None or niche.group != "food":
        return NOT_APPLICABLE
    found = [(page, link) for page in site.pages for link in _menu_links(page)]
    pages = [link for _, link in found if not _is_file(link.href)]
    if pages or _shows_prices(site):
        return PASSED
    for page, link in found:
        if file_name.search(_path(link.href)) and is_seen(link.element.node):
            return Failed(where=selector_of(link.element), snippet=opening_tag(link.element), url=page.url)
    if pictured and not found:
        for page, image in _menu_pictures(site):
            return Failed(where=selector_of(image), snippet=opening_tag(image), url=page.url)
    return NOT_APPLICABLE


def _menu_links(page: PageView) -> Iterator[Link]:
    if any(stem in page.lower_labels for stem in _MENU_STEMS):
        for link in page.links:
            if not link.href.startswith(("#", "javascript:")) and _MENU.search(link.label.lower()):
                yield link


def _menu_pictures(site: SitePages) -> Iterator[tuple[PageView, Element]]:
    """Pictures named after the menu that lead nowhere: those in links may be signposts."""
    for page in site.pages:
        for image in page.elements("img"):
            source = _path(image.get("src")).lower()
            if not (_MENU_FILE.search(source) and _PICTURE.search(source)) or _BUTTON.search(source):
                continue
            if not _is_in_link(image) and is_seen(image.node):
                yield page, image


def _is_in_link(image: Element) -> bool:
    around = image.node.parent
    while around is not None and around.tag not in ("a", "body"):
        around = around.parent
    return around is not None and around.tag == "a"


def _is_file(href: str) -> bool:
    path = _path(href)
    return bool(_PICTURE.search(path) or _PDF.search(path))


def _shows_prices(site: SitePages) -> bool:
    return any(len(_PRICE.findall(page.lower_text)) >= FEWEST_PRICES for page in site.pages)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def prices_missing(site: SitePages) -> Outcome:
    """What it costs, or what there is to eat: on these pages, or behind a link that says so."""
    niche = NICHES.get(site.business.niche)
    if niche is None or niche.group not in ("food", "beauty", "lodging"):
        return NOT_APPLICABLE
    if any(stem in page.lower_links for page in site.pages for stem in _MENU_STEMS) or _shows_prices(site):
        return PASSED
    if not is_read_whole(site):
        return NOT_APPLICABLE
    return Failed(where=pages_read(site), snippet="no prices, and no link to a menu or price list")


def phone_not_clickable(site: SitePages) -> Outcome:
    if site.phone_link:
        return PASSED
    if site.written_phone is None or any("tel:" in page.lower_html for page in site.pages):
        return NOT_APPLICABLE
    page, phone = site.written_phone
    node = seen(page, phone.written)
    if node is None:
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
        if "@" in page.text and (match := _ADDRESS.search(page.text)):
            if any("mailto:" in one.lower_links for one in site.pages):
                return PASSED
            return Failed(
                where="text of the page", snippet=match[0], url=page.url, parameters={"address": match[0]}
            )
    return NOT_APPLICABLE


def contact_missing(site: SitePages) -> Outcome:
    """No way at all to write: no address, no form, no link that promises one."""
    for page in site.pages:
        if any(word in page.lower_links for word in _WRITE) or "@" in page.text or page.all("textarea"):
            return PASSED
    if not is_read_whole(site):
        return NOT_APPLICABLE
    return Failed(where=pages_read(site), snippet="no e-mail address, no form and no contact page")


def contact_form_missing(site: SitePages) -> Outcome:
    for page in site.pages:
        if contact_form(page) or any(embedded_forms(page)):
            return PASSED
    if not is_read_whole(site):
        return NOT_APPLICABLE
    return Failed(where=pages_read(site), snippet="no form to write with")


def booking_missing(site: SitePages) -> Outcome:
    """In trades where one books, a way to do so from the page."""
    if site.business.niche not in _BOOKED:
        return NOT_APPLICABLE
    for page in site.pages:
        if any(word in page.lower_links or word in page.lower_sources for word in _BOOKING):
            return PASSED
    if not is_read_whole(site) or any(word in site.home.lower_text for word in _BOOKING[:10]):
        return NOT_APPLICABLE
    return Failed(where=pages_read(site), snippet="no link or form to book with")


def first_step_missing(site: SitePages) -> Outcome:
    """Something to do, call, write, book, before one has to scroll far."""
    page = site.home
    if len(page.text) < FIRST_CHARACTERS or not page.links:
        return NOT_APPLICABLE
    first = page.links[:_LINKS_AT_TOP]
    if any(step in f"{link.label} {link.href}".lower() for link in first for step in _STEPS) or page.all(
        "button"
    ):
        return PASSED
    return Failed(
        where=f"first {len(first)} links of the page",
        snippet=snippet(" · ".join(link.label for link in first if link.label)) or "links without words",
    )


_LINKS_AT_TOP = 15


def navigation_is_pictures(site: SitePages) -> Outcome:
    """The way through the site is a row of pictures of words."""
    page = site.home
    pictured = [link for link in page.links if _is_pictured(link)]
    if len(pictured) < FEWEST_PICTURED_LINKS:
        return PASSED if page.links else NOT_APPLICABLE
    return Failed(
        where=selector_of(pictured[0].element),
        snippet=f"{len(pictured)} links to pages, the first {opening_tag(pictured[0].element)}",
        parameters={"count": str(len(pictured))},
    )


def _is_pictured(link: Link) -> bool:
    """A link to a page of the site with nothing on it but a small picture that bears the page's name."""
    node = link.element.node
    image = node.css_first("img") if node.child is not None else None
    if image is None or (node.text(deep=True) or "").strip():
        return False
    source = (image.attributes.get("src") or "").lower().rpartition("/")[2]
    return bool(_PAGE_NAMES.search(source)) and not link.href.startswith("http")
