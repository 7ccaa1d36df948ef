"""A run's state, derived from Dagster's event log alone. Nothing else knows or keeps one.

A stage is *open* where its newest planned materialization is newer than its newest materialization; plans whose
Dagster run was cancelled or deleted do not count. Of the five rules below the first that applies decides, each
looked for along the flow:

1. an open plan whose Dagster run is queued or going on: that stage's phase
2. a blocking check that failed for the newest materialization: failed
3. an open plan whose Dagster run failed: failed, at the step that failed
4. a stage not materialized: the phase of the first one missing, waiting
5. else completed, outdated where a stage is older than one it reads

`get_latest_storage_id_by_partition` and the storage's check records are not marked public by Dagster; they are used
here and nowhere else, and a contract test holds them to what is assumed.
"""

import time
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import dagster as dg

from leadgen_dagster.orchestration.flow import PHASES, READS, STAGES, RunStatus
from leadgen_dagster.orchestration.processes import is_dead

Item = TypeVar("Item")

CHUNK = 500
STALLED_AFTER_S = 30 * 60
QUEUED = frozenset({dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.MANAGED})
GOING_ON = QUEUED | {
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
}
CHECK_FAILED = frozenset({"FAILED", "EXECUTION_FAILED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """What a person wants to know of a run."""

    status: RunStatus
    is_queued: bool = False
    is_waiting: bool = False
    """Nothing is going on, and something is missing."""
    is_stalled: bool = False
    """Its process is gone, or has said nothing for half an hour."""
    is_outdated: bool = False
    stage: str | None = None
    """Where it stands or failed."""
    error: str | None = None
    dagster_run_id: str | None = None
    materialized: tuple[str, ...] = ()
    outdated_stages: tuple[str, ...] = ()
    """The stages older than one they read."""


@dataclass(slots=True)
class _Log:
    """What the event log says of one partition."""

    done: dict[str, int] = field(default_factory=dict)
    """Stage -> storage id of its newest materialization."""
    open_plans: dict[str, dg.DagsterRun] = field(default_factory=dict)
    """Stage -> the Dagster run that planned it, newer than `done`; in flow order."""
    failed_checks: dict[str, str] = field(default_factory=dict)
    """Stage -> name of a blocking check that failed for the newest materialization."""


def states_of(
    instance: dg.DagsterInstance,
    run_ids: Collection[str],
    checks: Collection[dg.AssetCheckKey],
) -> dict[str, RunState]:
    """The states of many runs, by a few calls for all of them.

    Args:
        checks: the keys of the blocking checks.
    """
    logs = _read_logs(instance, run_ids, checks)
    return {run_id: _judge(instance, logs.get(run_id, _Log())) for run_id in run_ids}


def state_of(instance: dg.DagsterInstance, run_id: str, checks: Collection[dg.AssetCheckKey]) -> RunState:
    return states_of(instance, [run_id], checks)[run_id]


def planned_partitions(instance: dg.DagsterInstance) -> frozenset[str]:
    """The runs of which some stage was ever planned, whatever became of it."""
    return frozenset(
        run_id
        for stage in STAGES
        for run_id in _newest(instance, stage, dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED)
    )


def stages_to_do(state: RunState) -> tuple[str, ...]:
    """What `resume` executes: the first stage that is not done and up to date, and everything after it."""
    for number, stage in enumerate(STAGES):
        is_bad = stage == state.stage and state.status is RunStatus.FAILED
        if stage not in state.materialized or stage in state.outdated_stages or is_bad:
            return STAGES[number:]
    return ()


def _judge(instance: dg.DagsterInstance, log: _Log) -> RunState:
    materialized = tuple(stage for stage in STAGES if stage in log.done)
    outdated = tuple(
        stage
        for stage in materialized
        if any(log.done.get(read, -1) > log.done[stage] for read in READS[stage])
    )
    for stage, run in log.open_plans.items():
        if run.status in GOING_ON:
            return _going_on(instance, log, stage, run, materialized)
    for stage, check in log.failed_checks.items():
        return RunState(
            status=RunStatus.FAILED,
            stage=stage,
            error=f"check {check} of {stage} failed",
            materialized=materialized,
            outdated_stages=outdated,
        )
    for stage, run in log.open_plans.items():
        failed_stage, error = _failure(instance, run)
        return RunState(
            status=RunStatus.FAILED,
            stage=failed_stage or stage,
            error=error,
            dagster_run_id=run.run_id,
            materialized=materialized,
            outdated_stages=outdated,
        )
    for stage in STAGES:
        if stage not in log.done:
            return RunState(
                status=PHASES[stage] if log.done else RunStatus.PENDING,
                is_waiting=True,
                stage=stage,
                materialized=materialized,
                outdated_stages=outdated,
            )
    return RunState(
        status=RunStatus.COMPLETED,
        is_outdated=bool(outdated),
        materialized=materialized,
        outdated_stages=outdated,
    )


def _going_on(
    instance: dg.DagsterInstance, log: _Log, stage: str, run: dg.DagsterRun, materialized: tuple[str, ...]
) -> RunState:
    is_queued = run.status in QUEUED
    return RunState(
        status=RunStatus.PENDING if is_queued and not log.done else PHASES[stage],
        is_queued=is_queued,
        is_stalled=is_dead(run.tags) or (not is_queued and _is_silent(instance, run.run_id)),
        stage=stage,
        dagster_run_id=run.run_id,
        materialized=materialized,
    )


def _is_silent(instance: dg.DagsterInstance, dagster_run_id: str) -> bool:
    newest = instance.get_records_for_run(dagster_run_id, limit=1, ascending=False).records
    return bool(newest) and time.time() - newest[0].timestamp > STALLED_AFTER_S


def _failure(instance: dg.DagsterInstance, run: dg.DagsterRun) -> tuple[str | None, str | None]:
    """The stage whose step failed in a Dagster run, and the error in a line."""
    steps = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE).records
    for record in steps:
        event = record.event_log_entry.dagster_event
        if event is None:
            continue
        data = event.step_failure_data
        text = data.user_failure_data.description if data.user_failure_data else None
        if text is None and data.error is not None:
            text = (data.error.cause or data.error).message
        return record.event_log_entry.step_key, _one_line(text)
    ends = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE).records
    return None, _one_line(
        ends[-1].event_log_entry.user_message or ends[-1].event_log_entry.message
    ) if ends else None


def _one_line(text: str | None) -> str | None:
    return " ".join(text.split())[:500] if text else None


def _read_logs(
    instance: dg.DagsterInstance, run_ids: Collection[str], checks: Collection[dg.AssetCheckKey]
) -> Mapping[str, _Log]:
    logs: dict[str, _Log] = defaultdict(_Log)
    plans: dict[str, dict[str, int]] = {}
    wanted = frozenset(run_ids)
    for stage in STAGES:
        done = _newest(instance, stage, dg.DagsterEventType.ASSET_MATERIALIZATION, wanted)
        planned = _newest(instance, stage, dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED, wanted)
        for run_id, storage_id in done.items():
            logs[run_id].done[stage] = storage_id
        plans[stage] = {run_id: sid for run_id, sid in planned.items() if sid > done.get(run_id, -1)}
    for stage, open_ids in plans.items():
        for run_id, run in _planning_runs(instance, stage, open_ids, logs).items():
            logs[run_id].open_plans[stage] = run
    _read_checks(instance, wanted, checks, logs)
    return logs


def _newest(
    instance: dg.DagsterInstance,
    stage: str,
    event_type: dg.DagsterEventType,
    wanted: frozenset[str] | None = None,
) -> Mapping[str, int]:
    newest = instance.get_latest_storage_id_by_partition(
        dg.AssetKey(stage), event_type, set(wanted) if wanted is not None and len(wanted) <= CHUNK else None
    )
    return newest if wanted is None else {run_id: sid for run_id, sid in newest.items() if run_id in wanted}


def _planning_runs(
    instance: dg.DagsterInstance, stage: str, open_ids: Mapping[str, int], logs: Mapping[str, _Log]
) -> Mapping[str, dg.DagsterRun]:
    """For each partition with an open plan the Dagster run that made it; cancelled ones give way to earlier ones."""
    by_storage_id: dict[int, str] = {}
    for chunk in _chunks(list(open_ids.values())):
        records = dg.AssetRecordsFilter(asset_key=dg.AssetKey(stage), storage_ids=chunk)
        by_storage_id |= {
            record.storage_id: record.run_id for record in _plans(instance, records, len(chunk))
        }
    dagster_runs = _runs_by_id(instance, set(by_storage_id.values()))
    found: dict[str, dg.DagsterRun] = {}
    for run_id, storage_id in open_ids.items():
        run = dagster_runs.get(by_storage_id.get(storage_id, ""))
        if run is None or run.status is dg.DagsterRunStatus.CANCELED:
            run = _earlier_plan(
                instance, stage, run_id, before=storage_id, after=logs[run_id].done.get(stage, -1)
            )
        if run is not None and run.status is not dg.DagsterRunStatus.SUCCESS:
            found[run_id] = run
    return found


def _earlier_plan(
    instance: dg.DagsterInstance, stage: str, run_id: str, *, before: int, after: int
) -> dg.DagsterRun | None:
    records = dg.AssetRecordsFilter(
        asset_key=dg.AssetKey(stage),
        asset_partitions=[run_id],
        before_storage_id=before,
        after_storage_id=after,
    )
    for record in _plans(instance, records, CHUNK):
        run = instance.get_run_by_id(record.run_id)
        if run is not None and run.status is not dg.DagsterRunStatus.CANCELED:
            return run
    return None


def _plans(
    instance: dg.DagsterInstance, records: dg.AssetRecordsFilter, limit: int
) -> Sequence[dg.EventLogRecord]:
    with warnings.catch_warnings():
        # Dagster marks it for removal in 2.0 and names nothing that reads planned events in bulk.
        warnings.filterwarnings(
            "ignore", message=".*fetch_planned_materializations.*", category=DeprecationWarning
        )
        return instance.fetch_planned_materializations(records, limit=limit).records


def _runs_by_id(instance: dg.DagsterInstance, dagster_run_ids: set[str]) -> dict[str, dg.DagsterRun]:
    runs: dict[str, dg.DagsterRun] = {}
    for chunk in _chunks(sorted(dagster_run_ids)):
        runs |= {run.run_id: run for run in instance.get_runs(dg.RunsFilter(run_ids=chunk))}
    return runs


def _read_checks(
    instance: dg.DagsterInstance,
    wanted: frozenset[str],
    checks: Collection[dg.AssetCheckKey],
    logs: Mapping[str, _Log],
) -> None:
    if not checks:
        return
    partition_keys = sorted(wanted) if len(wanted) <= CHUNK else None
    infos = instance.event_log_storage.get_asset_check_partition_info(
        list(checks), partition_keys=partition_keys
    )
    failed: dict[str, dict[str, str]] = defaultdict(dict)
    for info in infos:
        is_failed = info.latest_execution_status.value in CHECK_FAILED
        if is_failed and info.is_current and info.partition_key in wanted:
            failed[info.partition_key][info.check_key.asset_key.to_user_string()] = info.check_key.name
    for run_id, by_stage in failed.items():
        logs[run_id].failed_checks = {stage: by_stage[stage] for stage in STAGES if stage in by_stage}


def _chunks(items: Sequence[Item]) -> Iterable[list[Item]]:
    for start in range(0, len(items), CHUNK):
        yield list(items[start : start + CHUNK])
