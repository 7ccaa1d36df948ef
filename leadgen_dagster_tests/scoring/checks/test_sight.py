"""Where on a page a visitor sees a passage."""

import time

import pytest

from leadgen_dagster.scoring.checks.sight import seen, seen_last
from leadgen_dagster_tests.scoring.builders import html, site

PHONE = "0191 498 0101"
LONGEST_S = 1.0
"""Asking each of 4,000 elements for all of its text takes four times as long."""


def tag_of(body: str, passage: str = PHONE) -> str | None:
    node = seen(site(html(body)).home, passage)
    return node.tag if node is not None else None


@pytest.mark.parametrize(
    ("body", "tag"),
    [
        (f"<div><p>Call <b>{PHONE}</b> now</div>", "b"),
        ("<div><p>Call 0191\n  <b>498</b> 0101</p> now</div>", "p"),
        ("<ul><li>0191 498</li> <li>0101</li></ul>", "ul"),
        (f"<p>{PHONE} <a href='#'>{PHONE}</a>", "a"),
        (f"<nav hidden>{PHONE}</nav><footer>{PHONE}</footer>", "footer"),
        (f"<div><script>'{PHONE}'</script></div><p>{PHONE}", "p"),
        (f"<div class='modal'><p>{PHONE}</div>", None),
        (f"<div><noscript>{PHONE}</noscript></div>", None),
        ("<p>0191 498", None),
    ],
)
def test_a_passage_is_seen_in_the_innermost_element_that_holds_it_and_is_not_hidden(
    body: str, tag: str | None
) -> None:
    assert tag_of(body) == tag


def test_the_last_of_several_passages_is_found_from_the_end() -> None:
    page = site(html("<h1>© 2012</h1><p>Bread</p><div><small>© <i>2012</i></small></div><p>Cake")).home
    node = seen_last(page, "© 2012")
    assert node is not None
    assert node.tag == "small"


@pytest.mark.parametrize("search", [seen, seen_last])
def test_a_page_of_elements_nested_by_the_thousand_is_searched_within_the_time_of_one_reading(
    search: object,
) -> None:
    page = site(html("<div>" * 4_000 + "Bread and rolls. " * 3_500 + PHONE)).home
    assert callable(search)
    began = time.perf_counter()
    assert search(page, PHONE) is not None
    assert time.perf_counter() - began < LONGEST_S
