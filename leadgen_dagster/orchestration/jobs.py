"""What can be launched: the whole pipeline on a run, and the placing of an order."""

import dagster as dg

from leadgen_dagster.orchestration.order_config import OrderConfig
from leadgen_dagster.orchestration.resources import DatabaseResource, FilesResource, OrderDeskResource
from leadgen_dagster.orchestration.stage import clear_failures
from leadgen_dagster.orders import Executor

LEAD_PIPELINE = "lead_pipeline"

lead_pipeline = dg.define_asset_job(
    LEAD_PIPELINE,
    selection=dg.AssetSelection.all(),
    description="All seven stages on one run, or backfilled over many.",
)


class RequestRunConfig(OrderConfig):
    """An order, and whether the same one may be placed twice in a day."""

    again: bool = False


@dg.op
def place_order(
    context: dg.OpExecutionContext,
    config: RequestRunConfig,
    database: DatabaseResource,
    files: FilesResource,
    desk: OrderDeskResource,
) -> str:
    """Places the order; the orders sensor launches its run within seconds."""
    fields = config.fields()
    again = bool(fields.pop("again"))
    with clear_failures():
        run, is_new = desk.open(database.open(), files.open()).place(
            fields, requested_by="request_run", executor=Executor.DAEMON, again=again
        )
    context.add_output_metadata({"run_id": run.id, "is_new": is_new})
    told = (
        "placed; the orders sensor launches it"
        if is_new
        else "asked for already today; set `again` for a fresh run"
    )
    context.log.info("run %s: %s", run.id, told)
    return run.id


TRY_OUT = RequestRunConfig(location="Port Linden", niche="local businesses", sources=["demo"])
"""What the launchpad shows at first: the demo town, which needs no network."""


@dg.job(
    description="Order a run: a place and a niche. The orders sensor launches it within seconds.",
    config=dg.RunConfig(ops={"place_order": TRY_OUT}),
)
def request_run() -> None:
    place_order()


JOBS = (lead_pipeline, request_run)
