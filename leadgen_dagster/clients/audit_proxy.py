"""The only way out for a browser that audits: a proxy on loopback that goes to public addresses alone.

A browser follows redirects, loads what a page names and runs its scripts. It resolves no name and opens no connection
by itself; every one goes through here and is checked by the same guard as the fetcher's (`network.GuardedBackend`).
Where the guard refuses, the connection is closed without an answer: an answer would look like the website's.
"""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from typing import Any, Self

import httpcore
import httpx

from leadgen_dagster.clients.failures import FetchError, bad_url
from leadgen_dagster.clients.network import GuardedBackend, Resolver, SystemResolver
from leadgen_dagster.clients.urls import parse_url

HEAD_LIMIT_BYTES = 256 * 1024
CHUNK_BYTES = 64 * 1024
HEAD_TIMEOUT_S = 15.0
CONNECT_TIMEOUT_S = 10.0
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
HEAD_END = b"\r\n\r\n"
ERRAND_HOSTS = frozenset(
    {
        "accounts.google.com",
        "clients2.google.com",
        "content-autofill.googleapis.com",
        "edgedl.me.gvt1.com",
        "optimizationguide-pa.googleapis.com",
        "redirector.gvt1.com",
        "safebrowsing.googleapis.com",
        "update.googleapis.com",
    }
)
"""Where a browser goes on errands of its own, whatever its flags say; no page is looked at by them."""
HOP_HEADERS = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"proxy-authorization"})


class AuditProxy:
    """An async context manager; serves one page after the other, each within its cap of bytes.

    Args:
        allowed_networks: for tests on loopback; no configuration of a run reaches it.
        page_limit_bytes: what all connections of one page may bring in together.
    """

    def __init__(
        self,
        *,
        allowed_networks: Sequence[str] = (),
        resolve: Resolver | None = None,
        page_limit_bytes: int = 30_000_000,
    ) -> None:
        self._system_resolver = SystemResolver()
        self._backend = GuardedBackend(resolve or self._system_resolver, allowed_networks=allowed_networks)
        self._page_limit_bytes = page_limit_bytes
        self._visits: set[asyncio.Task[None]] = set()
        self.bytes_read = 0
        """Of the page that is being looked at, as they came over the wire."""
        self.refusals: dict[str, str] = {}
        """Host -> why no connection came about, of the page that is being looked at."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD_LIMIT_BYTES)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._end_visits()
        self._system_resolver.close()

    @property
    def browser_flags(self) -> tuple[str, ...]:
        """What makes Chromium go through here and nowhere else: no name looked up, no datagram sent by itself."""
        return (
            f"--proxy-server=http://127.0.0.1:{self.port}",
            "--proxy-bypass-list=<-loopback>",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--disable-quic",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        )

    @property
    def is_limit_reached(self) -> bool:
        return self.bytes_read >= self._page_limit_bytes

    async def begin_page(self) -> None:
        """Ends what the page before left open, and counts anew."""
        await self._end_visits()
        self.bytes_read = 0
        self.refusals = {}

    async def _end_visits(self) -> None:
        visits = list(self._visits)
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)
        visit.add_done_callback(lambda _: writer.close())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            OSError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            TimeoutError,
            httpcore.NetworkError,
        ):
            async with asyncio.timeout(HEAD_TIMEOUT_S):
                head = await reader.readuntil(HEAD_END)
            request = _Request(head)
            upstream = await self._connected(request)
            if upstream is None:
                return
            async with contextlib.aclosing(upstream):
                if request.is_tunnel:
                    writer.write(ESTABLISHED)
                    await self._until_either_ends(_sent(reader, upstream), self._brought(upstream, writer))
                else:
                    await upstream.write(request.for_the_server())
                    await self._until_either_ends(
                        _sent(reader, upstream, request.body_length), self._answered(upstream, writer)
                    )

    async def _connected(self, request: "_Request") -> httpcore.AsyncNetworkStream | None:
        try:
            url = request.url()
            if self.is_limit_reached or url.host in ERRAND_HOSTS:
                return None
            port = url.port or (443 if url.scheme == "https" else 80)
            # As the browser spelled it: the system's resolver reads the letters of some names as other names.
            host = url.raw_host.decode("ascii")
            return await self._backend.connect_tcp(host, port, timeout=CONNECT_TIMEOUT_S)
        except FetchError as error:
            self.refusals[request.host] = str(error)
            return None

    async def _until_either_ends(self, *ways: Coroutine[Any, Any, None]) -> None:
        tasks = [asyncio.create_task(way) for way in ways]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _answered(self, upstream: httpcore.AsyncNetworkStream, writer: asyncio.StreamWriter) -> None:
        """The answer with `connection: close`: the next request may be for another host, and is looked at anew."""
        told = b""
        while HEAD_END not in told and len(told) < HEAD_LIMIT_BYTES:
            chunk = await self._read(upstream)
            if not chunk:
                return
            told += chunk
            if told.startswith(b"HTTP/1.1 1") and HEAD_END in told:
                told = told.partition(HEAD_END)[2]  # an interim answer
        head, _, rest = told.partition(HEAD_END)
        lines = [line for line in head.split(b"\r\n") if _header_name(line) not in HOP_HEADERS]
        writer.write(b"\r\n".join([*lines, b"Connection: close"]) + HEAD_END + rest)
        await self._brought(upstream, writer)

    async def _brought(self, upstream: httpcore.AsyncNetworkStream, writer: asyncio.StreamWriter) -> None:
        while chunk := await self._read(upstream):
            writer.write(chunk)
            await writer.drain()

    async def _read(self, upstream: httpcore.AsyncNetworkStream) -> bytes:
        """What comes next; nothing, as if it were the end, once the page has had its share."""
        if self.is_limit_reached:
            return b""
        chunk = await upstream.read(CHUNK_BYTES)
        self.bytes_read += len(chunk)
        return chunk


async def _sent(
    reader: asyncio.StreamReader, upstream: httpcore.AsyncNetworkStream, length: int | None = None
) -> None:
    """Passes on what the browser says: all of it in a tunnel, else its request's body; ends when the browser does."""
    left = length
    while chunk := await reader.read(CHUNK_BYTES):
        passed = chunk if left is None else chunk[:left]
        if left is not None:
            left -= len(passed)
        if passed:
            await upstream.write(passed)


class _Request:
    """The head of what a browser asks a proxy for."""

    def __init__(self, head: bytes) -> None:
        first, *self._headers = head.removesuffix(HEAD_END).split(b"\r\n")
        self._method, _, rest = first.partition(b" ")
        self._target, _, self._version = rest.rpartition(b" ")
        self.is_tunnel = self._method == b"CONNECT"

    @property
    def host(self) -> str:
        authority = self._target.rpartition(b"://")[2].partition(b"/")[0].decode("latin-1")
        return authority.removesuffix(f":{authority.rpartition(':')[2]}")

    @property
    def body_length(self) -> int:
        for line in self._headers:
            if _header_name(line) == b"content-length":
                value = line.partition(b":")[2].strip()
                return int(value) if value.isdigit() else 0
        return 0

    def url(self) -> httpx.URL:
        target = self._target.decode("latin-1")
        if not self.is_tunnel and not target.startswith("http://"):
            raise bad_url("a proxy is asked for http:// or for a tunnel")
        return parse_url(f"https://{target}/" if self.is_tunnel else target)

    def for_the_server(self) -> bytes:
        """The request as the server itself would be asked, once."""
        path = self._target.partition(b"://")[2].partition(b"/")[2]
        lines = [line for line in self._headers if _header_name(line) not in HOP_HEADERS]
        first = self._method + b" /" + path + b" " + self._version
        return b"\r\n".join([first, *lines, b"Connection: close"]) + HEAD_END


def _header_name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()
