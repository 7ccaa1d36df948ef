"""How many demo sites a second are rendered, scored and gated, beside the bare rendering.

Both are measured in this process over the same made-up businesses, in turns; the median of each is shown.
"""

import argparse
import statistics
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from leadgen_dagster.agency import Agency
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.scoring.scorer import score_website
from leadgen_dagster.sites.brief import make_site_brief
from leadgen_dagster.sites.builder import SiteRequest, build_sites
from leadgen_dagster.sites.looks import looks_of
from leadgen_dagster.sites.view import render_site

ORDERED_ON = date(2026, 11, 22)
AGENCY = "Quay Studio"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=200, help="how many businesses (default 200)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (default 5)")
    options = parser.parse_args()
    requests = [request(number) for number in range(options.sites)]
    build_and_gate(requests[:1])  # fonts and tables are read once
    pairs = [
        (seconds_of(render_alone, requests), seconds_of(build_and_gate, requests))
        for _ in range(options.rounds)
    ]
    bare, whole = (options.sites / statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"rendered                    {bare:7.0f} sites a second")
    print(f"rendered, scored and gated  {whole:7.0f} sites a second")
    print(f"ratio                       {bare / whole:7.2f}")


def request(number: int) -> SiteRequest:
    niches = list(NICHES)
    business = Business(
        id=str(uuid.UUID(int=number)),
        fingerprint=f"shop-{number}",
        name=f"Harbour House {number}",
        niche=niches[number % len(niches)],
        street=f"{number} Quay Street",
        postcode="NE99 1AA",
        city="Port Linden",
        country="GB",
        latitude=55.01,
        longitude=-1.42,
        phone="+441914980101",
        opening_hours="Mo-Fr 08:00-12:30,13:30-17:00; Sa 08:00-13:00",
        language="en",
    )
    score = score_website(business, (), (), ordered_on=ORDERED_ON, score_threshold=70)
    token = "a" * 12
    wanted = replace(score, wants_demo=True)  # a sensitive trade too is to be rendered here
    return SiteRequest(business=business, contacts=(), score=wanted, token=token, language="en")


def render_alone(requests: Sequence[SiteRequest]) -> None:
    for number, asked in enumerate(requests):
        business = asked.business
        looks = looks_of(NICHES[business.niche].group)
        brief = make_site_brief(business, (), asked.score, language="en", ordered_on=ORDERED_ON)
        if brief is None:
            raise SystemExit("a business of this benchmark has too few facts for a demo")
        look = looks[number % len(looks)]
        render_site(brief, look, fingerprint=business.fingerprint, agency_name=AGENCY)


def build_and_gate(requests: Sequence[SiteRequest]) -> None:
    faults = [
        one.site.faults for one in build_sites(requests, agency=Agency(name=AGENCY), ordered_on=ORDERED_ON)
    ]
    if any(faults) or len(faults) != len(requests):
        raise SystemExit(f"{len(faults)} sites for {len(requests)} businesses; faults: {set(faults)}")


def seconds_of(measured: Callable[[Sequence[SiteRequest]], object], requests: Sequence[SiteRequest]) -> float:
    began = time.perf_counter()
    measured(requests)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
