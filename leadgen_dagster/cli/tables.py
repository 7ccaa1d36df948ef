"""Runs and leads as tables that fit eighty columns and use a wider terminal."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from leadgen_dagster.cli.output import count_words, out, status_words
from leadgen_dagster.cli.words import (
    CLASS_STYLES,
    CLASS_WORDS,
    EXCLUSION_WORDS,
    STATE_WORDS,
    fault_words,
)
from leadgen_dagster.scoring.scores import LeadClass

if TYPE_CHECKING:
    from leadgen_dagster.db.partition import Partition
    from leadgen_dagster.discovery.businesses import Business
    from leadgen_dagster.exports.leads import Lead
    from leadgen_dagster.orchestration.execution import ProcessingRunResult

LISTED = ("businesses", "website_scores", "generated_sites", "outreach_campaigns", "lead_export")


def plain_table() -> Table:
    return Table(box=None, pad_edge=False, header_style="bold", expand=True)


def print_runs(results: Sequence["ProcessingRunResult"]) -> None:
    """Two lines a run, so that an id stands whole and can be copied."""
    if not results:
        out.print("No run yet. Begin with: leadgen demo")
        return
    table = plain_table()
    table.add_column("status", no_wrap=True, min_width=11)
    table.add_column("run", overflow="fold", ratio=1)
    for result in results:
        table.add_row(status_words(result.status), f"{result.run_id}\n[dim]{count_words(result, LISTED)}[/]")
    out.print(table)


def print_leads(partition: "Partition", *, is_all_shown: bool) -> None:
    """The leads class by class, the best first; all of them and the excluded ones where that is asked for."""
    from leadgen_dagster.exports.columns import in_order

    leads = in_order(partition.leads())
    excluded = [business for business in partition.businesses() if not business.is_lead]
    table = plain_table()
    table.add_column("business", ratio=7)
    table.add_column("website", no_wrap=True, min_width=12)
    table.add_column("why", overflow="fold", ratio=9)
    by_class = {name: [lead for lead in leads if lead.score.lead_class is name] for name in CLASS_WORDS}
    for lead_class, members in by_class.items():
        if members and (is_all_shown or lead_class is not LeadClass.LEAVE_ALONE):
            style = CLASS_STYLES[lead_class]
            _add_group(table, f"[{style} bold]{CLASS_WORDS[lead_class]}[/]", map(_lead_cells, members))
    if excluded and is_all_shown:
        _add_group(table, "[dim bold]excluded[/]", map(_excluded_cells, excluded))
    if table.row_count:
        out.print(table)
        out.print()
    tally = ", ".join(f"{len(members)} {CLASS_WORDS[name]}" for name, members in by_class.items() if members)
    hidden = by_class[LeadClass.LEAVE_ALONE] or excluded
    hint = "" if is_all_shown or not hidden else "; --all shows every one"
    out.print(f"{len(leads)} leads{': ' if tally else ''}{tally}; {len(excluded)} excluded{hint}")


def _add_group(table: Table, heading: str, rows: Iterable[tuple[str, str, str]]) -> None:
    if table.row_count:
        table.add_row()
    table.add_row(heading)
    for cells in rows:
        table.add_row(*cells)


def _lead_cells(lead: "Lead") -> tuple[str, str, str]:
    score = lead.score
    website = STATE_WORDS[score.website_state] if score.score is None else f"{score.score} of 100"
    if lead.site is not None:
        website += f"\n[dim]demo {lead.site.score_after}[/]"
    why = escape(score.lead_reason)
    fault = lead.campaign.fault_check_id if lead.campaign else None
    if fault and score.lead_class.is_ready:
        why += f"\n[dim]speak of: {fault_words(fault)}[/]"
    return _business_cell(lead.business), website, why


def _excluded_cells(business: "Business") -> tuple[str, str, str]:
    words = EXCLUSION_WORDS[business.exclusion] if business.exclusion else ""
    return _business_cell(business), "", escape(business.exclusion_note or words)


def _business_cell(business: "Business") -> str:
    """The name, and under it what tells two of one name apart."""
    place = business.street or business.city
    return f"{escape(business.name)}\n[dim]{escape(place)}[/]" if place else escape(business.name)
