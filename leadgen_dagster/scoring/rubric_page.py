"""The rubric told to people: the page `docs/rubric.md`, and the rubric file that changes nothing."""

from collections.abc import Iterator

from leadgen_dagster.orders import DEFAULT_SCORE_THRESHOLD
from leadgen_dagster.scoring.rules import Rubric, Rule
from leadgen_dagster.scoring.scores import Category

COMMAND = "leadgen rubric --markdown > docs/rubric.md"
COLUMNS = ("check", "asked", "applies to", "limit", "weight", "pitched", "what one tells the owner", "fix")

_HEAD = """\
# The rubric

Made by `{command}`; a test holds this page and `leadgen_dagster/scoring/rubric.py` equal.

Version {version}: {count} checks in {categories} categories. Each check asks one question of the stored pages. It
passes, it fails with evidence, or it does not apply; then it costs nothing. A category's score is the weighted
share of its applicable checks that passed, and the whole score weighs the categories that have one. *Pitched* are
the faults that an owner can see unaided and that are worth a call; the others never open a message. `…` stands for
what was measured, or read on the page.

## Weights of your own

Write what you want otherwise into a file, and name it in the order: `leadgen run … --rubric rubric.yaml`. It is copied
with the order, so that scoring the run again next year reads the same bytes. What it does not name stays as it is. A
check of weight 0 costs nothing and is still looked for; `pitchable: false` keeps a fault out of messages. The threshold
says below which score a website is weak; `--threshold` goes before it, and without either it is {threshold}.

```yaml
threshold: 65
category_weights: {{performance: 10, conversion: 30}}
weights: {{mobile.fixed_width: 30, security.headers_missing: 0}}
pitchable: {{freshness.copyright_outdated: false}}
```

`leadgen rubric --yaml` prints a whole file to begin with, and `leadgen score URL --rubric rubric.yaml` tries one out.
"""


def rubric_markdown(rubric: Rubric) -> str:
    """The page: one table a category, the heaviest check first."""
    head = _HEAD.format(
        command=COMMAND,
        version=rubric.version,
        count=len(rubric.rules),
        categories=len(rubric.category_weights),
        threshold=DEFAULT_SCORE_THRESHOLD,
    )
    return "\n".join([head, *_tables(rubric)])


def rules_of(rubric: Rubric, category: Category) -> list[Rule]:
    """The heaviest first."""
    rules = [rule for rule in rubric.rules.values() if rule.category is category]
    return sorted(rules, key=lambda rule: (-rule.weight, rule.check_id))


def _tables(rubric: Rubric) -> Iterator[str]:
    whole = sum(rubric.category_weights.values())
    for category, weight in rubric.category_weights.items():
        yield f"## {category.label}: {weight} of {whole}\n"
        yield _row(COLUMNS)
        yield _row(["---"] * len(COLUMNS))
        for rule in rules_of(rubric, category):
            yield _row(_cells(rule))
        yield ""


def _cells(rule: Rule) -> list[str]:
    return [
        f"`{rule.check_id}`",
        rule.question,
        rule.applies,
        "" if rule.limit is None else f"{rule.limit:g}",
        str(rule.weight),
        "yes" if rule.is_pitchable else "",
        rule.for_shopkeeper({}),
        rule.fix,
    ]


def _row(cells: list[str] | tuple[str, ...]) -> str:
    safe = (cell.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*") for cell in cells)
    return f"| {' | '.join(safe)} |"


def rubric_yaml(rubric: Rubric) -> str:
    """A rubric file that says what the table says, to be changed."""
    return "\n".join(_yaml_lines(rubric)) + "\n"


def _yaml_lines(rubric: Rubric) -> Iterator[str]:
    yield f"# Rubric version {rubric.version}. Keep the lines that you change; what is not here stays as it is."
    yield f"threshold: {rubric.threshold or DEFAULT_SCORE_THRESHOLD}"
    yield "category_weights:"
    for category, weight in rubric.category_weights.items():
        yield f"  {category.value}: {weight}"
    yield "weights:"
    for category in rubric.category_weights:
        yield f"  # {category.value}"
        for rule in rules_of(rubric, category):
            yield f"  {rule.check_id}: {rule.weight}  # {rule.question}"
    yield "pitchable:"
    for rule in rubric.rules.values():
        if rule.is_pitchable:
            yield f"  {rule.check_id}: true"
