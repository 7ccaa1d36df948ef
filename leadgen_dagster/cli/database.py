"""The database."""

import typer

from leadgen_dagster.cli.workshop import database_errors_said_plainly

app = typer.Typer(help="The database: its tables.", rich_markup_mode=None)


@app.command()
def upgrade() -> None:
    """Bring the tables to the newest version; other commands do it too.

    Example: leadgen db upgrade
    """
    from sqlalchemy import make_url

    from leadgen_dagster.db.engine import Database
    from leadgen_dagster.settings import Settings

    settings = Settings.load()
    url = settings.effective_database_url
    with database_errors_said_plainly(settings):
        database = Database(url)
        if settings.database_url is None:
            settings.home.mkdir(parents=True, exist_ok=True)
        before = database.current_revision()
        database.upgrade()
    shown = make_url(url).render_as_string(hide_password=True)
    typer.echo(f"{shown}: {before or 'no tables'} -> {database.current_revision()}")


@app.callback()
def group() -> None:
    """The database: its tables."""
