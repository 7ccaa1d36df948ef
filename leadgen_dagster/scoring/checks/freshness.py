"""Is the page made with what is kept up today?"""

import re
from dataclasses import dataclass

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import one_line, opening_tag, selector_of, snippet
from leadgen_dagster.scoring.site_pages import SitePages

MOST_OLD_TAGS = 2

_DOCTYPE = re.compile(r"(?:\s|<!--.*?-->|<\?xml[^>]*>)*<!doctype", re.IGNORECASE | re.DOTALL)
_OLD_TAGS = ("font", "center", "marquee", "blink", "frame", "applet", "big", "strike", "tt")
_MAJOR = r"(?:[\w.-]*?[-/@.]v?|[^?]*\?ver=)(\d+)\.(\d+)"


@dataclass(frozen=True, slots=True)
class _Product:
    name: str
    pattern: re.Pattern[str]
    oldest_kept: int
    """The oldest major version that its makers still mend (2026)."""


# Release policies: jquery.com/support, getbootstrap.com/docs/versions, blog.angular.io on AngularJS,
# mootools.net and prototypejs.org have had no release for years.
_LIBRARIES = (
    _Product("jQuery", re.compile(r"jquery(?:\.min|\.slim|\.js)*" + _MAJOR, re.IGNORECASE), 3),
    _Product("Bootstrap", re.compile(r"bootstrap(?:\.min|\.bundle|\.js|\.css)*" + _MAJOR, re.IGNORECASE), 4),
    _Product("AngularJS", re.compile(r"angular(?:js)?(?:\.min|\.js)*[-/@]v?(1)\.(\d+)", re.IGNORECASE), 2),
    _Product("MooTools", re.compile(r"mootools[^/]*?[-/@](\d+)\.(\d+)", re.IGNORECASE), 99),
    _Product("Prototype", re.compile(r"/prototype[-/@](\d+)\.(\d+)", re.IGNORECASE), 99),
)
# wordpress.org/about/history, joomla.org release cycle, drupal.org/about/core/policies, typo3.org/cms/roadmap.
_GENERATORS = (
    _Product("WordPress", re.compile(r"wordpress\s+(\d+)\.(\d+)", re.IGNORECASE), 6),
    _Product("Joomla", re.compile(r"joomla!?\s+(\d+)(?:\.(\d+))?", re.IGNORECASE), 4),
    _Product("Drupal", re.compile(r"drupal\s+(\d+)(?:\.(\d+))?", re.IGNORECASE), 10),
    _Product("TYPO3", re.compile(r"typo3\s+(?:cms\s+)?(\d+)(?:\.(\d+))?", re.IGNORECASE), 12),
)
_DEAD_EDITORS = re.compile(
    r"frontpage|netobjects|iweb|golive|microsoft word|homepage maker|adobe pagemill|hotdog|namo webeditor|"
    r"data becker|web to date|adobe muse",
    re.IGNORECASE,
)
_JQUERY_PLUGIN = re.compile(
    r"jquery[.-](?:ui|migrate|cookie|easing|fancybox|validate|form|mobile)", re.IGNORECASE
)


def outdated_library(site: SitePages) -> Outcome:
    nodes = [node for node in site.home.all("script") if node.attributes.get("src")]
    if not nodes:
        return NOT_APPLICABLE
    for node in nodes:
        source = node.attributes.get("src") or ""
        if found := _outdated(_LIBRARIES, _JQUERY_PLUGIN.sub("", source)):
            name, version = found
            return Failed(
                where=selector_of(node),
                snippet=opening_tag(node),
                parameters={"name": name, "version": version},
            )
    return PASSED


def outdated_cms(site: SitePages) -> Outcome:
    generator = site.home.metas.get("generator")
    if not generator:
        return NOT_APPLICABLE
    if found := _outdated(_GENERATORS, generator):
        name, version = found
        return Failed(
            where='meta[name="generator"]',
            snippet=snippet(generator),
            parameters={"name": name, "version": version},
        )
    if _DEAD_EDITORS.search(generator):
        return Failed(
            where='meta[name="generator"]',
            snippet=snippet(generator),
            parameters={"name": snippet(generator), "version": ""},
        )
    return PASSED


def _outdated(products: tuple[_Product, ...], text: str) -> tuple[str, str] | None:
    """Name and version of the product that a text tells of, if its makers have left that version behind."""
    for product in products:
        if (match := product.pattern.search(text)) and int(match[1]) < product.oldest_kept:
            version = match[1] if match[2] is None else f"{match[1]}.{match[2]}"
            return product.name, version
    return None


def deprecated_markup(site: SitePages) -> Outcome:
    """Tags of the nineties, or tables inside tables as a layout."""
    page = site.home
    if len(old := page.all(*_OLD_TAGS)) > MOST_OLD_TAGS:
        return Failed(
            where=selector_of(old[0]), snippet=f"{len(old)} such tags, the first {opening_tag(old[0])}"
        )
    if flash := [node for node in page.all("embed", "object") if "swf" in opening_tag(node).lower()]:
        return Failed(where=selector_of(flash[0]), snippet=opening_tag(flash[0]))
    if nested := page.select("table table"):
        return Failed(where="table table", snippet=f"tables inside tables: {opening_tag(nested[0])}")
    return PASSED


def doctype_missing(site: SitePages) -> Outcome:
    if _DOCTYPE.match(site.home.html[:4000]):
        return PASSED
    return Failed(where="first line of the page", snippet=snippet(site.home.html[:120]) or "empty")


OLD_AFTER_YEARS = 3
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
