"""`python -m leadgen_dagster.db.migrations` says whether the migrations make the tables that the models describe."""

import sys

from leadgen_dagster.db.migrations import differences

found = differences()
for difference in found:
    sys.stderr.write(f"models and migrations differ: {difference}\n")
sys.exit(1 if found else 0)
