import contextlib

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.clients.failures import FetchError
from leadgen_dagster.clients.urls import origin_of, parse_url
from leadgen_dagster.scoring.snapshots import FetchOutcome


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "//bakery.example/",
        "ftp://bakery.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://bakery.example:70/",
        "http://",
        "http://.../",
        "http://[::1",
        "http://bakery.example:99999/",
        "http://bakery.example:25/",
        "http://bakery.example:22/",
        "http://exa mple.example/",
        "http://bakery.example/\x00",
        "http://256.256.256.256/",
        "http://" + "a" * 70_000,
    ],
)
def test_what_is_no_web_address_is_a_named_failure(text: str) -> None:
    with pytest.raises(FetchError) as failure:
        parse_url(text)
    assert failure.value.outcome is FetchOutcome.BAD_URL
    assert len(str(failure.value)) < 250
    assert str(failure.value).isprintable()


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("http://0177.0.0.1/", "127.0.0.1"),
        ("http://0x7f.0.0.01/", "127.0.0.1"),
        ("http://\uff11\uff12\uff17.0.0.1/", "127.0.0.1"),
        ("http://127\u30020\u30020\u30021/", "127.0.0.1"),
        ("http://BAKERY.Example./", "bakery.example"),
        ("http://b\xe4ckerei.example/", "b\xe4ckerei.example"),
    ],
)
def test_other_spellings_of_a_host_are_read_as_browsers_do(text: str, host: str) -> None:
    assert parse_url(text).host == host


def test_user_and_fragment_are_dropped() -> None:
    url = parse_url(" https://user:secret@bakery.example:8443/a?b=1#top ")
    assert str(url) == "https://bakery.example:8443/a?b=1"
    assert origin_of(url) == "https://bakery.example:8443"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/menu", "http://bakery.example/menu"),
        ("menu", "http://bakery.example/shop/menu"),
        ("//www.bakery.example/", "http://www.bakery.example/"),
        ("https://bakery.example", "https://bakery.example"),
        ("?p=2", "http://bakery.example/shop/?p=2"),
    ],
)
def test_a_redirect_is_joined_to_where_it_came_from(location: str, target: str) -> None:
    assert str(parse_url(location, base=httpx.URL("http://bakery.example/shop/"))) == target


@given(st.text(max_size=80), st.sampled_from(["", "http://", "https://", "http://127.0.0.1/"]))
def test_any_text_is_a_url_or_a_named_failure(text: str, beginning: str) -> None:
    with contextlib.suppress(FetchError):
        url = parse_url(beginning + text)
        assert url.scheme in {"http", "https"}
        assert url.host
