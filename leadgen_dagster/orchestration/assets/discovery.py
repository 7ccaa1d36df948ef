"""Which businesses there are: the order read, its sources opened, what was found published."""

import dagster as dg

from leadgen_dagster.db.business_aliases import BusinessAliases
from leadgen_dagster.db.ledger import Ledger
from leadgen_dagster.db.models import (
    BusinessModel,
    DiscoveryNoteModel,
    ExpiringContentModel,
    SearchedAreaModel,
)
from leadgen_dagster.db.place_answers import PlaceAnswers
from leadgen_dagster.db.take_downs import TakeDowns
from leadgen_dagster.discovery.discover import discover
from leadgen_dagster.discovery.keeping import parted
from leadgen_dagster.discovery.notes import notes_of
from leadgen_dagster.orchestration.discovery_figures import discovery_figures
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.orchestration.order_config import OrderConfig
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.place_services import PlacesResource
from leadgen_dagster.orchestration.resources import (
    AgencyResource,
    DatabaseResource,
    FilesResource,
    OrderDeskResource,
)
from leadgen_dagster.orchestration.stage import begin_stage, clear_failures
from leadgen_dagster.orchestration.versions import code_version


class BusinessesConfig(dg.Config):
    """How to ask, and the order of a partition that was added by hand."""

    refresh: bool = False
    """Ask the place services again, at their price; a service that fails now takes nothing away."""
    order: OrderConfig | None = None
    """Only for a partition that was added by hand: the order it stands for."""


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
    places: PlacesResource,
    desk: OrderDeskResource,
) -> dg.MaterializeResult[None]:
    """The local businesses of the order: from every source, normalised, merged, the unfit ones with the reason."""
    store, blobs = database.open(), files.open()
    if config.order is not None:
        with clear_failures():
            desk.open(store, blobs).place_by_hand(config.order.fields(), context.partition_key)
    with begin_stage(context, store) as stage:
        run, own, known = stage.run, agency.of(stage.run), BusinessAliases(store)
        refresh = (context.run.root_run_id or context.run.run_id) if config.refresh else None
        answers = PlaceAnswers(store, run.id, refresh=refresh)
        found = discover(
            run_id=run.id,
            config=run.config,
            sources=places.sources(run, store, blobs, answers=answers),
            exclusions=own.exclusions,
            ordered_on=run.ordered_on,
            default_country=own.country,
            taken_down=TakeDowns(store).days(),
            previous=stage.partition.businesses(),
            known_as=known.of,
        )
        expiries = answers.expiries()
        due = {one: at for one, at in stage.partition.content_due().items() if one in found.of_before}
        pairs = [parted(business, expiries, due.get(business.id)) for business in found.businesses]
        kept = [business for business, _apart in pairs]
        known.add(found.aliases, run.id)
        return stage.publish(
            BusinessModel,
            kept,
            beside={
                DiscoveryNoteModel: notes_of(run.id, found),
                SearchedAreaModel: found.areas,
                ExpiringContentModel: [apart for _business, apart in pairs if apart],
            },
            metadata=discovery_figures(found, kept, Ledger(store, run.id).by_service()),
            preview=("name", "niche", "street", "city", "phone", "email", "website", "exclusion"),
        )
