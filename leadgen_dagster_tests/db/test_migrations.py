import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from leadgen_dagster.db.engine import HEAD_REVISION, SCHEMA, VERSION_TABLE, Database
from leadgen_dagster.db.migrations import alembic_config
from leadgen_dagster.db.models import Base
from leadgen_dagster.db.partition import Partition
from leadgen_dagster.errors import SettingsError
from leadgen_dagster_tests.db.orders import place_order

OLDEST_KEPT = "0005"
OLD_RUN = """
INSERT INTO processing_runs
    (id, request_key, location, niche, sources, max_businesses, score_threshold, audit_weakest, requested_by,
     requested_at, executor)
VALUES ('a-run', 'k', 'Leeds', 'bakery', '[]', 50, 70, 0, 'a test', '2026-11-22 09:00:00', 'process')
"""
OLD_BUSINESS = """
INSERT INTO businesses (id, run_id, fingerprint, name, niche, social_profiles, is_sole_trader, origins)
VALUES ('b', 'a-run', '1-x', 'Harbour Bakery', 'bakery', '[]', false, '[]')
"""
OLD_CONTACT = """
INSERT INTO contacts
    (id, run_id, business_id, kind, value, is_mobile, is_role_address, is_best, page_url, snippet)
VALUES ('c', 'a-run', 'b', 'phone', '+44', false, false, true, 'https://x.example/', 'x')
"""
UPGRADE = """
import sys
from leadgen_dagster.db.engine import Database
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
database.upgrade()
print(database.current_revision(), flush=True)
"""


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'folder' / 'leadgen.db'}"
    make: Callable[[], str] = request.getfixturevalue("empty_postgres_url")
    return make()


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    """A database of this test's own, for it may change the tables."""
    database = Database(empty_url)
    database.upgrade()
    yield database
    database.dispose()


@pytest.fixture
def dagster_on_postgres(tmp_path: Path) -> Callable[[str], dg.DagsterInstance]:
    def open_instance(url: str) -> dg.DagsterInstance:
        config = {
            "storage": {"postgres": {"postgres_url": url}},
            "telemetry": {"enabled": False},
        }
        (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
        return dg.DagsterInstance.from_config(str(tmp_path))

    return open_instance


def test_the_newest_version_that_the_program_knows_is_the_last_migration() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == HEAD_REVISION


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True},
        )
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, VERSION_TABLE}


def test_the_migrations_can_be_undone(database: Database) -> None:
    from alembic import command

    config = alembic_config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with database.engine.connect() as connection:
        assert inspect(connection).get_table_names() == [VERSION_TABLE]


def test_an_upgrade_makes_the_tables_where_there_are_none(empty_url: str) -> None:
    database = Database(empty_url)
    try:
        database.upgrade()
        assert database.current_revision() == HEAD_REVISION
    finally:
        database.dispose()


def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    run = place_order(database)
    database.upgrade()
    database.upgrade()
    assert place_order(database, request_key=run.request_key) == run


def test_an_upgrade_keeps_every_row_that_stood_and_all_that_refers_to_it(empty_url: str) -> None:
    """Of the version that was the newest when people began to keep runs, with a row in each table that has one."""
    from alembic import command

    database = Database(empty_url)
    config = alembic_config()
    try:
        if empty_url.startswith("sqlite"):
            Path(empty_url.removeprefix("sqlite:///")).parent.mkdir(parents=True)
        with database._migration_connection() as connection:  # noqa: SLF001 - an older version is nobody's to ask for
            config.attributes["connection"] = connection
            command.upgrade(config, OLDEST_KEPT)
            connection.execute(text(OLD_RUN))
            connection.execute(text(OLD_BUSINESS))
            connection.execute(text(OLD_CONTACT))
        database.upgrade()
        assert database.current_revision() == HEAD_REVISION
        with database.engine.connect() as connection:
            kept = [
                connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - constants
                for table in ("processing_runs", "businesses", "contacts")
            ]
        assert kept == [1, 1, 1]
        (business,) = Partition(database, "a-run").businesses()
        assert (business.name, business.field_origins) == ("Harbour Bakery", {})
    finally:
        database.dispose()


def test_two_processes_may_upgrade_at_once(empty_url: str) -> None:
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).parent.mkdir(parents=True)
    processes = [
        subprocess.Popen(  # noqa: S603  # this Python, on a text of this test's own
            [sys.executable, "-c", UPGRADE, empty_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 2
    assert outputs == [f"{HEAD_REVISION}\n"] * 2


def test_a_database_of_a_newer_version_is_refused_in_one_sentence(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))  # noqa: S608  # a constant
    with pytest.raises(SettingsError) as refused:
        database.upgrade()
    assert str(refused.value) == (
        "LEADGEN_DATABASE_URL: its tables are at version 9999, which this program does not know; update the program"
    )


@pytest.mark.parametrize("is_dagster_first", [True, False])
def test_these_tables_and_those_of_dagster_share_one_database_whichever_comes_first(
    empty_postgres_url: Callable[[], str],
    dagster_on_postgres: Callable[[str], dg.DagsterInstance],
    *,
    is_dagster_first: bool,
) -> None:
    database = Database(empty_postgres_url())
    if is_dagster_first:
        instance = dagster_on_postgres(database.url)
        database.upgrade()
    else:
        database.upgrade()
        instance = dagster_on_postgres(database.url)
    with instance:
        instance.add_dynamic_partitions("runs", ["2026-11-22-port-linden-bakery-0000"])
        instance.upgrade()
        place_order(database)
        database.upgrade()
        assert instance.get_dynamic_partitions("runs") == ["2026-11-22-port-linden-bakery-0000"]
    with database.engine.connect() as connection:
        tables = inspect(connection)
        own, others = (set(tables.get_table_names(schema)) for schema in (SCHEMA, "public"))
    assert own == {*Base.metadata.tables, VERSION_TABLE}
    assert {"alembic_version", "event_logs", "runs"} <= others
    assert not own & others
    database.dispose()
