"""The agency's own list as a CSV file, as spreadsheets, CRMs and people write it."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from leadgen_dagster.discovery.sources.own_headers import TOP_ROWS, SheetRow, header_score
from leadgen_dagster.discovery.sources.own_list import MAX_BYTES, OwnListSource, Sheet
from leadgen_dagster.errors import FileError

DELIMITERS = ",;\t|"
NO_DELIMITER = "\x1f"
"""For a list of one column: a comma in a name is no delimiter there."""
SAID_DELIMITER = re.compile(r'"?sep=([^\r\n])"?\s*[\r\n]+', re.IGNORECASE)
"""What Excel writes, and takes, as a first line that is no row."""
MAX_LINES = 1_000
"""A cell with more lines than this was quoted by mistake."""
UNCLOSED = "a quotation mark is opened and never closed"

SIGNS = (
    "\xa0€…•®©°§£ºª²·«»“”„\N{EN DASH}\N{EM DASH}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
)
"""What may stand in a text of any language."""
WESTERN = "äöüßåéèêëàâçñóòíìáúùøæœïîôûãõýðþ"
POLISH = "ąćęłńóśźż"
CZECH_AND_SLOVAK = "áčďéěíľĺňóôŕřšťúůýžä"
READINGS = (
    ("cp1252", SIGNS + WESTERN + WESTERN.upper()),
    ("mac_roman", WESTERN + WESTERN.upper()),
    ("cp1250", SIGNS + POLISH + POLISH.upper()),
    ("cp1250", SIGNS + CZECH_AND_SLOVAK + CZECH_AND_SLOVAK.upper()),
)
"""Encodings of one byte a letter, the likelier first, and what is found beside ASCII in texts written in them."""
SCORED_BYTES = 2**20
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How an .xlsx and an .xls begin."""
SAMPLE_BYTES = 4_096


class CsvSource(OwnListSource):
    """A text file with a line for each row; delimiter and encoding are told from what stands in it."""

    name = "csv"

    def _sheets(self) -> Iterator[Sheet]:
        lines = _lines(self._path, self._label)
        said = SAID_DELIMITER.match(lines[0]) if lines else None
        if said:
            yield rows_of(lines[1:], said[1])
        else:
            yield rows_of(lines, _delimiter(lines, self._map))


# -------------------------------------------------------------------------------- encodings


def _lines(path: Path, label: str) -> list[str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(label, f"cannot be read ({error.strerror})") from error
    if len(content) > MAX_BYTES:
        raise FileError(label, f"larger than {MAX_BYTES // 2**20} MB; split it")
    if content.startswith(WORKBOOKS):
        raise FileError(
            label, "an Excel workbook and no CSV file; order it as xlsx:FILE, or save it as CSV UTF-8"
        )
    return list(io.StringIO(decode(content, label), newline=""))


def decode(content: bytes, label: str) -> str:
    """The text, by its byte order mark, else by what its bytes can be.

    A text that is UTF-8 but for some bytes is UTF-8 that was damaged; what is lost is shown as U+FFFD.

    Raises:
        FileError: it is in no encoding that is known.
    """
    if utf16 := _utf16(content):
        return content.decode(utf16, errors="replace").removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        damaged = content.decode("utf-8-sig", errors="replace")
    foreign = sum(not char.isascii() for char in damaged)
    if foreign > 2 * damaged.count("\ufffd"):
        return damaged
    text = _by_letters(content)
    if text is None:
        raise FileError(label, "neither UTF-8 nor Windows-1252 text; save it as CSV UTF-8")
    return text


def _utf16(content: bytes) -> str | None:
    """Told by its mark, or by the zeros that it has beside every Latin letter."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if content.startswith(b"\xff\xfe") else "utf-16-be"
    sample = content[:SAMPLE_BYTES]
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if max(first, second) * 5 > len(sample) > 2 and min(first, second) * 20 < len(sample):
        return "utf-16-be" if first > second else "utf-16-le"
    return None


def _by_letters(content: bytes) -> str | None:
    """The text in the reading with the fewest letters of other languages, the likelier encoding first.

    None where a byte is none of it, or where nothing speaks for an encoding that has all.
    """
    counts = Counter(byte for byte in content[:SCORED_BYTES] if byte > 127)
    foreign = {
        (encoding, letters): sum(
            count
            for byte, count in counts.items()
            if bytes((byte,)).decode(encoding, errors="replace") not in letters
        )
        for encoding, letters in READINGS
    }
    for encoding, letters in sorted(READINGS, key=foreign.__getitem__):
        if encoding == "cp1252" or foreign[encoding, letters] < counts.total():
            with suppress(UnicodeDecodeError):
                return content.decode(encoding)
    return None


# -------------------------------------------------------------------------------- rows


def _delimiter(lines: Sequence[str], column_map: Mapping[str, str]) -> str:
    """The sign under which the title line says most; of several, the one that splits it into most cells."""
    scores = {sign: header_score(islice(rows_of(lines, sign), TOP_ROWS), column_map) for sign in DELIMITERS}
    best = max(DELIMITERS, key=scores.__getitem__)
    return best if scores[best][2] > 1 else NO_DELIMITER


class _UnclosedError(Exception):
    """The reader asks for more lines than a cell may have."""


class _Feed:
    """Lines for the reader, which otherwise takes the whole rest of a file for the cell of a lost quotation mark."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.row_start = 0
        self.next_line = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        in_row = self.next_line > self.row_start
        if in_row and self.next_line in (len(self.lines), self.row_start + MAX_LINES):
            raise _UnclosedError
        if self.next_line == len(self.lines):
            raise StopIteration
        self.next_line += 1
        return self.lines[self.next_line - 1]


def rows_of(lines: Sequence[str], delimiter: str) -> Iterator[SheetRow]:
    """The rows that are not empty, numbered as a spreadsheet does; one that is no CSV costs its own line alone."""
    csv.field_size_limit(MAX_BYTES)
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    number = 0
    while feed.row_start < len(lines):
        number += 1
        fault = None
        try:
            cells = next(reader)
        except (csv.Error, _UnclosedError):
            feed.next_line = feed.row_start + 1
            cells, fault = _alone(lines[feed.row_start], delimiter)
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
        feed.row_start = feed.next_line
        if any(cell.strip() for cell in cells):
            yield SheetRow(number=number, cells=cells, fault=fault)


def _alone(line: str, delimiter: str) -> tuple[list[str], str | None]:
    """A line that is read less strictly, since it has a quotation mark amid a cell; or what is wrong with it."""
    try:
        return next(csv.reader(_Feed([line]), delimiter=delimiter)), None
    except (csv.Error, _UnclosedError):
        return [line.rstrip("\r\n")], UNCLOSED
