"""Opens what a command works with, from the settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadgen_dagster.errors import SettingsError

if TYPE_CHECKING:
    from leadgen_dagster.clients.object_store import ObjectStore
    from leadgen_dagster.clients.web import GuardedFetcher
    from leadgen_dagster.orchestration.execution import Workshop
    from leadgen_dagster.settings import Settings


def open_workshop() -> "Workshop":
    """The database upgraded, the object store and the Dagster instance at hand.

    Raises:
        SettingsError: the home or the database cannot be used as it is set.
    """
    from leadgen_dagster.orchestration.execution import Workshop
    from leadgen_dagster.orchestration.instance import prepare_dagster_home
    from leadgen_dagster.settings import Settings

    settings = Settings.load()
    try:
        prepare_dagster_home(settings)
    except OSError as error:
        raise SettingsError(f"LEADGEN_HOME: {error.filename}: {error.strerror}") from None
    with database_errors_said_plainly(settings):
        return Workshop(settings)


def open_files(settings: "Settings") -> "ObjectStore":
    """Where page bodies lie, without all else that a run needs."""
    from upath import UPath

    from leadgen_dagster.clients.object_store import ObjectStore

    return ObjectStore(UPath(settings.effective_files_url))


def open_fetcher(settings: "Settings") -> "GuardedFetcher":
    """The guarded way to the web, with the manners of a run: turns at hosts are taken with all runs that go on.

    Raises:
        SettingsError: the database, where those turns are kept, cannot be used as it is set.
    """
    from leadgen_dagster.clients.web import GuardedFetcher
    from leadgen_dagster.db.engine import open_database
    from leadgen_dagster.db.leases import HostLeases

    with database_errors_said_plainly(settings):
        if settings.database_url is None:
            settings.home.mkdir(parents=True, exist_ok=True)
        database = open_database(settings.effective_database_url)
    return GuardedFetcher(
        user_agent=settings.user_agent, concurrency=settings.fetch_concurrency, leases=HostLeases(database)
    )


@contextmanager
def database_errors_said_plainly(settings: "Settings") -> Iterator[None]:
    """What the driver says, without SQLAlchemy's wrapping, and which setting it is about."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        setting = (
            "LEADGEN_DATABASE_URL" if settings.database_url else f"LEADGEN_HOME: {settings.home}/leadgen.db"
        )
        said = next(iter(str(error.orig).splitlines()), type(error.orig).__name__)
        raise SettingsError(f"{setting}: {said}") from None
