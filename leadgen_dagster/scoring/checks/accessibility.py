"""Can everybody use it, with a screen reader or a keyboard too?"""

from itertools import pairwise

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.languages import language_shares
from leadgen_dagster.scoring.page_view import opening_tag, selector_of, snippet, text_of
from leadgen_dagster.scoring.site_pages import SitePages

_UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "reset", "image"})
_TRACKER_SIZES = frozenset({"0", "1"})


def lang_missing(site: SitePages) -> Outcome:
    if _declared_language(site):
        return PASSED
    root = next(iter(site.home.all("html")), None)
    return Failed(where="html", snippet=opening_tag(root) if root is not None else "<html>")


def lang_wrong(site: SitePages) -> Outcome:
    """The language that the page says it is in is not the one that most of its words are in."""
    declared = _declared_language(site)
    shares = language_shares(site.home.text)
    if not declared or not shares:
        return NOT_APPLICABLE
    spoken, share = max(shares.items(), key=lambda item: item[1])
    if spoken == declared or share < 0.6 or shares.get(declared, 0.0) > share / 3:
        return PASSED
    return Failed(
        where="html[lang]",
        snippet=f'lang="{declared}", while the text reads as {spoken}',
        parameters={"declared": declared, "spoken": spoken},
    )


def _declared_language(site: SitePages) -> str:
    root = next(iter(site.home.all("html")), None)
    if root is None:
        return ""
    attributes = root.attributes
    declared = attributes.get("lang") or attributes.get("xml:lang") or ""
    return declared.strip().lower().replace("_", "-").partition("-")[0]


def image_alt_missing(site: SitePages) -> Outcome:
    images = [node for node in site.home.all("img") if node.attributes.get("width") not in _TRACKER_SIZES]
    if not images:
        return NOT_APPLICABLE
    unnamed = [node for node in images if not {"alt", "aria-label", "aria-hidden"} & node.attributes.keys()]
    if len(unnamed) * 10 <= len(images):
        return PASSED
    return Failed(
        where=selector_of(unnamed[0]),
        snippet=f"{len(unnamed)} of {len(images)} images, the first {opening_tag(unnamed[0])}",
        parameters={"count": str(len(unnamed))},
    )


def form_label_missing(site: SitePages) -> Outcome:
    fields = [
        (page, node)
        for page in site.pages
        for node in page.all("input", "select", "textarea")
        if (node.attributes.get("type") or "text").lower() not in _UNLABELLED_TYPES
    ]
    if not fields:
        return NOT_APPLICABLE
    for page, node in fields:
        if not _is_labelled(node, {label.attributes.get("for") for label in page.all("label")}):
            return Failed(where=selector_of(node), snippet=opening_tag(node), url=page.url)
    return PASSED


def _is_labelled(field: LexborNode, named: set[str | None]) -> bool:
    attributes = field.attributes
    if any(attributes.get(key) for key in ("aria-label", "aria-labelledby", "title", "placeholder")):
        return True
    if attributes.get("id") and attributes["id"] in named:
        return True
    parent = field.parent
    while parent is not None:
        if parent.tag == "label":
            return True
        parent = parent.parent
    return False


def link_text_missing(site: SitePages) -> Outcome:
    if not site.home.links:
        return NOT_APPLICABLE
    for link in site.home.links:
        hidden = link.element.attributes.get("aria-hidden") == "true"
        if (
            not link.label
            and not hidden
            and link.element.tag == "a"
            and not _has_named_svg(link.element.node)
        ):
            return Failed(where=selector_of(link.element), snippet=opening_tag(link.element))
    return PASSED


def _has_named_svg(node: LexborNode) -> bool:
    return any(part.attributes.get("aria-label") for part in node.css("[aria-label]"))


def heading_order(site: SitePages) -> Outcome:
    """No rank left out on the way down."""
    ranked = [(int((node.tag or "h1")[1]), node) for node in _headings(site)]
    if not ranked:
        return NOT_APPLICABLE
    for (rank, _), (next_rank, node) in pairwise(ranked):
        if next_rank > rank + 1:
            return Failed(
                where=selector_of(node),
                snippet=f"h{next_rank} after h{rank}: {snippet(text_of(node))[:120]}",
            )
    return PASSED


def _headings(site: SitePages) -> list[LexborNode]:
    return site.home.select("h1, h2, h3, h4, h5, h6")
