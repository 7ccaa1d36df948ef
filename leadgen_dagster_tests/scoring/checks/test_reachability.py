"""Where links lead."""

from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import PageKind
from leadgen_dagster_tests.scoring.builders import head_of, html, site
from leadgen_dagster_tests.scoring.checks.pairs import Pair


def link(status: int) -> SitePages:
    return site(html('<a href="book">Book</a>'), head_of(PageKind.LINK, "book", status=status, label="Book"))


PAIRS: dict[str, Pair] = {
    "reachability.broken_link": Pair(link(404), link(200)),
}
