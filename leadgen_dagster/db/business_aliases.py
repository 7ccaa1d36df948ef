"""Who was met before, and under which fingerprint: what lets later runs know a business whose record has changed."""

from collections.abc import Collection, Mapping
from hashlib import sha256

from sqlalchemy import select

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import BusinessAliasModel
from leadgen_dagster.db.upserts import insert_of

BATCH = 500
"""Fewer than SQLite takes parameters in one statement."""


class BusinessAliases:
    """Facts over all runs: the first meeting decides, and nothing is ever taken back."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, aliases: Collection[str]) -> Mapping[str, str]:
        """Alias -> fingerprint, for those that were met."""
        wanted = {_key(alias): alias for alias in aliases}
        keys = sorted(wanted)
        met: dict[str, str] = {}
        with self.database.read() as session:
            for first in range(0, len(keys), BATCH):
                statement = select(BusinessAliasModel.alias, BusinessAliasModel.fingerprint).where(
                    BusinessAliasModel.alias.in_(keys[first : first + BATCH])
                )
                met.update((wanted[key], fingerprint) for key, fingerprint in session.execute(statement))
        return met

    def add(self, aliases: Mapping[str, str], run_id: str) -> None:
        """Writes down by what these businesses may be met again."""
        rows = [
            {"alias": _key(alias), "fingerprint": fingerprint, "run_id": run_id}
            for alias, fingerprint in sorted(aliases.items())
        ]
        if not rows:
            return
        with self.database.write() as session:
            session.execute(insert_of(session)(BusinessAliasModel).on_conflict_do_nothing(), rows)


def _key(alias: str) -> str:
    return sha256(alias.encode()).hexdigest()
