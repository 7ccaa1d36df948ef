"""XLSX for people: numbers and days are such, text is never a formula or a link, the header stays."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from leadgen_dagster.exports.columns import Column, Kind
from leadgen_dagster.exports.formats.base import ID_COLUMN, ExportFormat

if TYPE_CHECKING:
    import pandas as pd

CELL_LIMIT = 32_767
"""UTF-16 units in one cell; Excel calls a file with more of them damaged."""
CUT_NOTE = " … [cut; the whole text is in the .jsonl file]"
SHEET = "Leads"
WIDTHS = range(9, 49)
_ROWS_MEASURED = 200
# A file with a time of writing in it would be another one each time.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  # a property of the format that has no zone
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def write(frame: "pd.DataFrame", columns: Sequence[Column]) -> bytes:
    import pandas as pd

    safe = frame.copy()
    for column in columns:
        if column.kind in (Kind.TEXT, Kind.PHONE):
            safe[column.name] = frame[column.name].map(safe_cell, na_action="ignore")
    legend = pd.DataFrame(
        [(column.name, column.kind.value, column.description) for column in columns],
        columns=["column", "kind", "description"],
    )
    buffer = io.BytesIO()
    with pd.ExcelWriter(
        buffer, engine="xlsxwriter", datetime_format="yyyy-mm-dd", engine_kwargs={"options": _OPTIONS}
    ) as writer:
        writer.book.set_properties({"created": _CREATED})
        for name, table in ((SHEET, safe), ("Columns", legend)):
            _write_sheet(writer, name, table)
    return buffer.getvalue()


def _write_sheet(writer: "pd.ExcelWriter", name: str, table: "pd.DataFrame") -> None:
    table.to_excel(writer, sheet_name=name, index=False, header=False, startrow=1)
    sheet = writer.sheets[name]
    header = writer.book.add_format({"bold": True, "bg_color": "#E8EEF0", "bottom": 1, "valign": "vcenter"})
    sheet.set_row(0, 22)
    for index, title in enumerate(table.columns):
        sheet.write_string(0, index, title, header)
        sheet.set_column(index, index, _width(title, table[title]))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)


def _width(title: str, cells: "pd.Series[str]") -> int:
    longest = max((len(str(cell)) for cell in cells.head(_ROWS_MEASURED).dropna()), default=0)
    return min(max(longest + 1, len(title) + 4, WIDTHS.start), WIDTHS.stop)


def safe_cell(text: str) -> str:
    """The text as an XLSX cell may have it."""
    if text.startswith("<r>") and text.endswith("</r>"):
        # The writer would take such a text for markup of its own and not escape it.
        text += " "
    return _cut(text) if len(text) > CELL_LIMIT // 2 else text


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    room = 2 * (CELL_LIMIT - len(CUT_NOTE))
    return units[:room].decode("utf-16-le", "ignore") + CUT_NOTE


def read_ids(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        texts = [
            "".join(part.text or "" for part in item.iter(f"{_NS}t"))
            for item in ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314  # what `write` gave
        ]
        rows = list(_rows(book.read("xl/worksheets/sheet1.xml"), texts))
    column = next(letters for letters, title in rows[0].items() if title == ID_COLUMN)
    return [row[column] for row in rows[1:]]


def _rows(sheet: bytes, texts: Sequence[str]) -> Iterator[dict[str, str]]:
    """The text cells of each row, by the letters of their columns."""
    for row in ET.fromstring(sheet).iter(f"{_NS}row"):  # noqa: S314  # what `write` gave
        yield {
            re.sub(r"\d", "", cell.attrib["r"]): texts[int(cell.findtext(f"{_NS}v", ""))]
            for cell in row
            if cell.get("t") == "s"
        }


FORMAT = ExportFormat(
    suffix=".xlsx",
    write=write,
    read_ids=read_ids,
)
