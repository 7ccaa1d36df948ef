"""An OSM PBF file of any size, read in chunks of a few megabytes, each object no more often than it is needed.

Such a file is a row of blobs, `length of header, header, blob`, each of which can be read by itself
(https://wiki.openstreetmap.org/wiki/PBF_Format). The headers are walked here, the blobs are left to osmium. Reading
by chunks keeps the memory flat, says where in the file the damage is, and lets a later reading pass over the chunks
that cannot hold what it looks for: files are sorted by type and id.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from os import SEEK_CUR
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from leadgen_dagster.discovery.geography import Box
from leadgen_dagster.errors import FileError

if TYPE_CHECKING:
    from osmium._osmium import HandlerLike
    from osmium.osm import Node, Relation, Way, osm_entity_bits

    OsmObject = Node | Way | Relation

CHUNK_BYTES = 4_000_000
MAX_HEADER_BYTES = 64 * 1024
MAX_BLOB_BYTES = 32 * 1024 * 1024
NODE, WAY, RELATION = 0, 1, 2
"""The kinds of objects, in the order of a sorted file."""
_OTHER_FORMATS = {
    b"<": "OSM XML",
    b"\x1f\x8b": "a file packed with gzip",
    b"BZh": "a file packed with bzip2",
    b"PK": "a zip archive",
    b"\xff\xe0": "an o5m file",
}
_ORDER = "nwr"
_BEFORE_ALL, _AFTER_ALL = -(2**63), 2**63

Key = tuple[int, int]
"""Kind and id."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Blobs that lie behind each other and are read together."""

    blobs: tuple[int, ...]
    """Where each begins, and where the last one ends."""

    @property
    def begin(self) -> int:
        return self.blobs[0]

    @property
    def end(self) -> int:
        return self.blobs[-1]


class OsmFile:
    """An OSM PBF file, its blobs counted.

    Raises, here and whenever it is read:
        FileError: it is missing, of another format, cut off or damaged; says at which byte.
    """

    def __init__(self, path: Path, label: str) -> None:
        if not path.is_file():
            raise FileError(label, "is a folder, not a file" if path.is_dir() else "there is no such file")
        self.path = path
        self.label = label
        with path.open("rb") as stream:
            blobs = tuple(self._walk(stream))
        self._header_end = blobs[1]
        self.chunks = tuple(_chunks(blobs[1:]))
        self.position = f"between byte 0 and byte {self._header_end}"
        """Where it is being read, for a fault that shows only in what was read."""
        self._check_header()

    @property
    def box(self) -> Box | None:
        """The part of the map that the file says it covers."""
        box = self._header.box()
        if not box.valid():
            return None
        south_west, north_east = box.bottom_left, box.top_right
        return Box(south=south_west.lat, west=south_west.lon, north=north_east.lat, east=north_east.lon)

    def nodes(self, *handlers: "HandlerLike", chunk: Chunk) -> "Iterator[Node]":
        return cast("Iterator[Node]", self.read(NODE, *handlers, chunk=chunk))

    def ways(self, *handlers: "HandlerLike", chunk: Chunk) -> "Iterator[Way]":
        return cast("Iterator[Way]", self.read(WAY, *handlers, chunk=chunk))

    def relations(self, *handlers: "HandlerLike", chunk: Chunk) -> "Iterator[Relation]":
        return cast("Iterator[Relation]", self.read(RELATION, *handlers, chunk=chunk))

    def read(self, kind: int, *handlers: "HandlerLike", chunk: Chunk) -> "Iterator[OsmObject]":
        """The objects of a kind in a chunk that pass the handlers; each lives until the next is asked for."""
        from osmium import OsmFileIterator
        from osmium.io import FileBuffer, Reader
        from osmium.osm import NODE as NODES
        from osmium.osm import RELATION as RELATIONS
        from osmium.osm import WAY as WAYS

        entities: osm_entity_bits = (NODES, WAYS, RELATIONS)[kind]
        self.position = f"between byte {chunk.begin} and byte {chunk.end}"
        try:
            content = FileBuffer(self._bytes(chunk.begin, chunk.end), "pbf")
            with Reader(content, entities, thread_pool=self._pool) as reader:
                yield from OsmFileIterator(reader, *handlers)
        except RuntimeError as error:
            raise self._damaged(chunk, error) from error

    def chunks_of(self, kind: int) -> Iterator[Chunk]:
        """The chunks that may hold objects of a kind; every chunk may hold objects of one kind at least."""
        return (chunk for chunk, _lowest, _beyond in self._spans(kind))

    def chunks_with(self, kind: int, ids: Sequence[int]) -> Iterator[tuple[Chunk, Sequence[int]]]:
        """The chunks that may hold one of the sorted ids, with those ids."""
        for chunk, lowest, beyond in self._spans(kind):
            if inside := ids[bisect_left(ids, lowest) : bisect_left(ids, beyond)]:
                yield chunk, inside

    def _spans(self, kind: int) -> Iterator[tuple[Chunk, int, int]]:
        """Chunk, its lowest id of the kind at least, and an id beyond its highest."""
        for chunk, (low, high) in zip(self.chunks, pairwise((*self._firsts, (9, 0))), strict=True):
            if not self._is_sorted:
                yield chunk, _BEFORE_ALL, _AFTER_ALL
            elif low[0] <= kind <= high[0]:
                yield (
                    chunk,
                    low[1] if low[0] == kind else _BEFORE_ALL,
                    high[1] if high[0] == kind else _AFTER_ALL,
                )

    @cached_property
    def _firsts(self) -> tuple[Key, ...]:
        """The first object of each chunk."""
        from osmium import FileProcessor
        from osmium.io import FileBuffer

        found: list[Key] = [(NODE, _BEFORE_ALL)]
        for chunk in self.chunks[1:]:
            try:
                content = FileBuffer(self._bytes(*chunk.blobs[:2]), "pbf")
                first = next(iter(FileProcessor(content, thread_pool=self._pool)), None)
            except RuntimeError as error:
                raise self._damaged(chunk, error) from error
            found.append((_ORDER.index(first.type_str()), first.id) if first else found[-1])
        return tuple(found)

    @cached_property
    def _is_sorted(self) -> bool:
        return all(one <= other for one, other in pairwise(self._firsts))

    @cached_property
    def _pool(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - osmium is imported where it is needed
        from osmium.io import ThreadPool

        return ThreadPool()

    @cached_property
    def _header(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - osmium is imported where it is needed
        from osmium.io import FileBuffer, Reader
        from osmium.osm import NOTHING

        with Reader(FileBuffer(self._bytes(0, 0), "pbf"), NOTHING) as reader:
            return reader.header()

    def _check_header(self) -> None:
        try:
            header = self._header
        except RuntimeError as error:
            raise FileError(
                self.label, f"damaged between byte 0 and byte {self._header_end}: {_line(error)}"
            ) from error
        if header.has_multiple_object_versions:
            raise FileError(
                self.label, "holds the history of its objects; `osmium time-filter` makes a file of one day"
            )
        if not self.chunks:
            raise FileError(
                self.label, f"ends at byte {self._header_end}, after its header; no object follows"
            )

    def _bytes(self, begin: int, end: int) -> bytes:
        """The file's header and some of its blobs: by itself a whole file."""
        with self.path.open("rb") as stream:
            header = stream.read(self._header_end)
            stream.seek(begin)
            return header + stream.read(end - begin)

    def _walk(self, stream: IO[bytes]) -> Iterator[int]:
        """Where each blob begins, and where the last one ends."""
        size = stream.seek(0, 2)
        stream.seek(0)
        if not size:
            raise FileError(self.label, "is empty, not an OSM PBF file")
        begin = 0
        while begin < size:
            yield begin
            length = int.from_bytes(stream.read(4), "big")
            if begin + 4 > size or (length <= MAX_HEADER_BYTES and begin + 4 + length > size):
                raise self._cut_off(begin, size)
            header = _blob_header(stream.read(length)) if length <= MAX_HEADER_BYTES else None
            if header is None or header[0] != (b"OSMData" if begin else b"OSMHeader"):
                raise self._no_blob(stream, begin)
            end = begin + 4 + length + header[1]
            if end > size:
                raise self._cut_off(begin, size)
            begin = stream.seek(header[1], SEEK_CUR)
        yield begin

    def _cut_off(self, begin: int, size: int) -> FileError:
        return FileError(
            self.label, f"not a complete OSM PBF file: cut off at byte {size}, in the blob of byte {begin}"
        )

    def _no_blob(self, stream: IO[bytes], begin: int) -> FileError:
        if begin:
            return FileError(self.label, f"damaged at byte {begin}: no blob of OSM data begins there")
        stream.seek(0)
        start = stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
        other = next((kind for mark, kind in _OTHER_FORMATS.items() if start.startswith(mark)), None)
        told = f"is {other}; `osmium cat` makes one of it" if other else "no blob begins at byte 0"
        return FileError(self.label, f"not an OSM PBF file: {told}")

    def _damaged(self, chunk: Chunk, error: RuntimeError) -> FileError:
        """Reads the blobs of a chunk one by one to see which one it is."""
        from osmium import apply
        from osmium.filter import EmptyTagFilter
        from osmium.io import FileBuffer

        for begin, end in pairwise(chunk.blobs):
            try:
                apply(FileBuffer(self._bytes(begin, end), "pbf"), EmptyTagFilter())
            except RuntimeError as found:
                return FileError(self.label, f"damaged between byte {begin} and byte {end}: {_line(found)}")
        return FileError(self.label, f"damaged {self.position}: {_line(error)}")


def _line(error: RuntimeError) -> str:
    return " ".join(str(error).split())


def _chunks(blobs: Sequence[int]) -> Iterator[Chunk]:
    """Blobs grouped until there are enough bytes."""
    begin = 0
    for at in range(1, len(blobs)):
        if blobs[at] - blobs[begin] >= CHUNK_BYTES or at == len(blobs) - 1:
            yield Chunk(tuple(blobs[begin : at + 1]))
            begin = at


def _blob_header(content: bytes) -> tuple[bytes, int] | None:
    """Type and length of the blob that follows: fields 1 and 3 of the message `BlobHeader`; None if it is none."""
    kind, size = b"", -1
    at = 0
    while at < len(content):
        tag, at = _varint(content, at)
        value, at = _varint(content, at)
        if at < 0 or tag & 7 not in {0, 2}:
            return None
        if tag & 7 == 2:
            if tag >> 3 == 1:
                kind = content[at : at + value]
            at += value
        elif tag >> 3 == 3:
            size = value
    return (kind, size) if at == len(content) and 0 <= size <= MAX_BLOB_BYTES else None


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
