"""Runs: order one, resume it, repeat it, look at it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadgen_dagster.cli import say
from leadgen_dagster.cli.workshop import open_workshop
from leadgen_dagster.errors import UserError

if TYPE_CHECKING:
    from leadgen_dagster.orchestration.execution import ProcessingRunResult, Workshop

RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run's id, as `leadgen runs` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, and nothing else.")]


def run(  # one option a field of the order
    location: Annotated[
        str,
        typer.Option(
            help="A town, e.g. Leeds or `Newcastle, AU`; south,west,north,east; or `lat,lon 1.5km`."
        ),
    ],
    niche: Annotated[str, typer.Option(help="What kind of business, e.g. restaurants.")],
    *,
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[:FILE]",
            help="Where places come from, e.g. overpass, osm:FILE, csv:FILE; may be repeated. All: leadgen sources.",
        ),
    ] = None,
    limit: Annotated[str, typer.Option(metavar="N", help="At most so many leads (1 to 5000).")] = "50",
    threshold: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="A website that scores below it is weak (1 to 100); default: the rubric's, or 70.",
        ),
    ] = None,
    rubric: Annotated[
        str | None, typer.Option(metavar="FILE", help="A YAML file with weights and threshold of your own.")
    ] = None,
    audit_weakest: Annotated[
        str,
        typer.Option(
            metavar="N",
            help="A second look, in a browser, at the N weakest (0 to 200) and up to N that only scripts fill.",
        ),
    ] = "0",
    language: Annotated[
        str | None, typer.Option(help="Of drafts and demos, e.g. en; default: each business's.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="HEADER=COLUMN",
            help="What a header of your list means, e.g. Firma=name; may be repeated.",
        ),
    ] = None,
    budget_usd: Annotated[
        str | None, typer.Option(help="What place services and the language model may cost at most.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be asked of whom, and what it would cost.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="A fresh run, even if the same was asked for today.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Order a run and execute it here.

    The same order on the same day is one run: asked for again, it is shown, not repeated.

    Example: leadgen run --location Leeds --niche hairdressers --limit 50
    """
    from leadgen_dagster.orders import Executor

    fields: dict[str, Any] = {
        "location": location,
        "niche": niche,
        "sources": source or [],
        "max_businesses": _number(limit),
        "rubric_file": rubric,
        "audit_weakest": _number(audit_weakest),
        "column_map": _column_map(column or []),
        "language": language,
        "budget_usd": budget_usd,
    }
    if threshold is not None:
        fields["score_threshold"] = _number(threshold)
    workshop = open_workshop()
    if dry_run:
        return _show_estimates(workshop, fields, as_json=as_json)
    order, is_new = workshop.desk.place(
        fields, requested_by="leadgen run", executor=Executor.PROCESS, again=again
    )
    if not is_new:
        return _show_existing(workshop, order.id, as_json=as_json)
    return _execute(workshop, order.id, as_json=as_json)


def resume(run_id: RunId, *, as_json: AsJson = False) -> int:
    """Go on where a run stopped.

    What is done already is not done again, and nothing is fetched or paid twice.

    Example: leadgen resume 2026-11-22-helsinki-restaurants-7f3a
    """
    from leadgen_dagster.cli.output import stage_progress

    workshop = open_workshop()
    order = workshop.run(run_id)
    with stage_progress(order, is_shown=not as_json) as on_event:
        result = workshop.resume(run_id, on_event=on_event)
    return _print_result(workshop, result, as_json=as_json)


def rerun(
    run_id: RunId,
    *,
    from_stage: Annotated[
        str, typer.Option("--from", metavar="ASSET", help="The first asset.")
    ] = "businesses",
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask place services, at their price, and websites again.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Execute a run again, from one asset on.

    The assets: businesses, page_snapshots, contacts, page_audits, website_scores, generated_sites,
    outreach_campaigns, lead_export.

    Example: leadgen rerun 2026-11-22-helsinki-restaurants-7f3a --from website_scores
    """
    from leadgen_dagster.orchestration.flow import STAGES

    if from_stage not in STAGES:
        raise UserError(f"--from {from_stage!r}: no such asset; there are {', '.join(STAGES)}")
    workshop = open_workshop()
    workshop.run(run_id)
    return _execute(
        workshop, run_id, stages=STAGES[STAGES.index(from_stage) :], refresh=refresh, as_json=as_json
    )


def refetch(
    run_id: RunId,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it costs.")] = False,
    as_json: AsJson = False,
) -> int:
    """Ask a run's place services again.

    For example once their content has expired. Says first what it would cost. The order's budget counts all that
    the run has cost so far. What came of later stages stays; `leadgen rerun RUN --from page_snapshots` works on
    what is new.

    Example: leadgen refetch 2026-11-22-leeds-hairdressers-7f3a
    """
    from leadgen_dagster.cli.estimates import print_estimates
    from leadgen_dagster.db.ledger import MICRO, Ledger

    workshop = open_workshop()
    config = workshop.run(run_id).config
    workshop.desk.check_keys(config.sources)
    told = workshop.desk.estimates_of(config)
    spent = Ledger(workshop.database, run_id).usage()["cost_micro_usd"]
    if not as_json:
        print_estimates(config, told, spent_micro_usd=spent)
    most = sum(one.cost_at_most_micro_usd for one in told.values())
    told_cost = f"for up to {most / MICRO:.2f} USD; {spent / MICRO:.2f} USD are spent so far"
    if most and not yes and not typer.confirm(f"Ask them now, {told_cost}?", err=True):
        say("nobody was asked")
        return 1
    code = _execute(workshop, run_id, stages=["businesses"], refresh=True, as_json=as_json)
    if not code:
        say(f"`leadgen rerun {run_id} --from page_snapshots` works on what is new")
    return code


def runs(*, as_json: AsJson = False) -> int:
    """List all runs, the newest first.

    Example: leadgen runs --json
    """
    from leadgen_dagster.cli.output import print_json
    from leadgen_dagster.cli.tables import print_runs

    results = open_workshop().results()
    if as_json:
        print_json([result.as_json() for result in results])
    else:
        print_runs(results)
    return 0


def status(run_id: RunId, *, as_json: AsJson = False) -> int:
    """Say how a run stands, asset by asset.

    Example: leadgen status 2026-11-22-helsinki-restaurants-7f3a
    """
    from leadgen_dagster.cli.output import print_json, print_state

    workshop = open_workshop()
    order = workshop.run(run_id)
    result, state = workshop.result(run_id), workshop.state(run_id)
    if as_json:
        flags = {
            name: getattr(state, name)
            for name in ("is_queued", "is_waiting", "is_stalled", "is_outdated", "stage")
        }
        print_json(result.as_json() | flags)
    else:
        print_state(order, result, state, _failed_looks(workshop, run_id))
    return 0


def show(
    run_id: RunId,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Those to leave alone and the excluded ones too.")
    ] = False,
) -> int:
    """Show a run's leads as a table.

    Example: leadgen show 2026-11-22-helsinki-restaurants-7f3a --all
    """
    from leadgen_dagster.cli.output import print_left_out
    from leadgen_dagster.cli.tables import print_leads

    workshop = open_workshop()
    workshop.run(run_id)
    partition = workshop.partition(run_id)
    print_leads(partition, is_all_shown=everything)
    print_left_out(partition.discovery_notes())
    return 0


MAX_DIGITS = 10

COMMANDS = (run, resume, rerun, refetch, runs, status, show)


def _column_map(given: list[str]) -> dict[str, str]:
    pairs = [text.rpartition("=") for text in given]
    wrong = next((text for text, pair in zip(given, pairs, strict=True) if not (pair[0] and pair[2])), None)
    if wrong is not None:
        raise UserError(f"--map {wrong!r}: give HEADER=COLUMN, e.g. Firma=name")
    return {header.strip(): column.strip() for header, _, column in pairs}


def _show_estimates(workshop: "Workshop", fields: dict[str, Any], *, as_json: bool) -> int:
    from dataclasses import asdict

    from leadgen_dagster.cli.estimates import print_estimates
    from leadgen_dagster.cli.output import print_json

    config, told = workshop.desk.estimates(fields)
    if as_json:
        print_json({source: asdict(one) for source, one in told.items()})
    else:
        print_estimates(config, told)
    return 0


def _number(text: str) -> int | str:
    """A whole number, or the text for the order's own rules to refuse: one voice for every door."""
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < MAX_DIGITS else text


def _execute(workshop: "Workshop", run_id: str, *, as_json: bool, **options: Any) -> int:  # noqa: ANN401  # of Workshop.execute
    from leadgen_dagster.cli.output import stage_progress

    with stage_progress(workshop.run(run_id), is_shown=not as_json) as on_event:
        result = workshop.execute(run_id, on_event=on_event, **options)
    return _print_result(workshop, result, as_json=as_json)


def _show_existing(workshop: "Workshop", run_id: str, *, as_json: bool) -> int:
    say(
        f"asked for already today, and stands so; `leadgen resume {run_id}` goes on, --again makes a fresh run"
    )
    return _print_result(workshop, workshop.result(run_id), as_json=as_json)


def _failed_looks(workshop: "Workshop", run_id: str) -> str | None:
    from leadgen_dagster.cli.output import failed_looks

    return failed_looks(look for looks in workshop.partition(run_id).audits().values() for look in looks)


def _print_result(workshop: "Workshop", result: "ProcessingRunResult", *, as_json: bool) -> int:
    from leadgen_dagster.cli.output import print_json, print_left_out, print_result
    from leadgen_dagster.discovery.notes import NoteKind
    from leadgen_dagster.orchestration.flow import RunStatus

    if as_json:
        print_json(result.as_json())
    else:
        print_result(result, _failed_looks(workshop, result.run_id))
        notes = workshop.partition(result.run_id).discovery_notes()
        print_left_out(notes)
        if any(note.kind in (NoteKind.FAILED_SOURCE, NoteKind.INCOMPLETE_SOURCE) for note in notes):
            say(f"`leadgen rerun {result.run_id}` asks again what a source could not say")
    if result.status is not RunStatus.FAILED:
        return 0
    say(f"run {result.run_id} failed: {result.error or 'its Dagster run says no more'}")
    return 1
