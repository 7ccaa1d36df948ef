"""Between the domain's dataclasses and rows: a column carries the field of its own name.

Scalars stay what they are; whatever is nested (tuples, mappings, dataclasses) goes into a JSON column.
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import JSON

from leadgen_dagster.db.models import Base, PageColumns
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.keeping import ORIGIN_NAMES, whole
from leadgen_dagster.scoring.snapshots import FetchedPage, PageKind, PageSnapshot

Entity = TypeVar("Entity")
Fields = dict[str, Any]
DERIVED = frozenset({"is_expired"})
"""What no column holds, since it follows from what is still there."""
PAGE_FIELDS = tuple(PageColumns.__annotations__)
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What no database takes as text; a strange page must not stop a run."""


def to_row(entity: object, model: type[Base], **extra: object) -> Fields:
    """The row of an entity; `extra` gives the columns that are no field of it, such as the run id."""
    row: Fields = {}
    for name, is_json in _columns(model).items():
        if name in extra:
            row[name] = extra[name]
        else:
            value = getattr(entity, name)
            row[name] = to_jsonable_python(value) if is_json else _scalar(value)
    return row


def from_row(kind: type[Entity], row: object) -> Entity:
    """The entity that a row was made from."""
    values = _values(kind, row)
    entity: Entity = _adapter(cast("Hashable", kind)).validate_python(values)
    return entity


def business_from_row(row: Any, content: Mapping[str, Any] | None) -> Business:  # noqa: ANN401  # a row of businesses
    """The business, with what lay apart of it where that is still there."""
    values = {
        field.name: getattr(row, field.name) for field in fields(Business) if field.name != "is_expired"
    }
    apart = {name: value for name, value in (content or {}).items() if name != ORIGIN_NAMES}
    return whole(_adapter(cast("Hashable", Business)).validate_python(values | apart), content)


def snapshot_to_row(snapshot: PageSnapshot, model: type[Base], **extra: object) -> Fields:
    own = {name: getattr(snapshot, name) for name in ("id", "business_id", "label")}
    return to_row(snapshot.page, model, kind=snapshot.kind.value, **own, **extra)


def page_from_row(row: object) -> FetchedPage:
    """The page without its body, which lies in the object store under `body_hash`."""
    values = {name: getattr(row, name) for name in PAGE_FIELDS}
    page: FetchedPage = _adapter(FetchedPage).validate_python(values)
    return page


def snapshot_from_row(row: Any) -> PageSnapshot:  # noqa: ANN401  # a row of page_snapshots
    return PageSnapshot(
        id=row.id,
        business_id=row.business_id,
        kind=PageKind(row.kind),
        label=row.label,
        page=page_from_row(row),
    )


def _values(kind: type, row: object) -> Fields:
    return {field.name: getattr(row, field.name) for field in fields(kind) if field.name not in DERIVED}


@cache
def _columns(model: type[Base]) -> Mapping[str, bool]:
    """Column name -> whether it holds JSON."""
    return {column.key: isinstance(column.type, JSON) for column in model.__table__.columns}


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("Any", kind))


def _scalar(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value
