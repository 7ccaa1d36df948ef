"""Leases of hosts in the database, which is what the processes that fetch share."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import HostLeaseModel
from leadgen_dagster.db.upserts import insert_of

FORGOTTEN_AFTER = timedelta(days=1)
BATCH = 500
"""Fewer than SQLite takes parameters in one statement."""


class HostLeases:
    """One row a host: who may ask it until when, and when it was last asked."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def take(
        self, hosts: Collection[str], *, holder: str, now: datetime, until: datetime
    ) -> dict[str, datetime | None]:
        """Takes those that nobody else holds; gives for each of them when it was last asked."""
        ordered = sorted(hosts)  # in one order, so that two processes never wait for each other's rows
        with self.database.write() as session:
            statement = insert_of(session)(HostLeaseModel)
            session.execute(
                statement.on_conflict_do_update(
                    index_elements=[HostLeaseModel.host],
                    set_={"holder": holder, "held_until": until},
                    where=or_(HostLeaseModel.holder == holder, HostLeaseModel.held_until <= now),
                ),
                [{"host": host, "holder": holder, "held_until": until} for host in ordered],
            )
            taken: dict[str, datetime | None] = {}
            for first in range(0, len(ordered), BATCH):
                rows = session.execute(
                    select(HostLeaseModel.host, HostLeaseModel.last_asked_at).where(
                        HostLeaseModel.host.in_(ordered[first : first + BATCH]),
                        HostLeaseModel.holder == holder,
                    )
                )
                taken.update((row.host, row.last_asked_at) for row in rows)
            return taken

    def give_back(self, last_asked_at: Mapping[str, datetime], *, holder: str) -> None:
        """Ends the holder's leases of these hosts; each says when it was last asked."""
        rows = [{"given_back": host, "asked_at": at} for host, at in sorted(last_asked_at.items())]
        with self.database.write() as session:
            session.connection().execute(
                update(HostLeaseModel)
                .where(HostLeaseModel.host == bindparam("given_back"), HostLeaseModel.holder == holder)
                .values(held_until=bindparam("asked_at"), last_asked_at=bindparam("asked_at")),
                rows,
            )

    def forget(self, *, now: datetime) -> None:
        """Rows that can hold nobody up any more go."""
        with self.database.write() as session:
            session.execute(delete(HostLeaseModel).where(HostLeaseModel.held_until < now - FORGOTTEN_AFTER))
