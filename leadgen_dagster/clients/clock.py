"""Time as a thing that is handed in."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable


class Clock(Protocol):
    """What tells the time and waits."""

    def now(self) -> datetime:
        """The moment, aware and in UTC."""

    def monotonic(self) -> float:
        """Seconds since some beginning; never goes back."""

    async def sleep(self, seconds: float) -> None:
        """Comes back when so many seconds have passed on this clock."""


@runtime_checkable
class HasClock(Protocol):
    """A transport with a time of its own."""

    @property
    def clock(self) -> Clock: ...


class SystemClock:
    """The machine's."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class StandingClock:
    """Tells one moment for ever; only what is added on top of it moves."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        """Over at once."""


class RecordedClock:
    """Tells another clock's moment; a pause is added up and not waited for."""

    def __init__(self, base: Clock | None = None) -> None:
        self._base = base or SystemClock()
        self.slept_s = 0.0

    def now(self) -> datetime:
        return self._base.now()

    def monotonic(self) -> float:
        return self._base.monotonic() + self.slept_s

    async def sleep(self, seconds: float) -> None:
        self.slept_s += seconds
