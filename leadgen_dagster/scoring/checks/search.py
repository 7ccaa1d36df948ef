"""Will one find it, and know what it is from the result?"""

import re

from leadgen_dagster.scoring.checks.outcomes import PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import link_label, snippet
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
# schema.org types that say nothing of the business itself.
_NOT_THE_FIRM_WORDS = """
    WebSite WebPage BreadcrumbList ListItem SearchAction ImageObject Person Article BlogPosting ReadAction
    EntryPoint CollectionPage ItemList SiteNavigationElement PropertyValueSpecification
"""
_NOT_THE_FIRM = frozenset(_NOT_THE_FIRM_WORDS.split())
_MICRODATA = re.compile(r"schema\.org/(\w+)")


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
    if any(link_label(node) for node in site.home.all("h1")):
        return PASSED
    return Failed(where="h1", snippet="no heading of the first rank")


def structured_data_missing(site: SitePages) -> Outcome:
    """Data of the firm itself, for machines: JSON-LD or microdata; a breadcrumb is not enough."""
    for page in site.pages:
        types = {str(kind) for item in page.json_ld for kind in _as_list(item.get("@type"))}
        if any(kind not in _NOT_THE_FIRM for kind in types):
            return PASSED
        if "itemtype" in page.lower_html and any(
            kind not in _NOT_THE_FIRM for kind in _MICRODATA.findall(page.html)
        ):
            return PASSED
    return Failed(where='script[type="application/ld+json"]', snippet="no data of the business for machines")


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []


def blocked_from_index(site: SitePages) -> Outcome:
    robots = site.home.metas.get("robots", "")
    if "noindex" in robots.lower():
        return Failed(where='meta[name="robots"]', snippet=snippet(robots))
    header = site.home.page.header("x-robots-tag") or ""
    if "noindex" in header.lower():
        return Failed(where="x-robots-tag", snippet=snippet(header))
    return PASSED
