"""What a claim that something is not there has to say, and where it may not be made."""

import re

from leadgen_dagster.scoring.site_pages import SitePages


def may_stand_in_picture(site: SitePages, words: re.Pattern[str]) -> bool:
    """Whether a picture calls itself, in its description or file name, what would show it."""
    return any(
        words.search(f"{image.get('alt')} {image.get('src')} {image.get('data-src')}".lower())
        for page in site.pages
        for image in page.elements("img", "area")
    )


def pages_read(site: SitePages) -> str:
    return "text of the home page and the contact page" if site.others else "text of the home page"
