"""What the orchestration itself costs: the pipeline on a run without businesses, beside as many empty assets.

Both are executed in this process with Dagster's state in SQLite, in turns; the median of each is shown. The
pipeline evaluates its gates, takes its fences and publishes its (empty) tables; the empty assets do nothing.
"""

import argparse
import logging
import statistics
import tempfile
import time
import warnings
from pathlib import Path

import dagster as dg

from leadgen_dagster.orchestration.execution import Workshop
from leadgen_dagster.orchestration.flow import READS, STAGES
from leadgen_dagster.orchestration.partitions import RUNS, runs
from leadgen_dagster.orders import Executor
from leadgen_dagster.settings import Settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each is executed (default 5)")
    rounds = parser.parse_args().rounds
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Settings(home=Path(folder)))
        run_id, empty = empty_run(workshop), empty_job()
        workshop.instance.add_dynamic_partitions(RUNS, [run_id])
        execute_pipeline(workshop, run_id)  # imports and first connections are paid once
        execute_empty(workshop, empty, run_id)
        pairs = [
            (execute_empty(workshop, empty, run_id), execute_pipeline(workshop, run_id))
            for _ in range(rounds)
        ]
    empty_s, pipeline_s = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"{len(STAGES)} empty assets                {empty_s:6.2f} s")
    print(f"the pipeline on an empty run  {pipeline_s:6.2f} s")
    print(f"ratio                         {pipeline_s / empty_s:6.2f}")


def empty_run(workshop: Workshop) -> str:
    """An order whose only source, a list with a head and no row, gives no business."""
    listed = workshop.settings.home / "nobody.csv"
    listed.write_text("name,phone\n", encoding="utf-8")
    fields = {"location": "Nowhere", "niche": "restaurants", "sources": [f"csv:{listed}"]}
    return workshop.desk.place(fields, requested_by="benchmark", executor=Executor.PROCESS)[0].id


def execute_pipeline(workshop: Workshop, run_id: str) -> float:
    began = time.perf_counter()
    result = workshop.execute(run_id)
    if result.error or any(result.counts.values()):
        raise SystemExit(f"the run is not the empty one that it should be: {result}")
    return time.perf_counter() - began


def empty_job() -> dg.JobDefinition:
    def asset(stage: str) -> dg.AssetsDefinition:
        @dg.asset(
            name=stage,
            key_prefix="empty",
            deps=[["empty", read] for read in READS[stage]],
            partitions_def=runs,
        )
        def body() -> None: ...

        return body

    job = dg.define_asset_job("empty", selection=dg.AssetSelection.all())
    definitions = dg.Definitions(
        assets=[asset(stage) for stage in STAGES], jobs=[job], executor=dg.in_process_executor
    )
    return definitions.resolve_job_def("empty")


def execute_empty(workshop: Workshop, job: dg.JobDefinition, run_id: str) -> float:
    began = time.perf_counter()
    job.execute_in_process(instance=workshop.instance, partition_key=run_id, run_config=QUIET)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
