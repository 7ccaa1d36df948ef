"""Does one get where the links lead?"""

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import snippet
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import FetchOutcome

GONE = frozenset({404, 410})
"""The only answers that say that the page is not there; a 403 or 503 may be meant for machines."""


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
