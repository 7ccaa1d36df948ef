import pytest

from leadgen_dagster.scoring.meta_refresh import led_on, refresh_target
from leadgen_dagster.scoring.snapshots import FetchedPage
from leadgen_dagster_tests.factories import make_page

HOME = "https://bakery.example/"


def page(html: str, **fields: object) -> FetchedPage:
    return make_page(**({"url": HOME, "final_url": HOME, "body": html.encode()} | fields))


def refreshing(content: str) -> FetchedPage:
    return page(f"""<html><head><META HTTP-EQUIV='Refresh' CONTENT="{content}"></head><body></body></html>""")


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0;url=/start", "https://bakery.example/start"),
        ("0; URL = 'start.html' ", "https://bakery.example/start.html"),
        ("5;/start", "https://bakery.example/start"),
        ("0,https://www.bakery.example/", "https://www.bakery.example/"),
        ("1.5; url=http://florist.example/#top", "http://florist.example/"),
        ("0;url=/caf\u00e9 bar", "https://bakery.example/caf\u00e9 bar"),
        ("6;url=/start", None),
        ("0", None),
        ("0;url=", None),
        ("0;url=#top", None),
        ("0;url=https://bakery.example/", None),
        ("0;url=javascript:alert(1)", None),
        ("0;url=mailto:x@bakery.example", None),
        ("0;url=http://[broken", None),
        ("soon;url=/start", None),
    ],
)
def test_a_refresh_within_seconds_leads_to_another_page(content: str, target: str | None) -> None:
    assert refresh_target(refreshing(content)) == target


@pytest.mark.parametrize(
    ("html", "leads_on"),
    [
        ('<meta http-equiv=refresh content="0;url=/a"><p>You are being led on.<script>x = 1</script>', True),
        (f'<meta http-equiv=refresh content="0;url=/a"><script>{"x" * 2000}</script>', True),
        (f'<meta http-equiv=refresh content="0;url=/a"><p>{"Fresh bread every day. " * 50}', False),
        ('<meta http-equiv="content-type" content="0;url=/a"><!-- http-equiv=refresh -->', False),
        ("<p>hello", False),
        ("", False),
    ],
)
def test_only_a_page_with_next_to_nothing_on_it_leads_on(html: str, leads_on: bool) -> None:
    assert (refresh_target(page(html)) is not None) is leads_on


def test_what_is_no_html_leads_nowhere() -> None:
    text = page('<meta http-equiv=refresh content="0;url=/a">', headers=(("content-type", "text/plain"),))
    assert refresh_target(text) is None


def test_the_way_is_told_as_that_of_a_redirect() -> None:
    first = page("x", url="http://bakery.example/", final_url=HOME)
    arrived = page("y", url=f"{HOME}a", final_url=f"{HOME}c", redirects=(f"{HOME}b",))
    together = led_on(first, arrived)
    assert (together.url, together.final_url) == ("http://bakery.example/", f"{HOME}c")
    assert together.redirects == (HOME, f"{HOME}a", f"{HOME}b")
    assert together.body == b"y"
