"""What the contract test hands to the source `csv`."""

from pathlib import Path

from leadgen_dagster.discovery.sources.base import SourceAccess


def sample(tmp_path: Path) -> tuple[SourceAccess, str]:
    path = tmp_path / "list.csv"
    path.write_text("name,phone\nOsteria,09 666001\n", encoding="utf-8")
    return SourceAccess(path=path, label="list.csv"), "Helsinki"
