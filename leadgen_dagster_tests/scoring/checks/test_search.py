"""What search engines read of a page."""

from leadgen_dagster_tests.scoring.builders import HOME, html, site
from leadgen_dagster_tests.scoring.checks.pairs import WORDS, Pair, heads, pair

PAIRS: dict[str, Pair] = {
    "search.title_missing": heads("<title>Home</title>", "<title>Harbour Bakery, Port Linden</title>"),
    "search.description_missing": heads("", f"<meta name=description content='{WORDS[:90]}'>"),
    "search.title_too_long": heads(f"<title>{WORDS}</title>", "<title>Harbour Bakery</title>"),
    "search.description_too_short": heads(
        "<meta name=description content=Bread>", f"<meta name=description content='{WORDS[:90]}'>"
    ),
    "search.doubled_tags": heads("<title>One</title><title>Two</title>", "<title>One</title>"),
    "search.images_undescribed": pair("<img src=a.png>", "<img src=a.png alt='Our shop'>"),
    "search.links_not_followable": pair("<a href='javascript:void(0)'>Cakes</a>", "<a href=/cakes>Cakes</a>"),
    "search.link_words_empty": pair("<a href=/cakes>Click here</a>", "<a href=/cakes>Our cakes</a>"),
    "search.hreflang_broken": heads(
        "<link rel=alternate hreflang=german href='https://x.example/de'>",
        "<link rel=alternate hreflang=de-AT href='https://x.example/de'>",
    ),
    "search.canonical_broken": heads(
        "<link rel=canonical href='/'>", "<link rel=canonical href='https://x.example/'>"
    ),
    "search.canonical_elsewhere": heads(
        "<link rel=canonical href='https://template-shop.example/'>", f"<link rel=canonical href='{HOME}'>"
    ),
    "search.preview_missing": heads(
        "<meta property=og:title content=Bread>",
        "<meta property=og:title content=Bread><meta property=og:image content='https://x.example/a.jpg'>",
    ),
    "search.icon_missing": heads("", "<link rel='shortcut icon' href=/favicon.ico>"),
    "search.charset_missing": Pair(
        site(html(WORDS), headers=(("content-type", "text/html"),)),
        site(html(WORDS, "<meta charset=utf-8>"), headers=(("content-type", "text/html"),)),
    ),
    "search.h1_missing": pair("<h2>Bread</h2>", "<h1>Bread</h1>"),
    "search.blocked_from_index": heads(
        "<meta name=robots content=noindex>", "<meta name=robots content=all>"
    ),
}
