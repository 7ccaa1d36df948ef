"""An old partition scored again with a newer rubric: from the stored pages alone, and the difference is told."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from leadgen_dagster.orchestration import ordering
from leadgen_dagster.orchestration.execution import Workshop
from leadgen_dagster.orchestration.flow import STAGES
from leadgen_dagster.orchestration.resources import WebResource
from leadgen_dagster.orders import Executor
from leadgen_dagster.scoring.rubric import RUBRIC
from leadgen_dagster.scoring.rules import Rubric
from leadgen_dagster.scoring.scores import Category, WebsiteScore
from leadgen_dagster.settings import Settings

ORDER = {"location": "Port Linden", "niche": "local businesses", "sources": ["demo"], "max_businesses": 4}
NEWER = replace(
    RUBRIC, version="next", category_weights={**RUBRIC.category_weights, Category.PERFORMANCE: 100}
)
UP_TO_SCORES = STAGES[: STAGES.index("website_scores") + 1]
REQUESTS: list[str] = []
IS_WATCHED = [False]


def _note_requests(event: str, arguments: tuple[Any, ...]) -> None:
    if IS_WATCHED[0] and event in {"socket.connect", "socket.sendto", "socket.getaddrinfo"}:
        REQUESTS.append(f"{event} {arguments[1:]}")


sys.addaudithook(_note_requests)


class NoWeb(WebResource):
    """Not even the way to the web may be opened."""

    def fetcher(self, *_arguments: object) -> Any:
        raise AssertionError("a re-scoring asked for the web")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        yield tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def old_run(home: Path) -> str:
    """Scored once, with the rubric of today."""
    workshop = Workshop(Settings(home=home))
    order, _ = workshop.desk.place(ORDER, requested_by="test", executor=Executor.PROCESS)
    assert workshop.execute(order.id, stages=UP_TO_SCORES).error is None
    return order.id


def _score_again(home: Path, run_id: str, rubric: Rubric, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.setattr(ordering, "RUBRIC", rubric)
    workshop = Workshop(Settings(home=home), web=NoWeb(user_agent="nobody"))
    REQUESTS.clear()
    IS_WATCHED[0] = True
    try:
        result = workshop.execute(run_id, stages=["website_scores"])
    finally:
        IS_WATCHED[0] = False
    assert result.error is None
    return workshop


def _metadata(workshop: Workshop, run_id: str) -> dict[str, Any]:
    """Of the newest scoring, as the UI has it."""
    records = workshop.instance.fetch_materializations(
        dg.AssetRecordsFilter(dg.AssetKey("website_scores"), asset_partitions=[run_id]), limit=1
    ).records
    materialization = records[0].asset_materialization
    assert materialization is not None
    return {name: value.value for name, value in materialization.metadata.items()}


def test_with_a_newer_rubric_no_request_leaves_the_machine_and_the_difference_is_told(
    home: Path, old_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dict(Workshop(Settings(home=home)).partition(old_run).scores())
    workshop = _score_again(home, old_run, NEWER, monkeypatch)
    assert REQUESTS == []
    after = workshop.partition(old_run).scores()
    assert {score.rubric_version for score in after.values()} == {"next"}
    moved = {one: _points(after[one]) - _points(before[one]) for one in before if _points(before[one]) >= 0}
    told = _metadata(workshop, old_run)
    assert told["changed/compared"] == len(before)
    assert told["changed/scores"] == sum(points != 0 for points in moved.values()) > 0
    assert abs(told["changed/largest_points"]) == max(map(abs, moved.values()))
    versions = f"{RUBRIC.version} ({RUBRIC.hash[:8]}) → next ({NEWER.hash[:8]})"
    assert told["changed/rubric"] == versions
    first = told["changes"].records[0].data
    assert "→" in first["score"]
    assert first["business"] in {business.name for business in workshop.partition(old_run).businesses()}

    again = _score_again(home, old_run, NEWER, monkeypatch)
    assert REQUESTS == []
    assert again.partition(old_run).scores() == after
    told = _metadata(again, old_run)
    assert (told["changed/scores"], told["changed/compared"]) == (0, len(before))
    assert "changes" not in told


def _points(score: WebsiteScore) -> int:
    return -1 if score.score is None else score.score
