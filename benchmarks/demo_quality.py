r"""What others say of demos made of real records: the Nu validator, axe in a real browser, and Lighthouse.

The records are those of the packaged extract of central Helsinki, as thin or as full as they are; where they are too
few, again in the next of the languages that demos are written in. The pages are written to a folder; a seeded sample
of them goes to `sample/` in it, for Lighthouse:

  python benchmarks/demo_quality.py /tmp/demos --nu .venv/node_modules/vnu-jar/build/dist/vnu.jar --browser
  node benchmarks/lighthouse_runner.mjs --modules /tmp/lighthouse/node_modules --chrome /usr/bin/chromium \
       --pages /tmp/demos/sample --out /tmp/demos/lighthouse.json --runs 1
  python benchmarks/demo_quality.py /tmp/demos --lighthouse /tmp/demos/lighthouse.json
"""

import argparse
import json
import random
import shutil
import statistics
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from importlib.resources import as_file, files
from itertools import cycle
from pathlib import Path

from leadgen_dagster.agency import Agency, ExclusionList
from leadgen_dagster.clients.installed import find_browser
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.discover import discover
from leadgen_dagster.discovery.sources.base import SourceAccess
from leadgen_dagster.discovery.sources.osm import OsmSource
from leadgen_dagster.orders import ProcessingRunConfig
from leadgen_dagster.scoring.scorer import score_website
from leadgen_dagster.sites.builder import SiteRequest, build_sites

ORDERED_ON = date(2019, 5, 2)
"""A few days after the extract's newest edit."""
LANGUAGES = ("fi", "en", "sv", "de", "fr", "es")
AGENCY = Agency(name="Quay Studio", reply_to="hello@quay.example")
PUBLIC_URL = "https://demos.quay.example"
SAMPLE_SIZE = 40
NU_BATCH = 200
GRAVE = {"serious", "critical"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ASK_AXE = """axe.run(document, {iframes: false, resultTypes: ["violations"]})
  .then(told => told.violations.map(one => [one.impact, one.id, one.nodes[0].html]))"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sites", type=int, default=1000, help="how many at most (default 1000)")
    parser.add_argument("--nu", type=Path, help="vnu.jar; needs Java")
    parser.add_argument("--browser", action="store_true", help="open each page in Chromium, and ask axe")
    parser.add_argument("--lighthouse", type=Path, help="results of lighthouse_runner.mjs over the sample")
    options = parser.parse_args()
    if options.lighthouse:
        print_lighthouse(options.lighthouse)
        return
    pages = write_pages(options.folder, options.sites)
    if options.nu:
        print(f"Nu validator: {sum(nu_errors(options.nu, pages).values())} errors")
    if options.browser:
        for name, count in browser_faults(pages).items():
            print(f"browser, {name}: {count}")


def write_pages(folder: Path, count: int) -> list[Path]:
    found = businesses()
    requests = [
        SiteRequest(
            business=business,
            contacts=(),
            score=replace(
                score_website(business, (), (), ordered_on=ORDERED_ON, score_threshold=70), wants_demo=True
            ),
            token="a" * 12,
            language=language,
        )
        for turn in range(len(LANGUAGES))
        for business, language in zip(found, cycle(LANGUAGES[turn:] + LANGUAGES[:turn]), strict=False)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    paths, sizes, themes, faulty = [], [], Counter[str](), 0
    for built in build_sites(requests, agency=AGENCY, public_url=PUBLIC_URL, ordered_on=ORDERED_ON):
        path = folder / f"{built.site.business_id}-{built.site.language}.html"
        path.write_bytes(built.files["index.html"])
        paths.append(path)
        sizes.append(len(built.files["index.html"]))
        themes[built.site.theme] += 1
        faulty += bool(built.site.faults)
        if len(paths) == count:
            break
    sample = folder / "sample"
    shutil.rmtree(sample, ignore_errors=True)
    sample.mkdir()
    for path in random.Random(1).sample(sorted(paths), min(SAMPLE_SIZE, len(paths))):  # noqa: S311 - no secret
        shutil.copy(path, sample)
    print(f"{len(paths)} sites of {len(found)} records; {faulty} do not pass their gates")
    print(f"bytes: median {statistics.median(sizes):.0f}, largest {max(sizes)}")
    print("themes: " + ", ".join(f"{name} {number}" for name, number in sorted(themes.items())))
    return paths


def businesses() -> list[Business]:
    """The leads of the extract, in an order that has nothing to do with streets."""
    extract = files("leadgen_dagster.discovery.sources").joinpath("data", "helsinki.osm.pbf")
    with as_file(extract) as path:
        found = discover(
            run_id="demo-quality",
            config=ProcessingRunConfig(location="Helsinki", niche="local businesses", max_businesses=5_000),
            sources=[OsmSource(SourceAccess(path=path))],
            exclusions=ExclusionList(),
            ordered_on=ORDERED_ON,
        )
    leads = [business for business in found.businesses if business.is_lead]
    random.Random(1).shuffle(leads)  # noqa: S311 - no secret
    return leads


def nu_errors(jar: Path, pages: Sequence[Path]) -> Counter[str]:
    errors: Counter[str] = Counter()
    for start in range(0, len(pages), NU_BATCH):
        batch = [str(path) for path in pages[start : start + NU_BATCH]]
        command = ["java", "-Xss1m", "-jar", str(jar), "--format", "json", "--errors-only", *batch]
        done = subprocess.run(command, capture_output=True, check=False)
        errors.update(one["message"] for one in json.loads(done.stderr)["messages"])
    for message, count in errors.most_common(5):
        print(f"  {count} x {message}")
    return errors


def browser_faults(pages: Sequence[Path]) -> Counter[str]:
    from playwright.sync_api import sync_playwright

    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    found: Counter[str] = Counter(
        {"serious findings of axe": 0, "outside requests": 0, "wider than the screen": 0}
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(None), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda _error: found.update(["errors of scripts"]))
        for path in pages:
            asked.clear()
            page.goto(path.as_uri())
            outside = [url for url in asked if not url.startswith(("file:", "data:"))]
            found["outside requests"] += len(outside)
            wide = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            found["wider than the screen"] += bool(wide)
            page.evaluate(axe)
            for rule in grave(page.evaluate(ASK_AXE)):
                found["serious findings of axe"] += 1
                print(f"  {path.name}: {rule}")
        browser.close()
    return found


def grave(violations: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    yield from (f"{rule}: {html[:100]}" for impact, rule, html in violations if impact in GRAVE)


def print_lighthouse(results: Path) -> None:
    pages = json.loads(results.read_text(encoding="utf-8"))["pages"]
    for category in CATEGORIES:
        scores = [100 * statistics.median(run["scores"][category] for run in runs) for runs in pages.values()]
        print(
            f"{category:<15} lowest {min(scores):.0f}, median {statistics.median(scores):.0f} of {len(scores)} pages"
        )


if __name__ == "__main__":
    main()
