import asyncio
import gzip
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome
from leadgen_dagster_tests.clients.loopback import (
    USER_AGENT,
    Handler,
    Site,
    answer,
    endless,
    loopback_fetcher,
    page,
    served,
    silent_for,
)

HOME = page("<h1>Harbour Bakery</h1>", "server: test", "x-twice: 1", "X-Twice: 2")


def fetched(
    pages: dict[str, bytes | Handler], path: str = "/", **options: object
) -> tuple[FetchedPage, Site]:
    method = str(options.pop("method", "GET"))

    async def run() -> tuple[FetchedPage, Site]:
        async with served(pages) as site, loopback_fetcher(**options) as fetcher:
            return await fetcher.fetch(site.url(path), method=method), site

    return asyncio.run(run())


def test_a_page_comes_with_status_headers_timings_and_body() -> None:
    result, site = fetched({"/": HOME})
    assert result.outcome is FetchOutcome.FETCHED
    assert (result.status, result.http_version, result.error) == (200, "HTTP/1.1", None)
    assert result.body == b"<h1>Harbour Bakery</h1>"
    assert result.content_length == len(result.body)
    assert [value for name, value in result.headers if name == "x-twice"] == ["1", "2"]
    assert (result.url, result.final_url, result.redirects) == (site.url(), site.url(), ())
    timings = result.timings
    assert timings.connect_ms is not None
    assert timings.tls_ms is None
    assert 0 < (timings.first_byte_ms or 0) <= (timings.total_ms or 0)
    assert result.fetched_at.tzinfo is not None


def test_the_server_is_told_who_asks_and_gets_no_cookie_back() -> None:
    async def run() -> Site:
        async with served({"/": answer(b"x", "200 OK", "set-cookie: seen=1; path=/")}) as site:
            async with loopback_fetcher() as fetcher:
                await fetcher.fetch(site.url())
                await fetcher.fetch(site.url())
            return site

    site = asyncio.run(run())
    assert site.paths == ["/robots.txt", "/", "/"]
    for asked in site.asked:
        assert asked.headers["user-agent"] == USER_AGENT
        assert asked.headers["accept-encoding"] == "gzip, deflate"
        assert "cookie" not in asked.headers


def test_a_head_request_gives_the_announced_size_and_no_body() -> None:
    result, site = fetched({"/hero.jpg": answer(b"x" * 4100)}, "/hero.jpg", method="HEAD")
    assert (result.status, result.content_length, result.body) == (200, 4100, None)
    assert site.asked[-1].method == "HEAD"


def test_other_methods_are_never_sent() -> None:
    with pytest.raises(ValueError, match="only GET and HEAD"):
        fetched({}, method="POST")


def test_an_error_status_is_an_answer() -> None:
    result, _ = fetched({"/": answer(b"down", "503 Service Unavailable")})
    assert (result.outcome, result.status, result.body) == (FetchOutcome.FETCHED, 503, b"down")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"hello " * 1000, mtime=0)),
        ("x-gzip", gzip.compress(b"hello " * 1000, mtime=0) + b"rubbish behind"),
        ("GZIP", gzip.compress(b"hello " * 500, mtime=0) + gzip.compress(b"hello " * 500, mtime=0)),
        ("deflate", zlib.compress(b"hello " * 1000)),
        ("deflate", zlib.compress(b"hello " * 1000, wbits=-15)),
        ("identity", b"hello " * 1000),
    ],
)
def test_bodies_are_inflated(encoding: str, body: bytes) -> None:
    result, _ = fetched({"/": answer(body, "200 OK", f"content-encoding: {encoding}")})
    assert result.body == b"hello " * 1000
    assert result.content_length == len(body)


@pytest.mark.parametrize(
    ("encoding", "body", "words"),
    [
        ("br", b"\x8b\x02\x80hello\x03", "br was not asked for"),
        ("zstd", b"hello", "zstd was not asked for"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"hello", mtime=0), mtime=0), "nested"),
        ("gzip", b"not gzip at all", "does not inflate"),
        ("gzip", gzip.compress(b"hello " * 100, mtime=0)[:-9], "ends early"),
        ("deflate", b"\xff\xff\xff", "does not inflate"),
    ],
)
def test_encodings_that_were_not_asked_for_are_refused(encoding: str, body: bytes, words: str) -> None:
    result, _ = fetched({"/": answer(body, "200 OK", f"content-encoding: {encoding}")})
    assert (result.outcome, result.status, result.body) == (FetchOutcome.BAD_ENCODING, 200, None)
    assert words in (result.error or "")


def test_an_empty_body_that_claims_gzip_is_empty() -> None:
    result, _ = fetched({"/": answer(b"", "200 OK", "content-encoding: gzip")})
    assert (result.outcome, result.body) == (FetchOutcome.FETCHED, b"")


def test_a_body_that_announces_too_much_is_not_read() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 5000001\r\n\r\n"
    result, _ = fetched({"/": head + b"x"})
    assert (result.outcome, result.error) == (FetchOutcome.TOO_LARGE, "the page is larger than 5 MB")


def test_an_endless_body_is_cut_off_at_the_cap() -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    result, _ = fetched({"/": endless(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunk)})
    assert (result.outcome, result.body, result.status) == (FetchOutcome.TOO_LARGE, None, 200)


@pytest.mark.parametrize(
    "slow",
    [
        silent_for(3),
        endless(b"HTTP/1.1 200 OK\r\n\r\n", b".", pause_s=0.05),
        endless(b"HTTP", b"/", pause_s=0.05),
    ],
    ids=["silent", "trickle", "trickled status line"],
)
def test_a_slow_server_ends_at_the_deadline(slow: Handler) -> None:
    began = time.perf_counter()
    result, _ = fetched({"/": slow}, deadline_s=0.3)
    assert (result.outcome, result.error) == (FetchOutcome.TIMEOUT, "no complete answer within 0.3 s")
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    "reply", [b"SSH-2.0-OpenSSH_9.6\r\n", b"", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"]
)
def test_what_is_no_http_answer_is_a_connection_failure(reply: bytes) -> None:
    result, _ = fetched({"/": reply})
    assert result.outcome is FetchOutcome.CONNECTION_FAILURE
    assert "\n" not in (result.error or "\n")


def test_a_port_where_nobody_listens_is_a_connection_failure() -> None:
    async def run() -> FetchedPage:
        async with served({}) as site:
            url = site.url()
        async with loopback_fetcher() as fetcher:
            return await fetcher.fetch(url)

    result = asyncio.run(run())
    assert (result.outcome, result.status) == (FetchOutcome.CONNECTION_FAILURE, None)
    assert result.error == "127.0.0.1: the connection was refused"


def test_a_name_that_does_not_exist_is_a_dns_failure() -> None:
    async def run() -> FetchedPage:
        async with loopback_fetcher() as fetcher:
            return await fetcher.fetch("http://no-such-name.invalid/")

    assert asyncio.run(run()).outcome is FetchOutcome.DNS_FAILURE


def test_redirects_are_followed_and_remembered() -> None:
    result, site = fetched(
        {
            "/": answer(b"", "301 Moved", "location: /a"),
            "/a": answer(b"", "302 Found", "location: b"),
            "/b": HOME,
        }
    )
    assert (result.status, result.final_url, result.redirects) == (200, site.url("/b"), (site.url("/a"),))
    assert site.paths == ["/robots.txt", "/", "/a", "/b"]


@pytest.mark.parametrize(
    ("location", "outcome", "words"),
    [
        ("/", FetchOutcome.TOO_MANY_REDIRECTS, "circle"),
        ("ftp://bakery.example/", FetchOutcome.BAD_URL, "neither http nor https"),
        ("file:///etc/passwd", FetchOutcome.BAD_URL, "neither http nor https"),
        ("http://[oops/", FetchOutcome.BAD_URL, "is not a URL"),
        ("http://10.0.0.1/", FetchOutcome.ADDRESS_DENIED, "private"),
        ("http://169.254.169.254/latest/meta-data/", FetchOutcome.ADDRESS_DENIED, "link-local"),
        ("http://[::ffff:10.0.0.1]/", FetchOutcome.ADDRESS_DENIED, "private"),
    ],
)
def test_every_redirect_is_checked_anew(location: str, outcome: FetchOutcome, words: str) -> None:
    result, _ = fetched({"/": answer(b"", "302 Found", f"location: {location}")})
    assert result.outcome is outcome
    assert words in (result.error or "")
    assert result.status != 200


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    hops: dict[str, bytes | Handler] = {
        f"/{n}": answer(b"", "302 Found", f"location: /{n + 1}") for n in range(6)
    }
    assert fetched(hops | {"/6": HOME}, "/1")[0].status == 200
    result, site = fetched(hops | {"/6": HOME}, "/0")
    assert result.outcome is FetchOutcome.TOO_MANY_REDIRECTS
    assert "/6" not in site.paths


def test_a_redirect_to_loopback_is_denied() -> None:
    async def run() -> tuple[FetchedPage, Site]:
        async with served({"/": HOME}, host="127.0.0.3") as inner:
            away = answer(b"", "301 Moved", f"location: {inner.url()}")
            async with (
                served({"/": away}, host="127.0.0.2") as outer,
                loopback_fetcher(allowed_networks=("127.0.0.2/32",)) as fetcher,
            ):
                return await fetcher.fetch(outer.url()), inner

    result, inner = asyncio.run(run())
    assert (result.outcome, result.status) == (FetchOutcome.ADDRESS_DENIED, None)
    assert "127.0.0.0/8 (loopback)" in (result.error or "")
    assert inner.asked == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.1",
        "127.1",
        "0",
        "\uff11\uff12\uff17.0.0.1",
        "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3",
        "127\u30020\u30020\u30021",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:0001]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
    ],
)
def test_odd_spellings_of_an_inner_address_reach_nobody(host: str) -> None:
    async def run() -> tuple[FetchedPage, Site]:
        async with served({"/": HOME}) as site, loopback_fetcher(allowed_networks=()) as fetcher:
            port = site.root.rpartition(":")[2]
            return await fetcher.fetch(f"http://{host}:{port}/"), site

    result, site = asyncio.run(run())
    assert result.outcome in {FetchOutcome.ADDRESS_DENIED, FetchOutcome.BAD_URL, FetchOutcome.DNS_FAILURE}
    assert site.asked == []


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetched({"/": HOME})[0].status == 200


STATUS_LINES = (
    b"HTTP/1.1 200 OK",
    b"HTTP/1.0 200",
    b"HTTP/1.1 301 M",
    b"HTTP/1.1 101 S",
    b"HTTP/1.1 999 X",
    b"\xff",
)
HEADER_LINES = (
    b"content-length: 5",
    b"content-length: -1",
    b"transfer-encoding: chunked",
    b"transfer-encoding: gzip, chunked",
    b"content-encoding: gzip",
    b"content-encoding: \xff",
    b"location: //",
    b"location: http://\xff\xfe/",
    b"location: http://a:b@c:d/",
    b"location: ?\xe4",
    b"location: http://xn--a/",
    b"set-cookie: a=b; expires=never",
    b"x: " + b"y" * 120_000,
    b" folded",
    b"no colon",
)
BODIES = (b"hello", b"5\r\nhello\r\n0\r\n\r\n", b"zz\r\n", gzip.compress(b"hello"), b"", bytes(100))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(STATUS_LINES),
    st.lists(st.sampled_from(HEADER_LINES), max_size=4, unique=True),
    st.sampled_from(BODIES),
    st.sampled_from(["GET", "HEAD"]),
)
def test_whatever_a_server_says_the_answer_is_a_page(
    status_line: bytes, headers: list[bytes], body: bytes, method: str
) -> None:
    reply = b"\r\n".join([status_line, *headers, b"", body])
    result, _ = fetched({"/": reply}, method=method, deadline_s=1.0)
    assert (result.error is None) == (result.outcome is FetchOutcome.FETCHED)
    assert "\n" not in (result.error or "")
