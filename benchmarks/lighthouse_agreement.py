"""How far the scores agree with Lighthouse's: rank correlation for each category, with a bootstrap interval.

A folder holds *.html files, and beside them the files they ask for, if any (self_contained_pages.py writes such a
folder). The site's pages are looked at as a run looks at them, only that the folder answers instead of the web.
What Lighthouse said of two such folders is kept in lighthouse_scores/.

  --run makes the results first: it needs Node 20, a Chromium, and `npm install lighthouse@12` somewhere
  (--modules PATH/node_modules). One page takes 5 to 15 seconds, each of its runs again; a run that was stopped goes
  on where it was. Without --run only our own scores are made, which takes some seconds.

Lighthouse's score of a page is the median of its runs. Pages that we do not score (not a page of a firm) and pages
that Lighthouse could not load are left out, and counted.
"""

import argparse
import asyncio
import gzip
import json
import random
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.crawl import collect_snapshots
from leadgen_dagster.scoring.scorer import score_website
from leadgen_dagster.scoring.scores import Category, WebsiteScore
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome

RUNNER = Path(__file__).with_name("lighthouse_runner.mjs")
SITE = "https://firm.example"
FETCHED_AT = datetime(2026, 11, 22, tzinfo=UTC)
MEDIA_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".webp": "image/webp"}
CATEGORIES = {
    Category.PERFORMANCE: "performance",
    Category.ACCESSIBILITY: "accessibility",
    Category.BEST_PRACTICES: "best-practices",
    Category.SEO: "seo",
}
"""Ours, and Lighthouse's name for it."""
INTERVAL = 0.95
ENOUGH = 3
"""Fewer pages than that have no rank correlation worth the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One line of the table."""

    category: Category
    pages: int
    rho: float
    low: float
    high: float


class FolderFetcher:
    """Answers from a folder as a server would, without waiting."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        extra = self._folder / "headers.json"
        self._extra: dict[str, dict[str, str]] = json.loads(extra.read_bytes()) if extra.is_file() else {}

    async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
        path = unquote(urlsplit(url).path)
        file = (self._folder / path.lstrip("/")).resolve()
        is_here = url.startswith(SITE) and file.is_relative_to(self._folder) and file.is_file()
        media_type = MEDIA_TYPES.get(file.suffix, "application/octet-stream")
        headers = {"content-type": media_type} | self._extra.get(path, {}) if is_here else {}
        body = file.read_bytes() if is_here else b""
        sent = gzip.compress(body) if headers.get("content-encoding") == "gzip" else body
        return FetchedPage(
            url=url,
            method=method,
            outcome=FetchOutcome.FETCHED,
            fetched_at=FETCHED_AT,
            final_url=url,
            status=200 if is_here else 404,
            headers=tuple(headers.items()),
            content_length=len(sent),
            body=body if method == "GET" else None,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path, help="the folder")
    parser.add_argument("results", type=Path, help="Lighthouse's results, a JSON file")
    parser.add_argument("--run", action="store_true", help="make the results, or what is missing of them")
    parser.add_argument(
        "--modules", type=Path, help="the node_modules folder with lighthouse 12 (with --run)"
    )
    parser.add_argument(
        "--chrome", default="/usr/bin/chromium", help="default /usr/bin/chromium (with --run)"
    )
    parser.add_argument("--runs", type=int, default=3, help="of each page (default 3, with --run)")
    parser.add_argument("--seed", type=int, default=1, help="of the bootstrap (default 1)")
    parser.add_argument("--resamples", type=int, default=2000, help="of the bootstrap (default 2000)")
    parser.add_argument("--json", action="store_true", help="the table as JSON, with each page's scores")
    options = parser.parse_args()
    if options.run:
        if options.modules is None:
            parser.error("--run needs --modules, the node_modules folder with lighthouse 12")
        run_lighthouse(options)
    results = json.loads(options.results.read_bytes())["pages"]
    scores = asyncio.run(score_pages(options.pages, sorted(results)))
    theirs = {page: medians(runs) for page, runs in results.items()}
    table = [
        agreement(category, scores, theirs, resamples=options.resamples, seed=options.seed)
        for category in CATEGORIES
        if sum(CATEGORIES[category] in one for one in theirs.values()) >= ENOUGH
    ]
    unscored = sorted(page for page, score in scores.items() if not score.category_scores)
    unloaded = sorted(page for page, one in theirs.items() if not one)
    if options.json:
        print(as_json(table, scores, theirs))
        return
    print(
        f"{len(results)} pages; not scored by us: {len(unscored)}; not loaded by Lighthouse: {len(unloaded)}"
    )
    print(f"{'category':<16}{'pages':>6}{'rho':>7}   {INTERVAL:.0%} interval")
    for row in table:
        print(f"{row.category.value:<16}{row.pages:>6}{row.rho:>7.2f}   {row.low:.2f} to {row.high:.2f}")


def run_lighthouse(options: argparse.Namespace) -> None:
    command = ["node", str(RUNNER), "--modules", str(options.modules), "--chrome", options.chrome]
    command += ["--pages", str(options.pages), "--out", str(options.results), "--runs", str(options.runs)]
    subprocess.run(command, check=True)


async def score_pages(folder: Path, pages: Sequence[str]) -> dict[str, WebsiteScore]:
    """Each page as the home page of a firm of its own."""
    fetcher = FolderFetcher(folder)
    scores = {}
    for number, page in enumerate(pages):
        business = Business(
            id=f"00000000-0000-0000-0000-{number:012}",
            fingerprint=f"firm-{number}",
            name="Harbour House",
            niche="restaurant",
            street="4 Quay Street",
            postcode="NE99 1AA",
            country="GB",
            phone="+441914980101",
            website=f"{SITE}/{page}",
        )
        snapshots = await collect_snapshots([business], fetcher)
        scores[page] = score_website(
            business, snapshots, (), ordered_on=FETCHED_AT.date(), score_threshold=70
        )
    return scores


def medians(runs: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Lighthouse's score for each category, over the runs that ended well."""
    marks: dict[str, list[float]] = {}
    for run in runs:
        for category, score in run.get("scores", {}).items():
            if score is not None and not run.get("error"):
                marks.setdefault(category, []).append(score)
    return {category: statistics.median(scores) for category, scores in marks.items()}


def agreement(
    category: Category,
    ours: Mapping[str, WebsiteScore],
    theirs: Mapping[str, Mapping[str, float]],
    *,
    resamples: int,
    seed: int,
) -> Agreement:
    pairs = [
        (float(score.category_scores[category]), theirs[page][CATEGORIES[category]])
        for page, score in ours.items()
        if category in score.category_scores and CATEGORIES[category] in theirs[page]
    ]
    chance = random.Random(seed)  # noqa: S311 (a bootstrap, no secret)
    drawn = sorted(rank_correlation(chance.choices(pairs, k=len(pairs))) for _ in range(resamples))
    tail = (1 - INTERVAL) / 2
    return Agreement(
        category=category,
        pages=len(pairs),
        rho=rank_correlation(pairs),
        low=drawn[int(resamples * tail)],
        high=drawn[int(resamples * (1 - tail))],
    )


def rank_correlation(pairs: Sequence[tuple[float, float]]) -> float:
    """Spearman's rho; 0 where one side is all the same."""
    ours, theirs = (ranks(side) for side in zip(*pairs, strict=True))
    if len(set(ours)) == 1 or len(set(theirs)) == 1:
        return 0.0
    return statistics.correlation(ours, theirs)


def ranks(values: Sequence[float]) -> list[float]:
    """Equal values share the mean of their places."""
    places: dict[float, list[int]] = {}
    for place, value in enumerate(sorted(values)):
        places.setdefault(value, []).append(place)
    mean_place = {value: statistics.fmean(taken) for value, taken in places.items()}
    return [mean_place[value] for value in values]


def as_json(
    table: Sequence[Agreement],
    ours: Mapping[str, WebsiteScore],
    theirs: Mapping[str, Mapping[str, float]],
) -> str:
    pages = {
        page: {
            "state": score.website_state,
            "ours": {category.value: mark for category, mark in score.category_scores.items()},
            "lighthouse": theirs[page],
            "failed": [finding.check_id for finding in score.findings],
        }
        for page, score in ours.items()
    }
    rows = [
        {"category": row.category, "pages": row.pages, "rho": row.rho, "interval": [row.low, row.high]}
        for row in table
    ]
    return json.dumps({"agreement": rows, "pages": pages}, indent=1)


if __name__ == "__main__":
    main()
