"""CSV after RFC 4180, for spreadsheets and CRMs.

It starts with a byte order mark, since Excel otherwise takes a double-clicked file for its legacy code page
and garbles every accent; pandas and the other spreadsheets skip the mark.
"""

import io
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from leadgen_dagster.exports.columns import Column, Kind
from leadgen_dagster.exports.formats.base import ID_COLUMN, ExportFormat

if TYPE_CHECKING:
    import pandas as pd

ENCODING = "utf-8-sig"
GUARD = "'"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_FORMULA_STARTS = frozenset("=+-@")
_INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_NUL = "\0"
_NUL_SHOWN = "\N{REPLACEMENT CHARACTER}"


def write(frame: "pd.DataFrame", columns: Sequence[Column]) -> bytes:
    safe = frame.copy()
    for column in columns:
        if column.kind in (Kind.TEXT, Kind.PHONE):
            safe[column.name] = frame[column.name].map(
                lambda text, kind=column.kind: safe_cell(text, kind), na_action="ignore"
            )
    text = safe.to_csv(index=False, lineterminator="\r\n", date_format="%Y-%m-%d")
    return text.encode(ENCODING)


def safe_cell(text: str, kind: Kind) -> str:
    """The text as a spreadsheet may have it; NUL, at which some readers stop, is shown as a replacement."""
    shown = text.replace(_NUL, _NUL_SHOWN)
    if kind is Kind.PHONE and _E164.fullmatch(shown):
        return shown
    return GUARD + shown if is_formula(shown) else shown


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might compute the text; full-width signs and what hides a sign count as well."""
    if text.startswith(("\t", "\r", "\n")):
        return True
    first = next((char for char in text if unicodedata.category(char) not in _INVISIBLE), "")
    return unicodedata.normalize("NFKC", first)[:1] in _FORMULA_STARTS


def read_ids(data: bytes) -> list[str]:
    import pandas as pd

    # The standard library's reader refuses fields of more than 128 KiB.
    frame = pd.read_csv(
        io.BytesIO(data), encoding=ENCODING, usecols=[ID_COLUMN], dtype="string", keep_default_na=False
    )
    return [str(cell) for cell in frame[ID_COLUMN]]


FORMAT = ExportFormat(suffix=".csv", write=write, read_ids=read_ids)
