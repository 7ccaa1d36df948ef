"""What makes a visitor trust a page."""

from leadgen_dagster_tests.scoring.checks.pairs import Pair, pair

PAIRS: dict[str, Pair] = {
    "trust.privacy_page_missing": pair(
        "<p>Our privacy policy is good.", "<a href='/datenschutz'>Datenschutz</a>"
    ),
}
