"""Words compared: what is left of a name or a street once spelling habits are taken away."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from anyascii import anyascii

TABLE = Path(__file__).with_name("words.yaml")
MIN_TELLING = 2
"""Letters; what is left of a name without its trade words is a name if it has more."""
_EXPLANATION = re.compile(r"\s*\([^()]*\)$")
DOOR_LETTERS = 5
_FORMULA = re.compile(r"=|[+\-@][^(|]*[A-Za-z]\(|[+\-@][^|]*\|.*!", re.DOTALL)
"""What a spreadsheet would compute: `=HYPERLINK(…)`, `@SUM(…)`, `+cmd|…!A0`."""
_HTML_TAG = re.compile(
    r"</?(?:a|b|body|br|button|center|div|em|font|form|h[1-6]|head|html|i|iframe|img|input|li|link|meta|object|ol|p|"
    r"script|span|strong|style|svg|table|td|title|tr|u|ul|video)\b[^<>]*>|<[a-z]+\s[^<>]*=|<!--",
    re.IGNORECASE,
)
"""Elements by name: what else stands between such brackets may be a place, as in `Hofladen <Nordfeld>`."""
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z0-9]+")
_INITIALS = re.compile(r"(?<=\b\w)[.:](?=\w\b)|(?<=\bt):(?=mi\b)")
"""The dots of `e.K.` and `G.m.b.H.`, and the colon of the Finnish `T:mi`."""
_LONG_VOWEL = re.compile(r"(?<=a)[ae]|(?<=[ou])e")
"""The second letter of `ae`, `oe`, `ue` and `aa`, as one writes ä, ö, ü and å where a keyboard has none."""
_GERMAN_STREET = re.compile(r"(?<=[a-z])(?:strasse|str)$")


@cache
def _table() -> dict[str, Any]:
    import yaml

    table: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


@cache
def plain_words(table: str) -> frozenset[str]:
    """`legal_forms`, `small_words`, `trade_words` or `dish_words`: words that do not tell one business from another."""
    return frozenset(_table()[table])


def clean_line(text: str) -> str:
    """One line without control, format and unassigned characters, in NFC, outer and double spaces gone."""
    text = unicodedata.normalize("NFC", text)
    kept = (
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join("".join(kept).split())


def code_in(text: str) -> str | None:
    """`a formula` or `HTML`, where a program would take a text for one; None for what a person wrote."""
    if _FORMULA.match(unicodedata.normalize("NFKC", text)):
        return "a formula"
    return "HTML" if _HTML_TAG.search(text) else None


def shown_name(text: str) -> str:
    """The name as the sign has it: on one line, without an explanation in brackets behind it."""
    line = clean_line(text)
    bare = _EXPLANATION.sub("", line)
    return bare if sum(map(str.isalpha, bare)) > 1 else line


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Small ASCII letters, digits and single spaces: equal where only case and accents differ."""
    ascii_text = anyascii(text.casefold()).lower().replace("&", " and ").replace("'", "")
    return " ".join(_WORD.findall(ascii_text))


@lru_cache(maxsize=65_536)
def sign_key(name: str) -> str:
    """A name as the sign has it: folded, without legal forms."""
    words = [word for word in fold(name).split() if word not in plain_words("legal_forms")]
    return " ".join(words) or fold(name) or name.casefold()


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Whose it is: the sign's name without trade words, unless nothing else is left."""
    words = sign_key(name).split()
    telling = [word for word in words if word not in plain_words("trade_words")]
    if sum(map(len, telling)) > MIN_TELLING:
        words = telling
    return " ".join(words)


def match_words(name: str) -> tuple[str, ...]:
    """The words by which two names are compared: `Müller & Sohn e.K.` and `Mueller und Sohn` have the same.

    Unlike `name_key` they are no part of a fingerprint.
    """
    words = fold(_INITIALS.sub("", name.casefold())).split()
    plain = plain_words("legal_forms") | plain_words("small_words")
    kept = [word for word in words if word not in plain] or words or [name.casefold()]
    return tuple(_LONG_VOWEL.sub("", word) for word in kept)


@lru_cache(maxsize=65_536)
def street_key(street: str) -> str:
    """A street with its number for comparing: `12 Quay Street` and `Quay St. 12` are one."""
    return " ".join(sorted(_street_words(street)))


@lru_cache(maxsize=65_536)
def street_name_key(street: str) -> str:
    """The street without its number."""
    return " ".join(sorted(word for word in _street_words(street) if not word[0].isdigit() and len(word) > 1))


def door_key(street: str) -> str | None:
    """Street and house number for comparing, abbreviated or not: `Mannerheimint. 14 B` is `Mannerheimintie 14`.

    Returns:
        The beginning of the street's longest word, and the first number; None without a number.
    """
    words = _street_words(street)
    number = next((digits.group() for word in words if (digits := _NUMBER.search(word))), None)
    names = [word for word in words if not any(map(str.isdigit, word))] or [""]
    longest = max(names, key=lambda word: (min(len(word), DOOR_LETTERS), word))
    return f"{longest[:DOOR_LETTERS]} {number}" if number else None


def _street_words(street: str) -> list[str]:
    words = [_GERMAN_STREET.sub("str", word) for word in fold(street).split()]
    short = _table()["street_words"]
    return [short.get(word, word) for word in words]
