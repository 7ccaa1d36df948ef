"""`rejects.csv`: the rows of the agency's own list that were not taken as they are, each with the reason.

It has the columns of the list, so that it can be mended in a spreadsheet and ordered as a source of its own; the
first column, the reason, is one that no list is read by.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping

from leadgen_dagster.exports.columns import Kind
from leadgen_dagster.exports.formats.csv import ENCODING, safe_cell

REASON = "reason"
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d+)?")


def rejects_csv(rows: Iterable[tuple[str, Mapping[str, str]]]) -> bytes:
    """The file, one line for each record; several reasons of one record stand together.

    Args:
        rows: a reason and the record as it was given; one without a record (of another source) is left out.
    """
    reasons: dict[tuple[tuple[str, str], ...], dict[str, None]] = {}
    for reason, record in rows:
        cells = tuple((column, cell) for column, cell in record.items() if column != REASON)
        if cells:
            reasons.setdefault(cells, {})[reason] = None
    columns = dict.fromkeys(column for record in reasons for column, _cell in record)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([REASON, *map(_safe, columns)])
    for cells, told in reasons.items():
        by_column = dict(cells)
        writer.writerow([_safe("; ".join(told)), *(_safe(by_column.get(column, "")) for column in columns)])
    return text.getvalue().encode(ENCODING)


def _safe(cell: str) -> str:
    """Nothing that a spreadsheet would compute; what is a number is one, whatever its sign."""
    return cell if _NUMBER.fullmatch(cell) else safe_cell(cell, Kind.PHONE)
