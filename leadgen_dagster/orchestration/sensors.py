"""The orders sensor: launches each order for the daemon once. On by default; every other sensor is off.

`decide` is pure; the sensor around it reads the tables, writes the launches down and submits.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.repositories import OrderLaunchRepository
from leadgen_dagster.db.retention import delete_expired
from leadgen_dagster.orchestration.jobs import lead_pipeline
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.processes import fail_dead_processes
from leadgen_dagster.orchestration.resources import DatabaseResource
from leadgen_dagster.orchestration.run_state import ever_planned
from leadgen_dagster.orders import Executor

LAUNCHED_BY = "orders sensor"
SEEN_BY = "seen in Dagster"
"""A second fact about a launch: its run was there. Whoever deletes it then means it."""
INTERVAL_S = 2
CRASHED_TICK_AGE = timedelta(hours=1)
MAX_LAUNCHES_A_TICK = 50


@dataclass(frozen=True, slots=True)
class Decision:
    """What one tick does."""

    launch: tuple[str, ...]
    """Orders that nobody launched: a launch row is written, then they are submitted."""
    submit_again: tuple[str, ...]
    """Launched by a tick that died before it submitted."""
    seen: tuple[str, ...]
    """Launched, and found in Dagster: noted, so that deleting their runs starts nothing."""


def decide(waiting: Sequence[str], launched_lately: Sequence[str], begun: Collection[str]) -> Decision:
    """Which orders to submit.

    Args:
        waiting: orders without a launch row, the oldest first.
        launched_lately: launched by this sensor within `CRASHED_TICK_AGE`.
        begun: those of them that Dagster has, or had, a run for.
    """
    lost = tuple(run_id for run_id in launched_lately if run_id not in begun)
    seen = tuple(run_id for run_id in launched_lately if run_id in begun)
    return Decision(launch=tuple(waiting[:MAX_LAUNCHES_A_TICK]), submit_again=lost, seen=seen)


def orders_sensor(expected_home: Path | None) -> dg.SensorDefinition:
    """The sensor for one installation.

    Args:
        expected_home: the Dagster home it works in; in any other it refuses. None: any.
    """

    @dg.sensor(
        name="orders",
        job=lead_pipeline,
        minimum_interval_seconds=INTERVAL_S,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Launches each order for the daemon once, and reports runs whose process died as failed.",
    )
    def orders(
        context: dg.SensorEvaluationContext, database: DatabaseResource
    ) -> dg.SensorResult | dg.SkipReason:
        instance = context.instance
        if expected_home is not None and Path(instance.root_directory).resolve() != expected_home.resolve():
            return dg.SkipReason(
                f"this Dagster instance lies in {instance.root_directory}, and the orders belong to {expected_home}; "
                "set DAGSTER_HOME to it, or LEADGEN_ALLOW_ANY_INSTANCE=1 if this is meant"
            )
        fail_dead_processes(instance)
        store = database.open()
        delete_expired(store, now=datetime.now(UTC))
        decision = _decide_now(instance, store)
        _note(store, dict.fromkeys(decision.launch, LAUNCHED_BY) | dict.fromkeys(decision.seen, SEEN_BY))
        if not (decision.launch or decision.submit_again):
            return dg.SkipReason("no order waits")
        run_ids = [*decision.submit_again, *decision.launch]
        return dg.SensorResult(
            run_requests=[dg.RunRequest(run_key=run_id, partition_key=run_id) for run_id in run_ids],
            dynamic_partitions_requests=[runs.build_add_request(run_ids)],
        )

    return orders


def _note(store: Database, launches: Mapping[str, str]) -> None:
    if not launches:
        return
    with store.write() as session:
        for run_id, launched_by in launches.items():
            OrderLaunchRepository(session).create(
                run_id=run_id, launched_at=datetime.now(UTC), launched_by=launched_by
            )


def _decide_now(instance: dg.DagsterInstance, store: Database) -> Decision:
    with store.read() as session:
        launches = OrderLaunchRepository(session)
        waiting = launches.waiting(Executor.DAEMON)
        since = datetime.now(UTC) - CRASHED_TICK_AGE
        lately = launches.launched_without_trace(since, launched_by=LAUNCHED_BY, seen_by=SEEN_BY)
    begun = ever_planned(instance, lately) if lately else frozenset()
    return decide(waiting, lately, begun)
