"""The docs say what is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from leadgen_dagster.agency import load_agency, missing_identity
from leadgen_dagster.cli.sources import sources
from leadgen_dagster.discovery.sources import SOURCES
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SOURCES_PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_settings_table_names_every_setting_with_its_meaning_and_no_other() -> None:
    rows = dict(re.findall(r"^\| `LEADGEN_([A-Z_]+)` \|[^|]*\| (.+) \|$", README, re.MULTILINE))
    assert rows == {name.upper(): field.description for name, field in Settings.model_fields.items()}


def test_every_variable_that_the_docs_mention_is_a_setting() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    mentioned = set(re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", README + ARCHITECTURE + example))
    assert mentioned <= {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\]\(((?!https?:)[^)#]+)\)", README + ARCHITECTURE))))
def test_a_link_into_the_project_leads_somewhere(name: str) -> None:
    assert (ROOT / name).exists() or (ROOT / "docs" / name).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:leadgen_dagster|benchmarks)[\w/]*)`", README))))
def test_a_directory_of_the_readme_exists(path: str) -> None:
    assert (ROOT / path).is_dir()


def test_every_command_of_the_readme_is_known_and_every_known_one_is_in_the_readme() -> None:
    help_text = subprocess.run(  # our own interpreter and module
        [sys.executable, "-c", "from leadgen_dagster.cli import main; main()", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    known = set(re.findall(r"^  ([a-z]+) {2,}\S", help_text.partition("Commands:")[2], re.MULTILINE))
    table = README.partition("## Commands")[2].partition("## Settings")[0]
    mentioned = set(
        re.findall(r"(?:leadgen |, )`?([a-z]+)", " ".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE)))
    )
    assert known <= mentioned
    assert set(re.findall(r"^\$ leadgen ([a-z]+)", README, re.MULTILINE)) <= known


def test_the_agency_file_of_the_readme_is_valid_and_complete(tmp_path: Path) -> None:
    block = README.partition("```yaml\nname:")[2].partition("```")[0]
    path = tmp_path / "agency.yaml"
    path.write_text(f"name:{block}", encoding="utf-8")
    assert missing_identity(load_agency(path)) == ()


def test_the_flow_table_says_what_each_asset_reads() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| [^|]+ \|$", ARCHITECTURE, re.MULTILINE)
    said = {asset: tuple(re.findall(r"`(\w+)`", reads)) for asset, reads in rows if asset in READS}
    assert said == {asset: () if asset == "lead_export" else reads for asset, reads in READS.items()}


def test_the_table_of_the_sources_is_the_programs_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert sources(as_markdown=True) == 0
    table = capsys.readouterr().out
    assert table in SOURCES_PAGE


@pytest.mark.parametrize("name", SOURCES)
def test_each_source_has_its_section_with_an_example(name: str) -> None:
    sections = re.split(r"^## ", SOURCES_PAGE, flags=re.MULTILINE)
    (section,) = [text for text in sections if name in text.splitlines()[0].split(", ")]
    assert re.search(rf"^    leadgen run .*--source \"?{name}\b", section, re.MULTILINE) or name in (
        "overpass",
        "xlsx",
    )
