"""Which pages of each business's website are looked at, and in which order they are kept."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol
from uuid import UUID, uuid5
from weakref import WeakValueDictionary

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.domains import is_same_site
from leadgen_dagster.scoring.html import decode_html, is_html
from leadgen_dagster.scoring.links import HomePage, Link
from leadgen_dagster.scoring.meta_refresh import led_on, refresh_target
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome, PageKind, PageSnapshot

SAME_FOR_BOTH_SCHEMES = frozenset(
    {FetchOutcome.DNS_FAILURE, FetchOutcome.ADDRESS_DENIED, FetchOutcome.ROBOTS_DENIED, FetchOutcome.BAD_URL}
)
"""What one need not ask a second time over the other scheme."""
_OWN_PORT = re.compile(r"[^/?#]*:\d+(?:[/?#]|$)")
SILENT_STATUSES = frozenset({405, 501})
"""The server does not know HEAD: this says nothing about the link."""
VISITS_AT_ONCE = 1000
"""Most of a visit is waiting between two requests; without a bound every site would be begun and none finished."""


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
        fetcher: what fetches; how many requests are under way at once is bounded there.
        on_business_done: called for each website looked at, as it is finished.
    """
    visits = asyncio.Semaphore(VISITS_AT_ONCE)

    async def look_at(business: Business, website: str) -> list[PageSnapshot]:
        async with visits:
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
    beside = _beside(home)
    snapshots = [_snapshot(business, PageKind.HOME, home)]
    del home  # its body is let go while the others are waited for
    pages = await asyncio.gather(*(_look(fetcher, kind, link.url) for kind, link in beside))
    snapshots += [
        _snapshot(business, kind, page, link.words)
        for (kind, link), page in zip(beside, pages, strict=True)
        if not _is_silent(page)
    ]
    return snapshots


def _beside(home: FetchedPage) -> list[tuple[PageKind, Link]]:
    """What is looked at beside the home page."""
    final_url = home.final_url or home.url
    # A redirect to somebody else's domain is a finding; that firm's pages are not this one's.
    if not home.body or not is_html(home) or not is_same_site(home.url, final_url):
        return []
    page = HomePage(decode_html(home), final_url)
    contacts = page.contact_links()
    return [
        *((PageKind.CONTACT, link) for link in contacts),
        *((PageKind.LINK, link) for link in page.mattering_links(contacts)),
        *((PageKind.IMAGE, image) for image in page.images()),
    ]


async def _look(fetcher: PageFetcher, kind: PageKind, url: str) -> FetchedPage:
    """A page as a whole; of anything else what its head tells, unless that is that a link is dead.

    Many servers answer HEAD with an error where the page is there: only GET makes a link a dead one.
    """
    if kind is PageKind.CONTACT:
        return await fetcher.fetch(url)
    page = await fetcher.fetch(url, method="HEAD")
    is_dead = page.status is not None and page.status >= 400 and not _is_silent(page)
    return await fetcher.fetch(url) if is_dead and kind is PageKind.LINK else page


async def _home(website: str, fetcher: PageFetcher) -> FetchedPage:
    """The home page, or the one that it leads to at once."""
    home = await _front_door(website, fetcher)
    target = refresh_target(home)
    return led_on(home, await fetcher.fetch(target)) if target else home


async def _front_door(website: str, fetcher: PageFetcher) -> FetchedPage:
    """The home page as a browser comes to it: encrypted where the site can, plain where only that answers.

    Browsers ask for `https` first even if one types `http`; a site that answers both is not "not secure". A port of
    its own speaks one of them.
    """
    scheme, _, rest = website.partition("://")
    if _OWN_PORT.match(rest):
        return await fetcher.fetch(website)
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
