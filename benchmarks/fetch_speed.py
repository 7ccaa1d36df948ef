"""How many websites a second are fetched over loopback: robots.txt and home page of distinct hosts, on one core.

A web server in a process of its own answers on every address of 127.0.0.0/8. The floor is the same number of
requests by bare httpcore, a connection each, measured in turns with the fetcher.
"""

import argparse
import asyncio
import gc
import itertools
import multiprocessing
import resource
import socket
import statistics
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from pathlib import Path

import httpcore

from leadgen_dagster.clients.web import GuardedFetcher
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.scorer import score_website
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome, PageKind, PageSnapshot

USER_AGENT = "leadgen_dagster/0.1 (+https://agency.example/)"
ROBOTS = b"User-agent: *\nDisallow: /private\n"
HOME = (
    b"<!doctype html><html lang=en><head><title>Harbour Bakery</title></head><body><h1>Harbour Bakery</h1>"
    + b"<p>Bread and cake, baked in the morning.</p>" * 200
    + b"</body></html>"
)
TARPIT_NETWORK = "127.200."
TARPIT_TEST_DEADLINE_S = 5.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=1000, help="sites in one round (default 1000)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (default 5)")
    parser.add_argument(
        "--page", type=Path, help="an HTML file that every site serves (default: one of 9 kB)"
    )
    parser.add_argument("--score", action="store_true", help="score each page as it comes, too")
    parser.add_argument("--tarpits", type=int, help="500 good sites alone, and beside so many silent ones")
    parser.add_argument("--memory", action="store_true", help="memory after 1,000 and after 20,000 sites")
    options = parser.parse_args()
    page = options.page.read_bytes() if options.page else HOME
    with served(page) as port:
        if options.tarpits:
            beside_tarpits(port, options.tarpits, options.rounds)
        elif options.memory:
            memory(port, is_scoring=options.score)
        else:
            speed(port, options.sites, options.rounds, is_scoring=options.score)


def speed(port: int, sites: int, rounds: int, *, is_scoring: bool) -> None:
    hosts = Hosts()
    floor, fetched = [], []
    for _ in range(rounds):
        floor.append(cost_of(bare, port, hosts.some(sites)))
        fetched.append(cost_of(visit_and_score if is_scoring else visit, port, hosts.some(sites)))
    print(f"{sites} sites, two requests each         by the clock   by CPU time")
    name = "fetched and scored" if is_scoring else "fetched"
    for what, costs in (("bare httpcore", floor), (name, fetched)):
        wall, cpu = (sites / statistics.median(seconds) for seconds in zip(*costs, strict=True))
        print(f"{what:<20} sites a second       {wall:8.0f}      {cpu:8.0f}")


def beside_tarpits(port: int, tarpits: int, rounds: int) -> None:
    hosts = Hosts()
    alone, beside = [], []
    for at in range(rounds):
        alone.append(cost_of(visit, port, hosts.some(500))[0])
        silent = [f"{TARPIT_NETWORK}{at}.{n}" for n in range(1, tarpits + 1)]
        beside.append(asyncio.run(visit_beside(port, hosts.some(500), silent)))
    print(f"500 good sites alone               {statistics.median(alone):6.2f} s")
    print(f"500 good sites beside {tarpits:3} tarpits  {statistics.median(beside):6.2f} s")
    print(f"ratio                              {statistics.median(beside) / statistics.median(alone):6.2f}")


def memory(port: int, *, is_scoring: bool) -> None:
    async def run() -> None:
        hosts = Hosts()
        async with fetcher() as one:
            seen = 0
            for _ in range(20):
                await visit_by(one, port, hosts.some(1000), is_scoring=is_scoring)
                seen += 1000
                if seen in {1000, 2000, 5000, 10_000, 20_000}:
                    gc.collect()
                    print(f"{seen:6} sites  {rss_mb():6.1f} MB")

    asyncio.run(run())


class Hosts:
    """Loopback addresses, each given out once."""

    def __init__(self) -> None:
        self._unused = (
            f"127.{a}.{b}.{c}" for a, b, c in itertools.product(range(1, 199), range(250), range(1, 250))
        )

    def some(self, count: int) -> list[str]:
        return list(itertools.islice(self._unused, count))


def cost_of(
    work: Callable[[int, list[str]], Awaitable[None]], port: int, hosts: list[str]
) -> tuple[float, float]:
    """Seconds by the clock and of CPU; the second does not depend on who else uses the machine."""

    async def timed() -> tuple[float, float]:
        began, cpu_began = time.perf_counter(), time.process_time()
        await work(port, hosts)
        return time.perf_counter() - began, time.process_time() - cpu_began

    return asyncio.run(timed())


def fetcher(deadline_s: float = 30.0) -> GuardedFetcher:
    return GuardedFetcher(
        user_agent=USER_AGENT, allowed_networks=("127.0.0.0/8",), pause_s=0.0, deadline_s=deadline_s
    )


async def visit(port: int, hosts: list[str]) -> None:
    async with fetcher() as one:
        await visit_by(one, port, hosts, is_scoring=False)


async def visit_and_score(port: int, hosts: list[str]) -> None:
    async with fetcher() as one:
        await visit_by(one, port, hosts, is_scoring=True)


async def visit_by(one: GuardedFetcher, port: int, hosts: list[str], *, is_scoring: bool) -> None:
    async def look_at(host: str) -> None:
        page = await one.fetch(f"http://{host}:{port}/")
        if page.outcome is not FetchOutcome.FETCHED or not page.body:
            raise SystemExit(f"{page.url}: {page.error}")
        if is_scoring:
            score(page)

    async with asyncio.TaskGroup() as group:
        for host in hosts:
            group.create_task(look_at(host))


async def visit_beside(port: int, hosts: list[str], silent: list[str]) -> float:
    """Seconds until the good ones are done, the silent ones asked first."""
    async with fetcher(TARPIT_TEST_DEADLINE_S) as one:
        waiting = [asyncio.create_task(one.fetch(f"http://{host}:{port}/")) for host in silent]
        began = time.perf_counter()
        await visit_by(one, port, hosts, is_scoring=False)
        took_s = time.perf_counter() - began
        for page in await asyncio.gather(*waiting):
            if page.outcome is not FetchOutcome.TIMEOUT:
                raise SystemExit(f"{page.url} is no tarpit: {page.outcome}")
        return took_s


async def bare(port: int, hosts: list[str]) -> None:
    """What httpcore alone takes for the same requests, as many at once."""
    slots = asyncio.Semaphore(20)
    async with httpcore.AsyncConnectionPool(max_connections=None, max_keepalive_connections=0) as pool:

        async def look_at(host: str) -> None:
            for path in ("/robots.txt", "/"):
                async with slots:
                    await pool.request("GET", f"http://{host}:{port}{path}", headers={"connection": "close"})

        async with asyncio.TaskGroup() as group:
            for host in hosts:
                group.create_task(look_at(host))


def score(page: FetchedPage) -> None:
    business = Business(
        id="00000000-0000-0000-0000-000000000001",
        fingerprint="firm-1",
        name="Harbour Bakery",
        niche="bakery",
        website=page.url,
    )
    snapshot = PageSnapshot(id="home", business_id=business.id, kind=PageKind.HOME, page=page)
    score_website(business, [snapshot], (), ordered_on=page.fetched_at.date(), score_threshold=70)


def rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


class served:  # noqa: N801  # used as a word of the with statement
    """The web server's process, and its port."""

    def __init__(self, page: bytes) -> None:
        self._page = page

    def __enter__(self) -> int:
        here, there = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=serve, args=(self._page, there), daemon=True)
        self._process.start()
        return int(here.recv())

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()


def serve(page: bytes, ready: Connection) -> None:
    asyncio.run(serve_until_stopped(page, ready))


async def serve_until_stopped(page: bytes, ready: Connection) -> None:
    replies = {b"/robots.txt": reply("text/plain", ROBOTS), b"/": reply("text/html; charset=utf-8", page)}

    class Server(asyncio.Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # TCP's kind
            self._transport = transport
            self._is_tarpit = transport.get_extra_info("sockname")[0].startswith(TARPIT_NETWORK)

        def data_received(self, data: bytes) -> None:
            if not self._is_tarpit:
                self._transport.write(replies[data.split(b" ", 2)[1]])
                self._transport.close()

    server = await asyncio.get_running_loop().create_server(
        Server,
        "0.0.0.0",  # noqa: S104  # every loopback address
        0,
        backlog=4096,
        family=socket.AF_INET,
    )
    ready.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def reply(content_type: str, body: bytes) -> bytes:
    fields = (f"content-type: {content_type}", f"content-length: {len(body)}", "connection: close")
    return "\r\n".join(("HTTP/1.1 200 OK", *fields, "", "")).encode() + body


if __name__ == "__main__":
    main()
