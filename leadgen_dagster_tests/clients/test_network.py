import asyncio
import socket
from collections.abc import Sequence

import httpx
import pytest

from leadgen_dagster.clients.failures import FetchError
from leadgen_dagster.clients.network import GuardedTransport, Resolver
from leadgen_dagster.scoring.snapshots import FetchOutcome
from leadgen_dagster_tests.clients.loopback import page, served


def resolver_of(addresses: Sequence[str]) -> Resolver:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


def status_of(resolve: Resolver, *, host: str = "bakery.test") -> tuple[int, list[str]]:
    """Asks a server on 127.0.0.1 by name; only that one address is allowed beside public ones."""

    async def run() -> tuple[int, list[str]]:
        transport = GuardedTransport(allowed_networks=("127.0.0.1/32",), resolve=resolve)
        async with served({"/": page("hello")}) as site, httpx.AsyncClient(transport=transport) as client:
            response = await client.get(site.url().replace("127.0.0.1", host))
            return response.status_code, [asked.headers["host"].partition(":")[0] for asked in site.asked]

    return asyncio.run(run())


def test_the_address_that_was_checked_is_connected_to_under_the_sites_own_name() -> None:
    assert status_of(resolver_of(["127.0.0.1"])) == (200, ["bakery.test"])


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["127.0.0.1", "fe80::1%lo"], ["127.0.0.2"]],
)
def test_one_denied_address_among_several_refuses_the_host(addresses: list[str]) -> None:
    with pytest.raises(FetchError) as failure:
        status_of(resolver_of(addresses))
    assert failure.value.outcome is FetchOutcome.ADDRESS_DENIED


def test_a_second_address_is_tried_where_the_first_refuses() -> None:
    async def run() -> int:
        transport = GuardedTransport(
            allowed_networks=("127.0.0.0/8",), resolve=resolver_of(["127.0.0.9", "127.0.0.1"])
        )
        async with served({"/": page("hello")}) as site, httpx.AsyncClient(transport=transport) as client:
            return (await client.get(site.url().replace("127.0.0.1", "bakery.test"))).status_code

    assert asyncio.run(run()) == 200


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label too long")])
def test_a_name_that_cannot_be_resolved_is_a_dns_failure(error: Exception) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        raise error

    for broken in (resolve, resolver_of([])):
        with pytest.raises(FetchError) as failure:
            status_of(broken)
        assert failure.value.outcome is FetchOutcome.DNS_FAILURE


def test_a_name_is_resolved_once_for_a_connection() -> None:
    asked: list[str] = []

    async def changing(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    assert status_of(changing)[0] == 200
    assert asked == ["bakery.test"]
