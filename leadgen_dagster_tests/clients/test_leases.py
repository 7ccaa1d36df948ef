import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from leadgen_dagster.clients.hosts import SLOW_FOR_EACH_SLOT
from leadgen_dagster.clients.leases import ASK_AGAIN_S, AT_REST, LEASE, NEEDED
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.leases import HostLeases
from leadgen_dagster.db.models import HostLeaseModel
from leadgen_dagster_tests.clients.loopback import (
    Asked,
    FakeClock,
    Handler,
    answer,
    loopback_fetcher,
    page,
    served,
)

HOME = page("<h1>Harbour Bakery</h1>")
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104  # of loopback, where each is a host of its own
PAGES = dict.fromkeys((f"/{n}" for n in range(3)), HOME)


class CountedLeases(HostLeases):
    """Counts the round trips."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.taken: list[int] = []
        self.given_back: list[int] = []

    def take(
        self, hosts: Collection[str], *, holder: str, now: datetime, until: datetime
    ) -> dict[str, datetime | None]:
        self.taken.append(len(hosts))
        return super().take(hosts, holder=holder, now=now, until=until)

    def give_back(self, last_asked_at: Mapping[str, datetime], *, holder: str) -> None:
        self.given_back.append(len(last_asked_at))
        super().give_back(last_asked_at, holder=holder)


def test_two_runs_that_meet_at_one_host_keep_the_pause_between_them(sqlite_database: Database) -> None:
    clock = FakeClock()
    asked_at: list[tuple[str, float]] = []

    async def note(asked: object, writer: asyncio.StreamWriter) -> None:
        asked_at.append((asked.headers["user-agent"], clock.monotonic()))  # type: ignore[attr-defined]
        writer.write(HOME)

    pages: dict[str, bytes | Handler] = dict.fromkeys(("/robots.txt", *PAGES), note)

    async def one_run(name: str, root: str) -> list[int | None]:
        async with loopback_fetcher(
            user_agent=name, clock=clock, pause_s=1.0, leases=HostLeases(sqlite_database)
        ) as fetcher:
            return [(await fetcher.fetch(f"{root}{path}")).status for path in PAGES]

    async def run() -> list[list[int | None]]:
        async with served(pages) as site:
            return await asyncio.gather(*(one_run(name, site.root) for name in ("one", "other")))

    assert asyncio.run(run()) == [[200] * 3, [200] * 3]
    assert {name for name, _ in asked_at} == {"one", "other"}
    assert len(asked_at) == 8
    assert min(later - earlier for (_, earlier), (_, later) in pairwise(asked_at)) >= 1.0


def test_a_site_visit_is_one_round_trip_and_those_who_wait_share_one(sqlite_database: Database) -> None:
    leases = CountedLeases(sqlite_database)

    async def run() -> None:
        async with served(PAGES) as site, loopback_fetcher(leases=leases) as fetcher:
            hosts = [f"127.0.3.{n}" for n in range(1, 31)]
            roots = [site.root.replace("127.0.0.1", host) for host in hosts]
            await asyncio.gather(*(fetcher.fetch(f"{root}/{n}") for root in roots for n in range(3)))

    asyncio.run(run())
    assert sum(leases.taken) == 30
    assert len(leases.taken) < 10
    assert leases.given_back == [30]


def test_a_host_at_rest_is_left_to_others_when_the_next_is_taken(sqlite_database: Database) -> None:
    leases, clock = CountedLeases(sqlite_database), FakeClock()

    async def run() -> None:
        async with (
            served(PAGES) as site,
            served(PAGES, host="127.0.0.2") as next_site,
            loopback_fetcher(leases=leases, clock=clock) as fetcher,
        ):
            await fetcher.fetch(site.url("/0"))
            clock.seconds += AT_REST.total_seconds() + 1
            await fetcher.fetch(next_site.url("/0"))
            assert leases.given_back == [1]
            await fetcher.fetch(site.url("/1"))

    asyncio.run(run())
    assert leases.taken == [1, 1, 1]


def test_a_lease_that_runs_out_is_taken_anew(sqlite_database: Database) -> None:
    leases, clock = CountedLeases(sqlite_database), FakeClock()

    async def run() -> None:
        async with served(PAGES) as site, loopback_fetcher(leases=leases, clock=clock) as fetcher:
            for _ in range(4):
                await fetcher.fetch(site.url("/0"))
                clock.seconds += (LEASE - NEEDED).total_seconds() * 0.6

    asyncio.run(run())
    assert leases.taken == [1, 1]


def test_a_lease_that_ran_down_while_every_slot_was_taken_is_renewed_before_the_request(
    sqlite_database: Database,
) -> None:
    leases, clock = CountedLeases(sqlite_database), FakeClock()
    slots = SLOW_FOR_EACH_SLOT  # of a fetcher with one quick slot
    hosts = [f"127.0.4.{n}" for n in range(slots + 1)]
    asked: dict[str, timedelta] = {}
    """By host: how long its lease still lasted when it was asked."""

    async def run() -> None:
        are_taken, is_over = asyncio.Event(), asyncio.Event()

        async def tarpit(request: Asked, writer: asyncio.StreamWriter) -> None:
            host = request.headers["host"].partition(":")[0]
            with sqlite_database.read() as session:
                lease = session.get_one(HostLeaseModel, host)
                asked.setdefault(host, lease.held_until - clock.now())
            if len(asked) == slots:
                are_taken.set()
            await is_over.wait()
            writer.write(HOME)

        async with (
            served({"/robots.txt": tarpit, "/": HOME}, host=EVERY_ADDRESS) as site,
            loopback_fetcher(leases=leases, clock=clock, concurrency=1, deadline_s=30.0) as fetcher,
        ):
            visits = [
                asyncio.create_task(fetcher.fetch(site.root.replace(EVERY_ADDRESS, host))) for host in hosts
            ]
            await asyncio.wait_for(are_taken.wait(), 20)
            clock.seconds += LEASE.total_seconds() - 5
            is_over.set()
            await asyncio.gather(*visits)

    asyncio.run(run())
    assert set(asked) == set(hosts)
    assert all(left > NEEDED for left in asked.values())


def test_a_killed_runs_lease_holds_others_up_no_longer_than_it_lasts(sqlite_database: Database) -> None:
    leases, clock = HostLeases(sqlite_database), FakeClock()
    leases.take(["127.0.0.1"], holder="killed", now=clock.now(), until=clock.now() + timedelta(seconds=20))

    async def run() -> int | None:
        async with served(PAGES) as site, loopback_fetcher(leases=leases, clock=clock) as fetcher:
            return (await fetcher.fetch(site.url("/0"))).status

    assert asyncio.run(run()) == 200
    assert clock.sleeps == [ASK_AGAIN_S] * 20


def test_a_failed_visit_gives_its_lease_back_too(sqlite_database: Database) -> None:
    leases = CountedLeases(sqlite_database)

    async def run() -> None:
        async with (
            served({"/robots.txt": answer(b"", "500 Oops")}) as site,
            loopback_fetcher(leases=leases) as f,
        ):
            await f.fetch(site.url())

    asyncio.run(run())
    assert (leases.taken, leases.given_back) == ([1], [1])
