"""How words look for sure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.scoring.cascade import cascade_of, pale_texts
from leadgen_dagster.scoring.colours import Colour, colour, contrast, hex_of
from leadgen_dagster.scoring.page_view import PageView
from leadgen_dagster_tests.factories import make_page
from leadgen_dagster_tests.scoring.builders import html

SHADES = st.tuples(*[st.integers(0, 255)] * 3)
LINKED = "<link rel=stylesheet href=theme.css>"


def page(body: str, style: str = "", head: str = "") -> PageView:
    return PageView(make_page(body=html(body, f"{head}<style>{style}</style>")))


def size_of_first_paragraph(body: str, style: str) -> float | None:
    view = page(body, style)
    return cascade_of(view).font_size_px(view.all("p")[0])


@pytest.mark.parametrize(
    ("written", "shade"),
    [
        ("#fff", (255, 255, 255)),
        ("#C8c8C8", (200, 200, 200)),
        ("666666", (102, 102, 102)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
        ("rgba(1,2,3,1)", (1, 2, 3)),
        ("rgb(1 2 3 / 100%)", (1, 2, 3)),
        (" Silver ", (192, 192, 192)),
        ("rgba(0,0,0,.5)", None),
        ("hsl(210 10% 25%)", None),
        ("currentcolor", None),
        ("url(a.png)", None),
        ("", None),
    ],
)
def test_a_colour_is_read_where_nothing_shines_through(written: str, shade: Colour | None) -> None:
    assert colour(written) == shade


@given(SHADES)
def test_a_colour_written_out_is_read_again(shade: Colour) -> None:
    assert colour(hex_of(shade)) == shade


@given(SHADES, SHADES)
def test_contrast_is_the_same_both_ways_and_lies_between_1_and_21(one: Colour, other: Colour) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0001


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("style", "size"),
    [
        ("body { font-size: 9px }", 9),
        ("body { font: bold 9px/12px Verdana, Arial }", 9),
        ("body { font-size: 9px } p { font-size: 16px }", 16),
        ("#a p { font-size: 16px } p { font-size: 9px }", 16),
        ("p.b { font-size: 9px } p { font-size: 16px }", 9),
        ("p { font-size: 9px !important } #a .b { font-size: 16px }", 9),
        ("p { font-size: 9px } p { font-size: 16px }", 16),
        ("body { font-size: 9px } p { font-size: 1.8em }", None),
        ("@media print { p { font-size: 9px } }", None),
        ("p:hover { font-size: 9px }", None),
    ],
)
def test_the_rule_that_wins_sets_the_size(style: str, size: float | None) -> None:
    assert size_of_first_paragraph("<div id=a><p class=b>Bread</div>", style) == size


def test_the_elements_own_style_beats_the_sheet() -> None:
    assert size_of_first_paragraph(
        "<p style='font-size: 8pt'>Bread", "p { font-size: 16px }"
    ) == pytest.approx(10.67, 0.01)


@pytest.mark.parametrize(
    ("body", "style", "colours"),
    [
        ("<p>Bread", "body { background: #fff; color: #ccc }", "#cccccc on #ffffff"),
        ("<p>Bread", "p { color: #ccc }", "#cccccc on #ffffff"),
        ("<p>Bread", ":root { --pale: #ccc } p { color: var(--pale) }", "#cccccc on #ffffff"),
        (
            "<div class=d><p>Bread</div>",
            ".d { background-color: #333 } p { color: #555 }",
            "#555555 on #333333",
        ),
        ("<body bgcolor=white text=silver><p>Bread", "", "#c0c0c0 on #ffffff"),
    ],
)
def test_pale_words_are_told_with_both_colours(body: str, style: str, colours: str) -> None:
    assert [one.colours for one in pale_texts(page(body, style))] == [colours]


@pytest.mark.parametrize(
    ("body", "style"),
    [
        ("<p>Bread", "p { color: #333 }"),
        ("<div class=d><p>Bread</div>", ".d { background: #222 } p { color: #eee }"),
        ("<div class=d><p>Bread</div>", ".d { background: #222 url(a.jpg) } p { color: #888 }"),
        ("<div class=d><img src=a.jpg><p>Bread</div>", ".d p { position: absolute; color: #ccc }"),
        ("<p>Bread", "p { color: #ccc; text-shadow: 0 0 3px #000 }"),
        ("<p>Bread", "p { color: #fff }"),
        ("<p>Bread", "@media (prefers-color-scheme: dark) { p { color: #ccc } }"),
        ("<p>Bread", "p { color: rgba(0, 0, 0, .2) }"),
        ("<a href=/>Bread</a>", "nav { color: #ccc }"),
    ],
)
def test_no_words_are_called_pale_where_something_else_may_lie_behind_them(body: str, style: str) -> None:
    assert pale_texts(page(body, style)) == ()


def test_beside_a_style_sheet_that_was_not_read_only_what_an_element_says_of_itself_counts() -> None:
    body = "<p style='color: #ccc; background: #fff'>Bread</p><p class=b>Rolls</p>"
    assert [one.words for one in pale_texts(page(body, ".b { color: #ccc }", LINKED))] == ["Bread"]


def test_a_style_sheet_that_only_brings_letters_says_nothing_of_colours() -> None:
    letters = "<link rel=stylesheet href='https://fonts.googleapis.com/css?family=Lora'>"
    assert len(pale_texts(page("<p>Bread", "p { color: #ccc }", letters))) == 1


def test_old_pages_name_their_colours_in_attributes() -> None:
    cell = "<table><tr><td bgcolor=white><font color=silver>Bread</font></table>"
    assert [one.colours for one in pale_texts(page(cell, head=LINKED))] == ["#c0c0c0 on #ffffff"]


def test_what_is_inherited_comes_from_the_next_element_around_that_says_it_however_deep() -> None:
    view = page(
        f"<div id=a><i id=b>{'<span>' * 200}<u>deep</u></span></i></div>", "#a{color:red}#b{color:lime}"
    )
    cascade = cascade_of(view)
    deepest, outer = view.all("u")[0], view.all("div")[0]
    assert cascade.text_colour(deepest) == cascade.text_colour(view.all("span")[0]) == (0, 255, 0)
    assert cascade.text_colour(outer) == (255, 0, 0)
