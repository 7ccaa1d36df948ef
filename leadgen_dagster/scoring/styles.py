"""The little of CSS that checks need: declarations in `style` attributes and in a page's own style sheets."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_PAYLOAD = re.compile(r";base64,[A-Za-z0-9+/=]+")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"(?<![^{}])([^{}]+)\{([^{}]*)\}")  # begins at a brace: a sheet without any is read once
_MARK = re.compile(r"[{};]")
_PIXELS = re.compile(r"(\d{1,4}(?:\.\d+)?)\s*px\b", re.IGNORECASE)
_POINTS = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*pt\b", re.IGNORECASE)
PIXELS_A_POINT = 96 / 72
_LETTERS = (
    *("fonts.googleapis.com", "fonts.bunny.net", "use.typekit.net", "fast.fonts.net", "cloud.typography.com"),
    *("font-awesome", "fontawesome", "bootstrap-icons", "material-icons", "material-design-icons"),
)
"""In the addresses of style sheets with letters and icons, and with no say in how a page is laid out."""


@lru_cache(maxsize=8192)  # a page says the same again and again, and so do pages of one maker
def declarations(style: str) -> Mapping[str, str]:
    """`width: 760px; color: red` as a mapping of lower-case names; the last one counts."""
    pairs = (part.partition(":") for part in style.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs if name.strip()}


def hides(style: str) -> bool:
    """Whether a `style` attribute takes its element from everybody's eyes."""
    return is_hiding(declarations(style))


def is_hiding(style: Mapping[str, str]) -> bool:
    """The same of declarations."""
    return style.get("display", "").startswith("none") or style.get("visibility", "").startswith("hidden")


def rules(style_sheet: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The rules that hold on every screen: selector and declarations; those inside `@media` and the like left out."""
    bare = _COMMENT.sub("", _PAYLOAD.sub("", style_sheet))  # a font within the page says nothing here
    for match in _RULE.finditer(_without_at_rules(bare)):
        selector = match[1].strip()
        if selector and not selector.startswith("@"):
            yield selector, declarations(match[2])


def rules_for_some_screens(style_sheet: str) -> str:
    """What stands within `@media` and other blocks that open with `@`, as written."""
    return "".join(block for _, block in _parts(style_sheet))


def _without_at_rules(style_sheet: str) -> str:
    """The sheet without blocks that open with `@`."""
    return "".join(kept for kept, _ in _parts(style_sheet))


def _parts(style_sheet: str) -> Iterator[tuple[str, str]]:
    """What stands before each block that opens with `@`, and the block."""
    position = 0
    while (at := style_sheet.find("@", position)) >= 0:
        end = _end_of_at_rule(style_sheet, at)
        yield style_sheet[position:at], style_sheet[at:end]
        position = end
    yield style_sheet[position:], ""


def _end_of_at_rule(style_sheet: str, start: int) -> int:
    depth = 0
    for mark in _MARK.finditer(style_sheet, start):
        depth += {"{": 1, "}": -1, ";": 0}[mark[0]]
        if mark[0] != "{" and depth <= 0:
            return mark.end()
    return len(style_sheet)


def pixels(value: str) -> float | None:
    """A length in CSS pixels, from `px` or `pt`; None for any other unit."""
    if match := _PIXELS.match(value):
        return float(match[1])
    if match := _POINTS.match(value):
        return float(match[1]) * PIXELS_A_POINT
    return None


def brings_letters(address: str) -> bool:
    """Whether a style sheet, by its address, brings letters and icons alone."""
    return any(service in address for service in _LETTERS)
