"""What a page's own source says, for sure, of how an element looks.

Style sheets that are linked are not read: where there are any, only what stands in an element's own `style` and in
old attributes counts, and what lies behind it, or what it takes over from around it, is not known.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.colours import WHITE, Colour, colour, contrast, hex_of
from leadgen_dagster.scoring.page_view import PageView
from leadgen_dagster.scoring.styles import declarations, pixels

MOST_RULES = 80
"""A page with more of them is not reckoned through."""

_PAINT = ("color", "background", "background-color", "background-image")
_TYPE = ("font-size", "font")
_PLAIN = {
    "position": ("", "static"),
    "transform": ("", "none"),
    "text-shadow": ("", "none"),
    "opacity": ("", "1"),
    "mix-blend-mode": ("", "normal"),
}
"""Values that leave a text where it stands, on what lies behind it."""
_NAMES = frozenset((*_PAINT, *_TYPE, *_PLAIN))
_PASSING = frozenset({"b", "strong", "i", "em", "u", "font"})
"""Elements that style sheets seldom give another size or ground."""
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,[^)]*)?\)")
_PICTURE = re.compile(r"url\(|gradient|image")
_SIZES_OF_FONT_TAG = {"1": 10.0, "-2": 10.0, "-3": 10.0, "-4": 10.0, "2": 13.0, "-1": 13.0}
"""CSS pixels; larger ones are of no interest."""

LEAST_CONTRAST = 4.5
LEAST_OF_HEADINGS = 3.0
"""WCAG 2.2, 1.4.3: for running text, and for large text."""
PALEST_MEANT = 1.3
"""Below this contrast something else must lie behind the words: a picture that only a browser sees."""

Weight = tuple[bool, int, int, int, int]
"""Whether `!important`, then ids, classes and tags of the selector, then the place in the sheet."""
_INLINE = 1_000
"""More than any selector's ids."""


_HOLDERS = (
    *(
        "p",
        "li",
        "td",
        "th",
        "div",
        "span",
        "font",
        "a",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "dd",
        "dt",
        "blockquote",
    ),
    *("small", "label", "address", "center", "section", "main", "footer", "header", "article", "body", "nav"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
)
"""Elements that words stand in."""


def font_size(value: str) -> float | None:
    """CSS pixels of a `font-size`, or of the size within a `font`."""
    return pixels(value) or pixels(value.partition("/")[0].rpartition(" ")[2])


class Cascade:
    """The declarations that win, element by element."""

    def __init__(self, page: PageView) -> None:
        self._page = page
        self._won: dict[tuple[int, str], tuple[Weight, str]] = {}
        self._variables = {
            name: value
            for selector, style in page.style_rules
            if selector in (":root", "html", "body", "*")
            for name, value in style.items()
            if name.startswith("--")
        }
        self.is_whole = not page.has_unread_styles and len(page.style_rules) <= MOST_RULES
        """Whether no other sheet may say otherwise."""
        if self.is_whole:
            self._read_rules()
        for place, element in enumerate(page.styled):
            style = declarations(element.attributes.get("style") or "")
            self._put(element.node, style, (_INLINE, 0, 0, place))

    def _read_rules(self) -> None:
        for place, (selectors, style) in enumerate(self._page.style_rules):
            if _NAMES.isdisjoint(style):
                continue
            for selector in selectors.split(","):
                if ":" in selector:
                    continue  # of a state, or of what stands before or behind an element
                weight = (
                    selector.count("#"),
                    selector.count(".") + selector.count("["),
                    len(re.findall(r"(?:^|[\s>+~])\w", selector)),
                    place,
                )
                for node in self._page.select(selector):
                    self._put(node, style, weight)

    def _put(self, node: LexborNode, style: Mapping[str, str], weight: tuple[int, int, int, int]) -> None:
        for name in _NAMES & style.keys():
            value, _, importance = style[name].partition("!")
            whole = (bool(importance), *weight)
            key = node.mem_id, name
            if key not in self._won or self._won[key][0] <= whole:
                self._won[key] = whole, _VARIABLE.sub(self._value_of, value.strip())

    def _value_of(self, variable: re.Match[str]) -> str:
        return self._variables.get(variable[1], variable[0])

    def _of(self, node: LexborNode, *names: str) -> str:
        """The value that wins among names for one thing, as `font` and `font-size`; empty where none is given."""
        given = [won for name in names if (won := self._won.get((node.mem_id, name)))]
        return max(given)[1] if given else ""

    def worded(self) -> Iterator[tuple[LexborNode, str]]:
        """Elements with words of their own whose looks may be known."""
        page = self._page
        nodes = page.all(*_HOLDERS) if self.is_whole else page.all(*_PASSING)
        if not self.is_whole:
            nodes += [element.node for element in page.styled]
        seen: set[int] = set()
        for node in nodes:
            if node.mem_id not in seen and (words := own_text(node)):
                seen.add(node.mem_id)
                yield node, words

    def font_size_px(self, node: LexborNode) -> float | None:
        """None where it is not known, or given by what another element has."""
        for at in _upwards(node):
            if value := self._of(at, *_TYPE):
                return font_size(value)
            if at.tag == "font" and (size := at.attributes.get("size")):
                return _SIZES_OF_FONT_TAG.get(size.strip())
            if at.tag in _OWN_SIZES or not (self.is_whole or at.tag in _PASSING):
                return None
        return None

    def text_colour(self, node: LexborNode) -> Colour | None:
        for at in _upwards(node):
            value = self._of(at, "color") or (at.attributes.get("color") if at.tag == "font" else "")
            value = value or (at.attributes.get("text") if at.tag == "body" else "") or ""
            if value:
                return colour(value)
            if at.tag in _OWN_COLOURS or not (self.is_whole or at.tag in _PASSING):
                return None
        return (0, 0, 0)

    def ground_colour(self, node: LexborNode) -> Colour | None:
        """The colour behind an element's text; None where a picture, or something laid over it, may be there."""
        for at in _upwards(node):
            if any(self._of(at, name) not in plain for name, plain in _PLAIN.items()):
                return None
            grounds = [self._of(at, name) for name in ("background", "background-image")]
            if any(_PICTURE.search(ground) for ground in grounds) or at.attributes.get("background"):
                return None
            value = self._of(at, "background", "background-color") or at.attributes.get("bgcolor") or ""
            if value and value not in ("none", "transparent", "inherit", "initial"):
                return colour(value) or colour(value.split()[0])
            if not (self.is_whole or at.tag in _PASSING):
                return None
        return WHITE


_OWN_SIZES = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "small", "big", "sup", "sub", "pre", "code", "button"}
)
"""Elements that browsers set in a size of their own, reckoned from the one around them."""


_OWN_COLOURS = frozenset({"a", "button", "input", "select", "textarea", "mark"})


def own_text(node: LexborNode) -> str:
    """The words that stand in an element itself."""
    return " ".join((node.text(deep=False) or "").split())


def _upwards(node: LexborNode) -> Iterator[LexborNode]:
    at: LexborNode | None = node
    while at is not None and at.tag != "-document":
        yield at
        at = at.parent


@lru_cache(maxsize=8)
def cascade_of(page: PageView) -> Cascade:
    return Cascade(page)


class PaleText(NamedTuple):
    """Words that stand out little from what is behind them."""

    node: LexborNode
    words: str
    contrast: float
    colours: str
    """As `#aaaaaa on #ffffff`."""


@lru_cache(maxsize=8)
def pale_texts(page: PageView) -> tuple[PaleText, ...]:
    """Texts below the contrast that WCAG asks of running text, where both colours are known."""
    if not _names_colours(page):
        return ()
    cascade = cascade_of(page)
    found = []
    for node, words in cascade.worded():
        text = cascade.text_colour(node)
        ground = cascade.ground_colour(node) if text else None
        if text is None or ground is None:
            continue
        ratio = contrast(text, ground)
        if PALEST_MEANT <= ratio < (LEAST_OF_HEADINGS if node.tag in _OWN_SIZES else LEAST_CONTRAST):
            found.append(PaleText(node, words, ratio, f"{hex_of(text)} on {hex_of(ground)}"))
    return tuple(found)


def _names_colours(page: PageView) -> bool:
    if any("color" in element.get("style") for element in page.styled):
        return True
    if page.has_unread_styles:
        return any(font.get("color") for font in page.elements("font"))
    return "color" in page.style_sheet or bool(page.elements("font"))
