"""The words of a demo, by language: labels and short sentences that are true of every business."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from leadgen_dagster.discovery.niches import Niche


@dataclass(frozen=True, slots=True)
class Wording:
    """One language. Days are Monday first."""

    language: str
    phrases: Mapping[str, str]
    days: tuple[str, ...]
    """As a table has them."""
    days_from: tuple[str, ...]
    """As the first of a span in a sentence."""
    days_to: tuple[str, ...]
    """As the last of a span."""
    days_on: tuple[str, ...]
    """As a single day in a sentence."""

    def say(self, phrase: str, **values: str) -> str:
        return self.phrases[phrase].format(**values)

    def niche(self, niche: Niche) -> str:
        """What a shop of this niche is called, as a title has it."""
        label = niche.label(self.language)
        return label[:1].upper() + label[1:]


def has_wording(language: str) -> bool:
    return language in _table()


@cache
def wording(language: str) -> Wording:
    table = _table()[language]
    phrases = {key: value for key, value in table.items() if isinstance(value, str)}
    days = table["days"]
    forms = (tuple(table.get(form, days)) for form in ("days", "days_from", "days_to", "days_on"))
    return Wording(language, phrases, *forms)


@cache
def _table() -> dict[str, dict[str, Any]]:
    text = resources.files(__package__).joinpath("wording.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return table
