"""Can the page be read on a phone?"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.cascade import (
    MOST_RULES,
    MOST_WORDED,
    SMALL_FONT_TAGS_PX,
    cascade_of,
    own_text,
    pale_texts,
    size_in,
)
from leadgen_dagster.scoring.checks.accessibility import is_heard
from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import (
    PageView,
    once_a_page,
    one_line,
    opening_tag,
    selector_of,
    snippet,
    text_of,
)
from leadgen_dagster.scoring.rubric import limit_of
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.styles import declarations, pixels, rules_for_some_screens
from leadgen_dagster.scoring.visible_text import visible_text

WIDER_THAN_ANY_PHONE_PX = limit_of("mobile.fixed_width")
SMALLEST_READABLE_PX = limit_of("mobile.text_too_small")
PALEST_READABLE = limit_of("mobile.text_too_pale")
LEAST_ZOOM = limit_of("mobile.zoom_forbidden")

SMALLEST_MEANT_PX = 4
"""Below this nobody meant to be read."""
WIDEST_PX = 10_000
SHORTEST_CHARACTERS = 200
MAX_CANDIDATES = 6
MAX_WIDE_RULES = 20

_WIDTH_TAGS = frozenset({"body", "table", "div", "main", "center", "section"})
_UNSEEN = "script, style, template, noscript, noframes, svg, title"
_NO_ZOOM = re.compile(r"user-scalable\s*=\s*(?:no|0)\b")
_LARGEST_ZOOM = re.compile(r"maximum-scale\s*=\s*(\d+(?:\.\d+)?|\.\d+)")
_GIVEN_WIDTH = re.compile(r"(?<![\w-])width\s*=\s*(\d{3,5})")
_ADAPTS = re.compile(r"device-width|initial-scale|(?<![\w-])width\s*=\s*[1-4]\d\d\b")
_ASKS = re.compile(r"geolocation\.(?:getCurrentPosition|watchPosition)|Notification\.requestPermission")
_DESKTOP_COPY = "wixDesktopViewport"
"""Left by the builder in the page that it sends to desktops; phones are sent another."""
_TOLD_TO_PHONES = ("viewport", "device-width")
_PHONE_NAMES = ("iphone", "android")


@once_a_page
def _viewport(page: PageView) -> str | None:
    """What the page tells a phone of its width; None where it says nothing of use."""
    content = page.metas.get("viewport", "").lower()
    return content if _ADAPTS.search(content) or _GIVEN_WIDTH.search(content) else None


@once_a_page
def _may_differ_on_phones(page: PageView) -> bool:
    """Whether a phone may be given another page, or a script tells it its width."""
    if "user-agent" in (page.page.header("vary") or "").lower() or _DESKTOP_COPY in page.html:
        return True
    for link in page.elements("link"):
        media = link.attributes.get("media")
        if media and ("handheld" in media or "max-width" in media) and "alternate" in link.get("rel").lower():
            return True
    scripts = page.lower_scripts
    return any(name in scripts for name in _TOLD_TO_PHONES) or (
        "location" in scripts and any(name in scripts for name in _PHONE_NAMES)
    )


def viewport_missing(site: SitePages) -> Outcome:
    page = site.home
    if _viewport(page) is not None:
        return PASSED
    if _may_differ_on_phones(page):
        return NOT_APPLICABLE
    empty = page.metas.get("viewport")
    told = f'<meta name="viewport" content="{empty}">' if empty is not None else ""
    return Failed(where="head", snippet=told or 'no <meta name="viewport"> in the head of the page')


def width_undeclared(site: SitePages) -> Outcome:
    """The tag alone, whatever else may make up for it."""
    if _viewport(site.home) is not None:
        return PASSED
    return Failed(where="head", snippet=site.home.metas.get("viewport") or 'no <meta name="viewport">')


def viewport_wide(site: SitePages) -> Outcome:
    """Phones are told a width that none of them has, and shrink the page to fit."""
    content = _viewport(site.home)
    if content is None:
        return NOT_APPLICABLE
    given = _GIVEN_WIDTH.search(content)
    if given is None or _ADAPTS.search(content) or int(given[1]) < WIDER_THAN_ANY_PHONE_PX:
        return PASSED
    if _may_differ_on_phones(site.home):
        return NOT_APPLICABLE
    return Failed(where='meta[name="viewport"]', snippet=content, parameters={"pixels": given[1]})


def fixed_width(site: SitePages) -> Outcome:
    """One block that is wider than a phone and holds most of the page's words.

    Where the page adapts to a phone's width, a style sheet that was not read, or one for narrow screens, may make the
    block narrower: then it is believed to.
    """
    page = site.home
    if not page.text:
        return NOT_APPLICABLE
    adapts = _viewport(page) is not None
    if adapts and (page.has_unread_styles or len(page.style_rules) > MOST_RULES):
        return PASSED
    if page.has_unread_styles and _may_differ_on_phones(page):
        return NOT_APPLICABLE  # whether or not there is such a block
    wide = islice(_wide_blocks(page), MAX_CANDIDATES)
    proof = next((one for one in wide if _holds_most(one[0], page.text)), None)
    if proof is None:
        return NOT_APPLICABLE if page.has_unread_styles else PASSED
    node, width, shown = proof
    if (adapts and not _stays_wide(node, width, page)) or _may_differ_on_phones(page):
        return NOT_APPLICABLE
    return Failed(where=selector_of(node), snippet=shown, parameters={"pixels": f"{width:.0f}"})


def _holds_most(node: LexborNode, text: str) -> bool:
    """Whether half of the page's text stands in an element; bounds come first, since a walk through it is slow."""
    whole = text_of(node)
    if len(whole) * 2 < len(text):
        return False
    unseen = sum(len(text_of(one)) + 1 for one in node.css(_UNSEEN))
    return (len(one_line(whole)) - unseen) * 2 >= len(text) or len(visible_text(node)) * 2 >= len(text)


def _stays_wide(node: LexborNode, width: float, page: PageView) -> bool:
    """Whether no other rule makes the element narrower, nor one for some screens only speaks of it or of all."""
    if cascade_of(page).width_px(node) != width:
        return False
    for_some = rules_for_some_screens(page.style_sheet)
    attributes = node.attributes
    names = [attributes.get("id") or "", *(attributes.get("class") or "").split(), "*"]
    is_named = any(name in for_some for name in names if name)
    return not is_named and not re.search(rf"(?<![\w.#-]){node.tag}\b", for_some)


def _wide_blocks(page: PageView) -> Iterator[tuple[LexborNode, float, str]]:
    for table in page.elements("table"):
        if width := _attribute_width(table.get("width")):
            yield table.node, width, opening_tag(table)
    wide = {style: width for style in _styles_of(page) if (width := _styled_width(style))}
    for element in page.styled if wide else ():
        if element.tag in _WIDTH_TAGS and (width := wide.get(element.attributes["style"] or "")):
            yield element.node, width, opening_tag(element)
    wide_rules = ((selector, rule) for selector, rule in page.style_rules if _declared_width(rule))
    for selector, rule in islice(wide_rules, MAX_WIDE_RULES):
        if width := _declared_width(rule):
            shown = f"{selector} {{ {'width' if 'width' in rule else 'min-width'}: {width:.0f}px }}"
            yield from ((node, width, shown) for node in page.select(selector) if node.tag in _WIDTH_TAGS)


def _attribute_width(value: str) -> float | None:
    digits = value.lower().removesuffix("px").strip()
    return float(digits) if digits.isascii() and digits.isdigit() and _is_too_wide(float(digits)) else None


@once_a_page
def _styles_of(page: PageView) -> frozenset[str]:
    """What stands in `style` attributes; a page gives many elements the same."""
    return frozenset([element.attributes["style"] or "" for element in page.styled])


def _styled_width(style: str) -> float | None:
    return _declared_width(declarations(style)) if "width" in style.lower() else None


def _declared_width(style: Mapping[str, str]) -> float | None:
    if "max-width" in style:
        return None
    width = pixels(style.get("width") or style.get("min-width", ""))
    return width if width and _is_too_wide(width) else None


def _is_too_wide(width: float) -> bool:
    return WIDER_THAN_ANY_PHONE_PX <= width < WIDEST_PX


def zoom_forbidden(site: SitePages) -> Outcome:
    content = site.home.metas.get("viewport", "").lower()
    if not content:
        return NOT_APPLICABLE
    largest = _LARGEST_ZOOM.search(content)
    if _NO_ZOOM.search(content) or (largest and float(largest[1]) < LEAST_ZOOM):
        return Failed(where='meta[name="viewport"]', snippet=content)
    return PASSED


def text_too_small(site: SitePages) -> Outcome:
    """A third of the words, and not just a footnote, set smaller than one can read."""
    page = site.home
    if not page.text:
        return NOT_APPLICABLE
    unproven = NOT_APPLICABLE if page.has_unread_styles else PASSED
    fewest = max(SHORTEST_CHARACTERS, len(page.text) / 3)
    small = [
        (len(words), size, node)
        for node, size in islice(_small_texts(page), MOST_WORDED)
        if (words := own_text(node))
    ]
    if sum(length for length, _, _ in small) < fewest:
        return unproven
    small = [one for one in small if is_heard(one[2])]
    if sum(length for length, _, _ in small) < fewest:
        return unproven
    _, size, node = max(small, key=lambda one: one[0])
    return Failed(
        where=selector_of(node),
        snippet=f"{size:.0f} px: “{snippet(own_text(node))}”",
        parameters={"pixels": f"{size:.0f}"},
    )


def _small_texts(page: PageView) -> Iterator[tuple[LexborNode, float]]:
    """Elements whose own words are small for sure, with the size."""
    # A style sheet for narrow screens that sets sizes may make on a phone large what is small elsewhere.
    is_whole = not page.has_unread_styles and "@media" not in page.style_sheet
    if is_whole and any(_declared_small(style) for _, style in page.style_rules[:MOST_RULES]):
        cascade = cascade_of(page)
        sizes = ((node, cascade.font_size_px(node)) for node, _ in cascade.worded())
        yield from ((node, size) for node, size in sizes if size and _is_small(size))
        return
    small = {style: size for style in _styles_of(page) if (size := _styled_small(style))}
    for element in page.styled if small else ():
        if size := small.get(element.attributes["style"] or ""):
            yield element.node, size
    for font in page.elements("font"):
        if (size := SMALL_FONT_TAGS_PX.get(font.get("size"))) and "font" not in font.get("style"):
            yield font.node, size


def _styled_small(style: str) -> float | None:
    return _declared_small(declarations(style)) if "font" in style.lower() else None


def _declared_small(style: Mapping[str, str]) -> float | None:
    size = size_in(style.get("font-size") or style.get("font", ""))
    return size if size and _is_small(size) else None


def _is_small(size: float) -> bool:
    return SMALLEST_MEANT_PX < size < SMALLEST_READABLE_PX


def text_too_pale(site: SitePages) -> Outcome:
    """Much of the text hardly stands out from what is behind it."""
    page = site.home
    if not page.text:
        return NOT_APPLICABLE
    unproven = NOT_APPLICABLE if page.has_unread_styles else PASSED
    fewest = max(SHORTEST_CHARACTERS, len(page.text) / 4)
    pale = [one for one in pale_texts(page) if one.contrast < PALEST_READABLE]
    if sum(len(one.words) for one in pale) < fewest:
        return unproven
    pale = [one for one in pale if is_heard(one.node)]
    if sum(len(one.words) for one in pale) < fewest:
        return unproven
    worst = max(pale, key=lambda one: len(one.words))
    return Failed(
        where=selector_of(worst.node),
        snippet=f"{worst.colours}, {worst.contrast:.1f}:1, “{worst.words}”",
        parameters={"contrast": f"{worst.contrast:.1f}"},
    )


def asks_permission(site: SitePages) -> Outcome:
    """A page that wants to know where one is, or to send notices, before one has read a word."""
    scripts = site.home.script_texts
    if not scripts:
        return NOT_APPLICABLE
    for script in scripts:
        if ("geolocation" in script or "Notification" in script) and (found := _ASKS.search(script)):
            return Failed(where="script", snippet=found[0])
    return PASSED
