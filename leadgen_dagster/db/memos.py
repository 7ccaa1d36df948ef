"""What was learned from outside, kept as it comes: pages, second looks and answers. Never deleted by a stage."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, delete, false, select, true

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import from_row, page_from_row, to_row
from leadgen_dagster.db.models import AuditedPageModel, FetchedPageModel, HostUploadModel, LlmAnswerModel
from leadgen_dagster.db.upserts import upsert
from leadgen_dagster.scoring.audits import AuditedPage
from leadgen_dagster.scoring.snapshots import FetchedPage

PAGE_NAMESPACE = UUID("5b0b6a2e-6f0e-4d5c-8a53-3c2f3f6f8d11")
FIRST_GENERATION = "first"

PageKey = tuple[str, str]
"""Method and URL."""


class OfOneLook(Protocol):
    """What was learned of one page in one way."""

    @property
    def method(self) -> str: ...

    @property
    def url(self) -> str: ...


Look = TypeVar("Look", bound=OfOneLook)


class Generations(ABC, Generic[Look]):
    """What one run learned of pages, in generations: a refresh begins one, a retry goes on with its own.

    Args:
        refresh: the name of a new generation; None goes on with the newest of any.
    """

    _model: ClassVar[type[FetchedPageModel | AuditedPageModel]]
    _moment: ClassVar[str]
    """The column that says which is newer."""

    def __init__(self, database: Database, run_id: str, *, refresh: str | None = None) -> None:
        self.database = database
        self.run_id = run_id
        self.refresh = refresh

    def current(self) -> dict[PageKey, Look]:
        """What need not be asked for again."""
        return self._load(true() if self.refresh is None else self._model.generation == self.refresh)

    def earlier(self) -> dict[PageKey, Look]:
        """What a refresh that fails falls back to."""
        return self._load(false() if self.refresh is None else self._model.generation != self.refresh)

    def add(self, looks: Sequence[Look]) -> None:
        rows = [
            to_row(look, self._model, id=self._id(look), run_id=self.run_id, generation=self._generation)
            for look in looks
        ]
        with self.database.write() as session:
            upsert(session, self._model, rows)

    @abstractmethod
    def _read(self, row: object) -> Look: ...

    @abstractmethod
    def _has_answer(self, look: Look) -> bool:
        """Whether it was learned, and not merely tried."""

    def _load(self, condition: ColumnElement[bool]) -> dict[PageKey, Look]:
        """Of each page the newest answer, or else the newest failure."""
        model = self._model
        statement = (
            select(model)
            .where(model.run_id == self.run_id, condition)
            .order_by(getattr(model, self._moment), model.id)
        )
        with self.database.read() as session:
            looks = [self._read(row) for row in session.execute(statement).scalars()]
        looks.sort(key=self._has_answer)
        return {(look.method, look.url): look for look in looks}  # the last wins

    @property
    def _generation(self) -> str:
        return self.refresh or FIRST_GENERATION

    def _id(self, look: Look) -> str:
        return str(uuid5(PAGE_NAMESPACE, f"{self.run_id}\n{self._generation}\n{look.method}\n{look.url}"))


class FetchedPages(Generations[FetchedPage]):
    """The pages fetched for one run."""

    _model = FetchedPageModel
    _moment = "fetched_at"

    def _read(self, row: object) -> FetchedPage:
        return page_from_row(row)

    def _has_answer(self, look: FetchedPage) -> bool:
        return look.is_answer


class AuditedPages(Generations[AuditedPage]):
    """The second looks taken for one run."""

    _model = AuditedPageModel
    _moment = "audited_at"

    def _read(self, row: object) -> AuditedPage:
        return from_row(AuditedPage, row)

    def _has_answer(self, look: AuditedPage) -> bool:
        return look.is_done


class LlmAnswers:
    """Answers of the language model by the hash of what was asked, over all runs."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, key: str) -> Mapping[str, Any] | None:
        with self.database.read() as session:
            row = session.get(LlmAnswerModel, key)
            return None if row is None else row.answer

    def put(
        self,
        key: str,
        answer: Mapping[str, Any],
        *,
        model: str,
        prompt_tokens: int,
        completion_tokens: int,
    ) -> None:
        row = {
            "key": key,
            "model": model,
            "answer": dict(answer),
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "answered_at": datetime.now(UTC),
        }
        with self.database.write() as session:
            upsert(session, LlmAnswerModel, [row])


class HostUploads:
    """What a host of demos has: files by their hash, deployments by their id; over all that was published."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def known(self, host: str) -> frozenset[str]:
        statement = select(HostUploadModel.digest).where(HostUploadModel.host == host)
        with self.database.read() as session:
            return frozenset(session.execute(statement).scalars())

    def add(self, host: str, digest: str) -> None:
        row = {"host": host, "digest": digest, "uploaded_at": datetime.now(UTC)}
        with self.database.write() as session:
            upsert(session, HostUploadModel, [row])

    def forget(self, host: str, digest: str) -> None:
        """For what the host has no longer."""
        gone = (HostUploadModel.host == host, HostUploadModel.digest == digest)
        with self.database.write() as session:
            session.execute(delete(HostUploadModel).where(*gone))
