"""A run's state, derived from Dagster's event log alone. Nothing else knows or keeps one.

A stage is *open* where its newest planned materialization is newer than its newest materialization; plans whose
Dagster run was cancelled or deleted do not count. Of the five rules below the first that applies decides, each
looked for along the flow:

1. an open plan whose Dagster run is queued or going on: that stage's phase
2. a blocking check that failed for the newest materialization, or was never evaluated: failed
3. an open plan whose Dagster run failed: failed, at the step that failed
4. a stage not materialized: the phase of the first one missing, waiting; a stage that was added later is not
   missed where one that reads it is there
5. else completed, outdated where a stage is older than one it reads

`get_latest_storage_id_by_partition` and the storage's check records are not marked public by Dagster; they are used
here and nowhere else, and a contract test holds them to what is assumed.
"""

import time
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import dagster as dg

from leadgen_dagster.orchestration.flow import ADDED_LATER, PHASES, READS, STAGES, RunStatus
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
INTERRUPTIONS = frozenset({"KeyboardInterrupt", "DagsterExecutionInterruptedError"})
INTERRUPTED = "interrupted; `leadgen resume` goes on"


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
    unfinished: tuple[str, ...] = ()
    """The stages that are missing, outdated, planned anew and not done since, or fail a check."""


@dataclass(slots=True)
class _Log:
    """What the event log says of one partition."""

    done: dict[str, int] = field(default_factory=dict)
    """Stage -> storage id of its newest materialization."""
    open_plans: dict[str, dg.DagsterRun] = field(default_factory=dict)
    """Stage -> the Dagster run that planned it, newer than `done`; in flow order."""
    failed_checks: dict[str, str] = field(default_factory=dict)
    """Stage -> what is wrong with a blocking check of its newest materialization; in flow order."""

    @property
    def is_going_on(self) -> bool:
        return any(run.status in GOING_ON for run in self.open_plans.values())


def states_of(
    instance: dg.DagsterInstance,
    run_ids: Collection[str],
    checks: Collection[dg.AssetCheckKey],
) -> dict[str, RunState]:
    """The states of many runs, by a few calls for all of them.

    Args:
        checks: the keys of the blocking checks.
    """
    wanted, failures = frozenset(run_ids), _Failures(instance, checks)
    logs = _read_plans(instance, wanted)
    _read_checks(instance, wanted, checks, logs, failures)
    return {run_id: _judge(instance, logs.get(run_id, _Log()), failures) for run_id in run_ids}


def state_of(instance: dg.DagsterInstance, run_id: str, checks: Collection[dg.AssetCheckKey]) -> RunState:
    return states_of(instance, [run_id], checks)[run_id]


def ever_planned(instance: dg.DagsterInstance, run_ids: Collection[str]) -> frozenset[str]:
    """Those of the runs of which some stage was ever planned, whatever became of it."""
    wanted, planned = frozenset(run_ids), dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED
    return frozenset(run_id for stage in STAGES for run_id in _newest(instance, stage, planned, wanted))


def exported_leads(instance: dg.DagsterInstance, run_ids: Collection[str]) -> dict[str, int]:
    """How many leads the newest export of each run holds, as the export itself reported."""
    wanted, done = frozenset(run_ids), dg.DagsterEventType.ASSET_MATERIALIZATION
    counts: dict[str, int] = {}
    for chunk in _chunks(list(_newest(instance, "lead_export", done, wanted).values())):
        records = dg.AssetRecordsFilter(asset_key=dg.AssetKey("lead_export"), storage_ids=chunk)
        for record in instance.fetch_materializations(records, limit=len(chunk)).records:
            if record.asset_materialization and record.partition_key:
                rows = record.asset_materialization.metadata["dagster/row_count"].value
                counts[record.partition_key] = int(str(rows))
    return counts


def stages_to_do(state: RunState) -> tuple[str, ...]:
    """What `resume` executes: the first stage that is not finished, and everything after it."""
    return STAGES[STAGES.index(state.unfinished[0]) :] if state.unfinished else ()


def _judge(instance: dg.DagsterInstance, log: _Log, failures: "_Failures") -> RunState:
    state = _at_rest(log)
    for stage, run in log.open_plans.items():
        if run.status in GOING_ON:
            return _going_on(instance, log, stage, run, state)
    failed = replace(state, status=RunStatus.FAILED, is_waiting=False, is_outdated=False)
    for stage, error in log.failed_checks.items():
        return replace(failed, stage=stage, error=error)
    for stage, run in log.open_plans.items():
        failed_stage, reason = failures.of(run.run_id)
        if failed_stage in log.done and failed_stage not in log.open_plans:
            reason = f"{failed_stage} failed and was done again since; `leadgen resume` goes on after it"
        return replace(failed, stage=failed_stage or stage, error=reason, dagster_run_id=run.run_id)
    return state


def _at_rest(log: _Log) -> RunState:
    """The state by what is materialized, as if nothing went on and nothing failed."""
    was_read = {read for stage in log.done for read in READS[stage]}
    missing = [stage for stage in STAGES if stage not in log.done and stage not in ADDED_LATER & was_read]
    outdated = tuple(
        stage
        for stage, made in sorted(log.done.items(), key=lambda item: STAGES.index(item[0]))
        if any(log.done.get(read, -1) > made for read in READS[stage])
    )
    status = RunStatus.COMPLETED
    if missing:
        status = PHASES[missing[0]] if log.done else RunStatus.PENDING
    bad = {*missing, *outdated, *log.open_plans, *log.failed_checks}
    return RunState(
        status=status,
        is_waiting=bool(missing),
        is_outdated=bool(outdated) and not missing,
        stage=missing[0] if missing else None,
        materialized=tuple(stage for stage in STAGES if stage in log.done),
        outdated_stages=outdated,
        unfinished=tuple(stage for stage in STAGES if stage in bad),
    )


def _going_on(
    instance: dg.DagsterInstance, log: _Log, stage: str, run: dg.DagsterRun, state: RunState
) -> RunState:
    is_queued = run.status in QUEUED
    return replace(
        state,
        status=RunStatus.PENDING if is_queued and not log.done else PHASES[stage],
        is_queued=is_queued,
        is_waiting=False,
        is_stalled=is_dead(run) or (not is_queued and _is_silent(instance, run.run_id)),
        is_outdated=False,
        stage=stage,
        dagster_run_id=run.run_id,
    )


def _is_silent(instance: dg.DagsterInstance, dagster_run_id: str) -> bool:
    newest = instance.get_records_for_run(dagster_run_id, limit=1, ascending=False).records
    return bool(newest) and time.time() - newest[0].timestamp > STALLED_AFTER_S


class _Failures:
    """Why Dagster runs failed, each looked up once."""

    def __init__(self, instance: dg.DagsterInstance, checks: Collection[dg.AssetCheckKey]) -> None:
        self._instance = instance
        self._found: dict[str, tuple[str | None, str | None]] = {}
        stages = {f"{key.asset_key.to_user_string()}_{key.name}": key.asset_key for key in checks}
        self._stage_of_step = {step: key.to_user_string() for step, key in stages.items()}

    def of(self, dagster_run_id: str) -> tuple[str | None, str | None]:
        """The stage whose step, or whose check's, failed first, and the error in a line."""
        if dagster_run_id not in self._found:
            self._found[dagster_run_id] = self._look_up(dagster_run_id)
        return self._found[dagster_run_id]

    def _look_up(self, dagster_run_id: str) -> tuple[str | None, str | None]:
        read = self._instance.get_records_for_run
        for record in read(dagster_run_id, of_type=dg.DagsterEventType.STEP_FAILURE).records:
            entry = record.event_log_entry
            if entry.dagster_event is not None and entry.step_key is not None:
                stage = self._stage_of_step.get(entry.step_key, entry.step_key)
                return stage, _one_line(_error_of(entry.dagster_event))
        for record in read(dagster_run_id, of_type=dg.DagsterEventType.RUN_FAILURE).records:
            entry = record.event_log_entry
            said = entry.dagster_event.message if entry.dagster_event else None
            return None, _one_line(said or entry.user_message)
        return None, None


def _error_of(event: dg.DagsterEvent) -> str | None:
    data = event.step_failure_data
    if data.user_failure_data is not None and data.user_failure_data.description:
        return data.user_failure_data.description
    if data.error is None:
        return None
    cause = data.error.cause or data.error
    is_interrupted = INTERRUPTIONS & {data.error.cls_name, cause.cls_name}
    return INTERRUPTED if is_interrupted else cause.message


def _one_line(text: str | None) -> str | None:
    return " ".join(text.split())[:500] if text else None


def _read_plans(instance: dg.DagsterInstance, wanted: frozenset[str]) -> dict[str, _Log]:
    logs: dict[str, _Log] = defaultdict(_Log)
    plans: dict[str, dict[str, int]] = {}
    for stage in STAGES:
        done = _newest(instance, stage, dg.DagsterEventType.ASSET_MATERIALIZATION, wanted)
        planned = _newest(instance, stage, dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED, wanted)
        for run_id, storage_id in done.items():
            logs[run_id].done[stage] = storage_id
        plans[stage] = {run_id: sid for run_id, sid in planned.items() if sid > done.get(run_id, -1)}
    for stage, open_ids in plans.items():
        for run_id, run in _planning_runs(instance, stage, open_ids, logs).items():
            logs[run_id].open_plans[stage] = run
    return logs


def _newest(
    instance: dg.DagsterInstance,
    stage: str,
    event_type: dg.DagsterEventType,
    wanted: frozenset[str],
) -> Mapping[str, int]:
    """Storage ids by partition; where many are wanted, it is quicker to ask for all."""
    newest = instance.get_latest_storage_id_by_partition(
        dg.AssetKey(stage), event_type, set(wanted) if len(wanted) <= CHUNK else None
    )
    return {run_id: storage_id for run_id, storage_id in newest.items() if run_id in wanted}


def _planning_runs(
    instance: dg.DagsterInstance, stage: str, open_ids: Mapping[str, int], logs: Mapping[str, _Log]
) -> dict[str, dg.DagsterRun]:
    """For each partition with an open plan the Dagster run that made it; cancelled ones give way to earlier ones."""
    plans = [
        plan
        for chunk in _chunks(list(open_ids.values()))
        for plan in _plans(instance, dg.AssetRecordsFilter(asset_key=dg.AssetKey(stage), storage_ids=chunk))
    ]
    found = _counting(instance, plans)
    unclear = [run_id for run_id in open_ids if run_id not in found]
    for chunk in _chunks(unclear):
        records = dg.AssetRecordsFilter(asset_key=dg.AssetKey(stage), asset_partitions=chunk)
        earlier = [
            plan
            for plan in _plans(instance, records)
            if plan.storage_id > logs[plan.partition_key or ""].done.get(stage, -1)
        ]
        found |= _counting(instance, earlier)
    return {run_id: run for run_id, run in found.items() if run.status is not dg.DagsterRunStatus.SUCCESS}


def _counting(instance: dg.DagsterInstance, plans: Sequence[dg.EventLogRecord]) -> dict[str, dg.DagsterRun]:
    """For each partition the newest of these plans whose Dagster run still exists and was not cancelled."""
    dagster_runs = _runs_by_id(instance, {plan.run_id for plan in plans})
    found: dict[str, dg.DagsterRun] = {}
    for plan in sorted(plans, key=lambda plan: plan.storage_id):
        run = dagster_runs.get(plan.run_id)
        if run is not None and run.status is not dg.DagsterRunStatus.CANCELED and plan.partition_key:
            found[plan.partition_key] = run
    return found


def _plans(instance: dg.DagsterInstance, records: dg.AssetRecordsFilter) -> list[dg.EventLogRecord]:
    """All planned materializations that the filter lets through."""
    plans: list[dg.EventLogRecord] = []
    cursor: str | None = None
    with warnings.catch_warnings():
        # Dagster marks it for removal in 2.0 and names nothing that reads planned events in bulk.
        warnings.filterwarnings(
            "ignore", message=".*fetch_planned_materializations.*", category=DeprecationWarning
        )
        while True:
            page = instance.fetch_planned_materializations(records, limit=CHUNK, cursor=cursor)
            plans += page.records
            if len(page.records) < CHUNK:
                return plans
            cursor = page.cursor


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
    failures: _Failures,
) -> None:
    """A check's record outlives the Dagster run that wrote it, so it counts only beside a materialization."""
    partition_keys = sorted(wanted) if len(wanted) <= CHUNK else None
    faults: dict[str, dict[str, str]] = defaultdict(dict)
    for info in instance.event_log_storage.get_asset_check_partition_info(list(checks), None, partition_keys):
        key, run_id = info.check_key, info.partition_key
        stage = key.asset_key.to_user_string()
        if run_id is None or run_id not in logs or stage not in logs[run_id].done:
            continue
        fault = None
        if info.latest_execution_status.value == "FAILED" and info.is_current:
            fault = f"check {key.name} of {stage} failed"
        elif info.latest_execution_status.value == "PLANNED" and not logs[run_id].is_going_on:
            fault = _overlaid_fault(instance, key, run_id, failures)
        if fault:
            faults[run_id][stage] = fault
    for run_id, by_stage in faults.items():
        logs[run_id].failed_checks = {stage: by_stage[stage] for stage in STAGES if stage in by_stage}


def _overlaid_fault(
    instance: dg.DagsterInstance, key: dg.AssetCheckKey, run_id: str, failures: _Failures
) -> str | None:
    """The newest record is a plan that nothing came of: the Dagster run of the newest materialization tells."""
    records = dg.AssetRecordsFilter(asset_key=key.asset_key, asset_partitions=[run_id])
    newest = instance.fetch_materializations(records, limit=1).records[0]
    evaluated = instance.get_records_for_run(
        newest.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION, ascending=False
    ).records
    what = f"check {key.name} of {key.asset_key.to_user_string()}"
    for record in evaluated:
        event = record.event_log_entry.dagster_event
        evaluation = event.asset_check_evaluation_data if event else None
        if evaluation and evaluation.asset_check_key == key and evaluation.partition == run_id:
            return None if evaluation.passed else f"{what} failed"
    run = instance.get_run_by_id(newest.run_id)
    if run is None or run.status is not dg.DagsterRunStatus.FAILURE:
        return None
    return f"{what} could not be evaluated: {failures.of(run.run_id)[1] or 'its run broke off'}"


def _chunks(items: Sequence[Item]) -> Iterable[list[Item]]:
    for start in range(0, len(items), CHUNK):
        yield list(items[start : start + CHUNK])
