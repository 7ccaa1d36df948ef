"""The page and the file that tell the rubric to people say what the table says."""

import re
from pathlib import Path

import pytest

from leadgen_dagster.scoring.rubric import RUBRIC
from leadgen_dagster.scoring.rubric_file import check_rubric_file, with_choice
from leadgen_dagster.scoring.rubric_page import COLUMNS, COMMAND, rubric_markdown, rubric_yaml
from leadgen_dagster.scoring.scores import Category

PAGE = Path(__file__).parents[2] / "docs" / "rubric.md"


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == rubric_markdown(RUBRIC), f"make it anew: {COMMAND}"


def test_every_check_stands_on_the_page_once_with_all_its_cells() -> None:
    rows = [
        re.split(r"(?<!\\) \| ", line[2:-2])
        for line in rubric_markdown(RUBRIC).splitlines()
        if line.startswith("| `")
    ]
    assert sorted(row[0].strip("`") for row in rows) == sorted(RUBRIC.rules)
    assert {len(row) for row in rows} == {len(COLUMNS)}


@pytest.mark.parametrize("category", Category)
def test_every_category_has_its_table_and_its_weight(category: Category) -> None:
    weight, whole = RUBRIC.category_weights[category], sum(RUBRIC.category_weights.values())
    assert f"\n## {category.label}: {weight} of {whole}\n\n| check |" in rubric_markdown(RUBRIC)


def test_the_file_to_begin_with_is_valid_and_changes_nothing() -> None:
    choice = check_rubric_file("rubric.yaml", rubric_yaml(RUBRIC).encode(), RUBRIC)
    unchanged = with_choice(RUBRIC, choice)
    assert (unchanged.rules, unchanged.category_weights) == (RUBRIC.rules, RUBRIC.category_weights)
    assert set(choice.weights) == set(RUBRIC.rules)
