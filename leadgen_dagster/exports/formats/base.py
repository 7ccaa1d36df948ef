"""What every export format is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadgen_dagster.exports.columns import Column

if TYPE_CHECKING:
    import pandas as pd

ID_COLUMN = "business_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """A way to write the table of leads, the same bytes for the same leads."""

    suffix: str
    """With its dot."""
    write: "Callable[[pd.DataFrame, Sequence[Column]], bytes]"
    read_ids: Callable[[bytes], list[str]]
    """The business ids of a file of this format, row by row: what proves that it can be read back."""
