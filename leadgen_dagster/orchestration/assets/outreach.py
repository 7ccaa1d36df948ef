"""Drafts for the leads that may be contacted. Nothing is sent here."""

from collections.abc import Sequence

import dagster as dg

from leadgen_dagster.db.ledger import Ledger
from leadgen_dagster.db.models import CampaignRefusalModel, OutreachCampaignModel
from leadgen_dagster.db.suppressions import Suppressions
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import AgencyResource, CopywriterResource, DatabaseResource
from leadgen_dagster.orchestration.stage import PREVIEW_ROWS, begin_stage, counts
from leadgen_dagster.orchestration.versions import code_version
from leadgen_dagster.outreach.campaign import write_campaigns
from leadgen_dagster.outreach.campaigns import CampaignRefusal, NoCampaign, OutreachCampaign
from leadgen_dagster.outreach.plan import Terms


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
        sender = agency.of(stage.run)
        terms = Terms(
            agency=sender,
            public_url=agency.public_url_of(sender),
            copywriter=copywriter.writer(stage.database, stage.run.id),
            language=stage.run.config.language,
            is_suppressed=Suppressions(stage.database).has,
            ordered_on=stage.run.ordered_on,
            looked_on=stage.partition.looked_on(),
        )
        results = write_campaigns(stage.partition.all_leads(), terms)
        return stage.publish(
            OutreachCampaignModel,
            [result for result in results if isinstance(result, OutreachCampaign)],
            beside={
                CampaignRefusalModel: [
                    CampaignRefusal.of(result) for result in results if isinstance(result, NoCampaign)
                ]
            },
            metadata={**campaign_figures(results), **Ledger(stage.database, stage.run.id).usage()},
            preview=("business_id", "language", "channel", "writer", "is_ready"),
        )


def campaign_figures(results: Sequence[OutreachCampaign | NoCampaign]) -> dict[str, object]:
    """What is worth a plot, and by name the leads that would be ready and have no draft."""
    campaigns = [result for result in results if isinstance(result, OutreachCampaign)]
    refused = [result for result in results if isinstance(result, NoCampaign)]
    undrafted = [one for one in refused if one.lead_class.is_ready]
    return {
        "ready": sum(campaign.is_ready for campaign in campaigns),
        "fell_back": sum(campaign.writer_note is not None for campaign in campaigns),
        **counts([campaign.channel for campaign in campaigns], "channel"),
        **counts([campaign.writer for campaign in campaigns], "writer"),
        **counts([one.kind for one in refused], "no_draft"),
        "ready_without_draft": len(undrafted),
        "ready_without_draft_reasons": _reasons(undrafted) if undrafted else None,
    }


def _reasons(refused: Sequence[NoCampaign]) -> dg.MetadataValue:
    records = [
        dg.TableRecord({"business": one.name, "lead_class": one.lead_class.value, "reason": one.reason})
        for one in refused[:PREVIEW_ROWS]
    ]
    columns = [dg.TableColumn(name, "string") for name in ("business", "lead_class", "reason")]
    return dg.MetadataValue.table(records, dg.TableSchema(columns=columns))
