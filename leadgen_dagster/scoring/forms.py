"""What the forms of a page are for: told from their fields, their names in the source and the words around them.

Structure comes first, since it needs no language: a password makes a log-in or a registration, room for a message
something to write with, a lone address field a newsletter. Then a form is heard in several voices, each for what it is
good at: what it calls itself, the names of its fields, the words on its button, those a visitor reads in and above it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.form_words import (
    BASKET,
    CAPTCHA,
    COMMENT,
    CONTACT,
    DISPLAY,
    EMAIL,
    INTO_BASKET,
    LOGIN,
    NAVIGATION,
    NEWSLETTER,
    PAGE_FIELDS,
    PASSWORD,
    POLL,
    RECOVERY,
    REGISTRATION,
    REMEMBER,
    SEARCH,
    SEARCH_BUTTONS,
    SEARCH_FIELDS,
    TO_A_FRIEND,
    TO_THE_FIRM,
)
from leadgen_dagster.scoring.page_view import PageView, one_line, text_of

MOST_CHARACTERS_READ = 600
"""Of a form's words: some old pages are one form from top to bottom."""
MOST_NODES_READ = 300

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


class FormKind(StrEnum):
    SEARCH = "search"
    LOGIN = "login"
    REGISTRATION = "registration"
    PASSWORD_RECOVERY = "password_recovery"  # noqa: S105 - no password, a kind of form
    CONTACT = "contact"
    """A place to write to the firm, or to comment."""
    NEWSLETTER = "newsletter"
    ORDER = "order"
    POLL = "poll"
    DISPLAY = "display"
    """Sorting, language, currency, style."""
    NAVIGATION = "navigation"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Form:
    """A `<form>` of a page."""

    node: LexborNode
    kind: FormKind
    is_to_firm: bool = False
    """Whether what is written in it reaches the firm; a comment is for all, a recommendation for a friend."""


@dataclass(frozen=True, slots=True)
class _Field:
    type: str
    """As `<input>` has it; else the tag."""
    name: str
    """Name and id in small letters, without hyphens and underscores."""
    words: str
    """Placeholder, title, value, or what stands on the button."""


@dataclass(frozen=True, slots=True)
class _Voices:
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


@lru_cache(maxsize=8)
def forms_of(page: PageView) -> tuple[Form, ...]:
    """The forms of a page in its order."""
    about_page = f"{page.url} {page.title}".lower()
    return tuple(_form(node, about_page) for node in page.select("form"))


def _form(node: LexborNode, about_page: str) -> Form:
    voices = _listen(node, about_page)
    kind = _kind(voices)
    return Form(node, kind, is_to_firm=kind is FormKind.CONTACT and _is_to_firm(voices))


def contact_form(page: PageView) -> Form | None:
    """The first form of a page that goes to the firm."""
    return next((form for form in forms_of(page) if form.is_to_firm), None)


# --------------------------------------------------------------------------- what it is


def _kind(form: _Voices) -> FormKind:
    if form.passwords:
        return _with_password(form)
    if form.areas:
        return _with_room(form)
    rules = _WITH_LINES if form.lines else _WITHOUT_TEXT
    return next((kind for kind, applies in rules if applies(form)), FormKind.OTHER)


def _with_password(form: _Voices) -> FormKind:
    if _has(form.own, RECOVERY) and form.passwords > 1 and not form.emails:
        return FormKind.PASSWORD_RECOVERY
    says_login = _has(form.own, LOGIN) or _has(form.button, LOGIN)
    if form.areas and form.passwords == 1 and not says_login and _has(form.own, CONTACT, COMMENT):
        return FormKind.CONTACT
    registers = (
        3 * (form.passwords > 1)
        + 2 * _has(form.own, REGISTRATION)
        + 2 * _has(form.button, REGISTRATION)
        + _has(form.above, REGISTRATION)
        + 2 * (form.lines + form.selects > 3 or form.emails > 1)
        + (form.choices > 1)
        + 2 * (form.lines > 1 and not says_login and _has(form.page, REGISTRATION))
    )
    logs_in = (
        1
        + 2 * _has(form.own, LOGIN)
        + 2 * _has(form.button, LOGIN)
        + _has(form.above, LOGIN)
        + (_has(form.said, REMEMBER) or _has(form.fields, REMEMBER))
    )
    return FormKind.REGISTRATION if registers > logs_in else FormKind.LOGIN


def _with_room(form: _Voices) -> FormKind:
    """With a field of several lines: to write with, if it is not one field among many."""
    if _has(form.button, BASKET) or _has(form.own, INTO_BASKET):
        return FormKind.ORDER
    if not _has(form.own, CONTACT, COMMENT):
        if _has(form.own, BASKET):
            return FormKind.ORDER
        if _has(form.own, REGISTRATION):
            return FormKind.REGISTRATION
    writes = _has(f"{form.source} {form.words}", CONTACT, COMMENT)
    if writes or form.emails or form.lines < 4:
        return FormKind.CONTACT
    return FormKind.OTHER


def _is_to_firm(form: _Voices) -> bool:
    """What a form calls itself goes before the heading over it."""
    if _has(form.own, TO_A_FRIEND):
        return False
    return _has(form.own, TO_THE_FIRM) or not (_has(form.own, COMMENT) or _has(form.above, COMMENT))


def _is_search(form: _Voices) -> bool:
    if form.is_search or form.first_name in SEARCH_FIELDS or form.button in SEARCH_BUTTONS:
        return True
    if form.emails:
        return False
    return (
        _has(form.source, SEARCH) or _has(form.button, SEARCH) or (form.lines < 3 and _has(form.said, SEARCH))
    )


def _has(text: str, *tables: Iterable[str]) -> bool:
    return any(word in text for table in tables for word in table)


def _asks_for_password(words: str) -> bool:
    return _has(words, RECOVERY) and _has(words, PASSWORD)


_Rules = Sequence[tuple[FormKind, Callable[[_Voices], bool]]]

_WITH_LINES: _Rules = (
    (
        FormKind.PASSWORD_RECOVERY,
        lambda form: form.lines < 5 and (_has(form.source, RECOVERY) or _asks_for_password(form.words)),
    ),
    (FormKind.ORDER, lambda form: _has(form.button, BASKET) or _has(form.own, INTO_BASKET)),
    (FormKind.SEARCH, _is_search),
    (
        FormKind.NEWSLETTER,
        lambda form: (
            (form.emails > 0 or form.lines == 1)
            and form.lines < 8
            and _has(f"{form.source} {form.words}", NEWSLETTER)
        ),
    ),
    (FormKind.PASSWORD_RECOVERY, lambda form: form.lines < 3 and _asks_for_password(form.page)),
    (FormKind.REGISTRATION, lambda form: _has(form.own, REGISTRATION) or _has(form.above, REGISTRATION)),
    (FormKind.ORDER, lambda form: _has(form.source, BASKET)),
    (FormKind.LOGIN, lambda form: _has(form.own, LOGIN) and _has(form.button, LOGIN)),
    (FormKind.NEWSLETTER, lambda form: form.emails > 0 and form.lines == 1),
    (FormKind.REGISTRATION, lambda form: _has(form.button, REGISTRATION)),
    (
        FormKind.CONTACT,
        lambda form: form.emails > 0 and (_has(form.own, CONTACT) or _has(form.button, CONTACT)),
    ),
    (
        FormKind.NAVIGATION,
        lambda form: _has(form.source, NAVIGATION) or form.first_name in PAGE_FIELDS,
    ),
)
"""Of forms with fields of one line; the first rule that applies."""

_WITHOUT_TEXT: _Rules = (
    (FormKind.ORDER, lambda form: _has(form.button, BASKET) or _has(form.source, BASKET)),
    (FormKind.POLL, lambda form: form.choices > 1 and _has(f"{form.source} {form.words}", POLL)),
    (
        FormKind.SEARCH,
        lambda form: (
            form.selects + form.choices > 0 and (_has(form.own, SEARCH) or _has(form.button, SEARCH))
        ),
    ),
    (FormKind.REGISTRATION, lambda form: form.button != "" and _has(form.own, REGISTRATION)),
    (FormKind.DISPLAY, lambda form: form.selects > 0 and _has(form.fields, DISPLAY)),
    (FormKind.NAVIGATION, lambda form: form.selects > 0 and _has(form.source, NAVIGATION)),
    (FormKind.DISPLAY, lambda form: form.selects > 0 and _has(form.words, DISPLAY)),
)
"""Of lists to choose from and buttons alone; the first rule that applies."""


# --------------------------------------------------------------------------- what it says


def _listen(node: LexborNode, about_page: str) -> _Voices:
    given = node.attributes
    parts = _parts(node)
    fields = [field for field in _fields(parts) if not _has(field.name, CAPTCHA)]
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
    return _Voices(
        own=_squeezed(" ".join(own)),
        fields=" ".join(field.name for field in seen),
        button=" ".join(field.words for field in pressed).lower(),
        said=said[:MOST_CHARACTERS_READ].lower(),
        above=_above(node),
        page=about_page,
        passwords=types["password"],
        lines=len(lines),
        emails=sum(
            field.type == "email" or _has(f"{field.name} {field.words}".lower(), EMAIL) for field in lines
        ),
        areas=types["textarea"],
        selects=types["select"],
        choices=types["radio"] + types["checkbox"],
        is_search=given.get("role") == "search" or types["search"] > 0,
        first_name=lines[0].name.partition(" ")[0] if lines else "",
    )


def _fields(parts: Iterable[LexborNode]) -> Iterator[_Field]:
    for node in (node for part in parts for node in part.css("input, select, textarea, button")):
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
    """The words that stand right before it, where they are a heading."""
    at: LexborNode | None = node
    for _ in range(3):
        before = at.prev if at else None
        while before is not None:
            if before.tag in _HEADINGS:
                return one_line(text_of(before)).lower()[:120]
            before = before.prev
        at = at.parent if at else None
    return ""


def _squeezed(text: str) -> str:
    return text.lower().replace("-", "").replace("_", "")
