"""How a run looks on a terminal: progress and notes on stderr, results on stdout, nothing wider than it is."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from leadgen_dagster.cli.words import COUNT_WORDS, LEFT_OUT_WORDS, STAGE_WORDS, STATUS_STYLES

if TYPE_CHECKING:
    from leadgen_dagster.discovery.notes import DiscoveryNote
    from leadgen_dagster.orchestration.execution import ProcessingRunResult
    from leadgen_dagster.orchestration.run_state import RunState
    from leadgen_dagster.orchestration.watching import StageNews
    from leadgen_dagster.orders import ProcessingRun
    from leadgen_dagster.scoring.audits import PageAudit


class _Pipe(Console):
    """Leaves it to `main` what a reader that has seen enough means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


MAX_LEFT_OUT_LINES = 5

out = _Pipe(highlight=False)
notes = Console(stderr=True, highlight=False)


def print_json(document: object) -> None:
    """The one thing on stdout."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def stage_progress(
    order: "ProcessingRun", *, is_shown: bool
) -> Iterator["Callable[[StageNews], None] | None"]:
    """A line for each stage while it goes on, left standing when it is done; none for what was not ordered."""
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
            if news.stage == "page_audits" and not order.config.audit_weakest:
                return
            if news.what is Happening.STARTED:
                tasks[news.stage] = progress.add_task(STAGE_WORDS[news.stage], total=None)
            elif news.stage not in tasks:
                return
            elif news.what is Happening.PROGRESS:
                progress.update(tasks[news.stage], completed=news.done, total=news.total)
            elif news.what is Happening.DONE:
                progress.update(tasks[news.stage], completed=1, total=1)
            else:
                progress.remove_task(tasks.pop(news.stage))
                progress.console.print(f"[red]✗ {STAGE_WORDS[news.stage]}: failed[/]")

        yield on_event


def print_result(result: "ProcessingRunResult", second_looks: str | None = None) -> None:
    """How a run ended, and where its files lie; what went wrong is said on stderr by the caller."""
    out.print(f"\n[bold]{result.run_id}[/]  {status_words(result.status)}", soft_wrap=True)
    if any(result.counts.values()):
        stages = [stage for stage in COUNT_WORDS if stage != "page_audits" or second_looks is None]
        out.print(count_words(result, stages), style="dim")
    _print_second_looks(second_looks)
    for name, path in result.export_paths.items():
        out.print(f"  {name:<14} {escape(path)}", soft_wrap=True)
    if result.export_paths and not result.counts["businesses"]:
        out.print("\nNo business was found: look at the place and the niche, or try another source.")
    elif result.export_paths:
        out.print(f"\nThe leads: leadgen show {result.run_id}", soft_wrap=True)


def failed_looks(audits: Iterable["PageAudit"]) -> str | None:
    """How many of the second looks failed, and why the first of them did; None where none failed."""
    from leadgen_dagster.scoring.audits import AuditOutcome

    looks = list(audits)
    errors = [look.error or "no reason given" for look in looks if look.outcome is AuditOutcome.FAILED]
    many = "" if len(looks) == 1 else "s"
    return f"{len(looks)} second look{many}, {len(errors)} failed: {errors[0]}" if errors else None


def _print_second_looks(words: str | None) -> None:
    if words:
        out.print(f"[yellow]{escape(words)}[/]", soft_wrap=True)


def print_left_out(told: Sequence["DiscoveryNote"]) -> None:
    """How much of what the sources gave was not taken: five lines at most.

    Of what comes by the record the first of each kind stands for the others; the rest is short and told whole.
    """
    if not told:
        return
    counts = Counter(note.kind for note in told)
    parts = [
        f"{counts[kind]} {words[counts[kind] > 1]}" for kind, words in LEFT_OUT_WORDS.items() if counts[kind]
    ]
    first = {note.kind: note for note in reversed(told)}
    telling = [note for note in told if note.kind not in LEFT_OUT_WORDS or note is first[note.kind]]
    shown = telling[: MAX_LEFT_OUT_LINES - 1]
    where = "" if len(shown) == len(told) else " (the report lists them all)"
    heading = " ".join(["[yellow]Left out:[/]", *([", ".join(parts)] if parts else [])])
    out.print(f"\n{heading}{where}", soft_wrap=True)
    for note in shown:
        out.print(f"  {escape(note.text)}", style="dim", soft_wrap=True)


def status_words(status: str) -> str:
    style = STATUS_STYLES.get(status, "cyan")
    return f"[{style}]{status}[/]"


def count_words(result: "ProcessingRunResult", stages: Collection[str] = tuple(COUNT_WORDS)) -> str:
    """How many rows the stages gave."""
    told = [f"{result.counts[stage]} {COUNT_WORDS[stage]}" for stage in stages if result.counts[stage]]
    return ", ".join(told) or "nothing"


def print_state(
    order: "ProcessingRun", result: "ProcessingRunResult", state: "RunState", second_looks: str | None
) -> None:
    """How a run stands, stage by stage."""
    config = order.config
    out.print(f"[bold]{order.id}[/]  {describe(state)}", soft_wrap=True)
    sources = ", ".join(str(spec) for spec in config.sources)
    out.print(f"{config.niche} in {config.location}, from {sources}", markup=False)
    asked = [f"weighed by {config.rubric_file}"] if config.rubric_file else []
    asked += [f"a second look at the {config.audit_weakest} weakest"] if config.audit_weakest else []
    if asked:
        out.print(", ".join(asked), markup=False)
    ordered = f"ordered {order.requested_at:%Y-%m-%d %H:%M} UTC by {order.requested_by}"
    out.print(ordered, style="dim", markup=False)
    for stage, count in result.counts.items():
        is_done = stage in state.materialized
        mark = "[green]✓[/]" if is_done else "·"
        note = " [yellow]outdated[/]" if stage in state.outdated_stages else ""
        out.print(f"  {mark} {stage:<20} {count if is_done else '':>6}{note}")
    _print_second_looks(second_looks)
    if state.error:
        out.print(f"[red]{state.stage}:[/] {escape(state.error)}", soft_wrap=True)
    if state.is_waiting or state.is_outdated or state.error or state.is_stalled:
        out.print(f"[dim]It goes on with: leadgen resume {order.id}[/]", soft_wrap=True)


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
    words = status_words(state.status)
    return f"{words} ({', '.join(more)})" if more else words
