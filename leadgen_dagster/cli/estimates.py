"""What an order would ask of whom, and what that would cost, before anything is asked."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from leadgen_dagster.cli.output import out

if TYPE_CHECKING:
    from leadgen_dagster.discovery.sources.base import Estimate
    from leadgen_dagster.orders import ProcessingRunConfig

MICRO = 1_000_000


def print_estimates(
    config: "ProcessingRunConfig", told: Mapping[str, "Estimate"], *, spent_micro_usd: int = 0
) -> None:
    """A line a source, what it depends on under it, and what is left of the budget beside the sum."""
    out.print(f"{config.niche} in {config.location}, at most {config.max_businesses} leads", markup=False)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("source")
    table.add_column("calls", justify="right")
    table.add_column("USD", justify="right")
    for source, one in told.items():
        calls = _span(one.calls_at_least, one.calls_at_most, str)
        cost = _span(one.cost_at_least_micro_usd, one.cost_at_most_micro_usd, _usd)
        table.add_row(escape(source), calls, cost)
    out.print(table)
    for source, one in told.items():
        if one.note:
            out.print(f"{source}: {one.note}", style="dim", markup=False, soft_wrap=True)
    most = sum(one.cost_at_most_micro_usd for one in told.values())
    out.print(_budget_words(config, most, spent_micro_usd), markup=False)


def _budget_words(config: "ProcessingRunConfig", most_micro_usd: int, spent_micro_usd: int) -> str:
    if not most_micro_usd:
        return "Nothing is charged for it."
    if config.budget_usd is None:
        return "No budget is set; --budget-usd caps what a run may cost, and what was found by then is kept."
    left_micro_usd = int(config.budget_usd * MICRO) - spent_micro_usd
    if left_micro_usd >= most_micro_usd:
        return f"The budget has room for it: {_usd(left_micro_usd)} USD."
    return f"The budget has {_usd(max(0, left_micro_usd))} USD left; what was found by then is kept."


def _span(least: int, most: int, words: Callable[[int], str]) -> str:
    return words(least) if least == most else f"{words(least)} to {words(most)}"


def _usd(micro_usd: int) -> str:
    return f"{micro_usd / MICRO:.2f}"
