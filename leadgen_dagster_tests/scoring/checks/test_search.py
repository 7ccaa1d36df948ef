"""What search engines read of a page."""

import pytest

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, Passed
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


@pytest.mark.parametrize(
    ("check_id", "body"),
    [
        (
            "search.links_not_followable",
            "<a href='#menu'>Menu</a><a name=top></a><a role=button onclick=x()>More</a>",
        ),
        ("search.links_not_followable", "<a href='javascript:menu()'>Menu</a>"),
        ("search.link_words_empty", "<a href='#more'>More</a><a href='/x' rel=nofollow>here</a>"),
        ("search.h1_missing", "<h1><img src=logo.png alt='Harbour Bakery'></h1>"),
    ],
)
def test_a_link_or_heading_that_search_engines_can_use_is_no_fault(check_id: str, body: str) -> None:
    assert isinstance(CHECKS[check_id](site(html(body))), Passed)


def test_a_description_outside_of_the_head_is_none() -> None:
    found = CHECKS["search.description_missing"](
        site(html(f"<p>Bread<meta name=description content='{WORDS}'>"))
    )
    assert isinstance(found, Failed)
    assert found.where.startswith("body meta")


def test_a_header_can_keep_a_page_out_of_search() -> None:
    page = site(html(WORDS), headers=(("content-type", "text/html"), ("x-robots-tag", "none")))
    assert CHECKS["search.blocked_from_index"](page) == Failed(where="x-robots-tag", snippet="none")
