"""Pages remembered between attempts: rows in the database, bodies in the object store."""

from dataclasses import replace

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.memos import FetchedPages
from leadgen_dagster.scoring.crawl import PageFetcher
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome, PageSnapshot

BATCH = 20


class RememberingFetcher:
    """Fetches a page once for each generation of a run; a refresh that fails keeps the page it had.

    Pages are written down in small batches as they come, so that a killed step loses one batch at most.
    Use it as a context manager: the end writes the last batch down.
    """

    def __init__(self, fetcher: PageFetcher, pages: FetchedPages, files: ObjectStore) -> None:
        self._fetcher = fetcher
        self._pages = pages
        self._files = files
        self._known = pages.current()
        self._earlier = pages.earlier()
        self._unwritten: list[FetchedPage] = []
        self.requests_made = 0

    def __enter__(self) -> "RememberingFetcher":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._write()

    async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
        key = (method, url)
        page = self._known.get(key)
        if page is None:
            page = await self._fetcher.fetch(url, method=method)
            page = self._remember(page)
        earlier = self._earlier.get(key)
        if page.outcome is not FetchOutcome.FETCHED and earlier is not None:
            page = earlier
        return with_body(page, self._files)

    def _remember(self, page: FetchedPage) -> FetchedPage:
        self.requests_made += 1
        body_hash = None if page.body is None else self._files.put_body(page.body)
        stored = replace(page, body_hash=body_hash)
        self._known[(page.method, page.url)] = replace(stored, body=None)
        self._unwritten.append(stored)
        if len(self._unwritten) >= BATCH:
            self._write()
        return stored

    def _write(self) -> None:
        if self._unwritten:
            self._pages.add(self._unwritten)
            self._unwritten = []


def with_body(page: FetchedPage, files: ObjectStore) -> FetchedPage:
    """The page with its body read back from the object store, if it has one."""
    if page.body is not None or page.body_hash is None:
        return page
    return replace(page, body=files.get_body(page.body_hash))


def with_bodies(snapshots: list[PageSnapshot], files: ObjectStore) -> list[PageSnapshot]:
    return [replace(snapshot, page=with_body(snapshot.page, files)) for snapshot in snapshots]
