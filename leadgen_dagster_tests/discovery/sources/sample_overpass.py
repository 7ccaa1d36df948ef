"""What the contract test hands to the source `overpass`."""

from pathlib import Path

from leadgen_dagster.discovery.sources.base import SourceAccess
from leadgen_dagster_tests.discovery.sources.overpass_answers import answer
from leadgen_dagster_tests.discovery.sources.recorded_api import RecordedApi


def sample(_tmp_path: Path) -> tuple[SourceAccess, str]:
    return SourceAccess(api=RecordedApi(answer=answer).of), "Leeds"
