"""What the forms of a page are for: told from their fields, their names in the source and the words around them.

Structure comes first, since it needs no language: a password makes a log-in or a registration, room for a message
something to write with, a lone address field a newsletter. Then a form is heard in several voices, each for what it is
good at: what it calls itself, the names of its fields, the words on its button, those a visitor reads in and above it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.form_voices import Voices, has, listen
from leadgen_dagster.scoring.form_words import (
    BASKET,
    COMMENT,
    CONTACT,
    DISPLAY,
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
from leadgen_dagster.scoring.page_view import Element, PageView, once_a_page

MOST_FORMS_READ = 200

_FORM_SERVICES_WORDS = """
    docs.google.com/forms forms.gle forms.office.com forms.cloud.microsoft typeform.com tally.so jotform. wufoo.com
    formstack.com cognitoforms.com 123formbuilder. paperform.co formsite.com hsforms. emailmeform.com forms.zoho
    smartsheet.com/b/form airtable.com/embed foxyform. webropolsurveys powr.io/form lomake.
"""
_FORM_SERVICES = tuple(_FORM_SERVICES_WORDS.split())
"""What the frames and scripts of well-known services for forms are fetched from."""


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


@once_a_page
def forms_of(page: PageView) -> tuple[Form, ...]:
    """The forms of a page in its order; what comes after very many of them is not looked at."""
    about_page = f"{page.url} {page.title}".lower()
    nodes = page.select("form")
    read = (_form(node, about_page) for node in nodes[:MOST_FORMS_READ])
    return (*read, *(Form(node, FormKind.OTHER) for node in nodes[MOST_FORMS_READ:]))


def _form(node: LexborNode, about_page: str) -> Form:
    voices = listen(node, about_page)
    kind = _kind(voices)
    return Form(node, kind, is_to_firm=kind is FormKind.CONTACT and _is_to_firm(voices))


def contact_form(page: PageView) -> Form | None:
    """The first form of a page that goes to the firm."""
    return next((form for form in forms_of(page) if form.is_to_firm), None)


def embedded_forms(page: PageView) -> Iterator[Element]:
    """The frames and scripts that show a form of a service; hardly a firm has one for anything but to be written to."""
    if any(service in page.lower_sources for service in _FORM_SERVICES):
        for element in page.elements("iframe", "script"):
            source = element.get("src").lower()
            if any(service in source for service in _FORM_SERVICES):
                yield element


# --------------------------------------------------------------------------- what it is


def _kind(form: Voices) -> FormKind:
    if form.passwords:
        return _with_password(form)
    if form.areas:
        return _with_room(form)
    rules = _WITH_LINES if form.lines else _WITHOUT_TEXT
    return next((kind for kind, applies in rules if applies(form)), FormKind.OTHER)


def _with_password(form: Voices) -> FormKind:
    if has(form.own, RECOVERY) and form.passwords > 1 and not form.emails:
        return FormKind.PASSWORD_RECOVERY
    says_login = has(form.own, LOGIN) or has(form.button, LOGIN)
    if form.areas and form.passwords == 1 and not says_login and has(form.own, CONTACT, COMMENT):
        return FormKind.CONTACT
    registers = (
        3 * (form.passwords > 1)
        + 2 * has(form.own, REGISTRATION)
        + 2 * has(form.button, REGISTRATION)
        + has(form.above, REGISTRATION)
        + 2 * (form.lines + form.selects > 3 or form.emails > 1)
        + (form.choices > 1)
        + 2 * (form.lines > 1 and not says_login and has(form.page, REGISTRATION))
    )
    logs_in = (
        1
        + 2 * has(form.own, LOGIN)
        + 2 * has(form.button, LOGIN)
        + has(form.above, LOGIN)
        + (has(form.said, REMEMBER) or has(form.fields, REMEMBER))
    )
    return FormKind.REGISTRATION if registers > logs_in else FormKind.LOGIN


def _with_room(form: Voices) -> FormKind:
    """With a field of several lines: to write with, if it is not one field among many."""
    if has(form.button, BASKET) or has(form.own, INTO_BASKET):
        return FormKind.ORDER
    if not has(form.own, CONTACT, COMMENT):
        if has(form.own, BASKET):
            return FormKind.ORDER
        if has(form.own, REGISTRATION):
            return FormKind.REGISTRATION
    writes = has(f"{form.source} {form.words}", CONTACT, COMMENT)
    if writes or form.emails or form.lines < 4:
        return FormKind.CONTACT
    return FormKind.OTHER


def _is_to_firm(form: Voices) -> bool:
    """What a form calls itself goes before the heading over it."""
    if has(form.own, TO_A_FRIEND):
        return False
    return has(form.own, TO_THE_FIRM) or not (has(form.own, COMMENT) or has(form.above, COMMENT))


def _is_search(form: Voices) -> bool:
    if form.is_search or form.first_name in SEARCH_FIELDS or form.button in SEARCH_BUTTONS:
        return True
    if form.emails:
        return False
    return has(form.source, SEARCH) or has(form.button, SEARCH) or (form.lines < 3 and has(form.said, SEARCH))


def _asks_for_password(words: str) -> bool:
    return has(words, RECOVERY) and has(words, PASSWORD)


_Rules = Sequence[tuple[FormKind, Callable[[Voices], bool]]]

_WITH_LINES: _Rules = (
    (
        FormKind.PASSWORD_RECOVERY,
        lambda form: form.lines < 5 and (has(form.source, RECOVERY) or _asks_for_password(form.words)),
    ),
    (FormKind.ORDER, lambda form: has(form.button, BASKET) or has(form.own, INTO_BASKET)),
    (FormKind.SEARCH, _is_search),
    (
        FormKind.NEWSLETTER,
        lambda form: (
            (form.emails > 0 or form.lines == 1)
            and form.lines < 8
            and has(f"{form.source} {form.words}", NEWSLETTER)
        ),
    ),
    (FormKind.PASSWORD_RECOVERY, lambda form: form.lines < 3 and _asks_for_password(form.page)),
    (FormKind.REGISTRATION, lambda form: has(form.own, REGISTRATION) or has(form.above, REGISTRATION)),
    (FormKind.ORDER, lambda form: has(form.source, BASKET)),
    (FormKind.LOGIN, lambda form: has(form.own, LOGIN) and has(form.button, LOGIN)),
    (FormKind.NEWSLETTER, lambda form: form.emails > 0 and form.lines == 1),
    (FormKind.REGISTRATION, lambda form: has(form.button, REGISTRATION)),
    (
        FormKind.CONTACT,
        lambda form: form.emails > 0 and (has(form.own, CONTACT) or has(form.button, CONTACT)),
    ),
    (
        FormKind.NAVIGATION,
        lambda form: has(form.source, NAVIGATION) or form.first_name in PAGE_FIELDS,
    ),
)
"""Of forms with fields of one line; the first rule that applies."""

_WITHOUT_TEXT: _Rules = (
    (FormKind.ORDER, lambda form: has(form.button, BASKET) or has(form.source, BASKET)),
    (FormKind.POLL, lambda form: form.choices > 1 and has(f"{form.source} {form.words}", POLL)),
    (
        FormKind.SEARCH,
        lambda form: form.selects + form.choices > 0 and (has(form.own, SEARCH) or has(form.button, SEARCH)),
    ),
    (FormKind.REGISTRATION, lambda form: form.button != "" and has(form.own, REGISTRATION)),
    (FormKind.DISPLAY, lambda form: form.selects > 0 and has(form.fields, DISPLAY)),
    (FormKind.NAVIGATION, lambda form: form.selects > 0 and has(form.source, NAVIGATION)),
    (FormKind.DISPLAY, lambda form: form.selects > 0 and has(form.words, DISPLAY)),
)
"""Of lists to choose from and buttons alone; the first rule that applies."""
