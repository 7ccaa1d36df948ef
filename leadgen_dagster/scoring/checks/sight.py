"""Whether a visitor sees a passage: what is claimed of a page's words has to stand before one's eyes."""

import re

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


def seen(page: PageView, passage: str, *, from_end: bool = False) -> LexborNode | None:
    """The innermost element that holds a passage of one line and that nothing hides; None where there is none."""
    wanted = one_line(passage).lower()
    return next((found for body in page.all("body") if (found := _innermost(body, wanted, from_end))), None)


def is_seen(node: LexborNode) -> bool:
    """Whether neither the element nor one around it is hidden, or is of a kind that is shown later."""
    at: LexborNode | None = node
    while at is not None and at.tag not in (None, "body", "html"):
        if _is_hidden(at):
            return False
        at = at.parent
    return True


def _innermost(node: LexborNode, wanted: str, from_end: bool) -> LexborNode | None:
    inner = node.last_child if from_end else node.child
    holds_inside = False
    while inner is not None:
        if inner.tag != "-text" and inner.tag not in _UNSEEN and wanted in one_line(text_of(inner)).lower():
            holds_inside = True
            if not _is_hidden(inner) and (found := _innermost(inner, wanted, from_end)):
                return found
        inner = inner.prev if from_end else inner.next
    return None if holds_inside else node


def _is_hidden(node: LexborNode) -> bool:
    given = node.attributes
    if "hidden" in given or given.get("aria-hidden") == "true":
        return True
    style = declarations(given.get("style") or "")
    if style.get("display", "").startswith("none") or style.get("visibility", "").startswith("hidden"):
        return True
    return bool(_FOLDED_AWAY.search(f"{given.get('class') or ''} {given.get('id') or ''}".lower()))
