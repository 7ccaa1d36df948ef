"""What can be launched: the whole pipeline on a run, the placing of an order, the clean-up of what was published."""

import dagster as dg

from leadgen_dagster.orchestration.order_config import OrderConfig
from leadgen_dagster.orchestration.resources import (
    DatabaseResource,
    FilesResource,
    OrderDeskResource,
    PublisherResource,
)
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


@dg.op
def remove_old_demos(
    context: dg.OpExecutionContext,
    database: DatabaseResource,
    files: FilesResource,
    publisher: PublisherResource,
) -> None:
    """Takes demos whose days are over off their hosts, and what a take-down left behind; once more does nothing."""
    with clear_failures():
        gone = publisher.open(database.open(), files.open()).remove_old()
    context.log.info("%d demos removed: %s", len(gone), ", ".join(one.url for one in gone) or "none was due")


@dg.job(description="Remove published demos whose days are over from their hosts.")
def clean_up_demos() -> None:
    remove_old_demos()


JOBS = (lead_pipeline, request_run, clean_up_demos)
