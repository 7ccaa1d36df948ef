from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from leadgen_dagster.db.engine import Database, open_database
from leadgen_dagster.db.models import OrderLaunchModel
from leadgen_dagster.db.repositories import OrderLaunchRepository
from leadgen_dagster.errors import SettingsError
from leadgen_dagster_tests.db.orders import place_order

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def launches(database: Database) -> list[datetime]:
    with database.read() as session:
        return list(session.execute(select(OrderLaunchModel.launched_at)).scalars())


def launch(database: Database, at: datetime) -> None:
    run_id = place_order(database).id
    with database.write() as session:
        OrderLaunchRepository(session).create(run_id=run_id, launched_at=at, launched_by="a test")


def test_what_is_written_is_there_for_the_next_reader(database: Database) -> None:
    launch(database, NOON)
    assert launches(database) == [NOON]


def test_an_exception_leaves_nothing_of_a_transaction(database: Database) -> None:
    run_id = place_order(database).id
    with pytest.raises(ZeroDivisionError), database.write() as session:  # noqa: PT012  # the block is the transaction
        OrderLaunchRepository(session).create(run_id=run_id, launched_at=NOON, launched_by="a test")
        raise ZeroDivisionError
    assert launches(database) == []


def test_an_error_quotes_no_value(database: Database) -> None:
    row = {"run_id": "nobody", "launched_at": NOON, "launched_by": "Osteria Segreta"}
    with pytest.raises(IntegrityError) as caught, database.write() as session:
        OrderLaunchRepository(session).create(**row)
    assert "Segreta" not in str(caught.value)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(StatementError, match="naive datetime"):
        launch(database, naive)


def test_a_time_of_any_zone_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    launch(database, elsewhere)
    (kept,) = launches(database)
    assert kept == elsewhere
    assert kept.utcoffset() == timedelta(0)


def test_a_reader_does_not_wait_for_a_writer_and_sees_what_was_committed(database: Database) -> None:
    run_id = place_order(database).id
    with database.write() as session:
        OrderLaunchRepository(session).create(run_id=run_id, launched_at=NOON, launched_by="a test")
        assert launches(database) == []
    assert launches(database) == [NOON]


def test_sqlite_keeps_a_log_beside_the_file_and_holds_foreign_keys(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_process_opens_each_database_once(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    try:
        assert open_database(sqlite_url) is database
    finally:
        database.dispose()
        open_database.cache_clear()


@pytest.mark.parametrize(
    "url", ["sqlite:////dev/null/leadgen.db", "postgresql+psycopg2://u:s3cret@127.0.0.1:9/leadgen"]
)
def test_a_database_that_cannot_be_opened_is_one_sentence_without_the_password(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^LEADGEN_DATABASE_URL: ") as refused:
        Database(url).upgrade()
    assert "s3cret" not in str(refused.value)
    assert "\n" not in str(refused.value)
