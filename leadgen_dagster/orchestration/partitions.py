"""One partition for each run; its key is the run id."""

import dagster as dg

RUNS = "runs"

runs = dg.DynamicPartitionsDefinition(name=RUNS)
