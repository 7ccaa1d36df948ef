"""Can the page be read on a phone?"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import PageView, opening_tag, selector_of, text_of, visible_text
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.styles import declarations, pixels

WIDER_THAN_ANY_PHONE = 600
SMALLEST_READABLE = 11
MAX_CANDIDATES = 30

_WIDTH_TAGS = ("body", "table", "div", "main", "center", "section")
_ZOOM_LOCK = re.compile(r"user-scalable\s*=\s*(?:no|0)\b|maximum-scale\s*=\s*(?:0|1)(?:\.\d*)?\s*(?:[,;]|$)")


def viewport_missing(site: SitePages) -> Outcome:
    if "viewport" in site.home.metas:
        return PASSED
    return Failed(where="head", snippet='no <meta name="viewport"> in the head of the page')


def fixed_width(site: SitePages) -> Outcome:
    """One block that is wider than a phone and holds most of the page's words."""
    page = site.home
    if not page.text:
        return NOT_APPLICABLE
    for node, width, shown in islice(_fixed_blocks(page), MAX_CANDIDATES):
        if len(visible_text(node)) * 2 >= len(page.text):
            return Failed(where=selector_of(node), snippet=shown, parameters={"pixels": f"{width:.0f}"})
    return PASSED


def _fixed_blocks(page: PageView) -> Iterator[tuple[LexborNode, float, str]]:
    for node in page.all(*_WIDTH_TAGS):
        attributes = node.attributes
        width = _attribute_width(attributes.get("width")) if node.tag == "table" else None
        width = width or _style_width(attributes.get("style") or "")
        if width:
            yield node, width, opening_tag(node)
    for selector, style in page.style_rules:
        if width := _declared_width(style):
            for node in page.select(selector):
                yield node, width, f"{selector} {{ width: {width:.0f}px }}"


def _attribute_width(value: str | None) -> float | None:
    digits = (value or "").strip().lower().removesuffix("px")
    return float(digits) if digits.isascii() and digits.isdigit() and _is_too_wide(float(digits)) else None


def _style_width(style: str) -> float | None:
    return _declared_width(declarations(style)) if "width" in style.lower() else None


def _declared_width(style: Mapping[str, str]) -> float | None:
    if "max-width" in style:
        return None
    for name in ("width", "min-width"):
        if (width := pixels(style.get(name, ""))) and _is_too_wide(width):
            return width
    return None


def _is_too_wide(width: float) -> bool:
    return WIDER_THAN_ANY_PHONE <= width < 10_000


def zoom_forbidden(site: SitePages) -> Outcome:
    content = site.home.metas.get("viewport")
    if content is None:
        return NOT_APPLICABLE
    if _ZOOM_LOCK.search(content.lower()):
        return Failed(where='meta[name="viewport"]', snippet=content)
    return PASSED


def text_too_small(site: SitePages) -> Outcome:
    """A third of the words, and not just a footnote, set smaller than one can read."""
    page = site.home
    small: list[tuple[LexborNode, str, int]] = [
        (node, shown, length) for node, shown in _small_blocks(page) if (length := _own_length(node))
    ]
    counted = sum(length for _, _, length in small)
    if counted < 200 or counted * 3 < len(page.text):
        return PASSED
    node, shown, _ = max(small, key=lambda one: one[2])
    return Failed(where=selector_of(node), snippet=shown)


def _small_blocks(page: PageView) -> Iterator[tuple[LexborNode, str]]:
    for node in page.all("font"):
        if (node.attributes.get("size") or "").strip() in {"1", "-2", "-3", "-4"}:
            yield node, opening_tag(node)
    for node in page.all("p", "td", "li", "div", "span"):
        style = node.attributes.get("style")
        if style and "font-size" in style.lower() and _is_small(declarations(style).get("font-size", "")):
            yield node, opening_tag(node)
    for selector, style_rule in page.style_rules:
        if _is_small(style_rule.get("font-size", "")):
            for node in page.select(selector):
                yield node, f"{selector} {{ font-size: {style_rule['font-size']} }}"


def _is_small(value: str) -> bool:
    size = pixels(value)
    return size is not None and 4 < size < SMALLEST_READABLE


def _own_length(node: LexborNode) -> int:
    """The length of the words that the size is sure to hold for: a child may set its own."""
    words = text_of(node) if node.tag == "font" else node.text(deep=False)
    return len((words or "").strip())
