"""What search engines read of a page."""

from leadgen_dagster_tests.scoring.checks.pairs import WORDS, Pair, heads, pair

PAIRS: dict[str, Pair] = {
    "search.title_missing": heads("<title>Home</title>", "<title>Harbour Bakery, Port Linden</title>"),
    "search.description_missing": heads("", f"<meta name=description content='{WORDS[:90]}'>"),
    "search.h1_missing": pair("<h2>Bread</h2>", "<h1>Bread</h1>"),
    "search.blocked_from_index": heads(
        "<meta name=robots content=noindex>", "<meta name=robots content=all>"
    ),
}
