"""What a phone shows of a page."""

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, Passed
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
