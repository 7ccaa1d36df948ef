"""The database."""

import typer

from leadgen_dagster.settings import Settings

app = typer.Typer(help="The database: its tables.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def upgrade() -> None:
    """Bring the tables to the newest version; other commands do it too.

    Example: leadgen db upgrade
    """
    from sqlalchemy import make_url

    from leadgen_dagster.db.engine import Database

    url = Settings.load().effective_database_url
    database = Database(url)
    before = database.current_revision()
    database.upgrade()
    shown = make_url(url).render_as_string(hide_password=True)
    typer.echo(f"{shown}: {before or 'no tables'} -> {database.current_revision()}")


@app.callback()
def group() -> None:
    """The database: its tables."""
