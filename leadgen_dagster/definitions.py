"""What Dagster loads."""

from leadgen_dagster.orchestration.build import build_definitions

defs = build_definitions()
