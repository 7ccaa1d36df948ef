"""When one may say that something is not there: only where all that could show it was read."""

import re

from leadgen_dagster.scoring.page_view import PageView
from leadgen_dagster.scoring.site_pages import SitePages

FEWEST_CHARACTERS = 400
"""Of text; with fewer, pictures or scripts may hold what a visitor reads."""

_EMPTY_FRAMES = (
    *(
        "youtube",
        "vimeo",
        "googletagmanager",
        "doubleclick",
        "recaptcha",
        "about:blank",
        "soundcloud",
        "spotify",
    ),
    *(
        "facebook.com/plugins",
        "facebook.com/tr",
        "google.com/maps",
        "maps.google",
        "openstreetmap",
        "addthis",
    ),
)
"""What is embedded and says nothing of its own about a firm."""
_BUILT_LATER = ("widget", "elfsight", "powr.io", "wixapps", "commonninja", "sociablekit")


def is_read_whole(site: SitePages) -> bool:
    """Whether there is real text, no contact page that was not read, and nothing embedded that may say more."""
    return (
        len(site.home.text) >= FEWEST_CHARACTERS
        and not site.has_unseen_contact_page
        and not any(_may_show_more(page) for page in site.pages)
    )


def may_stand_in_picture(site: SitePages, words: re.Pattern[str]) -> bool:
    """Whether a picture calls itself, in its description or file name, what would show it."""
    return any(
        words.search(f"{image.get('alt')} {image.get('src')} {image.get('data-src')}".lower())
        for page in site.pages
        for image in page.elements("img", "area")
    )


def pages_read(site: SitePages) -> str:
    return "text of the home page and the contact page" if site.others else "text of the home page"


def _may_show_more(page: PageView) -> bool:
    embedded = (
        (one.get("src") or one.get("data-src") or one.get("data")).lower()
        for one in page.elements("iframe", "frame", "object", "embed")
    )
    if any(source and not any(mark in source for mark in _EMPTY_FRAMES) for source in embedded):
        return True
    return any(mark in page.lower_sources for mark in _BUILT_LATER)
