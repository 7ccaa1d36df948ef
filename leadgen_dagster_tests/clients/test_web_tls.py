import asyncio
import ssl
from collections.abc import Mapping

import pytest

from leadgen_dagster.clients.network import GuardedTransport
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome
from leadgen_dagster_tests.clients.certificates import Authority
from leadgen_dagster_tests.clients.loopback import LOOPBACK, answer, loopback_fetcher, page, served

HOME = page("<h1>Harbour Bakery</h1>")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def fetched_over_tls(
    server: ssl.SSLContext,
    trusted: ssl.SSLContext | None,
    host: str = "127.0.0.1",
    pages: Mapping[str, bytes] | None = None,
    method: str = "GET",
) -> FetchedPage:
    """The fetcher against a server whose authority it trusts, by a transport for loopback of its own."""

    async def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async def run() -> FetchedPage:
        transport = GuardedTransport(allowed_networks=LOOPBACK, tls_context=trusted, resolve=resolve)
        async with (
            served(pages or {"/": HOME}, tls=server) as site,
            transport,
            loopback_fetcher(transport_routes={host: transport}) as fetcher,
        ):
            return await fetcher.fetch(site.url().replace("127.0.0.1", host), method=method)

    return asyncio.run(run())


def test_a_good_certificate_is_accepted_and_its_handshake_timed(authority: Authority) -> None:
    result = fetched_over_tls(authority.server_context(), authority.client_context())
    assert (result.outcome, result.status) == (FetchOutcome.FETCHED, 200)
    assert (result.timings.tls_ms or 0) > 0


def test_host_and_server_name_are_kept_though_the_checked_address_is_connected_to(
    authority: Authority,
) -> None:
    server = authority.server_context(names="DNS:bakery.test")
    result = fetched_over_tls(server, authority.client_context(), host="bakery.test")
    assert result.status == 200
    assert (result.timings.dns_ms or 0) > 0


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_phase_of_a_visit_is_told(authority: Authority, method: str) -> None:
    pages = {"/": answer(b"", "301 Moved", "location: /home"), "/home": HOME}
    server = authority.server_context(names="DNS:bakery.test")
    result = fetched_over_tls(server, authority.client_context(), "bakery.test", pages, method)
    timings = result.timings
    assert (result.status, result.http_version, result.method) == (200, "HTTP/1.1", method)
    assert (result.final_url, result.redirects) == (result.url + "home", ())
    phases = [timings.dns_ms, timings.connect_ms, timings.tls_ms]
    assert all(phase and phase > 0 for phase in phases)
    assert sum(filter(None, phases)) < (timings.first_byte_ms or 0) < (timings.total_ms or 0)


def test_an_expired_certificate_is_a_finding_with_its_date(authority: Authority) -> None:
    server = authority.server_context(ends="20260301120000Z")
    result = fetched_over_tls(server, authority.client_context())
    assert (result.outcome, result.body) == (FetchOutcome.TLS_FAILURE, None)
    assert result.error == "certificate expired on 2026-03-01"


def test_a_certificate_for_another_name_is_refused(authority: Authority) -> None:
    server = authority.server_context(names="DNS:florist.test")
    result = fetched_over_tls(server, authority.client_context(), host="bakery.test")
    assert (result.outcome, result.error) == (FetchOutcome.TLS_FAILURE, "certificate is for another name")


def test_a_self_signed_certificate_is_refused(authority: Authority) -> None:
    result = fetched_over_tls(authority.server_context(is_self_signed=True), authority.client_context())
    assert result.outcome is FetchOutcome.TLS_FAILURE
    assert "certificate" in (result.error or "")


def test_an_unknown_authority_is_refused(authority: Authority) -> None:
    result = fetched_over_tls(authority.server_context(), None)
    assert result.outcome is FetchOutcome.TLS_FAILURE


def test_a_server_that_speaks_no_tls_is_a_tls_failure() -> None:
    def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def run() -> FetchedPage:
        server = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, loopback_fetcher() as fetcher:
            return await fetcher.fetch(f"https://127.0.0.1:{port}/")

    result = asyncio.run(run())
    assert result.outcome is FetchOutcome.TLS_FAILURE
    assert (result.error or "").startswith("no secure connection")


def test_verification_cannot_be_switched_off() -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    with pytest.raises(ValueError, match="always verified"):
        GuardedTransport(tls_context=context)
