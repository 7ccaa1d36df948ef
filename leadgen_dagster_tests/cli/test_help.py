"""Help is quick, complete, and shows how a command is typed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer import Typer

from leadgen_dagster.cli import database, site
from leadgen_dagster.cli.app import app
from leadgen_dagster_tests.cli.conftest import Leadgen

HEAVY = [
    "pydantic",
    "dagster",
    "pandas",
    "openai",
    "matplotlib",
    "sqlalchemy",
    "httpx",
    "uvicorn",
    "osmium",
    "pyarrow",
]


def _names(group: Typer) -> list[str]:
    found = [
        command.name or command.callback.__name__ for command in group.registered_commands if command.callback
    ]
    return [name.replace("_", "-") for name in found]


COMMANDS = [
    *((name,) for name in _names(app)),
    *(("db", name) for name in _names(database.app)),
    *(("site", name) for name in _names(site.app)),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_help_fits_and_shows_an_example(leadgen: Leadgen, command: tuple[str, ...]) -> None:
    said = leadgen(*command, "--help")
    assert said.code == 0
    assert f"Example: leadgen {' '.join(command)}" in " ".join(said.out.split())
    assert all(len(line) <= 80 for line in said.out.splitlines())


def test_the_list_of_commands_cuts_no_sentence(leadgen: Leadgen) -> None:
    said = leadgen("--help")
    assert "..." not in said.out.partition("Commands:")[2]
    assert leadgen().out == said.out


def test_help_imports_nothing_heavy() -> None:
    code = f"""
import json, sys
sys.argv = ["leadgen", "--help"]
from leadgen_dagster.cli import main
try:
    main()
except SystemExit:
    print(json.dumps([name for name in {HEAVY} if name in sys.modules]), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own
    assert json.loads(done.stderr) == []


def test_the_version_is_the_package_s(leadgen: Leadgen) -> None:
    written = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{leadgen("--version").out.strip()}"' in written


def test_the_help_says_how_many_pages_a_second_look_may_be_at(leadgen: Leadgen) -> None:
    said = " ".join(leadgen("run", "--help", columns=200).out.split())
    assert "at the N weakest (0 to 200) and up to N that only scripts fill" in said
