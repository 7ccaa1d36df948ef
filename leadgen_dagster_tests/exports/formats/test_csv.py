"""CSV under any text."""

import csv
import io
import unicodedata

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.exports.columns import Column, Kind
from leadgen_dagster.exports.formats.csv import ENCODING, FORMAT, is_formula, safe_cell
from leadgen_dagster_tests.exports.samples import HOSTILE_NAMES

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.builds(
        "{}{}{}".format,
        st.text(" \t\r\n\0\u200b\u202e"),
        st.sampled_from(SIGNS),
        st.text("=1+A,;\"'\n"),
    ),
)
STARTERS = ("=", "+", "-", "@", "\t", "\r")


@given(TEXTS)
def test_no_written_cell_can_be_computed(text: str) -> None:
    cell = safe_cell(text, Kind.TEXT)
    assert not cell.startswith(STARTERS)
    assert not is_formula(cell)
    visible = cell.lstrip()
    assert not unicodedata.normalize("NFKC", visible[:1]).startswith(STARTERS)


@given(TEXTS)
def test_a_text_changes_by_no_more_than_the_guard_and_nul(text: str) -> None:
    shown = text.replace("\0", "\ufffd")
    assert safe_cell(text, Kind.TEXT) in {shown, f"'{shown}"}


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_what_is_written_is_what_any_reader_gets(texts: list[str]) -> None:
    columns = (Column("business_id", Kind.TEXT, "Id.", str), Column("name", Kind.TEXT, "Name.", str))
    ids = [str(index) for index in range(len(texts))]
    frame = pd.DataFrame({"business_id": ids, "name": texts}, dtype="string")
    data = FORMAT.write(frame, columns)
    rows = list(csv.reader(io.StringIO(data.decode(ENCODING), newline="")))
    assert rows == [
        ["business_id", "name"],
        *([key, safe_cell(text, Kind.TEXT)] for key, text in zip(ids, texts, strict=True)),
    ]
    assert FORMAT.read_ids(data) == ids


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_number_in_e164_is_left_alone(number: str) -> None:
    assert safe_cell(number, Kind.PHONE) == number


def test_the_known_tricks_are_seen_through() -> None:
    assert sum(is_formula(name) for name in HOSTILE_NAMES) == 9
