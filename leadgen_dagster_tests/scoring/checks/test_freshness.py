"""What shows a page's age."""

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import NotApplicable
from leadgen_dagster_tests.scoring.builders import html, site
from leadgen_dagster_tests.scoring.checks.pairs import Pair, heads, pair

PAIRS: dict[str, Pair] = {
    "freshness.outdated_library": heads(
        "<script src='js/jquery-1.11.1.min.js'></script>", "<script src='jquery-3.7.1.min.js'></script>"
    ),
    "freshness.outdated_cms": heads(
        "<meta name=generator content='WordPress 4.1'>", "<meta name=generator content='WordPress 6.8'>"
    ),
    "freshness.deprecated_markup": pair("<center><font>a</font><font>b</font></center>", "<p>a"),
    "freshness.doctype_missing": Pair(site(b"<html><p>Bread"), site(b"<!DOCTYPE html><html><p>Bread")),
    "freshness.copyright_outdated": pair("<p>© 2009-2014 Harbour Bakery", "<p>© 2009-2025 Harbour Bakery"),
    "freshness.placeholder_text": pair("<p>Lorem ipsum dolor sit amet", "<p>Bread"),
}


def test_a_year_in_the_future_or_in_the_text_is_no_copyright_year() -> None:
    assert isinstance(
        CHECKS["freshness.copyright_outdated"](site(html("<p>Since 1987 in the harbour."))), NotApplicable
    )
