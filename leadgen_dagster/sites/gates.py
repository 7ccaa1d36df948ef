"""What a demo must be before anybody is shown it: every fault in a sentence, none for a good page."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date

from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.rendering import render
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.scoring.snapshots import PageSnapshot
from leadgen_dagster.sites.area_map import AreaMap
from leadgen_dagster.sites.brief import SiteBrief, make_site_brief
from leadgen_dagster.sites.copywriter import written_copy
from leadgen_dagster.sites.gate_words import has_map, squeezed, words_faults
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster.sites.llm_copywriter import stored_copy_faults
from leadgen_dagster.sites.looks import looks_of
from leadgen_dagster.sites.structured import structured_facts
from leadgen_dagster.sites.view import PREVIEW_PICTURE, TAKE_DOWN_PAGE, SitePage, site_page

MAX_PAGE_BYTES = 150_000
"""All in: a demo is one file."""
MIN_SCORE = 90
"""By the scorer of the websites, over the checks that are fair to old and new alike."""
_FETCHED = {
    "src": ("img", "script", "iframe", "source", "video", "audio", "embed", "input"),
    "srcset": ("img", "source"),
    "href": ('link:not([rel="canonical"])', "use", "image", "base"),
    "data": ("object",),
    "action": ("form",),
}
_STYLE_URL = re.compile(r"""url\(\s*["']?([^"')]*)|@import\s+["']?([^"';]*)""", re.IGNORECASE)

_STYLE_WORDS = re.compile(r"""content\s*:\s*["'][^"']*[^\W_][^"']*["']""")


def gate_faults(html: bytes, brief: SiteBrief, page: SitePage) -> list[str]:
    """Reads the rendered page back and holds it against the brief it was made from.

    Args:
        page: what the theme was handed; its words and the phrase book's are all that may stand on the page.
    """
    tree = LexborHTMLParser(html.decode())
    faults = [f"the page weighs {len(html)} bytes"] if len(html) >= MAX_PAGE_BYTES else []
    for gate in (_structure, _outside_requests, _links, _map, words_faults, _scripts, _head, _json_ld):
        faults.extend(gate(tree, brief, page))
    return faults


def score_faults(before: int | None, after: int) -> list[str]:
    """A demo that is not good, or no better than what it is to replace, convinces nobody."""
    if after < MIN_SCORE:
        return [f"it scores {after} of 100; a demo has at least {MIN_SCORE}"]
    return [f"it scores {after}, the old site {before}"] if before is not None and after <= before else []


def stored_site_faults(
    site: GeneratedSite,
    html: bytes,
    business: Business | None,
    contacts: Sequence[Contact],
    score: WebsiteScore | None,
    *,
    pages: Sequence[PageSnapshot] = (),
    agency_name: str | None,
    ordered_on: date,
) -> list[str]:
    """Holds a stored page against what is known of its business now; `business` is None where it is no lead."""
    if business is None or score is None:
        return ["its business is not among the leads"]
    brief = make_site_brief(business, contacts, score, pages, language=site.language, ordered_on=ordered_on)
    if brief is None:
        return ["too few facts for a demo"]
    any_look = looks_of("")[0]  # the words are the same in every one
    page = site_page(
        brief,
        any_look,
        copy=written_copy(brief, site.copy),
        fingerprint=business.fingerprint,
        agency_name=agency_name,
        url=None,
    )
    return [
        *gate_faults(html, brief, page),
        *stored_copy_faults(site.copy, brief),
        *score_faults(site.score_before, site.score_after),
    ]


def _structure(tree: LexborHTMLParser, brief: SiteBrief, page: SitePage) -> Iterator[str]:
    headings = tree.css("h1")
    if len(headings) != 1:
        yield f"the page has {len(headings)} h1"
    elif squeezed(headings[0].text()) != squeezed(page.name):
        yield "the h1 is not the name"
    root = tree.css_first("html")
    if root is None or root.attributes.get("lang") != brief.language:
        yield "the language is not the brief's"
    footer = tree.css_first("footer")
    if footer is None or squeezed(page.notice) not in squeezed(footer.text()):
        yield "the concept notice is missing"
    yield from (
        "a section is empty"
        for section in tree.css("section, ol, ul, dl, address, h2, p:not([hidden])")
        if not section.text().strip()
    )


def _outside_requests(tree: LexborHTMLParser, _brief: SiteBrief, _page: SitePage) -> Iterator[str]:
    for attribute, tags in _FETCHED.items():
        for node in tree.css(", ".join(f"{tag}[{attribute}]" for tag in tags)):
            target = (node.attributes.get(attribute) or "").strip()
            if not target.startswith(("data:", "#")):
                yield f"<{node.tag}> asks for {target[:80]}"
    styles = [node.text() for node in tree.css("style")]
    styles += [node.attributes.get("style") or "" for node in tree.css("[style]")]
    for found in _STYLE_URL.finditer("\n".join(styles)):
        target = found[1] or found[2] or ""
        if not target.startswith(("data:", "#")):
            yield f"a style asks for {target[:80]}"


def _links(tree: LexborHTMLParser, brief: SiteBrief, page: SitePage) -> Iterator[str]:
    allowed = {TAKE_DOWN_PAGE, page.map_url, page.phone_url, page.whatsapp_url}
    allowed |= {f"mailto:{page.email}"} if page.email else set()
    allowed |= {brief.booking.value} if brief.booking else set()
    allowed |= {profile.value for profile in brief.profiles}
    allowed |= {AreaMap.credit_url} if has_map(tree) else set()
    anchors = {f"#{node.attributes['id']}" for node in tree.css("[id]")}
    targets = [link.attributes.get("href") or "" for link in tree.css("a")]
    for link, target in zip(tree.css("a"), targets, strict=True):
        if target not in allowed and target not in anchors:
            yield f"a link that is not in the brief: {target[:80]}"
        if not link.text().strip():
            yield f"a link without words: {target[:80]}"
    if TAKE_DOWN_PAGE not in targets:
        yield "the way to have it removed is missing"


def _map(tree: LexborHTMLParser, brief: SiteBrief, _page: SitePage) -> Iterator[str]:
    """A drawn map has no words, so it is read back as this much: there is a place for it, and its source is named."""
    if not has_map(tree):
        return
    if brief.position is None:
        yield "a map of a place that is not known"
    sources = tree.css(f'a[href="{AreaMap.credit_url}"]')
    if not any(AreaMap.credit in link.text() for link in sources):
        yield "the map does not name its source"


def _scripts(tree: LexborHTMLParser, _brief: SiteBrief, page: SitePage) -> Iterator[str]:
    """The clock and nothing else; and styles that say no words."""
    has_clock = page.hours is not None and page.hours.clock is not None
    clock = squeezed(render("sites/themes/shared/now.js", page=page)) if has_clock else None
    for node in tree.css("script:not([type])"):
        if squeezed(node.text()) != clock:
            yield f"a script that is not the clock: {squeezed(node.text())[:80]}"
    if tree.css_first('script[type]:not([type="application/ld+json"])') is not None:
        yield "a script of another type"
    for found in _STYLE_WORDS.finditer("\n".join(node.text() for node in tree.css("style"))):
        yield f"a style says {found[0][:80]}"


def _head(tree: LexborHTMLParser, _brief: SiteBrief, page: SitePage) -> Iterator[str]:
    told = {
        node.attributes.get("name") or node.attributes.get("property"): node.attributes.get("content")
        for node in tree.css("meta[content]")
    }
    if "noindex" not in (told.get("robots") or ""):
        yield "noindex is missing"
    wanted = {"description": page.description, "og:title": page.title, "og:description": page.description}
    yield from (f"the {name} is not the brief's" for name, text in wanted.items() if told.get(name) != text)
    title = tree.css_first("title")
    if title is None or squeezed(title.text()) != squeezed(page.title):
        yield "the title is not the brief's"
    if page.url is not None and (
        told.get("og:url") != page.url or told.get("og:image") != page.url + PREVIEW_PICTURE
    ):
        yield "the address is not its own"


def _json_ld(tree: LexborHTMLParser, brief: SiteBrief, page: SitePage) -> Iterator[str]:
    nodes = tree.css('script[type="application/ld+json"]')
    if len(nodes) != 1:
        yield f"the page has {len(nodes)} blocks of JSON-LD"
        return
    try:
        told = json.loads(nodes[0].text())
    except ValueError:
        yield "the JSON-LD does not parse"
        return
    if told != structured_facts(brief, page.niche.schema_org):
        yield "the JSON-LD does not agree with the brief"
