import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.publishing import begin_attempt
from leadgen_dagster.db.repositories import OrderLaunchRepository, ProcessingRunRepository, to_run
from leadgen_dagster.errors import LeadgenError, OrderError
from leadgen_dagster.orders import Executor, ProcessingRun
from leadgen_dagster_tests.db.orders import ORDERED_AT, place_order
from leadgen_dagster_tests.db.rows import counted_queries, publish_run


def launch(database: Database, run_id: str, *, minutes_ago: int = 0, by: str = "orders sensor") -> None:
    at = ORDERED_AT - timedelta(minutes=minutes_ago)
    with database.write() as session:
        OrderLaunchRepository(session).create(run_id=run_id, launched_at=at, launched_by=by)


class TestOrders:
    def test_an_order_comes_back_as_it_was_placed(self, database: Database) -> None:
        placed = place_order(
            database,
            request_key="search:bakeries:2026-11-22",
            location="京都",
            sources=[{"name": "csv", "file": "leads.csv", "file_hash": "0" * 64}, "osm"],
            max_businesses=5_000,
            score_threshold=1,
            audit_weakest=9,
            rubric_file="rubric.yaml",
            rubric_file_hash="1" * 64,
            language="fi",
            budget_usd="99999.123456",
        )
        with database.read() as session:
            repository = ProcessingRunRepository(session)
            model = repository.get_by_id(placed.id)
            assert model is not None
            assert to_run(model) == placed
            assert repository.get_by_request_key(placed.request_key) is model
        assert placed.config.budget_usd == Decimal("99999.123456")

    def test_the_same_request_gives_the_same_run_even_with_other_fields(self, database: Database) -> None:
        first = place_order(database, request_key="one")
        assert place_order(database, request_key="one", location="Elsewhere") == first
        assert place_order(database, request_key="one", requested_at=ORDERED_AT + timedelta(days=9)) == first

    def test_a_run_id_that_is_taken_grows_by_more_digits(self, database: Database) -> None:
        wanted = place_order(database, request_key="one").id
        with database.write() as session:
            session.delete(ProcessingRunRepository(session).get_by_id(wanted))
        squatter = place_order(database, request_key="two", run_id=wanted)
        assert squatter.id == wanted
        longer = place_order(database, request_key="one").id
        assert longer.startswith(wanted)
        assert len(longer) == len(wanted) + 4

    def test_a_partition_named_by_hand_keeps_its_name(self, database: Database) -> None:
        assert place_order(database, run_id="My-first.run_1").id == "My-first.run_1"

    def test_a_name_by_hand_that_is_taken_or_unsafe_is_refused(self, database: Database) -> None:
        taken = place_order(database).id
        with pytest.raises(LeadgenError, match="belongs to another request"):
            place_order(database, run_id=taken)
        with pytest.raises(OrderError):
            place_order(database, run_id="../secrets")

    @pytest.mark.parametrize("is_same_request", [True, False])
    def test_orders_placed_at_the_same_moment_get_one_run_a_request(
        self, database: Database, *, is_same_request: bool
    ) -> None:
        doors = 8
        barrier = threading.Barrier(doors)

        def place(number: int) -> ProcessingRun:
            barrier.wait()
            return place_order(database, request_key="one" if is_same_request else f"request {number}")

        with ThreadPoolExecutor(doors) as pool:
            runs = list(pool.map(place, range(doors)))
        assert len({run.id for run in runs}) == (1 if is_same_request else doors)

    def test_two_requests_that_want_one_run_id_at_the_same_moment_get_two(self, database: Database) -> None:
        barrier = threading.Barrier(2)

        def place(request_key: str, run_id: str | None) -> ProcessingRun:
            barrier.wait()
            return place_order(database, request_key=request_key, run_id=run_id)

        wanted = place_order(database, request_key="one").id
        with database.write() as session:
            session.delete(ProcessingRunRepository(session).get_by_id(wanted))
        with ThreadPoolExecutor(2) as pool:
            by_hand = pool.submit(place, "by hand", wanted)
            by_door = pool.submit(place, "one", None)
        assert by_door.result().id.startswith(wanted)
        if by_hand.exception() is None:
            assert by_hand.result().id == wanted
            assert by_door.result().id != wanted
        else:
            assert by_door.result().id == wanted

    def test_runs_are_listed_newest_first(self, database: Database) -> None:
        runs = [place_order(database, requested_at=ORDERED_AT + timedelta(hours=hour)) for hour in (1, 3, 2)]
        with database.read() as session:
            repository = ProcessingRunRepository(session)
            assert [model.id for model in repository.newest_first()] == [runs[i].id for i in (1, 2, 0)]
            assert [model.id for model in repository.newest_first(1)] == [runs[1].id]


class TestLaunches:
    def test_an_order_waits_until_it_is_launched_the_oldest_first(self, database: Database) -> None:
        late = place_order(database, requested_at=ORDERED_AT + timedelta(minutes=1)).id
        early = place_order(database).id
        place_order(database, executor=Executor.PROCESS)
        with database.read() as session:
            assert OrderLaunchRepository(session).waiting(Executor.DAEMON) == [early, late]
        launch(database, early)
        with database.read() as session:
            assert OrderLaunchRepository(session).waiting(Executor.DAEMON) == [late]

    def test_a_launch_that_came_to_nothing_is_known_by_its_lack_of_a_trace(self, database: Database) -> None:
        lost, begun, old, other, seen = (place_order(database).id for _ in range(5))
        launch(database, lost)
        launch(database, lost, minutes_ago=5)
        launch(database, begun)
        launch(database, old, minutes_ago=61)
        launch(database, other, by="leadgen run")
        launch(database, seen)
        launch(database, seen, by="seen in Dagster")
        begin_attempt(database, begun, "businesses", "dagster-run")
        since = ORDERED_AT - timedelta(hours=1)
        with database.read() as session:
            launches = OrderLaunchRepository(session)
            found = launches.launched_without_trace(
                since, launched_by="orders sensor", seen_by="seen in Dagster"
            )
        assert found == [lost]

    def test_nothing_is_launched_that_was_not_ordered(self, database: Database) -> None:
        with pytest.raises(IntegrityError):
            launch(database, "nobody-ordered-this")


class TestARunWithItsBusinesses:
    @pytest.mark.parametrize("count", [1, 200])
    def test_it_is_loaded_whole_in_as_many_queries_for_one_business_as_for_many(
        self, database: Database, count: int
    ) -> None:
        run = place_order(database)
        publish_run(database, run.id, count)
        with counted_queries(database) as queries, database.read() as session:
            model = ProcessingRunRepository(session).get_with_businesses(run.id)
            assert model is not None
            assert len(model.businesses) == count
            for business in model.businesses:
                assert [score.business_id for score in business.website_scores] == [business.id]
                assert [site.business_id for site in business.generated_sites] == [business.id]
                assert [campaign.business_id for campaign in business.outreach_campaigns] == [business.id]
                assert business.run is model
        assert len(queries) == 5

    def test_a_run_without_businesses_has_none(self, database: Database) -> None:
        run = place_order(database)
        with database.read() as session:
            model = ProcessingRunRepository(session).get_with_businesses(run.id)
            assert model is not None
            assert model.businesses == []

    def test_a_run_that_nobody_ordered_is_none(self, database: Database) -> None:
        with database.read() as session:
            assert ProcessingRunRepository(session).get_with_businesses("nobody-ordered-this") is None
            assert ProcessingRunRepository(session).get_by_id("nobody-ordered-this") is None
