"""Will one find it, and know what it is from the result?"""

from leadgen_dagster.scoring.checks.outcomes import PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import snippet
from leadgen_dagster.scoring.site_pages import SitePages

_EMPTY_TITLES = frozenset(
    [
        "home",
        "homepage",
        "index",
        "startseite",
        "untitled",
        "unbenannt",
        "willkommen",
        "welcome",
        "etusivu",
        "hem",
        "accueil",
        "inicio",
        "website",
        "home page",
        "new page 1",
        "untitled document",
        "unbenanntes dokument",
        "index.html",
    ]
)
_SHORTEST_DESCRIPTION = 30


def title_missing(site: SitePages) -> Outcome:
    title = site.home.title
    if title and title.casefold() not in _EMPTY_TITLES:
        return PASSED
    return Failed(where="title", snippet=f"<title>{snippet(title)}</title>" if title else "no title")


def description_missing(site: SitePages) -> Outcome:
    metas = site.home.metas
    description = (metas.get("description") or "").strip()
    if len(description) >= _SHORTEST_DESCRIPTION:
        return PASSED
    return Failed(where='meta[name="description"]', snippet=snippet(description) or "no description")


def h1_missing(site: SitePages) -> Outcome:
    if any(words for _, words in site.home.words("h1")):
        return PASSED
    return Failed(where="h1", snippet="no heading of the first rank")


def blocked_from_index(site: SitePages) -> Outcome:
    robots = site.home.metas.get("robots", "")
    if "noindex" in robots.lower():
        return Failed(where='meta[name="robots"]', snippet=snippet(robots))
    header = site.home.page.header("x-robots-tag") or ""
    if "noindex" in header.lower():
        return Failed(where="x-robots-tag", snippet=snippet(header))
    return PASSED
