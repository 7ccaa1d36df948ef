"""What visitors read on a page, and the elements by tag: one pass through the parsed page, node by node."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from selectolax.lexbor import LexborNode

_UNSEEN = frozenset({"script", "style", "template", "noscript", "noframes", "svg", "title"})
_CLOSED = _UNSEEN | {"br", "hr", "img", "meta", "-comment"}
"""Elements in which no words are looked for."""
_BLOCKS_WORDS = """
    address article aside blockquote br caption center dd div dl dt figcaption figure footer form h1 h2 h3
    h4 h5 h6 header hr legend li main nav ol option p pre section table td th tr ul
"""
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TOLD = {"a": "a", "button": "button", "label": "label"} | dict.fromkeys(_HEADINGS, "headings")
"""Elements whose own words are asked for, and the group in whose order they are."""
_EDGE = "\0"
"""Stands between two blocks while text is gathered: the one character that no parsed text holds."""

_Told = list[Any]
"""An element, its tag, and where in the pieces of text its words begin and end."""


class Walked(NamedTuple):
    """What one pass through a page gives."""

    by_tag: Mapping[str, list[LexborNode]]
    """In the order of the page; comments are called `-comment`."""
    text: str
    """The visible text, a line a block."""
    pieces: Sequence[str]
    told: Mapping[str, Sequence[_Told]]

    def words(self, *tags: str) -> list[tuple[LexborNode, str]]:
        """Links, buttons, labels or some headings in the order of the page, each with its visible words on one line."""
        pieces = self.pieces
        return [
            (node, _one_line(pieces[begin] if end - begin == 1 else "".join(pieces[begin:end])))
            for node, tag, begin, end in self.told[_TOLD[tags[0]]]
            if tag in tags
        ]

    @property
    def headings(self) -> list[tuple[LexborNode, int]]:
        """Each heading with its rank, in the order of the page."""
        return [(node, int(tag[1])) for node, tag, _, _ in self.told["headings"]]


def _one_line(text: str) -> str:
    return " ".join((text.replace(_EDGE, " ") if _EDGE in text else text).split())


def visible_text(node: LexborNode) -> str:
    """The text of an element without scripts and styles, a line a block."""
    return walk(node).text


_Treatment = tuple[Callable[[LexborNode], None], bool, bool, str]
"""What gathers the elements of a tag; whether they are blocks, and closed; the tag where its words are told."""


def _learn(node: LexborNode, by_tag: dict[str, list[LexborNode]], known: dict[int, _Treatment]) -> _Treatment:
    tag = node.tag or ""
    by_tag[tag] = []
    known[node.tag_id] = by_tag[tag].append, tag in _BLOCKS, tag in _CLOSED, tag if tag in _TOLD else ""
    return known[node.tag_id]


def walk(root: LexborNode | None) -> Walked:
    """Elements by tag and the visible text in one pass.

    Every page goes through here node by node, so tags are told apart by the parser's numbers, and their names are
    looked up once a page: a made-up tag has another number on the next one.
    """
    by_tag: dict[str, list[LexborNode]] = {}
    known: dict[int, _Treatment] = {}
    pieces: list[str] = []
    told: dict[str, list[_Told]] = {group: [] for group in _TOLD.values()}
    opened: list[tuple[LexborNode, bool, _Told | None]] = []
    write, enter, leave = pieces.append, opened.append, opened.pop
    node = root
    while node is not None:
        text = node.text_content
        if text is not None:
            write(text)
        else:
            collect, is_block, is_closed, told_tag = known.get(node.tag_id) or _learn(node, by_tag, known)
            collect(node)
            if is_block:
                write(_EDGE)
            if not is_closed:
                telling = None
                if told_tag:
                    begin = len(pieces)
                    telling = [node, told_tag, begin, begin]
                    told[_TOLD[told_tag]].append(telling)
                child = node.child
                if child is not None:
                    enter((node, is_block, telling))
                    node = child
                    continue
        after = node.next if opened else None
        while after is None and opened:
            around, is_block, telling = leave()
            if telling is not None:
                telling[3] = len(pieces)
            if is_block:
                write(_EDGE)
            after = around.next if opened else None
        node = after
    return Walked(by_tag, _in_lines(pieces), pieces, told)


def _in_lines(pieces: Sequence[str]) -> str:
    lines = " ".join("".join(pieces).split()).split(_EDGE)
    return "\n".join([line for spaced in lines if (line := spaced.strip())])
