"""How many pages a second are scored, as a ratio to what parsing the same bytes costs by itself.

The pages are those of the demo town, or the *.html files of a folder. Parsing and scoring are measured in this
process in turns; the median of each is shown.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.scorer import score_website
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome, PageKind, PageSnapshot

FETCHED_AT = datetime(2026, 11, 22, tzinfo=UTC)
URL = "https://firm.example/"
BUSINESS = Business(
    id="00000000-0000-0000-0000-000000000001",
    fingerprint="firm-1",
    name="Harbour House",
    niche="restaurant",
    street="4 Quay Street",
    postcode="NE99 1AA",
    country="GB",
    phone="+441914980101",
    website=URL,
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, help="a folder of *.html files (default: the demo town's)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (default 5)")
    options = parser.parse_args()
    bodies = [file.read_bytes() for file in html_files(options.pages or files("leadgen_dagster.port_linden"))]
    if not bodies:
        raise SystemExit(f"there are no *.html files in {options.pages}")
    score(bodies[0])  # tables are read once
    pairs = [(seconds_of(parse, bodies), seconds_of(score, bodies)) for _ in range(options.rounds)]
    parsed, scored = (len(bodies) / statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"{len(bodies)} pages of {sum(map(len, bodies)) / len(bodies) / 1000:.0f} kB")
    print(f"parsed  {parsed:7.0f} pages a second")
    print(f"scored  {scored:7.0f} pages a second")
    print(f"ratio   {parsed / scored:7.1f}")


def html_files(folder: Traversable) -> list[Traversable]:
    """Those of the folder and of all below it."""
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found.extend(html_files(entry))
        elif entry.name.endswith(".html"):
            found.append(entry)
    return found


def parse(body: bytes) -> object:
    return LexborHTMLParser(body)


def score(body: bytes) -> object:
    page = FetchedPage(
        url=URL,
        outcome=FetchOutcome.FETCHED,
        fetched_at=FETCHED_AT,
        final_url=URL,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=body,
    )
    home = PageSnapshot(id="home", business_id=BUSINESS.id, kind=PageKind.HOME, page=page)
    return score_website(BUSINESS, [home], (), ordered_on=FETCHED_AT.date(), score_threshold=70)


def seconds_of(measured: Callable[[bytes], object], bodies: Sequence[bytes]) -> float:
    began = time.perf_counter()
    for body in bodies:
        measured(body)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
