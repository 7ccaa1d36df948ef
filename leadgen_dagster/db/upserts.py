"""Bulk writes that both databases understand."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from leadgen_dagster.db.models import Base


def upsert(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows; one whose primary key is there already takes the new values in its place."""
    if not rows:
        return
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101  # every model is a table
    statement = insert_of(session)(table)
    keys = [column.name for column in table.primary_key]
    changes = {
        column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys
    }
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), list(rows))


def insert_of(session: Session) -> Callable[[Any], sqlite.Insert | postgresql.Insert]:
    """The `INSERT` of the session's database, which knows `ON CONFLICT`."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
