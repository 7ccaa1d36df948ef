"""Which pages of each business's website are looked at, and in which order they are kept."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol
from uuid import UUID, uuid5
from weakref import WeakValueDictionary

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.domains import is_same_site
from leadgen_dagster.scoring.html import decode_html, is_html
from leadgen_dagster.scoring.links import HomePage
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome, PageKind, PageSnapshot

SAME_FOR_BOTH_SCHEMES = frozenset(
    {FetchOutcome.DNS_FAILURE, FetchOutcome.ADDRESS_DENIED, FetchOutcome.ROBOTS_DENIED, FetchOutcome.BAD_URL}
)
"""What one need not ask a second time over the other scheme."""
SILENT_STATUSES = frozenset({405, 501})
"""The server does not know HEAD: this says nothing about the link."""


class PageFetcher(Protocol):
    """Fetches a page; whatever the site does, the answer is a page."""

    async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage: ...


class PageMemo(Protocol):
    """Remembers fetched pages of this generation."""

    def get(self, url: str, method: str) -> FetchedPage | None: ...

    def put(self, page: FetchedPage) -> None: ...


OnBusinessDone = Callable[[Business, Sequence[PageSnapshot]], None]


class MemoisedFetcher:
    """Asks the memo first; a page that two businesses share is fetched once."""

    def __init__(self, fetcher: PageFetcher, memo: PageMemo) -> None:
        self._fetcher = fetcher
        self._memo = memo
        self._under_way: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
        lock = self._under_way.setdefault((url, method), asyncio.Lock())
        async with lock:
            page = self._memo.get(url, method)
            if page is None:
                page = await self._fetcher.fetch(url, method=method)
                self._memo.put(page)
            return page


async def collect_snapshots(
    businesses: Sequence[Business],
    fetcher: PageFetcher,
    *,
    on_business_done: OnBusinessDone | None = None,
) -> list[PageSnapshot]:
    """Looks at the website of every lead that has one; the order is that of the businesses.

    Args:
        businesses: excluded ones, and those without a website, are passed over.
        fetcher: what fetches; it alone bounds how many sites are asked at once.
        on_business_done: called for each website looked at, as it is finished.
    """

    async def look_at(business: Business, website: str) -> list[PageSnapshot]:
        snapshots = await _snapshots_of(business, website, fetcher)
        if on_business_done:
            on_business_done(business, snapshots)
        return snapshots

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(look_at(business, business.website))
            for business in businesses
            if business.is_lead and business.website
        ]
    return [snapshot for task in tasks for snapshot in task.result()]


async def _snapshots_of(business: Business, website: str, fetcher: PageFetcher) -> list[PageSnapshot]:
    home = await _home(website, fetcher)
    snapshots = [_snapshot(business, PageKind.HOME, home)]
    final_url = home.final_url or home.url
    # A redirect to somebody else's domain is a finding; that firm's pages are not this one's.
    if not home.body or not is_html(home) or not is_same_site(home.url, final_url):
        return snapshots
    page = HomePage(decode_html(home), final_url)
    contact = page.contact_link()
    beside = [(PageKind.CONTACT, contact.url, contact.words)] if contact else []
    beside += [(PageKind.LINK, link.url, link.words) for link in page.mattering_links(contact)]
    beside += [(PageKind.IMAGE, url, "") for url in page.image_urls()]
    pages = await asyncio.gather(
        *(fetcher.fetch(url, method="GET" if kind is PageKind.CONTACT else "HEAD") for kind, url, _ in beside)
    )
    snapshots += [
        _snapshot(business, kind, fetched, label)
        for (kind, _, label), fetched in zip(beside, pages, strict=True)
        if not _is_silent(fetched)
    ]
    return snapshots


async def _home(website: str, fetcher: PageFetcher) -> FetchedPage:
    """The home page as a browser comes to it: encrypted where the site can, plain where only that answers.

    Browsers ask for `https` first even if one types `http`; a site that answers both is not "not secure".
    """
    scheme, _, rest = website.partition("://")
    if scheme.lower() == "http":
        secure = await fetcher.fetch(f"https://{rest}")
        if _is_page(secure) or secure.outcome in SAME_FOR_BOTH_SCHEMES:
            return secure
        return await fetcher.fetch(website)
    home = await fetcher.fetch(website)
    if home.outcome is not FetchOutcome.CONNECTION_FAILURE or scheme.lower() != "https":
        return home
    plain = await fetcher.fetch(f"http://{rest}")
    return plain if plain.outcome is FetchOutcome.FETCHED else home


def _is_page(page: FetchedPage) -> bool:
    return (
        page.outcome is FetchOutcome.FETCHED
        and page.status is not None
        and page.status < 400
        and is_html(page)
    )


def _is_silent(page: FetchedPage) -> bool:
    return page.method == "HEAD" and page.status in SILENT_STATUSES


def _snapshot(business: Business, kind: PageKind, page: FetchedPage, label: str = "") -> PageSnapshot:
    """A body that lies in the object store is let go, so that a run over thousands of sites holds none in memory."""
    return PageSnapshot(
        id=str(uuid5(UUID(business.id), f"{kind.value}:{page.url}")),
        business_id=business.id,
        kind=kind,
        label=label or None,
        page=replace(page, body=None) if page.body_hash else page,
    )
