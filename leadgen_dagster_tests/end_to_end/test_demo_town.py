"""The demo town from the order to the export: what the run says is held against the key that ships with it."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from leadgen_dagster.agency import load_agency
from leadgen_dagster.cli.demo import ORDER, compare
from leadgen_dagster.db.models import SuppressionModel
from leadgen_dagster.db.partition import Partition
from leadgen_dagster.db.suppressions import hash_of
from leadgen_dagster.discovery.sources import TOWN_FOLDER
from leadgen_dagster.discovery.sources.demo import answer_key
from leadgen_dagster.exports.leads import Lead
from leadgen_dagster.orchestration.execution import ProcessingRunResult, Workshop
from leadgen_dagster.orchestration.layout import site_path
from leadgen_dagster.orchestration.page_memory import with_bodies
from leadgen_dagster.orders import Executor
from leadgen_dagster.outreach.campaigns import NoDraft
from leadgen_dagster.outreach.placeholders import draft_faults
from leadgen_dagster.scoring.scores import LeadClass
from leadgen_dagster.settings import Settings
from leadgen_dagster.sites.gates import stored_site_faults
from leadgen_dagster_tests.factories import FETCHED_AT

LEADS_TO_RING = (LeadClass.READY_TO_MAIL, LeadClass.READY_TO_CALL)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEADGEN_HOME", str(home))
        patch.setenv("DAGSTER_HOME", str(home / "dagster"))
        workshop = Workshop(Settings.load())
        yield workshop
        workshop.instance.dispose()
        workshop.database.dispose()


@pytest.fixture(scope="module")
def result(workshop: Workshop) -> ProcessingRunResult:
    order, _ = workshop.desk.place(ORDER, requested_by="test", executor=Executor.PROCESS)
    return workshop.execute(order.id)


@pytest.fixture(scope="module")
def partition(workshop: Workshop, result: ProcessingRunResult) -> Partition:
    return workshop.partition(result.run_id)


@pytest.fixture(scope="module")
def leads(partition: Partition) -> list[Lead]:
    return partition.leads()


def test_every_firm_of_the_town_comes_out_as_its_answer_key_says(
    result: ProcessingRunResult, partition: Partition
) -> None:
    assert (result.status, result.error) == ("completed", None)
    compared = compare(partition, answer_key())
    assert {one.expected.name: one.differences for one in compared if one.differences} == {}
    assert {one.expected.row for one in compared} == set(range(1, 31))


def test_at_least_eight_are_leads_that_one_would_ring_tomorrow(leads: list[Lead]) -> None:
    ready = [lead for lead in leads if lead.score.lead_class in LEADS_TO_RING]
    assert len(ready) >= 8
    assert all(lead.contacts or lead.business.phone or lead.business.email for lead in ready)


def test_every_draft_keeps_the_manners(partition: Partition) -> None:
    campaigns = partition.campaigns()
    assert any(campaign.is_ready for campaign in campaigns.values())
    assert {id_: faults for id_, draft in campaigns.items() if (faults := draft_faults(draft))} == {}


def test_those_left_alone_get_no_demo_and_no_draft(leads: list[Lead]) -> None:
    alone = [lead for lead in leads if lead.score.lead_class is LeadClass.LEAVE_ALONE]
    assert alone
    assert [lead.business.name for lead in alone if lead.site or lead.campaign] == []


def test_every_demo_passes_its_gates_and_is_better_than_what_was_there(
    workshop: Workshop, result: ProcessingRunResult, leads: list[Lead]
) -> None:
    run = workshop.run(result.run_id)
    snapshots = workshop.partition(run.id).snapshots()
    agency = load_agency(TOWN_FOLDER / "agency.yaml")
    for lead in leads:
        if lead.site is None:
            continue
        faults = stored_site_faults(
            lead.site,
            workshop.files.read_file(site_path(lead.site.content_hash, "index.html")),
            lead.business,
            lead.contacts,
            lead.score,
            pages=with_bodies(snapshots.get(lead.business.id, []), workshop.files),
            agency_name=agency.name,
            ordered_on=run.ordered_on,
        )
        assert (faults, lead.site.faults) == ([], ()), lead.business.name
        assert lead.site.score_after > (lead.site.score_before or 0), lead.business.name


def test_the_exports_hold_the_leads_and_the_count_says_so(
    result: ProcessingRunResult, leads: list[Lead]
) -> None:
    table = pd.read_csv(io.BytesIO(Path(result.export_paths["leads.csv"]).read_bytes()))
    rows = Path(result.export_paths["leads.jsonl"]).read_text(encoding="utf-8").splitlines()
    assert len(table) == len(rows) == len(leads) == result.counts["lead_export"]
    assert len(pd.read_parquet(result.export_paths["leads.parquet"])) == len(leads)


def test_every_demo_that_the_report_links_lies_where_it_says(result: ProcessingRunResult) -> None:
    report = Path(result.export_paths["report.html"])
    links = set(re.findall(r'href="(\.\./[^"]+)"', report.read_text(encoding="utf-8")))
    assert len(links) == result.counts["generated_sites"]
    assert [link for link in links if not (report.parent / link).is_file()] == []


def test_a_firm_that_objected_is_left_alone_in_every_file_and_its_record_says_why(workshop: Workshop) -> None:
    objected = "stay@lanternhouse.port-linden.example"
    entry = SuppressionModel(
        kind="email", value_hash=hash_of(objected), reason="asked by phone", suppressed_at=FETCHED_AT
    )
    with workshop.database.write() as session:
        session.add(entry)
    order, _ = workshop.desk.place(
        ORDER | {"niche": "guest house"}, requested_by="test", executor=Executor.PROCESS
    )
    done = workshop.execute(order.id)
    table = pd.read_csv(io.BytesIO(Path(done.export_paths["leads.csv"]).read_bytes()))
    row = table[table["name"] == "Lantern House"].iloc[0]
    said = "Its e-mail address is on the list of those who are not written to again."
    assert (row["lead_class"], row["lead_reason"], row["no_draft_reason"]) == ("leave_alone", said, said)
    assert row[["email", "phone", "phone_on_site", "contact_form_url"]].isna().all()
    assert f"mailto:{objected}" not in Path(done.export_paths["report.html"]).read_text(encoding="utf-8")
    (refusal,) = workshop.partition(order.id).refusals().values()
    assert (refusal.kind, refusal.reason) == (NoDraft.SUPPRESSED, said)
