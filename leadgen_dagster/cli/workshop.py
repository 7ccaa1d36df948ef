"""Opens what a command works with, from the settings."""

from typing import TYPE_CHECKING

from leadgen_dagster.settings import Settings

if TYPE_CHECKING:
    from leadgen_dagster.orchestration.execution import Workshop


def open_workshop() -> "Workshop":
    """The database upgraded, the object store and the Dagster instance at hand."""
    from leadgen_dagster.orchestration.execution import Workshop
    from leadgen_dagster.orchestration.instance import prepare_dagster_home

    settings = Settings.load()
    prepare_dagster_home(settings)
    return Workshop(settings)
