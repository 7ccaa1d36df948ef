"""What every asset does around its one domain call: find the order, take the fence, publish, report."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import dagster as dg

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import snapshot_to_row, to_row
from leadgen_dagster.db.models import Base, OfBusiness
from leadgen_dagster.db.partition import Partition
from leadgen_dagster.db.publishing import Attempt, begin_attempt, check_newest, data_version_of, publish
from leadgen_dagster.db.retention import delete_expired
from leadgen_dagster.discovery.keeping import lasting_name
from leadgen_dagster.discovery.policies import restricted_sources
from leadgen_dagster.errors import LeadgenError
from leadgen_dagster.orders import ProcessingRun
from leadgen_dagster.scoring.snapshots import PageSnapshot

PREVIEW_ROWS = 10
PROGRESS_PAUSE_S = 1.0


@dataclass(slots=True)
class Stage:
    """One attempt at one stage of one run."""

    context: dg.AssetExecutionContext
    database: Database
    run: ProcessingRun
    partition: Partition
    attempt: Attempt

    def publish(
        self,
        model: type[Base],
        entities: Sequence[object],
        *,
        metadata: Mapping[str, Any],
        preview: Sequence[str],
        beside: Mapping[type[Base], Sequence[object]] = MappingProxyType({}),
    ) -> dg.MaterializeResult[None]:
        """Replaces the partition's rows by these entities and reports them.

        Args:
            preview: names of the columns that the preview table shows.
            beside: entities of further tables, published in the same transaction.
        """
        rows = self._rows(entities, model)
        others = {other: self._rows(its_entities, other) for other, its_entities in beside.items()}
        expired = self._expired() if issubclass(model, OfBusiness) else frozenset()
        version = publish(self.database, self.attempt, model, rows, beside=others, keeping=expired)
        if expired:
            metadata = {**metadata, "content_expired": len(expired)}
            self.context.log.warning(
                "content expired: %d businesses were skipped, their earlier rows stay; `leadgen refetch %s` asks again",
                len(expired),
                self.run.id,
            )
        return self.result(rows, metadata=metadata, preview=preview, version=version)

    def _expired(self) -> frozenset[str]:
        """Businesses that had to be skipped; looked for only where a source of the order lets nobody keep its words."""
        names = {spec.name for spec in self.run.config.sources}
        return self.partition.expired_ids() if names & restricted_sources() else frozenset()

    def _rows(self, entities: Sequence[object], model: type[Base]) -> list[dict[str, Any]]:
        return [_row(entity, model, self.run.id) for entity in entities]

    def check_newest(self) -> None:
        """For a stage whose rows are files: refuses, as `publish` does, where a newer attempt has begun."""
        check_newest(self.database, self.attempt)

    def result(
        self,
        rows: Sequence[Mapping[str, Any]],
        *,
        metadata: Mapping[str, Any],
        preview: Sequence[str],
        version: str | None = None,
    ) -> dg.MaterializeResult[None]:
        """Reports rows that are published: how many, their version, the first of them."""
        known = {name: value for name, value in metadata.items() if value is not None}
        return dg.MaterializeResult(
            data_version=dg.DataVersion(version or data_version_of(rows)),
            metadata={"dagster/row_count": len(rows), "preview": self._table(rows, preview), **known},
        )

    def _table(self, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> dg.MetadataValue:
        """The first rows; a business by its name, since nobody knows an id by heart."""
        shown = [{name: _cell(row[name]) for name in columns} for row in rows[:PREVIEW_ROWS]]
        if "business_id" in columns:
            names = {business.id: lasting_name(business) for business in self.partition.businesses()}
            shown = [{"business": names[str(cells.pop("business_id"))], **cells} for cells in shown]
            columns = ["business", *(name for name in columns if name != "business_id")]
        schema = dg.TableSchema(columns=[dg.TableColumn(name, "string") for name in columns])
        return dg.MetadataValue.table(records=[dg.TableRecord(cells) for cells in shown], schema=schema)

    def progress(self, total: int) -> Callable[..., None]:
        """Counts up at each call and reports at most once a second: each report is a write to Dagster's database."""
        done = itertools.count(1)
        reported_at = time.monotonic()

        def report(*_done: object) -> None:
            nonlocal reported_at
            count, now = next(done), time.monotonic()
            if now - reported_at < PROGRESS_PAUSE_S:
                return
            reported_at = now
            self.context.log_event(
                dg.AssetObservation(
                    asset_key=self.context.asset_key,
                    partition=self.run.id,
                    metadata={"done": count, "total": total},
                )
            )

        return report


@contextmanager
def begin_stage(context: dg.AssetExecutionContext, database: Database) -> Iterator[Stage]:
    """Opens the stage of one attempt; from now on no earlier attempt publishes."""
    run_id = context.partition_key
    delete_expired(database, now=datetime.now(UTC))
    partition = Partition(database, run_id)
    run = partition.run()
    if run is None:
        raise dg.Failure(
            f"run {run_id}: there is no order under this id. Place one with the job request_run, "
            "with `leadgen run`, or with the config `order` of the asset businesses.",
            allow_retries=False,
        )
    attempt = begin_attempt(database, run_id, context.asset_key.to_user_string(), context.run.run_id)
    with clear_failures():
        yield Stage(context, database, run, partition, attempt)


@contextmanager
def clear_failures() -> Iterator[None]:
    """An error that the project raises on purpose becomes one clear failure in the UI.

    It says whether trying again can help; nothing tries again by itself, a person or `leadgen resume` does.
    """
    try:
        yield
    except (LeadgenError, BaseExceptionGroup) as raised:
        error = _first_cause(raised)
        if isinstance(error, LeadgenError):
            raise dg.Failure(str(error), allow_retries=error.is_retryable) from error
        if isinstance(error, Exception):
            raise
        raise error from None  # an interruption is Dagster's own to tell


def _first_cause(error: BaseException) -> BaseException:
    """What stopped a group of tasks."""
    return _first_cause(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def counts(values: Sequence[str], prefix: str) -> dict[str, int]:
    """How often each value occurs, as metadata that the UI can plot: `state/ok` -> 12."""
    tally: dict[str, int] = {}
    for value in values:
        tally[f"{prefix}/{value}"] = tally.get(f"{prefix}/{value}", 0) + 1
    return dict(sorted(tally.items()))


def _row(entity: object, model: type[Base], run_id: str) -> dict[str, Any]:
    if isinstance(entity, PageSnapshot):
        return snapshot_to_row(entity, model, run_id=run_id)
    return to_row(entity, model, run_id=run_id)


def _cell(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
