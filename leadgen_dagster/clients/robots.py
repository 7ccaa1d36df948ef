"""robots.txt by RFC 9309: who may be asked for what, and how often."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakValueDictionary

import httpx
from protego import Protego

from leadgen_dagster.clients.bodies import BodyLimits
from leadgen_dagster.clients.clock import Clock
from leadgen_dagster.clients.failures import FetchError
from leadgen_dagster.clients.urls import origin_of, parse_url

ROBOTS_PATH = "/robots.txt"
ROBOTS_LIMITS = BodyLimits(wire_bytes=500 * 1024, inflated_bytes=500 * 1024, is_prefix_enough=True)
"""RFC 9309, 2.5: at least 500 KiB are read; the rest may be passed over."""

MAX_REDIRECTS = 5
MAX_AGE_S = 24 * 3600.0
MAX_REMEMBERED = 2048
MAX_CRAWL_DELAY_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """What one robots.txt says to one product."""

    product: str
    parsed: Protego | None = None
    """None: there are no rules."""
    refusal: str | None = None
    """Why everything is refused."""

    @property
    def crawl_delay_s(self) -> float:
        delay = self.parsed.crawl_delay(self.product) if self.parsed else None
        return min(float(delay or 0.0), MAX_CRAWL_DELAY_S)

    def why_denied(self, url: httpx.URL) -> str | None:
        """The reason, if this URL may not be asked for."""
        if self.refusal:
            return self.refusal
        if self.parsed is None or self.parsed.can_fetch(str(url), self.product):
            return None
        return "robots.txt asks not to be looked at"


def rules_from(body: bytes, product: str) -> RobotsRules:
    """Reads the text of a robots.txt; lines that make no sense are passed over."""
    text = body.decode("utf-8-sig", "replace")
    return RobotsRules(product=product, parsed=Protego.parse(text))


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
    rules: RobotsRules
    read_at: float = field(default=0.0)


class RobotsDesk:
    """Knows the rules of every origin it was asked about; asks once, remembers for at most a day."""

    def __init__(self, product: str, ask: AskForRobots, clock: Clock) -> None:
        self._product = product
        self._ask = ask
        self._clock = clock
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def rules_for(self, url: httpx.URL) -> RobotsRules:
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

    async def _read(self, url: httpx.URL) -> RobotsRules:
        answer = await self._ask(url)
        for _ in range(MAX_REDIRECTS):
            if answer.location is None:
                break
            try:
                target = parse_url(answer.location, base=url)
            except FetchError as error:
                return self._refused(f"robots.txt leads nowhere: {error}")
            try:
                answer = await self._ask(target)
            except FetchError as error:
                if _is_one_site(target, url):
                    # Moved as a whole, say to https with a dead certificate: that is what is wrong with the site.
                    raise
                return self._refused(f"robots.txt leads elsewhere, and there: {error}")
            url = target
        rules = self._rules_of(answer)
        if url.path == ROBOTS_PATH:
            # http://x/robots.txt that leads to https://x/robots.txt has told the rules of both.
            self._remember(origin_of(url), rules)
        return rules

    def _rules_of(self, answer: RobotsAnswer) -> RobotsRules:
        if answer.status >= 500:
            return self._refused(f"robots.txt answered {answer.status}, which asks to stay away")
        if answer.status >= 300 or answer.status == 204:
            # RFC 9309, 2.3.1: not there, or still a redirect after the fifth, means that there are no rules.
            return RobotsRules(product=self._product)
        if answer.failure is not None or answer.body is None:
            return self._refused(f"robots.txt cannot be read: {answer.failure}")
        return rules_from(answer.body, self._product)

    def _refused(self, reason: str) -> RobotsRules:
        return RobotsRules(product=self._product, refusal=reason)

    def _remember(self, origin: str, rules: RobotsRules) -> None:
        self._remembered[origin] = _Remembered(rules, self._clock.monotonic())
        self._remembered.move_to_end(origin)
        while len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)


def _is_one_site(one: httpx.URL, other: httpx.URL) -> bool:
    return one.host.removeprefix("www.") == other.host.removeprefix("www.")
