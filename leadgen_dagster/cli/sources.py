"""Where places come from: what each source gives, costs and lets one keep."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leadgen_dagster.discovery.policies import StoragePolicy
    from leadgen_dagster.discovery.sources import SourceInfo


def sources(
    *,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="The table of docs/sources.md.")] = False,
) -> int:
    """List the sources of places.

    What each reads, the key it wants, its licence, and what of it may be kept.

    Example: leadgen sources
    """
    from leadgen_dagster.discovery.policies import policies
    from leadgen_dagster.discovery.sources import SOURCES

    if as_markdown:
        print("| source | what it is | key | licence | what is kept |\n|---|---|---|---|---|")
    for name, info in SOURCES.items():
        (_print_row if as_markdown else _print)(name, info, policies()[name])
    return 0


def _print_row(name: str, info: "SourceInfo", policy: "StoragePolicy") -> None:
    key = f"`{info.key_setting}`" if info.key_setting else "none"
    licence = f"[{policy.licence}]({policy.origin})" if policy.origin else policy.licence
    print(f"| `{name}` | {info.description} | {key} | {licence} | {_kept(policy)} |")


def _print(name: str, info: "SourceInfo", policy: "StoragePolicy") -> None:
    from leadgen_dagster.cli.output import out

    key = f"{info.key_setting}, from {info.key_from}" if info.key_setting else "none"
    out.print(f"[bold]{name}[/]  {info.description}", highlight=False)
    for line in (f"key: {key}", f"licence: {policy.licence}", f"kept: {_kept(policy)}"):
        out.print(f"  {line}", style="dim", markup=False, highlight=False, soft_wrap=True)


def _kept(policy: "StoragePolicy") -> str:
    if policy.keeps == "all":
        return "everything"
    days = policy.content_days or 0
    return f"ids; all else for {days} day{'s' if days > 1 else ''}"


COMMANDS = (sources,)
