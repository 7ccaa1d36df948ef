"""Pages remembered between attempts: rows in the database, bodies in the object store."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.memos import FetchedPages
from leadgen_dagster.scoring.crawl import MemoisedFetcher, PageFetcher
from leadgen_dagster.scoring.snapshots import FetchedPage, PageSnapshot

BATCH = 20


class PageMemory:
    """The memo of one attempt. Pages are written down in small batches, so that a killed step loses one at most.

    A context manager: the end, however it comes, writes the last batch down.
    """

    def __init__(self, pages: FetchedPages, files: ObjectStore) -> None:
        self._pages = pages
        self._files = files
        self._known = pages.current()
        self._earlier = pages.earlier()
        self._unwritten: list[FetchedPage] = []
        self.pages_fetched = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._write()

    def get(self, url: str, method: str) -> FetchedPage | None:
        page = self._known.get((method, url))
        return None if page is None else with_body(page, self._files)

    def put(self, page: FetchedPage) -> None:
        self.pages_fetched += 1
        body_hash = None if page.body is None else self._files.put_body(page.body)
        stored = replace(page, body=None, body_hash=body_hash)
        self._known[(page.method, page.url)] = stored
        self._unwritten.append(stored)
        if len(self._unwritten) >= BATCH:
            self._write()

    def kept(self, page: FetchedPage) -> FetchedPage:
        """The page to go by: a refresh that got no answer gives way to the answer that was got before."""
        key = (page.method, page.url)
        earlier = self._earlier.get(key)
        if not page.is_answer and earlier is not None and earlier.is_answer:
            return with_body(earlier, self._files)
        return replace(page, body_hash=self._known[key].body_hash)

    def _write(self) -> None:
        if self._unwritten:
            self._pages.add(self._unwritten)
            self._unwritten = []


class RememberingFetcher:
    """Fetches each page once in a generation of a run."""

    def __init__(self, fetcher: PageFetcher, memory: PageMemory) -> None:
        self._fetcher = MemoisedFetcher(fetcher, memory)
        self._memory = memory

    async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
        return self._memory.kept(await self._fetcher.fetch(url, method=method))


def with_body(page: FetchedPage, files: ObjectStore) -> FetchedPage:
    """The page with its body read back from the object store, if it has one."""
    if page.body is not None or page.body_hash is None:
        return page
    return replace(page, body=files.get_body(page.body_hash))


def with_bodies(snapshots: Sequence[PageSnapshot], files: ObjectStore) -> list[PageSnapshot]:
    return [replace(snapshot, page=with_body(snapshot.page, files)) for snapshot in snapshots]
