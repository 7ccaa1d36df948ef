import asyncio
import contextlib
import time

import pytest

from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome
from leadgen_dagster_tests.clients.loopback import (
    FakeClock,
    Handler,
    Site,
    answer,
    loopback_fetcher,
    page,
    served,
    silent_for,
)

HOME = page("<h1>Harbour Bakery</h1>")


def robots(text: str) -> bytes:
    return answer(text.encode(), "200 OK", "content-type: text/plain")


def visited(
    pages: dict[str, bytes | Handler], paths: list[str], **options: object
) -> tuple[list[FetchedPage], Site]:
    async def run() -> tuple[list[FetchedPage], Site]:
        async with served(pages) as site, loopback_fetcher(**options) as fetcher:
            return [await fetcher.fetch(site.url(path)) for path in paths], site

    return asyncio.run(run())


def test_robots_txt_is_asked_once_and_obeyed_with_the_longest_match() -> None:
    rules = robots("User-agent: *\nDisallow: /private\nAllow: /private/menu\n")
    pages, site = visited(
        {"/robots.txt": rules, "/": HOME, "/private/menu": HOME}, ["/", "/private/x", "/private/menu"]
    )
    assert [page.outcome for page in pages] == [
        FetchOutcome.FETCHED,
        FetchOutcome.ROBOTS_DENIED,
        FetchOutcome.FETCHED,
    ]
    assert site.paths == ["/robots.txt", "/", "/private/menu"]


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        ("User-agent: leadgen_dagster\nDisallow: /\n\nUser-agent: *\nAllow: /\n", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: LeadGen_Dagster\nAllow: /\n", True),
        ("User-agent: other\nDisallow: /\n", True),
        ("\ufeffUser-agent: *\r\nDisallow: /", False),
        ("User-agent: *\nDisallow:\n", True),
        ("<!doctype html><title>Harbour Bakery</title>", True),
        ("# " + "x" * 600_000 + "\nUser-agent: *\nDisallow: /\n", True),
        ("User-agent: *\nDisallow: /\n# " + "x" * 600_000, False),
        ("", True),
    ],
    ids=[
        "named",
        "named allowed",
        "other",
        "byte order mark",
        "empty rule",
        "html",
        "behind the cap",
        "long",
        "empty",
    ],
)
def test_the_group_for_this_product_counts(text: str, is_allowed: bool) -> None:
    (result,), _ = visited({"/robots.txt": robots(text), "/": HOME}, ["/"])
    assert (result.outcome is FetchOutcome.FETCHED) is is_allowed


@pytest.mark.parametrize(
    ("status", "is_allowed"),
    [
        ("404 Not Found", True),
        ("403 Forbidden", True),
        ("429 Too Many", False),
        ("500 Oops", False),
        ("503 Busy", False),
    ],
)
def test_a_robots_txt_that_is_not_there_allows_and_a_server_error_does_not(
    status: str, is_allowed: bool
) -> None:
    (result,), _ = visited({"/robots.txt": answer(b"", status), "/": HOME}, ["/"])
    expected = FetchOutcome.FETCHED if is_allowed else FetchOutcome.ROBOTS_DENIED
    assert result.outcome is expected
    if not is_allowed:
        assert status[:3] in (result.error or "")


def test_robots_txt_is_followed_over_redirects() -> None:
    pages: dict[str, bytes | Handler] = {
        "/robots.txt": answer(b"", "301 Moved", "location: /real-robots.txt"),
        "/real-robots.txt": robots("User-agent: *\nDisallow: /"),
        "/": HOME,
    }
    (result,), site = visited(pages, ["/"])
    assert result.outcome is FetchOutcome.ROBOTS_DENIED
    assert site.paths == ["/robots.txt", "/real-robots.txt"]


def test_a_robots_txt_in_a_circle_counts_as_not_there() -> None:
    circle = answer(b"", "301 Moved", "location: /robots.txt")
    (result,), site = visited({"/robots.txt": circle, "/": HOME}, ["/"])
    assert result.outcome is FetchOutcome.FETCHED
    assert site.paths == ["/robots.txt"] * 6 + ["/"]


@pytest.mark.parametrize("location", ["http://10.0.0.1/robots.txt", "mailto:nobody@bakery.example"])
def test_a_robots_txt_that_leads_where_nobody_may_go_refuses(location: str) -> None:
    away = answer(b"", "302 Found", f"location: {location}")
    (result,), _ = visited({"/robots.txt": away, "/": HOME}, ["/"])
    assert result.outcome is FetchOutcome.ROBOTS_DENIED


def test_an_unreadable_robots_txt_refuses() -> None:
    brotli = answer(b"xyz", "200 OK", "content-encoding: br")
    (result,), _ = visited({"/robots.txt": brotli, "/": HOME}, ["/"])
    assert result.outcome is FetchOutcome.ROBOTS_DENIED


def test_a_robots_txt_that_fails_before_any_answer_is_the_sites_own_failure() -> None:
    (result,), site = visited({"/robots.txt": silent_for(3), "/": HOME}, ["/"], deadline_s=0.2)
    assert result.outcome is FetchOutcome.TIMEOUT
    assert site.paths == ["/robots.txt"]


def test_the_robots_txt_of_a_redirects_target_is_asked() -> None:
    async def run() -> tuple[FetchedPage, Site]:
        refusing = {"/robots.txt": robots("User-agent: *\nDisallow: /"), "/": HOME}
        async with served(refusing, host="127.0.0.3") as target:
            away = answer(b"", "301 Moved", f"location: {target.url()}")
            async with served({"/": away}, host="127.0.0.2") as site, loopback_fetcher() as fetcher:
                return await fetcher.fetch(site.url()), target

    result, target = asyncio.run(run())
    assert (result.outcome, result.final_url) == (FetchOutcome.ROBOTS_DENIED, target.url())
    assert target.paths == ["/robots.txt"]


def test_two_hosts_whose_robots_txt_lead_to_each_other_do_not_block_each_other() -> None:
    async def run() -> list[FetchedPage]:
        one: dict[str, bytes | Handler] = {"/": HOME}
        other: dict[str, bytes | Handler] = {"/": HOME}
        async with served(one, host="127.0.0.2") as first, served(other, host="127.0.0.3") as second:
            one["/robots.txt"] = answer(b"", "301 Moved", f"location: {second.url('/r')}")
            other["/robots.txt"] = answer(b"", "301 Moved", f"location: {first.url('/r')}")
            async with loopback_fetcher() as fetcher:
                return list(await asyncio.gather(fetcher.fetch(first.url()), fetcher.fetch(second.url())))

    assert [page.status for page in asyncio.run(run())] == [200, 200]


def test_requests_to_one_host_wait_for_the_pause_between_them() -> None:
    clock = FakeClock()
    pages, site = visited({"/": HOME}, ["/", "/"], clock=clock, pause_s=1.0)
    assert [page.status for page in pages] == [200, 200]
    assert len(site.asked) == 3
    assert clock.sleeps == [1.0, 1.0]


@pytest.mark.parametrize(("delay", "pause_s"), [("7.5", 7.5), ("0.1", 1.0), ("3600", 30.0), ("soon", 1.0)])
def test_a_crawl_delay_lengthens_the_pause_up_to_half_a_minute(delay: str, pause_s: float) -> None:
    clock = FakeClock()
    rules = robots(f"User-agent: *\nCrawl-delay: {delay}\nDisallow: /private")
    visited({"/robots.txt": rules, "/": HOME}, ["/"], clock=clock, pause_s=1.0)
    assert clock.sleeps == [pause_s]


def test_rules_are_asked_for_again_after_a_day() -> None:
    clock = FakeClock()

    async def run() -> Site:
        async with served({"/": HOME}) as site, loopback_fetcher(clock=clock) as fetcher:
            await fetcher.fetch(site.url())
            clock.seconds += 23 * 3600
            await fetcher.fetch(site.url())
            clock.seconds += 2 * 3600
            await fetcher.fetch(site.url())
            return site

    assert asyncio.run(run()).paths == ["/robots.txt", "/", "/", "/robots.txt", "/"]


def test_one_host_is_asked_one_thing_at_a_time() -> None:
    under_way: list[int] = [0, 0]

    async def count(_asked: object, writer: asyncio.StreamWriter) -> None:
        under_way[0] += 1
        under_way[1] = max(under_way)
        await asyncio.sleep(0.01)
        under_way[0] -= 1
        writer.write(HOME)

    async def run() -> None:
        async with served({f"/{n}": count for n in range(8)}) as site, loopback_fetcher() as fetcher:
            await asyncio.gather(*(fetcher.fetch(site.url(f"/{n}")) for n in range(8)))

    asyncio.run(run())
    assert under_way == [0, 1]


def test_tarpits_do_not_delay_ten_good_hosts() -> None:
    async def run() -> tuple[list[FetchedPage], float]:
        async with contextlib.AsyncExitStack() as stack:

            async def site(pages: dict[str, bytes | Handler], host: str) -> Site:
                return await stack.enter_async_context(served(pages, host=host))

            tarpits = [await site({"/": silent_for(3)}, f"127.0.2.{n}") for n in range(1, 13)]
            good = [await site({"/": HOME}, f"127.0.1.{n}") for n in range(1, 11)]
            fetcher = await stack.enter_async_context(loopback_fetcher(deadline_s=3.0, concurrency=15))
            slow = [asyncio.create_task(fetcher.fetch(tarpit.url())) for tarpit in tarpits]
            await asyncio.sleep(0.1)
            began = time.perf_counter()
            pages = await asyncio.gather(*(fetcher.fetch(site.url()) for site in good))
            took_s = time.perf_counter() - began
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
            return list(pages), took_s

    pages, took_s = asyncio.run(run())
    assert [page.status for page in pages] == [200] * 10
    assert took_s < 1.5


def test_waiting_for_a_hosts_turn_is_not_taken_from_the_deadline() -> None:
    async def slow(_asked: object, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        writer.write(HOME)

    async def run() -> list[FetchedPage]:
        async with (
            served({f"/{n}": slow for n in range(4)}) as site,
            loopback_fetcher(deadline_s=0.4) as fetcher,
        ):
            return list(await asyncio.gather(*(fetcher.fetch(site.url(f"/{n}")) for n in range(4))))

    assert [page.status for page in asyncio.run(run())] == [200] * 4
