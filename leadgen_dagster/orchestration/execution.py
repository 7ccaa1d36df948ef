"""A run executed, resumed or repeated in this process, through Dagster, for the command line and the demo."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import dagster as dg

from leadgen_dagster.agency import Agency
from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.partition import Partition, row_counts
from leadgen_dagster.db.repositories import ProcessingRunRepository
from leadgen_dagster.db.retention import delete_expired
from leadgen_dagster.errors import UserError
from leadgen_dagster.orchestration.build import build_definitions, resources_of
from leadgen_dagster.orchestration.checks import BLOCKING_CHECKS
from leadgen_dagster.orchestration.flow import STAGES, RunStatus
from leadgen_dagster.orchestration.instance import open_instance
from leadgen_dagster.orchestration.jobs import LEAD_PIPELINE
from leadgen_dagster.orchestration.layout import EXPORT_FILES, REJECTS, export_path
from leadgen_dagster.orchestration.ordering import OrderDesk
from leadgen_dagster.orchestration.partitions import RUNS
from leadgen_dagster.orchestration.processes import fail_dead_processes, this_process
from leadgen_dagster.orchestration.publisher import Publisher
from leadgen_dagster.orchestration.run_state import (
    GOING_ON,
    RunState,
    exported_leads,
    stages_to_do,
    state_of,
    states_of,
)
from leadgen_dagster.orchestration.watching import StageEvent, watching
from leadgen_dagster.orders import ProcessingRun
from leadgen_dagster.settings import Settings

LAUNCHED_BY = "command line"
REFRESHED = {"businesses", "page_snapshots", "page_audits"}
"""The stages that ask place services and websites, and can be told to ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingRunResult:
    """How a run ended, for a person and as JSON."""

    run_id: str
    status: RunStatus
    counts: dict[str, int] = field(default_factory=dict)
    """Stage -> rows of its partition."""
    export_paths: dict[str, str] = field(default_factory=dict)
    """File name -> where it lies."""
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Workshop:
    """Everything one process needs to execute runs and to say how they stand.

    Args:
        overrides: resources that take the place of those of the same name.
    """

    def __init__(self, settings: Settings, **overrides: Any) -> None:  # noqa: ANN401  # of any kind of resource
        self.settings = settings
        self._resources = resources_of(settings) | overrides
        self.database: Database = self._resources["database"].process_config_and_initialize().open()
        delete_expired(self.database, now=datetime.now(UTC))
        self.files: ObjectStore = self._resources["files"].open()
        self.desk: OrderDesk = self._resources["desk"].open(self.database, self.files)

    @cached_property
    def instance(self) -> dg.DagsterInstance:
        return open_instance(self.settings)

    @cached_property
    def _definitions(self) -> dg.Definitions:
        return build_definitions(self.settings, **self._resources)

    @cached_property
    def publisher(self) -> Publisher:
        resource = self._resources["publisher"].process_config_and_initialize()
        publisher: Publisher = resource.open(self.database, self.files)
        return publisher

    def agency_of(self, run: ProcessingRun) -> Agency:
        """Who signs what comes of this run."""
        agency: Agency = self._resources["agency"].of(run)
        return agency

    def public_url_of(self, agency: Agency) -> str | None:
        """What the addresses of its published demos begin with; None where nobody has said."""
        url: str | None = self._resources["agency"].public_url_of(agency)
        return url

    def run(self, run_id: str) -> ProcessingRun:
        """The order of this id.

        Raises:
            UserError: there is none.
        """
        run = Partition(self.database, run_id).run()
        if run is None:
            raise UserError(f"run {run_id!r}: there is no such run; `leadgen runs` lists them")
        return run

    def partition(self, run_id: str) -> Partition:
        return Partition(self.database, run_id)

    def state(self, run_id: str) -> RunState:
        return state_of(self.instance, run_id, BLOCKING_CHECKS)

    def results(self, limit: int | None = None) -> list[ProcessingRunResult]:
        """All runs, the newest first."""
        with self.database.read() as session:
            run_ids = [model.id for model in ProcessingRunRepository(session).newest_first(limit)]
        return self._results(run_ids)

    def result(self, run_id: str) -> ProcessingRunResult:
        return self._results([run_id])[0]

    def execute(
        self,
        run_id: str,
        *,
        stages: Sequence[str] = STAGES,
        refresh: bool = False,
        on_event: StageEvent | None = None,
    ) -> ProcessingRunResult:
        """Executes stages of a run here and now; returns how the run stands after.

        Args:
            run_id: of an order that stands.
            stages: in flow order.
            refresh: whether pages are fetched again.
            on_event: told what happens, from another thread.

        Raises:
            UserError: it is being executed right now.
        """
        self._check_idle(run_id)
        self.desk.note_launch(run_id, LAUNCHED_BY)
        self.instance.add_dynamic_partitions(RUNS, [run_id])
        dagster_run_id = str(uuid.uuid4())
        with watching(self.instance, dagster_run_id, on_event):
            self._definitions.resolve_job_def(LEAD_PIPELINE).execute_in_process(
                run_id=dagster_run_id,
                partition_key=run_id,
                instance=self.instance,
                asset_selection=[dg.AssetKey(stage) for stage in stages],
                run_config=_run_config(refreshed=REFRESHED & set(stages) if refresh else ()),
                tags=this_process(dagster_run_id),
                raise_on_error=False,
            )
        return self.result(run_id)

    def resume(self, run_id: str, *, on_event: StageEvent | None = None) -> ProcessingRunResult:
        """Goes on where a run stopped; a run that is complete stays as it is.

        Raises:
            UserError: it is being executed right now.
        """
        self._check_idle(run_id)
        stages = stages_to_do(self.state(run_id))
        return self.execute(run_id, stages=stages, on_event=on_event) if stages else self.result(run_id)

    def _check_idle(self, run_id: str) -> None:
        """Looks for a Dagster run of this partition first, which is cheap; its state says whether it is alive."""
        fail_dead_processes(self.instance)
        going_on = dg.RunsFilter(tags={"dagster/partition": run_id}, statuses=sorted(GOING_ON, key=str))
        if not self.instance.get_runs(going_on, limit=1):
            return
        state = self.state(run_id)
        if state.dagster_run_id and state.status is not RunStatus.FAILED and not state.is_stalled:
            raise UserError(f"run {run_id}: it is going on (Dagster run {state.dagster_run_id}); wait for it")

    def _results(self, run_ids: Sequence[str]) -> list[ProcessingRunResult]:
        states, counts = (
            states_of(self.instance, run_ids, BLOCKING_CHECKS),
            row_counts(self.database, run_ids),
        )
        exported = exported_leads(self.instance, run_ids)
        return [
            ProcessingRunResult(
                run_id=run_id,
                status=states[run_id].status,
                counts=counts[run_id] | {"lead_export": exported.get(run_id, 0)},
                export_paths=self._export_paths(run_id)
                if "lead_export" in states[run_id].materialized
                else {},
                error=states[run_id].error,
            )
            for run_id in run_ids
        ]

    def _export_paths(self, run_id: str) -> dict[str, str]:
        paths = {name: self.files.path(export_path(run_id, name)) for name in (*EXPORT_FILES, REJECTS)}
        return {name: str(path) for name, path in paths.items() if name != REJECTS or path.exists()}


def _run_config(*, refreshed: Collection[str]) -> dict[str, Any]:
    """Dagster's own log goes to its database; on the terminal it would hide what a person looks for."""
    config: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    if refreshed:
        config["ops"] = {stage: {"config": {"refresh": True}} for stage in sorted(refreshed)}
    return config
