"""The history of the tables, and how it is run: on a connection that holds the lock already."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from leadgen_dagster.db.engine import VERSION_TABLE, Database, check_revision_known


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def differences() -> list[str]:
    """Where the models say otherwise than the migrations; empty is right."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from leadgen_dagster.db.models import Base

    database = Database("sqlite://")
    with database.engine.begin() as connection:
        run_migrations(connection)
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        return [repr(difference) for difference in compare_metadata(context, Base.metadata)]


def run_migrations(connection: Connection) -> None:
    """Brings the tables from whatever version they are at to the newest, in the connection's transaction."""
    config = alembic_config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    revision = None
    if inspect(connection).has_table(VERSION_TABLE):
        revision = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one_or_none()  # noqa: S608  # a constant
    check_revision_known(revision, known)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
