"""Whether a visitor sees a passage: what is claimed of a page's words has to stand before one's eyes."""

import re
from collections.abc import Iterator
from itertools import chain

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.page_view import PageView, one_line, text_of
from leadgen_dagster.scoring.styles import declarations

_UNSEEN = frozenset(
    {"script", "style", "template", "noscript", "noframes", "svg", "title", "-comment", "head"}
)
_FOLDED_AWAY = re.compile(
    r"(?<![a-z])(?:hidden|hide|d-none|invisible|sr-only|visually-?hidden|screen-reader[\w-]*|modal|pop-?up|popover|"
    r"overlay|dialog|off-?canvas|collapse|dropdown[\w-]*|cookie[\w-]*|consent[\w-]*|cmp[\w-]*|print-only)(?![a-z])"
)
"""Classes and ids by which a style sheet, ours to read or not, is wont to hide what it wants shown later."""


MOST_LEVELS = 4
"""Between a word and the element that holds the whole passage."""


def seen(page: PageView, passage: str) -> LexborNode | None:
    """The innermost element that holds a passage of one line and that nothing hides; None where there is none."""
    wanted = one_line(passage).lower()
    return next((found for body in page.all("body") if (found := _innermost(body, wanted))), None)


def seen_last(page: PageView, passage: str) -> LexborNode | None:
    """The same, looked for from the end of the page: quick for what stands at its foot."""
    wanted = one_line(passage).lower()
    last_word = wanted.rpartition(" ")[2]
    for body in page.all("body"):
        for text in _texts_backwards(body):
            if last_word in (text.text_content or "").lower() and (holder := _holder(text, wanted)):
                return holder
    return None


def _texts_backwards(body: LexborNode) -> Iterator[LexborNode]:
    node = body.last_child
    while node is not None and node.mem_id != body.mem_id:
        if node.tag == "-text":
            yield node
        inner = None if node.tag in _UNSEEN else node.last_child
        while inner is None and node is not None and node.mem_id != body.mem_id:
            inner = node.prev
            node = node.parent if inner is None else node
        node = inner or node


def _holder(text: LexborNode, wanted: str) -> LexborNode | None:
    """The next element around a text that holds the passage, if nothing hides it."""
    at = text.parent
    for _ in range(MOST_LEVELS):
        if at is None or at.tag == "html":
            return None
        if wanted in one_line(text_of(at)).lower():
            return at if is_seen(at) else None
        at = at.parent
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


def _innermost(body: LexborNode, wanted: str) -> LexborNode | None:
    opened: list[Iterator[LexborNode]] = [
        iter((body,))
    ]  # no recursion: a page may nest its elements by the thousand
    while opened:
        node = next(opened[-1], None)
        if node is None:
            opened.pop()
        elif node is body or not _is_hidden(node):
            holders = _holders_in(node, wanted)
            first = next(holders, None)
            if first is None:
                return node
            opened.append(chain((first,), holders))
    return None


def _holders_in(node: LexborNode, wanted: str) -> Iterator[LexborNode]:
    """The children of an element that hold the passage."""
    inner = node.child
    while inner is not None:
        if inner.tag != "-text" and inner.tag not in _UNSEEN and wanted in one_line(text_of(inner)).lower():
            yield inner
        inner = inner.next


def _is_hidden(node: LexborNode) -> bool:
    given = node.attributes
    if "hidden" in given or given.get("aria-hidden") == "true":
        return True
    style = declarations(given.get("style") or "")
    if style.get("display", "").startswith("none") or style.get("visibility", "").startswith("hidden"):
        return True
    return bool(_FOLDED_AWAY.search(f"{given.get('class') or ''} {given.get('id') or ''}".lower()))
