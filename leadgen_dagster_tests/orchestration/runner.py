"""Executes a Port Linden run and kills itself before it fetches a page: `python -m … HOME PAGE`."""

import os
import signal
import sys
import warnings
from pathlib import Path
from typing import Any, Self

from leadgen_dagster.db.engine import Database
from leadgen_dagster.orchestration.execution import Workshop
from leadgen_dagster.orchestration.resources import WebResource
from leadgen_dagster.orders import Executor, ProcessingRun
from leadgen_dagster.scoring.snapshots import FetchedPage
from leadgen_dagster.settings import Settings

ORDER = {"location": "Port Linden", "niche": "local businesses", "sources": ["demo"], "max_businesses": 12}


def order_of(workshop: Workshop) -> str:
    """The same order gives the same run id in every home on one day."""
    run, _ = workshop.desk.place(ORDER, requested_by="test", executor=Executor.PROCESS)
    return run.id


class Fetcher:
    """Passes on to the real one, after it has told `before_each`."""

    def __init__(self, fetcher: Any, before_each: Any) -> None:
        self._fetcher = fetcher
        self._before_each = before_each

    async def __aenter__(self) -> Self:
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._fetcher.__aexit__(*exception)

    async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
        self._before_each(url)
        return await self._fetcher.fetch(url, method=method)


class StruckWeb(WebResource):
    """Sends this process a signal before the given page."""

    signal_number: int
    page: int

    def fetcher(self, run: ProcessingRun, database: Database) -> Any:
        urls: list[str] = []

        def strike(url: str) -> None:
            urls.append(url)
            if len(urls) == self.page:
                os.kill(os.getpid(), self.signal_number)

        return Fetcher(super().fetcher(run, database), strike)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    settings = Settings(home=Path(sys.argv[1]))
    web = StruckWeb(user_agent="test", concurrency=1, signal_number=signal.SIGKILL, page=int(sys.argv[2]))
    workshop = Workshop(settings, web=web)
    print(workshop.execute(order_of(workshop)).as_json())  # noqa: T201  # for a person who looks into a failure
