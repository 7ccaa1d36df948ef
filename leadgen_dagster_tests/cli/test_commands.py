"""The commands over a finished run: tables that fit, documents that parse, and what happens twice."""

import io
import re
from pathlib import Path

import pytest

from leadgen_dagster.cli.words import (
    CLASS_WORDS,
    COUNT_WORDS,
    EXCLUSION_WORDS,
    FAULT_WORDS,
    FLAG_WORDS,
    STAGE_WORDS,
    STATE_WORDS,
)
from leadgen_dagster.discovery.businesses import ExclusionReason
from leadgen_dagster.orchestration.execution import Workshop
from leadgen_dagster.orchestration.flow import STAGES
from leadgen_dagster.orders import Executor
from leadgen_dagster.scoring import lead_class
from leadgen_dagster.scoring.rubric import RUBRIC
from leadgen_dagster.scoring.scores import LeadClass, WebsiteState
from leadgen_dagster.settings import Settings
from leadgen_dagster_tests.cli.conftest import Leadgen

WIDTHS = pytest.mark.parametrize("columns", [80, 120])


def _run_id(leadgen: Leadgen) -> str:
    return str(leadgen("runs", "--json").document[0]["run_id"])


def _fits(text: str, columns: int) -> bool:
    return all(len(line) <= columns for line in text.splitlines())


def test_the_demo_says_that_every_row_is_as_expected_and_shows_each_whole(
    leadgen: Leadgen, in_town: Path
) -> None:
    said = leadgen("demo")
    table = said.out.partition("\nReport")[0]
    assert said.code == 0
    assert table.rstrip().endswith("30 of 30 as expected")
    assert _fits(table, 80)
    assert set(map(int, re.findall(r"^✓ +(\d+) ", table, re.MULTILINE))) == set(range(1, 31))
    for words in ("viewport missing", "certificate expired", "one of a chain", "robots.txt says no"):
        assert words in table


def test_the_demo_tells_where_report_export_and_a_demo_lie(leadgen: Leadgen, in_town: Path) -> None:
    where = re.findall(r"^(?:Report|Export|A demo) +(\S+)$", leadgen("demo").out, re.MULTILINE)
    assert len(where) == 3
    assert all(Path(path).is_file() for path in where)


@WIDTHS
def test_runs_shows_each_id_whole(leadgen: Leadgen, in_town: Path, columns: int) -> None:
    said = leadgen("runs", columns=columns)
    assert _fits(said.out, columns)
    assert f"completed    {_run_id(leadgen)}" in said.out
    assert "34 businesses, 28 leads, 13 demo sites, 15 drafts, 28 exported" in said.out


@WIDTHS
def test_show_fits_and_tells_every_name_apart(leadgen: Leadgen, in_town: Path, columns: int) -> None:
    said = leadgen("show", _run_id(leadgen), columns=columns)
    assert _fits(said.out, columns)
    for words in ("Osteria del Porto", "12 Quayside", "fixed width", "18 Ropery Lane", "22a Ropery Lane"):
        assert words in said.out
    assert "Bäckerei Petersen" not in said.out, "a good website is left alone"


def test_show_all_adds_those_left_alone_and_those_excluded(leadgen: Leadgen, in_town: Path) -> None:
    shown = leadgen("show", _run_id(leadgen), "--all", columns=120).out
    assert "Bäckerei Petersen" in shown
    assert "Its name is on the agency's exclusion list." in " ".join(shown.split())


def test_status_lists_every_asset_with_its_rows(leadgen: Leadgen, in_town: Path) -> None:
    said = leadgen("status", _run_id(leadgen))
    assert re.findall(r"✓ (\w+) +\d+", said.out) == list(STAGES)


def test_runs_as_json_is_a_list_with_a_number_per_asset(leadgen: Leadgen, in_town: Path) -> None:
    document = leadgen("runs", "--json").document
    assert [run["status"] for run in document] == ["completed"]
    assert list(document[0]["counts"]) == list(STAGES)
    assert document[0]["counts"]["lead_export"] == 28, "leads, not files"


def test_status_as_json_says_more_than_runs(leadgen: Leadgen, in_town: Path) -> None:
    document = leadgen("status", _run_id(leadgen), "--json").document
    assert document["status"] == "completed"
    assert (document["is_waiting"], document["is_outdated"], document["error"]) == (False, False, None)


def test_resume_and_rerun_as_json_give_one_document_and_change_nothing(
    leadgen: Leadgen, in_town: Path
) -> None:
    before = leadgen("runs", "--json").document[0]
    assert leadgen("resume", before["run_id"], "--json").document == before
    assert leadgen("rerun", before["run_id"], "--from", "lead_export", "--json").document == before


def test_the_same_order_again_is_shown_and_not_run(leadgen: Leadgen, in_town: Path) -> None:
    order = ("--location", "port linden", "--niche", "Local businesses", "--source", "demo")
    said = leadgen("run", *order, "--json")
    assert said.document["run_id"] == _run_id(leadgen)
    assert "asked for already today" in said.err


def test_what_a_list_says_and_the_run_could_not_take_reaches_the_person(
    leadgen: Leadgen, in_fresh_home: Path
) -> None:
    rows = [
        "name,email,phone,city",
        "Quay Bakery,a@b,+441914980101,",
        ",x@y.example,,",
        ",,+441914980102,",
        "Loaf,n/a,-,",
        "Crust,c@d,,",
        "Far Bakery,,,Elsewhere",
    ]
    (in_fresh_home / "list.csv").write_text("\n".join(rows), encoding="utf-8")
    order = ("--location", "Nowhere", "--niche", "bakery", "--source", "csv:list.csv", "--limit", "1")
    said = leadgen("run", *order)
    assert said.code == 0
    told = said.out.partition("Left out: ")[2].splitlines()
    assert told == [
        "2 records, 2 details (the report lists them all)",
        "  list.csv: row 3, column name: '' is empty; the row was left out",
        "  list.csv: row 2, column email: 'a@b' is not an address; the cell was left out",
        "  list.csv: rows left out because their town is not Nowhere: 1",
        "  leads found beyond the order's limit: 2",
    ]
    (report,) = (in_fresh_home).rglob("report.html")
    assert "row 4, column name" in report.read_text(encoding="utf-8")
    assert "Left out: 2 records" in leadgen("show", _run_id(leadgen)).out
    assert "counts" in leadgen("run", *order, "--json").document


def test_doctor_as_json_names_what_is_set_up(leadgen: Leadgen, in_town: Path) -> None:
    found = {one["name"]: one["state"] for one in leadgen("doctor", "--json").document}
    assert (found["home"], found["database"], found["agency.yaml"]) == ("ok", "ok", "missing")


@WIDTHS
def test_doctor_fits(leadgen: Leadgen, in_town: Path, columns: int) -> None:
    said = leadgen("doctor", columns=columns)
    assert said.code == 0
    assert _fits(said.out, columns)


def test_no_path_that_doctor_names_is_broken(leadgen: Leadgen, in_fresh_home: Path) -> None:
    lines = leadgen("doctor", columns=40).out.splitlines()
    assert f"  {in_fresh_home}" in lines
    assert any(line.endswith(f"{in_fresh_home}/leadgen.db,") for line in lines)


def test_db_upgrade_says_from_where_to_where(leadgen: Leadgen, in_fresh_home: Path) -> None:
    assert re.search(r"leadgen\.db: no tables -> \d+$", leadgen("db", "upgrade").out.strip())


def test_without_any_run_it_says_how_to_begin(leadgen: Leadgen, in_fresh_home: Path) -> None:
    assert leadgen("runs").out == "No run yet. Begin with: leadgen demo\n"
    assert leadgen("runs", "--json").document == []


def test_every_fault_state_class_reason_and_stage_has_short_words() -> None:
    assert set(FAULT_WORDS) == set(RUBRIC.rules)
    assert set(STATE_WORDS) == set(WebsiteState)
    assert set(CLASS_WORDS) == set(LeadClass)
    assert set(EXCLUSION_WORDS) == set(ExclusionReason)
    assert set(FLAG_WORDS) == {
        lead_class.RECORD_OUTDATED,
        lead_class.DOUBTFUL_DUPLICATE,
        lead_class.NAME_DISCREPANCY,
        lead_class.ADDRESS_DISCREPANCY,
        lead_class.PHONE_DISCREPANCY,
        lead_class.HOURS_DISCREPANCY,
        lead_class.TEXT_ADDRESSED_TO_MACHINES,
        lead_class.SENSITIVE_NICHE,
        lead_class.EMAIL_NEEDS_CONSENT,
    }
    assert tuple(STAGE_WORDS) == tuple(COUNT_WORDS) == STAGES
    assert max(map(len, FAULT_WORDS.values())) <= 19
    assert max(map(len, STATE_WORDS.values())) <= 12


def test_what_a_refetch_costs_is_said_before_it_is_asked_for(
    leadgen: Leadgen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADGEN_HOME", str(tmp_path))
    monkeypatch.setenv("LEADGEN_GOOGLE_PLACES_API_KEY", "secret")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    fields = {"location": "60.16,24.92,60.18,24.97", "niche": "bars", "sources": ["google_places"]}
    order, _ = Workshop(Settings()).desk.place(fields, requested_by="test", executor=Executor.PROCESS)
    said = leadgen("refetch", order.id, "--json")
    assert said.code != 0
    assert "Ask them now, for up to 1.75 USD; 0.00 USD are spent so far?" in said.err
