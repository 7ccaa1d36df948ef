"""Turns at a host among processes: two runs that meet at one website ask it one after the other, pauses kept.

A lease is taken for the visit of a site, not for each request, and those who wait for one share a round trip.
"""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from leadgen_dagster.clients.clock import Clock

LEASE = timedelta(seconds=60)
"""So long does a killed process keep others away."""
NEEDED = timedelta(seconds=35)
"""What a lease must still have before a request: more than a page's deadline."""
AT_REST = timedelta(seconds=3)
"""A host that nobody here asked for so long is left to others."""
ASK_AGAIN_S = 1.0


class HostLeases(Protocol):
    """What all processes share: who may ask which host until when."""

    def take(
        self, hosts: Collection[str], *, holder: str, now: datetime, until: datetime
    ) -> Mapping[str, datetime | None]:
        """Takes those that nobody else holds; gives for each of them when it was last asked."""

    def give_back(self, last_asked_at: Mapping[str, datetime], *, holder: str) -> None:
        """Ends the holder's leases of these hosts; each says when it was last asked."""


class LeaseKeeper:
    """The leases of one fetcher."""

    def __init__(self, leases: HostLeases, clock: Clock) -> None:
        self._leases = leases
        self._clock = clock
        self._holder = uuid4().hex
        self._held_until: dict[str, datetime] = {}
        self._at_rest_since: dict[str, datetime] = {}
        self._wanted: set[str] = set()
        self._granted: dict[str, datetime | None] = {}
        self._round_trip = asyncio.Lock()

    async def hold(self, host: str, pause_s: float) -> None:
        """Waits until this process may ask the host, and the pause since another's last request is over."""
        self._at_rest_since.pop(host, None)
        held_until = self._held_until.get(host)
        if held_until and held_until - self._clock.now() > NEEDED:
            return
        while not await self._taken(host):
            await self._clock.sleep(ASK_AGAIN_S)
        last_asked_at = self._granted.pop(host)
        if last_asked_at:
            wait = last_asked_at + timedelta(seconds=pause_s) - self._clock.now()
            # A clock that goes wrong on another machine holds nobody up for longer than the pause.
            if wait > timedelta(0):
                await self._clock.sleep(min(wait.total_seconds(), pause_s))

    def rest(self, host: str) -> None:
        """A request to the host has ended."""
        self._at_rest_since[host] = self._clock.now()

    async def aclose(self) -> None:
        """Gives back what is still held."""
        await self._round(set(), list(self._held_until))

    async def _taken(self, host: str) -> bool:
        """Whoever comes first asks for all that wait."""
        self._wanted.add(host)
        async with self._round_trip:
            if host in self._wanted:
                wanted, self._wanted = self._wanted, set()
                now = self._clock.now()
                await self._round(
                    wanted, [h for h, since in self._at_rest_since.items() if now - since > AT_REST]
                )
        return host in self._granted

    async def _round(self, wanted: Collection[str], done_with: Collection[str]) -> None:
        """One round trip: leases that are done with go back, wanted ones are taken."""
        now = self._clock.now()
        for host in done_with:
            del self._held_until[host]
        last_asked_at = {host: self._at_rest_since.pop(host, now) for host in done_with}
        taken = await asyncio.to_thread(self._exchange, last_asked_at, wanted, now)
        self._held_until |= dict.fromkeys(taken, now + LEASE)
        self._granted |= taken

    def _exchange(
        self, last_asked_at: Mapping[str, datetime], wanted: Collection[str], now: datetime
    ) -> Mapping[str, datetime | None]:
        if last_asked_at:
            self._leases.give_back(last_asked_at, holder=self._holder)
        return self._leases.take(wanted, holder=self._holder, now=now, until=now + LEASE) if wanted else {}
