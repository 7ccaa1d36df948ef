"""The guarded fetcher: the only way this project asks other people's web servers for anything.

It asks robots.txt first, says who it is, asks one host one thing at a time with a pause between, reads no
more than it has to, and goes to public addresses only. Whatever a site does, the answer is a `FetchedPage`.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

import httpx

from leadgen_dagster.clients import failures
from leadgen_dagster.clients.bodies import (
    ACCEPT_ENCODING,
    PAGE_LIMITS,
    BodyLimits,
    announced_length,
    read_body,
)
from leadgen_dagster.clients.clock import Clock, HasClock, SystemClock
from leadgen_dagster.clients.failures import FetchError
from leadgen_dagster.clients.hosts import HostTurns, Slots
from leadgen_dagster.clients.leases import HostLeases, LeaseKeeper
from leadgen_dagster.clients.network import GuardedTransport
from leadgen_dagster.clients.port_linden import PortLindenTransport
from leadgen_dagster.clients.robots import ROBOTS_LIMITS, RobotsDesk
from leadgen_dagster.clients.robots_rules import product_token
from leadgen_dagster.clients.urls import parse_url
from leadgen_dagster.discovery.normalise import TOWN_SUFFIX
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome, Timings

MAX_REDIRECTS = 5
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
METHODS = frozenset({"GET", "HEAD"})
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"


class GuardedFetcher:
    """Fetches pages; an async context manager, one for a whole run.

    Args:
        user_agent: who asks, e.g. `leadgen_dagster/0.1 (+https://agency.example/)`; the word before the slash
            is what robots.txt is searched for.
        allowed_networks: for tests on loopback; no configuration of a run reaches it.
        transport_routes: host suffixes (`.port-linden.example`) and what serves them instead of the network.
        concurrency: requests under way at once, over all hosts; a slow one soon stops counting.
        pause_s: the least pause between two requests to one host; a crawl delay makes it longer.
        deadline_s: for one page with its redirects, turns and pauses not counted.
        clock: what pauses are slept on and moments read from; a routed transport may bring its own.
        leases: what all processes that fetch share, so that two of them take turns at a host.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allowed_networks: Sequence[str] = (),
        transport_routes: Mapping[str, httpx.AsyncBaseTransport] | None = None,
        concurrency: int = 20,
        pause_s: float = 1.0,
        deadline_s: float = 30.0,
        clock: Clock | None = None,
        leases: HostLeases | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._leases = LeaseKeeper(leases, self._clock) if leases else None
        self._pause_s = pause_s
        self._deadline_s = deadline_s
        self._slots = Slots(concurrency)
        self._turns = HostTurns()
        self._routes = Routes(
            GuardedTransport(allowed_networks=allowed_networks),
            {f".{TOWN_SUFFIX}": PortLindenTransport(ordered_on=self._clock.now().date())}
            | dict(transport_routes or {}),
        )
        self._headers = {
            "user-agent": user_agent,
            "accept": ACCEPT,
            "accept-encoding": ACCEPT_ENCODING,
            "connection": "close",
        }
        self._robots = RobotsDesk(product_token(user_agent), self._ask_for_robots, self._clock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._routes.aclose()
        if self._leases:
            await self._leases.aclose()

    async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
        """One page, redirects followed; every failure of the site is an outcome of the page."""
        if method not in METHODS:
            raise ValueError(f"{method}: only {' and '.join(sorted(METHODS))} are ever sent")
        visit = _Visit(url=url, method=method, fetched_at=self._now_at(url))
        try:
            await self._follow(visit)
        except FetchError as error:
            return visit.page(error.outcome, str(error))
        return visit.page(FetchOutcome.FETCHED)

    def _now_at(self, url: str) -> datetime:
        """The moment on the clock that the URL's host lives by."""
        try:
            clock = self._routes.clock_of(parse_url(url).host)
        except FetchError:
            clock = None
        return (clock or self._clock).now()

    async def _follow(self, visit: "_Visit") -> None:
        budget = _Budget(self._deadline_s)
        visit.current = parse_url(visit.url)
        for _ in range(MAX_REDIRECTS + 1):
            visit.answer = None
            rules = await self._robots.rules_for(visit.current)
            refusal = rules.why_denied(visit.current)
            if refusal:
                raise failures.robots_denied(refusal)
            pause_s = max(self._pause_s, rules.crawl_delay_s)
            answer = await self._exchange(visit.current, visit.method, budget, PAGE_LIMITS, pause_s)
            visit.arrived(answer)
            if answer.location is None:
                if answer.failure:
                    raise answer.failure
                return
            visit.move_on(parse_url(answer.location, base=visit.current))
        raise failures.too_many_redirects(f"more than {MAX_REDIRECTS} redirects")

    async def _ask_for_robots(self, url: httpx.URL) -> "_Answer":
        return await self._exchange(url, "GET", _Budget(self._deadline_s), ROBOTS_LIMITS, self._pause_s)

    async def _exchange(
        self, url: httpx.URL, method: str, budget: "_Budget", limits: BodyLimits, pause_s: float
    ) -> "_Answer":
        """One request and its answer, in the host's turn and within the deadline."""
        own_clock = self._routes.clock_of(url.host)
        leases = None if own_clock else self._leases
        turn = self._turns.turn(url.host, own_clock or self._clock, pause_s, leases)
        async with turn, self._slots.slot():
            if leases:
                await leases.hold(url.host, pause_s)  # it may have run down while every slot was taken
            async with budget.spent():
                return await self._send(url, method, limits)

    async def _send(self, url: httpx.URL, method: str, limits: BodyLimits) -> "_Answer":
        began = time.perf_counter()
        # Straight to the transport: httpx's client would follow up redirects and cookies by itself.
        request = httpx.Request(method, url, headers=self._headers)
        response = await self._routes.handle_async_request(request)
        async with contextlib.aclosing(response):
            return await _read_answer(response, method, limits, began)


class Routes(httpx.AsyncBaseTransport):
    """Serves hosts by the transport of their suffix, and all others by the network."""

    def __init__(
        self, network: httpx.AsyncBaseTransport, by_suffix: Mapping[str, httpx.AsyncBaseTransport]
    ) -> None:
        self._network = network
        self._by_suffix = {f".{suffix.lower().strip('.')}": route for suffix, route in by_suffix.items()}
        self._clocks = {id(route): route.clock for route in by_suffix.values() if isinstance(route, HasClock)}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        transport = self._route_of(request.url.host) or self._network
        return await transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._network.aclose()

    def clock_of(self, host: str) -> Clock | None:
        """The clock that a routed host lives by, if it has its own."""
        return self._clocks.get(id(self._route_of(host)))

    def _route_of(self, host: str) -> httpx.AsyncBaseTransport | None:
        dotted = f".{host.lower().rstrip('.')}"
        return next((route for suffix, route in self._by_suffix.items() if dotted.endswith(suffix)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One HTTP answer; a redirect's body is not read."""

    status: int
    http_version: str | None
    headers: tuple[tuple[str, str], ...]
    timings: Timings
    location: str | None = None
    content_length: int | None = None
    body: bytes | None = None
    failure: FetchError | None = None


async def _read_answer(response: httpx.Response, method: str, limits: BodyLimits, began: float) -> _Answer:
    timings: Timings = response.extensions.get("timings") or Timings()
    answer = _Answer(
        status=response.status_code,
        http_version=response.http_version,
        headers=tuple(response.headers.multi_items()),
        timings=timings,
        content_length=announced_length(response),
    )
    location = response.headers.get("location")
    if answer.status in REDIRECT_STATUSES and location:
        return replace(answer, location=location, timings=_until_now(timings, began))
    if method == "HEAD":
        return replace(answer, timings=_until_now(timings, began))
    try:
        body = await read_body(response, limits)
    except FetchError as error:
        return replace(answer, failure=error, timings=_until_now(timings, began))
    return replace(answer, body=body.data, content_length=body.wire_bytes, timings=_until_now(timings, began))


def _until_now(timings: Timings, began: float) -> Timings:
    if timings.total_ms is not None:
        return timings
    return replace(timings, total_ms=round((time.perf_counter() - began) * 1000, 3))


@dataclass(slots=True, kw_only=True)
class _Visit:
    """How far a fetch has come."""

    url: str
    method: str
    fetched_at: datetime
    current: httpx.URL | None = None
    passed: list[str] = field(default_factory=list)
    answer: _Answer | None = None
    total_ms: float = 0.0

    def arrived(self, answer: _Answer) -> None:
        self.answer = answer
        self.total_ms += answer.timings.total_ms or 0.0

    def move_on(self, target: httpx.URL) -> None:
        self.passed.append(str(self.current))
        if str(target) in self.passed:
            raise failures.too_many_redirects("redirects in a circle")
        self.current = target

    def page(self, outcome: FetchOutcome, error: str | None = None) -> FetchedPage:
        """The page as it is kept; its phases are those of the last request, its total is of all of them."""
        common: dict[str, Any] = {
            "url": self.url,
            "method": self.method,
            "outcome": outcome,
            "error": error,
            "fetched_at": self.fetched_at,
            "final_url": str(self.current) if self.current and (self.answer or self.passed) else None,
            "redirects": tuple(self.passed[1:]),
        }
        if self.answer is None:
            return FetchedPage(**common)
        return FetchedPage(
            **common,
            status=self.answer.status,
            http_version=self.answer.http_version,
            headers=self.answer.headers,
            content_length=self.answer.content_length,
            timings=replace(self.answer.timings, total_ms=round(self.total_ms, 3)),
            body=self.answer.body,
        )


class _Budget:
    """What is left of a page's deadline; time spent waiting for a host's turn is not taken from it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._left_s = seconds

    @contextlib.asynccontextmanager
    async def spent(self) -> AsyncIterator[None]:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self._left_s):
                yield
        except TimeoutError:
            raise failures.timed_out(self._seconds) from None
        finally:
            self._left_s -= time.perf_counter() - began
