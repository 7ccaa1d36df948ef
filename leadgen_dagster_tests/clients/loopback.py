"""A web server on loopback that says exactly the bytes it is told, and remembers what it was asked."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from leadgen_dagster.clients.web import GuardedFetcher

LOOPBACK = ("127.0.0.0/8",)
USER_AGENT = "leadgen_dagster/0.1 (+https://agency.example/)"

Handler = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]


@dataclass
class Site:
    root: str
    asked: list[Asked] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        return f"{self.root}{path}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


def answer(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def page(text: str, *headers: str) -> bytes:
    return answer(text.encode(), "200 OK", "content-type: text/html; charset=utf-8", *headers)


NOT_FOUND = answer(b"nothing here", "404 Not Found")


@contextlib.asynccontextmanager
async def served(
    pages: Mapping[str, bytes | Handler], *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Site]:
    """Serves raw answers by path; a path that is not there is a 404, robots.txt among them."""
    site = Site("")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _ = head[0].split(" ", 2)
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
            }
            asked = Asked(method, path, headers)
            site.asked.append(asked)
            reply = pages.get(path, NOT_FOUND)
            if isinstance(reply, bytes):
                writer.write(reply.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else reply)
                await writer.drain()
            else:
                await reply(asked, writer)

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(serve(reader, writer))
        visitors.add(task)
        task.add_done_callback(lambda _: writer.close())

    visitors: set[asyncio.Task[None]] = set()
    server = await asyncio.start_server(accept, host, 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    site.root = f"{'https' if tls else 'http'}://{host}:{port}"
    try:
        yield site
    finally:
        server.close()
        for visitor in visitors:
            visitor.cancel()
        await asyncio.gather(*visitors, return_exceptions=True)
        await asyncio.sleep(0)


def silent_for(seconds: float) -> Handler:
    async def wait(_asked: Asked, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)

    return wait


def endless(head: bytes, chunk: bytes, *, pause_s: float = 0.0) -> Handler:
    async def pour(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return pour


class FakeClock:
    """Time goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 9, 30, tzinfo=UTC) + timedelta(seconds=self.seconds - 1000.0)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.seconds += seconds


def loopback_fetcher(**options: object) -> GuardedFetcher:
    """A fetcher that may go to loopback and does not pause."""
    defaults: dict[str, object] = {
        "user_agent": USER_AGENT,
        "allowed_networks": LOOPBACK,
        "pause_s": 0.0,
        "deadline_s": 5.0,
    }
    return GuardedFetcher(**(defaults | options))  # type: ignore[arg-type]
