"""Who asked that the demo of their business goes. Kept for ever: no demo and no draft is made for them again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import to_row
from leadgen_dagster.db.models import BusinessModel, GeneratedSiteModel, PublicationModel, TakeDownModel
from leadgen_dagster.db.upserts import insert_of


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
        """Writes it down; of several by one business the first one stays."""
        with self.database.write() as session:
            statement = insert_of(session)(TakeDownModel).values(to_row(take_down, TakeDownModel))
            session.execute(statement.on_conflict_do_nothing())

    def has(self, fingerprint: str) -> bool:
        with self.database.read() as session:
            return session.get(TakeDownModel, fingerprint) is not None

    def days(self) -> Mapping[str, date]:
        """Fingerprint -> the day that it asked."""
        with self.database.read() as session:
            rows = session.execute(select(TakeDownModel.fingerprint, TakeDownModel.asked_at))
            return {row.fingerprint: row.asked_at.date() for row in rows}

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
