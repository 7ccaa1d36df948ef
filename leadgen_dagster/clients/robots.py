"""Asks every site for its robots.txt and remembers what it said: what may be asked for, and how often."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakValueDictionary

import httpx

from leadgen_dagster.clients.bodies import BodyLimits
from leadgen_dagster.clients.clock import Clock
from leadgen_dagster.clients.failures import FetchError
from leadgen_dagster.clients.robots_rules import MAX_BYTES, RobotsRules, parse_rules
from leadgen_dagster.clients.urls import origin_of, parse_url
from leadgen_dagster.scoring.snapshots import TOO_MANY_REQUESTS

ROBOTS_PATH = "/robots.txt"
ROBOTS_LIMITS = BodyLimits(wire_bytes=MAX_BYTES + 1, inflated_bytes=MAX_BYTES + 1, is_prefix_enough=True)
"""One byte more than is looked at tells a file that was cut off."""

MAX_REDIRECTS = 5
MAX_AGE_S = 24 * 3600.0
MAX_REMEMBERED = 2048
MAX_CRAWL_DELAY_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """What one site says to one product."""

    rules: RobotsRules = field(default_factory=RobotsRules)
    refusal: str | None = None
    """Why everything is refused."""

    @property
    def crawl_delay_s(self) -> float:
        return min(self.rules.crawl_delay_s, MAX_CRAWL_DELAY_S)

    def why_denied(self, url: httpx.URL) -> str | None:
        """The reason, if this URL may not be asked for."""
        if self.refusal:
            return self.refusal
        if self.rules.allows(url.raw_path.decode("ascii")):
            return None
        return "robots.txt asks not to be looked at"


class RobotsAnswer(Protocol):
    """What is looked at of the answer to a request for robots.txt."""

    @property
    def status(self) -> int: ...

    @property
    def body(self) -> bytes | None: ...

    @property
    def location(self) -> str | None:
        """Where a redirect leads."""

    @property
    def failure(self) -> FetchError | None:
        """Why the body could not be read."""


AskForRobots = Callable[[httpx.URL], Awaitable[RobotsAnswer]]


@dataclass(slots=True)
class _Remembered:
    rules: SiteRules
    read_at: float


class RobotsDesk:
    """Knows the rules of every origin it was asked about; asks once, remembers for at most a day."""

    def __init__(self, product: str, ask: AskForRobots, clock: Clock) -> None:
        self._product = product
        self._ask = ask
        self._clock = clock
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def rules_for(self, url: httpx.URL) -> SiteRules:
        """The rules for this URL's origin.

        Raises:
            FetchError: the site gave no HTTP answer; its own failure, and not remembered.
        """
        origin = origin_of(url)
        asking = self._asking.setdefault(origin, asyncio.Lock())
        async with asking:
            known = self._remembered.get(origin)
            if known and self._clock.monotonic() - known.read_at < MAX_AGE_S:
                self._remembered.move_to_end(origin)
                return known.rules
            rules = await self._read(httpx.URL(f"{origin}{ROBOTS_PATH}"))
            self._remember(origin, rules)
            return rules

    async def _read(self, url: httpx.URL) -> SiteRules:
        answer = await self._ask(url)
        for _ in range(MAX_REDIRECTS):
            if answer.location is None:
                break
            try:
                target = parse_url(answer.location, base=url)
            except FetchError as error:
                return _refused(f"robots.txt leads nowhere: {error}")
            try:
                answer = await self._ask(target)
            except FetchError as error:
                if _is_one_site(target, url):
                    # Moved as a whole, say to https with a dead certificate: that is what is wrong with the site.
                    raise
                return _refused(f"robots.txt leads elsewhere, and there: {error}")
            url = target
        rules = self._rules_of(answer)
        if url.path == ROBOTS_PATH:
            # http://x/robots.txt that leads to https://x/robots.txt has told the rules of both.
            self._remember(origin_of(url), rules)
        return rules

    def _rules_of(self, answer: RobotsAnswer) -> SiteRules:
        if answer.status >= 500 or answer.status == TOO_MANY_REQUESTS:
            # RFC 9309 lets a crawler go on after 429; a server that says it has had enough is left in peace.
            return _refused(f"robots.txt answered {answer.status}, which asks to stay away")
        if answer.status >= 300 or answer.status == 204:
            # RFC 9309, 2.3.1: not there, or still a redirect after the fifth, means that there are no rules.
            return SiteRules()
        if answer.failure is not None or answer.body is None:
            return _refused(f"robots.txt cannot be read: {answer.failure}")
        return SiteRules(rules=parse_rules(answer.body, self._product))

    def _remember(self, origin: str, rules: SiteRules) -> None:
        self._remembered[origin] = _Remembered(rules, self._clock.monotonic())
        self._remembered.move_to_end(origin)
        while len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)


def _is_one_site(one: httpx.URL, other: httpx.URL) -> bool:
    return one.host.removeprefix("www.") == other.host.removeprefix("www.")


def _refused(reason: str) -> SiteRules:
    return SiteRules(refusal=reason)
