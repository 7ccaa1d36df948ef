"""What the contract test hands to the source `xlsx`."""

from pathlib import Path

from openpyxl import Workbook

from leadgen_dagster.discovery.sources.base import SourceAccess


def sample(tmp_path: Path) -> tuple[SourceAccess, str]:
    book = Workbook()
    book.worksheets[0].append(["name", "phone"])
    book.worksheets[0].append(["Osteria", "09 666001"])
    path = tmp_path / "list-without-suffix"
    book.save(path)
    return SourceAccess(path=path, label="list.xlsx"), "Helsinki"
