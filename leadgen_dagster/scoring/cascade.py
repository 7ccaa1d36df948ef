"""How words look for sure, by a page's own source.

Style sheets that are linked are not read. Where there are none, the page's own rules decide, reckoned through as
browsers do for the few properties that matter here. Where there are, only what an element says of itself counts.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Generic, NamedTuple, TypeVar

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.colours import WHITE, Colour, colour, contrast, hex_of
from leadgen_dagster.scoring.page_view import PageView, once_a_page, upwards
from leadgen_dagster.scoring.styles import declarations, pixels

_Value = TypeVar("_Value")

MOST_RULES = 80
MOST_DECLARED = 20_000
MOST_WORDED = 2_000
"""No page takes long: what is beyond is not looked at."""
LEAST_CONTRAST = 4.5
LEAST_OF_HEADINGS = 3.0
"""WCAG 2.2, 1.4.3: for running text, and for large text."""
PALEST_MEANT = 1.3
"""Below this contrast something else must lie behind the words: a picture that only a browser sees."""
SMALL_FONT_TAGS_PX: Mapping[str, float] = {"1": 10.0, "-2": 10.0, "-3": 9.0, "-4": 9.0}
"""What browsers make of the small sizes of `<font>`."""

_PLAIN = {
    "position": ("", "static"),
    "transform": ("", "none"),
    "text-shadow": ("", "none"),
    "opacity": ("", "1"),
    "mix-blend-mode": ("", "normal"),
}
"""Values that leave words where they stand, on what lies behind them."""
_NAMES = frozenset(
    (
        *("color", "background", "background-color", "background-image", "font-size", "font"),
        *("width", "min-width", "max-width", *_PLAIN),
    )
)
_HOLDERS = """
    p li td th div span font a b strong i em u dd dt blockquote small label address center section main footer header
    article body nav figcaption h1 h2 h3 h4 h5 h6
"""
_WORDED = tuple(_HOLDERS.split())
"""Elements that words stand in."""
_OWN_SIZES = frozenset(
    ["h1", "h2", "h3", "h4", "h5", "h6", "small", "big", "sup", "sub", "pre", "code", "button"]
)
"""Elements that browsers set in a size of their own, reckoned from the one around them."""
_OWN_COLOURS = frozenset({"a", "button", "input", "select", "textarea", "mark"})
_HEADINGS = frozenset({"h1", "h2", "h3"})
_PASSING = frozenset({"font", "b", "strong", "i", "em", "u", "center"})
"""Elements that style sheets seldom give a ground."""
_NO_GROUND = frozenset({"", "none", "transparent", "inherit", "initial", "unset"})
_COLOURED = frozenset({"color", "background", "background-color"})
_COLOURS = ("color", "text", "bgcolor")
"""Attributes that name one."""
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,[^)]*)?\)")
_PICTURE = re.compile(r"url\(|gradient|image")
_TAG_NAMES = re.compile(r"(?:^|[\s>+~])\w")

_Weight = tuple[bool, int, int, int, int]
"""Whether `!important`, then ids, classes and tags of the selector, then the place in the sheet."""
_INLINE = 1_000
"""More than any selector's ids."""


class PaleText(NamedTuple):
    """Words that stand out little from what is behind them."""

    node: LexborNode
    words: str
    contrast: float
    colours: str
    """As `#aaaaaa on #ffffff`."""


class Cascade:
    """The declarations that win, element by element, on a page whose every style was read."""

    def __init__(self, page: PageView) -> None:
        self._page = page
        self._won: dict[int, dict[str, tuple[_Weight, str]]] = {}
        self._variables = {
            name: value
            for selector, style in page.style_rules
            if selector in (":root", "html", "body", "*")
            for name, value in style.items()
            if name.startswith("--")
        }
        for place, (selectors, style) in enumerate(page.style_rules[:MOST_RULES]):
            if not _NAMES.isdisjoint(style):
                self._read_rule(selectors, style, place)
        for place, element in enumerate(page.styled):
            self._put(element.node, declarations(element.get("style")), (_INLINE, 0, 0, place))

    def _read_rule(self, selectors: str, style: Mapping[str, str], place: int) -> None:
        for selector in selectors.split(","):
            if ":" in selector:
                continue  # of a state, or of what stands before or behind an element
            classes = selector.count(".") + selector.count("[")
            weight = selector.count("#"), classes, len(_TAG_NAMES.findall(selector)), place
            for node in self._page.select(selector)[: MOST_DECLARED - len(self._won)]:
                self._put(node, style, weight)

    def _put(self, node: LexborNode, style: Mapping[str, str], weight: tuple[int, int, int, int]) -> None:
        won = self._won.setdefault(node.mem_id, {})
        for name in _NAMES & style.keys():
            value, _, importance = style[name].partition("!")
            whole = (bool(importance), *weight)
            if name not in won or won[name][0] <= whole:
                won[name] = whole, _VARIABLE.sub(self._value_of, value.strip())

    def _value_of(self, variable: re.Match[str]) -> str:
        return self._variables.get(variable[1], variable[0])

    def _of(self, node: LexborNode, *names: str) -> str:
        """The value that wins among names for one thing, as `font` and `font-size`; empty where none is given."""
        won = self._won.get(node.mem_id)
        given = [won[name] for name in names if name in won] if won else ()
        return max(given)[1] if given else ""

    def worded(self) -> Iterator[tuple[LexborNode, str]]:
        """The elements with words of their own."""
        for node in self._page.all(*_WORDED)[:MOST_WORDED]:
            if words := own_text(node):
                yield node, words

    def width_px(self, node: LexborNode) -> float | None:
        """The width that an element is given, whatever its surroundings; None where something bounds it."""
        if self._of(node, "max-width"):
            return None
        given = self._of(node, "width") or self._of(node, "min-width") or f"{node.attributes.get('width')}px"
        return pixels(given)

    @cached_property
    def font_size_px(self) -> "_Inherited[float | None]":
        """None where it is the browser's own, or a part of what another element has."""
        return _Inherited(self._font_size_px, None)

    @cached_property
    def text_colour(self) -> "_Inherited[Colour | None]":
        return _Inherited(self._text_colour, (0, 0, 0))

    @cached_property
    def ground_colour(self) -> "_Inherited[Colour | None]":
        """The colour behind an element's words; None where a picture, or something laid over it, may be there."""
        return _Inherited(self._ground_colour, WHITE)

    def _font_size_px(self, node: LexborNode) -> tuple[float | None] | None:
        if value := self._of(node, "font-size", "font"):
            return (size_in(value),)
        if node.tag == "font" and (size := node.attributes.get("size")):
            return (SMALL_FONT_TAGS_PX.get(size.strip()),)
        return (None,) if node.tag in _OWN_SIZES else None

    def _text_colour(self, node: LexborNode) -> tuple[Colour | None] | None:
        told = {"font": "color", "body": "text"}.get(node.tag or "", "")
        if value := self._of(node, "color") or node.attributes.get(told):
            return (colour(value),)
        return (None,) if node.tag in _OWN_COLOURS else None

    def _ground_colour(self, node: LexborNode) -> tuple[Colour | None] | None:
        won = self._won.get(node.mem_id)
        if won and any(name in won and won[name][1] not in plain for name, plain in _PLAIN.items()):
            return (None,)
        pictures = self._of(node, "background"), self._of(node, "background-image")
        if any(map(_PICTURE.search, pictures)) or node.attributes.get("background"):
            return (None,)
        value = self._of(node, "background", "background-color") or node.attributes.get("bgcolor") or ""
        return None if value in _NO_GROUND else (colour(value) or colour(value.split()[0]),)


class _Inherited(Generic[_Value]):
    """What an element says itself, or else the next one around it that says anything; asked once an element."""

    def __init__(self, says: Callable[[LexborNode], tuple[_Value] | None], unsaid: _Value) -> None:
        self._says = says
        self._unsaid = unsaid
        self._known: dict[int, _Value] = {}

    def __call__(self, node: LexborNode) -> _Value:
        silent: list[int] = []
        value = self._unsaid
        at: LexborNode | None = node
        while at is not None and at.tag != "-document":
            if at.mem_id in self._known:
                value = self._known[at.mem_id]
                break
            silent.append(at.mem_id)
            if said := self._says(at):
                (value,) = said
                break
            at = at.parent
        self._known |= dict.fromkeys(silent, value)
        return value


def size_in(value: str) -> float | None:
    """CSS pixels of a `font-size`, or of the size within a `font`."""
    return pixels(value) or pixels(value.partition("/")[0].rpartition(" ")[2])


@lru_cache(maxsize=1)  # it holds the page, so that the page cannot hold it
def cascade_of(page: PageView) -> Cascade:
    return Cascade(page)


@once_a_page
def pale_texts(page: PageView) -> tuple[PaleText, ...]:
    """Texts below the contrast that WCAG asks of running text, where both colours are known."""
    found = []
    for node, words, text, ground in _painted(page):
        ratio = contrast(text, ground)
        if PALEST_MEANT <= ratio < (LEAST_OF_HEADINGS if node.tag in _HEADINGS else LEAST_CONTRAST):
            found.append(PaleText(node, words, ratio, f"{hex_of(text)} on {hex_of(ground)}"))
    return tuple(found)


def _painted(page: PageView) -> Iterator[tuple[LexborNode, str, Colour, Colour]]:
    """Elements with words, the colour of these, and the one behind them."""
    if page.has_unread_styles:
        yield from _painted_themselves(page)
    elif _names_pale_pair(page):
        cascade = cascade_of(page)
        for node, words in cascade.worded():
            text = cascade.text_colour(node)
            ground = cascade.ground_colour(node) if text else None
            if text and ground:
                yield node, words, text, ground


def _names_pale_pair(page: PageView) -> bool:
    """Whether any colour that is named for words is pale on any that is named for grounds."""
    styles = [style for _, style in page.style_rules] + [
        declarations(one.get("style")) for one in page.styled
    ]
    values = [
        value for style in styles for name, value in style.items() if name in _COLOURED or name[:2] == "--"
    ]
    values += [
        one.get(name) for one in page.elements("font", "body", "td", "table", "tr") for name in _COLOURS
    ]
    known = {shade for value in values for word in value.split() if (shade := colour(word))}
    known |= {WHITE, (0, 0, 0)}
    return any(PALEST_MEANT <= contrast(one, other) < LEAST_CONTRAST for one, other in combinations(known, 2))


def _painted_themselves(page: PageView) -> Iterator[tuple[LexborNode, str, Colour, Colour]]:
    """The same of what names both colours itself, or as old pages do: `<font color>` in `<td bgcolor>`."""
    for element in page.styled[:MOST_WORDED]:
        style = element.get("style").lower()
        if "background" in style and "color" in style and not _PICTURE.search(style):
            given = declarations(style)
            ground = given.get("background-color") or given.get("background", "")
            text, behind = colour(given.get("color", "")), colour(ground.partition(" ")[0])
            if text and behind and (words := own_text(element.node)):
                yield element.node, words, text, behind
    for font in page.elements("font")[:MOST_WORDED]:
        if text := colour(font.get("color")):
            around = next((at for at in upwards(font.node) if at.tag not in _PASSING), font.node)
            behind = colour(around.attributes.get("bgcolor") or "")
            if behind and not around.attributes.get("style") and (words := own_text(font.node)):
                yield font.node, words, text, behind


def own_text(node: LexborNode) -> str:
    """The words that stand in an element itself."""
    return " ".join((node.text(deep=False) or "").split())
