from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import DERIVED, from_row, snapshot_from_row, to_row
from leadgen_dagster.db.models import (
    Base,
    BusinessModel,
    CampaignRefusalModel,
    ContactModel,
    DiscoveryNoteModel,
    FetchedPageModel,
    GeneratedSiteModel,
    OutreachCampaignModel,
    PageAuditModel,
    PageSnapshotModel,
    WebsiteScoreModel,
)
from leadgen_dagster.db.partition import Partition, row_counts
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.notes import DiscoveryNote
from leadgen_dagster.outreach.campaigns import CampaignRefusal, NoDraft, OutreachCampaign
from leadgen_dagster.scoring.audits import PageAudit
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.scoring.snapshots import FetchedPage, PageSnapshot
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster_tests.db.entities import entities
from leadgen_dagster_tests.db.orders import place_order
from leadgen_dagster_tests.db.rows import businesses_of, publish_all, publish_run, row_of
from leadgen_dagster_tests.factories import FETCHED_AT, make_contact, make_finding, make_score, make_snapshot

MODELS: Mapping[type, type[Base]] = {
    Business: BusinessModel,
    DiscoveryNote: DiscoveryNoteModel,
    PageSnapshot: PageSnapshotModel,
    Contact: ContactModel,
    PageAudit: PageAuditModel,
    WebsiteScore: WebsiteScoreModel,
    GeneratedSite: GeneratedSiteModel,
    OutreachCampaign: OutreachCampaignModel,
    CampaignRefusal: CampaignRefusalModel,
}


class OneRow:
    """A row as the database gives it back: columns as attributes."""

    def __init__(self, row: Mapping[str, object]) -> None:
        self.__dict__.update(row)


@pytest.mark.parametrize("kind", MODELS)
def test_every_entity_comes_back_from_a_row_as_it_was(kind: type) -> None:
    @given(entities(kind))
    @settings(max_examples=40)
    def comes_back(entity: object) -> None:
        row = OneRow(row_of(entity, MODELS[kind], "a-run"))
        assert entity == (snapshot_from_row(row) if kind is PageSnapshot else from_row(kind, row))

    comes_back()


@pytest.mark.parametrize("kind", [kind for kind in MODELS if kind is not PageSnapshot])
def test_every_field_has_a_column_of_its_name_and_every_column_a_field(kind: type) -> None:
    assert {field.name for field in fields(kind)} - DERIVED | {"run_id"} == set(
        MODELS[kind].__table__.columns.keys()
    )


@pytest.mark.parametrize("model", [PageSnapshotModel, FetchedPageModel])
def test_every_field_of_a_page_but_its_body_has_a_column(model: type[Base]) -> None:
    kept = {field.name for field in fields(FetchedPage)} - {"body"}
    assert kept <= set(model.__table__.columns.keys())


def test_a_row_holds_nothing_that_only_python_knows() -> None:
    @given(st.one_of([entities(kind) for kind in MODELS]))
    @settings(max_examples=60)
    def holds(entity: object) -> None:
        row = row_of(entity, MODELS[type(entity)], "a-run")
        assert not any(_is_foreign(value) for value in row.values())

    holds()


def _is_foreign(value: object) -> bool:
    if isinstance(value, dict):
        return any(_is_foreign(key) or _is_foreign(item) for key, item in value.items())
    if isinstance(value, list):
        return any(_is_foreign(item) for item in value)
    return isinstance(value, Enum | tuple | Mapping) or is_dataclass(value)


def test_every_entity_comes_back_from_the_database_as_it_was(database: Database) -> None:
    run = place_order(database)
    partition = Partition(database, run.id)

    @given(st.data())
    @settings(max_examples=8)
    def comes_back(data: st.DataObject) -> None:
        business = data.draw(entities(Business, id=st.just("b")))
        publish_all(database, run.id, BusinessModel, [business])
        assert partition.businesses() == [business]
        below = {
            kind: data.draw(entities(kind, id=st.just("x"), business_id=st.just("b")))
            for kind in MODELS
            if kind not in (Business, DiscoveryNote)
        }
        note = data.draw(entities(DiscoveryNote, id=st.just("n")))
        publish_all(database, run.id, DiscoveryNoteModel, [note])
        assert partition.discovery_notes() == [note]
        for kind, entity in below.items():
            publish_all(database, run.id, MODELS[kind], [entity])
        assert partition.snapshots() == {"b": [below[PageSnapshot]]}
        assert partition.contacts() == {"b": [below[Contact]]}
        assert partition.scores() == {"b": below[WebsiteScore]}
        assert partition.sites() == {"b": below[GeneratedSite]}
        assert partition.campaigns() == {"b": below[OutreachCampaign]}
        assert partition.refusals() == {"b": below[CampaignRefusal]}

    comes_back()


def test_text_that_no_database_takes_is_marked_and_stops_nothing(database: Database) -> None:
    run_id = place_order(database).id
    (business,) = publish_run(database, run_id, 1)
    odd = "a\0b\ud800c"
    partition = Partition(database, run_id)
    contact = make_contact(business_id=business.id, snippet=odd)
    publish_all(database, run_id, ContactModel, [contact])
    assert partition.contacts() == {business.id: [replace(contact, snippet="a\ufffdb\ufffdc")]}
    score = make_score(business_id=business.id, findings=(make_finding(parameters={"menu": odd}),))
    publish_all(database, run_id, WebsiteScoreModel, [score])
    assert partition.scores() == {business.id: score}


def test_a_column_that_is_no_field_is_given_by_hand() -> None:
    (business,) = businesses_of("a-run", 1)
    assert to_row(business, BusinessModel, run_id="a-run")["run_id"] == "a-run"


class TestPartition:
    def test_it_knows_its_order(self, database: Database) -> None:
        run = place_order(database)
        assert Partition(database, run.id).run() == run
        assert Partition(database, "nobody-ordered-this").run() is None

    def test_it_reads_its_own_run_alone_and_in_the_order_of_ids(self, database: Database) -> None:
        runs = [place_order(database).id for _ in range(2)]
        published = {run_id: publish_run(database, run_id, 3) for run_id in runs}
        for run_id in runs:
            partition = Partition(database, run_id)
            wanted = sorted(published[run_id], key=lambda business: business.id)
            assert partition.businesses() == wanted
            assert list(partition.scores()) == [business.id for business in wanted]
            assert set(row_counts(database, [partition.run_id])[partition.run_id].values()) == {3}
            assert [lead.business for lead in partition.leads()] == wanted

    def test_a_lead_is_a_business_that_is_not_excluded_with_all_that_is_known_of_it(
        self, database: Database
    ) -> None:
        run_id = place_order(database).id
        first, second, third = publish_run(database, run_id, 3)
        partition = Partition(database, run_id)
        excluded = replace(second, exclusion="chain", exclusion_note="It is one of a chain.")
        publish_all(database, run_id, BusinessModel, [first, excluded, third])
        publish_all(database, run_id, GeneratedSiteModel, [])
        assert {business.id for business in partition.prospects()} == {first.id, third.id}
        leads = {lead.business.id: lead for lead in partition.leads()}
        assert set(leads) == {first.id, third.id}
        lead = leads[first.id]
        assert lead.score == partition.scores()[first.id]
        assert list(lead.contacts) == partition.contacts()[first.id]
        assert lead.campaign == partition.campaigns()[first.id]
        assert lead.site is None
        [audit] = partition.audits()[first.id]
        assert lead.pictures == audit.screenshots != {}

    def test_a_lead_knows_why_it_has_no_draft_and_when_its_website_was_looked_at(
        self, database: Database
    ) -> None:
        run_id = place_order(database).id
        first, second = publish_run(database, run_id, 2)
        refusal = CampaignRefusal(id="r", business_id=first.id, kind=NoDraft.SAME_OWNER, reason="Told.")
        publish_all(database, run_id, CampaignRefusalModel, [refusal])
        publish_all(database, run_id, PageSnapshotModel, [make_snapshot(business_id=first.id)])
        leads = {lead.business.id: lead for lead in Partition(database, run_id).leads()}
        assert (leads[first.id].refusal, leads[second.id].refusal) == (refusal, None)
        assert (leads[first.id].looked_on, leads[second.id].looked_on) == (FETCHED_AT.date(), None)

    def test_a_reason_goes_with_its_business(self, database: Database) -> None:
        run_id = place_order(database).id
        first, second = publish_run(database, run_id, 2)
        refusal = CampaignRefusal(id="r", business_id=first.id, kind=NoDraft.LANGUAGE, reason="No words.")
        publish_all(database, run_id, CampaignRefusalModel, [refusal])
        publish_all(database, run_id, BusinessModel, [second])
        assert Partition(database, run_id).refusals() == {}
