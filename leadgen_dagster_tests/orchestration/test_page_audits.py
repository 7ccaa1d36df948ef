"""A second look as a stage: only where it is ordered, remembered, and never in the way of the scores."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from upath import UPath

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.memos import AuditedPages
from leadgen_dagster.orchestration.audit_memory import AuditMemory
from leadgen_dagster.orchestration.audit_resource import AuditResource
from leadgen_dagster.orchestration.execution import Workshop
from leadgen_dagster.orchestration.flow import STAGES, RunStatus
from leadgen_dagster.orders import Executor, ProcessingRun, ProcessingRunConfig
from leadgen_dagster.scoring.audits import (
    AuditedPage,
    AuditMethod,
    Auditor,
    AuditOutcome,
    UnavailableAuditor,
    failed_audit,
)
from leadgen_dagster.scoring.scores import Category, ScoreMethod
from leadgen_dagster.settings import Settings
from leadgen_dagster_tests.factories import FETCHED_AT
from leadgen_dagster_tests.scoring.audit_builders import HOME, make_audited_page

ORDER = {"location": "Port Linden", "niche": "local businesses", "sources": ["demo"], "max_businesses": 4}
UNTIL_AUDITS = STAGES[: STAGES.index("page_audits") + 1]
ASKED: list[str] = []


class Watcher:
    """Sees a page that is very slow, and fails on every second one."""

    method = AuditMethod.LIGHTHOUSE

    async def audit(self, url: str) -> AuditedPage:
        ASKED.append(url)
        if len(ASKED) % 2 == 0:
            return failed_audit(self.method, url, FETCHED_AT, "NO_FCP: nothing was painted")
        return make_audited_page(method=self.method, url=url, category_scores={Category.PERFORMANCE: 1.0})


class WatchedAudits(AuditResource):
    """Looks with what is given here."""

    @asynccontextmanager
    async def auditors(self, *_run: object) -> AsyncIterator[list[Auditor]]:  # type: ignore[override]
        yield [Watcher(), UnavailableAuditor(AuditMethod.BROWSER, "no Chromium or Chrome on the PATH")]


@pytest.fixture(scope="module", autouse=True)
def _environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        yield


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(Settings(home=tmp_path_factory.mktemp("home")), audits=WatchedAudits(user_agent="test"))


@pytest.fixture(scope="module")
def run_id(workshop: Workshop) -> str:
    """A completed run whose two weakest websites were looked at again."""
    run, _ = workshop.desk.place(ORDER | {"audit_weakest": 2}, requested_by="test", executor=Executor.PROCESS)
    result = workshop.execute(
        run.id, stages=["businesses", "page_snapshots", "contacts", "page_audits", "website_scores"]
    )
    assert result.error is None
    return run.id


def metadata(workshop: Workshop) -> dict[str, Any]:
    event = workshop.instance.get_latest_materialization_event(dg.AssetKey("page_audits"))
    assert event is not None
    assert event.asset_materialization is not None
    return {name: value.value for name, value in event.asset_materialization.metadata.items()}


def test_the_weakest_are_looked_at_again_and_no_other(workshop: Workshop, run_id: str) -> None:
    scores = workshop.partition(run_id).scores().values()
    static = sorted((one.static_score, one.business_id) for one in scores if one.static_score is not None)

    assert set(workshop.partition(run_id).audits()) == {business_id for _, business_id in static[:2]}


def test_a_score_is_combined_where_a_method_saw_the_page_and_stands_where_none_did(
    workshop: Workshop, run_id: str
) -> None:
    partition = workshop.partition(run_id)
    scores, audits = partition.scores(), partition.audits()
    was_seen = {business_id: any(one.is_done for one in seen) for business_id, seen in audits.items()}
    assert sorted(was_seen.values()) == [False, True]
    for business_id, seen in was_seen.items():
        score = scores[business_id]
        assert score.static_score is not None
        assert score.score is not None
        assert score.method_note is not None
        assert "A browser could not look: no Chromium or Chrome on the PATH." in score.method_note
        if seen:
            assert (score.score_method, score.score < score.static_score) == (ScoreMethod.HYBRID, True)
            assert score.method_note.startswith("The checks combined with Lighthouse.")
        else:
            assert (score.score_method, score.score) == (ScoreMethod.STATIC, score.static_score)
            assert score.method_note.endswith("The score is of the checks alone.")
    others = [one for one in scores.values() if one.business_id not in audits]
    assert {(one.score_method, one.method_note) for one in others} == {(ScoreMethod.STATIC, None)}


def test_what_was_seen_is_not_looked_at_again_by_the_next_attempt(workshop: Workshop, run_id: str) -> None:
    before = list(ASKED)
    workshop.execute(run_id, stages=["page_audits"])

    assert before == ASKED
    assert metadata(workshop) | {"preview": None} == {
        "dagster/row_count": 4,
        "preview": None,
        "websites": 2,
        "pages_audited": 0,
        "audits/browser/failed": 2,
        "audits/lighthouse/done": 1,
        "audits/lighthouse/failed": 1,
    }


def test_a_refresh_looks_again(workshop: Workshop, run_id: str) -> None:
    before = len(ASKED)
    workshop.execute(run_id, stages=["page_audits"], refresh=True)

    assert len(ASKED) == before + 2


def test_without_being_ordered_nothing_is_looked_at_again(workshop: Workshop) -> None:
    asked = list(ASKED)
    run, _ = workshop.desk.place(ORDER, requested_by="test", executor=Executor.PROCESS)
    result = workshop.execute(run.id, stages=UNTIL_AUDITS)

    assert (result.error, result.counts["page_audits"]) == (None, 0)
    assert result.status is RunStatus.PROCESSING
    assert asked == ASKED


class TestAuditMemory:
    FAILED = failed_audit(AuditMethod.BROWSER, HOME, FETCHED_AT + timedelta(days=1), "too slow")

    def test_each_look_is_written_down_at_once(self, sqlite_database: Database) -> None:
        AuditMemory(AuditedPages(sqlite_database, "a-run")).put(make_audited_page())

        again = AuditMemory(AuditedPages(sqlite_database, "a-run"))
        assert again.get(HOME, AuditMethod.BROWSER) == make_audited_page()
        assert again.get(HOME, AuditMethod.LIGHTHOUSE) is None

    def test_a_refresh_that_fails_goes_by_what_was_seen_before(self, sqlite_database: Database) -> None:
        AuditMemory(AuditedPages(sqlite_database, "a-run")).put(make_audited_page())
        refresh = AuditMemory(AuditedPages(sqlite_database, "a-run", refresh="root-run"))

        assert refresh.get(HOME, AuditMethod.BROWSER) is None
        assert refresh.put(self.FAILED) == make_audited_page()
        assert refresh.get(HOME, AuditMethod.BROWSER) == make_audited_page()

    def test_where_nothing_was_ever_seen_the_failure_is_told(self, sqlite_database: Database) -> None:
        memory = AuditMemory(AuditedPages(sqlite_database, "a-run"))
        assert memory.put(self.FAILED).outcome is AuditOutcome.FAILED


def methods(
    sources: list[str], database: Database, tmp_path: Path, **fields: Any
) -> list[tuple[AuditMethod, str]]:
    """Each method of a run, and what is said where it is not to be had."""
    run = ProcessingRun(
        id="a-run",
        config=ProcessingRunConfig.parse(ORDER | {"sources": sources}),
        requested_by="test",
        requested_at=FETCHED_AT,
        executor=Executor.PROCESS,
        request_key="a-key",
    )

    async def told() -> list[tuple[AuditMethod, str]]:
        resource = AuditResource(user_agent="test", **fields)
        async with resource.auditors(run, database, ObjectStore(UPath(tmp_path))) as auditors:
            return [(one.method, getattr(one, "reason", "")) for one in auditors]

    return asyncio.run(told())


class TestAuditResource:
    @pytest.fixture(autouse=True)
    def _nothing_is_installed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))

    def test_by_default_a_browser_looks_and_what_is_missing_is_said(
        self, sqlite_database: Database, tmp_path: Path
    ) -> None:
        [(method, reason)] = methods(["osm"], sqlite_database, tmp_path)

        assert method is AuditMethod.BROWSER
        assert reason == "no Chromium or Chrome on the PATH; install one, or name it in LEADGEN_BROWSER"

    def test_what_is_set_up_looks_too(self, sqlite_database: Database, tmp_path: Path) -> None:
        missing = str(tmp_path / "lighthouse")
        told = methods(["osm"], sqlite_database, tmp_path, lighthouse=missing, pagespeed_api_key="k")

        assert [method for method, _ in told] == [
            AuditMethod.BROWSER,
            AuditMethod.LIGHTHOUSE,
            AuditMethod.PAGESPEED,
        ]
        assert told[1][1].startswith(f"LEADGEN_LIGHTHOUSE: {missing} is no file; ")
        assert told[2][1] == ""

    def test_a_person_may_choose_the_methods(self, sqlite_database: Database, tmp_path: Path) -> None:
        assert methods(["osm"], sqlite_database, tmp_path, methods="pagespeed") == [
            (AuditMethod.PAGESPEED, "LEADGEN_PAGESPEED_API_KEY is not set")
        ]

    def test_the_demo_town_is_seen_by_the_browser_alone(
        self, sqlite_database: Database, tmp_path: Path
    ) -> None:
        told = methods(["demo"], sqlite_database, tmp_path, methods="lighthouse", pagespeed_api_key="k")
        assert [method for method, _ in told] == [AuditMethod.BROWSER]
