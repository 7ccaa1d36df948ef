"""The export formats: one file each, one line of this registry each.

Parquet and JSON Lines hold every value unaltered. CSV and XLSX are opened in spreadsheets, where text can
act: there it is made harmless, and what a cell cannot hold is cut with a note.
"""

from collections.abc import Mapping
from types import MappingProxyType

from leadgen_dagster.exports.formats import csv, jsonl, parquet, xlsx
from leadgen_dagster.exports.formats.base import ExportFormat

FORMATS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        "csv": csv.FORMAT,
        "xlsx": xlsx.FORMAT,
        "parquet": parquet.FORMAT,
        "jsonl": jsonl.FORMAT,
    }
)
"""Every format by its name."""

__all__ = ["FORMATS", "ExportFormat"]
