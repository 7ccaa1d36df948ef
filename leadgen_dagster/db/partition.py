"""What one run's partition holds, as the domain's own types."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import func, select

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import business_from_row, from_row, snapshot_from_row
from leadgen_dagster.db.models import (
    BusinessModel,
    CampaignRefusalModel,
    ContactModel,
    DiscoveryNoteModel,
    ExpiringContentModel,
    GeneratedSiteModel,
    OfBusiness,
    OutreachCampaignModel,
    PageAuditModel,
    PageSnapshotModel,
    ProcessingRunModel,
    SearchedAreaModel,
    WebsiteScoreModel,
)
from leadgen_dagster.db.repositories import to_run
from leadgen_dagster.db.suppressions import Suppressions
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.discover import SearchedArea
from leadgen_dagster.discovery.keeping import lasting_name
from leadgen_dagster.discovery.notes import DiscoveryNote, expiry_note
from leadgen_dagster.errors import StageError
from leadgen_dagster.exports.leads import Lead
from leadgen_dagster.orders import ProcessingRun
from leadgen_dagster.outreach.campaigns import CampaignRefusal, OutreachCampaign
from leadgen_dagster.scoring.audits import PageAudit
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.scoring.snapshots import PageSnapshot
from leadgen_dagster.sites.generated import GeneratedSite

Entity = TypeVar("Entity")

PUBLISHED = (
    BusinessModel,
    PageSnapshotModel,
    ContactModel,
    PageAuditModel,
    WebsiteScoreModel,
    GeneratedSiteModel,
    OutreachCampaignModel,
)
"""The tables of a partition; each is called as the stage that publishes it."""
MAX_NAMED_RUNS = 500
"""More are not named in a query: the whole table is counted."""


class Partition:
    """Reads one run's rows; in the order of ids, so that the same rows give the same work."""

    def __init__(self, database: Database, run_id: str) -> None:
        self.database = database
        self.run_id = run_id

    def run(self) -> ProcessingRun | None:
        """The order; None where there is none under this id."""
        with self.database.read() as session:
            model = session.get(ProcessingRunModel, self.run_id)
            return None if model is None else to_run(model)

    def businesses(self) -> list[Business]:
        """All of them, the excluded ones too; expired ones without what had to go."""
        statement = (
            select(BusinessModel).where(BusinessModel.run_id == self.run_id).order_by(BusinessModel.id)
        )
        apart = select(ExpiringContentModel.business_id, ExpiringContentModel.content).where(
            ExpiringContentModel.run_id == self.run_id, ExpiringContentModel.expires_at > datetime.now(UTC)
        )
        with self.database.read() as session:
            contents = {row.business_id: row.content for row in session.execute(apart)}
            rows = session.execute(statement).scalars()
            return [business_from_row(row, contents.get(row.id)) for row in rows]

    def content_due(self) -> Mapping[str, datetime]:
        """Business id -> when what lies apart of it has to be gone."""
        statement = select(ExpiringContentModel.business_id, ExpiringContentModel.expires_at).where(
            ExpiringContentModel.run_id == self.run_id
        )
        with self.database.read() as session:
            return {row.business_id: row.expires_at for row in session.execute(statement)}

    def expired_ids(self) -> frozenset[str]:
        """The businesses that no stage can work on any more, since their content had to go."""
        return frozenset(business.id for business in self.businesses() if business.is_expired)

    def areas(self) -> list[SearchedArea]:
        """Where the sources looked, those that said so."""
        statement = (
            select(SearchedAreaModel)
            .where(SearchedAreaModel.run_id == self.run_id)
            .order_by(SearchedAreaModel.source)
        )
        with self.database.read() as session:
            return [from_row(SearchedArea, row) for row in session.execute(statement).scalars()]

    def discovery_notes(self) -> list[DiscoveryNote]:
        """What discovery did not take, in the order of telling; before it, what has had to go since."""
        statement = (
            select(DiscoveryNoteModel)
            .where(DiscoveryNoteModel.run_id == self.run_id)
            .order_by(DiscoveryNoteModel.position)
        )
        with self.database.read() as session:
            notes = [from_row(DiscoveryNote, row) for row in session.execute(statement).scalars()]
        expired = len(self.expired_ids())
        return [expiry_note(self.run_id, expired), *notes] if expired else notes

    def prospects(self) -> list[Business]:
        """The businesses that are not excluded, and whose content has not expired: each becomes a lead."""
        return [business for business in self.businesses() if business.is_lead and not business.is_expired]

    def snapshots(self) -> Mapping[str, list[PageSnapshot]]:
        """By business id, without bodies."""
        return self._grouped(PageSnapshotModel, snapshot_from_row)

    def looked_on(self) -> Mapping[str, date]:
        """By business id the day its website was looked at, for those that have one."""
        fetched = select(PageSnapshotModel.business_id, func.max(PageSnapshotModel.fetched_at))
        statement = fetched.where(PageSnapshotModel.run_id == self.run_id).group_by(
            PageSnapshotModel.business_id
        )
        with self.database.read() as session:
            return {business_id: moment.date() for business_id, moment in session.execute(statement)}

    def contacts(self) -> Mapping[str, list[Contact]]:
        """By business id."""
        return self._grouped(ContactModel, lambda row: from_row(Contact, row))

    def audits(self) -> Mapping[str, list[PageAudit]]:
        """By business id, for those that were looked at again."""
        return self._grouped(PageAuditModel, lambda row: from_row(PageAudit, row))

    def scores(self) -> Mapping[str, WebsiteScore]:
        """By business id."""
        return self._single(WebsiteScoreModel, WebsiteScore)

    def sites(self) -> Mapping[str, GeneratedSite]:
        """By business id."""
        return self._single(GeneratedSiteModel, GeneratedSite)

    def campaigns(self) -> Mapping[str, OutreachCampaign]:
        """By business id."""
        return self._single(OutreachCampaignModel, OutreachCampaign)

    def refusals(self) -> Mapping[str, CampaignRefusal]:
        """By business id, for the leads that nothing was drafted for."""
        return self._single(CampaignRefusalModel, CampaignRefusal)

    def leads(self) -> list[Lead]:
        """Every business that is not excluded and has been scored, with all that is known of it.

        Who has asked since its draft was written that nobody writes is among them, without the draft.
        """
        contacts, scores, sites = self.contacts(), self.scores(), self.sites()
        campaigns, refusals, looked_on = self.campaigns(), self.refusals(), self.looked_on()
        audits, suppressions = self.audits(), Suppressions(self.database)
        leads = [
            Lead(
                business=business,
                score=scores[business.id],
                contacts=tuple(contacts.get(business.id, ())),
                site=sites.get(business.id),
                campaign=campaigns.get(business.id),
                refusal=refusals.get(business.id),
                pictures=_pictures(audits.get(business.id, ())),
                looked_on=looked_on.get(business.id),
            )
            for business in self.prospects()
            if business.id in scores
        ]
        return [suppressions.heeded(lead) for lead in leads]

    def all_leads(self) -> list[Lead]:
        """The leads, for a stage that must not lose one.

        Raises:
            StageError: a business is there that has not been scored since it was found.
        """
        leads = self.leads()
        scored = {lead.business.id for lead in leads}
        missing = [lasting_name(business) for business in self.prospects() if business.id not in scored]
        if missing:
            raise StageError(
                f"{len(missing)} businesses have no score yet, e.g. {missing[0]}; materialize website_scores first"
            )
        return leads

    def _grouped(self, model: type[OfBusiness], read: Callable[[Any], Entity]) -> Mapping[str, list[Entity]]:
        groups: dict[str, list[Entity]] = defaultdict(list)
        statement = select(model).where(model.run_id == self.run_id).order_by(model.business_id, model.id)
        with self.database.read() as session:
            for row in session.execute(statement).scalars():
                groups[row.business_id].append(read(row))
        return groups

    def _single(self, model: type[OfBusiness], kind: type[Entity]) -> Mapping[str, Entity]:
        groups = self._grouped(model, lambda row: from_row(kind, row))
        return {business_id: entities[0] for business_id, entities in groups.items()}


def _pictures(audits: Iterable[PageAudit]) -> Mapping[str, str]:
    return next((audit.screenshots for audit in audits if audit.screenshots), {})


def row_counts(database: Database, run_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Run id -> stage -> number of its rows, for the stages whose rows lie in a table; a query a table."""
    counts = {run_id: {model.__tablename__: 0 for model in PUBLISHED} for run_id in run_ids}
    with database.read() as session:
        for model in PUBLISHED:
            statement = select(model.run_id, func.count()).group_by(model.run_id)
            if len(counts) <= MAX_NAMED_RUNS:
                statement = statement.where(model.run_id.in_(counts))
            for run_id, count in session.execute(statement):
                if run_id in counts:
                    counts[run_id][model.__tablename__] = count
    return counts
