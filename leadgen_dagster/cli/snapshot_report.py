"""How one fetched page looks on a terminal: what was asked, what came back, and how long each part took."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from leadgen_dagster.cli.output import out
from leadgen_dagster.scoring.snapshots import FetchedPage, Timings

TELLING_HEADERS = (
    "content-type",
    "content-encoding",
    "content-length",
    "server",
    "x-powered-by",
    "last-modified",
    "cache-control",
    "location",
    "retry-after",
    "strict-transport-security",
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "x-robots-tag",
)
"""What checks look at, or a person asks for first."""
MAX_VALUE = 200
LEAST_BAR, MOST_BAR = 8, 40
ROOM_FOR_FIGURES = 22


def snapshot_document(page: FetchedPage) -> dict[str, Any]:
    """The page as JSON: its body by its hash alone."""
    document = asdict(page)
    document.pop("body")
    return {
        **document,
        "fetched_at": page.fetched_at.isoformat(),
        "body_bytes": None if page.body is None else len(page.body),
    }


def print_snapshot(page: FetchedPage) -> None:
    style = "green" if page.status is not None and page.status < 400 else "red"
    answered = "no answer" if page.status is None else f"{page.http_version or 'HTTP'} {page.status}"
    out.print(Text.assemble((clean(page.final_url or page.url), "bold"), overflow="fold"))
    out.print(Text.assemble((answered, style), f"  {page.outcome}"))
    if page.error:
        out.print(Text(clean(page.error), "red"))
    out.print(_facts(page))
    if page.timings.total_ms is not None:
        out.print()
        out.print(_waterfall(page.timings, has_redirects=_is_redirected(page)))
    headers = [(name, value) for name, value in page.headers if name in TELLING_HEADERS]
    if headers:
        out.print()
        out.print(_pairs(headers))
        others = len(page.headers) - len(headers)
        if others:
            out.print(f"[dim]{others} more: --json shows them[/]")


def clean(text: str) -> str:
    """Text from outside on one line, without what a terminal would obey."""
    shown = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return shown if len(shown) <= MAX_VALUE else f"{shown[: MAX_VALUE - 1]}…"


def _facts(page: FetchedPage) -> Table:
    """When, by which way, how much."""
    facts = [("fetched", f"{page.fetched_at:%Y-%m-%d %H:%M:%S} UTC")]
    if _is_redirected(page):
        facts += [("asked for", page.url), *(("by way of", url) for url in page.redirects)]
    if page.content_length is not None:
        inflated = "" if page.body is None else f", {size(len(page.body))} inflated"
        facts.append(("size", f"{size(page.content_length)} on the wire{inflated}"))
    if page.body_hash is not None:
        facts.append(("body", f"sha256 {page.body_hash}"))
    return _pairs(facts)


def _is_redirected(page: FetchedPage) -> bool:
    """A slash at the end of a bare host is only another spelling."""
    return page.final_url is not None and page.final_url.rstrip("/") != page.url.rstrip("/")


def size(count: int) -> str:
    if count < 1_000:
        return f"{count} bytes"
    return f"{count / 1_000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _pairs(rows: list[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", overflow="fold", max_width=out.width // 2)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(clean(name)), Text(clean(value)))
    return table


def _waterfall(timings: Timings, *, has_redirects: bool) -> Table:
    """Each phase as a bar that begins where the one before it ended."""
    phases = list(_phases(timings, has_redirects=has_redirects))
    whole = max(sum(length for _, length in phases), 0.001)
    width = max(LEAST_BAR, min(MOST_BAR, out.width - ROOM_FOR_FIGURES))
    table = Table.grid(padding=(0, 1))
    for justify in ("left", "right", "left"):
        table.add_column(justify=justify, no_wrap=True)
    begun = 0.0
    for name, length in phases:
        start = min(width - 1, round(begun / whole * width))
        begun += length
        end = max(start + 1, round(begun / whole * width))
        blocks = Text(" " * start + "█" * (end - start), "cyan")
        table.add_row(Text(name, "dim"), f"{length:.0f} ms", blocks)
    table.add_row(Text("total", "dim"), Text(f"{whole:.0f} ms", "bold"), "")
    return table


def _phases(timings: Timings, *, has_redirects: bool) -> Iterator[tuple[str, float]]:
    """Name and milliseconds; the first byte is counted from the beginning of the request, as the total is."""
    connecting = 0.0
    for name, length in (
        ("name", timings.dns_ms),
        ("connect", timings.connect_ms),
        ("encrypt", timings.tls_ms),
    ):
        if length is not None:
            connecting += length
            yield name, length
    if timings.first_byte_ms is not None:
        yield "wait", max(0.0, timings.first_byte_ms - connecting)
    if timings.total_ms is not None:
        rest = timings.total_ms - max(timings.first_byte_ms or 0.0, connecting)
        yield ("redirects" if has_redirects else "body"), max(0.0, rest)
