"""What the contract test hands to the source `foursquare`."""

from pathlib import Path

from leadgen_dagster.discovery.sources.base import SourceAccess
from leadgen_dagster_tests.discovery.sources.parquet_samples import foursquare_row, write_parquet


def sample(tmp_path: Path) -> tuple[SourceAccess, str]:
    path = write_parquet(tmp_path / "places.parquet", [foursquare_row(1), foursquare_row(2)])
    return SourceAccess(path=path, label="places.parquet"), "Helsinki"
