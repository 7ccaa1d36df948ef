"""Opens the database: engine, sessions for reading and writing, migrations to the newest version."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from leadgen_dagster.errors import SettingsError

SCHEMA = "leadgen"
VERSION_TABLE = "leadgen_alembic_version"
HEAD_REVISION = "0006"
WRITES = "leadgen_writes"
LOCK_KEY = 7_234_501
BUSY_TIMEOUT_S = 30
BUSY_TIMEOUT = f"busy_timeout={BUSY_TIMEOUT_S * 1000}"
JOURNALS = frozenset({"wal", "memory"})
"""What a connection may find: a database in memory has a journal of its own kind."""


class Database:
    """One database: `read()` and `write()` give sessions, `upgrade()` brings the tables up to date.

    An error of it quotes no values: errors stand in Dagster's events for good, and some values have to go.

    On PostgreSQL everything lies in the schema `leadgen`, beside whatever else the database holds.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self._is_sqlite else _postgres_engine(url)
        self._read_sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._write_sessions = sessionmaker(
            self.engine.execution_options(**{WRITES: True}), expire_on_commit=False
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        with self._read_sessions() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back by an exception. Keep no network call inside."""
        with self._write_sessions.begin() as session:
            yield session

    def current_revision(self) -> str | None:
        """The version the tables are at; None where there are none yet."""
        with self.engine.connect() as connection:
            if not inspect(connection).has_table(VERSION_TABLE):
                return None
            return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one_or_none()  # noqa: S608  # a constant

    def upgrade(self) -> None:
        """Brings the tables to the newest version; safe where several processes start at once.

        Raises:
            SettingsError: the database cannot be opened, or was written by a newer version of this project.
        """
        if self._first_look() == HEAD_REVISION:
            return
        from leadgen_dagster.db.migrations import run_migrations  # alembic takes 0.15 s

        with self._migration_connection() as connection:
            run_migrations(connection)

    def _first_look(self) -> str | None:
        try:
            if self._is_sqlite:
                _make_folder(self.url)
            return self.current_revision()
        except (OSError, OperationalError) as error:
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            name = make_url(self.url).render_as_string(hide_password=True)
            raise SettingsError(f"LEADGEN_DATABASE_URL: {name} cannot be opened: {reason}") from error

    @contextmanager
    def _migration_connection(self) -> Iterator[Connection]:
        with self.engine.execution_options(**{WRITES: True}).begin() as connection:
            if not self._is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            yield connection

    def forget_deleted(self) -> None:
        """Clears the log of SQLite, in which deleted rows can still be read; later, if somebody is reading now."""
        if self._is_sqlite:
            with closing(self.engine.raw_connection()) as connection:
                for pragma in ("busy_timeout=0", "wal_checkpoint(TRUNCATE)", BUSY_TIMEOUT):
                    connection.cursor().execute(f"PRAGMA {pragma}").fetchall()

    def dispose(self) -> None:
        self.engine.dispose()


@cache
def open_database(url: str) -> Database:
    """The process's one connection pool for this URL, its tables up to date."""
    database = Database(url)
    database.upgrade()
    return database


def check_revision_known(revision: str | None, known: set[str]) -> None:
    """Refuses a database of a newer version rather than guess at its tables."""
    if revision is not None and revision not in known:
        raise SettingsError(
            f"LEADGEN_DATABASE_URL: its tables are at version {revision}, which this program does not know; "
            "update the program"
        )


def _make_folder(url: str) -> None:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own
        connection.isolation_level = None  # this module begins transactions itself
        for pragma in (BUSY_TIMEOUT, "foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        _write_ahead(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that begins to write fails at once where another writes; this one waits.
        is_writing = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")

    return engine


def _write_ahead(connection: Any) -> None:  # noqa: ANN401  # the driver's own
    """Switches a new file to write-ahead logging; SQLite itself does not wait where another process does the same."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_S
    while connection.execute("PRAGMA journal_mode").fetchone()[0] not in JOURNALS:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)


def _postgres_engine(url: str) -> Engine:
    options = f"-csearch_path={SCHEMA}"
    return create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args={"options": options})
