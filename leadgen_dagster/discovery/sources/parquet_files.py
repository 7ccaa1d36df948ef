"""Parquet files read as records: only the row groups and columns that are asked for, a batch at a time.

A row group is left alone where the statistics in the file's footer say that all of it lies outside the box; of the
others the coordinates are read first, and the remaining columns only where one of the rows lies inside. So memory
holds a batch of decoded rows and a part of each column, however large the dataset is.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadgen_dagster.discovery.geography import Box
from leadgen_dagster.discovery.sources.parquet_footer import value_ranges
from leadgen_dagster.discovery.sources.parquet_layout import (
    Corners,
    Layout,
    Record,
    number_of,
    point_of_geometry,
)
from leadgen_dagster.errors import FileError, LeadgenError, SourceError

if TYPE_CHECKING:
    from pyarrow import Array, NativeFile, RecordBatch
    from pyarrow.fs import FileSystem
    from pyarrow.parquet import ParquetFile

BATCH_ROWS = 4_096
BUFFER_BYTES = 2**20
"""Of each column, where reading in small parts costs nothing."""
MAX_REASON = 120
_TAIL_BYTES = 8  # the footer's length and the letters PAR1


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record whose values cannot be read, with the reason."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """One file of a dataset while it is read.

    Attributes:
        path: in the file system.
        parquet: its reader.
        footer: its bytes, without length and letters.
        corners: the columns that say where a row lies; None where only the geometry does.
        where: the paths of those columns, or of the geometry.
        columns: the paths of all columns to read.
    """

    path: str
    parquet: "ParquetFile"
    footer: bytes
    corners: Corners | None
    where: tuple[str, ...]
    columns: tuple[str, ...]

    def groups(self, box: Box, *, with_unplaced: bool) -> list[int]:
        """The row groups that may hold a row of the box, as far as the footer tells."""
        if self.corners is None:
            return list(range(self.parquet.num_row_groups))
        return [
            index
            for index, ranges in enumerate(value_ranges(self.footer))
            if self.corners.may_hold(ranges, box, with_unplaced=with_unplaced)
        ]

    def batches(self, group: int, columns: Sequence[str]) -> "Iterator[RecordBatch]":
        return iter(
            self.parquet.iter_batches(
                BATCH_ROWS, row_groups=[group], columns=list(columns), use_threads=False
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetFiles:
    """The Parquet files of one dataset.

    Attributes:
        filesystem: where they lie.
        path: of the file or the folder.
        label: what the person calls it.
        source: the source's name, for errors of a network.
        layout: its columns.
        is_remote: whether reading may fail for reasons that pass.
    """

    filesystem: "FileSystem"
    path: str
    label: str
    source: str
    layout: Layout
    is_remote: bool = False

    def check(self) -> None:
        """Reads every footer.

        Raises:
            FileError: a file is missing, damaged, or lacks a needed column.
            SourceError: the same of a bucket.
        """
        for path in self._paths():
            with self._open(path):
                pass

    def records(self, box: Box, *, with_unplaced: bool = False) -> Iterator[Record | Unreadable]:
        """All rows that lie in the box, and what else is in the same row groups and would be off the Earth.

        Args:
            box: on the map.
            with_unplaced: also the rows that say no coordinates. A twentieth of some datasets are such, in every
                row group; wanted only where something else tells where they are.

        Raises:
            FileError: a file is missing, damaged, or lacks a needed column.
            SourceError: the same of a bucket, or it could not be reached.
        """
        for path in self._paths():
            with self._open(path) as file:
                with self._told(path, "the footer"):
                    groups = file.groups(box, with_unplaced=with_unplaced)
                for group in groups:
                    with self._told(path, f"row group {group + 1} of {file.parquet.num_row_groups}"):
                        yield from self._rows(file, group, box, with_unplaced=with_unplaced)

    def batches(self, names: Sequence[str]) -> "Iterator[RecordBatch]":
        """All rows of a few columns, and of those that say where a row lies; a column that is not there is left out.

        Raises: as `records`.
        """
        for path in self._paths():
            with self._open(path) as file:
                columns = _leaves(file.parquet, (*names, *file.where))
                for group in range(file.parquet.num_row_groups):
                    with self._told(path, f"row group {group + 1} of {file.parquet.num_row_groups}"):
                        yield from file.batches(group, columns)

    def points(self, batch: "RecordBatch") -> "tuple[Array, Array]":
        """Latitude and longitude of every row, null where it says none; a box's middle."""
        west, east, south, north = self._corners(batch)
        return _middle(south, north), _middle(west, east)

    def _paths(self) -> list[str]:
        from pyarrow.fs import FileSelector, FileType

        with self._told(self.path, "the folder"):
            info = self.filesystem.get_file_info(self.path)
            if info.type == FileType.File:
                return [self.path]
            if info.type == FileType.NotFound:
                raise self._fault(self.path, "there is no such file or folder")
            found = self.filesystem.get_file_info(FileSelector(self.path, recursive=True))
        paths = sorted(
            item.path for item in found if item.type == FileType.File and item.path.endswith(".parquet")
        )
        if not paths:
            raise self._fault(self.path, "holds no .parquet file")
        return paths

    @contextmanager
    def _open(self, path: str) -> Iterator[OpenFile]:
        import pyarrow as pa
        from pyarrow.parquet import ParquetFile, read_metadata

        with self._told(path, "not a complete Parquet file"):
            stream = self.filesystem.open_input_file(path)
            tail = _tail(stream)
            parquet = ParquetFile(
                stream,
                metadata=read_metadata(pa.BufferReader(tail)),
                pre_buffer=self.is_remote,
                buffer_size=0 if self.is_remote else BUFFER_BYTES,
                page_checksum_verification=True,
            )
        try:
            yield self._recognised(path, parquet, tail[:-_TAIL_BYTES])
        finally:
            parquet.close(force=True)

    def _recognised(self, path: str, parquet: "ParquetFile", footer: bytes) -> OpenFile:
        """The columns to read, by the names of the file's own generation."""
        layout = self.layout
        for meaning, names in layout.needed.items():
            if not _leaves(parquet, names):
                raise self._fault(path, f"no column says the {meaning}; looked for {', '.join(names)}")
        corners = next((c for c in layout.corners if len(_leaves(parquet, c.all)) == len(c.all)), None)
        where = _leaves(parquet, corners.all if corners else (layout.geometry,))
        if not where:
            looked_for = (*(name for c in layout.corners for name in c.all), layout.geometry)
            raise self._fault(path, f"no column says where a place lies; looked for {', '.join(looked_for)}")
        return OpenFile(
            path=path,
            parquet=parquet,
            footer=footer,
            corners=corners,
            where=where,
            columns=_leaves(parquet, layout.all),
        )

    @contextmanager
    def _told(self, path: str, what: str) -> Iterator[None]:
        """A damaged file or a broken line becomes one line that names it and the place."""
        from pyarrow import ArrowException

        try:
            yield
        except (ArrowException, OSError, ValueError) as error:
            reason = (str(error).splitlines() or [""])[0][:MAX_REASON]
            told = what if what.startswith("not ") else f"{what} cannot be read"
            is_refused = isinstance(error, FileNotFoundError | PermissionError) or "ACCESS_DENIED" in reason
            is_passing = self.is_remote and isinstance(error, OSError) and not is_refused
            raise self._fault(path, f"{told} ({reason})", is_retryable=is_passing) from error

    def _fault(self, path: str, message: str, *, is_retryable: bool = False) -> LeadgenError:
        inner = path.removeprefix(self.path).strip("/")
        name = f"{self.label.rstrip('/')}/{inner}" if inner else self.label
        if self.is_remote:
            return SourceError(self.source, f"{name}: {message}", is_retryable=is_retryable)
        return FileError(name, message)

    def _rows(
        self, file: OpenFile, group: int, box: Box, *, with_unplaced: bool
    ) -> Iterator[Record | Unreadable]:
        """Coordinates first; the other columns only of a row group in which a row is wanted."""
        import pyarrow as pa

        masks = [
            self._wanted(batch, box, with_unplaced=with_unplaced) for batch in file.batches(group, file.where)
        ]
        mask = pa.chunked_array(masks, pa.bool_()).combine_chunks()
        if not mask.true_count:
            return
        start = 0
        for batch in file.batches(group, file.columns):
            yield from _records(batch.filter(mask.slice(start, batch.num_rows)))
            start += batch.num_rows

    def _wanted(self, batch: "RecordBatch", box: Box, *, with_unplaced: bool) -> "Array":
        import pyarrow.compute as pc

        west, east, south, north = self._corners(batch)
        inside = pc.and_(
            pc.and_(pc.less_equal(west, box.east), pc.greater_equal(east, box.west)),
            pc.and_(pc.less_equal(south, box.north), pc.greater_equal(north, box.south)),
        )
        on_earth = pc.and_(
            pc.and_(pc.less_equal(pc.abs(west), 180), pc.less_equal(pc.abs(east), 180)),
            pc.and_(pc.less_equal(pc.abs(south), 90), pc.less_equal(pc.abs(north), 90)),
        )
        return pc.fill_null(pc.or_(inside, pc.invert(on_earth)), with_unplaced)

    def _corners(self, batch: "RecordBatch") -> "tuple[Array, Array, Array, Array]":
        """West, east, south and north of every row, null where it says none."""
        import pyarrow as pa

        for c in self.layout.corners:
            found = [_column(batch, name) for name in (c.west, c.east, c.south, c.north)]
            if all(column is not None for column in found):
                west, east, south, north = map(_numbers, found)
                return west, east, south, north
        points = [point_of_geometry(value) for value in batch.column(self.layout.geometry).to_pylist()]
        latitudes = pa.array([point and point[0] for point in points], pa.float64())
        longitudes = pa.array([point and point[1] for point in points], pa.float64())
        return longitudes, longitudes, latitudes, latitudes


def _tail(stream: "NativeFile") -> bytes:
    """The footer with its length and letters; of a file too short for one, all of it."""
    size = stream.size()
    stream.seek(max(0, size - _TAIL_BYTES))
    end = stream.read(_TAIL_BYTES)
    length = min(size, int.from_bytes(end[:4], "little") + _TAIL_BYTES)
    if end[4:] != b"PAR1":
        return bytes(end)
    stream.seek(size - length)
    return bytes(stream.read(length))


def _leaves(parquet: "ParquetFile", names: Sequence[str]) -> tuple[str, ...]:
    """The file's own paths of those columns, in its order."""
    schema = parquet.metadata.schema
    paths = (schema.column(index).path for index in range(parquet.metadata.num_columns))
    return tuple(path for path in paths if any(_is_of(path, name) for name in names))


def _is_of(path: str, name: str) -> bool:
    head, star, tail = name.partition(".*.")
    if star:
        return path.startswith(f"{head}.") and path.endswith(f".{tail}")
    return path == name or path.startswith(f"{name}.")


def _column(batch: "RecordBatch", name: str) -> "Array | None":
    """A column by its path, through structs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    head, *rest = name.split(".")
    if head not in batch.schema.names:
        return None
    found = batch.column(head)
    for part in rest:
        if not pa.types.is_struct(found.type) or found.type.get_field_index(part) < 0:
            return None
        found = pc.struct_field(found, part)
    return found


def _numbers(column: "Array") -> "Array":
    """As 64-bit floats, nulls as they are, NaN for whatever else is no number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return pc.cast(column, pa.float64(), safe=False)
    values = [None if value is None else number_of(value) for value in column.to_pylist()]
    return pa.array(values, pa.float64())


def _middle(low: "Array", high: "Array") -> "Array":
    import pyarrow.compute as pc

    return pc.divide(pc.add(low, high), 2.0)


def _records(batch: "RecordBatch") -> Iterator[Record | Unreadable]:
    """As Python values; a record with text that is no UTF-8, or a day of the year 60000, is told apart."""
    try:
        records: list[Record] = batch.to_pylist()
    except (ValueError, OverflowError):
        if batch.num_rows == 1:
            yield Unreadable("a value that is no text or no day")
            return
        half = batch.num_rows // 2
        yield from _records(batch.slice(0, half))
        yield from _records(batch.slice(half))
        return
    yield from records
