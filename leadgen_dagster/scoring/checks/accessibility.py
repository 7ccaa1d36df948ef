"""Can everybody use it, with a screen reader or a keyboard too?

One element that is told badly fails a check, as it does in the tools that others measure with; what is kept from
reading aids anyway is passed over.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import partial
from itertools import islice, pairwise

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.cascade import pale_texts
from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.languages import language_shares
from leadgen_dagster.scoring.page_view import (
    Element,
    PageView,
    once_a_page,
    opening_tag,
    selector_of,
    snippet,
    text_of,
    unwritten_label,
    upwards,
)
from leadgen_dagster.scoring.rubric import limit_of
from leadgen_dagster.scoring.site_pages import SitePages

SURE_SHARE = limit_of("accessibility.lang_wrong")
SHORTEST_REFRESH_S = limit_of("accessibility.meta_refresh")
FEWEST_ROWS = limit_of("accessibility.table_headers_missing")
LONGEST_REFRESH_S = 20 * 60 * 60
"""From here on a refresh forbids nothing: no reader waits so long."""

MOST_TABLES = 200
_UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "reset", "image"})
_BUTTON_TYPES = frozenset({"submit", "button", "reset"})
_IN_LISTS = frozenset({"li", "script", "template", "style", "-text", "-comment"})
_AROUND_ITEMS = frozenset({"ul", "ol", "menu"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_CONTROLS = ("a", "input", "select", "textarea", "button")
_FIELDS = frozenset({"input", "select", "textarea"})
_CELLS = frozenset({"td", "th"})
_LAID_OUT = frozenset({"table", "img", "input", "form", "p", "div", "ul", "h1", "h2", "h3"})
"""What tables for layout hold."""
_EARLY = re.compile(r"\+?0*[1-9]\d*")
"""A `tabindex` that goes before the order of the page."""
_SECONDS = re.compile(r"\s*(\d+)")


def is_heard(node: LexborNode) -> bool:
    """Whether nothing in the page's own source keeps an element from visitors and reading aids."""
    for at in upwards(node):
        attributes = at.attributes
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return False
        style = attributes.get("style")
        if style and _HIDING.search(style.lower()):
            return False
    return True


def _each(elements: Iterable[Element], is_told: Callable[[Element], bool], url: str | None = None) -> Outcome:
    """Fails with the first element that is not told of; not asked where there is none."""
    is_asked = False
    for element in elements:
        if is_told(element):
            is_asked = True
        elif is_heard(element.node):
            return Failed(where=selector_of(element), snippet=opening_tag(element), url=url)
    return PASSED if is_asked else NOT_APPLICABLE


def _is_named(element: Element) -> bool:
    return bool(element.get("aria-label") or element.get("aria-labelledby") or element.get("title"))


def lang_missing(site: SitePages) -> Outcome:
    root = next(iter(site.home.elements("html")), None)
    if root is not None and root.get("lang"):
        return PASSED
    return Failed(where="html", snippet=opening_tag(root) if root else "<html>")


def lang_wrong(site: SitePages) -> Outcome:
    """The language that the page says it is in is not the one that most of its words are in."""
    root = next(iter(site.home.elements("html")), None)
    declared = root.get("lang").lower().replace("_", "-").partition("-")[0] if root else ""
    if not declared:
        return NOT_APPLICABLE
    shares = language_shares(site.home.lower_words)
    if not shares:
        return NOT_APPLICABLE
    spoken, share = max(shares.items(), key=lambda item: item[1])
    if spoken == declared or share < SURE_SHARE or shares.get(declared, 0.0) > share / 3:
        return PASSED
    return Failed(
        where="html[lang]",
        snippet=f'lang="{declared}", while the text reads as {spoken}',
        parameters={"declared": declared, "spoken": spoken},
    )


def image_alt_missing(site: SitePages) -> Outcome:
    return images_described(site.home)


@once_a_page
def images_described(page: PageView) -> Outcome:
    """Whether each picture has an `alt`; an empty one says that the picture is decoration."""
    return _each(page.elements("img"), _is_described)


def _is_described(image: Element) -> bool:
    attributes = image.attributes
    return "alt" in attributes or attributes.get("role") in ("presentation", "none") or _is_named(image)


def form_label_missing(site: SitePages) -> Outcome:
    return _fields_labelled(
        site,
        lambda page: [
            *(
                field
                for field in page.elements("input")
                if (field.get("type").lower() or "text") not in _UNLABELLED_TYPES
            ),
            *page.elements("textarea"),
        ],
    )


def select_label_missing(site: SitePages) -> Outcome:
    return _fields_labelled(site, lambda page: page.elements("select"))


def _fields_labelled(site: SitePages, fields_of: Callable[[PageView], list[Element]]) -> Outcome:
    outcome: Outcome = NOT_APPLICABLE
    for page in site.pages:
        fields = fields_of(page)
        if not fields:
            continue
        outcome = _each(fields, partial(_is_labelled, page), page.url)
        if isinstance(outcome, Failed):
            return outcome
    return outcome


@once_a_page
def _labelled(page: PageView) -> Collection[str | None]:
    """The ids that labels with words are for."""
    return {node.attributes.get("for") for node, words in page.words("label") if words}


def _is_labelled(page: PageView, field: Element) -> bool:
    attributes = field.attributes
    if (
        attributes.get("placeholder")
        or _is_named(field)
        or ((own := attributes.get("id")) and own in _labelled(page))
    ):
        return True
    around = next((at for at in upwards(field.node) if at.tag == "label"), None)
    return around is not None and bool(text_of(around).strip())


def label_target_missing(site: SitePages) -> Outcome:
    """A label that names a field which is not on the page."""
    labels = [label for label in site.home.elements("label") if label.get("for")]
    if not labels:
        return NOT_APPLICABLE
    targets = {field.get("id") for field in site.home.elements("input", "select", "textarea", "button")}
    return _each(labels, lambda label: label.get("for") in targets or _has_field(label.node))


def _has_field(label: LexborNode) -> bool:
    return any(part.tag in _FIELDS for part in label.traverse())


def link_text_missing(site: SitePages) -> Outcome:
    links = site.home.links
    outcome = _each([link.element for link in links if not link.label], _is_told_by_drawing)
    return outcome if isinstance(outcome, Failed) or not links else PASSED


def _is_told_by_drawing(element: Element) -> bool:
    return any(
        part.tag == "title" or (given := part.attributes).get("aria-label") or given.get("title")
        for part in element.node.traverse()
    )


def button_text_missing(site: SitePages) -> Outcome:
    page = site.home
    worded = {node.mem_id for node, words in page.words("button") if words}
    return _each(
        page.elements("button"),
        lambda button: (
            button.node.mem_id in worded or bool(unwritten_label(button)) or _is_told_by_drawing(button)
        ),
    )


def submit_text_missing(site: SitePages) -> Outcome:
    """An `<input>` that is a button; without a `value` of its own browsers write "Submit" on it."""
    return _each(
        [field for field in site.home.elements("input") if field.get("type").lower() in _BUTTON_TYPES],
        lambda field: bool(
            field.get("value")
            or _is_named(field)
            or ("value" not in field.attributes and field.get("type").lower() != "button")
        ),
    )


def image_button_alt_missing(site: SitePages) -> Outcome:
    return _each(
        [field for field in site.home.elements("input") if field.get("type").lower() == "image"],
        lambda field: bool(field.get("alt")) or _is_named(field),
    )


def frame_title_missing(site: SitePages) -> Outcome:
    return _each(site.home.elements("iframe", "frame"), _is_named)


def heading_order(site: SitePages) -> Outcome:
    """No rank left out on the way down."""
    headings = site.home.headings
    if not headings:
        return NOT_APPLICABLE
    if all(rank <= before + 1 for (_, before), (_, rank) in pairwise(headings)):
        return PASSED
    above: list[tuple[LexborNode, int]] = []
    for node, rank in headings:
        while above and rank > above[-1][1] + 1 and is_heard(node):
            over, over_rank = above[-1]
            if is_heard(over):
                said = f"h{rank} after h{over_rank}: {snippet(text_of(node))[:120]}"
                return Failed(where=selector_of(node), snippet=said)
            above.pop()
        if not above or rank <= above[-1][1] + 1:
            above.append((node, rank))
    return PASSED


def list_structure(site: SitePages) -> Outcome:
    """Items outside of a list, and lists that hold something else than items."""
    page = site.home
    lists = page.all("ul", "ol", "menu")
    items = page.all("li")
    if not lists and not items:
        return NOT_APPLICABLE
    found = 0
    for one in lists:
        inside = [child.tag for child in one.iter()]
        found += inside.count("li")
        if _IN_LISTS.issuperset(inside) or one.tag == "menu":
            continue
        if (child := next(filter(_is_stray, one.iter()), None)) is not None:
            return Failed(
                where=f"{selector_of(one)} > {child.tag}",
                snippet=f"{opening_tag(child)} in {opening_tag(one)}",
            )
    if found < len(items) and (item := next(filter(_is_homeless, items), None)) is not None:
        around = item.parent.tag if item.parent is not None else "nothing"
        return Failed(where=f"{around} > li", snippet=f"{opening_tag(item)} in <{around}>")
    return PASSED


def _is_stray(child: LexborNode) -> bool:
    return child.tag not in _IN_LISTS and child.attributes.get("role") != "listitem" and is_heard(child)


def _is_homeless(item: LexborNode) -> bool:
    around = item.parent
    return (
        around is not None
        and around.tag not in _AROUND_ITEMS
        and around.attributes.get("role") != "list"
        and is_heard(item)
    )


def tab_order_forced(site: SitePages) -> Outcome:
    """An element that is stepped on before all others."""
    return _each(
        _controls_with(site.home, "tabindex"), lambda element: not _EARLY.fullmatch(element.get("tabindex"))
    )


def _controls_with(page: PageView, attribute: str) -> list[Element]:
    return [element for element in _ordered_controls(page) if attribute in element.attributes]


@once_a_page
def _ordered_controls(page: PageView) -> list[Element]:
    """What says by itself how a keyboard gets to it."""
    return [
        element
        for tag in _CONTROLS
        for element in page.elements(tag)
        if "tabindex" in (given := element.attributes) or "accesskey" in given
    ]


def access_key_doubled(site: SitePages) -> Outcome:
    keys = _controls_with(site.home, "accesskey")
    if not keys:
        return NOT_APPLICABLE
    seen: set[str] = set()
    for element in keys:
        key = element.get("accesskey").lower()
        if key and key in seen:
            return Failed(where=f'[accesskey="{key}"]', snippet=opening_tag(element))
        seen.add(key)
    return PASSED


def meta_refresh(site: SitePages) -> Outcome:
    """A page that is loaded anew, or left, while it is being read."""
    for meta in site.home.elements("meta"):
        if meta.get("http-equiv").lower() == "refresh":
            delay = _SECONDS.match(meta.get("content"))
            if delay and SHORTEST_REFRESH_S < int(delay[1]) < LONGEST_REFRESH_S:
                return Failed(
                    where='meta[http-equiv="refresh"]',
                    snippet=opening_tag(meta),
                    parameters={"seconds": delay[1]},
                )
            return PASSED
    return NOT_APPLICABLE


def autoplay_with_sound(site: SitePages) -> Outcome:
    """Music or a film that begins by itself; browsers let it only where a visitor has been before."""
    players = site.home.elements("audio", "video", "bgsound")
    if not players:
        return NOT_APPLICABLE
    return _each(
        players,
        lambda player: (
            player.tag != "bgsound" and ("autoplay" not in player.attributes or "muted" in player.attributes)
        ),
    )


def table_headers_missing(site: SitePages) -> Outcome:
    """A table of prices or hours in which no cell is a heading of the others."""
    is_asked = False
    for table in site.home.elements("table")[:MOST_TABLES]:
        if table.get("role") in ("presentation", "none") or not _is_of_data(table.node):
            continue
        is_asked = True
        if table.node.css_first("th, [scope], [role=columnheader], [role=rowheader]") is None:
            return Failed(
                where=selector_of(table), snippet=snippet(text_of(table.node)) or opening_tag(table)
            )
    return PASSED if is_asked else NOT_APPLICABLE


def _is_of_data(table: LexborNode) -> bool:
    """Rows of equal length with short words in them; a table in a cell, or with larger things in it, is for layout."""
    if any(around.tag == "td" for around in upwards(table)):
        return False
    lengths: Counter[int] = Counter()
    for part in islice(table.traverse(), 1, None):
        tag = part.tag
        if tag in _LAID_OUT:
            return False
        if tag == "tr":
            lengths[sum(cell.tag in _CELLS for cell in part.iter())] += 1
    columns, rows = max(lengths.items(), key=lambda item: item[1], default=(0, 0))
    return columns > 1 and rows >= FEWEST_ROWS


def low_contrast(site: SitePages) -> Outcome:
    pale = next((one for one in pale_texts(site.home) if is_heard(one.node)), None)
    if pale is None:
        return NOT_APPLICABLE if site.home.has_unread_styles or not site.home.text else PASSED
    return Failed(
        where=selector_of(pale.node),
        snippet=f"{pale.colours}, {pale.contrast:.1f}:1, “{pale.words}”",
        parameters={"contrast": f"{pale.contrast:.1f}"},
    )
