"""The phrase books: sentences for faults, states and praise, one YAML a language."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

import yaml

from leadgen_dagster.sites.fact_check import words_of

_BOOKS = files("leadgen_dagster.outreach") / "messages" / "faults"


@cache
def languages() -> tuple[str, ...]:
    """ISO 639-1 codes of the languages that messages exist in."""
    return tuple(sorted(book.name.removesuffix(".yaml") for book in _BOOKS.iterdir()))


@cache
def phrase_book(language: str) -> Mapping[str, Any]:
    """All phrases of one language; asked only for a language of `languages()`."""
    book: Mapping[str, Any] = yaml.safe_load((_BOOKS / f"{language}.yaml").read_text(encoding="utf-8"))
    return book


@cache
def capitalised_words(language: str) -> frozenset[str]:
    """Words that carry a capital and name nobody: months, and the nouns of our own messages in German."""
    book = phrase_book(language)
    nouns = [word for word in words_of(str(book)) if word[0].isupper()] if language == "de" else []
    return frozenset((*book["months"], *nouns))


def choose(variants: Sequence[str], seed: str, slot: str) -> str:
    """The same variant for the same business every time; another one, as a rule, for its neighbour."""
    digest = hashlib.sha256(f"{slot}\n{seed}".encode()).digest()
    return variants[int.from_bytes(digest[:8]) % len(variants)]


def fill(phrase: str, values: Mapping[str, str | None]) -> str:
    """A phrase with its gaps filled; the values are text, never phrases."""
    return phrase.format_map(values)


def can_fill(phrase: str, values: Mapping[str, str | None]) -> bool:
    """Whether every gap of the phrase has something to be filled with."""
    return all(not gap or values.get(gap) is not None for _, gap, _, _ in Formatter().parse(phrase))


def capitalised(text: str) -> str:
    """With a capital first letter; the rest stays."""
    return text[:1].upper() + text[1:]


def written_date(day: date, language: str, *, with_year: bool = False) -> str:
    """A date as one writes it in a letter in that language."""
    book = phrase_book(language)
    form = book["long_date"] if with_year else book["date"]
    return fill(form, {"day": str(day.day), "month": book["months"][day.month - 1], "year": str(day.year)})
