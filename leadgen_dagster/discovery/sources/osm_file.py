"""An OSM PBF file of any size, read in chunks of a few megabytes, each object no more often than it is needed.

Such a file is a row of blobs, `length of header, header, blob`, each of which can be read by itself
(https://wiki.openstreetmap.org/wiki/PBF_Format). The headers are walked here, the blobs are left to osmium. Reading
by chunks keeps the memory flat, says where in the file the damage is, and lets a later reading pass over the chunks
that cannot hold what it looks for: files are sorted by type and id.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from os import SEEK_CUR
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from leadgen_dagster.discovery.geography import Box
from leadgen_dagster.discovery.sources.osm_blobs import (
    MAX_HEADER_BYTES,
    NODE,
    RELATION,
    WAY,
    Key,
    blob_header,
    first_object,
    holds_nul,
)
from leadgen_dagster.errors import FileError

if TYPE_CHECKING:
    from osmium._osmium import HandlerLike
    from osmium.osm import Node, Relation, Way, osm_entity_bits

    OsmObject = Node | Way | Relation

CHUNK_BYTES = 2_000_000
MIN_BARE_NODES = 1_000
"""So many nodes without tags and no way after them are no mapper's oversight; a blob holds 8,000 objects."""
_OTHER_FORMATS = {
    b"<": "OSM XML",
    b"\x1f\x8b": "a file packed with gzip",
    b"BZh": "a file packed with bzip2",
    b"PK": "a zip archive",
    b"\xff\xe0": "an o5m file",
}
_ORDER = "nwr"
_BEFORE_ALL, _AFTER_ALL = -(2**63), 2**63


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
        self._blobs = blobs[1:]
        self._known_firsts: dict[int, Key] = {}
        self._sound: set[int] = set()
        """Where the blobs begin whose texts were looked at."""
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
            content = self._bytes(chunk.begin, chunk.end)
            self._check_texts(chunk, content[self._header_end :])
            with Reader(FileBuffer(content, "pbf"), entities, thread_pool=self._pool) as reader:
                yield from OsmFileIterator(reader, *handlers)
        except RuntimeError as error:
            raise self._damaged(chunk, error) from error

    def chunks_of(self, kind: int) -> Iterator[Chunk]:
        """The chunks that may hold objects of a kind; every chunk may hold objects of one kind at least."""
        return (chunk for chunk, _lowest, _beyond in self._spans(kind))

    def chunks_with(self, kind: int, ids: Sequence[int]) -> Iterator[tuple[Chunk, Sequence[int]]]:
        """The chunks that may hold one of the sorted ids, with those ids."""
        return _with_ids(self._spans(kind), ids)

    def blobs_with(self, kind: int, ids: Sequence[int]) -> Iterator[tuple[Chunk, Sequence[int]]]:
        """The same, blob by blob: for ids that are few, most blobs need not be read."""
        for chunk, some in self.chunks_with(kind, ids):
            firsts = [(kind, _BEFORE_ALL), *map(self._first_of, chunk.blobs[1:-1]), (kind, _AFTER_ALL)]
            blobs = [Chunk(blob) for blob in pairwise(chunk.blobs)]
            if self._is_sorted and _ascend(firsts[1:-1]):
                yield from _with_ids(_spans(kind, blobs, firsts), some)
            else:
                yield chunk, some

    def _spans(self, kind: int) -> "Iterator[Span]":
        if self._is_sorted:
            return _spans(kind, self.chunks, (*self._firsts, (RELATION + 1, 0)))
        return ((chunk, _BEFORE_ALL, _AFTER_ALL) for chunk in self.chunks)

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """Cut where the kinds change: a chunk of several blobs holds one kind only, if the file is sorted."""
        blobs = self._blobs
        cuts = {0, len(blobs) - 1}
        for kind in (WAY, RELATION):
            change = bisect_left(blobs[:-1], (kind, _BEFORE_ALL), key=self._first_of)
            cuts |= {max(0, change - 1), change}
        runs = pairwise(sorted(cuts))
        return tuple(chunk for begin, end in runs for chunk in _chunks(blobs[begin : end + 1]))

    def check_whole(self) -> None:
        """Refuses a file that was cut off exactly between two blobs, as far as that shows.

        Nodes without tags stand there for the ways that are to come.
        """
        last = Chunk(self._blobs[-2:])
        if self._first_of(last.begin)[0] != NODE or next(self.ways(chunk=last), None):
            return
        bare = sum(not len(node.tags) for node in self.nodes(chunk=last))
        if bare >= MIN_BARE_NODES and not next(self.relations(chunk=last), None):
            raise FileError(
                self.label, f"not a complete OSM PBF file: cut off at byte {last.end}, before the first way"
            )

    @cached_property
    def _firsts(self) -> tuple[Key, ...]:
        """The first object of each chunk."""
        return (NODE, _BEFORE_ALL), *(self._first_of(chunk.begin) for chunk in self.chunks[1:])

    def _first_of(self, begin: int) -> Key:
        """The first object of the blob that begins there; of one without any, that of the blob before it."""
        if begin not in self._known_firsts:
            at = bisect_left(self._blobs, begin)
            end = self._blobs[at + 1]
            found = first_object(self._bytes(begin, end)[self._header_end :]) or self._first_read(begin, end)
            before = self._first_of(self._blobs[at - 1]) if at and not found else (NODE, _BEFORE_ALL)
            self._known_firsts[begin] = found or before
        return self._known_firsts[begin]

    def _first_read(self, begin: int, end: int) -> Key | None:
        """Reads all of the blob, whatever it is packed with."""
        from osmium import FileProcessor
        from osmium.io import FileBuffer

        try:
            content = FileBuffer(self._bytes(begin, end), "pbf")
            objects = iter(FileProcessor(content, thread_pool=self._pool))
            first = next(objects, None)
            return (_ORDER.index(first.type_str()), first.id) if first else None
        except RuntimeError as error:
            raise self._damaged(Chunk((begin, end)), error) from error

    @cached_property
    def _is_sorted(self) -> bool:
        return _ascend(self._firsts)

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
        if len(self._blobs) < 2:
            raise FileError(
                self.label, f"ends at byte {self._header_end}, after its header; no object follows"
            )

    def _check_texts(self, chunk: Chunk, content: bytes) -> None:
        for begin, end in pairwise(chunk.blobs):
            if begin not in self._sound and holds_nul(content[begin - chunk.begin : end - chunk.begin]):
                raise FileError(self.label, f"damaged between byte {begin} and byte {end}: a text holds NUL")
            self._sound.add(begin)

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
            header = blob_header(stream.read(length)) if length <= MAX_HEADER_BYTES else None
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


Span = tuple[Chunk, int, int]
"""A chunk, the lowest id that it may hold of a kind, and one beyond the highest."""


def _ascend(firsts: Sequence[Key]) -> bool:
    return all(one <= other for one, other in pairwise(firsts))


def _spans(kind: int, chunks: Sequence[Chunk], firsts: Sequence[Key]) -> Iterator[Span]:
    """Those of some chunks that may hold a kind; `firsts` has one more, of what comes after."""
    for chunk, (low, high) in zip(chunks, pairwise(firsts), strict=True):
        if low[0] <= kind <= high[0]:
            lowest = low[1] if low[0] == kind else _BEFORE_ALL
            beyond = high[1] if high[0] == kind else _AFTER_ALL
            yield chunk, lowest, beyond


def _with_ids(spans: Iterable[Span], ids: Sequence[int]) -> Iterator[tuple[Chunk, Sequence[int]]]:
    for chunk, lowest, beyond in spans:
        if inside := ids[bisect_left(ids, lowest) : bisect_left(ids, beyond)]:
            yield chunk, inside


def _line(error: RuntimeError) -> str:
    return " ".join(str(error).split())


def _chunks(blobs: Sequence[int]) -> Iterator[Chunk]:
    """Blobs grouped until there are enough bytes."""
    begin = 0
    for at in range(1, len(blobs)):
        if blobs[at] - blobs[begin] >= CHUNK_BYTES or at == len(blobs) - 1:
            yield Chunk(tuple(blobs[begin : at + 1]))
            begin = at
