"""A fetched page, decoded and parsed once: what every check and reader looks at."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial, wraps
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from leadgen_dagster.scoring.html import read_html
from leadgen_dagster.scoring.json_ld import UNPRINTABLE, objects_in
from leadgen_dagster.scoring.lexicon import IN_LINKS, IN_SOURCES, IN_TEXT
from leadgen_dagster.scoring.snapshots import FetchedPage
from leadgen_dagster.scoring.styles import brings_letters, rules
from leadgen_dagster.scoring.visible_text import walk

_Read = TypeVar("_Read")

SNIPPET_LENGTH = 200
MOST_LEVELS = 100

_SCRIPT_TYPES = frozenset({"", "text/javascript", "application/javascript", "module"})
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_LETTERS_ALONE = bytes(code if code >= 128 or chr(code).isalpha() else ord(" ") for code in range(256))
"""Makes spaces of all ASCII that is no letter; of what is not ASCII each byte stays."""
_NEITHER = re.compile(r"[\W_]+")


class Element(NamedTuple):
    """An element whose attributes are read once, however many checks ask for them."""

    node: LexborNode
    tag: str
    attributes: Mapping[str, str | None]

    def get(self, name: str) -> str:
        """An attribute without spaces around it; empty where there is none."""
        return (self.attributes.get(name) or "").strip()


class Link(NamedTuple):
    """An `<a href>` of a page."""

    element: Element
    href: str
    """As written, without spaces around it."""
    label: str
    """Its words, or the `alt`, `aria-label` or `title` that stands for them."""


# A third of what a call by names costs; there are hundreds a page.
_element: Callable[[tuple[LexborNode, str, Mapping[str, str | None]]], Element] = partial(
    tuple.__new__, Element
)
_link: Callable[[tuple[Element, str, str]], Link] = partial(tuple.__new__, Link)


class PageView:
    """One page, parsed when it is made; everything else is read off it when first asked for."""

    def __init__(self, page: FetchedPage) -> None:
        self.page = page
        self.url = page.final_url or page.url
        self.html, self._utf8 = read_html(page)
        self._tree = LexborHTMLParser(self._utf8)
        self._walked = walk(self._tree.root)
        self.text = self._walked.text
        self._elements: dict[str, list[Element]] = {}
        self._words: dict[tuple[str, ...], list[tuple[LexborNode, str]]] = {}
        self.kept: dict[Callable[..., Any], Any] = {}
        """What functions of others read off the page, see `once_a_page`."""

    def all(self, *tags: str) -> list[LexborNode]:
        """The elements with these tags, tag by tag, each in the order of the page; none of hidden templates."""
        by_tag = self._walked.by_tag
        if len(tags) == 1:
            return by_tag.get(tags[0], [])
        return [node for tag in tags for node in by_tag.get(tag, [])]

    def elements(self, *tags: str) -> list[Element]:
        """The same with their attributes."""
        if len(tags) > 1:
            return [element for tag in tags for element in self.elements(tag)]
        tag = tags[0]
        read = self._elements.get(tag)
        if read is None:
            nodes = self._walked.by_tag.get(tag, ())
            read = self._elements[tag] = [_element((node, tag, node.attributes)) for node in nodes]
        return read

    def select(self, selector: str) -> list[LexborNode]:
        """The elements that a selector of the page's own style sheet means; none for one that cannot be read."""
        try:
            return self._tree.css(selector)
        except SelectolaxError:
            return []

    @cached_property
    def title(self) -> str:
        return next((one_line(text_of(node)) for node in self.all("title")), "")

    @cached_property
    def lower_html(self) -> str:
        """The source with small letters, and bytes for all that is not ASCII: to look up words of code in."""
        return self._utf8.lower().decode("latin-1")

    @cached_property
    def lower_text(self) -> str:
        return self.text.lower()

    @cached_property
    def folded_text(self) -> str:
        """The text's letters and digits alone."""
        return folded(self.text)

    @cached_property
    def element_count(self) -> int:
        return sum(len(nodes) for tag, nodes in self._walked.by_tag.items() if not tag.startswith("-"))

    @cached_property
    def lower_words(self) -> list[str]:
        """The words of the text, in lower case and in its order; no figures."""
        words: list[str] = []
        # What is ASCII and no letter goes at once, as bytes; dashes and quotation marks are left to the search.
        for spelled in self.lower_text.encode().translate(_ASCII_LETTERS_ALONE).decode().split():
            if spelled.isalpha():
                words.append(spelled)
            else:
                words += _WORD.findall(spelled)
        return words

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Each word of the text once: a question for many words at a time is quick."""
        return frozenset(self.lower_words)

    def words(self, *tags: str) -> list[tuple[LexborNode, str]]:
        """Links, buttons, labels or some headings in the order of the page, each with its visible words on one line."""
        read = self._words.get(tags)
        if read is None:
            read = self._words[tags] = self._walked.words(*tags)
        return read

    @cached_property
    def headings(self) -> list[tuple[LexborNode, int]]:
        """Each heading with its rank, in the order of the page."""
        return self._walked.headings

    @cached_property
    def links(self) -> tuple[Link, ...]:
        labels = [words for _, words in self.words("a")]
        elements = self.elements("a")
        if areas := self.elements("area"):
            elements = elements + areas
            labels += [""] * len(areas)
        return tuple(
            [
                _link((element, href, words or unwritten_label(element)))
                for element, words in zip(elements, labels, strict=True)
                if (href := (element.attributes.get("href") or "").strip())
            ]
        )

    @cached_property
    def lower_labels(self) -> str:
        """The label of every link, a line each, in lower case."""
        return "\n".join([label for _, _, label in self.links]).lower()

    @cached_property
    def lower_headings(self) -> tuple[str, ...]:
        """The words of every heading, in lower case."""
        return tuple(words.lower() for _, words in self.words("h1", "h2", "h3", "h4"))

    @cached_property
    def lower_links(self) -> str:
        """Label and target of every link, a line each, in lower case."""
        labels = self.lower_labels.split("\n")
        return "\n".join(
            [f"{label} {link[1].lower()}" for label, link in zip(labels, self.links, strict=False)]
        )

    @cached_property
    def text_words(self) -> frozenset[str]:
        """Which of the words that checks ask for stand in the text."""
        return IN_TEXT.found_in(self.lower_text)

    @cached_property
    def link_words(self) -> frozenset[str]:
        """Which of the words that checks ask for stand in the labels and targets of the links."""
        return IN_LINKS.found_in(self.lower_links)

    @cached_property
    def source_words(self) -> frozenset[str]:
        """Which of the words that checks ask for stand in what is fetched for the page."""
        return IN_SOURCES.found_in(self.lower_sources)

    @cached_property
    def lower_sources(self) -> str:
        """What frames, scripts and pictures are fetched from, a line each, in lower case."""
        sources = (element.get("src") for element in self.elements("iframe", "script", "img"))
        return "\n".join([source for source in sources if source]).lower()

    @cached_property
    def lower_script_sources(self) -> list[str]:
        return [source.lower() for script in self.elements("script") if (source := script.get("src"))]

    @cached_property
    def unseen_text(self) -> str:
        """What stands on the page and no visitor reads: comments, descriptions, what is there in place of scripts."""
        comments = [node.comment_content or "" for node in self.all("-comment")]
        instead = [text_of(node) for node in self.all("noscript", "template", "title")]
        return "\n\n".join((*comments, *instead, *self.metas.values()))

    @cached_property
    def metas(self) -> Mapping[str, str]:
        """Contents of `<meta>` by lower-case `name`, `property` or `http-equiv`; the first one counts."""
        contents: dict[str, str] = {}
        for meta in self.elements("meta"):
            attributes = meta.attributes
            name = attributes.get("name") or attributes.get("property") or attributes.get("http-equiv")
            if name:
                contents.setdefault(name.strip().lower(), attributes.get("content") or "")
        return contents

    @cached_property
    def json_ld(self) -> tuple[Mapping[str, Any], ...]:
        """Every object of every JSON-LD script that can be read, nested ones too."""
        found: list[Mapping[str, Any]] = []
        for script in self.elements("script"):
            if script.get("type").lower() == "application/ld+json":
                found.extend(objects_in(text_of(script.node)))
        return tuple(found)

    @cached_property
    def style_sheet(self) -> str:
        """The page's own style sheets; linked ones are not fetched."""
        return "\n".join([text_of(node) for node in self.all("style")])

    @cached_property
    def style_rules(self) -> tuple[tuple[str, Mapping[str, str]], ...]:
        """The rules of the page's own style sheets that hold on every screen."""
        return tuple(rules(self.style_sheet)) if self.style_sheet else ()

    @cached_property
    def linked_styles(self) -> tuple[Element, ...]:
        """The `<link>` of each style sheet that a screen is given."""
        return tuple(
            link
            for link in self.elements("link")
            if "stylesheet" in link.get("rel").lower() and link.get("media").lower() != "print"
        )

    @cached_property
    def has_unread_styles(self) -> bool:
        """Whether rules that nobody read here may say otherwise; those of font services only bring letters."""
        imported = self.style_sheet.count("@import") - self.style_sheet.count("fonts.googleapis.com")
        return imported > 0 or any(not brings_letters(link.get("href")) for link in self.linked_styles)

    @cached_property
    def styled(self) -> tuple[Element, ...]:
        """The elements with a `style`, in the order of the page."""
        if "style=" not in self.html and "STYLE=" not in self.html:
            return ()
        return tuple([_element((node, node.tag or "", node.attributes)) for node in self.select("[style]")])

    @cached_property
    def script_texts(self) -> tuple[str, ...]:
        """The scripts that stand within the page; data for search engines and templates are none."""
        return tuple(
            text_of(script.node)
            for script in self.elements("script")
            if not script.get("src") and script.get("type").lower() in _SCRIPT_TYPES
        )

    @cached_property
    def lower_scripts(self) -> str:
        return "\n".join(self.script_texts).lower()

    @cached_property
    def base_url(self) -> str:
        href = next((base.get("href") for base in self.elements("base")), None)
        return _absolute(self.url, href) if href else self.url

    def absolute(self, href: str) -> str:
        """An address of the page made absolute; as written where it is none."""
        return _absolute(self.base_url, href.strip())


def once_a_page(read: Callable[[PageView], _Read]) -> Callable[[PageView], _Read]:
    """Keeps on a page what a function reads off it, so that it goes when the page goes; it may not hold the page."""

    @wraps(read)
    def kept(page: PageView) -> _Read:
        if read not in page.kept:
            page.kept[read] = read(page)
        found: _Read = page.kept[read]
        return found

    return kept


def _absolute(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def surroundings(text: str, mark: str, *, before: int, after: int, most: int) -> Iterator[tuple[int, str]]:
    """What stands around a mark, with the place where it begins; the first so many times."""
    at = text.find(mark)
    for _ in range(most):
        if at < 0:
            return
        begin = max(0, at - before)
        yield begin, text[begin : at + after]
        at = text.find(mark, at + len(mark))


def upwards(node: LexborNode) -> Iterator[LexborNode]:
    """An element and those around it, as far as anybody nests them on purpose."""
    at: LexborNode | None = node
    for _ in range(MOST_LEVELS):
        if at is None or at.tag == "-document":
            return
        yield at
        at = at.parent


def text_of(node: LexborNode) -> str:
    return node.text(deep=True) or ""


def folded(text: str) -> str:
    """Letters and digits alone, in lower case: equal where only spaces, hyphens and the like differ."""
    return _NEITHER.sub("", text.lower().replace("ß", "ss"))


def one_line(text: str) -> str:
    return " ".join(text.split())


def snippet(text: str) -> str:
    """At most 200 characters on one line, all of them such as a database keeps."""
    if len(text) <= SNIPPET_LENGTH and text.isprintable() and "  " not in text:
        return text.strip()
    line = one_line(UNPRINTABLE.sub("", text[: SNIPPET_LENGTH * 4]))
    return line if len(line) <= SNIPPET_LENGTH else f"{line[: SNIPPET_LENGTH - 1]}…"


def opening_tag(node: Element | LexborNode) -> str:
    """An element as written up to its first `>`: what one sees in the source."""
    attributes = "".join(
        f" {name}" if value is None else f' {name}="{one_line(value)}"'
        for name, value in node.attributes.items()
    )
    return snippet(f"<{node.tag}{attributes}>")


def selector_of(node: Element | LexborNode) -> str:
    """A CSS selector that leads a person to the element; the shortest telling one, not always unique."""
    attributes = node.attributes
    tag = node.tag or "*"
    if name := (attributes.get("id") or "").strip():
        return snippet(f"{tag}#{name}")
    for key in ("href", "src", "action", "name", "class", "width", "bgcolor", "style"):
        if value := (attributes.get(key) or "").strip():
            return snippet(f'{tag}[{key}="{value}"]')
    return tag


def unwritten_label(element: Element) -> str:
    """What stands for the words of a link or button that has none."""
    attributes = element.attributes
    if named := attributes.get("aria-label") or attributes.get("title") or attributes.get("alt"):
        return one_line(named)
    inner = element.node.child
    if inner is None or (inner.tag == "img" and inner.next is None):
        return one_line(inner.attributes.get("alt") or "") if inner else ""
    parts = element.node.traverse(include_text=False)
    return one_line(" ".join(part.attributes.get("alt") or "" for part in parts if part.tag == "img"))


def host_of(url: str) -> str:
    """The host in lower case; empty for what is no URL."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def scheme_of(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""
