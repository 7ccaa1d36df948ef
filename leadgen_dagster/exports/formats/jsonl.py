"""JSON Lines: one object a lead, every value unaltered, null where there is none."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from leadgen_dagster.exports.columns import Column, Kind
from leadgen_dagster.exports.formats.base import ID_COLUMN, ExportFormat

if TYPE_CHECKING:
    import pandas as pd

# JSON allows these inside a string, but many readers end a line at them.
_LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


def write(frame: "pd.DataFrame", columns: Sequence[Column]) -> bytes:
    days = {column.name for column in columns if column.kind is Kind.DAY}
    cells = [_cells(frame[name], is_day=name in days) for name in frame.columns]
    lines = [
        json.dumps(dict(zip(frame.columns, row, strict=True)), ensure_ascii=False, allow_nan=False)
        for row in zip(*cells, strict=True)
    ]
    return "".join(f"{line.translate(_LINE_ENDS)}\n" for line in lines).encode()


def _cells(values: "pd.Series[Any]", *, is_day: bool) -> list[object]:
    """Plain values; column by column, for a mask over the whole table takes longer than all the rest."""
    plain = values.dt.strftime("%Y-%m-%d") if is_day else values
    missing = values.isna().tolist()
    return [None if is_none else value for value, is_none in zip(plain.tolist(), missing, strict=True)]


def read_ids(data: bytes) -> list[str]:
    return [json.loads(line)[ID_COLUMN] for line in data.decode().split("\n") if line]


FORMAT = ExportFormat(suffix=".jsonl", write=write, read_ids=read_ids)
