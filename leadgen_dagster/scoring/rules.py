"""What a rubric is: rules, and the weights of the categories they belong to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import KW_ONLY, asdict, dataclass
from functools import cached_property

from leadgen_dagster.scoring.scores import Category


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what a check's answer means and how one speaks of it."""

    check_id: str
    category: Category
    _: KW_ONLY
    weight: int
    """Beside the other checks of its category."""
    severity: int
    """Rank for a shopkeeper, larger is worse."""
    is_pitchable: bool = False
    """Whether the owner can see it unaided and it is worth a call."""
    is_about_hosting: bool = False
    """A matter of the server, the domain or the live web: no fair question to a demo."""
    limit: float | None = None
    """The check's threshold, in the unit that `applies` or the wording names."""
    question: str
    applies: str
    """To which pages the question is put."""
    shopkeeper: str
    """What one tells the owner: visible with one's own eyes, no threat, no figure that was not measured."""
    developer: str
    fix: str

    def for_shopkeeper(self, parameters: Mapping[str, str]) -> str:
        return self.shopkeeper.format_map(_Filled(parameters))

    def for_developer(self, parameters: Mapping[str, str]) -> str:
        return self.developer.format_map(_Filled(parameters))


class _Filled(dict[str, str]):
    """A parameter that was not measured reads as three dots, never as a made-up figure."""

    def __missing__(self, key: str) -> str:
        return "…"


@dataclass(frozen=True)
class Rubric:
    """The rules by check id, and what each category counts."""

    version: str
    category_weights: Mapping[Category, int]
    rules: Mapping[str, Rule]
    threshold: int | None = None
    """A website that scores below it is weak, where the order itself says nothing."""

    @cached_property
    def weights(self) -> Mapping[Category, Mapping[str, int]]:
        """What each check weighs, category by category."""
        weights: dict[Category, dict[str, int]] = {category: {} for category in self.category_weights}
        for rule in self.rules.values():
            weights[rule.category][rule.check_id] = rule.weight
        return weights

    @cached_property
    def hash(self) -> str:
        """Changes with every weight, rank and word."""
        content = {
            "categories": self.category_weights,
            "rules": [asdict(rule) for rule in self.rules.values()],
            "threshold": self.threshold,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
