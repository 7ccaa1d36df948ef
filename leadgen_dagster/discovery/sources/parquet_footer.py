"""The smallest and largest values that a Parquet file's footer says of its row groups.

Read here because the library ends the process where a damaged footer says a value of the wrong length; whatever is
wrong raises `ValueError` instead. The footer is a Thrift struct in the compact protocol; the field numbers are those
of https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 16
_TRUE, _FALSE, _BYTE, _I64, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 6, 7, 8, 9, 10, 12
_FLOATS = {4: "<f", 5: "<d"}  # physical type -> how its values are written
_ROW_GROUPS, _COLUMNS, _CHUNK = 4, 1, 3
_TYPE, _PATH, _STATISTICS = 1, 3, 12
_NULL_COUNT, _MAX, _MIN = 3, 5, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRange:
    """What a footer says of one column of one row group; None where it does not say."""

    low: float | None = None
    high: float | None = None
    has_nulls: bool = True


def value_ranges(footer: bytes) -> list[Mapping[str, ValueRange]]:
    """Of each row group, the columns of floating-point numbers by their path.

    Raises:
        ValueError: the bytes are no such footer.
    """
    try:
        document = _Reader(footer).struct(0)
        return [
            dict(_range_of(column[_CHUNK]) for column in group[_COLUMNS] if column[_CHUNK][_TYPE] in _FLOATS)
            for group in document[_ROW_GROUPS]
        ]
    except (IndexError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise ValueError("damaged statistics") from error


def _range_of(chunk: Mapping[int, Any]) -> tuple[str, ValueRange]:
    path = ".".join(part.decode() for part in chunk[_PATH])
    said = chunk.get(_STATISTICS, {})
    low, high = (
        struct.unpack(_FLOATS[chunk[_TYPE]], said[name])[0] if name in said else None for name in (_MIN, _MAX)
    )
    return path, ValueRange(low=low, high=high, has_nulls=said.get(_NULL_COUNT, 1) > 0)


class _Reader:
    """Thrift's compact protocol: structs become mappings of field number to value."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def struct(self, depth: int) -> dict[int, Any]:
        if depth > MAX_DEPTH:
            raise ValueError("structs without end")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 0x0F
            number = number + step if step else self._integer()
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:  # noqa: ANN401 - whatever the field holds
        if kind == _BINARY:
            return self._bytes(self._natural())
        if _BYTE < kind <= _I64:
            return self._integer()
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in (_LIST, _SET):
            head = self._byte()
            size = self._natural() if head >> 4 == 0x0F else head >> 4
            if size > len(self._content) - self._at:
                raise ValueError("a list longer than the file")
            return [self._value(head & 0x0F, depth + 1) for _ in range(size)]
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._byte()
        if kind == _DOUBLE:
            return self._bytes(8)
        raise ValueError(f"a value of the unknown kind {kind}")

    def _byte(self) -> int:
        value = self._content[self._at]
        self._at += 1
        return value

    def _bytes(self, size: int) -> bytes:
        found = self._content[self._at : self._at + size]
        if len(found) < size:
            raise ValueError("a text longer than the file")
        self._at += size
        return found

    def _natural(self) -> int:
        value = shift = 0
        while (part := self._byte()) & 0x80:
            value |= (part & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise ValueError("a number without end")
        return value | part << shift

    def _integer(self) -> int:
        value = self._natural()
        return (value >> 1) ^ -(value & 1)
