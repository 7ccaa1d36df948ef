"""The last act of every stage: its rows replace what the partition held, in one transaction, once.

Publishing is fenced: each attempt at a (run, stage) takes a number when it begins, and only the newest one
may publish. A killed or overtaken attempt leaves the partition as it was.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import (
    Base,
    BusinessModel,
    DiscoveryNoteModel,
    OfBusiness,
    SearchedAreaModel,
    StageFenceModel,
)
from leadgen_dagster.db.upserts import insert_of, upsert
from leadgen_dagster.errors import SupersededError

PUBLISHABLE = (OfBusiness, BusinessModel, DiscoveryNoteModel, SearchedAreaModel)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at one stage of one run."""

    run_id: str
    stage: str
    number: int


def begin_attempt(database: Database, run_id: str, stage: str, dagster_run_id: str) -> Attempt:
    """Takes the next number; from now on no earlier attempt may publish."""
    row = {"run_id": run_id, "stage": stage, "attempt": 1, "dagster_run_id": dagster_run_id}
    with database.write() as session:
        statement = insert_of(session)(StageFenceModel).values(row)
        counted = statement.on_conflict_do_update(
            index_elements=["run_id", "stage"],
            set_={"attempt": StageFenceModel.attempt + 1, "dagster_run_id": dagster_run_id},
        ).returning(StageFenceModel.attempt)
        return Attempt(run_id, stage, session.execute(counted).scalar_one())


def publish(
    database: Database,
    attempt: Attempt,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    beside: Mapping[type[Base], Sequence[dict[str, Any]]] = MappingProxyType({}),
    keeping: Collection[str] = (),
) -> str:
    """Makes `rows` the partition's rows of `model`, and returns the data version of all that was published.

    Args:
        rows: every row of the partition, with `id` and `run_id`; what is not among them is deleted.
        beside: the same for further tables of the stage.
        keeping: businesses whose earlier rows stay, although none of theirs is among the new ones.

    Raises:
        SupersededError: a newer attempt has begun; nothing was written.
    """
    tables = {model: rows, **beside}
    with database.write() as session:
        _check_fence(session, attempt)
        for table, its_rows in tables.items():
            _delete_gone(session, table, attempt.run_id, {row["id"] for row in its_rows}, keeping)
            upsert(session, table, its_rows)
    return data_version_of([row for its_rows in tables.values() for row in its_rows])


def check_newest(database: Database, attempt: Attempt) -> None:
    """For what is published as files: the fence is looked at just before they are written.

    Raises:
        SupersededError: a newer attempt has begun.
    """
    with database.write() as session:
        _check_fence(session, attempt)


def data_version_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over the rows in the order of their ids: the same rows, the same version."""
    digest = hashlib.sha256()
    for row in sorted(rows, key=lambda row: str(row["id"])):
        digest.update(json.dumps(row, sort_keys=True, default=str).encode())
    return digest.hexdigest()


def _delete_gone(
    session: Session, model: type[Base], run_id: str, kept: set[str], keeping: Collection[str]
) -> None:
    assert issubclass(model, PUBLISHABLE)  # noqa: S101  # what a stage hands in
    statement = select(model.id).where(model.run_id == run_id)
    if keeping and issubclass(model, OfBusiness):
        statement = statement.where(model.business_id.not_in(keeping))
    held = set(session.execute(statement).scalars())
    gone = sorted(held - kept)
    for start in range(0, len(gone), 500):
        session.execute(delete(model).where(model.id.in_(gone[start : start + 500])))


def _check_fence(session: Session, attempt: Attempt) -> None:
    fence = session.get(StageFenceModel, (attempt.run_id, attempt.stage), with_for_update=True)
    if fence is None or fence.attempt != attempt.number:
        raise SupersededError(
            f"{attempt.stage} of {attempt.run_id}: a newer attempt has begun; this one publishes nothing"
        )
