"""The objects that a page gives programs as JSON-LD."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

MAX_DEPTH = 20
UNPRINTABLE = re.compile(r"[\0\ud800-\udfff]")
"""What no page can show and no database keeps; JSON may spell it, e.g. as half of a cut-off emoji."""


def objects_in(script: str) -> Iterator[Mapping[str, Any]]:
    """Every object of a JSON-LD script, nested ones too; none of one that cannot be read."""
    try:
        content = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return  # what cannot be read says nothing; search engines skip it too
    if "\\u" in script:
        _make_printable(content)
    yield from _nested(content, MAX_DEPTH)


def _make_printable(content: object) -> None:
    """Takes what no database keeps out of every text within; no recursion, for JSON may be nested deeply."""
    opened = [content]
    while opened:
        holder = opened.pop()
        if not isinstance(holder, dict | list):
            continue
        entries: list[tuple[Any, object]] = list(
            holder.items() if isinstance(holder, dict) else enumerate(holder)
        )
        for key, value in entries:
            if isinstance(value, str):
                holder[key] = UNPRINTABLE.sub("", value)
            else:
                opened.append(value)


def _nested(content: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth == 0:
        return
    if isinstance(content, dict):
        yield content
        for value in content.values():
            yield from _nested(value, depth - 1)
    elif isinstance(content, list):
        for value in content:
            yield from _nested(value, depth - 1)
