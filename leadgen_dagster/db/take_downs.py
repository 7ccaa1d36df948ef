"""Who asked that the demo of their business goes. Kept for ever: no demo and no draft is made for them again.

A fingerprint changes when a record learns its phone, so what else the business is known by is kept beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import and_, select

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import business_from_row, to_row
from leadgen_dagster.db.models import (
    BusinessModel,
    ExpiringContentModel,
    GeneratedSiteModel,
    PublicationModel,
    SuppressionModel,
    TakeDownModel,
)
from leadgen_dagster.db.suppressions import hash_of
from leadgen_dagster.db.upserts import insert_of
from leadgen_dagster.outreach.marks import Listed, MarkKind, own_marks

REASON = "it had its demo taken down"
"""Of the suppressions that a take-down leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDown:
    """One business, known by its fingerprint in every run."""

    fingerprint: str
    token: str
    asked_at: datetime
    asked_by: str
    """By which way it came: the link on the page, or whoever typed it in."""
    note: str | None = None


class TakeDowns:
    """The list as it stands."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def record(self, take_down: TakeDown) -> None:
        """Writes it down, with the marks that any run has of the business; of several the first one stays."""
        is_there = and_(
            ExpiringContentModel.business_id == BusinessModel.id,
            ExpiringContentModel.expires_at > datetime.now(UTC),
        )
        known = (
            select(BusinessModel, ExpiringContentModel.content)
            .outerjoin(ExpiringContentModel, is_there)
            .where(BusinessModel.fingerprint == take_down.fingerprint)
        )
        with self.database.write() as session:
            statement = insert_of(session)(TakeDownModel).values(to_row(take_down, TakeDownModel))
            session.execute(statement.on_conflict_do_nothing())
            businesses = [business_from_row(row, content) for row, content in session.execute(known)]
            marks = {mark for business in businesses for mark in own_marks(business)}
            for mark in sorted(marks, key=lambda mark: (mark.kind, mark.value)):
                row = {
                    "kind": mark.kind.value,
                    "value_hash": hash_of(mark.value),
                    "reason": REASON,
                    "suppressed_at": take_down.asked_at,
                }
                statement = insert_of(session)(SuppressionModel).values(row)
                session.execute(statement.on_conflict_do_nothing())

    def has(self, fingerprint: str) -> bool:
        with self.database.read() as session:
            return session.get(TakeDownModel, fingerprint) is not None

    def days(self) -> Mapping[str, date]:
        """Fingerprint -> the day that it asked."""
        with self.database.read() as session:
            rows = session.execute(select(TakeDownModel.fingerprint, TakeDownModel.asked_at))
            return {row.fingerprint: row.asked_at.date() for row in rows}

    def listed(self) -> Listed:
        """Whether a mark is one of a business that asked, as the list stands now."""
        left = select(SuppressionModel.kind, SuppressionModel.value_hash)
        with self.database.read() as session:
            rows = session.execute(left.where(SuppressionModel.reason == REASON))
            hashes = {(row.kind, row.value_hash) for row in rows}
        hashes |= {(MarkKind.FINGERPRINT.value, hash_of(fingerprint)) for fingerprint in self.days()}
        return lambda mark: (mark.kind.value, hash_of(mark.value)) in hashes

    def fingerprint_of(self, token: str) -> str | None:
        """Whose demo has this address, published or only rendered; None where nobody's has."""
        published = select(PublicationModel.fingerprint).where(PublicationModel.token == token)
        rendered = (
            select(BusinessModel.fingerprint)
            .join(GeneratedSiteModel, GeneratedSiteModel.business_id == BusinessModel.id)
            .where(GeneratedSiteModel.token == token)
        )
        with self.database.read() as session:
            found = session.execute(published.union(rendered)).scalars()
            return next(iter(found), None)
