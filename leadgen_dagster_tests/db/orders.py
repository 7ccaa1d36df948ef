"""Orders for storage tests."""

from datetime import UTC, datetime
from uuid import uuid4

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.repositories import ProcessingRunRepository
from leadgen_dagster.orders import Executor, ProcessingRun, ProcessingRunConfig

ORDERED_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def place_order(
    database: Database,
    *,
    request_key: str | None = None,
    requested_at: datetime = ORDERED_AT,
    executor: Executor = Executor.DAEMON,
    run_id: str | None = None,
    **fields: object,
) -> ProcessingRun:
    config = ProcessingRunConfig.parse({"location": "Port Linden", "niche": "bakery", **fields})
    with database.write() as session:
        run, _ = ProcessingRunRepository(session).place(
            config,
            request_key=request_key or f"test:{uuid4()}",
            requested_by="a test",
            requested_at=requested_at,
            executor=executor,
            run_id=run_id,
        )
    return run
