"""The rubric: what is asked of a website, and what it weighs."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leadgen_dagster.scoring.rules import Rubric


def rubric(
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="The page docs/rubric.md.")] = False,
    yaml: Annotated[
        bool, typer.Option("--yaml", help="A rubric file to change, for `run --rubric`.")
    ] = False,
) -> None:
    """Show every check, and what it weighs.

    With the mark: a fault that an owner can see, and may be told of.

    Example: leadgen rubric --yaml > rubric.yaml
    """
    from leadgen_dagster.scoring.rubric import RUBRIC
    from leadgen_dagster.scoring.rubric_page import rubric_markdown, rubric_yaml

    if markdown:
        typer.echo(rubric_markdown(RUBRIC), nl=False)
    elif yaml:
        typer.echo(rubric_yaml(RUBRIC), nl=False)
    else:
        _print(RUBRIC)


def _print(shown: "Rubric") -> None:
    from rich.markup import escape

    from leadgen_dagster.cli.output import out
    from leadgen_dagster.cli.tables import plain_table
    from leadgen_dagster.scoring.rubric_page import rules_of

    table = plain_table()
    table.add_column("weight", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, min_width=1)
    table.add_column("check", overflow="fold", ratio=1)
    for category, weight in shown.category_weights.items():
        if table.row_count:
            table.add_row()
        table.add_row(f"[bold]{weight}[/]", "", f"[bold]{category.label}[/]")
        for rule in rules_of(shown, category):
            mark = "[green]●[/]" if rule.is_pitchable else ""
            table.add_row(str(rule.weight), mark, f"{rule.check_id}\n[dim]{escape(rule.question)}[/]")
    out.print(table)
    out.print(
        f"\n{len(shown.rules)} checks, rubric version {shown.version}. [green]●[/] may be told to the owner."
    )


COMMANDS = (rubric,)
