"""What a phone shows of a page."""

import pytest

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, NotApplicable, Passed
from leadgen_dagster_tests.scoring.builders import html, site
from leadgen_dagster_tests.scoring.checks.pairs import WORDS, Pair, heads, pair

PAIRS: dict[str, Pair] = {
    "mobile.viewport_missing": heads("", '<meta name="viewport" content="width=device-width">'),
    "mobile.viewport_wide": heads(
        "<meta name=viewport content='width=1024'>", "<meta name=viewport content='width=device-width'>"
    ),
    "mobile.text_too_pale": pair(
        f"<p style='color: #bbb; background: #fff'>{WORDS}</p>",
        f"<p style='color: #333; background: #fff'>{WORDS}</p>",
    ),
    "mobile.width_undeclared": heads("", "<meta name=viewport content='width=device-width'>"),
    "mobile.asks_permission": heads(
        "<script>navigator.geolocation.getCurrentPosition(show)</script>", "<script>show()</script>"
    ),
    "mobile.fixed_width": pair(
        f"<table width=760><tr><td>{WORDS}</table>", f"<table width='100%'><tr><td>{WORDS}</table>"
    ),
    "mobile.zoom_forbidden": heads(
        "<meta name=viewport content='width=device-width, user-scalable=no'>",
        "<meta name=viewport content='width=device-width, initial-scale=1'>",
    ),
    "mobile.text_too_small": pair(
        f"<p style='font-size: 9px'>{WORDS}</p>", f"<p style='font-size: 16px'>{WORDS}</p>"
    ),
}


def test_a_width_inside_a_media_query_is_no_fixed_width() -> None:
    style = "<style>@media (min-width: 900px) { #page { width: 860px } } #page { width: 100% }</style>"
    assert isinstance(CHECKS["mobile.fixed_width"](site(html(f"<div id=page>{WORDS}</div>", style))), Passed)


def test_a_width_in_the_pages_own_style_sheet_is_found() -> None:
    found = CHECKS["mobile.fixed_width"](
        site(html(f"<div id=page>{WORDS}</div>", "<style>#page { width: 860px }</style>"))
    )
    assert isinstance(found, Failed)
    assert found.parameters == {"pixels": "860"}


ADAPTS = "<meta name=viewport content='width=device-width, initial-scale=1'>"


@pytest.mark.parametrize(
    "head",
    [
        "<script>var m = document.createElement('meta'); m.name = 'viewport'</script>",
        "<script>if (/iPhone/.test(navigator.userAgent)) location.href = 'https://m.firm.example/'</script>",
        "<link rel=alternate media='only screen and (max-width: 640px)' href='https://m.firm.example/'>",
    ],
)
def test_nothing_is_said_of_phones_where_they_may_be_given_something_else(head: str) -> None:
    page = site(html(f"<table width=760><tr><td>{WORDS}</table>", head))
    assert isinstance(CHECKS["mobile.viewport_missing"](page), NotApplicable)
    assert isinstance(CHECKS["mobile.fixed_width"](page), NotApplicable)


def test_nothing_is_said_of_phones_where_the_server_tells_them_apart() -> None:
    page = site(html(WORDS), headers=(("content-type", "text/html"), ("vary", "Accept-Encoding, User-Agent")))
    assert isinstance(CHECKS["mobile.viewport_missing"](page), NotApplicable)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<link rel=stylesheet href=theme.css>", f"<table width=760><tr><td>{WORDS}</table>"),
        ("<style>table { max-width: 100% }</style>", f"<table width=760><tr><td>{WORDS}</table>"),
        ("<style>#p { width: 960px } body #p { width: auto }</style>", f"<div id=p>{WORDS}</div>"),
        (
            "<style>#p { width: 960px } @media (max-width: 700px) { div { width: 100% } }</style>",
            f"<div id=p>{WORDS}</div>",
        ),
        ("", f"<div style='width: 900px'>Bread</div><p>{WORDS}"),
    ],
)
def test_a_wide_block_is_no_fault_where_something_may_make_it_narrower_or_it_holds_little(
    head: str, body: str
) -> None:
    assert not isinstance(CHECKS["mobile.fixed_width"](site(html(body, ADAPTS + head))), Failed)


def test_a_wide_block_is_a_fault_on_a_page_that_adapts_too_where_every_style_was_read() -> None:
    found = CHECKS["mobile.fixed_width"](
        site(html(f"<div id=p>{WORDS}</div>", f"{ADAPTS}<style>#p {{ min-width: 960px }}</style>"))
    )
    assert found == Failed(where="div#p", snippet="#p { min-width: 960px }", parameters={"pixels": "960"})


@pytest.mark.parametrize(
    "body",
    [
        f"<div style='font-size: 9px'>Allergens on request.</div><p>{WORDS}",
        f"<p style='font-size: 9px' hidden>{WORDS}",
        f"<div style='font-size: 9px'><p>{WORDS}</div>",
        f"<p style='font-size: 1px'>{WORDS}",
    ],
)
def test_text_is_not_called_small_for_a_footnote_or_what_is_not_shown_or_may_be_set_anew(body: str) -> None:
    page = site(html(body, "<link rel=stylesheet href=theme.css>"))
    assert isinstance(CHECKS["mobile.text_too_small"](page), NotApplicable)


def test_small_text_in_the_pages_own_style_sheet_is_found() -> None:
    found = CHECKS["mobile.text_too_small"](
        site(html(f"<p>{WORDS}", "<style>body { font: 10px Verdana }</style>"))
    )
    assert isinstance(found, Failed)
    assert found.snippet.startswith("10 px: “We bake bread")
    assert found.parameters == {"pixels": "10"}
