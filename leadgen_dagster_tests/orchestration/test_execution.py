"""Runs executed for real: Port Linden through every stage, in a home of its own."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import dagster as dg
import pytest
from sqlalchemy import select

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import FetchedPageModel, PageSnapshotModel
from leadgen_dagster.db.partition import PUBLISHED
from leadgen_dagster.errors import UserError
from leadgen_dagster.orchestration.build import build_definitions
from leadgen_dagster.orchestration.execution import ProcessingRunResult, Workshop
from leadgen_dagster.orchestration.flow import STAGES, RunStatus
from leadgen_dagster.orchestration.jobs import LEAD_PIPELINE
from leadgen_dagster.orchestration.layout import EXPORT_FILES
from leadgen_dagster.orchestration.page_memory import BATCH
from leadgen_dagster.orchestration.partitions import RUNS
from leadgen_dagster.orchestration.processes import fail_dead_processes, this_process
from leadgen_dagster.orchestration.resources import WebResource
from leadgen_dagster.orchestration.watching import Happening, StageNews
from leadgen_dagster.orders import Executor, ProcessingRun
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome
from leadgen_dagster.settings import Settings
from leadgen_dagster_tests.orchestration import runner
from leadgen_dagster_tests.orchestration.rehearsal import PARTITION_TAG, QUIET
from leadgen_dagster_tests.orchestration.runner import Fetcher, StruckWeb, order_of

SMALL = {"location": "Port Linden", "niche": "bakery", "sources": ["demo"], "max_businesses": 2}
SECRET = "00" * 32
"""Of the installation: with the same one, the same order gives the same demos in every home."""


@pytest.fixture(scope="module", autouse=True)
def _environment() -> Iterator[None]:
    """Opening an instance names its home in the environment, for the processes that Dagster starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        yield


@pytest.fixture(scope="module")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    def make() -> Path:
        home = tmp_path_factory.mktemp("home")
        (home / "secret").write_text(SECRET)
        return home

    return make


@pytest.fixture(scope="module")
def news() -> list[StageNews]:
    """What was told while the run of `done` went on."""
    return []


@pytest.fixture(scope="module")
def workshop(new_home: Callable[[], Path]) -> Workshop:
    return Workshop(Settings(home=new_home()))


@pytest.fixture(scope="module")
def done(workshop: Workshop, news: list[StageNews]) -> ProcessingRunResult:
    """A completed run of Port Linden that nothing disturbed."""
    return workshop.execute(order_of(workshop), on_event=news.append)


@pytest.fixture(scope="module")
def undisturbed(workshop: Workshop, done: ProcessingRunResult) -> dict[str, Any]:
    return tables(workshop)


@pytest.fixture(scope="module")
def killed_home(new_home: Callable[[], Path]) -> Path:
    """Where a process was killed in the middle of fetching."""
    home = new_home()
    command = [sys.executable, "-m", runner.__name__, str(home), str(BATCH + 5)]
    ended = subprocess.run(command, check=False, capture_output=True, timeout=120)  # noqa: S603  # our own script
    assert ended.returncode == -signal.SIGKILL
    return home


def copy_of(home: Path, tmp_path: Path) -> Workshop:
    return Workshop(Settings(home=shutil.copytree(home, tmp_path / "home")))


def tables(workshop: Workshop) -> dict[str, Any]:
    """Every row of every published table."""
    with workshop.database.read() as session:
        return {
            model.__tablename__: [
                tuple(row) for row in session.execute(select(*model.__table__.columns).order_by(model.id))
            ]
            for model in PUBLISHED
        }


def files_of(workshop: Workshop) -> dict[str, bytes]:
    """Everything in the object store: pages, sites, exports."""
    paths = (workshop.settings.home / "files").rglob("*")
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


def answers(workshop: Workshop) -> dict[str, Any]:
    """Of each page that a site answered for, what a score is made of."""
    with workshop.database.read() as session:
        rows = session.query(PageSnapshotModel).where(PageSnapshotModel.status.is_not(None))
        return {row.id: (row.url, row.status, row.body_hash, row.fetched_at) for row in rows}


def fetched_urls(workshop: Workshop) -> set[tuple[str, str]]:
    with workshop.database.read() as session:
        return {(row.method, row.url) for row in session.query(FetchedPageModel)}


class ForbiddenWeb(WebResource):
    """No page may be asked for."""

    def fetcher(self, run: ProcessingRun, database: Database) -> Any:
        return Fetcher(super().fetcher(run, database), pytest.fail)


class BrokenWeb(WebResource):
    """Every page fails now."""

    def fetcher(self, run: ProcessingRun, database: Database) -> Any:
        fetcher = super().fetcher(run, database)

        class Broken(Fetcher):
            async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
                page = await super().fetch(url, method=method)
                return replace(page, outcome=FetchOutcome.TIMEOUT, body=None, status=None)

        return Broken(fetcher, lambda _url: None)


def test_a_run_ends_completed_with_a_count_for_every_stage(
    workshop: Workshop, done: ProcessingRunResult
) -> None:
    assert (done.status, done.error) == (RunStatus.COMPLETED, None)
    assert tuple(done.counts) == STAGES
    assert all(
        count > 0 for stage, count in done.counts.items() if stage != "page_audits"
    )  # nobody ordered one
    assert done.counts["lead_export"] == done.counts["website_scores"]
    assert set(done.export_paths) == set(EXPORT_FILES)
    assert all(Path(path).is_file() for path in done.export_paths.values())
    assert json.loads(json.dumps(done.as_json()))["run_id"] == done.run_id
    assert workshop.results()[0] == done


def test_what_happens_to_each_stage_is_told_in_order(
    done: ProcessingRunResult, news: list[StageNews]
) -> None:
    told = [(item.stage, item.what) for item in news if item.what is not Happening.PROGRESS]

    assert told == [(stage, what) for stage in STAGES for what in (Happening.STARTED, Happening.DONE)]


def test_a_completed_run_executed_again_changes_no_row_and_no_file_and_asks_for_no_page(
    workshop: Workshop, done: ProcessingRunResult, undisturbed: dict[str, Any]
) -> None:
    before = files_of(workshop)
    again = Workshop(workshop.settings, web=ForbiddenWeb(user_agent="test"))

    result = again.execute(done.run_id)

    assert result == done
    assert tables(again) == undisturbed
    assert files_of(again) == before != {}


def test_a_completed_run_is_resumed_by_doing_nothing(workshop: Workshop, done: ProcessingRunResult) -> None:
    before = len(workshop.instance.get_runs())

    assert workshop.resume(done.run_id) == done
    assert len(workshop.instance.get_runs()) == before


def test_a_run_that_is_going_on_is_not_resumed(workshop: Workshop) -> None:
    run, _ = workshop.desk.place(SMALL, requested_by="test", executor=Executor.PROCESS, again=True)
    dagster_run_id = str(uuid4())
    workshop.instance.create_run_for_job(
        build_definitions(workshop.settings).resolve_job_def(LEAD_PIPELINE),
        run_id=dagster_run_id,
        status=dg.DagsterRunStatus.STARTED,
        tags={PARTITION_TAG: run.id} | this_process(dagster_run_id),
    )

    with pytest.raises(UserError, match=f"run {run.id}: it is going on"):
        workshop.resume(run.id)


def test_a_killed_run_is_resumed_to_the_same_tables_and_fetches_only_what_is_missing(
    killed_home: Path, tmp_path: Path, undisturbed: dict[str, Any], workshop: Workshop
) -> None:
    resumed = copy_of(killed_home, tmp_path)
    run_id = order_of(resumed)
    kept = fetched_urls(resumed)
    assert resumed.state(run_id).is_stalled
    assert len(kept) >= BATCH
    asked: list[str] = []

    class CountedWeb(WebResource):
        def fetcher(self, run: ProcessingRun, database: Database) -> Any:
            return Fetcher(super().fetcher(run, database), asked.append)

    result = Workshop(resumed.settings, web=CountedWeb(user_agent="test")).resume(run_id)

    assert (result.status, result.error) == (RunStatus.COMPLETED, None)
    assert tables(resumed) == undisturbed
    assert fetched_urls(resumed) == fetched_urls(workshop)
    assert len(asked) == len(fetched_urls(workshop)) - len(kept)


def pipeline_of_home() -> dg.JobDefinition:
    """As the code server has it."""
    return build_definitions(Settings.load()).resolve_job_def(LEAD_PIPELINE)


def test_a_killed_run_that_the_ui_executes_again_from_the_failure_ends_in_the_same_tables(
    killed_home: Path, tmp_path: Path, undisturbed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = copy_of(killed_home, tmp_path)
    monkeypatch.setenv("LEADGEN_HOME", str(killed.settings.home))
    run_id, instance = order_of(killed), killed.instance
    [dead] = fail_dead_processes(instance)

    with dg.execute_job(
        dg.reconstructable(pipeline_of_home),
        instance,
        run_config=QUIET,
        reexecution_options=dg.ReexecutionOptions.from_failure(dead, instance),
        tags={PARTITION_TAG: run_id},
    ) as result:
        assert result.success

    assert killed.state(run_id).status is RunStatus.COMPLETED
    assert tables(killed) == undisturbed


def test_an_interrupted_run_is_failed_and_can_be_resumed(
    new_home: Callable[[], Path], undisturbed: dict[str, Any]
) -> None:
    settings = Settings(home=new_home())
    web = StruckWeb(user_agent="test", concurrency=1, signal_number=signal.SIGINT, page=10)
    struck, interrupted = Workshop(settings, web=web), Workshop(settings)
    run_id = order_of(interrupted)

    result = struck.execute(run_id)
    assert (result.status, result.error) == (RunStatus.FAILED, "interrupted; `leadgen resume` goes on")
    assert interrupted.state(run_id).stage == "page_snapshots"

    assert interrupted.resume(run_id).status is RunStatus.COMPLETED
    assert tables(interrupted) == undisturbed


def test_a_refresh_keeps_the_pages_that_cannot_be_fetched_now(
    workshop: Workshop, done: ProcessingRunResult, undisturbed: dict[str, Any]
) -> None:
    offline = Workshop(workshop.settings, web=BrokenWeb(user_agent="test"))
    before = answers(workshop)

    result = offline.execute(done.run_id, stages=STAGES[1:], refresh=True)

    assert result.status is RunStatus.COMPLETED
    assert answers(offline) == before != {}
    workshop.execute(done.run_id, stages=STAGES[1:], refresh=True)
    assert tables(workshop) == undisturbed


def launch_by_hand(workshop: Workshop, run_id: str, config: dict[str, Any]) -> ProcessingRunResult:
    """As a person does it in the UI: the partition added, the job launched on it."""
    workshop.instance.add_dynamic_partitions(RUNS, [run_id])
    job = build_definitions(workshop.settings).resolve_job_def(LEAD_PIPELINE)
    job.execute_in_process(
        partition_key=run_id,
        instance=workshop.instance,
        run_config=QUIET | {"ops": {"businesses": {"config": config}}},
        raise_on_error=False,
    )
    return workshop.result(run_id)


def test_a_partition_added_by_hand_runs_with_the_order_given_as_config(workshop: Workshop) -> None:
    result = launch_by_hand(workshop, "typed-by-hand", {"order": SMALL})

    assert (result.status, result.error) == (RunStatus.COMPLETED, None)
    assert workshop.run("typed-by-hand").config.niche == "bakery"


def test_a_partition_added_by_hand_without_an_order_fails_at_once_and_says_how_to_place_one(
    workshop: Workshop,
) -> None:
    result = launch_by_hand(workshop, "no-order", {})

    assert (result.status, result.counts["businesses"]) == (RunStatus.FAILED, 0)
    assert result.error == (
        "run no-order: there is no order under this id. Place one with the job request_run, with `leadgen run`, "
        "or with the config `order` of the asset businesses."
    )


def test_an_order_by_hand_that_is_wrong_names_the_field(workshop: Workshop) -> None:
    result = launch_by_hand(workshop, "wrong-order", {"order": SMALL | {"max_businesses": 0}})

    assert result.error == "max_businesses: 0 is not allowed; give a whole number from 1 to 5000"


def test_a_stage_that_cannot_do_its_work_fails_with_the_domains_own_sentence(
    workshop: Workshop, tmp_path: Path
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("name\nHarbour Bakery\n", encoding="utf-8")
    fields = {"location": "Leeds", "niche": "bakery", "sources": [f"csv:{listed}"]}
    run, _ = workshop.desk.place(fields, requested_by="test", executor=Executor.PROCESS)
    workshop.settings.agency_file.write_text("nmae: Northlight Studio\n", encoding="utf-8")
    try:
        result = workshop.execute(run.id)
    finally:
        workshop.settings.agency_file.unlink()

    assert result.status is RunStatus.FAILED
    assert result.error is not None
    assert result.error.startswith(f"{workshop.settings.agency_file}:1: ")
    assert "nmae" in result.error
    assert workshop.state(run.id).stage == "businesses"


def test_a_run_that_was_never_ordered_is_named(workshop: Workshop) -> None:
    with pytest.raises(UserError, match="run 'nothing': there is no such run"):
        workshop.run("nothing")
