"""Is the page looked after: its words, its years, what stands there from long ago?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.checks.sight import is_seen, seen, seen_last
from leadgen_dagster.scoring.checks.stale_words import (
    ALL_SIGNS,
    ANY_YEAR,
    DATE,
    DATED,
    DATED_STEMS,
    NEWS,
    NEWS_WORDS,
    PANDEMIC,
    PLACEHOLDERS,
    SAMPLES,
    UNFINISHED,
    Passages,
)
from leadgen_dagster.scoring.page_view import (
    Element,
    PageView,
    once_a_page,
    one_line,
    opening_tag,
    selector_of,
    snippet,
    surroundings,
    upwards,
)
from leadgen_dagster.scoring.rubric import limit_of
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.website_state import seen_frames

COPYRIGHT_YEARS = limit_of("freshness.copyright_outdated")
NEWS_YEARS = limit_of("freshness.old_news")
PANDEMIC_NOTICES_ENDED = limit_of("freshness.pandemic_notice")

YEAR_WITHIN = 60
"""Characters after a sign of copyright."""
SHORT_BEFORE = 20
"""Characters before a sign of copyright that say what it is for."""
NEWS_READ = 2_000
"""Characters under a heading."""
REACH = 120
"""Characters around a word within which a passage stands."""
MOST_SUSPECTED = 20
FIRST_YEAR = 1994
"""Of websites of firms; an earlier one is part of a name."""
FOOT = 1_500
"""Characters at the end of a page's text within which a line stands at its foot."""

_COPYRIGHT_MARKS = ("©", "(c)", "copyright")
_TO = r"(?:[-\u2013\u2014/&,]|to|until|bis|till|til|à|au|al|a|and|und)"
_COPYRIGHT_YEAR = re.compile(r"(?:19|20)(?<!\d..)\d{2}(?!\d)")
_AGE = re.compile(r"since|seit|est\b|estab|founded|gegründet|depuis|desde|sedan|perustettu")
LONGEST_AGE = 10
"""Characters of such a word."""
_YEAR_AND_NEXT = 5
"""Characters of a year and of what tells that it ends there."""
_YEARS = re.compile(
    rf"(\d{{4}})(?:\s*{_TO}\s*((?:19|20)?\d{{2}})(?!\d))*"
    r"(\s*(?:[-\u2013\u2014]|to\b|bis\b|until\b)(?!\d)\s*(?:$|\w+|©))?"
)
_YEAR_BEFORE = re.compile(r"\W*((?:19|20)\d{2})\s*")
_OTHERS_RIGHTS = re.compile(
    r"photo|foto|bild|image|picture|map data|karte|theme|template|icons|valokuv|kuvat|powered|"
    r"software|script|phpbb|design"
)

MOST_OLD_TAGS = limit_of("freshness.deprecated_markup")
MOST_NESTED_TABLES = limit_of("freshness.table_layout")
MOST_FRAMES = limit_of("freshness.frames")
SMALLEST_FILM = limit_of("freshness.flash")

_DOCTYPE = re.compile(r"(?:\s|<!--.*?-->|<\?xml[^>]*>)*<!doctype", re.IGNORECASE | re.DOTALL)
_OLD_TAGS = ("font", "center", "marquee", "blink", "applet", "big", "strike", "tt", "basefont")
_FLASH = re.compile(r"\.swf|shockwave-flash|d27cdb6e")
_SHOWN_OTHERWISE = ("youtube", "vimeo", "dailymotion")
"""Films of these are shown by browsers in the players of today."""
_FIRST_DIGITS = re.compile(r"\d+")
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
    _Product("jQuery", re.compile(r"jquery(?:\.min|\.slim|\.js)*" + _MAJOR), 3),
    _Product("Bootstrap", re.compile(r"bootstrap(?:\.min|\.bundle|\.js|\.css)*" + _MAJOR), 4),
    _Product("AngularJS", re.compile(r"angular(?:js)?(?:\.min|\.js)*[-/@]v?(1)\.(\d+)"), 2),
    _Product("MooTools", re.compile(r"mootools[^/]*?[-/@](\d+)\.(\d+)"), 99),
    _Product("Prototype", re.compile(r"/prototype[-/@](\d+)\.(\d+)"), 99),
)
_LIBRARY_MARKS = ("jquery", "bootstrap", "angular", "mootools", "prototype")
_JQUERY_PLUGIN = re.compile(r"jquery[.-](?:ui|migrate|cookie|easing|fancybox|validate|form|mobile)")
# wordpress.org/about/history, joomla.org release cycle, drupal.org/about/core/policies, typo3.org/cms/roadmap.
_GENERATORS = (
    _Product("WordPress", re.compile(r"wordpress\s+(\d+)\.(\d+)"), 6),
    _Product("Joomla", re.compile(r"joomla!?\s+(\d+)(?:\.(\d+))?"), 4),
    _Product("Drupal", re.compile(r"drupal\s+(\d+)(?:\.(\d+))?"), 10),
    _Product("TYPO3", re.compile(r"typo3\s+(?:cms\s+)?(\d+)(?:\.(\d+))?"), 12),
)
_DEAD_EDITORS = re.compile(
    r"frontpage|netobjects|iweb|golive|microsoft word|homepage maker|adobe pagemill|hotdog|namo webeditor|"
    r"data becker|web to date|adobe muse"
)


def copyright_outdated(site: SitePages) -> Outcome:
    """The newest year that the copyright lines at the foot of the home page name, long ago on the day of the fetch."""
    page = site.home
    this_year = site.looked_at.year
    lines = [line for line in _copyright_lines(page) if FIRST_YEAR <= line[1] <= this_year]
    if not lines or any(is_open for _, _, is_open in lines):
        return NOT_APPLICABLE
    written, newest, _ = max(lines, key=lambda line: line[1])
    if this_year - newest < COPYRIGHT_YEARS:
        return PASSED
    node = None if "getfullyear" in page.lower_html else seen_last(page, written)
    if node is None:
        return NOT_APPLICABLE
    return Failed(where=selector_of(node), snippet=snippet(written), parameters={"year": str(newest)})


@once_a_page
def _copyright_lines(page: PageView) -> Sequence[tuple[str, int, bool]]:
    """Each line with a right in the page at its foot: as written, its newest year, and whether it goes on to today."""
    foot = page.lower_text[-FOOT:]
    return [line for mark in _COPYRIGHT_MARKS for line in _lines_with(mark, foot)]


def _lines_with(mark: str, foot: str) -> Iterator[tuple[str, int, bool]]:
    at = foot.find(mark)
    while at >= 0:
        before = foot[max(0, at - SHORT_BEFORE) : at].rpartition("\n")[2]
        if years := _years_after(foot, at + len(mark)):
            written = foot[at : years.end()]
            if not _OTHERS_RIGHTS.search(before + written):
                yield written, _year_of(years[1], years[2]), years[3] is not None
        elif year := _YEAR_BEFORE.fullmatch(before):
            yield f"{year[0]}{mark}", int(year[1]), False
        at = foot.find(mark, at + len(mark))


def _years_after(foot: str, begin: int) -> re.Match[str] | None:
    """The years that follow a sign of copyright on its line, where no word makes them the firm's own age."""
    year = _COPYRIGHT_YEAR.search(foot, begin, begin + YEAR_WITHIN + _YEAR_AND_NEXT)
    if year is None or year.start() > begin + YEAR_WITHIN or "\n" in foot[begin : year.start()]:
        return None
    age = _AGE.search(foot, begin, year.end() + LONGEST_AGE)
    return None if age and age.start() < year.start() else _YEARS.match(foot, year.start())


def _year_of(first: str, last: str | None) -> int:
    """The end of a span of years, also of one such as 2009-14."""
    return int(first) if last is None else int(last if len(last) == 4 else first[:2] + last)


def placeholder_text(site: SitePages) -> Outcome:
    """Filler text of a template."""
    return _passage(site, PLACEHOLDERS)


def placeholder_contact(site: SitePages) -> Outcome:
    """A phone number, address or mailbox that stands in a template for one's own."""
    return _passage(site, SAMPLES)


def under_construction(site: SitePages) -> Outcome:
    """A page among others that says of itself that it is not finished."""
    return _passage(site, UNFINISHED)


def pandemic_notice(site: SitePages) -> Outcome:
    """Rules of a pandemic, years after they ended."""
    if site.looked_at.year < PANDEMIC_NOTICES_ENDED:
        return NOT_APPLICABLE
    return _passage(site, PANDEMIC)


def _passage(site: SitePages, passages: Passages) -> Outcome:
    """A passage that a visitor sees."""
    for page in site.pages:
        for begin, around in _suspected(page, passages):
            match = passages.pattern.search(around)
            if match and (node := seen(page, match[0])):
                start, end = begin + match.start(), begin + match.end()
                return Failed(
                    where=selector_of(node),
                    snippet=snippet(page.text[max(0, start - 20) : end + 60]),
                    url=page.url,
                    parameters={"passage": one_line(page.text[start:end])},
                )
    return PASSED


def _suspected(page: PageView, passages: Passages) -> Iterator[tuple[int, str]]:
    """What stands around each word or mark of such a passage, and where."""
    signs = _stale_signs(page)
    marks = (passages.words & signs) | (passages.marks & page.text_words)
    for word in passages.beside.keys() & signs:
        marks |= page.text_words.intersection(passages.beside[word])
    for mark in sorted(marks):
        yield from surroundings(page.lower_text, mark, before=REACH, after=REACH, most=MOST_SUSPECTED)


@once_a_page
def _stale_signs(page: PageView) -> frozenset[str]:
    """The words of all such passages that stand on the page: few, where a page has hundreds."""
    return ALL_SIGNS & page.vocabulary


def old_news(site: SitePages) -> Outcome:
    """News, offers or courses whose dates are years old, on a page that names no newer year."""
    page = site.home
    this_year = site.looked_at.year
    years = [year for year in _years_named(page) if year <= this_year + 2]
    if not years:
        return NOT_APPLICABLE
    if this_year - max(years) < NEWS_YEARS:
        return PASSED
    newest = max(years)
    for year in (newest, newest - 1):
        for written in _dated(page, str(year)):
            if node := seen(page, written):
                passage = _as_written(page, written)
                return Failed(
                    where=selector_of(node),
                    snippet=snippet(passage),
                    parameters={"year": str(year), "passage": passage},
                )
    return NOT_APPLICABLE


def _as_written(page: PageView, passage: str) -> str:
    """A passage of the text in small letters as it stands on the page, from the beginning of its first word."""
    at = page.lower_text.find(passage)
    begin = max(page.lower_text.rfind(gap, 0, at) for gap in (" ", "\n")) + 1
    return one_line(page.text[begin : at + len(passage)])


def _years_named(page: PageView) -> list[int]:
    """Anywhere but in lines of copyright, where a template may print this year's."""
    text = page.lower_text
    for written, _, _ in _copyright_lines(page):
        text = text.replace(written, "")
    return [int(year) for year in ANY_YEAR.findall(text)]


def _dated(page: PageView, year: str) -> Iterator[str]:
    """The dates of a year that stand below a heading such as "News", or beside words such as "valid until"."""
    text = page.lower_text
    if not page.vocabulary.isdisjoint(NEWS_WORDS):
        for heading in page.lower_headings:
            at = f"\n{text}".rfind(f"\n{heading}\n") if NEWS.fullmatch(heading) else -1
            below = text[at : at + NEWS_READ] if at >= 0 else ""
            yield from (match[0] for match in DATE.finditer(below) if year in match[0])
    stems = page.text_words & DATED_STEMS
    if not stems:
        return
    for _, around in surroundings(text, year, before=REACH // 2, after=len(year) + 6, most=MOST_SUSPECTED):
        if any(stem in around for stem in stems):
            yield from (match[0] for match in DATED.finditer(around) if year in match[0])


# --------------------------------------------------------------------------- what the page is made with


def outdated_library(site: SitePages) -> Outcome:
    """A library whose makers mend that version no more."""
    scripts = [element for element in site.home.elements("script") if element.attributes.get("src")]
    if not scripts:
        return NOT_APPLICABLE
    for element in scripts:
        source = element.get("src").lower()
        if not any(mark in source for mark in _LIBRARY_MARKS):
            continue
        if found := _outdated(_LIBRARIES, _JQUERY_PLUGIN.sub("", source)):
            name, version = found
            return Failed(
                where=selector_of(element),
                snippet=opening_tag(element),
                parameters={"name": name, "version": version},
            )
    return PASSED


def outdated_cms(site: SitePages) -> Outcome:
    generator = site.home.metas.get("generator")
    if not generator:
        return NOT_APPLICABLE
    if found := _outdated(_GENERATORS, generator.lower()) or _dead_editor(generator):
        name, version = found
        return Failed(
            where='meta[name="generator"]',
            snippet=snippet(generator),
            parameters={"name": name, "version": version},
        )
    return PASSED


def _dead_editor(generator: str) -> tuple[str, str] | None:
    return (snippet(generator), "") if _DEAD_EDITORS.search(generator.lower()) else None


def _outdated(products: tuple[_Product, ...], text: str) -> tuple[str, str] | None:
    """Name and version of the product that a text tells of, if its makers have left that version behind."""
    for product in products:
        if (match := product.pattern.search(text)) and int(match[1]) < product.oldest_kept:
            version = match[1] if match[2] is None else f"{match[1]}.{match[2]}"
            return product.name, version
    return None


def deprecated_markup(site: SitePages) -> Outcome:
    """Tags of the nineties."""
    old = site.home.all(*_OLD_TAGS)
    if len(old) <= MOST_OLD_TAGS:
        return PASSED
    return Failed(
        where=selector_of(old[0]),
        snippet=f"{len(old)} such tags, the first {opening_tag(old[0])}",
        parameters={"count": str(len(old)), "tag": old[0].tag or ""},
    )


def table_layout(site: SitePages) -> Outcome:
    """Tables inside tables, as pages were laid out before style sheets could."""
    page = site.home
    tables = page.all("table")
    if not tables:
        return NOT_APPLICABLE
    many = islice(filter(_is_nested, tables), int(MOST_NESTED_TABLES) + 1)
    if len(tables) <= MOST_NESTED_TABLES + 1 or len([*many]) <= MOST_NESTED_TABLES:
        return PASSED
    nested = page.select("table table")
    return Failed(
        where="table table",
        snippet=f"{len(nested)} tables inside tables, the first {opening_tag(nested[0])}",
        parameters={"count": str(len(nested))},
    )


def _is_nested(table: LexborNode) -> bool:
    return any(around.tag == "table" for around in islice(upwards(table), 1, None))


def frames(site: SitePages) -> Outcome:
    """Two frames or more that are seen: on a phone each gets a part of the screen."""
    sets = site.home.elements("frameset")
    if not sets:
        return NOT_APPLICABLE
    count = seen_frames(site.home)
    if count < MOST_FRAMES:
        return PASSED
    return Failed(where="frameset", snippet=opening_tag(sets[0]), parameters={"count": str(count)})


def flash(site: SitePages) -> Outcome:
    """A film that no browser has shown since 2021, where nothing else is given in its stead."""
    films = [one for one in site.home.elements("embed", "object") if _FLASH.search(opening_tag(one).lower())]
    if not films:
        return NOT_APPLICABLE
    for film in films:
        inside = [node.tag for node in film.node.css("img, video, iframe")]
        source = (film.node.html or "").lower()
        is_replaced = any(host in source for host in _SHOWN_OTHERWISE)
        if not inside and not is_replaced and _is_large(film) and is_seen(film.node):
            return Failed(where=selector_of(film), snippet=opening_tag(film))
    return PASSED


def _is_large(film: Element) -> bool:
    sizes = [
        int(digits[0]) for name in ("width", "height") if (digits := _FIRST_DIGITS.match(film.get(name)))
    ]
    return "%" in film.get("width") or (len(sizes) == 2 and min(sizes) >= SMALLEST_FILM)


def doctype_missing(site: SitePages) -> Outcome:
    if _DOCTYPE.match(site.home.html[:4000]):
        return PASSED
    return Failed(where="first line of the page", snippet=snippet(site.home.html[:120]) or "empty")
