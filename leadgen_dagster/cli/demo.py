"""Port Linden, the demo town: run it, and hold every outcome against the answer key that ships with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from leadgen_dagster.cli import say

if TYPE_CHECKING:
    from leadgen_dagster.db.partition import Partition
    from leadgen_dagster.discovery.businesses import Business
    from leadgen_dagster.discovery.sources.demo import ExpectedOutcome
    from leadgen_dagster.exports.leads import Lead
    from leadgen_dagster.scoring.scores import WebsiteScore
    from leadgen_dagster.sites.generated import GeneratedSite

ORDER = {"location": "Port Linden", "niche": "local businesses", "sources": ["demo"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One firm of the town: what the run said, and where that differs from the key."""

    expected: "ExpectedOutcome"
    website: str
    seen: str
    outcome: str
    differences: tuple[str, ...]


def demo(
    *,
    again: Annotated[
        bool, typer.Option("--again", help="A fresh run, even if there is one of today.")
    ] = False,
) -> int:
    """Run Port Linden, the fictional demo town: no key, no network.

    Prints every firm's outcome beside the answer key that ships with the town.

    Example: leadgen demo --again
    """
    from leadgen_dagster.cli.output import stage_progress
    from leadgen_dagster.cli.workshop import open_workshop
    from leadgen_dagster.discovery.sources.demo import answer_key
    from leadgen_dagster.orders import Executor

    workshop = open_workshop()
    order, is_new = workshop.desk.place(
        ORDER, requested_by="leadgen demo", executor=Executor.PROCESS, again=again
    )
    with stage_progress(order, is_shown=True) as on_event:
        # Dagster's log may know an order of this name that this database does not.
        go_on = workshop.execute if is_new else workshop.resume
        result = go_on(order.id, on_event=on_event)
    if result.error:
        say(f"run {result.run_id} failed: {result.error}")
        return 1
    compared = compare(workshop.partition(order.id), answer_key())
    is_as_expected = print_comparison(compared)
    print_where(workshop.partition(order.id), result.export_paths)
    return 0 if is_as_expected else 1


def compare(partition: "Partition", key: Sequence["ExpectedOutcome"]) -> list[Compared]:
    """Each firm of the answer key beside what the run says of it."""
    businesses = {name: b for b in partition.businesses() for name in {b.name, *(o.name for o in b.origins)}}
    leads = {lead.business.id: lead for lead in partition.leads()}
    return [_compare(expected, businesses, leads) for expected in key]


def _compare(
    expected: "ExpectedOutcome", businesses: Mapping[str, "Business"], leads: Mapping[str, "Lead"]
) -> Compared:
    business = businesses.get(expected.name)
    lead = leads.get(business.id) if business else None
    score = lead.score if lead else None
    fault = lead.campaign.fault_check_id if lead and lead.campaign else None
    found: dict[str, object] = {
        "exclusion": business.exclusion.value if business and business.exclusion else None,
        "website_state": score.website_state.value if score else None,
        "lead_class": score.lead_class.value if score else None,
        "top_fault": fault,
        "has_demo": bool(lead and lead.site),
        "merged_records": len(business.origins) if business else 0,
    }
    differences = [
        f"{name} is {value}, not {getattr(expected, name)}"
        for name, value in found.items()
        if value != getattr(expected, name)
    ]
    flags = score.flags if score else ()
    differences += [f"flag {flag} is missing" for flag in expected.flags if flag not in flags]
    website, seen, outcome = _cells(business, score, fault)
    return Compared(
        expected=expected, website=website, seen=seen, outcome=outcome, differences=tuple(differences)
    )


def _cells(
    business: "Business | None", score: "WebsiteScore | None", fault: str | None
) -> tuple[str, str, str]:
    """Website, what was seen, outcome."""
    from leadgen_dagster.cli.words import (
        CLASS_STYLES,
        CLASS_WORDS,
        EXCLUSION_WORDS,
        STATE_WORDS,
        seen_words,
    )

    if business is None:
        return "", "", "[red]not found[/]"
    if score is None:
        reason = EXCLUSION_WORDS[business.exclusion] if business.exclusion else ""
        return "", f"[dim]{reason}[/]", "[dim]excluded[/]"
    website = STATE_WORDS[score.website_state] if score.score is None else f"{score.score} of 100"
    outcome = f"[{CLASS_STYLES[score.lead_class]}]{CLASS_WORDS[score.lead_class]}[/]"
    return website, seen_words(score, fault), outcome


def print_comparison(compared: Sequence[Compared]) -> bool:
    """The table of the town; returns whether every row of the answer key came out as expected."""
    from rich.markup import escape

    from leadgen_dagster.cli.output import out
    from leadgen_dagster.cli.tables import plain_table

    table = plain_table()
    table.add_column("", no_wrap=True, min_width=1)
    table.add_column("#", justify="right", no_wrap=True, min_width=2)
    table.add_column("business", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("website", no_wrap=True, min_width=12)
    table.add_column("what was seen", no_wrap=True, min_width=19)
    table.add_column("outcome", no_wrap=True, min_width=13)
    for one in compared:
        mark = "[red]✗[/]" if one.differences else "[green]✓[/]"
        name = escape(one.expected.name)
        table.add_row(mark, str(one.expected.row), name, one.website, one.seen, one.outcome)
    out.print(table)
    for one in compared:
        for difference in one.differences:
            out.print(f"  [red]{one.expected.row} {escape(one.expected.name)}:[/] {difference}")
    rows = {one.expected.row for one in compared}
    bad = {one.expected.row for one in compared if one.differences}
    out.print(f"\n[bold]{len(rows) - len(bad)} of {len(rows)} as expected[/]")
    return not bad


def print_where(partition: "Partition", export_paths: Mapping[str, str]) -> None:
    from leadgen_dagster.cli.output import out

    sites = list(partition.sites().values())
    best = max(sites, key=_gain, default=None)
    out.print(f"\nReport      {export_paths['report.html']}", soft_wrap=True)
    out.print(f"Export      {export_paths['leads.csv']}", soft_wrap=True)
    if best is not None:
        folder = export_paths["report.html"].split("exports/")[0]
        out.print(f"A demo      {folder}sites/{best.content_hash}/index.html", soft_wrap=True)
    out.print(
        f"\n{len(sites)} demo sites: leadgen site preview   ·   the run in Dagster: leadgen ui", style="dim"
    )


def _gain(site: "GeneratedSite") -> int:
    """How much better the demo is than the site there is; one in place of nothing shows less."""
    return 0 if site.score_before is None else site.score_after - site.score_before


COMMANDS = (demo,)
