"""What happens in a Dagster run, told while it happens."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import dagster as dg

from leadgen_dagster.orchestration.flow import STAGES

POLL_S = 0.2


class Happening(StrEnum):
    STARTED = "started"
    PROGRESS = "progress"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageNews:
    """Something that happened to a stage."""

    stage: str
    what: Happening
    done: int = 0
    total: int = 0


StageEvent = Callable[[StageNews], None]

KINDS = {
    dg.DagsterEventType.STEP_START: Happening.STARTED,
    dg.DagsterEventType.ASSET_OBSERVATION: Happening.PROGRESS,
    dg.DagsterEventType.STEP_SUCCESS: Happening.DONE,
    dg.DagsterEventType.STEP_FAILURE: Happening.FAILED,
}


@contextmanager
def watching(
    instance: dg.DagsterInstance, dagster_run_id: str, on_event: StageEvent | None
) -> Iterator[None]:
    """Reads the run's events beside it and passes the stages' on; the last ones come before it ends."""
    if on_event is None:
        yield
        return
    is_over = threading.Event()
    reader = threading.Thread(target=_read, args=(instance, dagster_run_id, on_event, is_over), daemon=True)
    reader.start()
    try:
        yield
    finally:
        is_over.set()
        reader.join()


def _read(
    instance: dg.DagsterInstance, dagster_run_id: str, on_event: StageEvent, is_over: threading.Event
) -> None:
    cursor = None
    while True:
        is_last = is_over.wait(POLL_S)
        page = instance.get_records_for_run(dagster_run_id, cursor=cursor, of_type=set(KINDS))
        cursor = page.cursor
        for record in page.records:
            news = _news(record.event_log_entry)
            if news is not None:
                on_event(news)
        if is_last:
            return


def _news(entry: dg.EventLogEntry) -> StageNews | None:
    event = entry.dagster_event
    if event is None or entry.step_key not in STAGES:
        return None
    what = KINDS[event.event_type]
    if what is not Happening.PROGRESS:
        return StageNews(stage=entry.step_key, what=what)
    figures = event.asset_observation_data.asset_observation.metadata
    done, total = (str(figures[name].value) for name in ("done", "total"))
    return StageNews(stage=entry.step_key, what=what, done=int(done), total=int(total))
