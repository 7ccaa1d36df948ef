"""Drafts for the leads that may be contacted. Nothing is sent here."""

import dagster as dg

from leadgen_dagster.db.ledger import Ledger
from leadgen_dagster.db.models import OutreachCampaignModel
from leadgen_dagster.db.suppressions import Suppressions
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import AgencyResource, CopywriterResource, DatabaseResource
from leadgen_dagster.orchestration.stage import begin_stage, counts
from leadgen_dagster.orchestration.versions import code_version
from leadgen_dagster.outreach.campaign import write_campaign


@dg.asset(
    partitions_def=runs,
    deps=READS["outreach_campaigns"],
    group_name="outreach",
    kinds={"python"},
    code_version=code_version("outreach_campaigns"),
)
def outreach_campaigns(
    context: dg.AssetExecutionContext,
    database: DatabaseResource,
    agency: AgencyResource,
    copywriter: CopywriterResource,
) -> dg.MaterializeResult[None]:
    """Drafts for each lead that may be contacted: e-mail, WhatsApp, SMS and call card; what is missing is named."""
    with begin_stage(context, database.open()) as stage:
        sender, suppressions = agency.of(stage.run), Suppressions(stage.database)
        writer, looked_on = copywriter.writer(stage.database, stage.run.id), stage.partition.looked_on()
        written = [
            write_campaign(
                business=lead.business,
                score=lead.score,
                contacts=lead.contacts,
                site=lead.site,
                agency=sender,
                public_url=agency.public_url_of(sender),
                copywriter=writer,
                language=stage.run.config.language or lead.business.language,
                may_contact=suppressions.allow(lead.business, lead.contacts),
                looked_on=looked_on.get(lead.business.id, stage.run.ordered_on),
            )
            for lead in stage.partition.leads()
        ]
        campaigns = [campaign for campaign in written if campaign is not None]
        return stage.publish(
            OutreachCampaignModel,
            campaigns,
            metadata={
                "ready": sum(campaign.is_ready for campaign in campaigns),
                **Ledger(stage.database, stage.run.id).usage(),
                "fell_back": sum(campaign.writer_note is not None for campaign in campaigns),
                **counts([campaign.channel for campaign in campaigns], "channel"),
                **counts([campaign.writer for campaign in campaigns], "writer"),
            },
            preview=("business_id", "language", "channel", "email_subject", "is_ready"),
        )
