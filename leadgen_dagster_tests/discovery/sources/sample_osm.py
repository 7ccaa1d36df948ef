"""What the contract test hands to the source `osm`."""

from pathlib import Path

from leadgen_dagster.discovery.sources.base import SourceAccess


def sample(_tmp_path: Path) -> tuple[SourceAccess, str]:
    return SourceAccess(), "Helsinki"
