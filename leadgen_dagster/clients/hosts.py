"""Who may ask when: one request at a time for a host, a pause between them, and so many over all hosts."""

import asyncio
import contextlib
import itertools
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from leadgen_dagster.clients.clock import Clock
from leadgen_dagster.clients.leases import LeaseKeeper

MAX_HOSTS_REMEMBERED = 2048
FORGET_AT_ONCE = 8

SLOW_AFTER_S = 0.1
SLOW_FOR_EACH_SLOT = 10


@dataclass(slots=True)
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    askers: int = 0
    last_asked_at: float | None = None
    """The end of the last request, on the host's clock."""
    pause_s: float = 0.0
    """The longest that was asked for."""


class HostTurns:
    """Hands out turns at hosts; remembers as many hosts as it must, however many there are."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @contextlib.asynccontextmanager
    async def turn(
        self, host: str, clock: Clock, pause_s: float, leases: LeaseKeeper | None = None
    ) -> AsyncIterator[None]:
        """Waits until nobody else asks this host and the pause since the last request is over.

        With leases, nobody else in any process.
        """
        state = self._hosts.setdefault(host, _Host())
        self._hosts.move_to_end(host)
        state.askers += 1
        state.pause_s = max(state.pause_s, pause_s)
        try:
            async with state.turn:
                if state.last_asked_at is not None:
                    wait_s = state.last_asked_at + pause_s - clock.monotonic()
                    if wait_s > 0:
                        await clock.sleep(wait_s)
                if leases:
                    await leases.hold(host, pause_s)
                try:
                    yield
                finally:
                    state.last_asked_at = clock.monotonic()
                    if leases:
                        leases.rest(host)
        finally:
            state.askers -= 1
            self._forget(clock)

    def _forget(self, clock: Clock) -> None:
        if len(self._hosts) <= MAX_HOSTS_REMEMBERED:
            return
        for host, state in list(itertools.islice(self._hosts.items(), FORGET_AT_ONCE)):
            rested_s = clock.monotonic() - (state.last_asked_at or 0.0)
            if not state.askers and rested_s >= state.pause_s:
                del self._hosts[host]


class Slots:
    """Bounds how many requests are under way.

    One that takes long gives its slot to the next while it goes on, so that slow servers delay nobody else;
    of such there may be several times as many.
    """

    def __init__(self, count: int, *, slow_after_s: float = SLOW_AFTER_S) -> None:
        self._slow_after_s = slow_after_s
        self._quick = asyncio.Semaphore(count)
        self._all = asyncio.Semaphore(count * SLOW_FOR_EACH_SLOT)

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Waits for a slot and holds it for as long as the request is quick."""
        async with self._all:
            await self._quick.acquire()
            held = _HeldSlot(self._quick)
            giving_back = asyncio.get_running_loop().call_later(self._slow_after_s, held.give_back)
            try:
                yield
            finally:
                giving_back.cancel()
                held.give_back()


class _HeldSlot:
    """Given back once, whoever comes first."""

    def __init__(self, slots: asyncio.Semaphore) -> None:
        self._slots = slots
        self._is_held = True

    def give_back(self) -> None:
        if self._is_held:
            self._is_held = False
            self._slots.release()
