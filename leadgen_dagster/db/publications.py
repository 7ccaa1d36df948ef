"""What is published where, and what was: facts about acts on the world, which no stage deletes."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Update, delete, func, select, update

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import from_row
from leadgen_dagster.db.models import PublicationModel, TakeDownModel

UNDER_WAY = ""
"""The content hash of what a host has begun to be given, and may or may not show."""


class Gone(StrEnum):
    """Why a demo is no longer at its address."""

    REPLACED = "replaced"
    """By newer content, or on another host."""
    UNPUBLISHED = "unpublished"
    EXPIRED = "expired"
    TAKEN_DOWN = "taken_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One content of one demo on one host."""

    token: str
    fingerprint: str
    run_id: str
    language: str
    host: str
    content_hash: str
    url: str
    first_published_at: datetime
    published_at: datetime
    expires_at: datetime
    unpublished_at: datetime | None = None
    unpublished_because: Gone | None = None

    @property
    def is_live(self) -> bool:
        """Whether its files are on the host; they may be there for longer than they are shown."""
        return self.unpublished_at is None

    @property
    def is_whole(self) -> bool:
        """Whether its upload came to an end; one that did not is there to be removed, or to be completed."""
        return self.content_hash != UNDER_WAY


class Publications:
    """Every demo that was ever published; one row is live a host and address."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def newest(self, token: str) -> Publication | None:
        """The live one under an address, else the one that was there last."""
        table = PublicationModel
        statement = (
            select(table)
            .where(table.token == token)
            .order_by(table.unpublished_at.is_not(None), table.published_at.desc(), table.id.desc())
            .limit(1)
        )
        with self.database.read() as session:
            row = session.execute(statement).scalar_one_or_none()
            return None if row is None else from_row(Publication, row)

    def live(self, *, host: str | None = None, token: str | None = None) -> list[Publication]:
        """Those whose files are on a host, in the order they came."""
        table = PublicationModel
        statement = select(table).where(table.unpublished_at.is_(None)).order_by(table.id)
        if host is not None:
            statement = statement.where(table.host == host)
        if token is not None:
            statement = statement.where(table.token == token)
        with self.database.read() as session:
            return [from_row(Publication, row) for row in session.execute(statement).scalars()]

    def first_published_at(self, fingerprint: str) -> datetime | None:
        """When any demo of a business was first published; None where none ever was."""
        statement = select(func.min(PublicationModel.first_published_at)).where(
            PublicationModel.fingerprint == fingerprint
        )
        with self.database.read() as session:
            return session.execute(statement).scalar_one()

    def note_begun(self, publication: Publication) -> bool:
        """Writes down, before anything is sent, that its host may show it from now on.

        Where a publication is live under the address already, that one leads to it.

        Returns:
            Whether it may be sent: nothing was written where the business has asked that no demo of it is shown.
        """
        table = PublicationModel
        live = select(table.id).where(
            table.host == publication.host,
            table.token == publication.token,
            table.unpublished_at.is_(None),
        )
        with self.database.write() as session:
            if session.get(TakeDownModel, publication.fingerprint) is not None:
                return False
            if session.execute(live).first() is None:
                session.add(PublicationModel(**_columns(publication) | {"content_hash": UNDER_WAY}))
            return True

    def note_published(self, publication: Publication) -> bool:
        """Writes down that it is on its host now, in the place of what was there.

        Returns:
            Whether it may stay: nothing was written where the business has asked that no demo of it is shown.
        """
        table = PublicationModel
        begun = delete(table).where(
            table.host == publication.host,
            table.token == publication.token,
            table.content_hash == UNDER_WAY,
            table.unpublished_at.is_(None),
        )
        with self.database.write() as session:
            if session.get(TakeDownModel, publication.fingerprint) is not None:
                return False
            session.execute(begun)
            session.execute(
                _live_rows(publication.host, [publication.token]).values(
                    unpublished_at=publication.published_at, unpublished_because=Gone.REPLACED.value
                )
            )
            session.add(PublicationModel(**_columns(publication)))
            return True

    def note_gone(self, host: str, tokens: Collection[str], *, at: datetime, because: Gone) -> None:
        """Writes down that their files are no longer on the host; what is gone already keeps its reason."""
        with self.database.write() as session:
            session.execute(
                _live_rows(host, tokens).values(unpublished_at=at, unpublished_because=because.value)
            )


def _columns(publication: Publication) -> dict[str, Any]:
    return {field.name: getattr(publication, field.name) for field in fields(publication)}


def _live_rows(host: str, tokens: Collection[str]) -> Update:
    table = PublicationModel
    return update(table).where(table.host == host, table.token.in_(tokens), table.unpublished_at.is_(None))
