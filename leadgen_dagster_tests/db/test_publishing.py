import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import BusinessModel, ContactModel, DiscoveryNoteModel, StageFenceModel
from leadgen_dagster.db.partition import PUBLISHED, Partition, row_counts
from leadgen_dagster.db.publishing import Attempt, begin_attempt, check_newest, data_version_of, publish
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.notes import DiscoveryNote, NoteKind
from leadgen_dagster.errors import SupersededError
from leadgen_dagster_tests.db.orders import place_order
from leadgen_dagster_tests.db.rows import (
    BELOW,
    Row,
    businesses_of,
    counted_queries,
    dump,
    entities_below,
    publish_all,
    publish_run,
    row_of,
    rows_of,
)


@pytest.fixture
def run_id(database: Database) -> str:
    return place_order(database).id


def begin(database: Database, run_id: str) -> Attempt:
    return begin_attempt(database, run_id, "businesses", "dagster-run")


def business_rows(run_id: str, count: int) -> list[Row]:
    return rows_of(businesses_of(run_id, count), BusinessModel, run_id)


def note_rows(run_id: str, *texts: str) -> list[Row]:
    notes = [
        DiscoveryNote(id=f"note-{position}", position=position, kind=NoteKind.REJECTED, text=text)
        for position, text in enumerate(texts)
    ]
    return rows_of(notes, DiscoveryNoteModel, run_id)


def names(database: Database, run_id: str) -> list[str]:
    return sorted(business.name for business in Partition(database, run_id).businesses())


class TestRows:
    def test_what_is_published_takes_the_place_of_what_was(self, database: Database, run_id: str) -> None:
        publish_all(database, run_id, BusinessModel, businesses_of(run_id, 3))
        kept, changed, _gone = businesses_of(run_id, 3)
        new = replace(kept, id="new", fingerprint="new", name="New")
        publish_all(database, run_id, BusinessModel, [kept, replace(changed, name="Changed"), new])
        assert names(database, run_id) == ["Changed", "New", "shop-0"]

    def test_what_belongs_to_a_business_goes_with_it_and_the_rest_stays(
        self, database: Database, run_id: str
    ) -> None:
        first, second = publish_run(database, run_id, 2)
        publish_all(database, run_id, BusinessModel, [replace(second, name="Renamed")])
        counts = row_counts(database, [run_id])[run_id]
        assert counts == dict.fromkeys(counts, 1)
        contacts = Partition(database, run_id).contacts()
        assert contacts == {second.id: [entities_below(second.id)[ContactModel]]}
        assert first.id not in contacts

    def test_a_partition_can_become_empty(self, database: Database, run_id: str) -> None:
        publish_run(database, run_id, 2)
        publish_all(database, run_id, BusinessModel, [])
        assert set(row_counts(database, [run_id])[run_id].values()) == {0}

    def test_another_run_of_the_same_businesses_is_left_alone(self, database: Database, run_id: str) -> None:
        other = place_order(database).id
        publish_run(database, other, 2)
        before = dump(database, *PUBLISHED)
        publish_run(database, run_id, 2)
        publish_all(database, run_id, BusinessModel, [])
        assert dump(database, *PUBLISHED) == before

    def test_publishing_the_same_again_changes_nothing_at_all(self, database: Database, run_id: str) -> None:
        publish_run(database, run_id, 5)
        before = dump(database, *PUBLISHED)
        assert {table: len(rows) for table, rows in before.items()} == dict.fromkeys(before, 5)
        publish_run(database, run_id, 5)
        assert dump(database, *PUBLISHED) == before

    def test_tables_that_are_published_together_change_together_or_not_at_all(
        self, database: Database, run_id: str
    ) -> None:
        businesses, notes = business_rows(run_id, 2), note_rows(run_id, "row 2: no name", "row 3: no name")
        tables = (BusinessModel, DiscoveryNoteModel)
        attempt = begin(database, run_id)
        version = publish(database, attempt, BusinessModel, businesses, beside={DiscoveryNoteModel: notes})
        assert version == data_version_of([*businesses, *notes])
        before = dump(database, *tables)
        broken = [notes[0], notes[1] | {"text": None}]
        with pytest.raises(IntegrityError):
            publish(database, attempt, BusinessModel, [], beside={DiscoveryNoteModel: broken})
        assert dump(database, *tables) == before
        publish(database, attempt, BusinessModel, businesses, beside={DiscoveryNoteModel: notes[:1]})
        assert [note.text for note in Partition(database, run_id).discovery_notes()] == ["row 2: no name"]

    def test_a_row_that_cannot_be_written_leaves_the_partition_as_it_was(
        self, database: Database, run_id: str
    ) -> None:
        publish_run(database, run_id, 2)
        before = dump(database, *PUBLISHED)
        rows = business_rows(run_id, 4)
        rows[0]["name"], rows[-1]["name"] = "Renamed", None
        with pytest.raises(IntegrityError):
            publish(database, begin(database, run_id), BusinessModel, rows)
        assert dump(database, *PUBLISHED) == before

    @pytest.mark.parametrize("model", BELOW)
    def test_nothing_can_belong_to_a_business_that_is_not_there(
        self, database: Database, run_id: str, model: type[ContactModel]
    ) -> None:
        with pytest.raises(IntegrityError):
            publish_all(database, run_id, model, [entities_below("nobody")[model]])

    def test_a_reader_sees_the_old_partition_or_the_new_one_and_never_a_half(
        self, database: Database, run_id: str
    ) -> None:
        old, new = businesses_of(run_id, 60), businesses_of(run_id, 120)[60:]
        publish_all(database, run_id, BusinessModel, old)
        seen: set[frozenset[str]] = set()
        is_over = threading.Event()

        def look() -> None:
            while not is_over.is_set():
                seen.add(frozenset(names(database, run_id)))

        with ThreadPoolExecutor(1) as pool:
            looking = pool.submit(look)
            try:
                for businesses in (new, old, new, old):
                    publish_all(database, run_id, BusinessModel, businesses)
            finally:
                is_over.set()
            looking.result()
        assert seen <= {frozenset(business.name for business in whole) for whole in (old, new)}

    def test_five_thousand_rows_take_a_handful_of_statements(self, database: Database, run_id: str) -> None:
        rows = business_rows(run_id, 5_000)
        attempt = begin(database, run_id)
        with counted_queries(database) as queries:
            publish(database, attempt, BusinessModel, rows)
            publish(database, attempt, BusinessModel, rows[:10])
        assert len(queries) <= 20
        assert len(names(database, run_id)) == 10


class TestFence:
    def test_attempts_are_counted_for_each_stage_of_each_run(self, database: Database, run_id: str) -> None:
        other = place_order(database).id
        assert [begin(database, run_id).number for _ in range(3)] == [1, 2, 3]
        assert begin_attempt(database, run_id, "contacts", "dagster-run").number == 1
        assert begin(database, other).number == 1

    def test_the_fence_remembers_who_holds_it(self, database: Database, run_id: str) -> None:
        begin_attempt(database, run_id, "businesses", "first")
        begin_attempt(database, run_id, "businesses", "second")
        assert dump(database, StageFenceModel)["stage_fences"] == [(run_id, "businesses", 2, "second")]

    def test_an_overtaken_attempt_publishes_nothing(self, database: Database, run_id: str) -> None:
        overtaken, newest = begin(database, run_id), begin(database, run_id)
        with pytest.raises(SupersededError, match="a newer attempt has begun"):
            publish(database, overtaken, BusinessModel, business_rows(run_id, 3))
        assert names(database, run_id) == []
        publish(database, newest, BusinessModel, business_rows(run_id, 1))
        with pytest.raises(SupersededError):
            publish(database, overtaken, BusinessModel, [])
        assert names(database, run_id) == ["shop-0"]

    def test_an_attempt_that_nobody_began_publishes_nothing(self, database: Database, run_id: str) -> None:
        with pytest.raises(SupersededError):
            publish(database, Attempt(run_id, "businesses", 1), BusinessModel, business_rows(run_id, 1))

    def test_what_is_published_as_files_asks_the_same_fence(self, database: Database, run_id: str) -> None:
        overtaken, newest = begin(database, run_id), begin(database, run_id)
        check_newest(database, newest)
        with pytest.raises(SupersededError):
            check_newest(database, overtaken)

    def test_of_attempts_that_race_the_last_to_begin_has_the_last_word(
        self, database: Database, run_id: str
    ) -> None:
        racers = 6
        barrier = threading.Barrier(racers)
        pauses = [0.004 * (number * 5 % racers) for number in range(racers)]

        def race(number: int) -> tuple[int, str | None]:
            business = Business(
                id=f"of-{number}", fingerprint=f"of-{number}", name=f"{number}", niche="bakery"
            )
            barrier.wait()
            attempt = begin(database, run_id)
            time.sleep(pauses[number])
            try:
                publish(database, attempt, BusinessModel, [row_of(business, BusinessModel, run_id)])
            except SupersededError:
                return attempt.number, None
            return attempt.number, business.name

        with ThreadPoolExecutor(racers) as pool:
            results = dict(pool.map(race, range(racers)))
        assert sorted(results) == list(range(1, racers + 1))
        assert names(database, run_id) == [results[racers]]

    def test_a_new_attempt_waits_for_one_that_is_publishing(self, database: Database, run_id: str) -> None:
        attempt = begin(database, run_id)
        following: list[Future[Attempt]] = []

        def begin_meanwhile(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.startswith("INSERT INTO businesses"):
                following.append(pool.submit(begin, database, run_id))
                time.sleep(0.1)
                assert not following[0].done()

        with ThreadPoolExecutor(1) as pool:
            event.listen(database.engine, "before_cursor_execute", begin_meanwhile)
            publish(database, attempt, BusinessModel, business_rows(run_id, 1))
            assert following[0].result().number == attempt.number + 1
        assert names(database, run_id) == ["shop-0"]


class TestDataVersion:
    rows = tuple(business_rows("a-run", 5))

    @given(st.permutations(rows))
    def test_it_is_the_same_for_the_same_rows_in_any_order(self, rows: list[Row]) -> None:
        assert data_version_of([dict(reversed(row.items())) for row in rows]) == data_version_of(self.rows)

    @pytest.mark.parametrize(
        "change", [{"name": "other"}, {"latitude": 55.02}, {"email": None}, {"origins": []}]
    )
    def test_it_is_another_one_as_soon_as_anything_differs(self, change: Row) -> None:
        first, *others = self.rows
        assert data_version_of([first | change, *others]) != data_version_of(self.rows)

    def test_a_row_less_is_another_version(self) -> None:
        assert data_version_of(self.rows[1:]) != data_version_of(self.rows)

    def test_publishing_reports_it(self, database: Database, run_id: str) -> None:
        rows = business_rows(run_id, 3)
        assert publish(database, begin(database, run_id), BusinessModel, rows) == data_version_of(rows)
