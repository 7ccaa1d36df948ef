"""Does one get where the links lead?"""

import re
from collections.abc import Sequence

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.checks.sight import is_seen
from leadgen_dagster.scoring.lexicon import IN_LINKS
from leadgen_dagster.scoring.page_view import (
    Link,
    PageView,
    one_line,
    opening_tag,
    selector_of,
    snippet,
    text_of,
)
from leadgen_dagster.scoring.rubric import limit_of
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import FetchOutcome

GONE = frozenset({404, 410})
"""The only answers that say that the page is not there; a 403 or 503 may be meant for machines."""
MOST_REDIRECTS = limit_of("reachability.redirect_chain")

_ERROR_PAGE = re.compile(
    r"(?:error |fehler )?404\b|(?:oops|ups|sorry)?\W*(?:the |this |that )?page (?:was |could |can)?\s?(?:not |n[o']t )"
    r"(?:be )?found|not found\b|(?:diese )?seite (?:wurde )?(?:leider )?nicht gefunden|sivua ei löyt|"
    r"sidan (?:kunde |kan )?(?:inte )?(?:hittas|finns)|page (?:non trouvée|introuvable)|página no encontrada"
)
_WELL_WRITTEN = ("http://", "https://", "mailto:", "tel:", "javascript:")
_MISTYPED = re.compile(
    r"www\.|https?//|htt?ps?:;//|htp://|hhtps?://|ttps?://|https?://https?[:/]|file:|[a-z]:[\\/]"
    r"|https?://(?:localhost|127\.0\.0\.1)\b|[\w.+-]+@[\w-]+\.[a-z]{2,}$"
)
"""What no browser can follow: a scheme that is missing or misspelt, a bare e-mail address, the maker's own computer.

Too few slashes, or backslashes in their place, are none of these: browsers put them right.
"""
_MISTYPED_AFTER_SCHEME = IN_LINKS.words("://http", "://localhost", "://127.0.0.1")


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


def picture_missing(site: SitePages) -> Outcome:
    """A picture of the page's own host that is not there."""
    answered = [
        one.page for one in site.images if one.page.outcome is FetchOutcome.FETCHED and one.page.status
    ]
    if not answered:
        return NOT_APPLICABLE
    gone = [page for page in answered if page.status in GONE]
    if not gone:
        return PASSED
    return Failed(
        where="img",
        snippet=f"{gone[0].url} answers {gone[0].status}",
        parameters={"url": gone[0].url, "status": str(gone[0].status), "count": str(len(gone))},
    )


def error_page(site: SitePages) -> Outcome:
    """A page that is linked, answers like any other, and says that it is not there."""
    if not site.others:
        return NOT_APPLICABLE
    for page in site.others:
        headings = [one_line(text_of(node)) for node in page.all("h1")]
        said = next((line for line in (*headings, page.title) if _ERROR_PAGE.match(line.lower())), None)
        if said:
            label = next(
                (one.label for one in site.linked if one.page.url == page.page.url and one.label), None
            )
            return Failed(
                where="h1" if said in headings else "title",
                snippet=snippet(said),
                url=page.url,
                parameters={"label": label or page.url, "url": page.url},
            )
    return PASSED


def mistyped_link(site: SitePages) -> Outcome:
    """A link with words on it whose address no browser can follow."""
    if not site.home.links:
        return NOT_APPLICABLE
    for page in site.pages:
        for link in _odd_links(page):
            if link.label and _MISTYPED.match(link.href.lower()) and is_seen(link.element.node):
                return Failed(
                    where=selector_of(link.element),
                    snippet=opening_tag(link.element),
                    url=page.url,
                    parameters={"label": snippet(link.label), "href": snippet(link.href)},
                )
    return PASSED


def _odd_links(page: PageView) -> Sequence[Link]:
    """All that do not begin like almost every link does."""
    if page.link_words & _MISTYPED_AFTER_SCHEME:
        return page.links
    return [
        link
        for link in page.links
        if (href := link.href)[0] not in "/#" and not href.startswith(_WELL_WRITTEN) and link.label
    ]


def redirect_chain(site: SitePages) -> Outcome:
    page = site.home.page
    hops = len(page.redirects) + (page.final_url is not None and page.final_url != page.url)
    if hops <= MOST_REDIRECTS:
        return PASSED
    chain = " → ".join((page.url, *page.redirects, page.final_url or ""))
    return Failed(where=f"{hops} redirects", snippet=snippet(chain), parameters={"count": str(hops)})


def _written(site: SitePages, url: str) -> str:
    """The link's target as it stands on the page."""
    hrefs = (link.href for page in site.pages for link in page.links if _leads_to(page, link.href, url))
    return next(hrefs, url)


def _leads_to(page: PageView, href: str, url: str) -> bool:
    return page.absolute(href).partition("#")[0] == url
