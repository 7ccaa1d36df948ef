"""Orders, their launches and their runs. Published rows are written by `publishing.py` alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from leadgen_dagster.db.models import (
    Base,
    BusinessModel,
    OrderLaunchModel,
    ProcessingRunModel,
    StageFenceModel,
)
from leadgen_dagster.db.upserts import insert_of
from leadgen_dagster.errors import OrderError
from leadgen_dagster.orders import (
    Executor,
    ProcessingRun,
    ProcessingRunConfig,
    checked_run_id,
    run_id_candidates,
)

Model = TypeVar("Model", bound=Base)


class BaseRepository(Generic[Model]):
    """The two things that every table needs."""

    model_class: type[Model]

    def __init__(self, session: Session) -> None:
        self.session = session

    def create(self, **fields: object) -> Model:
        """Adds one row and sends it, so that the database's own rules have been applied."""
        instance = self.model_class(**fields)
        self.session.add(instance)
        self.session.flush()
        return instance

    def get_by_id(self, id_: object) -> Model | None:
        return self.session.get(self.model_class, id_)


class ProcessingRunRepository(BaseRepository[ProcessingRunModel]):
    model_class = ProcessingRunModel

    def get_with_businesses(self, run_id: str) -> ProcessingRunModel | None:
        """A run with its businesses, their scores, sites and campaigns, in a fixed number of queries."""
        businesses = selectinload(ProcessingRunModel.businesses)
        statement = (
            select(ProcessingRunModel)
            .options(
                businesses.selectinload(BusinessModel.website_scores),
                businesses.selectinload(BusinessModel.generated_sites),
                businesses.selectinload(BusinessModel.outreach_campaigns),
            )
            .where(ProcessingRunModel.id == run_id)
        )
        return self.session.execute(statement).scalar_one_or_none()

    def get_by_request_key(self, request_key: str) -> ProcessingRunModel | None:
        statement = select(ProcessingRunModel).where(ProcessingRunModel.request_key == request_key)
        return self.session.execute(statement).scalar_one_or_none()

    def newest_first(self, limit: int | None = None) -> Sequence[ProcessingRunModel]:
        statement = select(ProcessingRunModel).order_by(
            ProcessingRunModel.requested_at.desc(), ProcessingRunModel.id.desc()
        )
        return self.session.execute(statement.limit(limit)).scalars().all()

    def place(
        self,
        config: ProcessingRunConfig,
        *,
        request_key: str,
        requested_by: str,
        requested_at: datetime,
        executor: Executor,
        run_id: str | None = None,
    ) -> tuple[ProcessingRun, bool]:
        """The run of this request, and whether it is new: a repeated request gives the run it gave before."""
        fields = {
            **config.model_dump(mode="json"),
            "budget_usd": config.budget_usd,
            "request_key": request_key,
            "requested_by": requested_by,
            "requested_at": requested_at,
            "executor": executor.value,
        }
        wanted = (
            [checked_run_id(run_id)]
            if run_id
            else run_id_candidates(config, request_key, requested_at.date())
        )
        for candidate in wanted:
            is_new = self._add({**fields, "id": candidate})
            model = self.get_by_request_key(request_key)
            if model is not None:
                return to_run(model), is_new
        raise OrderError("run id", wanted[-1], "it belongs to another request already; choose another")

    def _add(self, fields: dict[str, Any]) -> bool:
        """Whether the row was added; not where its id or its request key is taken, by somebody else just now too."""
        statement = insert_of(self.session)(ProcessingRunModel).values(fields).on_conflict_do_nothing()
        added = self.session.execute(statement.returning(ProcessingRunModel.id))
        return added.scalar_one_or_none() is not None


class OrderLaunchRepository(BaseRepository[OrderLaunchModel]):
    model_class = OrderLaunchModel

    def waiting(self, executor: Executor) -> list[str]:
        """Run ids of the orders that nobody has launched yet, the oldest first."""
        launched = select(OrderLaunchModel.run_id)
        statement = (
            select(ProcessingRunModel.id)
            .where(ProcessingRunModel.executor == executor.value, ProcessingRunModel.id.not_in(launched))
            .order_by(ProcessingRunModel.requested_at, ProcessingRunModel.id)
        )
        return list(self.session.execute(statement).scalars())

    def launched_without_trace(self, since: datetime, *, launched_by: str, seen_by: str) -> list[str]:
        """Run ids that were launched lately, of which no stage has begun and that nobody has seen in Dagster."""
        begun = select(StageFenceModel.run_id)
        seen = select(OrderLaunchModel.run_id).where(OrderLaunchModel.launched_by == seen_by)
        statement = (
            select(OrderLaunchModel.run_id)
            .where(
                OrderLaunchModel.launched_at >= since,
                OrderLaunchModel.launched_by == launched_by,
                OrderLaunchModel.run_id.not_in(begun),
                OrderLaunchModel.run_id.not_in(seen),
            )
            .distinct()
            .order_by(OrderLaunchModel.run_id)
        )
        return list(self.session.execute(statement).scalars())


def to_run(model: ProcessingRunModel) -> ProcessingRun:
    names = ProcessingRunConfig.model_fields
    return ProcessingRun(
        id=model.id,
        config=ProcessingRunConfig.parse({name: getattr(model, name) for name in names}),
        requested_by=model.requested_by,
        requested_at=model.requested_at,
        executor=Executor(model.executor),
        request_key=model.request_key,
    )
