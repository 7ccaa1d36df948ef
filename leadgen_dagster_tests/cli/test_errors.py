"""What goes wrong is one line on stderr: exit 2 for what the person can mend, 1 for a run that failed."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from leadgen_dagster_tests.cli.conftest import Leadgen, Said

ORDER = ("--location", "Lund", "--niche", "cafes")
LEADGEN = (sys.executable, "-c", "from leadgen_dagster.cli import main; main()")


def _is_one_line(said: Said, *words: str) -> bool:
    lines = said.err.splitlines()
    return len(lines) == 1 and lines[0].startswith("leadgen: ") and all(word in lines[0] for word in words)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("status", "nope"), "nope"),
        (("show", "../../etc"), "../../etc"),
        (("resume", "[bold]nope"), "[bold]nope"),
        (("rerun", "nope"), "nope"),
        (("rerun", "nope", "--from", "scores"), "website_scores"),
        (("bogus",), "bogus"),
        (("db",), "command"),
        (("run",), "--location"),
        (("run", *ORDER, "--limit", "many"), "max_businesses"),
        (("run", *ORDER, "--limit", "-1", "--source", "osm"), "max_businesses"),
        (("run", *ORDER, "--threshold", "101", "--source", "osm"), "score_threshold"),
        (("run", *ORDER, "--language", "English", "--source", "osm"), "language"),
        (("run", *ORDER, "--budget-usd", "much", "--source", "osm"), "budget_usd"),
        (("run", *ORDER, "--source", "yellowpages"), "known sources"),
        (("run", *ORDER, "--source", "yelp"), "set LEADGEN_YELP_API_KEY"),
        (("run", *ORDER, "--source", "csv:none.csv", "--map", "Firma"), "--map"),
        (("run", *ORDER, "--source", "csv"), "which file"),
        (("run", *ORDER, "--source", "csv:none.csv"), "none.csv"),
        (("run", *ORDER, "--source", "csv:."), "csv:."),
        (("run", "--location", "Lund", "--niche", "cofes", "--source", "osm"), "niche"),
        (("run", "--location", " ", "--niche", "cafes", "--source", "osm"), "location"),
        (("ui", "--port", "0"), "--port"),
    ],
)
def test_a_mistake_is_one_line_that_names_it(
    leadgen: Leadgen, in_fresh_home: Path, arguments: tuple[str, ...], word: str
) -> None:
    said = leadgen(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert _is_one_line(said, word)


@pytest.mark.parametrize(
    "setting",
    [
        ("LEADGEN_FETCH_CONCURRENCY", "many"),
        ("LEADGEN_FETCH_CONCURRENCY", "0"),
        ("LEADGEN_DATABASE_URL", "mysql://host/x"),
        ("LEADGEN_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/x"),
        ("LEADGEN_PUBLIC_URL", "ftp://x"),
        ("LEADGEN_HOME", "/dev/null/home"),
    ],
    ids=str,
)
@pytest.mark.parametrize("command", ["runs", "demo", "serve"])
def test_a_wrong_setting_is_one_line_that_names_it_and_keeps_its_secret(
    leadgen: Leadgen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: tuple[str, str], command: str
) -> None:
    name, value = setting
    monkeypatch.setenv("LEADGEN_HOME", str(tmp_path))
    monkeypatch.setenv(name, value)
    said = leadgen(command)
    assert said.code == 2
    assert _is_one_line(said, name)
    assert "secret" not in said.err


@pytest.mark.parametrize("command", [("runs",), ("serve",), ("db", "upgrade")])
def test_a_file_that_is_no_database_is_named(
    leadgen: Leadgen, in_fresh_home: Path, command: tuple[str, ...]
) -> None:
    (in_fresh_home / "leadgen.db").write_bytes(b"not a database, but long enough to be read as one")
    said = leadgen(*command)
    assert said.code == 2
    assert _is_one_line(said, "leadgen.db", "not a database")


@pytest.mark.parametrize("content", ["storage: [", "stroage: {}"])
def test_a_broken_dagster_yaml_is_named(leadgen: Leadgen, in_fresh_home: Path, content: str) -> None:
    leadgen("db", "upgrade")
    (in_fresh_home / "dagster").mkdir()
    (in_fresh_home / "dagster" / "dagster.yaml").write_text(content, encoding="utf-8")
    said = leadgen("runs")
    assert said.code == 2
    assert _is_one_line(said, "dagster.yaml")


@pytest.mark.parametrize("command", ["ui", "serve"])
def test_a_port_that_is_taken_is_said(leadgen: Leadgen, in_fresh_home: Path, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = leadgen(command, "--port", str(taken.getsockname()[1]))
    assert said.code == 2
    assert _is_one_line(said, "--port")


def test_a_run_that_fails_says_file_and_line_once_and_can_be_resumed(
    leadgen: Leadgen, in_fresh_home: Path
) -> None:
    (in_fresh_home / "list.csv").write_text("name,city\nCafé Ett,Lund\n", encoding="utf-8")
    agency = in_fresh_home / "agency.yaml"
    run_id = leadgen("run", *ORDER, "--source", "csv:list.csv", "--json").document["run_id"]
    agency.write_text("name: Norrsken\nphone: [\n", encoding="utf-8")

    failed = leadgen("rerun", run_id, "--json")
    assert (failed.code, failed.document["status"]) == (1, "failed")
    assert f"{agency}:" in failed.document["error"]
    assert _is_one_line(failed, run_id, f"{agency}:")
    shown = leadgen("status", run_id)
    assert f"leadgen resume {run_id}" in shown.out

    agency.unlink()
    resumed = leadgen("resume", run_id, "--json")
    assert (resumed.code, resumed.document["status"]) == (0, "completed")
    assert resumed.document["counts"]["businesses"] == 1


def test_a_wrong_agency_file_is_named_with_its_line_before_there_is_a_run(
    leadgen: Leadgen, in_fresh_home: Path
) -> None:
    (in_fresh_home / "list.csv").write_text("name\nCafé Ett\n", encoding="utf-8")
    (in_fresh_home / "agency.yaml").write_text("name: Norrsken\nphone: [\n", encoding="utf-8")
    said = leadgen("run", *ORDER, "--source", "csv:list.csv")
    assert said.code == 2
    assert f"{in_fresh_home / 'agency.yaml'}:" in said.err
    assert "No run yet" in leadgen("runs").out


def test_a_list_without_a_name_column_is_refused_with_its_first_line_before_there_is_a_run(
    leadgen: Leadgen, in_fresh_home: Path
) -> None:
    (in_fresh_home / "list.csv").write_text("a,b\nx,y\n", encoding="utf-8")
    said = leadgen("run", *ORDER, "--source", "csv:list.csv")
    assert said.code == 2
    assert "list.csv:1: no column says the name" in said.err
    assert "Traceback" not in said.err
    assert "No run yet" in leadgen("runs").out


def test_a_reader_that_has_seen_enough_is_no_error(in_town: Path) -> None:
    process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
        [*LEADGEN, "show", _only_run(in_town), "--all"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate()
    assert (process.returncode, err) == (0, b"")


def _only_run(home: Path) -> str:
    (folder,) = (home / "files" / "exports").iterdir()
    return folder.name
