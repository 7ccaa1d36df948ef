"""Rows that were not taken, and the way back."""

import csv
import io
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.sources.base import Rejected, SourceAccess, SourceItem, Unread
from leadgen_dagster.discovery.sources.csv_file import CsvSource
from leadgen_dagster.exports.formats.csv import is_formula
from leadgen_dagster.exports.rejects import rejects_csv
from leadgen_dagster_tests.discovery.builders import request_for


def read(path: Path) -> list[SourceItem]:
    return list(CsvSource(SourceAccess(path=path, label=path.name)).places(request_for("Helsinki")))


def rejects_of(items: list[SourceItem]) -> bytes:
    return rejects_csv([(item.reason, item.record) for item in items if isinstance(item, Rejected | Unread)])


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_rows_that_were_not_taken_are_mended_in_a_spreadsheet_and_taken(tmp_path: Path) -> None:
    given_list = tmp_path / "leads.csv"
    given_list.write_text(
        "Firma;E-Mail;Telefon;Notiz;lat\n"
        "Kitch;a@b;+358 9 666001;=later;-33.5\n"
        ";b@savoy.fi;+3589666002;- not yet;\n"
        "Torni;c@torni.fi;;;\n",
        encoding="utf-8",
    )
    content = rejects_of(read(given_list))
    assert content.startswith(b"\xef\xbb\xbf")
    titles, kitch, savoy = rows_of(content)
    assert titles == ["reason", "Firma", "E-Mail", "Telefon", "Notiz", "lat"]
    assert kitch == [
        "leads.csv: row 2, column email: 'a@b' is not an address; the cell was left out",
        *("Kitch", "a@b", "'+358 9 666001", "'=later", "-33.5"),
    ]
    assert savoy[1:] == ["", "b@savoy.fi", "+3589666002", "'- not yet", ""]
    mended = tmp_path / "rejects.csv"
    mended.write_bytes(
        content.replace(b"Kitch,a@b", b"Kitch,a@kitch.fi").replace(b",,b@savoy", b",Savoy,b@savoy")
    )
    places = read(mended)
    assert all(isinstance(place, Place) for place in places)
    assert [(place.name, place.email, place.phone) for place in places if isinstance(place, Place)] == [
        ("Kitch", "a@kitch.fi", "+358 9 666001"),
        ("Savoy", "b@savoy.fi", "+3589666002"),
    ]


def test_what_was_not_mended_is_rejected_again_for_the_same_reason(tmp_path: Path) -> None:
    given_list = tmp_path / "leads.csv"
    given_list.write_text(f'name,street\n=A1,x\nK\0tch,x\n"Kitch,Bar,x\n{"x" * 5_000},\n', encoding="utf-8")
    first = rows_of(rejects_of(read(given_list)))
    given_list.write_bytes(rejects_of(read(given_list)))
    second = rows_of(rejects_of(read(given_list)))
    assert len(first) == 5
    assert [row[1:] for row in second] == [row[1:] for row in first]


def test_a_record_stands_once_with_all_that_is_wrong_with_it() -> None:
    kitch = {"name": "Kitch", "email": "a@b"}
    content = rejects_csv([("no address", kitch), ("no phone", kitch), ("no id", {}), ("x", {"Firma": "S"})])
    assert rows_of(content) == [
        ["reason", "name", "email", "Firma"],
        ["no address; no phone", "Kitch", "a@b", ""],
        ["x", "", "", "S"],
    ]


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=20), max_size=4))
def test_no_cell_is_one_that_a_spreadsheet_computes(record: dict[str, str]) -> None:
    cells = [cell for row in rows_of(rejects_csv([("=1", record)])) for cell in row]
    assert not any(is_formula(cell) and cell.strip("+-0123456789.,") for cell in cells)
