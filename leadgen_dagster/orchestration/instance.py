"""The Dagster instance of this installation."""

import os
from importlib.resources import files

import dagster as dg
from filelock import FileLock
from sqlalchemy.exc import SQLAlchemyError
from yaml import YAMLError

from leadgen_dagster.errors import SettingsError
from leadgen_dagster.settings import Settings

HOME_VARIABLE = "DAGSTER_HOME"
MAX_SAID = 300


def prepare_dagster_home(settings: Settings) -> None:
    """Makes $LEADGEN_HOME/dagster with its dagster.yaml, once; what a person changed there stays."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    target = home / "dagster.yaml"
    if not target.exists():
        template = files("leadgen_dagster").joinpath("orchestration", "dagster.yaml")
        target.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    os.environ[HOME_VARIABLE] = str(home)


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance in $LEADGEN_HOME/dagster, whatever DAGSTER_HOME said before.

    Raises:
        SettingsError: its dagster.yaml is wrong, or its storage cannot be opened.
    """
    prepare_dagster_home(settings)
    try:
        # Dagster makes its tables on first use, and two processes that do so at once leave them unusable.
        with FileLock(settings.dagster_home / ".opening"):
            return dg.DagsterInstance.get()
    except (dg.DagsterInvalidConfigError, YAMLError, SQLAlchemyError) as error:
        said = " ".join(str(error).split())[:MAX_SAID]
        raise SettingsError(f"{settings.dagster_home}/dagster.yaml, or what it names: {said}") from error
