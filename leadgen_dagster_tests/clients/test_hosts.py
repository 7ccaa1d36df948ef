import asyncio

from leadgen_dagster.clients.hosts import MAX_HOSTS_REMEMBERED, HostTurns, Slots
from leadgen_dagster_tests.clients.loopback import FakeClock


def test_no_more_quick_requests_are_under_way_than_there_are_slots() -> None:
    under_way: list[int] = []
    most: list[int] = []

    async def request(slots: Slots) -> None:
        async with slots.slot():
            under_way.append(1)
            most.append(len(under_way))
            await asyncio.sleep(0.001)
            under_way.pop()

    async def run() -> None:
        slots = Slots(3)
        await asyncio.gather(*(request(slots) for _ in range(30)))

    asyncio.run(run())
    assert max(most) == 3


def test_slow_requests_give_their_slots_to_others() -> None:
    async def run() -> list[bool]:
        slots = Slots(2, slow_after_s=0.01)
        is_over = asyncio.Event()

        async def tarpit() -> None:
            async with slots.slot():
                await is_over.wait()

        async def good() -> bool:
            async with slots.slot():
                return is_over.is_set()

        tarpits = [asyncio.create_task(tarpit()) for _ in range(10)]
        async with asyncio.timeout(5):
            was_over = await asyncio.gather(*(good() for _ in range(20)))
        is_over.set()
        await asyncio.gather(*tarpits)
        return list(was_over)

    assert asyncio.run(run()) == [False] * 20


def test_slow_requests_are_bounded_too() -> None:
    async def run() -> int:
        slots = Slots(1, slow_after_s=0.0)
        under_way: list[int] = []

        async def tarpit() -> None:
            async with slots.slot():
                under_way.append(1)
                await asyncio.Event().wait()

        tarpits = [asyncio.create_task(tarpit()) for _ in range(30)]
        await asyncio.sleep(0.1)
        for task in tarpits:
            task.cancel()
        await asyncio.gather(*tarpits, return_exceptions=True)
        return len(under_way)

    assert asyncio.run(run()) == 10


def test_hosts_that_have_rested_are_forgotten() -> None:
    async def run() -> list[float]:
        turns, clock = HostTurns(), FakeClock()
        for number in range(3 * MAX_HOSTS_REMEMBERED):
            async with turns.turn(f"host-{number}.example", clock, 1.0):
                clock.seconds += 0.1
        for number in range(0, 2 * MAX_HOSTS_REMEMBERED - 10, 100):
            async with turns.turn(f"host-{number}.example", clock, 10_000.0):
                pass  # one that was remembered would be waited for
        return clock.sleeps

    assert asyncio.run(run()) == []


def test_a_host_that_was_asked_lately_is_not_forgotten() -> None:
    async def run() -> FakeClock:
        turns, clock = HostTurns(), FakeClock()
        for number in range(2 * MAX_HOSTS_REMEMBERED):
            async with turns.turn(f"host-{number}.example", clock, 1.0):
                pass
        async with turns.turn("host-0.example", clock, 1.0):
            return clock

    assert asyncio.run(run()).sleeps == [1.0]
