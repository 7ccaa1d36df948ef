"""What a run has cost, and what it may still cost."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import OutsideCallModel, ProcessingRunModel
from leadgen_dagster.errors import BudgetExceededError

MICRO = 1_000_000


class Ledger:
    """One run's calls that cost. A call is reserved at its worst before it is made, and settled after.

    A reservation that a killed process left behind counts as spent: nobody knows whether the call was made.
    """

    def __init__(self, database: Database, run_id: str) -> None:
        self.database = database
        self.run_id = run_id

    def reserve(
        self,
        *,
        service: str,
        endpoint: str,
        model: str | None,
        worst_case_micro_usd: int,
    ) -> int:
        """Writes the reservation down and returns its id.

        Raises:
            BudgetExceededError: with this call the run could exceed its order's budget; nothing was written.
        """
        with self.database.write() as session:
            self._check_budget(session, worst_case_micro_usd)
            call = OutsideCallModel(
                run_id=self.run_id,
                service=service,
                endpoint=endpoint,
                model=model,
                reserved_micro_usd=worst_case_micro_usd,
                status="reserved",
                called_at=datetime.now(UTC),
            )
            session.add(call)
            session.flush()
            return call.id

    def settle(
        self,
        call_id: int,
        *,
        cost_micro_usd: int,
        status: str,
        prompt_tokens: int | None = None,
        completion_tokens: int | None = None,
        items: int | None = None,
    ) -> None:
        with self.database.write() as session:
            call = session.get_one(OutsideCallModel, call_id)
            call.cost_micro_usd = cost_micro_usd
            call.prompt_tokens = prompt_tokens
            call.completion_tokens = completion_tokens
            call.items = items
            call.status = status

    def usage(self) -> dict[str, int]:
        """Calls of the language model, tokens read and written, and all micro-USD of the run, over all attempts."""
        call = OutsideCallModel
        statement = select(
            func.count(call.id), func.sum(call.prompt_tokens), func.sum(call.completion_tokens)
        ).where(call.run_id == self.run_id, call.model.is_not(None))
        with self.database.read() as session:
            calls, prompt_tokens, completion_tokens = session.execute(statement).one()
            spent = self._spent(session)
        return {
            "calls": calls,
            "prompt_tokens": int(prompt_tokens or 0),
            "completion_tokens": int(completion_tokens or 0),
            "cost_micro_usd": spent,
        }

    def by_service(self) -> dict[str, dict[str, int]]:
        """Service -> calls made, places they gave, and micro-USD, over all attempts."""
        call = OutsideCallModel
        cost = func.coalesce(call.cost_micro_usd, call.reserved_micro_usd)
        statement = (
            select(call.service, func.count(call.id), func.sum(call.items), func.sum(cost))
            .where(call.run_id == self.run_id)
            .group_by(call.service)
            .order_by(call.service)
        )
        with self.database.read() as session:
            return {
                service: {"calls": calls, "items": int(items or 0), "cost_micro_usd": int(spent)}
                for service, calls, items, spent in session.execute(statement)
            }

    def _spent(self, session: Session) -> int:
        """Over all attempts; what is not settled counts as reserved."""
        cost = func.coalesce(OutsideCallModel.cost_micro_usd, OutsideCallModel.reserved_micro_usd)
        statement = select(func.coalesce(func.sum(cost), 0)).where(OutsideCallModel.run_id == self.run_id)
        return int(session.execute(statement).scalar_one())

    def _check_budget(self, session: Session, worst_case_micro_usd: int) -> None:
        # The order's row is the lock: two calls of one run must not both take the last cent.
        run = session.get(ProcessingRunModel, self.run_id, with_for_update=True)
        if run is None or run.budget_usd is None:
            return
        spent = self._spent(session)
        if Decimal(spent + worst_case_micro_usd) > run.budget_usd * MICRO:
            raise BudgetExceededError(
                f"the next call could cost up to {worst_case_micro_usd / MICRO:.6f} USD, and "
                f"{spent / MICRO:.6f} of the budget of {run.budget_usd} USD are spent"
            )
