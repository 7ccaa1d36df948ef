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


def print_estimates(config: "ProcessingRunConfig", told: Mapping[str, "Estimate"]) -> None:
    """A line a source, what it depends on under it, and the budget beside the sum."""
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
    out.print(_budget_words(config, sum(one.cost_at_most_micro_usd for one in told.values())), markup=False)


def _budget_words(config: "ProcessingRunConfig", most_micro_usd: int) -> str:
    if not most_micro_usd:
        return "Nothing is charged for it."
    if config.budget_usd is None:
        return "No budget is set; --budget-usd caps what a run may cost, and what was found by then is kept."
    return f"The budget of {config.budget_usd} USD ends it; what was found by then is kept."


def _span(least: int, most: int, words: Callable[[int], str]) -> str:
    return words(least) if least == most else f"{words(least)} to {words(most)}"


def _usd(micro_usd: int) -> str:
    return f"{micro_usd / MICRO:.2f}"
