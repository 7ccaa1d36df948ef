"""JSON Lines: one object a lead, every value unaltered, null where there is none."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from leadgen_dagster.exports.columns import Column, Kind
from leadgen_dagster.exports.formats.base import ID_COLUMN, ExportFormat

if TYPE_CHECKING:
    import pandas as pd

# JSON allows these inside a string, but many readers end a line at them.
_LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


def write(frame: "pd.DataFrame", columns: Sequence[Column]) -> bytes:
    plain = frame.copy()
    for column in columns:
        if column.kind is Kind.DAY:
            plain[column.name] = frame[column.name].dt.strftime("%Y-%m-%d")
    plain = plain.astype(object).where(frame.notna(), None)
    lines = [
        json.dumps(row, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS) + "\n"
        for row in plain.to_dict("records")
    ]
    return "".join(lines).encode()


def read_ids(data: bytes) -> list[str]:
    return [json.loads(line)[ID_COLUMN] for line in data.decode().split("\n") if line]


FORMAT = ExportFormat(suffix=".jsonl", write=write, read_ids=read_ids)
