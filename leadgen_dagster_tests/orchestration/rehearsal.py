"""The pipeline with empty stages that fail on demand: names, deps and partitions of the real one, two of its gates."""

import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

import dagster as dg

from leadgen_dagster.orchestration.flow import READS, STAGES
from leadgen_dagster.orchestration.partitions import RUNS, runs
from leadgen_dagster.orchestration.processes import HOST_TAG, PID_TAG, this_process
from leadgen_dagster.orchestration.run_state import RunState, state_of

PARTITION_TAG = "dagster/partition"
JOB = "lead_pipeline"
CHECKED = ("contacts", "lead_export")
CHECK_KEYS = tuple(dg.AssetCheckKey(dg.AssetKey(stage), "gate") for stage in CHECKED)
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class GateError(Exception):
    """A check that cannot look."""


@dataclass
class Script:
    """What the next Dagster run does wrong, by stage."""

    failing: Collection[str] = ()
    cancelled: Collection[str] = ()
    interrupted: Collection[str] = ()
    check_fails: Collection[str] = ()
    check_raises: Collection[str] = ()
    meanwhile: Callable[[str], None] | None = None
    """Called within each stage."""


@dataclass
class Rehearsal:
    """Plays Dagster runs on one instance and tells a run's state."""

    instance: dg.DagsterInstance

    def play(
        self,
        run_id: str,
        stages: Sequence[str] = STAGES,
        *,
        tags: dict[str, str] | None = None,
        **script: Any,
    ) -> str:
        """Executes stages of a run by this script; returns the Dagster run's id."""
        SCRIPT[:] = [Script(**script)]
        self.instance.add_dynamic_partitions(RUNS, [run_id])
        result = rehearsal_job().execute_in_process(
            partition_key=run_id,
            instance=self.instance,
            asset_selection=[dg.AssetKey(stage) for stage in stages],
            tags=tags,
            run_config=QUIET,
            raise_on_error=False,
        )
        return result.run_id

    def plan(
        self,
        run_id: str,
        status: dg.DagsterRunStatus,
        stages: Sequence[str] = STAGES,
        *,
        tags: dict[str, str] | None = None,
        dagster_run_id: str | None = None,
    ) -> dg.DagsterRun:
        """A Dagster run that was made, and planned these stages, and executes nothing."""
        self.instance.add_dynamic_partitions(RUNS, [run_id])
        selection = frozenset(dg.AssetKey(stage) for stage in stages)
        return self.instance.create_run_for_job(
            _subset(selection),
            run_id=dagster_run_id,
            status=status,
            tags={PARTITION_TAG: run_id} | (tags or {}),
            asset_selection=selection,
        )

    def plan_in_dead_process(self, run_id: str, *, host: str | None = None) -> dg.DagsterRun:
        """A Dagster run that went on in a process that was killed."""
        child = subprocess.Popen([sys.executable, "-c", ""])
        child.wait()
        dagster_run_id = str(uuid4())
        tags = this_process(dagster_run_id) | {PID_TAG: str(child.pid)}
        if host:
            tags[HOST_TAG] = host
        return self.plan(run_id, dg.DagsterRunStatus.STARTED, tags=tags, dagster_run_id=dagster_run_id)

    def state(self, run_id: str) -> RunState:
        return state_of(self.instance, run_id, CHECK_KEYS)


SCRIPT = [Script()]


@cache
def rehearsal_definitions() -> dg.Definitions:
    return dg.Definitions(
        assets=[_asset(stage) for stage in STAGES],
        asset_checks=[_check(stage) for stage in CHECKED],
        jobs=[dg.define_asset_job(JOB, selection=dg.AssetSelection.all())],
        executor=dg.in_process_executor,
    )


def rehearsal_job() -> dg.JobDefinition:
    return rehearsal_definitions().resolve_job_def(JOB)


@cache
def _subset(selection: frozenset[dg.AssetKey]) -> dg.JobDefinition:
    return rehearsal_job().get_subset(asset_selection=selection)


def _asset(stage: str) -> dg.AssetsDefinition:
    @dg.asset(name=stage, deps=READS[stage], partitions_def=runs)
    def body(context: dg.AssetExecutionContext) -> None:
        script = SCRIPT[0]
        if script.meanwhile:
            script.meanwhile(stage)
        if stage in script.failing:
            raise dg.Failure(f"the pipe of {stage} broke")
        if stage in script.cancelled:
            context.instance.report_run_canceling(context.run)
        if stage in {*script.cancelled, *script.interrupted}:
            raise KeyboardInterrupt

    return body


def _check(stage: str) -> dg.AssetChecksDefinition:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.PreviewWarning)

        @dg.asset_check(asset=stage, name="gate", blocking=True, partitions_def=runs)
        def gate() -> dg.AssetCheckResult:
            if stage in SCRIPT[0].check_raises:
                raise GateError("cannot look")
            return dg.AssetCheckResult(passed=stage not in SCRIPT[0].check_fails)

        return gate
