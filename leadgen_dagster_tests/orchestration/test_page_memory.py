"""Pages remembered between attempts: fetched once, lost by the batch at most, kept where a refresh fails."""

import asyncio
from pathlib import Path

import pytest
from upath import UPath

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.memos import FetchedPages
from leadgen_dagster.orchestration.page_memory import BATCH, PageMemory, RememberingFetcher, with_bodies
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome
from leadgen_dagster_tests.factories import make_page, make_snapshot

RUN = "2026-11-22-port-linden-bakery-7f3a"
HOME = "http://harbour-bakery.port-linden.example/"
FAILED = {"outcome": FetchOutcome.TIMEOUT, "body": None, "status": None}


class Web:
    """Gives the page it holds, whatever is asked for, and counts."""

    def __init__(self, **page: object) -> None:
        self.page = page
        self.asked: list[str] = []

    async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
        self.asked.append(url)
        return make_page(url=url, method=method, **self.page)


class Attempts:
    """Attempts at one run over one database and object store."""

    def __init__(self, database: Database, files: ObjectStore) -> None:
        self.database = database
        self.files = files

    def memory(self, refresh: str | None = None) -> PageMemory:
        return PageMemory(FetchedPages(self.database, RUN, refresh=refresh), self.files)

    def fetch(self, web: Web, *urls: str, refresh: str | None = None) -> list[FetchedPage]:
        async def all_pages(memory: PageMemory) -> list[FetchedPage]:
            fetcher = RememberingFetcher(web, memory)
            return [await fetcher.fetch(url) for url in urls]

        with self.memory(refresh) as memory:
            return asyncio.run(all_pages(memory))

    def stored(self) -> int:
        return len(FetchedPages(self.database, RUN).current())


@pytest.fixture
def attempts(sqlite_database: Database, tmp_path: Path) -> Attempts:
    return Attempts(sqlite_database, ObjectStore(UPath(tmp_path / "files")))


def test_a_page_is_asked_for_once_in_all_attempts(attempts: Attempts) -> None:
    [first] = attempts.fetch(Web(body=b"<h1>Bread</h1>"), HOME)
    later = Web(body=b"<h1>Other</h1>")

    again = attempts.fetch(later, HOME, HOME)

    assert later.asked == []
    assert [page.body for page in again] == [b"<h1>Bread</h1>"] * 2
    assert first.body_hash == again[0].body_hash is not None


def test_a_page_that_failed_is_not_asked_for_again_by_a_retry(attempts: Attempts) -> None:
    attempts.fetch(Web(**FAILED), HOME)
    later = Web()

    [page] = attempts.fetch(later, HOME)

    assert (later.asked, page.outcome) == ([], FetchOutcome.TIMEOUT)


def test_pages_are_written_down_in_batches_and_the_last_one_at_the_end(attempts: Attempts) -> None:
    with attempts.memory() as memory:
        for number in range(BATCH + 1):
            memory.put(make_page(url=f"{HOME}{number}"))
        assert attempts.stored() == BATCH
        assert memory.pages_fetched == BATCH + 1

    assert attempts.stored() == BATCH + 1


def test_an_attempt_that_breaks_off_keeps_what_it_fetched(attempts: Attempts) -> None:
    class BreakingWeb(Web):
        async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
            if self.asked:
                raise KeyboardInterrupt
            return await super().fetch(url, method=method)

    with pytest.raises(KeyboardInterrupt):
        attempts.fetch(BreakingWeb(), HOME, f"{HOME}contact")

    assert attempts.stored() == 1


def test_a_refresh_asks_for_every_page_again(attempts: Attempts) -> None:
    attempts.fetch(Web(body=b"old"), HOME)
    web = Web(body=b"new")

    [page] = attempts.fetch(web, HOME, refresh="a Dagster run")

    assert (web.asked, page.body) == ([HOME], b"new")


def test_a_retry_of_a_refresh_goes_on_with_what_the_refresh_fetched(attempts: Attempts) -> None:
    attempts.fetch(Web(body=b"old"), HOME, f"{HOME}contact")
    attempts.fetch(Web(body=b"new"), HOME, refresh="a Dagster run")
    retry = Web(body=b"newest")

    pages = attempts.fetch(retry, HOME, f"{HOME}contact", refresh="a Dagster run")

    assert retry.asked == [f"{HOME}contact"]
    assert [page.body for page in pages] == [b"new", b"newest"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_overloaded_now_does_not_replace_the_page_it_gave_before(
    attempts: Attempts, status: int
) -> None:
    attempts.fetch(Web(body=b"old"), HOME)

    [page] = attempts.fetch(Web(status=status, body=b"busy"), HOME, refresh="a Dagster run")

    assert (page.status, page.body) == (200, b"old")


def test_a_page_that_is_gone_now_is_an_answer(attempts: Attempts) -> None:
    attempts.fetch(Web(body=b"old"), HOME)

    [page] = attempts.fetch(Web(status=404, body=b"gone"), HOME, refresh="a Dagster run")

    assert (page.status, page.body) == (404, b"gone")


def test_a_failure_of_long_ago_is_not_brought_back_by_a_refresh_that_fails_otherwise(
    attempts: Attempts,
) -> None:
    attempts.fetch(Web(outcome=FetchOutcome.DNS_FAILURE, status=None, body=None), HOME)

    [page] = attempts.fetch(Web(**FAILED), HOME, refresh="a Dagster run")

    assert page.outcome is FetchOutcome.TIMEOUT


def test_a_refresh_that_fails_keeps_the_page_and_its_body(attempts: Attempts) -> None:
    attempts.fetch(Web(body=b"old"), HOME)

    [page] = attempts.fetch(Web(**FAILED), HOME, refresh="a Dagster run")

    assert (page.outcome, page.body) == (FetchOutcome.FETCHED, b"old")


def test_after_a_refresh_a_plain_attempt_sees_the_newest_page_that_was_fetched(attempts: Attempts) -> None:
    attempts.fetch(Web(body=b"old"), HOME)
    attempts.fetch(Web(**FAILED), HOME, refresh="a Dagster run")

    [page] = attempts.fetch(Web(), HOME)

    assert page.body == b"old"


def test_a_refresh_of_a_page_that_was_never_there_tells_how_it_failed(attempts: Attempts) -> None:
    [page] = attempts.fetch(Web(**FAILED), HOME, refresh="a Dagster run")

    assert page.outcome is FetchOutcome.TIMEOUT


def test_bodies_come_back_from_the_object_store(attempts: Attempts) -> None:
    digest = attempts.files.put_body(b"<h1>Bread</h1>")
    stored = make_snapshot(body=None, body_hash=digest)
    without_body = make_snapshot(body=None, body_hash=None)

    first, second = with_bodies([stored, without_body], attempts.files)

    assert (first.page.body, second.page.body) == (b"<h1>Bread</h1>", None)
