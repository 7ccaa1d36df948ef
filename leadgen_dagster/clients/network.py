"""The way to the public internet: every address is checked, and the address that was checked is connected to.

Proxies and environment variables are never asked; certificates are always verified.
"""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpcore
import httpx

from leadgen_dagster.clients import failures
from leadgen_dagster.clients.addresses import denied_network
from leadgen_dagster.clients.streams import (
    CONNECT_TIMEOUT_S,
    Address,
    PlainStream,
    connected,
    milliseconds_since,
)
from leadgen_dagster.scoring.snapshots import Timings

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to addresses; raises `socket.gaierror` like the system's."""

MAX_ADDRESSES_TRIED = 4
RESOLVER_THREADS = 128
"""Started as they are needed: names that take long must not hold up those that do not."""
MAX_HEAD_BYTES = 200_000
MAX_BODY_BYTES = 6_000_000
"""As sent, with all that chunks are wrapped in; the body itself has a cap of its own."""
PORTS = {"http": 80, "https": 443}


class GuardedTransport(httpx.AsyncBaseTransport):
    """One connection a request, to public addresses only; failures come as `FetchError`.

    There is no pool: with a connection for every request there is nothing to keep in it.
    """

    def __init__(
        self,
        *,
        allowed_networks: Sequence[str] = (),
        tls_context: ssl.SSLContext | None = None,
        resolve: Resolver | None = None,
    ) -> None:
        self._tls_context = tls_context or _default_tls_context()
        if self._tls_context.verify_mode is not ssl.CERT_REQUIRED or not self._tls_context.check_hostname:
            raise ValueError("certificates are always verified")
        self._system_resolver = SystemResolver()
        self._backend = GuardedBackend(resolve or self._system_resolver, allowed_networks=allowed_networks)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        began = time.perf_counter()
        url = request.url
        host, port = url.raw_host.decode("ascii"), url.port or PORTS[url.scheme]
        with _named_failures(host):
            stream = await self._backend.connect_tcp(host, port)
            times = stream.times
            secured = await stream.start_tls(self._tls_context, host) if url.scheme == "https" else stream
            core_url = httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            )
            capped = _CappedStream(secured)
            connection = httpcore.AsyncHTTP11Connection(core_url.origin, capped)
            # A connection that fails or is given up closes its stream by itself.
            response = await connection.handle_async_request(
                httpcore.Request(request.method, core_url, headers=request.headers.raw)
            )
            capped.begin_body()
        timings = Timings(
            dns_ms=times.dns_ms,
            connect_ms=times.connect_ms,
            tls_ms=times.tls_ms,
            first_byte_ms=milliseconds_since(began),
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_BodyStream(host, response, connection),
            extensions={"http_version": response.extensions["http_version"], "timings": timings},
        )

    async def aclose(self) -> None:
        self._system_resolver.close()


@cache
def _default_tls_context() -> ssl.SSLContext:
    """Reading the authorities takes longer than twenty requests."""
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])
    return context


class SystemResolver:
    """`getaddrinfo` in threads of its own, so that names that take long hold up nobody else's."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(self._threads, _getaddrinfo, host, port)
        return list(dict.fromkeys(str(answer[4][0]) for answer in answers))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _getaddrinfo(host: str, port: int) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class GuardedBackend:
    """Resolves a host, refuses it if any address is denied, and connects to one of those it checked."""

    def __init__(self, resolve: Resolver, *, allowed_networks: Sequence[str] = ()) -> None:
        self._resolve = resolve
        self._allowed = tuple(ip_network(network) for network in allowed_networks)

    async def connect_tcp(self, host: str, port: int, timeout: float = CONNECT_TIMEOUT_S) -> PlainStream:  # noqa: ASYNC109  # for each address
        """A connection to the host.

        Raises:
            FetchError: the name is unknown, an address is denied, or nobody answers.
        """
        addresses, dns_ms = await self._checked_addresses(host, port)
        failure: OSError | None = None
        for ip in addresses[:MAX_ADDRESSES_TRIED]:
            try:
                stream = await connected(Address(ip, port), timeout)
            except OSError as error:
                failure = error
                continue
            stream.times.dns_ms = dns_ms
            return stream
        if isinstance(failure, TimeoutError):
            raise failures.timed_out(timeout)
        raise failures.connection_failed(host)

    async def _checked_addresses(self, host: str, port: int) -> tuple[list[str], float | None]:
        try:
            addresses, dns_ms = [ip_address(host.strip("[]"))], None
        except ValueError:
            began = time.perf_counter()
            addresses = await self._resolved(host, port)
            dns_ms = milliseconds_since(began)
        for address in addresses:
            network = self._denied(address)
            if network:
                raise failures.address_denied(host, network)
        # Almost every small firm's site has IPv4, and a broken IPv6 route is the commonest silent hang.
        return [str(address) for address in sorted(addresses, key=lambda address: address.version)], dns_ms

    async def _resolved(self, host: str, port: int) -> list[IPv4Address | IPv6Address]:
        try:
            addresses = await self._resolve(host, port)
        except (socket.gaierror, UnicodeError):
            raise failures.name_unknown(host) from None
        if not addresses:
            raise failures.name_unknown(host)
        return [ip_address(address) for address in addresses]

    def _denied(self, address: IPv4Address | IPv6Address) -> str | None:
        if any(address in network for network in self._allowed):
            return None
        return denied_network(address)


class _CappedStream(httpcore.AsyncNetworkStream):
    """Ends a connection that brings more than any answer needs: endless interim answers, chunks of nothing."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._left_bytes = MAX_HEAD_BYTES

    def begin_body(self) -> None:
        self._left_bytes = MAX_BODY_BYTES

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's
        data = await self._stream.read(max_bytes, timeout)
        self._left_bytes -= len(data)
        if self._left_bytes < 0:
            raise httpcore.RemoteProtocolError("more is sent than any answer needs")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # httpcore's
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()


class _BodyStream(httpx.AsyncByteStream):
    """The body as it comes over the wire."""

    def __init__(
        self, host: str, response: httpcore.Response, connection: httpcore.AsyncHTTP11Connection
    ) -> None:
        self._host = host
        self._response = response
        self._connection = connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _named_failures(self._host):
            async for chunk in self._response.aiter_stream():
                yield chunk

    async def aclose(self) -> None:
        await self._connection.aclose()


@contextlib.contextmanager
def _named_failures(host: str) -> Iterator[None]:
    """What httpcore and the sockets raise, as the outcome it stands for."""
    try:
        yield
    except httpcore.ProtocolError as error:
        raise failures.connection_failed(host, f"the answer is not HTTP ({_one_line(error)})") from error
    except OSError as error:
        raise failures.connection_failed(host, "the connection broke off") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
