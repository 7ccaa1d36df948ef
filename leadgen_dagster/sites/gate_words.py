"""Every word that a visitor reads is a fact of the brief or a phrase of the book; there is no third source."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from leadgen_dagster.discovery.niches import Niche
from leadgen_dagster.sites.area_map import AreaMap
from leadgen_dagster.sites.brief import SiteBrief
from leadgen_dagster.sites.looks import Look
from leadgen_dagster.sites.view import SitePage
from leadgen_dagster.sites.wording import Wording, wording

_TOLD_IN = ("alt", "title", "aria-label", "placeholder")
"""Attributes whose text somebody sees or hears."""
_OF_HOURS = ("closed", "all_day", "always_open", "open_now", "open_now_all_day")
"""Phrases that are true of some businesses only: they come with the hours of this one, or not at all."""
_UNREAD = frozenset({"script", "style"})
_CLIMB = 2
"""How many elements up a text may be put together: a theme may set the words of a name apart."""


def words_faults(tree: LexborHTMLParser, _brief: SiteBrief, page: SitePage) -> Iterator[str]:
    """Words from elsewhere, and facts that stand beside what they do not belong to."""
    known = [*_known_texts(page), *([AreaMap.credit] if has_map(tree) else ())]
    for node in _text_nodes(tree.body) if tree.body else ():
        if not _is_made_of(squeezed(node.text_content or ""), known) and not _is_part(node, known):
            yield f"words that are not in the brief: {squeezed(node.text_content or '')[:80]}"
    for attribute in _TOLD_IN:
        for element in tree.css(f"body [{attribute}]"):
            told = squeezed(element.attributes.get(attribute) or "")
            if not _is_made_of(told, known):
                yield f"words that are not in the brief: {told[:80]}"
    yield from _pairing_faults(tree, page)


def has_map(tree: LexborHTMLParser) -> bool:
    return tree.css_first(".area svg") is not None


def _pairing_faults(tree: LexborHTMLParser, page: SitePage) -> Iterator[str]:
    """Times beside their days and prices beside their offers, in order, wherever they are set as lists."""
    hours = page.hours
    week = [(row.day, ", ".join(row.times)) for row in hours.rows] if hours else []
    grouped = [(names, ", ".join(times)) for names, times in hours.grouped] if hours else []
    offers = [(one.name.value, one.price.value if one.price else "") for one in page.services]
    for what, wanted, told in (
        ("hours", week, _pairs(tree, ".week li", ".day", ".time")),
        ("hours", grouped, _pairs(tree, ".days > div", "dt", "dd")),
        ("offers", offers, _pairs(tree, ".services li", ".service", ".price")),
    ):
        if told and told != [(squeezed(one), squeezed(other)) for one, other in wanted]:
            yield f"the {what} are not the brief's"


def _pairs(tree: LexborHTMLParser, rows: str, first: str, second: str) -> list[tuple[str, str]]:
    return [(_text_of(row, first), _text_of(row, second)) for row in tree.css(rows)]


def _text_of(row: LexborNode, selector: str) -> str:
    node = row.css_first(selector)
    return squeezed(node.text()) if node is not None else ""


def _known_texts(page: SitePage) -> list[str]:
    """All that may be said, the longest first."""
    texts = {squeezed(text) for text in _strings(page)} | _phrases(page.words.language)
    texts.add(page.words.niche(page.niche))
    if page.hours and not page.hours.rows:
        texts.add(page.words.say("always_open"))
    return sorted(filter(None, texts), key=len, reverse=True)


@cache
def _phrases(language: str) -> frozenset[str]:
    """What the phrase book says of everybody."""
    words = wording(language)
    plain = (phrase for key, phrase in words.phrases.items() if "{" not in phrase and key not in _OF_HOURS)
    return frozenset(map(squeezed, (*plain, *words.days, "WhatsApp")))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _strings(part)
    elif is_dataclass(value) and not isinstance(value, Wording | Niche | Look | AreaMap):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))


def _is_made_of(text: str, known: Sequence[str]) -> bool:
    if text in known:
        return True
    for fact in known:
        text = text.replace(fact, "|")
    return not any(map(str.isalnum, text))


def _is_part(node: LexborNode, known: Sequence[str]) -> bool:
    """Whether the text around it is known as a whole."""
    around = node.parent
    for _ in range(_CLIMB):
        if around is None:
            return False
        if _is_made_of(squeezed(around.text()), known):
            return True
        around = around.parent
    return False


def _text_nodes(node: LexborNode) -> Iterator[LexborNode]:
    """The pieces of text that a visitor reads."""
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield child
        elif child.tag not in _UNREAD:
            yield from _text_nodes(child)


def squeezed(text: str) -> str:
    return " ".join(text.split())
