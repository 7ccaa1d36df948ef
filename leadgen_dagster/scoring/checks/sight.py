"""Whether a visitor sees a passage: what is claimed of a page's words has to stand before one's eyes."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.page_view import PageView, once_a_page, one_line, text_of
from leadgen_dagster.scoring.styles import hides

_UNSEEN = frozenset(
    {"script", "style", "template", "noscript", "noframes", "svg", "title", "-comment", "head"}
)
_FOLDED_AWAY = re.compile(
    r"(?<![a-z])(?:hidden|hide|d-none|invisible|sr-only|visually-?hidden|screen-reader[\w-]*|modal|pop-?up|popover|"
    r"overlay|dialog|off-?canvas|collapse|dropdown[\w-]*|cookie[\w-]*|consent[\w-]*|cmp[\w-]*|print-only)(?![a-z])"
)
"""Classes and ids by which a style sheet, ours to read or not, is wont to hide what it wants shown later."""

MOST_LEVELS = 4
"""Between a word and the element that holds the whole passage, where it is looked for from the end."""
MOST_PLACES = 20
"""Of a passage on a page; with this bound no page takes longer than its length and its depth."""
_TEXT_ID = 2
"""Lexbor's number for text, `LXB_TAG__TEXT`."""


class _Texts(NamedTuple):
    """All texts of a page's body, one after another."""

    nodes: Sequence[LexborNode]
    ends: Sequence[int]
    """Where each ends in the whole."""
    whole: str
    """In lower case."""

    def at(self, place: int) -> LexborNode:
        return self.nodes[bisect_right(self.ends, place)]


@once_a_page
def _texts(page: PageView) -> _Texts:
    nodes = [
        node
        for body in page.all("body")
        for node in body.traverse(include_text=True)
        if node.tag_id == _TEXT_ID
    ]
    texts = [(node.text_content or "").lower() for node in nodes]
    return _Texts(nodes, [*accumulate(map(len, texts))], "".join(texts))


def seen(page: PageView, passage: str) -> LexborNode | None:
    """The innermost element that holds a passage of one line and that nothing hides; None where there is none."""
    texts = _texts(page)
    with_any_space = re.compile(r"\s+".join(map(re.escape, passage.lower().split())))
    places = islice(with_any_space.finditer(texts.whole), MOST_PLACES)
    around = (_around(texts.at(place.start()), texts.at(place.end() - 1)) for place in places)
    holders = [one for one in around if one is not None and _UNSEEN.isdisjoint(at.tag for at in _up(one))]
    outer: set[int] = set()
    for holder in holders:
        for at in _up(holder.parent):
            if at.mem_id in outer:
                break
            outer.add(at.mem_id)
    return next((one for one in holders if one.mem_id not in outer and is_seen(one)), None)


def _around(first: LexborNode, last: LexborNode) -> LexborNode | None:
    """The innermost element around two texts."""
    if first.mem_id == last.mem_id:
        return first.parent
    around_first = {at.mem_id for at in _up(first)}
    return next((at for at in _up(last) if at.mem_id in around_first), None)


def _up(node: LexborNode | None) -> Iterator[LexborNode]:
    """A node and all around it; the document itself is none of them."""
    while node is not None and node.tag != "-document":
        yield node
        node = node.parent


def seen_last(page: PageView, passage: str) -> LexborNode | None:
    """An element with a passage, looked for from the end of the page: quick for what stands at its foot."""
    wanted = one_line(passage).lower()
    last_word = wanted.rpartition(" ")[2]
    texts = (text for body in page.all("body") for text in _texts_backwards(body))
    ends = (text for text in texts if last_word in (text.text_content or "").lower())
    holders = (_holder(text, wanted) for text in islice(ends, MOST_PLACES))
    return next((holder for holder in holders if holder is not None), None)


def _texts_backwards(body: LexborNode) -> Iterator[LexborNode]:
    opened: list[LexborNode] = []
    node = body.last_child
    while node is not None or opened:
        if node is None:
            node = opened.pop().prev
        elif node.tag_id == _TEXT_ID:
            yield node
            node = node.prev
        elif node.tag in _UNSEEN:
            node = node.prev
        else:
            opened.append(node)
            node = node.last_child


def _holder(text: LexborNode, wanted: str) -> LexborNode | None:
    """The next element around a text that holds the passage, if nothing hides it."""
    for at in islice(_up(text.parent), MOST_LEVELS):
        if at.tag == "html":
            return None
        if wanted in one_line(text_of(at)).lower():
            return at if is_seen(at) else None
    return None


def is_seen(node: LexborNode) -> bool:
    """Whether neither the element nor one around it is hidden, or is of a kind that is shown later."""
    at: LexborNode | None = node
    while at is not None and at.tag not in (None, "body", "html"):
        if _is_hidden(at):
            return False
        at = at.parent
    return True


def is_in_link(node: LexborNode) -> bool:
    """Whether a tap on the element follows a link."""
    at: LexborNode | None = node
    while at is not None and at.tag not in ("a", "body"):
        at = at.parent
    return at is not None and at.tag == "a"


def _is_hidden(node: LexborNode) -> bool:
    given = node.attributes
    if not given:
        return False
    if "hidden" in given or given.get("aria-hidden") == "true":
        return True
    style = given.get("style")
    if style and hides(style):
        return True
    return bool(_FOLDED_AWAY.search(f"{given.get('class') or ''} {given.get('id') or ''}".lower()))
