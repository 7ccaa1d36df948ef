"""Words compared: what is left of a name or a street once spelling habits are taken away."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

LEGAL_FORMS = frozenset(
    "ab ag as bv co company e.k. ek gbr gmbh inc kg ky limited llc llp ltd mbh nv ohg oy oyj plc s.l. sarl se srl "
    "tmi toiminimi ug und".split()
)
TRADE_WORDS = frozenset(
    "bar bistro cafe caffe gasthaus gaststatte grill hotel hotelli kahvila kampaamo lounge parturi pub ravintola "
    "restaurang restaurant ristorante salon shop the".split()
)
"""Words that say the trade and not whose: they do not make two names differ."""

STREET_WORDS = {
    "street": "st",
    "saint": "st",
    "road": "rd",
    "avenue": "ave",
    "lane": "ln",
    "square": "sq",
    "place": "pl",
    "strasse": "str",
    "katu": "k",
    "tie": "t",
}
_EXPLANATION = re.compile(r"\s*\([^()]*\)$")
_WORD = re.compile(r"[a-z0-9]+")
_GERMAN_STREET = re.compile(r"(?<=[a-z])(?:strasse|str)$")


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
    """Small ASCII letters, digits and single spaces: equal for two spellings that differ in case or accents alone."""
    ascii_text = anyascii(text.casefold()).lower().replace("&", " and ").replace("'", "")
    return " ".join(_WORD.findall(ascii_text))


@lru_cache(maxsize=65_536)
def sign_key(name: str) -> str:
    """A name as the sign has it: folded, without legal forms."""
    return " ".join(word for word in fold(name).split() if word not in LEGAL_FORMS) or fold(name)


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Whose it is: the sign's name without trade words, unless nothing else is left."""
    words = sign_key(name).split()
    telling = [word for word in words if word not in TRADE_WORDS]
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
    return [STREET_WORDS.get(word, word) for word in words]
