"""What was learned from outside, kept as it comes: pages and answers. Never deleted by a stage."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, false, select, true

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import page_from_row, to_row
from leadgen_dagster.db.models import FetchedPageModel, LlmAnswerModel
from leadgen_dagster.db.upserts import upsert
from leadgen_dagster.scoring.snapshots import FetchedPage

PAGE_NAMESPACE = UUID("5b0b6a2e-6f0e-4d5c-8a53-3c2f3f6f8d11")
FIRST_GENERATION = "first"

PageKey = tuple[str, str]
"""Method and URL."""


class FetchedPages:
    """The pages fetched for one run, in generations: a refresh begins one, a retry goes on with its own.

    Args:
        refresh: the name of a new generation; None goes on with the newest page of any.
    """

    def __init__(self, database: Database, run_id: str, *, refresh: str | None = None) -> None:
        self.database = database
        self.run_id = run_id
        self.refresh = refresh

    def current(self) -> dict[PageKey, FetchedPage]:
        """What need not be fetched again."""
        return self._load(true() if self.refresh is None else FetchedPageModel.generation == self.refresh)

    def earlier(self) -> dict[PageKey, FetchedPage]:
        """What a refresh that fails falls back to."""
        return self._load(false() if self.refresh is None else FetchedPageModel.generation != self.refresh)

    def add(self, pages: Sequence[FetchedPage]) -> None:
        rows = [
            to_row(page, FetchedPageModel, id=self._id(page), run_id=self.run_id, generation=self._generation)
            for page in pages
        ]
        with self.database.write() as session:
            upsert(session, FetchedPageModel, rows)

    def _load(self, condition: ColumnElement[bool]) -> dict[PageKey, FetchedPage]:
        """Of each page the newest answer, or else the newest failure."""
        statement = (
            select(FetchedPageModel)
            .where(FetchedPageModel.run_id == self.run_id, condition)
            .order_by(FetchedPageModel.fetched_at, FetchedPageModel.id)
        )
        with self.database.read() as session:
            pages = [page_from_row(row) for row in session.execute(statement).scalars()]
        pages.sort(key=lambda page: page.is_answer)
        return {(page.method, page.url): page for page in pages}  # the last wins

    @property
    def _generation(self) -> str:
        return self.refresh or FIRST_GENERATION

    def _id(self, page: FetchedPage) -> str:
        return str(uuid5(PAGE_NAMESPACE, f"{self.run_id}\n{self._generation}\n{page.method}\n{page.url}"))


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
