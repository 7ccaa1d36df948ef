"""The JSON of an outside service, read field by field and trusted in nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MAX_TEXT = 2_000
MAX_SHOWN = 60
BROKEN = re.compile(r"[\0\ud800-\udfff]")
"""NUL, and halves of a character that cannot be written as UTF-8."""
ID = re.compile(r"[\x21-\x7e]{1,300}")


class BadRecordError(ValueError):
    """A record that cannot be used; says which, and why."""


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of an answer. What is not of its type, or not fit to be kept, is left out and remembered.

    A path is the names from the outside in: `fields.text("displayName", "text")`.

    Attributes:
        left_out: a few words for each field that could not be read, in the order of reading.
    """

    node: Mapping[str, object]
    left_out: list[str] = field(default_factory=list)

    def text(self, *path: str) -> str | None:
        """The text without the spaces around it; None where there is none, or an empty one."""
        value = self._at(path)
        if value is None:
            return None
        if not isinstance(value, str):
            self.leave_out(path, f"is {_kind(value)}, not a text")
        elif len(value) > MAX_TEXT:
            self.leave_out(path, f"is a text of {len(value)} characters")
        elif BROKEN.search(value):
            self.leave_out(path, "is broken by characters that nobody writes")
        else:
            return value.strip() or None
        return None

    def number(self, *path: str, limit: float) -> float | None:
        """A number from `-limit` to `limit`."""
        value = self._at(path)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.leave_out(path, f"is {_kind(value)}, not a number")
        elif abs(value) <= limit:
            return float(value)
        else:
            self.leave_out(path, f"is not between -{limit:g} and {limit:g}")
        return None

    def objects(self, *path: str) -> list[Mapping[str, object]]:
        """The objects of a list; whatever else stands in it is passed over."""
        return [item for item in self._list(path) if isinstance(item, Mapping)]

    def all_objects(self, *path: str) -> list[Mapping[str, object]]:
        """The objects of a list that makes sense only as a whole: none, where anything else stands in it."""
        objects = self.objects(*path)
        if len(objects) == len(self._list(path)):
            return objects
        self.leave_out(path, "holds something that is not an object")
        return []

    def texts(self, *path: str) -> list[str]:
        """The texts of a list; whatever else stands in it is passed over."""
        return [item for item in self._list(path) if isinstance(item, str)]

    def _list(self, path: Sequence[str]) -> list[object]:
        value = self._at(path)
        if value is not None and not isinstance(value, list):
            self.leave_out(path, f"is {_kind(value)}, not a list")
        return value if isinstance(value, list) else []

    def _at(self, path: Sequence[str]) -> object:
        value: object = self.node
        for depth, name in enumerate(path):
            if value is None:
                return None
            if not isinstance(value, Mapping):
                self.leave_out(path[:depth], f"is {_kind(value)}, not an object")
                return None
            value = value.get(name)
        return value

    def leave_out(self, path: Sequence[str], why: str) -> None:
        """Remembers, once, what of a field kept it from being read."""
        told = f"{'.'.join(path)} {why}"
        if told not in self.left_out:
            self.left_out.append(told)


def record_id(node: object) -> str | None:
    """The id of a record; None where nothing can be known by what it has."""
    value = node.get("id") if isinstance(node, Mapping) else None
    return value if isinstance(value, str) and ID.fullmatch(value) else None


def shown(text: str) -> str:
    """As much of a text as a sentence can bear."""
    return repr(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}...")


def _kind(value: object) -> str:
    """What JSON calls it."""
    kinds = ((bool, "true or false"), (str, "a text"), (int | float, "a number"), (list, "a list"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "an object")
