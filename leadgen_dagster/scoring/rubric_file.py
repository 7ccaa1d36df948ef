"""A person's own weights and threshold: a YAML file beside an order, kept by its hash with the order.

    threshold: 65
    category_weights: {performance: 10, conversion: 30}
    weights: {mobile.fixed_width: 30, security.headers_missing: 0}
    pitchable: {trust.copyright_outdated: false}

What the file does not name stays as the table has it. A check of weight 0 costs no points; its fault is still
found, shown and, if it may be pitched, spoken of.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from yaml.nodes import Node, ScalarNode

from leadgen_dagster.scoring.rules import Rubric
from leadgen_dagster.scoring.scores import Category
from leadgen_dagster.yaml_file import YamlFile, is_empty

MAX_WEIGHT = 100
_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]{0,3}")
"""YAML knows octal, sexagesimal and grouped numbers too; a person who writes 010 means ten."""
_KEYS = ("threshold", "category_weights", "weights", "pitchable")
_TRUTH: Final[Mapping[str, bool]] = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricChoice:
    """What a rubric file changes of the table."""

    threshold: int | None = None
    """A website that scores below it is weak, where the order itself says nothing."""
    category_weights: Mapping[Category, int] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)
    """By check id, beside the other checks of its category."""
    pitchable: Mapping[str, bool] = field(default_factory=dict)
    """By check id; a fault that the table keeps from shopkeepers has no words for them and stays kept."""

    def unknown_checks(self, rubric: Rubric) -> tuple[str, ...]:
        """Checks that a later version of the rubric no longer has."""
        return tuple(sorted({*self.weights, *self.pitchable} - set(rubric.rules)))


def read_rubric_file(path: Path | str, content: bytes) -> RubricChoice:
    """Reads a rubric file; which checks it names is not looked at.

    Args:
        path: what the file is called; for messages.
        content: its bytes.

    Raises:
        FileError: names the file, the line, the key, the value and what is allowed.
    """
    return _RubricFile(path, content, None).read()


def check_rubric_file(path: Path | str, content: bytes, rubric: Rubric) -> RubricChoice:
    """The same for a file that is to be used with this rubric from now on: every check it names must be there.

    Raises:
        FileError: names the file, the line, the key, the value and what is allowed.
    """
    return _RubricFile(path, content, rubric).read()


def with_choice(rubric: Rubric, choice: RubricChoice) -> Rubric:
    """The rubric with a person's choice in it; checks that it does not have are passed over."""
    rules = {
        check_id: replace(
            rule,
            weight=choice.weights.get(check_id, rule.weight),
            is_pitchable=rule.is_pitchable and choice.pitchable.get(check_id, True),
        )
        for check_id, rule in rubric.rules.items()
    }
    return replace(
        rubric,
        category_weights={**rubric.category_weights, **choice.category_weights},
        rules=rules,
        threshold=rubric.threshold if choice.threshold is None else choice.threshold,
    )


class _RubricFile(YamlFile):
    def __init__(self, path: Path | str, content: bytes, rubric: Rubric | None) -> None:
        super().__init__(path, content)
        self._rubric = rubric

    def read(self) -> RubricChoice:
        root = self.root()
        if root is None or is_empty(root):
            return RubricChoice()
        nodes = self.fields(root, "a rubric file", _KEYS)
        choice = RubricChoice(
            threshold=self._threshold(nodes.get("threshold")),
            category_weights=self._category_weights(nodes.get("category_weights")),
            weights={
                check_id: self._whole(value, check_id, 0, MAX_WEIGHT)
                for check_id, value in self._checks(nodes.get("weights"), "weights").items()
            },
            pitchable={
                check_id: self._is_pitchable(value, check_id)
                for check_id, value in self._checks(nodes.get("pitchable"), "pitchable").items()
            },
        )
        self._refuse_a_rubric_without_weight(choice, nodes)
        return choice

    def _threshold(self, node: Node | None) -> int | None:
        return None if node is None else self._whole(node, "threshold", 1, 100)

    def _category_weights(self, node: Node | None) -> dict[Category, int]:
        if node is None or is_empty(node):
            return {}
        values = self.fields(node, "category_weights", tuple(category.value for category in Category))
        return {Category(name): self._whole(value, name, 0, MAX_WEIGHT) for name, value in values.items()}

    def _checks(self, node: Node | None, what: str) -> dict[str, Node]:
        if node is None or is_empty(node):
            return {}
        pairs = self.pairs(node, f"{what} must be a mapping of check ids, e.g. mobile.fixed_width: …")
        for check_id, (key, _) in pairs.items():
            if self._rubric is not None and check_id not in self._rubric.rules:
                raise self.error(key, f"{what}: there is no check {check_id!r}; {self._nearest(check_id)}")
        return {check_id: value for check_id, (_, value) in pairs.items()}

    def _nearest(self, check_id: str) -> str:
        known = list(self._rubric.rules) if self._rubric else []
        near = get_close_matches(check_id, known, n=3, cutoff=0.4)
        told = f"the nearest are {', '.join(near)}; " if near else ""
        return f"{told}`leadgen rubric` lists all"

    def _whole(self, node: Node, what: str, least: int, most: int) -> int:
        is_number = isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:int"
        if is_number and _PLAIN_NUMBER.fullmatch(node.value) and least <= int(node.value) <= most:
            return int(node.value)
        raise self.error(
            node, f"{what}: {_shown(node)} is not allowed; give a whole number from {least} to {most}"
        )

    def _is_pitchable(self, node: Node, check_id: str) -> bool:
        value = _TRUTH.get(node.value.lower()) if isinstance(node, ScalarNode) else None
        if value is None:
            raise self.error(node, f"{check_id}: {_shown(node)} is not allowed; give true or false")
        if value and self._rubric is not None and not self._rubric.rules[check_id].is_pitchable:
            raise self.error(
                node,
                f"{check_id}: true is not allowed; a shopkeeper cannot see this fault, so it is never pitched",
            )
        return value

    def _refuse_a_rubric_without_weight(self, choice: RubricChoice, nodes: Mapping[str, Node]) -> None:
        if self._rubric is None:
            return
        changed = with_choice(self._rubric, choice)
        weighed = {rule.category for rule in changed.rules.values() if rule.weight}
        if not any(weight for category, weight in changed.category_weights.items() if category in weighed):
            node = nodes.get("category_weights") or nodes["weights"]
            raise self.error(node, "nothing has a weight above 0; leave one category or check with points")


def _shown(node: Node) -> str:
    return repr(node.value)[:80] if isinstance(node, ScalarNode) else "a list or mapping"
