"""All commands under one name."""

from typing import Annotated

import typer

from leadgen_dagster.cli import (
    database,
    demo,
    doctor,
    pages,
    publishing,
    rubric,
    runs,
    serving,
    site,
    sources,
    themes,
)

app = typer.Typer(
    name="leadgen",
    help="Finds local businesses, scores their websites, prepares demo sites and honest campaigns.",
    epilog="Begin with `leadgen demo`. Then: leadgen run --location Leeds --niche hairdressers",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(is_asked: bool) -> None:  # typer hands the flag over
    if is_asked:
        from importlib.metadata import version

        typer.echo(version("leadgen_dagster"))
        raise typer.Exit


@app.callback()
def leadgen(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None: ...


for group in (runs, sources, publishing, pages, rubric, demo, serving, themes, doctor):
    for command in group.COMMANDS:
        app.command()(command)
app.add_typer(site.app)
app.add_typer(database.app, name="db")
