from leadgen_dagster.scoring.page_view import PageView, snippet
from leadgen_dagster.scoring.visible_text import visible_text
from leadgen_dagster_tests.factories import make_page

HTML = """<!doctype html><title>T</title><body><div id=a>One<p>two <b>three</b></p>four</div><div>five
<script>six</script><template><p>seven</p></template><br>eight</div><ul><li>nine<li></ul>ten"""


def view(html: str) -> PageView:
    return PageView(make_page(body=html.encode()))


def test_text_is_a_line_a_block_without_what_no_visitor_sees() -> None:
    assert view(HTML).text.split("\n") == ["One", "two three", "four", "five", "eight", "nine", "ten"]


def test_the_text_of_an_element_ends_with_it() -> None:
    page = view(HTML)
    assert [visible_text(node) for node in page.all("div", "li")] == [
        "One\ntwo three\nfour",
        "five\neight",
        "nine",
        "",
    ]


def test_elements_come_by_tag_in_the_order_of_the_page_and_none_of_a_template() -> None:
    assert [node.text() for node in view(HTML).all("p", "b")] == ["two three", "three"]


def test_words_of_code_are_found_whatever_stands_around_them() -> None:
    assert "itemtype" in view("<p ITEMTYPE='x'>Grüße, İstanbul 東京</p>").lower_html
    assert "itemtype" not in view("<p>item東type</p>").lower_html


def test_the_words_of_links_and_headings_come_in_the_order_of_the_page() -> None:
    page = view(
        "<h2>One <i>two</i></h2><a href=/>three<div>four</div></a><h1>five</h1><a>six <svg><title>7</title></svg></a>"
    )
    assert [words for _, words in page.words("h1", "h2")] == ["One two", "five"]
    assert [words for _, words in page.words("a")] == ["three four", "six"]
    assert [rank for _, rank in page.headings] == [2, 1]


def test_a_link_around_a_line_break_alone_has_no_words() -> None:
    assert [words for _, words in view("<a href=a><br></a><a href=b> one<br></a>").words("a")] == ["", "one"]


def test_the_words_of_a_text_come_in_small_letters_without_figures_and_marks() -> None:
    written = "<p>Don't miss: 3x „Grüße”—née_Öl, 12½ kg … 東京1"
    assert view(written).lower_words == ["don", "t", "miss", "x", "grüße", "née", "öl", "½", "kg", "東京"]


def test_a_link_without_words_is_called_by_what_stands_for_them() -> None:
    page = view("<a href=a><img alt='Our shop'></a><a href=b aria-label=Basket></a><a href=c><i></i></a>")
    assert [link.label for link in page.links] == ["Our shop", "Basket", ""]


def test_style_sheets_of_letters_are_not_ones_that_were_not_read() -> None:
    letters = "<link rel=stylesheet href=https://fonts.googleapis.com/css?family=Lora>"
    assert not view(letters).has_unread_styles
    assert view(f"{letters}<link rel=stylesheet href=a.css>").has_unread_styles
    assert view("<style>@import 'a.css';</style>").has_unread_styles
    assert not view("<link rel=stylesheet media=print href=a.css>").has_unread_styles


def test_data_and_snippets_hold_nothing_that_no_database_keeps() -> None:
    spelled = (
        r'{"name": ["Bak\u0000ery \ud83e"], "address": {"postalCode": "NE99\udd50"}, "sign": "\ud83e\udd50"}'
    )
    (firm, address) = view(f"<script type=application/ld+json>{spelled}</script>").json_ld
    assert firm == {"name": ["Bakery "], "address": {"postalCode": "NE99"}, "sign": "\N{CROISSANT}"}
    assert address == {"postalCode": "NE99"}
    assert snippet("<html>\0\0 a\ud83e b") == "<html> a b"
