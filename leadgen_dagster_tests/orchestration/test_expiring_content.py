"""A run over a source that lets nobody keep its words: through Dagster, past their time, and fetched again."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select, update
from werkzeug import Request, Response

from leadgen_dagster.db.models import (
    BusinessModel,
    ExpiringContentModel,
    PlaceAnswerModel,
    WebsiteScoreModel,
)
from leadgen_dagster.db.retention import delete_expired
from leadgen_dagster.discovery.sources.base import ApiCall
from leadgen_dagster.orchestration.execution import ProcessingRunResult, Workshop
from leadgen_dagster.orchestration.flow import STAGES, RunStatus
from leadgen_dagster.orders import Executor
from leadgen_dagster.settings import Settings
from leadgen_dagster_tests.discovery.sources.sample_google_places import HELSINKI_BOX, GooglePlaces, record

KEY = "AIza-very-secret"
PHONES = ("+358 9 666001", "+358 9 666002", "+358 9 666003")
RECORDS = [
    record(number, websiteUri=None, internationalPhoneNumber=phone, nationalPhoneNumber=None)
    for number, phone in enumerate(PHONES, start=1)
]
ORDER = {
    "location": HELSINKI_BOX,
    "niche": "restaurants",
    "sources": ["google_places"],
    "budget_usd": "0.10",
}


@pytest.fixture(scope="module")
def service() -> Iterator[HTTPServer]:
    """The Places API on loopback."""
    places = GooglePlaces(RECORDS)

    def answer(request: Request) -> Response:
        call = ApiCall(endpoint=request.path, method="POST", document=request.get_json())
        return Response(json.dumps(places.answer(call)), mimetype="application/json")

    with HTTPServer() as server:
        server.expect_request("/v1/places:searchText").respond_with_handler(answer)
        yield server


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, service: HTTPServer) -> Iterator[Workshop]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        patch.setenv("LEADGEN_GOOGLE_PLACES_API_KEY", KEY)
        home: Path = tmp_path_factory.mktemp("home")
        settings = Settings(home=home, google_places_url=service.url_for("").rstrip("/"), demo_pictures=0)
        yield Workshop(settings)


@pytest.fixture(scope="module")
def done(workshop: Workshop) -> ProcessingRunResult:
    run, _ = workshop.desk.place(ORDER, requested_by="test", executor=Executor.PROCESS)
    return workshop.execute(run.id)


@pytest.fixture(scope="module")
def expired(workshop: Workshop, done: ProcessingRunResult) -> ProcessingRunResult:
    """The same run a month later."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    with workshop.database.write() as session:
        session.execute(update(ExpiringContentModel).values(expires_at=past))
        session.execute(update(PlaceAnswerModel).values(expires_at=past))
    return done


def rows(workshop: Workshop, model: Any) -> list[dict[str, Any]]:
    with workshop.database.read() as session:
        return [dict(row) for row in session.execute(select(model.__table__)).mappings()]


def events(workshop: Workshop) -> str:
    """All that Dagster keeps of what happened."""
    logs = [workshop.instance.all_logs(run.run_id) for run in workshop.instance.get_runs()]
    return "\n".join(dg.serialize_value(entry) for entries in logs for entry in entries)


def test_the_run_is_worked_on_whole(workshop: Workshop, done: ProcessingRunResult) -> None:
    assert done.status is RunStatus.COMPLETED, done.error
    assert {business.name for business in workshop.partition(done.run_id).prospects()} == {
        "Ravintola 1",
        "Ravintola 2",
        "Ravintola 3",
    }
    assert done.counts["website_scores"] == 3
    assert "Ravintola 1" in Path(done.export_paths["leads.csv"]).read_text(encoding="utf-8")


def test_only_ids_are_kept_for_good(workshop: Workshop, done: ProcessingRunResult) -> None:
    kept = json.dumps(rows(workshop, BusinessModel), default=str)
    assert "ChIJ00001" in kept
    assert "Ravintola" not in kept
    assert "+358" not in kept
    assert "Yrj" not in kept
    assert len(rows(workshop, ExpiringContentModel)) == 3


def test_neither_content_nor_key_is_in_what_dagster_keeps(
    workshop: Workshop, done: ProcessingRunResult
) -> None:
    told = events(workshop)
    assert "google_places ChIJ00001" in told
    for secret in (KEY, "Ravintola 1", "+358"):
        assert secret not in told


def test_each_call_is_a_row_of_the_ledger_and_the_sum_is_told(
    workshop: Workshop, done: ProcessingRunResult
) -> None:
    told = events(workshop)
    assert '"cost_usd"' in told
    assert "0.035" in told


def test_past_its_time_content_is_gone_and_later_stages_keep_their_rows(
    workshop: Workshop, expired: ProcessingRunResult
) -> None:
    partition = workshop.partition(expired.run_id)
    assert partition.prospects() == []
    assert all(business.is_expired for business in partition.businesses())
    delete_expired(workshop.database, now=datetime.now(UTC))
    assert rows(workshop, ExpiringContentModel) == []
    assert {row["answer"] for row in rows(workshop, PlaceAnswerModel)} == {None}
    scores = rows(workshop, WebsiteScoreModel)
    again = workshop.execute(expired.run_id, stages=STAGES[STAGES.index("website_scores") :])
    assert again.status is RunStatus.COMPLETED, again.error
    assert rows(workshop, WebsiteScoreModel) == scores
    assert '"content_expired"' in events(workshop)
    report = Path(again.export_paths["report.html"]).read_text(encoding="utf-8")
    assert "content expired: 3 businesses; `leadgen refetch" in report


def test_nothing_is_paid_again_unasked_and_a_person_may_ask(
    workshop: Workshop, expired: ProcessingRunResult, service: HTTPServer
) -> None:
    delete_expired(workshop.database, now=datetime.now(UTC))
    asked, ids = len(service.log), {row["id"] for row in rows(workshop, BusinessModel)}
    refused = workshop.execute(expired.run_id, stages=["businesses"])
    assert refused.error
    assert "content expired; `leadgen refetch" in refused.error
    assert len(service.log) == asked
    fetched = workshop.execute(expired.run_id, stages=["businesses"], refresh=True)
    assert fetched.error is None
    assert len(service.log) == asked + 1
    assert {business.id for business in workshop.partition(expired.run_id).prospects()} == ids


def test_the_budget_counts_all_that_a_run_has_cost(
    workshop: Workshop, expired: ProcessingRunResult, service: HTTPServer
) -> None:
    """Two calls of 0.035 USD are paid; a third would exceed the 0.10 that was ordered."""
    results = [workshop.execute(expired.run_id, stages=["businesses"], refresh=True) for _ in range(2)]
    assert len(service.log) == 2
    assert "budget" in str(results[-1].error)
