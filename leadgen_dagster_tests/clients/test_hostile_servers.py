import asyncio
import gzip
import socket
import time
import tracemalloc
import zlib

import pytest

from leadgen_dagster.clients.bodies import MAX_MEMBERS, MAX_PIECES
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome
from leadgen_dagster_tests.clients.loopback import (
    Handler,
    answer,
    endless,
    loopback_fetcher,
    page,
    served,
    silent_for,
)

HOME = page("<h1>Harbour Bakery</h1>")
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"
DEADLINE_S = 0.25
EXTRA_MEMORY_BYTES = 64 * 1024 * 1024


def fetched(reply: bytes | Handler, *, deadline_s: float = 10.0) -> FetchedPage:
    async def run() -> FetchedPage:
        async with served({"/": reply}) as site, loopback_fetcher(deadline_s=deadline_s) as fetcher:
            return await fetcher.fetch(site.url())

    return asyncio.run(run())


def packed(wbits: int, megabytes: int = 100) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return b"".join(packer.compress(bytes(10**6)) for _ in range(megabytes)) + packer.flush()


GZIP_BOMB = packed(31)


@pytest.mark.parametrize(
    ("encoding", "body", "outcome"),
    [
        ("gzip", GZIP_BOMB, FetchOutcome.TOO_LARGE),
        ("deflate", packed(15), FetchOutcome.TOO_LARGE),
        ("deflate", packed(-15), FetchOutcome.TOO_LARGE),
        ("gzip", packed(31, megabytes=3) * 40, FetchOutcome.TOO_LARGE),
        ("gzip", gzip.compress(b"", mtime=0) * (MAX_MEMBERS + 1), FetchOutcome.BAD_ENCODING),
        ("gzip, gzip", gzip.compress(GZIP_BOMB, mtime=0), FetchOutcome.BAD_ENCODING),
        ("deflate, gzip", gzip.compress(packed(15), mtime=0), FetchOutcome.BAD_ENCODING),
        ("br", GZIP_BOMB, FetchOutcome.BAD_ENCODING),
        ("zstd", GZIP_BOMB, FetchOutcome.BAD_ENCODING),
        ("compress", GZIP_BOMB, FetchOutcome.BAD_ENCODING),
        ("deflate", GZIP_BOMB, FetchOutcome.BAD_ENCODING),
        ("gzip", packed(15), FetchOutcome.BAD_ENCODING),
        ("identity", GZIP_BOMB, FetchOutcome.FETCHED),
    ],
    ids=[
        "gzip",
        "zlib",
        "raw deflate",
        "many members",
        "empty members",
        "gzip in gzip",
        "deflate in gzip",
        "called brotli",
        "called zstd",
        "called compress",
        "gzip called deflate",
        "deflate called gzip",
        "not to be inflated",
    ],
)
def test_compression_bombs_are_stopped_with_little_memory(
    encoding: str, body: bytes, outcome: FetchOutcome
) -> None:
    reply = answer(body, "200 OK", f"content-encoding: {encoding}")
    tracemalloc.start()
    try:
        result = fetched(reply)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert result.outcome is outcome
    assert peak_bytes < EXTRA_MEMORY_BYTES


def test_raw_deflate_is_known_though_its_first_byte_comes_alone() -> None:
    body = zlib.compress(b"hello " * 100, wbits=-15)

    async def one_byte_first(_asked: object, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"content-encoding: deflate\r\n\r\n" + body[:1])
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(body[1:])

    assert fetched(one_byte_first).body == b"hello " * 100


@pytest.mark.parametrize(
    ("reply", "outcome", "words"),
    [
        (silent_for(3), FetchOutcome.TIMEOUT, "within 0.25 s"),
        (endless(b"H", b"T", pause_s=0.05), FetchOutcome.TIMEOUT, "within 0.25 s"),
        (endless(HEAD, b"x: y\r\n", pause_s=0.05), FetchOutcome.TIMEOUT, "within 0.25 s"),
        (endless(CHUNKED, b"1\r\nx\r\n", pause_s=0.05), FetchOutcome.TIMEOUT, "within 0.25 s"),
        (endless(HEAD, b"x: y\r\n" * 500), FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (endless(HEAD + b"x: ", b"y" * 4096), FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (
            endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 200),
            FetchOutcome.CONNECTION_FAILURE,
            "more is sent than any answer needs",
        ),
        (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause_s=0.05), FetchOutcome.TIMEOUT, "within 0.25 s"),
        (endless(HEAD + b"\r\n", b"x" * 65_536), FetchOutcome.TOO_LARGE, "larger than 5 MB"),
        (endless(CHUNKED, b"1\r\nx\r\n" * 500), FetchOutcome.BAD_ENCODING, f"more than {MAX_PIECES} pieces"),
        (
            endless(CHUNKED, b"1;" + b"y" * 60_000 + b"\r\nx\r\n"),
            FetchOutcome.CONNECTION_FAILURE,
            "more is sent than any answer needs",
        ),
        (CHUNKED + b"zz\r\nhello\r\n", FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (CHUNKED + b"-5\r\nhello\r\n", FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (CHUNKED + b"5\r\nhel", FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (CHUNKED + b"ffffffffffffffffffffff\r\nx", FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (HEAD + b"content-length: 900\r\n\r\nhello", FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (
            HEAD + b"content-length: 5\r\ncontent-length: 9\r\n\r\nhello",
            FetchOutcome.CONNECTION_FAILURE,
            "not",
        ),
        (HEAD + b"content-length: 99999999999999999999\r\n\r\nhello", FetchOutcome.CONNECTION_FAILURE, "not"),
        (HEAD + b"content-length: 5000001\r\n\r\nhello", FetchOutcome.TOO_LARGE, "larger than 5 MB"),
        (b"<html>an answer of 1991</html>", FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 20_000, FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (b"HTTP/1.1 200 OK\nx\0y: z\n\nhello", FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (b"\x00" * 50, FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (b"", FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (answer(b"", "302 Found", "location: /"), FetchOutcome.TOO_MANY_REDIRECTS, "circle"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", FetchOutcome.CONNECTION_FAILURE, "not HTTP"),
        (HEAD + b"content-length: 5\r\n\r\nhello, and more than that", FetchOutcome.FETCHED, ""),
    ],
)
def test_every_kind_of_bad_server_ends_in_a_named_outcome_in_time(
    reply: bytes | Handler, outcome: FetchOutcome, words: str
) -> None:
    began = time.perf_counter()
    result = fetched(reply, deadline_s=DEADLINE_S if outcome is FetchOutcome.TIMEOUT else 10.0)
    assert result.outcome is outcome, result.error
    assert words in (result.error or "")
    assert "\n" not in (result.error or "")
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "flood",
    [
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000),
        endless(CHUNKED, b"1\r\nx\r\n" * 5000),
        endless(CHUNKED, b"1;" + b"y" * 60_000 + b"\r\nx\r\n"),
    ],
    ids=["interim answers", "tiny chunks", "padded chunks"],
)
def test_a_flood_delays_nobody_else(flood: Handler) -> None:
    async def run() -> float:
        async with (
            served({"/": flood}) as bad,
            served({"/": HOME}, host="127.0.0.2") as good,
            loopback_fetcher(deadline_s=5.0) as fetcher,
        ):
            floods = [asyncio.create_task(fetcher.fetch(bad.url())) for _ in range(3)]
            await asyncio.sleep(0.02)
            began = time.perf_counter()
            assert (await fetcher.fetch(good.url())).status == 200
            took_s = time.perf_counter() - began
            await asyncio.gather(*floods)
            return took_s

    assert asyncio.run(run()) < 2.0


def test_a_server_that_never_ends_the_handshake_ends_at_the_deadline() -> None:
    async def run() -> FetchedPage:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            async with loopback_fetcher(deadline_s=DEADLINE_S) as fetcher:
                return await fetcher.fetch(f"https://127.0.0.1:{port}/")

    assert asyncio.run(run()).outcome is FetchOutcome.TIMEOUT
