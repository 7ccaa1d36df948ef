"""Opens what a command works with, from the settings."""

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
    from sqlalchemy.exc import SQLAlchemyError

    from leadgen_dagster.orchestration.execution import Workshop
    from leadgen_dagster.orchestration.instance import prepare_dagster_home

    settings = Settings.load()
    try:
        prepare_dagster_home(settings)
    except OSError as error:
        raise SettingsError(f"LEADGEN_HOME: {error.filename}: {error.strerror}") from None
    try:
        return Workshop(settings)
    except SQLAlchemyError as error:
        name = (
            "LEADGEN_DATABASE_URL" if settings.database_url else f"LEADGEN_HOME: {settings.home}/leadgen.db"
        )
        raise SettingsError(f"{name}: {_first_line(error)}") from None


def _first_line(error: "Exception") -> str:
    """What the driver says, without SQLAlchemy's wrapping."""
    return next(iter(str(getattr(error, "orig", None) or error).splitlines()), type(error).__name__)
