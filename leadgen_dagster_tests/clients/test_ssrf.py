import asyncio
import socket
from collections.abc import Iterator

import pytest

from leadgen_dagster.clients import network
from leadgen_dagster.clients.streams import Address, PlainStream, connected
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome
from leadgen_dagster_tests.clients.loopback import Site, answer, loopback_fetcher, page, served
from leadgen_dagster_tests.clients.ssrf_urls import INNER_NAMES, ssrf_urls

REFUSALS = {FetchOutcome.ADDRESS_DENIED, FetchOutcome.BAD_URL, FetchOutcome.DNS_FAILURE}
REDIRECTOR = "127.0.0.2"
URLS = ssrf_urls()


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Address]]:
    """Every connection that is tried, but for those to the one server that is allowed."""
    tried: list[Address] = []

    async def record(address: Address, timeout_s: float) -> PlainStream:
        if address.ip != REDIRECTOR:
            tried.append(address)
        return await connected(address, timeout_s)

    async def resolve(_self: object, host: str, _port: int) -> list[str]:
        name = host.lower().rstrip(".")
        if name not in INNER_NAMES:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return list(INNER_NAMES[name])

    monkeypatch.setattr(network, "connected", record)
    monkeypatch.setattr(network.SystemResolver, "__call__", resolve)
    return tried


def test_there_are_hundreds_of_them() -> None:
    assert len(URLS) >= 584


def test_no_spelling_of_an_inner_address_is_connected_to(connections: list[Address]) -> None:
    async def run() -> list[FetchedPage]:
        async with loopback_fetcher(allowed_networks=()) as fetcher:
            return [await fetcher.fetch(url) for url in URLS]

    pages = asyncio.run(run())
    assert [(page.url, page.outcome) for page in pages if page.outcome not in REFUSALS] == []
    assert connections == []


def test_no_redirect_to_one_is_followed(connections: list[Address]) -> None:
    targets = {f"/{at}": url.encode() for at, url in enumerate(URLS) if not set(url) & set("\r\n\x00")}
    redirects = {
        path: answer(b"", "302 Found").replace(b"\r\n\r\n", b"\r\nlocation: " + target + b"\r\n\r\n")
        for path, target in targets.items()
    }

    async def run() -> tuple[list[FetchedPage], Site, Site]:
        async with (
            served({"/": page("inside")}) as inner,
            served(redirects, host=REDIRECTOR) as outer,
            loopback_fetcher(allowed_networks=(f"{REDIRECTOR}/32",)) as fetcher,
        ):
            return [await fetcher.fetch(outer.url(path)) for path in targets], inner, outer

    pages, inner, outer = asyncio.run(run())
    answered = [page for page in pages if page.outcome not in REFUSALS]
    # A location without a host is a path of the server that gave it, where nothing is.
    assert {(page.outcome, page.status) for page in answered} == {(FetchOutcome.FETCHED, 404)}
    assert all((page.final_url or "").startswith(outer.root) for page in answered)
    assert len(answered) < 30
    assert connections == []
    assert inner.asked == []
