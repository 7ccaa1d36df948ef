from leadgen_dagster.scoring.page_view import PageView, visible_text
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
