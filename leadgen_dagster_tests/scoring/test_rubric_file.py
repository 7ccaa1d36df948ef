"""A rubric file changes what it names and nothing else; a wrong one is refused with its line."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from leadgen_dagster.errors import FileError
from leadgen_dagster.scoring.rubric import RUBRIC
from leadgen_dagster.scoring.rubric_file import (
    MAX_WEIGHT,
    RubricChoice,
    check_rubric_file,
    read_rubric_file,
    with_choice,
)
from leadgen_dagster.scoring.scores import Category

PITCHED = next(rule.check_id for rule in RUBRIC.rules.values() if rule.is_pitchable)
FILE = """\
# ours
threshold: 65
category_weights: {performance: 10, conversion: 30}
weights:
  mobile.fixed_width: 30
  security.headers_missing: 0
pitchable: {mobile.fixed_width: false}
"""


def read(text: str | bytes) -> RubricChoice:
    content = text if isinstance(text, bytes) else text.encode()
    return check_rubric_file("rubric.yaml", content, RUBRIC)


def test_a_file_says_threshold_weights_and_what_is_not_pitched() -> None:
    assert read(FILE) == RubricChoice(
        threshold=65,
        category_weights={Category.PERFORMANCE: 10, Category.CONVERSION: 30},
        weights={"mobile.fixed_width": 30, "security.headers_missing": 0},
        pitchable={"mobile.fixed_width": False},
    )


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "---\n", "weights:\npitchable:\ncategory_weights:\n", "\ufeff"]
)
def test_a_file_that_says_nothing_changes_nothing(text: str) -> None:
    assert with_choice(RUBRIC, read(text)).hash == RUBRIC.hash


def test_what_the_file_does_not_name_stays_as_the_table_has_it() -> None:
    changed = with_choice(RUBRIC, read(FILE))
    assert changed.threshold == 65
    assert changed.category_weights == {
        **RUBRIC.category_weights,
        Category.PERFORMANCE: 10,
        Category.CONVERSION: 30,
    }
    wide = changed.rules["mobile.fixed_width"]
    assert (wide.weight, wide.is_pitchable) == (30, False)
    assert changed.rules["security.headers_missing"].weight == 0
    others = set(RUBRIC.rules) - {"mobile.fixed_width", "security.headers_missing"}
    assert all(changed.rules[check_id] == RUBRIC.rules[check_id] for check_id in others)
    assert changed.hash != RUBRIC.hash
    assert changed.version == RUBRIC.version


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("threshold: 65\nweight: {}\n", 2, "unknown key 'weight'; known keys are threshold, category_weights"),
        ("threshold: 65\nthreshold: 66\n", 2, "threshold stands here a second time"),
        ("threshold: 0\n", 1, "threshold: '0' is not allowed; give a whole number from 1 to 100"),
        ("threshold: 6.5\n", 1, "'6.5' is not allowed"),
        ("threshold: yes\n", 1, "'yes' is not allowed"),
        ("threshold: 0x41\n", 1, "'0x41' is not allowed"),
        ("threshold: '65'\n", 1, "'65' is not allowed"),
        ("threshold: [65]\n", 1, "a list or mapping is not allowed"),
        ("threshold:\n", 1, "threshold: '' is not allowed"),
        ("category_weights:\n  speed: 3\n", 2, "unknown key 'speed'; known keys are performance, accessibility"),
        ("category_weights:\n  seo: -1\n", 2, "seo: '-1' is not allowed; give a whole number from 0 to 100"),
        ("category_weights: 3\n", 1, "category_weights must be a mapping of performance"),
        ("weights:\n  mobile.fixed_width: 101\n", 2, "mobile.fixed_width: '101' is not allowed"),
        ("weights:\n  mobile.fixed_width: 010\n", 2, "mobile.fixed_width: '010' is not allowed"),
        ("weights:\n\n  mobile.fixed_wdith: 3\n", 3, "'mobile.fixed_wdith'; the nearest are mobile.fixed_width"),
        ("weights: {[a]: 3}\n", 1, "there is no check '?'"),
        ("weights: [mobile.fixed_width]\n", 1, "weights must be a mapping of check ids"),
        ("pitchable: {mobile.fixed_width: 0}\n", 1, "'0' is not allowed; give true or false"),
        ("pitchable:\n  security.headers_missing: true\n", 2, "a shopkeeper cannot see this fault"),
        ("pitchable:\n  security.headrs: false\n", 2, "pitchable: there is no check 'security.headrs'"),
        ("a: b: c\n", 1, "is not valid YAML"),
        ("threshold: !!python/object:os.system 65\n", 1, "is not allowed"),
        ("- threshold\n", 1, "a rubric file must be a mapping of threshold, category_weights, weights, pitchable"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_line_key_value_and_what_is_allowed(
    text: str, line: int, words: str
) -> None:
    with pytest.raises(FileError) as refused:
        read(text)
    assert str(refused.value).startswith(f"rubric.yaml:{line}: ")
    assert words in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "category_weights: {" + ", ".join(f"{name.value}: 0" for name in Category) + "}\n",
        "weights: {" + ", ".join(f"{check_id}: 0" for check_id in RUBRIC.rules) + "}\n",
    ],
    ids=["categories", "checks"],
)
def test_a_rubric_in_which_nothing_counts_is_refused(text: str) -> None:
    with pytest.raises(FileError, match=r"^rubric\.yaml:1: nothing has a weight above 0"):
        read(text)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"threshold: \x00", b"[" * 5_000], ids=["bytes", "nul", "nested"]
)
def test_bytes_that_are_no_yaml_are_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(FileError, match=r"^rubric\.yaml") as refused:
        read(content)
    assert len(str(refused.value)) < 500


def test_a_pitch_may_be_switched_off_and_on_but_not_invented() -> None:
    assert read(f"pitchable: {{{PITCHED}: true}}").pitchable == {PITCHED: True}
    invented = RubricChoice(pitchable={"security.headers_missing": True})
    assert not with_choice(RUBRIC, invented).rules["security.headers_missing"].is_pitchable


def test_a_file_kept_with_an_old_order_is_read_although_a_check_of_it_is_gone() -> None:
    kept = read_rubric_file("rubric.yaml", b"weights: {mobile.fixed_width: 3, craft.frames: 9}\n")
    assert kept.unknown_checks(RUBRIC) == ("craft.frames",)
    changed = with_choice(RUBRIC, kept)
    assert set(changed.rules) == set(RUBRIC.rules)
    assert changed.rules["mobile.fixed_width"].weight == 3


weights = st.integers(0, MAX_WEIGHT)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "threshold": st.integers(1, 100),
            "category_weights": st.dictionaries(st.sampled_from([name.value for name in Category]), weights),
            "weights": st.dictionaries(st.sampled_from(sorted(RUBRIC.rules)), weights),
            "pitchable": st.dictionaries(st.sampled_from([PITCHED]), st.booleans()),
        },
    )
)
def test_whatever_may_be_written_is_read_as_it_was_written(document: dict[str, object]) -> None:
    try:
        choice = read(yaml.safe_dump(document))
    except FileError as error:
        assert "nothing has a weight" in str(error)  # noqa: PT017  # all noughts
        return
    assert choice == RubricChoice(
        threshold=document.get("threshold"),  # type: ignore[arg-type]
        category_weights=document.get("category_weights", {}),  # type: ignore[arg-type]
        weights=document.get("weights", {}),  # type: ignore[arg-type]
        pitchable=document.get("pitchable", {}),  # type: ignore[arg-type]
    )


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@example(b"weights: *x\n")
@example(b"? [a]\n: b\n")
@example(b"threshold: 65\n---\nthreshold: 66\n")
def test_any_bytes_are_a_rubric_file_or_are_refused_in_a_line_that_names_it(content: bytes) -> None:
    try:
        read(content)
    except FileError as error:
        assert re.match(r"rubric\.yaml(:\d+)?: ", str(error))  # noqa: PT017  # both ways are right


def test_the_example_of_the_docs_is_valid() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rubric.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL):
        read(block)
