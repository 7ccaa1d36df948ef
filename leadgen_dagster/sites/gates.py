"""What a demo must be before anybody is shown it: every fault in a sentence, none for a good page."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.sites.brief import SiteBrief, make_site_brief
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster.sites.structured import structured_facts
from leadgen_dagster.sites.view import TAKE_DOWN_PAGE, address_lines, map_url, profile_name, whatsapp_url
from leadgen_dagster.sites.wording import wording

MAX_PAGE_BYTES = 150_000
_PLACEHOLDER = re.compile(
    r"(?i:lorem ipsum)|\bTODO\b|\bTBD\b|(?i:your (?:name|business|company) here)|\{\{|\}\}|\bundefined\b"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_NUMBER = re.compile(r"\+?\d(?:[\d\s()/-]*\d)?")
_MIN_PHONE_DIGITS = 7
_FETCHED = {
    "src": ("img", "script", "iframe", "source", "video", "audio", "embed", "input"),
    "srcset": ("img", "source"),
    "href": ('link:not([rel="canonical"])', "use", "image", "base"),
    "data": ("object",),
    "action": ("form",),
}
_STYLE_URL = re.compile(r"""url\(\s*["']?([^"')]*)|@import\s+["']?([^"';]*)""", re.IGNORECASE)


def gate_faults(html: bytes, brief: SiteBrief) -> list[str]:
    """Reads the rendered page back and holds it against the brief it was made from."""
    tree = LexborHTMLParser(html.decode())
    faults = [f"the page weighs {len(html)} bytes"] if len(html) >= MAX_PAGE_BYTES else []
    for gate in (_structure, _notice, _outside_requests, _links, _words, _json_ld):
        faults.extend(gate(tree, brief))
    return faults


def stored_site_faults(
    site: GeneratedSite,
    html: bytes,
    business: Business | None,
    contacts: Sequence[Contact],
    score: WebsiteScore | None,
    *,
    ordered_on: date,
) -> list[str]:
    """Holds a stored page against what is known of its business now; `business` is None where it is no lead."""
    if business is None or score is None:
        return ["its business is not among the leads"]
    brief = make_site_brief(business, contacts, score, language=site.language, ordered_on=ordered_on)
    return ["too few facts for a demo"] if brief is None else gate_faults(html, brief)


def _structure(tree: LexborHTMLParser, brief: SiteBrief) -> Iterator[str]:
    headings = tree.css("h1")
    if len(headings) != 1:
        yield f"the page has {len(headings)} h1"
    elif _squeezed(headings[0].text()) != _squeezed(brief.name.value):
        yield "the h1 is not the name"
    robots = tree.css_first('meta[name="robots"]')
    if robots is None or "noindex" not in (robots.attributes.get("content") or ""):
        yield "noindex is missing"
    root = tree.css_first("html")
    if root is None or root.attributes.get("lang") != brief.language:
        yield "the language is not the brief's"
    yield from (
        "a section is empty"
        for section in tree.css("section, ol, ul, address, h2, p:not([hidden])")
        if not section.text().strip()
    )


def _notice(tree: LexborHTMLParser, brief: SiteBrief) -> Iterator[str]:
    footer = tree.css_first("footer")
    said = _squeezed(footer.text()) if footer is not None else ""
    before, _, after = wording(brief.language).phrases["notice"].partition("{agency}")
    after = after.replace("{business}", brief.name.value)
    agency = said.partition(_squeezed(before))[2].partition(_squeezed(after))
    if not agency[1] or not agency[0].strip():
        yield "the concept notice is missing"


def _outside_requests(tree: LexborHTMLParser, _brief: SiteBrief) -> Iterator[str]:
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


def _links(tree: LexborHTMLParser, brief: SiteBrief) -> Iterator[str]:
    allowed = {TAKE_DOWN_PAGE}
    allowed |= {f"tel:{brief.phone.number.value}"} if brief.phone else set()
    allowed |= {f"mailto:{brief.email.value}"} if brief.email else set()
    allowed |= {profile.value for profile in brief.profiles}
    allowed |= {brief.booking.value} if brief.booking else set()
    allowed |= {place for place in (map_url(brief), whatsapp_url(brief)) if place}
    for link in tree.css("a"):
        target = link.attributes.get("href") or ""
        is_anchor = target.startswith("#") and tree.css_first(f'[id="{target[1:]}"]') is not None
        if target not in allowed and not is_anchor:
            yield f"a link that is not in the brief: {target[:80]}"
        if not link.text().strip():
            yield f"a link without words: {target[:80]}"


def _words(tree: LexborHTMLParser, brief: SiteBrief) -> Iterator[str]:
    known = _known_texts(brief)
    known_numbers = {_digits(found[0]) for text in known for found in _NUMBER.finditer(text)}
    body = tree.css_first("body")
    for text in () if body is None else _texts(body):
        rest = text
        for fact in known:
            rest = rest.replace(fact, " | ")
        yield from (f"a placeholder: {found[0]}" for found in _PLACEHOLDER.finditer(rest))
        yield from (f"an e-mail that is not in the brief: {found[0]}" for found in _EMAIL.finditer(rest))
        for found in _NUMBER.finditer(rest):
            digits = _digits(found[0])
            if len(digits) >= _MIN_PHONE_DIGITS and digits not in known_numbers:
                yield f"a number that is not in the brief: {found[0]}"


def _json_ld(tree: LexborHTMLParser, brief: SiteBrief) -> Iterator[str]:
    nodes = tree.css('script[type="application/ld+json"]')
    if len(nodes) != 1:
        yield f"the page has {len(nodes)} blocks of JSON-LD"
        return
    try:
        told = json.loads(nodes[0].text())
    except ValueError:
        yield "the JSON-LD does not parse"
        return
    if told != structured_facts(brief, NICHES[brief.niche].schema_org):
        yield "the JSON-LD does not agree with the brief"


def _known_texts(brief: SiteBrief) -> list[str]:
    """The brief's own texts, the longest first."""
    parts = [brief.name.value, *address_lines(brief)]
    parts += [brief.city.value] if brief.city else []
    parts += [brief.phone.shown, brief.phone.number.value] if brief.phone else []
    parts += [brief.email.value] if brief.email else []
    parts += [profile_name(profile.value) for profile in brief.profiles]
    parts += [sentence.value for sentence in brief.about]
    for service in brief.services:
        parts += [service.name.value, service.price.value] if service.price else [service.name.value]
    return sorted({_squeezed(part) for part in parts}, key=len, reverse=True)


def _texts(node: LexborNode) -> Iterator[str]:
    """The pieces of text that a visitor reads."""
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield _squeezed(child.text_content or "")
        elif child.tag not in {"script", "style", "svg"}:
            yield from _texts(child)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
