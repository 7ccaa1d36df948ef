"""Reads the body of an answer within two caps: bytes on the wire, and bytes once inflated."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

from leadgen_dagster.clients.failures import bad_encoding, too_large

GZIP_WBITS = 16 + zlib.MAX_WBITS
GZIP_MAGIC = b"\x1f\x8b"
ZLIB_HEADER_BYTES = 2
GZIP_NAMES = frozenset({"gzip", "x-gzip"})
DEFLATE = "deflate"
ACCEPT_ENCODING = "gzip, deflate"

MAX_MEMBERS = 100
MAX_PIECES = 20_000
"""More members or chunks than any honest answer has cost time, however small they are."""
PIECES_AT_ONCE = 50
"""Then others get a turn, though more is there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLimits:
    """How much of a body is read."""

    wire_bytes: int
    inflated_bytes: int
    is_prefix_enough: bool = False
    """Whether a longer body is cut there and not refused."""


PAGE_LIMITS = BodyLimits(wire_bytes=5_000_000, inflated_bytes=10_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What was read."""

    data: bytes
    wire_bytes: int


class _PrefixReadError(Exception):
    """The limit is reached and what was read until then is enough."""


async def read_body(response: httpx.Response, limits: BodyLimits) -> Body:
    """Reads and inflates a streamed answer; the caller closes it.

    Raises:
        FetchError: with outcome `TOO_LARGE` or `BAD_ENCODING`.
    """
    announced = announced_length(response)
    if announced is not None and announced > limits.wire_bytes and not limits.is_prefix_enough:
        raise too_large(limits.wire_bytes, "the page")
    sink = _Sink(limits, _decoder_for(response))
    try:
        await sink.drain(response.aiter_raw())
    except _PrefixReadError:
        return sink.body
    sink.finish()
    return sink.body


def announced_length(response: httpx.Response) -> int | None:
    """The content-length header, where it is a plausible number."""
    value = response.headers.get("content-length", "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 15 else None


class _Plain:
    """No encoding."""

    is_complete = True

    def feed(self, data: bytes, room: int) -> bytes:
        return data[:room]

    def pending(self) -> bytes:
        return b""


class _Inflater:
    """Gzip (several members, trailing rubbish ignored) or deflate (with zlib's header or raw)."""

    def __init__(self, encoding: str) -> None:
        self._is_gzip = encoding in GZIP_NAMES
        self._stream = zlib.decompressobj(GZIP_WBITS) if self._is_gzip else None
        self._held = b""
        self._members = 1
        self._has_begun = False

    @property
    def is_complete(self) -> bool:
        return self._stream is None or self._stream.eof or not self._has_begun

    def feed(self, data: bytes, room: int) -> bytes:
        if self._stream is None:
            self._held += data
            if len(self._held) < ZLIB_HEADER_BYTES:
                return b""
            data, self._stream = self._held, zlib.decompressobj(_deflate_wbits(self._held))
        elif self._stream.eof:
            if not self._is_next_member(data):
                return b""
            self._stream = zlib.decompressobj(GZIP_WBITS)
        self._has_begun = True
        return self._stream.decompress(data, room)

    def pending(self) -> bytes:
        """Bytes taken in but not yet inflated."""
        if self._stream is None:
            return b""
        if self._stream.eof:
            rest = self._stream.unused_data
            return rest if rest.startswith(GZIP_MAGIC) and self._is_gzip else b""
        return self._stream.unconsumed_tail

    def _is_next_member(self, data: bytes) -> bool:
        if not self._is_gzip or not data.startswith(GZIP_MAGIC):
            return False
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise bad_encoding(f"the compressed body has more than {MAX_MEMBERS} members")
        return True


def _deflate_wbits(beginning: bytes) -> int:
    """With zlib's header as the standard has it, or without one as some servers send it."""
    method, check = beginning[0] & 0x0F, int.from_bytes(beginning[:ZLIB_HEADER_BYTES])
    return zlib.MAX_WBITS if method == zlib.DEFLATED and check % 31 == 0 else -zlib.MAX_WBITS


def _decoder_for(response: httpx.Response) -> _Plain | _Inflater:
    names = [
        name.strip().lower() for name in response.headers.get_list("content-encoding", split_commas=True)
    ]
    encodings = [name for name in names if name not in ("", "identity")]
    if not encodings:
        return _Plain()
    if len(encodings) > 1:
        raise bad_encoding(f"nested content encodings: {', '.join(encodings)[:60]}")
    if encodings[0] not in GZIP_NAMES | {DEFLATE}:
        raise bad_encoding(f"content encoding {encodings[0][:30]} was not asked for")
    return _Inflater(encodings[0])


class _Sink:
    """Counts what comes in and what comes out."""

    def __init__(self, limits: BodyLimits, decoder: _Plain | _Inflater) -> None:
        self._limits = limits
        self._decoder = decoder
        self._parts: list[bytes] = []
        self._inflated_bytes = 0
        self._wire_bytes = 0

    @property
    def body(self) -> Body:
        return Body(data=b"".join(self._parts), wire_bytes=self._wire_bytes)

    async def drain(self, chunks: AsyncIterator[bytes]) -> None:
        pieces = 0
        async for chunk in chunks:
            pieces += 1
            if pieces > MAX_PIECES:
                raise bad_encoding(f"the body comes in more than {MAX_PIECES} pieces")
            if pieces % PIECES_AT_ONCE == 0:
                await asyncio.sleep(0)
            self._wire_bytes += len(chunk)
            if self._wire_bytes > self._limits.wire_bytes and not self._limits.is_prefix_enough:
                raise too_large(self._limits.wire_bytes, "the page")
            self._take(chunk)

    def finish(self) -> None:
        if not self._decoder.is_complete:
            raise bad_encoding("the compressed body ends early")

    def _take(self, data: bytes) -> None:
        while data:
            room = self._limits.inflated_bytes - self._inflated_bytes
            try:
                # One byte more than there is room for tells a full page from one that is too large.
                inflated = self._decoder.feed(data, room + 1)
            except zlib.error:
                raise bad_encoding("the compressed body does not inflate") from None
            if len(inflated) > room:
                self._parts.append(inflated[:room])
                self._overflow()
            self._parts.append(inflated)
            self._inflated_bytes += len(inflated)
            data = self._decoder.pending()

    def _overflow(self) -> None:
        if self._limits.is_prefix_enough:
            raise _PrefixReadError
        raise too_large(self._limits.inflated_bytes, "the page, once inflated,")
