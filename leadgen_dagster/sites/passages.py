"""The lines of a page that may be the business's own words: no navigation, forms, voices of others or hidden text."""

import re
import unicodedata
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.hidden import Hidden, hidden_on
from leadgen_dagster.scoring.page_view import PageView, one_line
from leadgen_dagster.sites.page_words import inside

MOST_LINES = 4_000
BROKEN = "\ufffd"
"""Stands where words were left out of a line: such a line is nobody's."""

_UNSEEN_WORDS = (
    "-comment audio canvas head iframe math noscript noframes object script style svg template title video"
)
_UNSEEN = frozenset(_UNSEEN_WORDS.split())
_OTHERS_WORDS = "aside blockquote button dialog footer form nav select textarea"
_OF_OTHERS = frozenset(_OTHERS_WORDS.split())
_BROKEN_WORDS = "audio canvas cite del iframe math object q s strike video"
_BREAKING = frozenset(_BROKEN_WORDS.split())
"""What is said no longer, or by somebody else, in the midst of a line."""
_BLOCKS_WORDS = """
    address article body br caption center dd div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header hr li
    main ol p pre section table tbody td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_LISTS = frozenset({"ul", "ol", "table", "dl"})
_OTHER_ROLES = frozenset(
    {"navigation", "contentinfo", "dialog", "alertdialog", "search", "complementary", "menu", "banner"}
)
_OTHER_NAMES = re.compile(rf"(?:^|[-_ ])(?:{inside('of_others')})(?:$|[-_ ])", re.IGNORECASE)
"""Classes and ids of what is not said by the business, or not of what it offers."""
_WHOLE = frozenset({"html", "body", "main"})
"""Elements whose classes say what kind of page it is, and nothing of a part."""
_ODD_CATEGORIES = frozenset({"So", "Sk", "Cs", "Co", "Cc", "Cf", "Cn", "Zl", "Zp"})


_MISREAD = re.compile("[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac")
"""UTF-8 that somebody took for Latin-1."""
SINCE = re.compile(rf"\b(?:{inside('since')}) (?:1[5-9]|20)\d\d\b", re.IGNORECASE)
"""A year that stays what it is."""


class Line(NamedTuple):
    """The words between two edges of blocks."""

    text: str
    tag: str
    """Of the block that holds them."""
    block: int
    """One number for all lines of one element."""
    row: int
    """The table row they stand in; 0 for none."""
    group: int
    """The list or table they stand in; 0 for none."""
    linked: int
    """How many of the letters are a link's."""
    under: str = ""
    """What stands over it: headings, the line before its list, the first row of its table."""

    @property
    def rank(self) -> int:
        """1 to 6 for a heading, else 0."""
        return int(self.tag[1]) if len(self.tag) == 2 and self.tag[0] == "h" and self.tag[1].isdigit() else 0

    @property
    def is_linked(self) -> bool:
        return self.linked * 2 > len(self.text)


class _Place(NamedTuple):
    tag: str = "body"
    block: int = 0
    row: int = 0
    group: int = 0
    is_in_link: bool = False

    def within(self, node: LexborNode, tag: str) -> "_Place":
        number = node.mem_id
        if tag == "a":
            return self._replace(is_in_link=True)
        if tag not in _BLOCKS:
            return self
        return _Place(
            tag,
            number,
            number if tag == "tr" else self.row,
            number if tag in _LISTS else self.group,
            self.is_in_link,
        )


def lines_of(page: PageView) -> list[Line]:
    """In the order of the page; one loop and no recursion, for pages may be nested deeply."""
    gathered = _Gathered(hidden_on(page))
    opened: list[tuple[LexborNode, _Place]] = []
    node: LexborNode | None = next(iter(page.all("body")), None)
    while node is not None and len(gathered.lines) < MOST_LINES:
        child = gathered.enter(node)
        if child is not None:
            opened.append((node, gathered.at))
            gathered.at, node = gathered.at.within(node, node.tag or ""), child
            continue
        after = node.next if opened else None
        while after is None and opened:
            around, outer = opened.pop()
            gathered.leave(around, outer)
            after = around.next if opened else None
        node = after
    gathered.close()
    return gathered.lines


def is_plain(text: str) -> bool:
    """Whether a text is nothing but letters, figures and common signs: no icons, no controls, nothing struck out."""
    return not _MISREAD.search(text) and not any(
        unicodedata.category(char) in _ODD_CATEGORIES for char in text
    )


class _Gathered:
    """The lines of a page as far as it has been walked."""

    def __init__(self, hidden: Hidden) -> None:
        self.lines: list[Line] = []
        self.at = _Place()
        self._hidden = hidden
        self._pieces: list[tuple[str, bool]] = []

    def enter(self, node: LexborNode) -> LexborNode | None:
        """Takes in a node; its first child, if what is within is to be read."""
        tag = node.tag or ""
        if tag == "-text":
            self._pieces.append((node.text_content or "", self.at.is_in_link))
        if tag == "-text" or tag in _UNSEEN:
            return None
        is_block = tag in _BLOCKS
        if is_block or tag in _OF_OTHERS:
            self.close()
        is_left_out = tag in _BREAKING or _is_of_others(node, tag)
        if is_left_out or (is_block and self._hidden.holds(node)):
            if not is_block and (tag in _BREAKING or any(map(str.isalnum, node.text()))):
                self._pieces.append((BROKEN, False))
            return None
        return node.child

    def leave(self, node: LexborNode, outer: _Place) -> None:
        if node.tag in _BLOCKS:
            self.close()
        self.at = outer

    def close(self) -> None:
        if text := one_line("".join(piece for piece, _ in self._pieces)):
            at = self.at
            linked = sum(len(one_line(piece)) for piece, is_in_link in self._pieces if is_in_link)
            self.lines.append(Line(text, at.tag, at.block, at.row, at.group, linked))
        self._pieces.clear()


def _is_of_others(node: LexborNode, tag: str) -> bool:
    if tag in _OF_OTHERS:
        return True
    if tag in _WHOLE or (tag not in _BLOCKS and tag != "span"):
        return False
    given = node.attributes
    if (given.get("role") or "") in _OTHER_ROLES or "hidden" in given or given.get("aria-hidden") == "true":
        return True
    return bool(_OTHER_NAMES.search(f"{given.get('class') or ''} {given.get('id') or ''}"))
