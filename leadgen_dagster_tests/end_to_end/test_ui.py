"""What a person does in Dagster's UI, done through the GraphQL that its pages use, against the real processes."""

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from leadgen_dagster_tests.end_to_end.dagster_ui import (
    DagsterUi,
    dagster_ui,
    leadgen,
    processes_of,
    wait_until,
)

SCORES_ON = ["website_scores", "generated_sites", "outreach_campaigns", "lead_export"]
QUIET_S = 30

pytestmark = pytest.mark.campaign


def test_a_run_is_ordered_redone_backfilled_mended_and_never_starts_by_itself(
    tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    with dagster_ui(tmp_path, stop_with=signal.SIGINT) as ui:
        assert (
            ui.wait_for(_request(ui, location="Helsinki", niche="restaurants", sources=["yelp"])) == "FAILURE"
        )
        begun = time.monotonic()
        first = _order(ui)
        wait_until(lambda: ui.statuses(first) == ["SUCCESS"])
        record_testsuite_property("seconds_from_request_to_completed", round(time.monotonic() - begun, 1))
        assert _states(tmp_path) == {first: "completed"}

        assert ui.wait_for(ui.materialize("contacts", first)) == "SUCCESS"
        assert leadgen(tmp_path, "status", first)["is_outdated"]

        older = [first, _order(ui), _order(ui)]
        wait_until(lambda: all("SUCCESS" in ui.statuses(run_id) for run_id in older))
        backfill = ui.backfill(SCORES_ON, older)
        wait_until(lambda: ui.backfill_status(backfill) == "COMPLETED_SUCCESS")
        assert not leadgen(tmp_path, "status", first)["is_outdated"]

        secret = tmp_path / "secret"
        kept = secret.read_text(encoding="ascii")
        secret.write_text("not hexadecimal", encoding="ascii")
        broken = _order(ui)
        wait_until(lambda: ui.statuses(broken) == ["FAILURE"])
        state = leadgen(tmp_path, "status", broken)
        assert (state["status"], state["stage"]) == ("failed", "generated_sites")
        secret.write_text(kept, encoding="ascii")
        failed = next(run for run in ui.runs() if run["tags"].get("dagster/partition") == broken)
        assert ui.wait_for(ui.reexecute_from_failure(failed["runId"])) == "SUCCESS"
        assert _states(tmp_path) == dict.fromkeys([*older, broken], "completed")
        counts = {str(run["counts"]) for run in leadgen(tmp_path, "runs")}
        assert len(counts) == 1, "one town gives the same rows whichever way its run went"

        forgotten = dict.fromkeys([*older, broken], "pending")
        ui.delete_all_runs()
        _stays_quiet(ui)
        assert _states(tmp_path) == forgotten, "state is what Dagster remembers; the rows are there still"
    assert processes_of(tmp_path) == []

    shutil.rmtree(tmp_path / "dagster")
    with dagster_ui(tmp_path, stop_with=signal.SIGTERM) as ui:
        _stays_quiet(ui)
        assert _states(tmp_path) == forgotten
    assert processes_of(tmp_path) == []
    assert leadgen(tmp_path, "resume", first)["status"] == "completed"


def _order(ui: DagsterUi) -> str:
    """Launches `request_run` for the demo town; returns the partition that appears."""
    before = set(ui.partitions() or [])
    request = _request(ui, location="Port Linden", niche="local businesses", sources=["demo"], again=True)
    assert ui.wait_for(request) == "SUCCESS"
    return str(wait_until(lambda: set(ui.partitions() or []) - before).pop())


def _request(ui: DagsterUi, **order: object) -> str:
    return ui.launch_job("request_run", {"ops": {"place_order": {"config": order}}})


def _states(home: Path) -> dict[str, str]:
    return {run["run_id"]: run["status"] for run in leadgen(home, "runs")}


def _stays_quiet(ui: DagsterUi) -> None:
    until = time.monotonic() + QUIET_S
    while time.monotonic() < until:
        assert ui.runs() == []
        time.sleep(2)
