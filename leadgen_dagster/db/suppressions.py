"""Who is not written to again. Addresses are kept as hashes: the list needs to recognise them, not to know them.

A business that had its demo taken down counts as on the list.
"""

import hashlib
from functools import cached_property

from sqlalchemy import select

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import SuppressionModel
from leadgen_dagster.db.take_downs import TakeDowns
from leadgen_dagster.outreach.marks import Mark, MarkKind


class Suppressions:
    """The list as it stands now."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def has(self, mark: Mark) -> bool:
        """Whether somebody who is known by this mark is not to be written to."""
        return (mark.kind.value, hash_of(mark.value)) in self._entries

    @cached_property
    def _entries(self) -> frozenset[tuple[str, str]]:
        with self.database.read() as session:
            rows = session.execute(select(SuppressionModel.kind, SuppressionModel.value_hash))
            listed = {(row.kind, row.value_hash) for row in rows}
        taken_down = TakeDowns(self.database).days()
        return frozenset(
            listed | {(MarkKind.FINGERPRINT.value, hash_of(fingerprint)) for fingerprint in taken_down}
        )


def hash_of(value: str) -> str:
    return hashlib.sha256(value.strip().casefold().encode()).hexdigest()
