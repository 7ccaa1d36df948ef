"""What place services answered: kept as it comes for its run, lent to others for a day, gone when its time is up."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, select

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.memos import FIRST_GENERATION
from leadgen_dagster.db.models import PlaceAnswerModel
from leadgen_dagster.db.upserts import upsert
from leadgen_dagster.errors import SourceError

ANSWERS = UUID("0c1f9a52-0f1f-4f2e-8d8e-6f1d7a3b9c41")
"""The namespace of answer ids."""
LENT_FOR = timedelta(days=1)
"""So long another run's answer to the same question does as well: nobody is asked twice in a day."""


class PlaceAnswers:
    """The answers of one run, in generations: a refresh begins one, a retry goes on with its own.

    Args:
        refresh: the name of a new generation; None goes on with the newest of any.
    """

    def __init__(self, database: Database, run_id: str, *, refresh: str | None = None) -> None:
        self.database = database
        self.run_id = run_id
        self.refresh = refresh
        self._due: dict[str, datetime] = {}

    def find(self, call_key: str, *, now: datetime) -> Mapping[str, Any] | None:
        """The answer that was given to this question; None where it was not asked yet.

        Raises:
            SourceError: it was asked, and what was answered had to go; asking again is for a person to say.
        """
        own = self._own(PlaceAnswerModel.call_key == call_key)
        lent = (
            PlaceAnswerModel.call_key == call_key,
            PlaceAnswerModel.answered_at > now - LENT_FOR,
            PlaceAnswerModel.answer.is_not(None),
        )
        with self.database.read() as session:
            rows = session.execute(select(PlaceAnswerModel).where(*own)).scalars().all()
            if not rows and self.refresh is None:
                rows = session.execute(select(PlaceAnswerModel).where(*lent)).scalars().all()
        live = [
            row for row in rows if row.answer is not None and (not row.expires_at or row.expires_at > now)
        ]
        if live:
            newest = max(live, key=lambda row: (row.answered_at, row.id))
            self._note_due(newest.service, newest.expires_at)
            if newest.run_id != self.run_id:
                self.put(
                    service=newest.service,
                    endpoint=newest.endpoint,
                    call_key=call_key,
                    answer=newest.answer or {},
                    answered_at=newest.answered_at,
                    expires_at=newest.expires_at,
                )
            return newest.answer
        gone = next((row for row in rows if row.run_id == self.run_id), None)
        if gone is not None:
            raise SourceError(gone.service, f"content expired; `leadgen refetch {self.run_id}` asks again")
        return None

    def put(
        self,
        *,
        service: str,
        endpoint: str,
        call_key: str,
        answer: Mapping[str, Any],
        answered_at: datetime,
        expires_at: datetime | None,
    ) -> None:
        generation = self.refresh or FIRST_GENERATION
        row = {
            "id": str(uuid5(ANSWERS, f"{self.run_id}\n{generation}\n{call_key}")),
            "run_id": self.run_id,
            "generation": generation,
            "service": service,
            "endpoint": endpoint,
            "call_key": call_key,
            "answer": dict(answer),
            "answered_at": answered_at,
            "expires_at": expires_at,
        }
        with self.database.write() as session:
            upsert(session, PlaceAnswerModel, [row])
        self._note_due(service, expires_at)

    def expiries(self) -> dict[str, datetime]:
        """Service -> when the first of the answers given here has to go, for those whose answers may not stay.

        After a refresh that broke off, older and newer answers stand side by side: the oldest counts.
        """
        return dict(self._due)

    def _note_due(self, service: str, expires_at: datetime | None) -> None:
        if expires_at is not None:
            self._due[service] = min(expires_at, self._due.get(service, expires_at))

    def _own(self, *conditions: ColumnElement[bool]) -> list[ColumnElement[bool]]:
        own = [PlaceAnswerModel.run_id == self.run_id, *conditions]
        return own if self.refresh is None else [*own, PlaceAnswerModel.generation == self.refresh]
