"""A demo published, then taken down by its business: every later run leaves that business alone, and says why."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from leadgen_dagster.clients.site_hosts import FolderHost
from leadgen_dagster.discovery.businesses import ExclusionReason
from leadgen_dagster.orchestration.execution import Workshop
from leadgen_dagster.orchestration.publisher import Choice
from leadgen_dagster.orders import Executor
from leadgen_dagster.outreach.campaigns import NoDraft
from leadgen_dagster.settings import Settings
from leadgen_dagster.web.published import published_app

ORDER = {"location": "Port Linden", "niche": "restaurants", "sources": ["demo"]}


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.setenv("LEADGEN_HOME", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    workshop = Workshop(Settings.load())
    yield workshop
    workshop.instance.dispose()
    workshop.database.dispose()


def ordered(workshop: Workshop) -> str:
    order, _ = workshop.desk.place(ORDER, requested_by="test", executor=Executor.PROCESS, again=True)
    assert workshop.execute(order.id).error is None
    return order.id


def test_who_had_the_demo_taken_down_is_left_alone_in_every_later_run(workshop: Workshop) -> None:
    first = ordered(workshop)
    run, partition = workshop.run(first), workshop.partition(first)
    ((business_id, site),) = partition.sites().items()
    (business,) = (one for one in partition.businesses() if one.id == business_id)
    assert business_id in partition.campaigns()
    agency = workshop.agency_of(run)
    (done,) = workshop.publisher.publish(
        run,
        [Choice(business=business, content_hash=site.content_hash)],
        agency=agency,
        public_url=workshop.public_url_of(agency),
    )
    folder = FolderHost(workshop.settings.published_folder)
    with TestClient(published_app(workshop.publisher, folder, lambda _run_id: agency)) as client:
        assert client.get(f"/d/{site.token}/").status_code == 200
        assert client.post(f"/d/{site.token}/take-down/").status_code == 200
        assert client.get(f"/d/{site.token}/").status_code == 410
    day = f"{done.publication.published_at:%Y-%m-%d}"

    assert workshop.execute(first, stages=["lead_export"]).error is None
    exported = workshop.files.read_file(f"exports/{first}/leads.jsonl").decode().splitlines()
    (lead,) = (row for row in map(json.loads, exported) if row["business_id"] == business_id)
    assert (lead["email_text"], lead["email"], lead["phone"]) == (None, None, None)
    told = "By now its name and place is on the list of those who are not written to again."
    assert lead["no_draft_reason"] == lead["lead_reason"] == told

    second = ordered(workshop)
    (left_alone,) = (
        one for one in workshop.partition(second).businesses() if one.fingerprint == business.fingerprint
    )
    assert left_alone.exclusion is ExclusionReason.TAKEN_DOWN
    assert left_alone.exclusion_note == f"It had its demo taken down on {day}."
    assert workshop.partition(second).sites() == {}
    assert workshop.partition(second).campaigns() == {}
    report = workshop.files.read_file(f"exports/{second}/report.html").decode()
    assert f"It had its demo taken down on {day}." in report

    stages = ["generated_sites", "outreach_campaigns", "lead_export"]
    assert workshop.execute(first, stages=stages).error is None
    assert partition.sites() == {}
    assert partition.campaigns() == {}
    assert partition.refusals()[business_id].kind == NoDraft.SUPPRESSED
