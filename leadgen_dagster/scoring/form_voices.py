"""What a form says of itself: how it is called in the source, its fields, its button, the words in and above it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.form_words import CAPTCHA, EMAIL
from leadgen_dagster.scoring.page_view import one_line, text_of

MOST_CHARACTERS_READ = 600
"""Of a form's words: some old pages are one form from top to bottom."""
MOST_NODES_READ = 300
MOST_FIELDS_READ = 200
MOST_STEPS_UP = 3
MOST_STEPS_BACK = 20
LONGEST_HEADING = 120

MOST_OF_HIDDEN = 30
"""Longer values are tokens and states of programs."""

_SENDING = frozenset({"submit", "image"})
_PRESSED = _SENDING | {"button", "reset"}
_CHOICES = frozenset({"radio", "checkbox"})
_NO_LINES = _PRESSED | _CHOICES | {"textarea", "select", "file", "password"}
_TABLE_PARTS = frozenset({"table", "tbody", "thead", "tfoot", "tr"})
_UNREAD = frozenset(
    {"script", "style", "template", "option", "select", "a", "noscript", "textarea", "button"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "strong", "b", "label"})


@dataclass(frozen=True, slots=True)
class _Field:
    type: str
    """As `<input>` has it; else the tag."""
    name: str
    """Name and id in small letters, without hyphens and underscores."""
    words: str
    """Placeholder, title, value, or what stands on the button."""


@dataclass(frozen=True, slots=True)
class Voices:
    """What a form says of itself, in small letters; what stands in the source is without hyphens and underscores."""

    own: str
    """Action, id, name, class, scripts and short hidden values."""
    fields: str
    """Names and ids of what is filled in and pressed."""
    button: str
    said: str
    """The words in it that are no links, with placeholders."""
    above: str
    """The heading over it."""
    page: str
    """Address and title of the page."""
    passwords: int
    lines: int
    """Fields of one line that a visitor fills in, without passwords and captchas."""
    emails: int
    areas: int
    selects: int
    choices: int
    """Radio buttons and check boxes."""
    is_search: bool
    first_name: str

    @property
    def source(self) -> str:
        return f"{self.own} {self.fields}"

    @property
    def words(self) -> str:
        return f"{self.button}\n{self.said}\n{self.above}"


def has(text: str, *tables: Iterable[str]) -> bool:
    return any(word in text for table in tables for word in table)


def listen(node: LexborNode, about_page: str) -> Voices:
    given = node.attributes
    parts = _parts(node)
    fields = [field for field in _fields(parts) if not has(field.name, CAPTCHA)]
    seen = [field for field in fields if field.type != "hidden"]
    lines = [field for field in seen if field.type not in _NO_LINES]
    types = Counter(field.type for field in seen)
    own = [value for key in ("action", "id", "name", "class", "onsubmit") if (value := given.get(key))]
    own += [
        f"{one.name} {one.words}"
        for one in fields
        if one.type == "hidden" and len(one.words) <= MOST_OF_HIDDEN
    ]
    pressed = [field for field in seen if field.type in _SENDING] or [
        one for one in seen if one.type == "button"
    ]
    said = " ".join([*(one.words for one in seen if one.type not in _PRESSED), *_read(parts)])
    return Voices(
        own=_squeezed(" ".join(own)),
        fields=" ".join(field.name for field in seen),
        button=" ".join(field.words for field in pressed).lower(),
        said=said[:MOST_CHARACTERS_READ].lower(),
        above=_above(node),
        page=about_page,
        passwords=types["password"],
        lines=len(lines),
        emails=sum(
            field.type == "email" or has(f"{field.name} {field.words}".lower(), EMAIL) for field in lines
        ),
        areas=types["textarea"],
        selects=types["select"],
        choices=types["radio"] + types["checkbox"],
        is_search=given.get("role") == "search" or types["search"] > 0,
        first_name=lines[0].name.partition(" ")[0] if lines else "",
    )


def _fields(parts: Iterable[LexborNode]) -> Iterator[_Field]:
    nodes = (node for part in parts for node in part.css("input, select, textarea, button"))
    for node in islice(nodes, MOST_FIELDS_READ):
        given = node.attributes
        tag = node.tag or ""
        if tag == "textarea" and ("readonly" in given or "disabled" in given):
            continue  # terms to agree to
        type_ = (given.get("type") or "").strip().lower() if tag in ("input", "button") else tag
        type_ = type_ or {"input": "text", "button": "submit"}[tag]
        words = [given.get(key) for key in ("placeholder", "title", "alt")]
        if tag == "button":
            words.append(text_of(node))
        if type_ not in _CHOICES:
            words.append(given.get("value"))
        name = _squeezed(f"{given.get('name') or ''} {given.get('id') or ''}").strip()
        yield _Field(type_, name, one_line(" ".join(word for word in words if word)))


def _parts(node: LexborNode) -> list[LexborNode]:
    """What is inside; of a form that stands between the rows of a table, what follows: parsers let it hold none."""
    if node.child is not None or node.parent is None or node.parent.tag not in _TABLE_PARTS:
        return [node]
    parts: list[LexborNode] = []
    after = node.next
    while after is not None and after.tag != "form":
        parts.append(after)
        after = after.next
    return parts


def _read(parts: Iterable[LexborNode]) -> Iterator[str]:
    """The words in it, up to a limit; not those of links and lists."""
    waiting = list(parts)[::-1]
    for _ in range(MOST_NODES_READ):
        if not waiting:
            return
        node = waiting.pop()
        if node.tag == "-text":
            yield one_line(node.text_content or "")
        elif node.tag not in _UNREAD:
            child = node.last_child
            while child is not None:
                waiting.append(child)
                child = child.prev


def _above(node: LexborNode) -> str:
    """The words of the heading next before it, where one is near."""
    at: LexborNode | None = node
    for _ in range(MOST_STEPS_UP):
        before = at.prev if at else None
        for _ in range(MOST_STEPS_BACK):
            if before is None:
                break
            if before.tag in _HEADINGS:
                return one_line(text_of(before)).lower()[:LONGEST_HEADING]
            before = before.prev
        at = at.parent if at else None
    return ""


def _squeezed(text: str) -> str:
    return text.lower().replace("-", "").replace("_", "")
