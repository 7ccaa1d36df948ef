"""Partitions for storage tests, and what a database holds, byte for byte."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import event, select

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import snapshot_to_row, to_row
from leadgen_dagster.db.models import (
    Base,
    BusinessModel,
    ContactModel,
    GeneratedSiteModel,
    OutreachCampaignModel,
    PageAuditModel,
    PageSnapshotModel,
    WebsiteScoreModel,
)
from leadgen_dagster.db.publishing import begin_attempt, publish
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.outreach.campaigns import CallCard, OutreachCampaign
from leadgen_dagster.scoring.snapshots import PageSnapshot
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster_tests.factories import make_business, make_contact, make_score, make_snapshot
from leadgen_dagster_tests.scoring.audit_builders import make_audit

NAMESPACE = UUID("3f1d1c35-50a7-4b74-8f2f-5c2a8d0f6f01")
BELOW = (
    PageSnapshotModel,
    ContactModel,
    PageAuditModel,
    WebsiteScoreModel,
    GeneratedSiteModel,
    OutreachCampaignModel,
)

Row = dict[str, Any]


def id_of(*parts: object) -> str:
    return str(uuid5(NAMESPACE, "\n".join(map(str, parts))))


def businesses_of(run_id: str, count: int) -> list[Business]:
    names = [f"shop-{number}" for number in range(count)]
    return [make_business(id=id_of(run_id, name), fingerprint=name, name=name) for name in names]


def make_site(business_id: str) -> GeneratedSite:
    return GeneratedSite(
        id=id_of(business_id, "site"),
        business_id=business_id,
        theme="harbour",
        palette="sea",
        language="en",
        token="t" * 22,
        content_hash="0" * 64,
        size_bytes=9_000,
        facts={"phone": "record"},
        score_before=48,
        score_after=91,
        faults_gone=("mobile.viewport_missing",),
    )


def make_campaign(business_id: str, call_card: CallCard | None = None) -> OutreachCampaign:
    return OutreachCampaign(
        id=id_of(business_id, "campaign"),
        business_id=business_id,
        language="en",
        channel="email",
        recipient_email="hello@harbour-bakery.port-linden.example",
        call_card=call_card,
        is_ready=False,
        missing=("a postal address",),
        writer="deterministic",
    )


def entities_below(business_id: str) -> dict[type[Base], object]:
    return {
        PageSnapshotModel: make_snapshot(
            id=id_of(business_id, "home"), business_id=business_id, body=None, body_hash="0" * 64
        ),
        ContactModel: make_contact(id=id_of(business_id, "contact"), business_id=business_id),
        PageAuditModel: make_audit(id=id_of(business_id, "audit"), business_id=business_id),
        WebsiteScoreModel: make_score(id=id_of(business_id, "score"), business_id=business_id),
        GeneratedSiteModel: make_site(business_id),
        OutreachCampaignModel: make_campaign(
            business_id, CallCard(opening="Good morning", facts=("a", "b"), ask="May I show you?")
        ),
    }


def row_of(entity: object, model: type[Base], run_id: str) -> Row:
    if isinstance(entity, PageSnapshot):
        return snapshot_to_row(entity, model, run_id=run_id)
    return to_row(entity, model, run_id=run_id)


def rows_of(entities: Sequence[object], model: type[Base], run_id: str) -> list[Row]:
    return [row_of(entity, model, run_id) for entity in entities]


def publish_all(database: Database, run_id: str, model: type[Base], entities: Sequence[object]) -> str:
    """One whole attempt at a stage."""
    attempt = begin_attempt(database, run_id, model.__tablename__, "dagster-run")
    return publish(database, attempt, model, rows_of(entities, model, run_id))


def publish_run(database: Database, run_id: str, count: int) -> list[Business]:
    """A run with one of everything for each of its businesses."""
    businesses = businesses_of(run_id, count)
    publish_all(database, run_id, BusinessModel, businesses)
    below = [entities_below(business.id) for business in businesses]
    for model in BELOW:
        publish_all(database, run_id, model, [entities[model] for entities in below])
    return businesses


def dump(database: Database, *models: type[Base]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these tables."""
    with database.engine.connect() as connection:
        return {
            model.__tablename__: [
                tuple(row)
                for row in connection.execute(select(model.__table__).order_by(*model.__table__.primary_key))
            ]
            for model in models
        }


@contextmanager
def counted_queries(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
