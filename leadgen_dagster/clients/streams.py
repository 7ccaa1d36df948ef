"""Connections to one checked address: plain or encrypted, timed, certificates always verified.

Plain ones are bare sockets on the event loop: with a connection for every request, whatever stands between
costs more than the request. Deadlines are the fetcher's, so a read or write has none of its own.
"""

import asyncio
import socket
import ssl
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import httpcore

from leadgen_dagster.clients import failures

CONNECT_TIMEOUT_S = 10.0

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


@dataclass(frozen=True, slots=True)
class Address:
    """One that was checked."""

    ip: str
    port: int


@dataclass(slots=True)
class ConnectTimes:
    """How long a connection took to come about, in milliseconds."""

    dns_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None


async def connected(address: Address, timeout_s: float = CONNECT_TIMEOUT_S) -> "PlainStream":
    """A connection to the address.

    Raises:
        OSError: nobody answers there; `TimeoutError` among them.
    """
    began = time.perf_counter()
    sock = socket.socket(socket.AF_INET6 if ":" in address.ip else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        async with asyncio.timeout(timeout_s):
            await asyncio.get_running_loop().sock_connect(sock, (address.ip, address.port))
    except BaseException:
        sock.close()
        raise
    return PlainStream(sock, address, ConnectTimes(connect_ms=milliseconds_since(began)))


@dataclass(slots=True)
class PlainStream(httpcore.AsyncNetworkStream):
    """A socket as httpcore wants it."""

    sock: socket.socket
    address: Address
    times: ConnectTimes = field(default_factory=ConnectTimes)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109  # httpcore's
        return await asyncio.get_running_loop().sock_recv(self.sock, max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109  # httpcore's
        if buffer:  # the end of a request without a body is none
            await asyncio.get_running_loop().sock_sendall(self.sock, buffer)

    async def aclose(self) -> None:
        self.sock.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  # httpcore's
    ) -> "TlsStream":
        """The same connection, encrypted, once the certificate is found good.

        Raises:
            FetchError: with outcome `TLS_FAILURE` and the reason.
        """
        began = time.perf_counter()
        try:
            reader, writer = await asyncio.open_connection(
                sock=self.sock, ssl=ssl_context, server_hostname=server_hostname
            )
        except OSError as error:  # of the handshake or of the connection below
            raise await self._tls_failure(error, ssl_context, server_hostname) from error
        self.times.tls_ms = milliseconds_since(began)
        return TlsStream(reader, writer, self.times)

    async def _tls_failure(
        self, error: OSError, ssl_context: ssl.SSLContext, server_hostname: str | None
    ) -> failures.FetchError:
        if not isinstance(error, ssl.SSLCertVerificationError):
            reason = getattr(error, "reason", None)
            words = str(reason).lower().replace("_", " ") if reason else "the server broke it off"
            return failures.tls_failed(f"no secure connection: {words}")
        if error.verify_code == CERTIFICATE_EXPIRED:
            return failures.certificate_expired(await self._expiry(ssl_context, server_hostname))
        return failures.tls_failed(
            CERTIFICATE_FAULTS.get(error.verify_code, f"certificate is not trusted: {error.verify_message}")
        )

    async def _expiry(self, ssl_context: ssl.SSLContext, server_hostname: str | None) -> date | None:
        """The day the certificate ended, from a second handshake that verifies all but the dates.

        Nothing is asked for over that connection.
        """
        try:
            stream = await connected(self.address)
            secured = await stream.start_tls(_without_dates(ssl_context), server_hostname)
        except (OSError, failures.FetchError):
            return None
        certificate = secured.get_extra_info("ssl_object").getpeercert()
        await secured.aclose()
        ended = ssl.cert_time_to_seconds(certificate["notAfter"])
        return datetime.fromtimestamp(ended, UTC).date()


@dataclass(slots=True)
class TlsStream(httpcore.AsyncNetworkStream):
    """An encrypted connection as httpcore wants it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    times: ConnectTimes

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109  # httpcore's
        return await self.reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109  # httpcore's
        self.writer.write(buffer)
        await self.writer.drain()

    async def aclose(self) -> None:
        self.writer.transport.abort()  # a polite goodbye would wait for the other's

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # httpcore's interface
        return self.writer.get_extra_info(info)


def _without_dates(verified: ssl.SSLContext) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=b"".join(verified.get_ca_certs(binary_form=True)))
    context.verify_flags = ssl.VerifyFlags(verified.verify_flags | NO_CHECK_TIME)
    return context


def milliseconds_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)
