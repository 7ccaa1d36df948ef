"""The little that is read of a PBF blob here: what it says of itself, and its first object.

The messages are `BlobHeader`, `Blob` and `PrimitiveBlock` of https://wiki.openstreetmap.org/wiki/PBF_Format, in the
encoding of https://protobuf.dev/programming-guides/encoding/.
"""

import zlib
from collections.abc import Iterator

MAX_HEADER_BYTES = 64 * 1024
MAX_BLOB_BYTES = 32 * 1024 * 1024
NODE, WAY, RELATION = 0, 1, 2
"""The kinds of objects, in the order of a sorted file."""

Key = tuple[int, int]
"""Kind and id."""

_NUMBER, _BYTES = 0, 2
_START_BYTES = 1024
_KINDS = {1: NODE, 2: NODE, 3: WAY, 4: RELATION}
"""Field of `PrimitiveGroup` -> what it holds; 2 is a row of nodes."""


def blob_header(content: bytes) -> tuple[bytes, int] | None:
    """Type and length of the blob that follows; None if it is no `BlobHeader`."""
    kind, size = b"", -1
    for field, value in _fields(content):
        if field == 1 and isinstance(value, bytes):
            kind = value
        elif field == 3 and isinstance(value, int):
            size = value
        elif field < 0:
            return None
    return (kind, size) if 0 <= size <= MAX_BLOB_BYTES else None


def first_object(content: bytes) -> Key | None:
    """The first object of a blob with its header; None where a closer look is needed, at damage for one."""
    size = int.from_bytes(content[:4], "big")
    for field, value in _fields(content[4 + size :]):
        if not isinstance(value, bytes):
            continue
        if field == 1:
            return _first_of_block(value)
        if field == 3:
            return _first_of_block(_start_of_block(value))
    return None


def holds_nul(content: bytes) -> bool:
    """Whether a text of the blob holds NUL. No map has one, and osmium reads on behind it, into memory not its own."""
    size = int.from_bytes(content[:4], "big")
    for field, value in _fields(content[4 + size :]):
        if field in {1, 3} and isinstance(value, bytes):
            block = value if field == 1 else _start_of_block(value)
            number, texts = next(_fields(block), (-1, b""))
            if number != 1 or not isinstance(texts, bytes):
                return False
            # The length of an empty text is such a byte too, between the marks of this text and the next.
            if texts.count(0) > min(texts.count(b"\n\0"), texts.count(b"\0\n")):
                return any(isinstance(text, bytes) and 0 in text for _number, text in _fields(texts))
    return False


def _start_of_block(packed: bytes) -> bytes:
    """Its texts, and the beginning of its objects."""
    unpacker = zlib.decompressobj()
    try:
        start = unpacker.decompress(packed, _START_BYTES)
        _tag, at = _varint(start, 0)
        texts, at = _varint(start, at)
        return start + unpacker.decompress(unpacker.unconsumed_tail, max(1, at + texts))
    except zlib.error:
        return b""


def _first_of_block(block: bytes) -> Key | None:
    group = next((value for field, value in _fields(block) if field == 2 and isinstance(value, bytes)), b"")
    field, objects = next(_fields(group), (-1, b""))
    if field not in _KINDS or not isinstance(objects, bytes):
        return None
    for number, value in _fields(objects):
        if number == 1:
            first = _varint(value, 0)[0] if isinstance(value, bytes) else value
            return _KINDS[field], (first >> 1) ^ -(first & 1) if field in {1, 2} else _signed(first)
    return None


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


def _fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field; the last bytes may be missing; -1 where no field is."""
    at = 0
    while at < len(content):
        tag, at = _varint(content, at)
        value, at = _varint(content, at)
        if at < 0 or tag & 7 not in {_NUMBER, _BYTES}:
            yield -1, 0
            return
        if tag & 7 == _BYTES:
            yield tag >> 3, content[at : at + value]
            at += value
        else:
            yield tag >> 3, value


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits to the byte, and where it ends; -1 if it does not."""
    value = shift = 0
    while 0 <= at < len(content) and shift < 64:
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    return 0, -1
