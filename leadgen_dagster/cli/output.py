"""How results look on a terminal: progress and notes on stderr, results on stdout, nothing wider than it is."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from leadgen_dagster.db.partition import Partition
    from leadgen_dagster.exports.leads import Lead
    from leadgen_dagster.orchestration.execution import ProcessingRunResult
    from leadgen_dagster.orchestration.run_state import RunState
    from leadgen_dagster.orchestration.watching import StageNews
    from leadgen_dagster.orders import ProcessingRun

out = Console(highlight=False, soft_wrap=False)
notes = Console(stderr=True, highlight=False)

STAGE_WORDS = {
    "businesses": "discovering businesses",
    "page_snapshots": "looking at websites",
    "contacts": "reading contacts",
    "website_scores": "scoring websites",
    "generated_sites": "generating demo sites",
    "outreach_campaigns": "writing drafts",
    "lead_export": "exporting",
}
CLASS_WORDS = {
    "ready_to_mail": "[green]ready to mail[/]",
    "ready_to_call": "[green]ready to call[/]",
    "check_first": "[yellow]check first[/]",
    "leave_alone": "[dim]leave alone[/]",
}


def say(text: str) -> None:
    notes.print(text, markup=False)


@contextmanager
def stage_progress(*, is_shown: bool) -> Iterator["Callable[[StageNews], None] | None"]:
    """A line for each stage while it goes on, left standing when it is done."""
    if not is_shown:
        yield None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    from leadgen_dagster.orchestration.watching import Happening

    columns = (
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description:<24}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=notes) as progress:
        tasks = {}

        def on_event(news: "StageNews") -> None:
            if news.what is Happening.STARTED:
                tasks[news.stage] = progress.add_task(STAGE_WORDS[news.stage], total=None)
            elif news.stage not in tasks:
                return
            elif news.what is Happening.PROGRESS:
                progress.update(tasks[news.stage], completed=news.done, total=news.total)
            elif news.what is Happening.DONE:
                progress.update(tasks[news.stage], completed=1, total=1)
            else:
                words = f"[red]{STAGE_WORDS[news.stage]} failed[/]"
                progress.update(tasks[news.stage], description=words)
                progress.stop_task(tasks[news.stage])

        yield on_event


def print_result(result: "ProcessingRunResult") -> None:
    out.print(f"\n[bold]{result.run_id}[/]  {result.status}")
    if result.error:
        out.print(f"[red]{result.error}[/]", soft_wrap=True)
        out.print(f"[dim]leadgen resume {result.run_id}[/]", soft_wrap=True)
    rows = ", ".join(f"{count} {stage.replace('_', ' ')}" for stage, count in result.counts.items())
    out.print(rows, style="dim")
    for name, path in result.export_paths.items():
        out.print(f"  {name:<14} {path}", soft_wrap=True)
    if result.export_paths:
        out.print(f"\nThe leads: leadgen show {result.run_id}", soft_wrap=True)


def print_runs(results: Sequence["ProcessingRunResult"]) -> None:
    if not results:
        out.print("No run yet. Begin with: leadgen demo")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("run", overflow="fold")
    for name in ("status", "businesses", "scored", "demos", "drafts"):
        table.add_column(name, justify="left" if name == "status" else "right")
    for result in results:
        counts = [
            result.counts[stage]
            for stage in ("businesses", "website_scores", "generated_sites", "outreach_campaigns")
        ]
        table.add_row(result.run_id, str(result.status), *(str(count) for count in counts))
    out.print(table)


def print_state(order: "ProcessingRun", result: "ProcessingRunResult", state: "RunState") -> None:
    config = order.config
    out.print(f"[bold]{order.id}[/]  {describe(state)}")
    sources = ", ".join(str(spec) for spec in config.sources)
    out.print(f"{config.niche} in {config.location}, from {sources}", markup=False)
    out.print(
        f"ordered {order.requested_at:%Y-%m-%d %H:%M} UTC by {order.requested_by}", style="dim", markup=False
    )
    for stage, count in result.counts.items():
        is_done = stage in state.materialized
        mark = "[green]✓[/]" if is_done else "·"
        note = " [yellow]outdated[/]" if stage in state.outdated_stages else ""
        out.print(f"  {mark} {stage:<20} {count if is_done else '':>6}{note}")
    if state.error:
        out.print(f"[red]{state.stage}: [/]", end="")
        out.print(state.error, markup=False, soft_wrap=True)
    if state.is_waiting or state.error or state.is_stalled:
        out.print(f"[dim]leadgen resume {order.id}[/]", soft_wrap=True)


def describe(state: "RunState") -> str:
    """The state in a few words."""
    more = [
        word
        for word, holds in (
            ("queued", state.is_queued),
            ("waiting", state.is_waiting),
            ("stalled", state.is_stalled),
            ("outdated", state.is_outdated),
        )
        if holds
    ]
    return f"{state.status} ({', '.join(more)})" if more else str(state.status)


def print_leads(partition: "Partition", *, is_all_shown: bool) -> None:
    from leadgen_dagster.exports.columns import in_order

    leads = in_order(partition.leads())
    shown = [lead for lead in leads if is_all_shown or lead.score.lead_class != "leave_alone"]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("lead", overflow="ellipsis", no_wrap=True, max_width=30)
    table.add_column("class", no_wrap=True)
    table.add_column("site", no_wrap=True)
    table.add_column("why", overflow="fold", ratio=1)
    table.add_column("demo", justify="right", no_wrap=True)
    for lead in shown:
        table.add_row(*_lead_cells(lead))
    out.print(table)
    tally = Counter(CLASS_WORDS[lead.score.lead_class] for lead in leads)
    excluded = sum(not business.is_lead for business in partition.businesses())
    words = ", ".join(f"{count} {words}" for words, count in tally.items())
    out.print(f"\n{len(leads)} leads: {words}; {excluded} excluded")


def _lead_cells(lead: "Lead") -> tuple[str, ...]:
    from rich.markup import escape

    score = lead.score
    site = str(score.score) if score.score is not None else score.website_state.replace("_", " ")
    before = "–" if lead.site is None or lead.site.score_before is None else lead.site.score_before
    demo = f"{before} → {lead.site.score_after}" if lead.site else ""
    return escape(lead.business.name), CLASS_WORDS[score.lead_class], site, escape(score.lead_reason), demo
