"""What it costs to say how many runs stand: the state of each, read off Dagster's event log.

The log lies in an SQLite in memory, since to make a thousand runs on a disk takes minutes. Of the runs some are
complete, some failed, some queued and some were cancelled; measured are the states of all of them, of one, and
which of them ever began.
"""

import argparse
import random
import statistics
import time
import warnings
from collections import Counter
from collections.abc import Callable

import dagster as dg

from leadgen_dagster.orchestration.flow import STAGES
from leadgen_dagster.orchestration.partitions import RUNS, runs
from leadgen_dagster.orchestration.run_state import ever_planned, state_of, states_of

REPEATS = 5
SHARES = {"complete": 90, "cancelled": 4, "failed": 4, "queued": 2}
"""In a hundred."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=1000, help="how many runs there are (default 1000)")
    count = parser.parse_args().runs
    warnings.simplefilter("ignore")
    run_ids = [f"run-{number}" for number in range(count)]
    with dg.DagsterInstance.ephemeral() as instance:
        print(f"making {count} runs ...")
        play(instance, run_ids)
        statuses = Counter(state.status.value for state in states_of(instance, run_ids, []).values())
        print(", ".join(f"{number} {status}" for status, number in sorted(statuses.items())))
        show("the states of all", lambda: states_of(instance, run_ids, []))
        show("the state of one", lambda: state_of(instance, run_ids[0], []))
        show("which ever began", lambda: ever_planned(instance, run_ids))


def show(what: str, act: Callable[[], object]) -> None:
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    print(f"{what:<20}{statistics.median(times):8.3f} s")


def play(instance: dg.DagsterInstance, run_ids: list[str]) -> None:
    """Each run is made, which plans its stages, and ends as chance has it."""
    chance = random.Random(0)  # noqa: S311  # the same every time
    instance.add_dynamic_partitions(RUNS, run_ids)
    job = pipeline()
    for run_id in run_ids:
        [end] = chance.choices(list(SHARES), weights=list(SHARES.values()))
        run = instance.create_run_for_job(job, tags={"dagster/partition": run_id})
        done = {"complete": len(STAGES), "failed": 3}.get(end, 0)
        for stage in STAGES[:done]:
            made = dg.AssetMaterialization(asset_key=stage, partition=run_id)
            instance.report_runless_asset_event(made)
        if end == "failed":
            instance.report_run_failed(run, "the pipe broke")
        if end == "cancelled":
            instance.report_run_canceled(run)


def pipeline() -> dg.JobDefinition:
    def asset(stage: str) -> dg.AssetsDefinition:
        @dg.asset(name=stage, partitions_def=runs)
        def body() -> None: ...

        return body

    job = dg.define_asset_job("lead_pipeline", selection=dg.AssetSelection.all())
    definitions = dg.Definitions(assets=[asset(stage) for stage in STAGES], jobs=[job])
    return definitions.resolve_job_def("lead_pipeline")


if __name__ == "__main__":
    main()
