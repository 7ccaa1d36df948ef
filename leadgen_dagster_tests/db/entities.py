"""Any entity that the stages could make, for hypothesis: built from the types of its fields."""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.snapshots import FetchedPage

text = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
SCALARS: Mapping[object, st.SearchStrategy[Any]] = {
    str: text,
    bool: st.booleans(),
    int: st.integers(0, 2**31 - 1),
    float: st.floats(-180, 180),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    types.NoneType: st.none(),
}
SPECIAL = {
    (Business, "country"): st.none() | st.sampled_from(["FI", "GB"]),  # the column holds two letters
    (Business, "is_expired"): st.just(False),  # follows from what is still there
    (FetchedPage, "body"): st.none(),  # lies in the object store
    (FetchedPage, "body_hash"): st.none() | st.just("0" * 64),
}


def entities(kind: type, **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any value of a dataclass, with these fields given."""
    hints = get_type_hints(kind)
    own = {field.name: _field(kind, field.name, hints[field.name]) for field in fields(kind)}
    return st.builds(kind, **{**own, **given})


def _field(kind: type, name: str, hint: Any) -> st.SearchStrategy[Any]:
    return SPECIAL[kind, name] if (kind, name) in SPECIAL else _values(hint)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if hint in SCALARS:
        return SCALARS[hint]
    if is_dataclass(hint):
        return entities(typing.cast("type", hint))
    arguments = get_args(hint)
    if not arguments:
        return st.sampled_from(hint)
    return _of_many(get_origin(hint), arguments)


def _of_many(origin: object, arguments: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if origin is tuple and arguments[-1] is ...:
        return st.lists(_values(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(_values, arguments))
    if origin is Mapping:
        return st.dictionaries(*map(_values, arguments), max_size=2)
    return st.one_of([_values(argument) for argument in arguments])
