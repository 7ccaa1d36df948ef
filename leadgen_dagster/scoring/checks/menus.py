"""Where a page's menu or price list is: behind which links, in which pictures, or in the text itself."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from leadgen_dagster.scoring.checks.sight import is_in_link
from leadgen_dagster.scoring.lexicon import IN_LINKS, IN_SOURCES
from leadgen_dagster.scoring.page_view import Element, Link, PageView, once_a_page
from leadgen_dagster.scoring.site_pages import SitePages

LONGEST_MENU_LABEL = 40
FEWEST_PRICES = 3
"""So many prices on the pages are a menu, or a price list, in text."""

MENU_STEMS = IN_LINKS.words(
    *(
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
    ),
    *("price", "preis", "hinnasto"),
)
_MENU = re.compile(
    r"\b(?:(?:our |the |see |view |full |food |dinner |lunch |drinks? |wine |das |die |unsere? |zur )?"
    r"(?:menus?|menüs?|menú|speise(?:n)?karten?|getränkekarte|mittagskarte|weinkarte|tageskarte|ruokalista|lounaslista|"
    r"juomalista|meny|matsedel|à la carte|a la carte|la carte|carta|price ?list|preisliste|hinnasto))\b"
)
_MENU_FILE = re.compile(
    r"(?:^|[/_-])(?:menu|menue|speise(?:n)?karte|ruokalista|meny|carta)(?![a-z_-]*(?:icon|btn|button|bg|back|bar|toggle))"
)
_MENU_FILE_STEMS = IN_SOURCES.words("menu", "speise", "ruokalista", "meny", "carta")
ORDERING = IN_LINKS.words(
    *("order", "bestell", "tilaa", "beställ", "command", "deliver", "liefer", "takeaway", "wolt", "foodora")
)
"""Where one orders from the page, the menu stands there too."""
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp)$", re.IGNORECASE)
PDF = re.compile(r"\.pdf$", re.IGNORECASE)
_BUTTON = re.compile(r"icon|btn|button|burger|toggle|arrow|logo|bg|open|close|nav|thumb|header|title|bar")
_PRICES = (re.compile(r"\d(?:\s?(?:€|kr\b|eur\b|chf\b)|[.,]\d0\b)"), re.compile(r"[£€$]\s?\d"))
"""Two patterns, each with one kind of first letter: a search for that is quick."""


@once_a_page
def menu_links(page: PageView) -> tuple[Link, ...]:
    """The links whose words promise a menu or price list."""
    stems = [stem for stem in page.link_words & MENU_STEMS if stem in page.lower_labels]
    if not stems:
        return ()
    labels = page.lower_labels.split("\n")
    promising = {place for stem in stems for place, label in enumerate(labels) if stem in label}
    return tuple(
        page.links[place]
        for place in sorted(promising)
        if len(labels[place]) <= LONGEST_MENU_LABEL
        and _MENU.search(labels[place])
        and not page.links[place].href.startswith(("#", "javascript:"))
    )


def menu_pictures(site: SitePages) -> Iterator[tuple[PageView, Element]]:
    """Pictures named after the menu that lead nowhere: those in links may be signposts."""
    for page in site.pages:
        if not page.source_words & _MENU_FILE_STEMS:
            continue
        for image in page.elements("img"):
            source = image.get("src").lower()
            is_named = any(stem in source for stem in _MENU_FILE_STEMS)
            if is_named and _is_menu_picture(path_of(source)) and not is_in_link(image.node):
                yield page, image


def _is_menu_picture(path: str) -> bool:
    return bool(_MENU_FILE.search(path) and PICTURE.search(path)) and not _BUTTON.search(path)


def is_file(href: str) -> bool:
    """Whether a link leads to a picture or a PDF, and to no page."""
    path = path_of(href)
    return bool(PICTURE.search(path) or PDF.search(path))


@once_a_page
def shows_prices(page: PageView) -> bool:
    """Whether there are so many prices in the text that they are the menu."""
    return any(
        sum(1 for _ in islice(price.finditer(page.lower_text), FEWEST_PRICES)) == FEWEST_PRICES
        for price in _PRICES
    )


def path_of(url: str) -> str:
    """Empty for what is no URL."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
