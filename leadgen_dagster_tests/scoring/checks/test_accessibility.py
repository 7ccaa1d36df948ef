"""What a reading aid is told."""

import pytest

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import NotApplicable, Passed
from leadgen_dagster_tests.scoring.builders import html, site
from leadgen_dagster_tests.scoring.checks.pairs import WORDS, Pair, heads, pair

GERMAN = (
    "Wir backen für Sie jeden Tag und die Brote sind nicht nur mit der Hand geformt, auch im Ofen von uns. "
    * 3
)

PAIRS: dict[str, Pair] = {
    "accessibility.lang_missing": Pair(site(b"<html><p>Bread"), site(b"<html lang=en><p>Bread")),
    "accessibility.lang_wrong": pair(f"<p>{GERMAN}", f"<p>{WORDS}"),
    "accessibility.image_alt_missing": pair("<img src=a.png>", "<img src=a.png alt='Our shop'>"),
    "accessibility.form_label_missing": pair("<input name=q>", "<label>Name <input name=q></label>"),
    "accessibility.link_text_missing": pair(
        "<a href=/x><img src=x.png></a>", "<a href=/x><img src=x.png alt=Home></a>"
    ),
    "accessibility.select_label_missing": pair(
        "<select name=day><option>Monday</select>",
        "<label for=d>Day</label><select id=d><option>Monday</select>",
    ),
    "accessibility.label_target_missing": pair(
        "<label for=email>E-mail</label><input id=mail>", "<label for=mail>E-mail</label><input id=mail>"
    ),
    "accessibility.button_text_missing": pair(
        "<button><svg><path/></svg></button>", "<button><svg><title>Menu</title><path/></svg></button>"
    ),
    "accessibility.submit_text_missing": pair("<input type=submit value=''>", "<input type=submit>"),
    "accessibility.image_button_alt_missing": pair(
        "<input type=image src=go.gif>", "<input type=image src=go.gif alt=Search>"
    ),
    "accessibility.frame_title_missing": pair(
        "<iframe src=/map></iframe>", "<iframe src=/map title=Map></iframe>"
    ),
    "accessibility.list_structure": pair("<ul><div>Bread</div></ul>", "<ul><li>Bread</ul>"),
    "accessibility.tab_order_forced": pair(
        "<a href=/ tabindex=3>Bread</a>", "<a href=/ tabindex=0>Bread</a>"
    ),
    "accessibility.access_key_doubled": pair(
        "<a href=/ accesskey=b>Bread</a><a href=/b accesskey=B>Buns</a>", "<a href=/ accesskey=b>Bread</a>"
    ),
    "accessibility.meta_refresh": heads(
        "<meta http-equiv=refresh content=30>", "<meta http-equiv=refresh content='0; url=/shop'>"
    ),
    "accessibility.autoplay_with_sound": pair(
        "<audio src=song.mp3 autoplay></audio>", "<video src=oven.mp4 autoplay muted></video>"
    ),
    "accessibility.table_headers_missing": pair(
        f"<table>{'<tr><td>Rye<td>4.20' * 5}</table>",
        f"<table><tr><th>Loaf<th>£{'<tr><td>Rye<td>4.20' * 5}</table>",
    ),
    "accessibility.low_contrast": pair(
        "<p style='color: #999; background: white'>Bread", "<p style='color: #555; background: white'>Bread"
    ),
    "accessibility.heading_order": pair("<h1>Bread</h1><h4>Rolls</h4>", "<h1>Bread</h1><h2>Rolls</h2>"),
}


@pytest.mark.parametrize(
    ("check_id", "body"),
    [
        ("accessibility.image_alt_missing", "<img src=a.png alt=''>"),
        ("accessibility.image_alt_missing", "<img src=a.png role=presentation>"),
        ("accessibility.link_text_missing", "<a href=/><svg aria-label=Home></svg></a>"),
        ("accessibility.form_label_missing", "<label for=m>Mail</label><input id=m>"),
        ("accessibility.form_label_missing", "<input type=hidden name=a><input aria-label=Mail>"),
        ("accessibility.submit_text_missing", "<input type=submit>"),
        ("accessibility.list_structure", "<ul><script></script><li>Bread</ul>"),
        ("accessibility.list_structure", "<div role=list><li>Bread</div>"),
        ("accessibility.heading_order", "<h1>Bread</h1><h3 hidden>Menu</h3><h2>Rolls</h2>"),
    ],
)
def test_what_reading_aids_are_told_in_another_way_is_no_fault(check_id: str, body: str) -> None:
    assert isinstance(CHECKS[check_id](site(html(body))), Passed)


@pytest.mark.parametrize("hidden", ["hidden", "aria-hidden=true", "style='Display: none'"])
def test_what_is_kept_from_reading_aids_needs_no_words(hidden: str) -> None:
    page = site(html(f"<div {hidden}><img src=a.png><button></button><input name=q></div>"))
    for check_id in ("image_alt_missing", "button_text_missing", "form_label_missing"):
        assert isinstance(CHECKS[f"accessibility.{check_id}"](page), NotApplicable)


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>Rye<td>4.20</table>",
        f"<table>{'<tr><td><img src=a.png><td>4.20' * 5}</table>",
        f"<table><tr><td>{'<table><tr><td>Rye<td>4.20</table>' * 5}</table>",
        f"<table role=presentation>{'<tr><td>Rye<td>4.20' * 5}</table>",
    ],
)
def test_a_table_for_layout_or_of_few_rows_needs_no_headings(table: str) -> None:
    assert isinstance(CHECKS["accessibility.table_headers_missing"](site(html(table))), NotApplicable)
