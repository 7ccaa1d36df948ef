"""A run's state, read off a real event log in every case a person can bring about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import ANY
from uuid import uuid4

import dagster as dg
import pytest
from sqlalchemy import Engine, event

from leadgen_dagster.orchestration import run_state
from leadgen_dagster.orchestration.flow import PHASES, STAGES, RunStatus
from leadgen_dagster.orchestration.partitions import RUNS
from leadgen_dagster.orchestration.processes import STARTED_TAG, this_process
from leadgen_dagster.orchestration.run_state import RunState, ever_planned, stages_to_do, states_of
from leadgen_dagster_tests.orchestration.rehearsal import (
    CHECK_KEYS,
    PARTITION_TAG,
    QUIET,
    SCRIPT,
    Rehearsal,
    Script,
    rehearsal_job,
)

PENDING = RunState(status=RunStatus.PENDING, is_waiting=True, stage="businesses", unfinished=STAGES)
COMPLETED = RunState(status=RunStatus.COMPLETED, materialized=STAGES)
QUEUED, STARTED = dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED
"""Only Dagster's own launcher can make a run of status QUEUED; one that waits for it is NOT_STARTED."""


@pytest.fixture(scope="module")
def stage_door() -> Iterator[Rehearsal]:
    """One instance for all tests; each plays with a run of its own."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield Rehearsal(instance)


def failed_at(stage: str, error: str = "") -> RunState:
    """Failed in the first attempt: what comes before is there, what comes after is not."""
    number = STAGES.index(stage)
    return RunState(
        status=RunStatus.FAILED,
        stage=stage,
        error=error or f"the pipe of {stage} broke",
        dagster_run_id=ANY,
        materialized=STAGES[:number],
        unfinished=STAGES[number:],
    )


def test_an_order_that_nobody_launched_is_pending(stage_door: Rehearsal) -> None:
    assert stage_door.state("unheard-of") == PENDING


def test_a_run_in_the_queue_is_pending_and_queued(stage_door: Rehearsal) -> None:
    assert {QUEUED, dg.DagsterRunStatus.QUEUED} <= run_state.QUEUED
    queued = stage_door.plan("queued", QUEUED)

    state = stage_door.state("queued")

    assert (state.status, state.is_queued, state.is_waiting) == (RunStatus.PENDING, True, False)
    assert state.dagster_run_id == queued.run_id


def test_a_completed_run_in_the_queue_again_is_in_the_phase_of_its_first_planned_stage(
    stage_door: Rehearsal,
) -> None:
    stage_door.play("queued-again")
    stage_door.plan("queued-again", QUEUED, STAGES[STAGES.index("generated_sites") :])

    state = stage_door.state("queued-again")

    assert (state.status, state.is_queued, state.stage) == (RunStatus.PROCESSING, True, "generated_sites")


def test_a_run_goes_through_the_phases_of_its_stages(stage_door: Rehearsal) -> None:
    seen: dict[str, RunState] = {}

    stage_door.play("phases", meanwhile=lambda stage: seen.update({stage: stage_door.state("phases")}))

    assert {stage: state.status for stage, state in seen.items()} == dict(PHASES)
    assert [state.stage for state in seen.values()] == list(STAGES)
    assert not any(state.is_queued or state.is_stalled or state.is_waiting for state in seen.values())


def test_a_run_is_completed_when_every_stage_is_there(stage_door: Rehearsal) -> None:
    stage_door.play("done")

    assert stage_door.state("done") == COMPLETED


def test_a_run_that_was_completed_before_there_were_second_looks_is_completed(stage_door: Rehearsal) -> None:
    stages_then = tuple(stage for stage in STAGES if stage != "page_audits")
    stage_door.play("of-old", stages_then)

    state = stage_door.state("of-old")

    assert state == replace(COMPLETED, materialized=stages_then)
    assert stages_to_do(state) == ()


@pytest.mark.parametrize("stage", ["businesses", "website_scores", "lead_export"])
def test_a_failed_run_names_the_stage_and_the_error_in_a_line(stage_door: Rehearsal, stage: str) -> None:
    stage_door.play(f"fails-at-{stage}", failing=[stage])

    assert stage_door.state(f"fails-at-{stage}") == failed_at(stage)


def test_an_interrupted_run_is_failed_and_says_how_to_go_on(stage_door: Rehearsal) -> None:
    stage_door.play("interrupted", interrupted=["contacts"])

    assert stage_door.state("interrupted") == failed_at("contacts", "interrupted; `leadgen resume` goes on")


def test_a_failed_run_that_is_executed_again_from_the_failure_is_completed() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        rehearsal = Rehearsal(instance)
        first = rehearsal.play("again", failing=["website_scores"])
        SCRIPT[:] = [Script()]

        with dg.execute_job(
            dg.reconstructable(rehearsal_job),
            instance,
            run_config=QUIET,
            reexecution_options=dg.ReexecutionOptions.from_failure(first, instance),
            tags={PARTITION_TAG: "again"},
        ) as result:
            done = {event.asset_key.to_user_string() for event in result.get_asset_materialization_events()}

        assert done == set(STAGES[STAGES.index("website_scores") :])
        assert rehearsal.state("again") == COMPLETED


def test_a_completed_run_whose_rerun_fails_is_failed(stage_door: Rehearsal) -> None:
    stage_door.play("spoilt")
    stage_door.play("spoilt", failing=["website_scores"])

    state = stage_door.state("spoilt")

    assert (state.status, state.stage) == (RunStatus.FAILED, "website_scores")
    assert state.materialized == STAGES
    assert stages_to_do(state) == STAGES[STAGES.index("website_scores") :]


def test_a_run_cancelled_in_the_queue_is_pending(stage_door: Rehearsal) -> None:
    stage_door.instance.report_run_canceled(stage_door.plan("cancelled", QUEUED))

    assert stage_door.state("cancelled") == PENDING


def test_a_first_attempt_cancelled_in_the_middle_waits_where_it_stopped(stage_door: Rehearsal) -> None:
    stage_door.play("cancelled-midway", cancelled=["contacts"])

    assert stage_door.state("cancelled-midway") == RunState(
        status=RunStatus.PROCESSING,
        is_waiting=True,
        stage="contacts",
        materialized=STAGES[:2],
        unfinished=STAGES[2:],
    )


def test_a_completed_run_whose_rerun_was_cancelled_is_completed(stage_door: Rehearsal) -> None:
    stage_door.play("kept")
    stage_door.play("kept", cancelled=["businesses"])
    stage_door.instance.report_run_canceled(stage_door.plan("kept", QUEUED))

    assert stage_door.state("kept") == COMPLETED


def test_a_failed_run_whose_rerun_was_cancelled_is_failed_as_before(stage_door: Rehearsal) -> None:
    stage_door.play("still-failed", failing=["outreach_campaigns"])
    stage_door.instance.report_run_canceled(stage_door.plan("still-failed", QUEUED, STAGES[5:]))
    deleted = stage_door.plan("still-failed", QUEUED, STAGES[5:])
    stage_door.instance.delete_run(deleted.run_id)

    assert stage_door.state("still-failed") == failed_at("outreach_campaigns")


def test_one_stage_done_again_leaves_the_run_completed_and_what_reads_it_outdated(
    stage_door: Rehearsal,
) -> None:
    stage_door.play("redone")
    stage_door.play("redone", ["generated_sites"])

    outdated = ("outreach_campaigns", "lead_export")
    assert stage_door.state("redone") == replace(
        COMPLETED, is_outdated=True, outdated_stages=outdated, unfinished=outdated
    )


def test_the_last_stage_done_again_outdates_nothing(stage_door: Rehearsal) -> None:
    stage_door.play("exported-again")
    stage_door.play("exported-again", ["lead_export"])

    assert stage_door.state("exported-again") == COMPLETED


def test_the_root_done_again_outdates_everything_else(stage_door: Rehearsal) -> None:
    stage_door.play("root")
    stage_door.play("root", ["businesses"])

    state = stage_door.state("root")

    assert (state.status, state.is_outdated) == (RunStatus.COMPLETED, True)
    assert state.outdated_stages == stages_to_do(state) == STAGES[1:]


def test_a_failed_run_stays_failed_where_one_earlier_stage_is_done_again(stage_door: Rehearsal) -> None:
    stage_door.play("mended-a-little", failing=["website_scores"])
    stage_door.play("mended-a-little", ["page_audits"])

    assert stage_door.state("mended-a-little") == failed_at("website_scores")


def test_a_failed_run_whose_failed_stage_is_done_again_goes_on_after_it(stage_door: Rehearsal) -> None:
    stage_door.play("mended", failing=["website_scores"])
    stage_door.play("mended", ["website_scores"])

    state = stage_door.state("mended")

    assert (state.status, state.stage) == (RunStatus.FAILED, "website_scores")
    assert state.error == "website_scores failed and was done again since; `leadgen resume` goes on after it"
    assert stages_to_do(state) == STAGES[STAGES.index("generated_sites") :]
    stage_door.play("mended", stages_to_do(state))
    assert stage_door.state("mended") == COMPLETED


def test_a_blocking_check_that_fails_on_the_last_stage_fails_the_run(stage_door: Rehearsal) -> None:
    stage_door.play("gated", check_fails=["lead_export"])

    assert stage_door.state("gated") == RunState(
        status=RunStatus.FAILED,
        stage="lead_export",
        error="check gate of lead_export failed",
        materialized=STAGES,
        unfinished=("lead_export",),
    )


def test_a_blocking_check_that_fails_midway_is_named_before_what_it_stopped(stage_door: Rehearsal) -> None:
    stage_door.play("gated-midway", check_fails=["contacts"])

    state = stage_door.state("gated-midway")

    assert (state.stage, state.error) == ("contacts", "check gate of contacts failed")
    assert stages_to_do(state) == STAGES[2:]


def test_a_stage_done_again_takes_its_failed_check_away(stage_door: Rehearsal) -> None:
    stage_door.play("regated", check_fails=["lead_export"])
    stage_door.play("regated", ["lead_export"])

    assert stage_door.state("regated") == COMPLETED


def test_a_cancelled_rerun_does_not_hide_a_failed_check(stage_door: Rehearsal) -> None:
    stage_door.play("hidden", check_fails=["lead_export"])
    stage_door.instance.report_run_canceled(stage_door.plan("hidden", QUEUED))

    assert stage_door.state("hidden").error == "check gate of lead_export failed"


def test_a_cancelled_rerun_does_not_doubt_a_passed_check(stage_door: Rehearsal) -> None:
    stage_door.play("undoubted")
    stage_door.instance.report_run_canceled(stage_door.plan("undoubted", QUEUED))

    assert stage_door.state("undoubted") == COMPLETED


@pytest.mark.parametrize("stage", ["contacts", "lead_export"])
def test_a_check_that_could_not_look_fails_the_run(stage_door: Rehearsal, stage: str) -> None:
    stage_door.play(f"blind-{stage}", check_raises=[stage])

    state = stage_door.state(f"blind-{stage}")

    assert (state.status, state.stage) == (RunStatus.FAILED, stage)
    assert state.error is not None
    assert state.error.startswith(f"check gate of {stage} could not be evaluated: ")
    assert "cannot look" in state.error
    assert stages_to_do(state)[0] == stage


def test_a_stage_whose_check_was_mended_names_the_stage_and_not_the_step_of_the_check(
    stage_door: Rehearsal,
) -> None:
    stage_door.play("check-step", check_fails=["contacts"])
    stage_door.play("check-step", ["contacts"])

    state = stage_door.state("check-step")

    assert (state.status, state.stage, stages_to_do(state)) == (
        RunStatus.FAILED,
        "contacts",
        STAGES[4:],
    )


def test_when_all_dagster_runs_are_deleted_nothing_is_left_but_the_order() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        rehearsal = Rehearsal(instance)
        rehearsal.play("was-completed")
        rehearsal.play("was-failed", failing=["contacts"])
        rehearsal.play("was-gated", check_fails=["lead_export"])
        rehearsal.play("was-blind", check_raises=["lead_export"])
        rehearsal.plan("was-queued", QUEUED)
        for run in instance.get_runs():
            instance.delete_run(run.run_id)

        run_ids = ["was-completed", "was-failed", "was-gated", "was-blind", "was-queued", "never-begun"]

        assert states_of(instance, run_ids, CHECK_KEYS) == dict.fromkeys(run_ids, PENDING)


def test_a_partition_key_that_is_added_again_has_the_state_it_had(stage_door: Rehearsal) -> None:
    stage_door.play("back")
    stage_door.instance.delete_dynamic_partition(RUNS, "back")
    assert stage_door.state("back") == COMPLETED

    stage_door.instance.add_dynamic_partitions(RUNS, ["back"])

    assert stage_door.state("back") == COMPLETED


def test_a_run_whose_process_is_gone_is_stalled(stage_door: Rehearsal) -> None:
    stage_door.plan_in_dead_process("orphan")

    state = stage_door.state("orphan")

    assert (state.status, state.is_stalled) == (RunStatus.DISCOVERING, True)
    assert stages_to_do(state) == STAGES


def test_a_run_whose_process_lives_or_is_another_hosts_is_not_stalled(stage_door: Rehearsal) -> None:
    own_id = str(uuid4())
    stage_door.plan("alive", STARTED, tags=this_process(own_id), dagster_run_id=own_id)
    stage_door.plan_in_dead_process("elsewhere", host="another-host")

    assert not stage_door.state("alive").is_stalled
    assert not stage_door.state("elsewhere").is_stalled


def test_a_process_number_that_another_process_has_now_is_a_dead_process(stage_door: Rehearsal) -> None:
    own_id = str(uuid4())
    tags = this_process(own_id) | {STARTED_TAG: "1000000000"}
    stage_door.plan("reused", STARTED, tags=tags, dagster_run_id=own_id)

    assert stage_door.state("reused").is_stalled


def test_a_rerun_that_inherits_the_tags_of_a_dead_process_is_not_stalled(stage_door: Rehearsal) -> None:
    """As the UI makes them: executing a run again copies its tags."""
    dead = stage_door.plan_in_dead_process("inherited")
    stage_door.plan("inherited", STARTED, tags=dict(dead.tags))

    assert not stage_door.state("inherited").is_stalled


def test_a_run_that_says_nothing_for_half_an_hour_is_stalled(
    stage_door: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage_door.plan("silent", STARTED)
    stage_door.plan("silent-in-the-queue", QUEUED)
    monkeypatch.setattr(run_state, "STALLED_AFTER_S", -1)  # so that what was said just now is too long ago

    assert stage_door.state("silent").is_stalled
    assert not stage_door.state("silent-in-the-queue").is_stalled


def test_the_parts_of_a_backfill_have_states_of_their_own(stage_door: Rehearsal) -> None:
    """Two partitions backfilled: a Dagster run each, of one backfill."""
    stage_door.play("old-1")
    stage_door.play("old-2")
    backfill = {"dagster/backfill": "abcdef"}

    stage_door.play("old-1", STAGES[3:], tags=backfill)
    stage_door.play("old-2", STAGES[3:], tags=backfill, failing=["lead_export"])

    assert stage_door.state("old-1") == COMPLETED
    assert stage_door.state("old-2").stage == "lead_export"


def test_two_partitions_in_one_dagster_run_are_both_known(stage_door: Rehearsal) -> None:
    ranged = {
        "dagster/asset_partition_range_start": "range-1",
        "dagster/asset_partition_range_end": "range-2",
    }
    stage_door.instance.add_dynamic_partitions(RUNS, ["range-1", "range-2"])
    SCRIPT[:] = [Script()]
    rehearsal_job().execute_in_process(instance=stage_door.instance, tags=ranged, run_config=QUIET)

    states = states_of(stage_door.instance, ["range-1", "range-2"], CHECK_KEYS)

    assert {state.materialized for state in states.values()} == {STAGES}


def test_the_states_of_forty_runs_take_no_more_queries_than_those_of_two() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        rehearsal = Rehearsal(instance)
        run_ids = [f"many-{number}" for number in range(40)]
        for number, run_id in enumerate(run_ids):
            planned = rehearsal.plan(run_id, QUEUED, ["businesses"])
            if number % 2:
                instance.report_run_canceled(planned)

        with counted_queries() as few:
            states_of(instance, run_ids[:2], CHECK_KEYS)
        with counted_queries() as many:
            states = states_of(instance, run_ids, CHECK_KEYS)

        assert sum(state.is_queued for state in states.values()) == 20
        assert len(many) == len(few) < 60


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Every SELECT that SQLAlchemy sends meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def test_a_run_was_planned_once_it_was_queued_whatever_became_of_it(stage_door: Rehearsal) -> None:
    stage_door.instance.report_run_canceled(stage_door.plan("only-planned", QUEUED))
    stage_door.play("begun", ["businesses"])

    asked = ["only-planned", "begun", "unheard-of"]

    assert ever_planned(stage_door.instance, asked) == {"only-planned", "begun"}


def test_what_is_assumed_of_dagster_and_not_promised_by_it_holds(stage_door: Rehearsal) -> None:
    """The newest storage id per partition, planned events in bulk, and check records with their target."""
    instance, contacts = stage_door.instance, dg.AssetKey("contacts")
    materialized, planned = (
        dg.DagsterEventType.ASSET_MATERIALIZATION,
        dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    )
    stage_door.play("contract", ["contacts"])
    first = instance.get_latest_storage_id_by_partition(contacts, materialized, {"contract"})["contract"]
    dagster_run_id = stage_door.play("contract", ["contacts"], check_fails=["contacts"])

    done = instance.get_latest_storage_id_by_partition(contacts, materialized, {"contract"})
    plans = instance.get_latest_storage_id_by_partition(contacts, planned, {"contract"})
    everyone = instance.get_latest_storage_id_by_partition(contacts, materialized, None)
    [check] = instance.event_log_storage.get_asset_check_partition_info([CHECK_KEYS[0]], None, ["contract"])

    assert first < plans["contract"] < done["contract"] == everyone["contract"]
    assert (check.partition_key, check.latest_planned_run_id) == ("contract", dagster_run_id)
    assert (check.latest_execution_status.value, check.is_current) == ("FAILED", True)
    assert check.latest_target_materialization_storage_id == done["contract"]
    with pytest.warns(DeprecationWarning, match="fetch_planned_materializations"):
        page = instance.fetch_planned_materializations(
            dg.AssetRecordsFilter(asset_key=contacts, storage_ids=[plans["contract"]]), limit=10
        )
    assert [(plan.run_id, plan.partition_key) for plan in page.records] == [(dagster_run_id, "contract")]
