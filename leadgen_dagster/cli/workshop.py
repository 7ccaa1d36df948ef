"""Opens what a command works with, from the settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadgen_dagster.errors import SettingsError
from leadgen_dagster.settings import Settings

if TYPE_CHECKING:
    from leadgen_dagster.orchestration.execution import Workshop


def open_workshop() -> "Workshop":
    """The database upgraded, the object store and the Dagster instance at hand.

    Raises:
        SettingsError: the home or the database cannot be used as it is set.
    """
    from leadgen_dagster.orchestration.execution import Workshop
    from leadgen_dagster.orchestration.instance import prepare_dagster_home

    settings = Settings.load()
    try:
        prepare_dagster_home(settings)
    except OSError as error:
        raise SettingsError(f"LEADGEN_HOME: {error.filename}: {error.strerror}") from None
    with database_errors_said_plainly(settings):
        return Workshop(settings)


@contextmanager
def database_errors_said_plainly(settings: Settings) -> Iterator[None]:
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
