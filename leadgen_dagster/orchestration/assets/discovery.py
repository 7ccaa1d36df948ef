"""Which businesses there are: the order read, its sources opened, what was found published."""

import dagster as dg

from leadgen_dagster.db.models import BusinessModel, DiscoveryNoteModel
from leadgen_dagster.db.take_downs import TakeDowns
from leadgen_dagster.discovery.discover import discover
from leadgen_dagster.discovery.notes import notes_of
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.orchestration.order_config import OrderConfig
from leadgen_dagster.orchestration.ordering import sources_of
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import (
    AgencyResource,
    DatabaseResource,
    FilesResource,
    OrderDeskResource,
)
from leadgen_dagster.orchestration.stage import begin_stage, clear_failures, counts
from leadgen_dagster.orchestration.versions import code_version

SHOWN = ("phone", "email", "website", "opening_hours")
"""What a lead is worth more with."""
MAX_SHOWN = 50


class BusinessesConfig(dg.Config):
    """Only for a partition that was added by hand: the order it stands for."""

    order: OrderConfig | None = None


@dg.asset(
    partitions_def=runs,
    deps=READS["businesses"],
    group_name="discovery",
    kinds={"python", "sql"},
    code_version=code_version("businesses"),
)
def businesses(
    context: dg.AssetExecutionContext,
    config: BusinessesConfig,
    *,
    database: DatabaseResource,
    files: FilesResource,
    agency: AgencyResource,
    desk: OrderDeskResource,
) -> dg.MaterializeResult[None]:
    """The local businesses of the order: from every source, normalised, merged, the unfit ones with the reason."""
    store, blobs = database.open(), files.open()
    if config.order is not None:
        with clear_failures():
            desk.open(store, blobs).place_by_hand(config.order.fields(), context.partition_key)
    with begin_stage(context, store) as stage:
        run, own = stage.run, agency.of(stage.run)
        found = discover(
            run_id=run.id,
            config=run.config,
            sources=sources_of(run.config, blobs),
            exclusions=own.exclusions,
            ordered_on=run.ordered_on,
            default_country=own.country,
            taken_down=TakeDowns(store).days(),
            previous=stage.partition.businesses(),
        )
        excluded = [business.exclusion for business in found.businesses if business.exclusion]
        return stage.publish(
            BusinessModel,
            found.businesses,
            beside={DiscoveryNoteModel: notes_of(run.id, found)},
            metadata={
                "leads": len(found.businesses) - len(excluded),
                "merged": found.merged_count,
                "rejected": len(found.rejected),
                "first_rejected": list(found.rejected[:MAX_SHOWN]),
                "unread": len(found.unread),
                "first_unread": list(found.unread[:MAX_SHOWN]),
                "failed_sources": dict(found.failed_sources),
                "notes": list(found.notes),
                "leads_beyond_limit": found.leads_beyond_limit,
                **{f"source/{name}": count for name, count in found.counts_by_source.items()},
                **counts(excluded, "excluded"),
                **counts([name for b in found.businesses for name in SHOWN if getattr(b, name)], "with"),
            },
            preview=("name", "niche", "street", "city", "phone", "email", "website", "exclusion"),
        )
