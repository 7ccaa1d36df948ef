"""What can be done by the clock. Every schedule is off until a person switches it on."""

import dagster as dg

from leadgen_dagster.orchestration.jobs import clean_up_demos

demo_clean_up = dg.ScheduleDefinition(
    name="demo_clean_up",
    job=clean_up_demos,
    cron_schedule="20 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Once a night: published demos whose days are over go from their hosts.",
)

SCHEDULES = (demo_clean_up,)
