"""The words by which the business's own are told from the rest of a page; the table is `page_words.yaml`."""

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml


def any_word(topic: str, language: str | None = None) -> re.Pattern[str]:
    """Finds a word of the topic, and nothing within another word."""
    return re.compile(rf"\b(?:{inside(topic, language)})\b", re.IGNORECASE)


def anything(topic: str, language: str | None = None) -> re.Pattern[str]:
    """The topic's entries as they stand, for the beginning or the whole of a text, or within words."""
    return re.compile(inside(topic, language), re.IGNORECASE)


def inside(topic: str, language: str | None = None) -> str:
    """The entries of a topic as alternatives, to be put into a larger expression."""
    entry = _table()[topic]
    text: str = entry[language] if language else entry
    return "".join(text.split("\n"))


@cache
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("page_words.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table
