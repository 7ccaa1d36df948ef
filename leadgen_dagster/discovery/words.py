"""Words compared: what is left of a name or a street once spelling habits are taken away."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from anyascii import anyascii

TABLE = Path(__file__).with_name("words.yaml")
_EXPLANATION = re.compile(r"\s*\([^()]*\)$")
_WORD = re.compile(r"[a-z0-9]+")
_GERMAN_STREET = re.compile(r"(?<=[a-z])(?:strasse|str)$")


@cache
def _table() -> dict[str, Any]:
    import yaml

    table: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


@cache
def plain_words(table: str) -> frozenset[str]:
    """`legal_forms`, `trade_words` or `dish_words`: words that do not tell one business from another."""
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
    if sum(map(len, telling)) >= 3:
        words = telling
    return " ".join(words)


@lru_cache(maxsize=65_536)
def street_key(street: str) -> str:
    """A street with its number for comparing: `12 Quay Street` and `Quay St. 12` are one."""
    return " ".join(sorted(_street_words(street)))


@lru_cache(maxsize=65_536)
def street_name_key(street: str) -> str:
    """The street without its number."""
    return " ".join(sorted(word for word in _street_words(street) if not word[0].isdigit() and len(word) > 1))


def _street_words(street: str) -> list[str]:
    words = [_GERMAN_STREET.sub("str", word) for word in fold(street).split()]
    short = _table()["street_words"]
    return [short.get(word, word) for word in words]
