"""The orders sensor: what one tick decides, and what it does in a real Dagster instance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from upath import UPath

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.publishing import begin_attempt
from leadgen_dagster.db.repositories import OrderLaunchRepository
from leadgen_dagster.orchestration.ordering import OrderDesk
from leadgen_dagster.orchestration.partitions import RUNS, runs
from leadgen_dagster.orchestration.resources import DatabaseResource
from leadgen_dagster.orchestration.sensors import (
    LAUNCHED_BY,
    MAX_LAUNCHES_A_TICK,
    SEEN_BY,
    Decision,
    decide,
    orders_sensor,
)
from leadgen_dagster.orders import Executor
from leadgen_dagster_tests.orchestration.rehearsal import Rehearsal

RUN_IDS = st.lists(st.integers(0, 200).map("run-{}".format), unique=True)


def test_an_order_that_waits_is_launched() -> None:
    assert decide(["a", "b"], [], set()) == Decision(launch=("a", "b"), submit_again=(), seen=())


def test_an_order_that_was_launched_and_has_begun_is_left_alone() -> None:
    assert decide([], ["a"], {"a"}) == Decision(launch=(), submit_again=(), seen=("a",))


def test_an_order_whose_tick_died_before_it_submitted_is_submitted_again() -> None:
    assert decide(["c"], ["a", "b"], {"a"}) == Decision(launch=("c",), submit_again=("b",), seen=("a",))


@given(waiting=RUN_IDS, lately=RUN_IDS, begun=st.sets(st.integers(0, 200).map("run-{}".format)))
def test_a_tick_never_submits_what_has_begun_nor_more_than_its_share(
    waiting: list[str], lately: list[str], begun: set[str]
) -> None:
    decision = decide(waiting, lately, begun)

    assert not set(decision.submit_again) & begun
    assert len(decision.launch) == min(len(waiting), MAX_LAUNCHES_A_TICK)
    assert list(decision.launch) == waiting[: len(decision.launch)]


@dataclass
class Office:
    """An order desk, a Dagster instance in its home, and the sensor between them."""

    desk: OrderDesk
    rehearsal: Rehearsal
    expected_home: Path

    @property
    def instance(self) -> dg.DagsterInstance:
        return self.rehearsal.instance

    def order(self, executor: Executor = Executor.DAEMON) -> str:
        fields = {"location": "Port Linden", "niche": "restaurants", "sources": ["demo"]}
        run, _ = self.desk.place(fields, requested_by="test", executor=executor, again=True)
        return run.id

    def tick(self, instance: dg.DagsterInstance | None = None) -> list[str]:
        """The runs that the sensor asks for, each with its partition."""
        result = self.evaluate(instance or self.instance)
        if isinstance(result, dg.SkipReason):
            return []
        requests = result.run_requests or ()
        asked = [request.partition_key or "" for request in requests]
        assert asked == [request.run_key for request in requests]
        assert result.dynamic_partitions_requests == [runs.build_add_request(asked)]
        return asked

    def evaluate(
        self, instance: dg.DagsterInstance, *, any_instance: bool = False
    ) -> dg.SensorResult | dg.SkipReason:
        sensor = orders_sensor(None if any_instance else self.expected_home)
        database = DatabaseResource(url=self.desk.database.url)
        result = sensor(dg.build_sensor_context(instance), database=database)
        assert isinstance(result, dg.SensorResult | dg.SkipReason)
        return result

    def launch_rows(self, run_id: str) -> list[tuple[str, str]]:
        with self.desk.database.read() as session:
            rows = session.query(OrderLaunchRepository.model_class).all()
            return [(row.run_id, row.launched_by) for row in rows if row.run_id == run_id]

    def note_launch(self, run_id: str, *, ago: timedelta) -> None:
        with self.desk.database.write() as session:
            OrderLaunchRepository(session).create(
                run_id=run_id, launched_at=datetime.now(UTC) - ago, launched_by=LAUNCHED_BY
            )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral(str(tmp_path_factory.mktemp("dagster-home"))) as instance:
        yield instance


@pytest.fixture
def office(home: dg.DagsterInstance, sqlite_database: Database, tmp_path: Path) -> Office:
    desk = OrderDesk(database=sqlite_database, files=ObjectStore(UPath(tmp_path / "files")))
    return Office(desk, Rehearsal(home), Path(home.root_directory))


def test_each_order_is_launched_once(office: Office) -> None:
    first, second = office.order(), office.order()

    assert sorted(office.tick()) == sorted([first, second])
    for run_id in (first, second):
        office.rehearsal.plan(run_id, dg.DagsterRunStatus.NOT_STARTED)
    assert office.tick() == []
    assert office.launch_rows(first) == [(first, LAUNCHED_BY), (first, SEEN_BY)]
    office.tick()
    assert len(office.launch_rows(first)) == 2


def test_an_order_of_another_process_is_never_launched(office: Office) -> None:
    run_id = office.order(Executor.PROCESS)

    assert office.tick() == []
    office.desk.note_launch(run_id, "command line")
    assert office.tick() == []


def test_an_order_that_the_command_line_took_over_is_not_launched_too(office: Office) -> None:
    office.desk.note_launch(office.order(), "command line")

    assert office.tick() == []


def test_a_crashed_tick_is_made_good_within_the_hour(office: Office) -> None:
    run_id = office.order()
    office.note_launch(run_id, ago=timedelta(minutes=59))

    assert office.tick() == [run_id]


def test_a_tick_that_crashed_an_hour_ago_is_let_be(office: Office) -> None:
    office.note_launch(office.order(), ago=timedelta(minutes=61))

    assert office.tick() == []


def test_a_tick_that_crashed_after_its_runs_were_made_is_not_repeated(office: Office) -> None:
    run_id = office.order()
    assert office.tick() == [run_id]

    office.instance.report_run_canceled(office.rehearsal.plan(run_id, dg.DagsterRunStatus.NOT_STARTED))

    assert office.tick() == []


def test_when_all_dagster_runs_are_deleted_nothing_starts(office: Office) -> None:
    run_id = office.order()
    assert office.tick() == [run_id]
    begin_attempt(office.desk.database, run_id, "businesses", office.rehearsal.play(run_id))
    for run in office.instance.get_runs():
        office.instance.delete_run(run.run_id)

    assert office.tick() == []


def test_a_run_that_was_deleted_while_it_was_queued_is_not_started_again(office: Office) -> None:
    run_id = office.order()
    assert office.tick() == [run_id]
    queued = office.rehearsal.plan(run_id, dg.DagsterRunStatus.NOT_STARTED)
    assert office.tick() == []
    office.instance.delete_run(queued.run_id)

    assert office.tick() == []


def test_in_a_new_dagster_home_nothing_starts_that_ever_began(office: Office) -> None:
    run_id = office.order()
    assert office.tick() == [run_id]
    begin_attempt(office.desk.database, run_id, "businesses", "a Dagster run of the old home")

    with dg.DagsterInstance.ephemeral(str(office.expected_home)) as new_home:
        assert office.tick(new_home) == []


def test_when_a_partition_is_deleted_nothing_starts(office: Office) -> None:
    run_id = office.order()
    assert office.tick() == [run_id]
    office.rehearsal.play(run_id, ["businesses"])

    office.instance.delete_dynamic_partition(RUNS, run_id)

    assert office.tick() == []
    assert not office.instance.has_dynamic_partition(RUNS, run_id)


def test_many_orders_are_launched_over_several_ticks_the_oldest_first(office: Office) -> None:
    run_ids = [office.order() for _ in range(MAX_LAUNCHES_A_TICK + 2)]

    first = office.tick()
    for run_id in first:
        begin_attempt(office.desk.database, run_id, "businesses", "a Dagster run")

    assert (first, office.tick()) == (run_ids[:MAX_LAUNCHES_A_TICK], run_ids[MAX_LAUNCHES_A_TICK:])


def test_a_foreign_dagster_instance_is_refused_with_what_to_do(office: Office, tmp_path: Path) -> None:
    office.order()
    with dg.DagsterInstance.ephemeral(str(tmp_path)) as foreign:
        refusal = office.evaluate(foreign)

    assert refusal == dg.SkipReason(
        f"this Dagster instance lies in {tmp_path}, and the orders belong to {office.expected_home}; "
        "set DAGSTER_HOME to it, or LEADGEN_ALLOW_ANY_INSTANCE=1 if this is meant"
    )


def test_a_foreign_dagster_instance_is_served_where_a_person_says_so(office: Office, tmp_path: Path) -> None:
    run_id = office.order()
    with dg.DagsterInstance.ephemeral(str(tmp_path)) as foreign:
        result = office.evaluate(foreign, any_instance=True)

    assert isinstance(result, dg.SensorResult)
    assert [request.run_key for request in result.run_requests or ()] == [run_id]


def test_a_run_whose_process_died_is_reported_failed_and_can_be_resumed(office: Office) -> None:
    run_id = office.order(Executor.PROCESS)
    dead = office.rehearsal.plan_in_dead_process(run_id)

    office.tick()

    assert office.instance.get_run_by_id(dead.run_id).status is dg.DagsterRunStatus.FAILURE  # type: ignore[union-attr]
    assert (
        office.rehearsal.state(run_id).error
        == "the process that executed this run is gone; `leadgen resume` goes on"
    )


def test_a_run_that_the_ui_executes_again_is_not_taken_for_its_dead_parent(office: Office) -> None:
    run_id = office.order(Executor.PROCESS)
    parent = office.rehearsal.plan_in_dead_process(run_id)
    again = office.rehearsal.plan(run_id, dg.DagsterRunStatus.STARTED, tags=dict(parent.tags))

    office.tick()

    assert office.instance.get_run_by_id(again.run_id).status is dg.DagsterRunStatus.STARTED  # type: ignore[union-attr]


def test_it_alone_is_on_by_default() -> None:
    assert orders_sensor(None).default_status is dg.DefaultSensorStatus.RUNNING
