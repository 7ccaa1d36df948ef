"""The way out of a browser: public addresses only, each connection checked, so many bytes and no more."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import pytest

from leadgen_dagster.clients.audit_proxy import AuditProxy
from leadgen_dagster_tests.clients.loopback import LOOPBACK, Asked, Site, answer, page, served, silent_for

HOME = page("<h1>Bread</h1>")


async def loopback_names(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


@contextlib.asynccontextmanager
async def proxied(
    allowed: Sequence[str] = LOOPBACK, page_limit_bytes: int = 1_000_000
) -> AsyncIterator[AuditProxy]:
    async with AuditProxy(
        allowed_networks=allowed, resolve=loopback_names, page_limit_bytes=page_limit_bytes
    ) as proxy:
        yield proxy


async def say(proxy: AuditProxy, *requests: bytes) -> bytes:
    """What comes back over one connection to the proxy, until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    for request in requests:
        writer.write(request)
    told = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return told


def get(url: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {url} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


def tunnel(authority: str) -> bytes:
    return f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode()


def authority_of(site: Site) -> str:
    return site.root.partition("://")[2]


def test_a_page_comes_through_with_its_path_and_is_asked_for_once() -> None:
    async def run() -> None:
        async with served({"/a?b=c": HOME}) as site, proxied() as proxy:
            told = await say(proxy, get(site.url("/a?b=c"), "Proxy-Connection: keep-alive", "X-Kept: yes"))

            assert told.endswith(b"<h1>Bread</h1>")
            assert site.paths == ["/a?b=c"]
            assert site.asked[0].headers["x-kept"] == "yes"
            assert "proxy-connection" not in site.asked[0].headers

    asyncio.run(run())


def test_a_second_request_on_the_same_connection_reaches_nobody() -> None:
    async def run() -> None:
        async with served({"/one": HOME, "/two": HOME}) as site, proxied() as proxy:
            told = await say(proxy, get(site.url("/one")), get("http://elsewhere.example/two"))

            assert site.paths == ["/one"]
            assert told.count(b"HTTP/1.1") == 1
            assert b"Connection: close" in told

    asyncio.run(run())


def test_the_body_of_a_request_is_passed_on() -> None:
    bodies: list[bytes] = []

    async def run() -> None:
        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            bodies.append(await reader.readexactly(5))
            writer.write(answer(b"thanks"))
            writer.close()

        async with await asyncio.start_server(take, "127.0.0.1", 0) as server, proxied() as proxy:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            post = f"POST {url} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n".encode()
            assert (await say(proxy, post + b"hello" + get(url))).endswith(b"thanks")

    asyncio.run(run())
    assert bodies == [b"hello"]


def test_a_tunnel_carries_bytes_both_ways() -> None:
    async def run() -> None:
        async with served({"/": HOME}) as site, proxied() as proxy:
            told = await say(proxy, tunnel(authority_of(site)) + get("/"))

            assert told.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK")
            assert proxy.bytes_read == len(told) - len(b"HTTP/1.1 200 Connection established\r\n\r\n")

    asyncio.run(run())


@pytest.mark.parametrize("through_tunnel", [True, False])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "0.0.0.0"])  # noqa: S104
def test_an_address_that_is_nobodys_website_is_not_connected_to(host: str, *, through_tunnel: bool) -> None:
    async def run() -> None:
        async with served({"/": HOME}) as site, proxied(allowed=()) as proxy:
            authority = f"{host}:{authority_of(site).rpartition(':')[2]}"
            asked = tunnel(authority) if through_tunnel else get(f"http://{authority}/")

            assert await say(proxy, asked) == b""
            assert site.asked == []
            assert [told for told in proxy.refusals.values() if "resolves into" in told]

    asyncio.run(run())


@pytest.mark.parametrize(
    "asked",
    [
        get("https://shop.example/"),
        get("ftp://shop.example/"),
        get("/"),
        tunnel("shop.example:25"),
        tunnel("shop.example"),
        tunnel(""),
        tunnel("user@:443"),
        b"nonsense\r\n\r\n",
        b"\r\n\r\n",
    ],
)
def test_what_is_no_website_is_closed_without_an_answer(asked: bytes) -> None:
    async def run() -> None:
        async with proxied(allowed=()) as proxy:
            assert await say(proxy, asked) == b""

    asyncio.run(run())


def test_a_browser_is_sent_on_no_errands_of_its_own() -> None:
    async def run() -> None:
        async with served({"/": HOME}) as site, proxied() as proxy:
            port = authority_of(site).rpartition(":")[2]
            assert await say(proxy, tunnel(f"update.googleapis.com:{port}")) == b""
            assert site.asked == []

    asyncio.run(run())


def test_a_page_brings_in_no_more_than_its_cap_and_the_next_page_has_its_own() -> None:
    pages = {"/heavy": answer(b"x" * 3_000_000), "/": HOME}

    async def run() -> None:
        async with served(pages) as site, proxied(page_limit_bytes=500_000) as proxy:
            cut = await say(proxy, get(site.url("/heavy")))
            assert 500_000 <= len(cut) < 700_000
            assert proxy.is_limit_reached
            assert await say(proxy, get(site.url("/"))) == b""

            await proxy.begin_page()
            assert (await say(proxy, get(site.url("/")))).endswith(b"<h1>Bread</h1>")

    asyncio.run(run())


def test_a_server_that_says_nothing_holds_up_nobody_else_and_ends_with_its_page() -> None:
    async def run() -> None:
        async with served({"/slow": silent_for(60), "/": HOME}) as site, proxied() as proxy:
            waiting = asyncio.create_task(say(proxy, get(site.url("/slow"))))
            assert (await say(proxy, get(site.url("/")))).endswith(b"<h1>Bread</h1>")

            await proxy.begin_page()
            assert await waiting == b""

    asyncio.run(run())


@pytest.mark.parametrize("through_tunnel", [True, False])
def test_a_name_of_other_letters_is_looked_up_as_the_browser_spelled_it(*, through_tunnel: bool) -> None:
    asked: list[str] = []

    async def note(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return []

    async def run() -> None:
        async with AuditProxy(resolve=note) as proxy:
            host = "xn--strae-oqa.example"  # of straße, which the system's resolver would read as strasse
            await say(proxy, tunnel(f"{host}:443") if through_tunnel else get(f"http://{host}/"))

    asyncio.run(run())
    assert asked == ["xn--strae-oqa.example"]


def test_an_interim_answer_is_left_out() -> None:
    async def hint_first(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n" + HOME)
        await writer.drain()

    async def run() -> None:
        async with served({"/": hint_first}) as site, proxied() as proxy:
            told = await say(proxy, get(site.url("/")))
            assert told.startswith(b"HTTP/1.1 200 OK")
            assert told.endswith(b"<h1>Bread</h1>")

    asyncio.run(run())
