"""A page that fails a check beside one that passes it, and the words they are made of."""

from dataclasses import dataclass
from typing import Any

from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.scoring.builders import html, site

HTTPS = {"url": "https://harbour-bakery.port-linden.example/"}
RESTAURANT = {"business": make_business(niche="restaurant")}
WORDS = "We bake bread and rolls every morning in the old harbour, and the cakes are ready at noon. " * 6
FORM = (
    "<form method=post action='{}'><input type=email name=mail aria-label=Mail><textarea></textarea></form>"
)


@dataclass(frozen=True)
class Pair:
    bad: SitePages
    good: SitePages


def pair(bad: str, good: str, **fields: Any) -> Pair:
    """Two bodies."""
    return Pair(site(html(bad), **fields), site(html(good), **fields))


def heads(bad: str, good: str, **fields: Any) -> Pair:
    """Two heads of one body."""
    return Pair(site(html(WORDS, bad), **fields), site(html(WORDS, good), **fields))
