"""The way to the public internet: every address is checked, and the address that was checked is connected to.

Proxies and environment variables are never asked; certificates are always verified.
"""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from ipaddress import ip_address, ip_network
from typing import Any

import httpcore
import httpx

from leadgen_dagster.clients import failures
from leadgen_dagster.clients.addresses import denied_network
from leadgen_dagster.scoring.snapshots import Timings

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to addresses; raises `socket.gaierror` like the system's."""

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

CONNECT_TIMEOUT_S = 10.0
MAX_ADDRESSES_TRIED = 4
RESOLVER_THREADS = 32

NO_CHECK_TIME = 0x200000
"""OpenSSL's `X509_V_FLAG_NO_CHECK_TIME`: everything is verified but the dates."""

CERTIFICATE_FAULTS = {
    9: "certificate is not valid yet",
    18: "certificate is signed by itself",
    19: "certificate is signed by an unknown authority",
    20: "certificate's issuer is unknown or its chain is incomplete",
    21: "certificate's chain is incomplete",
    23: "certificate was revoked",
    62: "certificate is for another name",
    64: "certificate is for another address",
}
"""OpenSSL's `X509_V_ERR_*` codes in words."""

CERTIFICATE_EXPIRED = 10


class GuardedTransport(httpx.AsyncBaseTransport):
    """One connection a request, to public addresses only; failures come as `FetchError`."""

    def __init__(
        self,
        *,
        allowed_networks: Sequence[str] = (),
        tls_context: ssl.SSLContext | None = None,
        resolve: Resolver | None = None,
    ) -> None:
        tls_context = tls_context or httpx.create_ssl_context(trust_env=False)
        if tls_context.verify_mode is not ssl.CERT_REQUIRED or not tls_context.check_hostname:
            raise ValueError("certificates are always verified")
        self._system_resolver = SystemResolver()
        backend = GuardedBackend(resolve or self._system_resolver, allowed_networks=allowed_networks)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls_context,
            max_connections=None,  # the fetcher bounds them; the pool would let the slow ones block it
            max_keepalive_connections=0,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        began = time.perf_counter()
        with _named_failures(request.url.host):
            response = await self._pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    extensions=request.extensions,
                )
            )
        connected: ConnectTimes = response.extensions["network_stream"].get_extra_info("connect_times")
        timings = Timings(
            dns_ms=connected.dns_ms,
            connect_ms=connected.connect_ms,
            tls_ms=connected.tls_ms,
            first_byte_ms=_milliseconds_since(began),
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_BodyStream(request.url.host, response),
            extensions={**response.extensions, "timings": timings},
        )

    async def aclose(self) -> None:
        await self._pool.aclose()
        self._system_resolver.close()


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


@dataclass(slots=True)
class ConnectTimes:
    """How long a connection took to come about, in milliseconds."""

    dns_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves a host, refuses it if any address is denied, and connects to one of those it checked."""

    def __init__(self, resolve: Resolver, *, allowed_networks: Sequence[str] = ()) -> None:
        self._resolve = resolve
        self._allowed = tuple(ip_network(network) for network in allowed_networks)
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's interface
        local_address: str | None = None,  # noqa: ARG002  # httpcore's interface
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        began = time.perf_counter()
        addresses, dns_ms = await self._checked_addresses(host, port)
        began = began if dns_ms is None else time.perf_counter()
        failure: Exception | None = None
        for address in addresses[:MAX_ADDRESSES_TRIED]:
            try:
                stream = await self._sockets.connect_tcp(
                    address, port, timeout=timeout or CONNECT_TIMEOUT_S, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            times = ConnectTimes(dns_ms=dns_ms, connect_ms=_milliseconds_since(began))
            return _GuardedStream(stream, times, partial(self._sockets.connect_tcp, address, port))
        if isinstance(failure, httpcore.ConnectTimeout):
            raise failures.timed_out(timeout or CONNECT_TIMEOUT_S)
        raise failures.connection_failed(host)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _checked_addresses(self, host: str, port: int) -> tuple[list[str], float | None]:
        literal = host.strip("[]")
        try:
            addresses, dns_ms = [str(ip_address(literal))], None
        except ValueError:
            began = time.perf_counter()
            addresses = await self._resolved(host, port)
            dns_ms = _milliseconds_since(began)
        for address in addresses:
            network = self._denied(address)
            if network:
                raise failures.address_denied(host, network)
        # Almost every small firm's site has IPv4, and a broken IPv6 route is the commonest silent hang.
        return sorted(addresses, key=lambda address: ":" in address), dns_ms

    async def _resolved(self, host: str, port: int) -> list[str]:
        try:
            addresses = list(await self._resolve(host, port))
        except (socket.gaierror, UnicodeError):
            raise failures.name_unknown(host) from None
        if not addresses:
            raise failures.name_unknown(host)
        return addresses

    def _denied(self, address: str) -> str | None:
        if any(ip_address(address) in network for network in self._allowed):
            return None
        return denied_network(address)


class _GuardedStream(httpcore.AsyncNetworkStream):
    """A connection that knows how long it took, and what is wrong with its certificate."""

    def __init__(
        self,
        stream: httpcore.AsyncNetworkStream,
        times: ConnectTimes,
        reconnect: Callable[[], Awaitable[httpcore.AsyncNetworkStream]],
    ) -> None:
        self._stream = stream
        self._times = times
        self._reconnect = reconnect

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # httpcore's
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        began = time.perf_counter()
        try:
            self._stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except asyncio.CancelledError:
            await self._stream.aclose()  # httpcore lets go of a connection that was given up in the handshake
            raise
        except httpcore.ConnectError as error:
            raise await self._tls_failure(error.__cause__, ssl_context, server_hostname) from error
        self._times.tls_ms = _milliseconds_since(began)
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # httpcore's interface
        return self._times if info == "connect_times" else self._stream.get_extra_info(info)

    async def _tls_failure(
        self, cause: BaseException | None, ssl_context: ssl.SSLContext, server_hostname: str | None
    ) -> failures.FetchError:
        if not isinstance(cause, ssl.SSLCertVerificationError):
            reason = getattr(cause, "reason", None)
            words = str(reason).lower().replace("_", " ") if reason else "the server broke it off"
            return failures.tls_failed(f"no secure connection: {words}")
        if cause.verify_code == CERTIFICATE_EXPIRED:
            return failures.certificate_expired(await self._expiry(ssl_context, server_hostname))
        return failures.tls_failed(
            CERTIFICATE_FAULTS.get(cause.verify_code, f"certificate is not trusted: {cause.verify_message}")
        )

    async def _expiry(self, ssl_context: ssl.SSLContext, server_hostname: str | None) -> date | None:
        """The day the certificate ended, from a second handshake that verifies all but the dates.

        Nothing is asked for over that connection.
        """
        try:
            stream = await self._reconnect()
            secured = await stream.start_tls(_without_dates(ssl_context), server_hostname, CONNECT_TIMEOUT_S)
        except (httpcore.NetworkError, httpcore.TimeoutException):
            return None
        certificate = secured.get_extra_info("ssl_object").getpeercert()
        await secured.aclose()
        ended = ssl.cert_time_to_seconds(certificate["notAfter"])
        return datetime.fromtimestamp(ended, UTC).date()


def _without_dates(verified: ssl.SSLContext) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=b"".join(verified.get_ca_certs(binary_form=True)))
    context.verify_flags = ssl.VerifyFlags(verified.verify_flags | NO_CHECK_TIME)
    return context


class _BodyStream(httpx.AsyncByteStream):
    """The body as it comes over the wire."""

    def __init__(self, host: str, response: httpcore.Response) -> None:
        self._host = host
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _named_failures(self._host):
            async for chunk in self._response.aiter_stream():
                yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()


@contextlib.contextmanager
def _named_failures(host: str) -> Iterator[None]:
    """What httpcore and the sockets raise, as the outcome it stands for."""
    try:
        yield
    except httpcore.TimeoutException:
        raise failures.timed_out(CONNECT_TIMEOUT_S) from None
    except httpcore.ProtocolError as error:
        raise failures.connection_failed(host, f"the answer is not HTTP ({_one_line(error)})") from error
    except (httpcore.NetworkError, OSError) as error:
        raise failures.connection_failed(host, "the connection broke off") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def _milliseconds_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)
