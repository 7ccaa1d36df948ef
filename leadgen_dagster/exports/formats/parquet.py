"""Parquet for analysis: every value unaltered and typed; descriptions and attribution stand in the schema."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from leadgen_dagster.exports.columns import Column, Kind
from leadgen_dagster.exports.formats.base import ID_COLUMN, ExportFormat
from leadgen_dagster.exports.values import SEPARATOR

if TYPE_CHECKING:
    import pandas as pd


def write(frame: "pd.DataFrame", columns: Sequence[Column]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    types = {
        Kind.TEXT: pa.string(),
        Kind.PHONE: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.DECIMAL: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.DAY: pa.date32(),
    }
    schema = pa.schema(
        [
            pa.field(column.name, types[column.kind], metadata={"description": column.description})
            for column in columns
        ],
        metadata={name: _every(frame[name]) for name in ("attributions", "licences")},
    )
    table = pa.table(
        [pa.array(frame[field.name], type=field.type, from_pandas=True) for field in schema], schema
    )
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _every(cells: "pd.Series[str]") -> str:
    """What stands in any of the cells, each once."""
    return SEPARATOR.join(sorted({part for cell in cells.dropna() for part in cell.split(SEPARATOR)}))


def read_ids(data: bytes) -> list[str]:
    from pyarrow import parquet

    ids: list[str] = parquet.read_table(io.BytesIO(data), columns=[ID_COLUMN])[ID_COLUMN].to_pylist()
    return ids


FORMAT = ExportFormat(suffix=".parquet", write=write, read_ids=read_ids)
