"""The numbers that a page says are its firm's own: behind links that dial or open a chat, and as data."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from leadgen_dagster.scoring.emails import is_designers, text_before
from leadgen_dagster.scoring.lexicon import IN_LINKS
from leadgen_dagster.scoring.marked import marked_as, marked_items
from leadgen_dagster.scoring.page_view import PageView, opening_tag
from leadgen_dagster.scoring.phones import FoundPhone, is_fax, read_phone

_DIALLING = IN_LINKS.words("tel:", "callto:", "wa.me", "whatsapp")
"""One of them stands in the target of a link that dials."""
_CHATS = re.compile(
    r"(?:wa\.me/|api\.whatsapp\.com/send/?\?(?:.*&)?phone=|whatsapp://send/?\?phone=)\+?(\d{8,15})"
)


def told_phones(page: PageView, country: str | None) -> Iterator[tuple[FoundPhone, str]]:
    """Each with what shows it; one that is called a fax, or the web designer's, is none."""
    yield from _dialled(page, country)
    yield from _marked(page, country)


def _dialled(page: PageView, country: str | None) -> Iterator[tuple[FoundPhone, str]]:
    if not page.link_words & _DIALLING:
        return
    for link in page.links:
        scheme, _, number = link.href.partition(":")
        is_call = scheme.lower() in ("tel", "callto")
        chat = None if is_call else _CHATS.search(link.href)
        if not is_call and chat is None:
            continue
        found = read_phone(f"+{chat[1]}" if chat else unquote(number), country)
        before = text_before(page, link)
        if found and not (is_fax(before) or is_fax(before.removesuffix(link.label)) or is_designers(before)):
            yield (replace(found, is_mobile=True) if chat else found), opening_tag(link.element)


def _marked(page: PageView, country: str | None) -> Iterator[tuple[FoundPhone, str]]:
    """A person's or another firm's are not told apart."""
    for item in marked_items(page):
        for telephone in item.texts("telephone"):
            if found := read_phone(telephone.removeprefix("tel:"), country):
                yield found, marked_as("telephone", telephone)
