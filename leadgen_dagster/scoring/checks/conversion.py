"""Can a visitor become a customer: ring up, come by, see the menu, book?"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import PageView, opening_tag, selector_of, snippet
from leadgen_dagster.scoring.site_pages import SitePages

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
            yield (
                selector_of(link.element),
                opening_tag(link.element),
                bool(_PICTURE.search(_path(link.href))),
            )
    for node in page.all("img"):
        source = _path(node.attributes.get("src") or "")
        if _MENU_FILE.search(source) and _PICTURE.search(source) and not _BUTTON.search(source):
            yield selector_of(node), opening_tag(node), True


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


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
