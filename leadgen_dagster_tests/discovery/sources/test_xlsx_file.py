import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.sources.base import Note, Rejected, SourceAccess, SourceItem
from leadgen_dagster.discovery.sources.xlsx_file import XlsxSource
from leadgen_dagster.errors import FileError
from leadgen_dagster_tests.discovery.builders import request_for

SHEET = "xl/worksheets/sheet1.xml"


def read(path: Path) -> list[SourceItem]:
    return list(XlsxSource(SourceAccess(path=path, label="leads.xlsx")).places(request_for("Helsinki")))


def read_places(path: Path) -> list[Place]:
    return [item for item in read(path) if isinstance(item, Place)]


def saved(book: Workbook, tmp_path: Path) -> Path:
    path = tmp_path / "stored-under-its-hash"
    book.save(path)
    return path


def with_sheet(path: Path, sheet_data: str) -> Path:
    """The workbook with other rows."""
    parts = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in parts.namelist():
            xml = (
                '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                f'<dimension ref="A1"/><sheetData>{sheet_data}</sheetData></worksheet>'
            )
            changed.writestr(part, xml if part == SHEET else parts.read(part))
    return path


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_cells_are_read_as_the_sheet_shows_them(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Kundenliste 2026"])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(
        ["Nr", "Firma", "Straße", "Hausnr.", "PLZ", "Ort", "Telefon", "lat", "lon", "Stand", "Filiale"]
    )
    name = CellRichText("Kä", TextBlock(InlineFont(b=True), "se"), "könig")
    sheet.append(
        [7.0, name, "Büßerweg", 12, 1067, None, 358501234567.0, 60.17, 24.94, date(2026, 3, 4), True]
    )
    sheet["E4"].number_format = "00000"
    sheet.row_dimensions[4].hidden = True
    (place,) = read_places(saved(book, tmp_path))
    assert (place.source_id, place.name, place.street, place.postcode) == (
        "7",
        "Käsekönig",
        "Büßerweg 12",
        "01067",
    )
    assert (place.city, place.phone, place.latitude, place.last_edited) == (
        None,
        "358501234567",
        60.17,
        date(2026, 3, 4),
    )


def test_a_formula_is_read_as_it_was_last_computed_and_one_that_never_was_is_empty(tmp_path: Path) -> None:
    path = saved(Workbook(), tmp_path)
    with_sheet(
        path,
        f'<row r="1">{inline("A1", "name")}</row>'
        '<row r="2"><c r="A2" t="str"><f>"Ki"&amp;"tch"</f><v>Kitch</v></c></row>'
        '<row r="3"><c r="A3"><f>B3</f></c><c r="B3"><v>1</v></c></row>',
    )
    place, rejected = read(path)
    assert isinstance(place, Place)
    assert place.name == "Kitch"
    assert rejected == Rejected(
        "leads.xlsx: row 3, column name: '' is empty; the row was left out", {"name": "", "column B": "1"}
    )


def test_the_first_visible_sheet_with_titles_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "Deckblatt"
    book.worksheets[0].append(["Unsere Kunden"])
    hidden = book.create_sheet("alt")
    hidden.append(["name"])
    hidden.append(["Torni"])
    hidden.sheet_state = "hidden"
    for title, name in (("2026", "Kitch"), ("2025", "Savoy")):
        sheet = book.create_sheet(title)
        sheet.append(["name"])
        sheet.append([name])
    place, note = read(saved(book, tmp_path))
    assert isinstance(place, Place)
    assert place.name == "Kitch"
    assert note == Note("leads.xlsx: sheet '2026' was read, and not 'Deckblatt', '2025'")


def test_a_workbook_without_titles_says_what_its_first_sheet_has(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["foo", "bar"])
    book.create_sheet("second")
    with pytest.raises(FileError, match=r"^leads\.xlsx:1: no column says the name; .* has: foo, bar$"):
        read(saved(book, tmp_path))


def test_what_xml_cannot_hold_is_told_of_its_row_and_the_next_one_is_read(tmp_path: Path) -> None:
    path = saved(Workbook(), tmp_path)
    rows = ["K_x0000_tch", "x" * 40_000, "=HYPERLINK(&quot;x&quot;)", "Sa_x200E_voy", "A_x005F_x0041_B"]
    with_sheet(
        path,
        f'<row r="1">{inline("A1", "name")}</row>'
        + "".join(
            f'<row r="{row}">{inline(f"A{row}", name)}</row>' for row, name in enumerate(rows, start=2)
        ),
    )
    items = read(path)
    assert [item.name for item in items if isinstance(item, Place)] == ["Savoy", "A_x0041_B"]
    assert [item.reason.partition(": ")[2][:5] for item in items if isinstance(item, Rejected)] == [
        "row 2",
        "row 3",
        "row 4",
    ]


def test_a_stray_cell_in_the_last_corner_costs_no_memory_and_what_lies_beneath_is_told(
    tmp_path: Path,
) -> None:
    path = saved(Workbook(), tmp_path)
    with_sheet(
        path,
        f'<row r="1">{inline("A1", "name")}</row><row r="2">{inline("A2", "Kitch")}</row>'
        f'<row r="1048576">{inline("XFD1048576", "stray")}</row>',
    )
    place, note = read(path)
    assert isinstance(place, Place)
    assert place.name == "Kitch"
    assert note == Note(
        "leads.xlsx: nothing below row 2 of sheet 'Sheet' was read: so many empty rows follow it"
    )


def test_a_sheet_of_too_many_cells_is_refused(tmp_path: Path) -> None:
    path = saved(Workbook(), tmp_path)
    row = "".join(f'<row r="{row}">{inline(f"XFD{row}", "x")}</row>' for row in range(1, 400))
    with pytest.raises(FileError, match=r"^leads\.xlsx:\d+: more than 5,000,000 cells; split it$"):
        read(with_sheet(path, row))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadgen_dagster.discovery.sources.xlsx_file.MAX_INFLATED", 2**20)
    path = saved(Workbook(), tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image.bin", bytes(3 * 2**20))
    with pytest.raises(FileError, match=r"^leads\.xlsx: it unpacks to 3 MB, and 1 are read; split it$"):
        read(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no Excel workbook"),
        (b"name\nKitch\n", "no Excel workbook"),
        (b"PK\x03\x04", "damaged, cut off, or no Excel workbook"),
        (b"\xd0\xcf\x11\xe0 old", "an old .xls workbook; save it as .xlsx"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password; save it without one",
        ),
    ],
)
def test_what_is_no_workbook_is_one_clear_line(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "stored"
    path.write_bytes(content)
    with pytest.raises(FileError, match=rf"^leads\.xlsx: {why}"):
        read(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    book = Workbook()
    book.worksheets[0].append(["name", "Stand"])
    for number in range(20):
        book.worksheets[0].append([f"Kitch {number}", date(2026, 1, 1)])
    return saved(book, tmp_path_factory.mktemp("whole")).read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_workbook_gives_all_of_its_rows_or_one_line(
    tmp_path: Path, whole: bytes, data: st.DataObject
) -> None:
    path = tmp_path / "stored"
    place = data.draw(st.integers(0, len(whole) - 1))
    is_cut = data.draw(st.booleans())
    flipped = bytes([whole[place] ^ data.draw(st.integers(1, 255))])
    path.write_bytes(whole[:place] if is_cut else whole[:place] + flipped + whole[place + 1 :])
    count = 20
    with suppress(FileError):
        count = len(read_places(path))
    assert count == 20
