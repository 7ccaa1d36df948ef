"""Does the page say who is behind it, and that somebody still looks after it?"""

import re

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import PageView, folded, one_line, snippet
from leadgen_dagster.scoring.site_pages import SitePages

OLD_AFTER_YEARS = 3
_STREET_NAME_LENGTH = 4
_FIRST_LETTERS = 3

_PRIVACY = (
    *("privacy", "data protection", "data-protection", "dataprotection", "gdpr"),
    *("datenschutz", "dsgvo", "tietosuoja", "rekisteriseloste"),
    *("integritetspolicy", "personuppgift", "dataskydd"),
    *("confidentialit", "données personnelles", "données-personnelles"),
    *("donnees personnelles", "donnees-personnelles"),
    *("privacidad", "protección de datos", "protección-de-datos"),
    *("proteccion de datos", "proteccion-de-datos"),
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright|&copy;)[^\n]{0,60}?(?<!\d)((?:19|"
    r"20)\d{2})(?!\d)(?:\s*[-\u2013\u2014/]\s*((?:19|20)?\d{2})(?!\d))?"
    r"|(?<!\d)((?:19|20)\d{2})\s*(?:©|\(c\))"
)
_PLACEHOLDERS = re.compile(
    r"lorem ipsum dolor|just another wordpress site|welcome to wordpress\. this is your first post|"
    r"this is an example page\. it[\u2019']s different|your (?:text|content|slogan|tagline|"
    r"company name) (?:goes )?here|"
    r"click here to (?:edit|add) (?:the |your )?(?:text|content)|i[\u2019']m a paragraph\. click here|"
    r"hier steht ihr text|dies ist ein blindtext|muokkaa tekstiä napsauttamalla|insert your text here"
)


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


def _pages_read(site: SitePages) -> str:
    return "text of the home page and the contact page" if site.others else "text of the home page"


def privacy_page_missing(site: SitePages) -> Outcome:
    """A link that leads to one; the bare words are no page."""
    if any(word in page.lower_links for word in _PRIVACY for page in site.pages):
        return PASSED
    return Failed(where="links of the pages read", snippet="no link to a privacy policy")


def copyright_outdated(site: SitePages) -> Outcome:
    """The newest year that a copyright line of the home page names, long ago on the day of the fetch."""
    lines = list(_COPYRIGHT.finditer(site.home.lower_text))
    if not lines:
        return NOT_APPLICABLE
    this_year = site.looked_at.year
    years = {match: year for match in lines if (year := _year(match)) <= this_year}
    if not years:
        return NOT_APPLICABLE
    match, newest = max(years.items(), key=lambda item: item[1])
    if this_year - newest < OLD_AFTER_YEARS:
        return PASSED
    return Failed(
        where="copyright line",
        snippet=snippet(one_line(site.home.text[match.start() : match.end()])),
        parameters={"year": str(newest)},
    )


def _year(match: re.Match[str]) -> int:
    first, last, alone = match.groups()
    if alone:
        return int(alone)
    if not last:
        return int(first)
    return int(last) if len(last) == 4 else int(first[:2] + last)


def placeholder_text(site: SitePages) -> Outcome:
    for page in site.pages:
        if match := _PLACEHOLDERS.search(page.lower_text):
            around = page.text[max(0, match.start() - 20) : match.end() + 60]
            return Failed(where="text of the page", snippet=snippet(around), url=page.url)
    return PASSED
