"""The agency's own list as an Excel workbook.

Read as a stream by openpyxl: a reader that holds a sheet as one rectangle asks for 500 GB where a workbook of 5 KB
has a stray cell in its last corner.
"""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from typing import IO, TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from leadgen_dagster.discovery.sources.base import Note
from leadgen_dagster.discovery.sources.own_headers import SheetRow
from leadgen_dagster.discovery.sources.own_list import MAX_BYTES, OwnListSource, Sheet
from leadgen_dagster.discovery.words import clean_line
from leadgen_dagster.errors import FileError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MAX_INFLATED = 512 * 2**20
"""A workbook of a hundred thousand rows has about 100 MB unpacked."""
MAX_ROWS = 1_048_576
MAX_COLUMNS = 512
MAX_CELLS = 5_000_000
MAX_BLANK_ROWS = 10_000
"""Formatting often reaches to the last row of a sheet; beneath so many empty rows there is no list."""
MAX_SHEETS = 20
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
"""How an old .xls begins, and a workbook under a password."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZEROS = re.compile(r"(?:\[\$?[^\]]*\])?(0{2,})")
"""The number format that shows the zeros at the front of a postcode."""
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a character that XML cannot have."""
EXACT = 1e15
MIDNIGHT = time()
MAX_TOLD = 120
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    AssertionError,
)
"""What openpyxl and what it reads with raise over a file that is none."""


class XlsxSource(OwnListSource):
    """The first visible sheet that has a title line; formulas are read as Excel last computed them."""

    name = "xlsx"
    rows_may_be_wider = True

    def _sheets(self) -> Iterator[Sheet]:
        """Each sheet is read as a whole: nothing of a damaged one is used."""
        self._check_file()
        with self._path.open("rb") as file:
            with self._damage_told():
                workbook = _open(file)
            sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
            for sheet in sheets[:MAX_SHEETS]:
                with self._damage_told():
                    rows = list(self._rows(sheet))
                if others := [repr(clean_line(other.title)) for other in sheets if other is not sheet]:
                    read = f"sheet {clean_line(sheet.title)!r} was read, and not {', '.join(others)}"
                    rows.append(Note(f"{self._label}: {read}"))
                yield rows

    def _check_file(self) -> None:
        """Refuses what is no workbook, and what would not fit into memory, before anything is unpacked."""
        with self._damage_told():
            content = self._path.read_bytes() if self._path.stat().st_size <= MAX_BYTES else None
            if content is None:
                raise FileError(self._label, f"larger than {MAX_BYTES // 2**20} MB; split it")
            if content.startswith(OLE):
                is_locked = ENCRYPTED in content
                raise FileError(
                    self._label,
                    "protected by a password; save it without one"
                    if is_locked
                    else "an old .xls workbook; save it as .xlsx",
                )
            if not content.startswith(ZIP):
                raise FileError(
                    self._label, "no Excel workbook (.xlsx); a text file is read when ordered as csv:FILE"
                )
            with zipfile.ZipFile(self._path) as parts:
                unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_INFLATED:
            raise FileError(
                self._label,
                f"it unpacks to {unpacked // 2**20} MB, and {MAX_INFLATED // 2**20} are read; split it",
            )

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        try:
            with warnings.catch_warnings():
                # What openpyxl does not keep when it writes a workbook again is nothing to a reader.
                warnings.simplefilter("ignore")
                yield
        except DAMAGE as error:
            said = error.strerror if isinstance(error, OSError) else str(error)
            why = clean_line(said or "")[:MAX_TOLD] or type(error).__name__
            raise FileError(self._label, f"damaged, cut off, or no Excel workbook (.xlsx): {why}") from error

    def _rows(self, sheet: "ReadOnlyWorksheet") -> Iterator[SheetRow | Note]:
        sheet.reset_dimensions()  # what a workbook says of its own size is often wrong
        cell_count = blank_rows = 0
        for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS), start=1):
            texts = [_text(cell) for cell in cells[:MAX_COLUMNS]]
            while texts and not texts[-1].strip():
                texts.pop()
            if texts:
                yield SheetRow(number=number, cells=texts)
            blank_rows = 0 if texts else blank_rows + 1
            if blank_rows == MAX_BLANK_ROWS:
                yield Note(
                    f"{self._label}: nothing below row {number - blank_rows} of sheet "
                    f"{clean_line(sheet.title)!r} was read: so many empty rows follow it"
                )
                return
            cell_count += len(cells)
            if cell_count > MAX_CELLS:
                raise FileError(self._label, f"more than {MAX_CELLS:,} cells; split it", line=number)


def _open(file: IO[bytes]) -> "Workbook":
    from openpyxl import load_workbook

    return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _text(cell: "ReadOnlyCell") -> str:
    """The cell as the sheet shows it, as far as a list needs."""
    value = cell.value
    match value:
        case None:
            return ""
        case str():
            return ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        case bool():
            return str(value).upper()
        case datetime() if value.time() == MIDNIGHT:
            return value.date().isoformat()
        case int() | float():
            whole = f"{value:.0f}" if float(value).is_integer() and abs(value) < EXACT else repr(value)
            zeros = ZEROS.fullmatch(cell.number_format)
            return whole.zfill(len(zeros[1])) if zeros else whole
        case _:
            return str(value)
