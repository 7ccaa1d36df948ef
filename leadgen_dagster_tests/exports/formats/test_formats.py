"""What every export format promises."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from pyarrow import parquet

from leadgen_dagster.exports.columns import Kind, columns_of, lead_table
from leadgen_dagster.exports.formats import FORMATS
from leadgen_dagster.exports.formats.csv import safe_cell as safe_csv_cell
from leadgen_dagster.exports.leads import Lead
from leadgen_dagster_tests.exports.samples import HOSTILE_NAMES, RUN_ID, bare_lead, make_lead, named_leads

COLUMNS = columns_of(RUN_ID)
KINDS = {column.name: column.kind for column in COLUMNS}
EXACT = ("parquet", "jsonl")
LEADS = [make_lead(), bare_lead()]
Rows = list[dict[str, Any]]


def _csv_value(text: str, kind: Kind) -> object:
    if text == "":
        return None
    parse = {
        Kind.INTEGER: int,
        Kind.DECIMAL: float,
        Kind.DAY: date.fromisoformat,
        Kind.FLAG: {"True": True, "False": False}.__getitem__,
    }
    return parse.get(kind, str)(text)


def _read_csv(data: bytes) -> Rows:
    csv.field_size_limit(10_000_000)
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [{name: _csv_value(text, KINDS[name]) for name, text in row.items()} for row in rows]


def _read_xlsx(data: bytes) -> Rows:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Leads"]
    header, *rows = sheet.iter_rows(values_only=True)
    plain = [[cell.date() if isinstance(cell, datetime) else cell for cell in row] for row in rows]
    # With no lead there is one blank row for the filter to lie on.
    return [dict(zip(header, row, strict=True)) for row in plain if any(cell is not None for cell in row)]


def _read_jsonl(data: bytes) -> Rows:
    rows = [json.loads(line) for line in data.decode().splitlines()]
    for row in rows:
        for name, value in row.items():
            if KINDS[name] is Kind.DAY and value:
                row[name] = date.fromisoformat(value)
    return rows


def _read_parquet(data: bytes) -> Rows:
    return parquet.read_table(io.BytesIO(data)).to_pylist()


READERS = {"csv": _read_csv, "xlsx": _read_xlsx, "jsonl": _read_jsonl, "parquet": _read_parquet}


def written(name: str, leads: Sequence[Lead]) -> bytes:
    return FORMATS[name].write(lead_table(leads, run_id=RUN_ID), COLUMNS)


def expected(leads: Sequence[Lead]) -> Rows:
    frame = lead_table(leads, run_id=RUN_ID)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    for row in rows:
        for name, value in row.items():
            if KINDS[name] is Kind.DAY and value is not None:
                row[name] = value.date()
    return rows


def test_every_format_has_a_reader_here() -> None:
    assert set(READERS) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_the_suffix_is_the_name_of_the_format(name: str) -> None:
    assert FORMATS[name].suffix == f".{name}"


@pytest.mark.parametrize("name", FORMATS)
def test_every_value_of_every_kind_comes_back_with_its_type(name: str) -> None:
    assert READERS[name](written(name, LEADS)) == expected(LEADS)


@pytest.mark.parametrize("name", FORMATS)
def test_no_leads_give_a_readable_file_without_rows(name: str) -> None:
    data = written(name, [])
    assert READERS[name](data) == []
    assert FORMATS[name].read_ids(data) == []


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_leads_give_the_same_bytes(name: str) -> None:
    assert written(name, LEADS) == written(name, LEADS)


def test_xlsx_holds_no_time_of_writing() -> None:
    with zipfile.ZipFile(io.BytesIO(written("xlsx", LEADS))) as book:
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert set(re.findall(rb"\d{4}-\d\d-\d\dT", book.read("docProps/core.xml"))) == {b"2000-01-01T"}


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_names_leave_every_row_and_id_in_place(name: str) -> None:
    leads = named_leads(*HOSTILE_NAMES)
    ids = FORMATS[name].read_ids(written(name, leads))
    assert sorted(ids) == sorted(lead.business.id for lead in leads)
    assert len(READERS[name](written(name, leads))) == len(leads)


@pytest.mark.parametrize("name", EXACT)
def test_exact_formats_never_alter_a_text(name: str) -> None:
    names = [text for text in HOSTILE_NAMES if "\ud800" not in text]
    rows = READERS[name](written(name, named_leads(*names)))
    assert {row["name"] for row in rows} == set(names)


def test_no_xlsx_cell_is_a_formula_or_a_link() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", named_leads(*HOSTILE_NAMES))))
    cells = [cell for row in book["Leads"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    assert not [cell for cell in cells if cell.hyperlink]


def test_xlsx_shows_the_name_as_it_is() -> None:
    names = {'=HYPERLINK("http://evil.example","Menu")', "+1+1", "<b>", "مطعم الشام", "Café 🍰", "two\nlines"}
    rows = _read_xlsx(written("xlsx", named_leads(*names)))
    assert {row["name"] for row in rows} == names


def test_xlsx_keeps_the_header_in_sight_and_offers_a_filter() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", LEADS)))["Leads"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert all(8 < width.width < 50 for width in sheet.column_dimensions.values())


def test_xlsx_explains_its_columns_on_a_second_sheet() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", LEADS)))["Columns"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == list(KINDS)


@pytest.mark.parametrize("char", ["x", "🍰"])
def test_a_megabyte_is_cut_with_a_note_in_xlsx_and_whole_elsewhere(char: str) -> None:
    text = "=" + char * 500_000
    leads = named_leads(text)
    cell = _read_xlsx(written("xlsx", leads))[0]["name"]
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell.endswith("the whole text is in the .jsonl file]")
    assert _read_csv(written("csv", leads))[0]["name"] == f"'{text}"
    for name in EXACT:
        assert READERS[name](written(name, leads))[0]["name"] == text


def test_csv_starts_with_the_mark_that_excel_needs_and_ends_lines_as_rfc_4180_says() -> None:
    data = written("csv", LEADS)
    assert data.startswith(b"\xef\xbb\xbfname,lead_class,")
    assert data.count(b"\r\n") == 3


def test_csv_neutralises_every_formula_and_leaves_a_phone_alone() -> None:
    for row in _read_csv(written("csv", named_leads(*HOSTILE_NAMES))):
        assert row["phone"] == "+441914980101"
        assert row["longitude"] == -1.42
        assert not row["name"].lstrip().startswith(("=", "+", "-", "@"))


def test_a_phone_that_is_no_phone_is_neutralised() -> None:
    assert safe_csv_cell("+44191498010", Kind.PHONE) == "+44191498010"
    assert safe_csv_cell("+44191498010", Kind.TEXT) == "'+44191498010"
    assert safe_csv_cell("+1+cmd|' /C calc'!A0", Kind.PHONE) == "'+1+cmd|' /C calc'!A0"
    assert safe_csv_cell("+441914980101\n=1", Kind.PHONE) == "'+441914980101\n=1"


def test_parquet_carries_descriptions_and_attribution_in_its_schema() -> None:
    schema = parquet.read_schema(io.BytesIO(written("parquet", LEADS)))
    assert schema.metadata[b"attributions"].decode() == "Port Linden, a fictional town"
    assert schema.metadata[b"licences"] == b"CC0-1.0"
    for column in COLUMNS:
        assert schema.field(column.name).metadata[b"description"].decode() == column.description
