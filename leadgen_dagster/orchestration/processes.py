"""Which process executes a Dagster run itself, as tags of that run, so that a dead one can be told from a slow one.

A run that is executed again inherits the tags of the first attempt, so the tags also name the run they are true of.
"""

import os
import socket

import dagster as dg
import psutil

HOST_TAG = "leadgen/host"
PID_TAG = "leadgen/pid"
STARTED_TAG = "leadgen/process_started"
EXECUTES_TAG = "leadgen/executes"

GOING_ON = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def this_process(dagster_run_id: str) -> dict[str, str]:
    """The tags of a Dagster run that this process executes."""
    process = psutil.Process(os.getpid())
    return {
        HOST_TAG: socket.gethostname(),
        PID_TAG: str(process.pid),
        STARTED_TAG: f"{process.create_time():.0f}",
        EXECUTES_TAG: dagster_run_id,
    }


def is_dead(run: dg.DagsterRun) -> bool:
    """Whether the run's own process, on this host, is gone; of another host nobody here can say."""
    tags = run.tags
    if tags.get(HOST_TAG) != socket.gethostname() or tags.get(EXECUTES_TAG) != run.run_id:
        return False
    try:
        process = psutil.Process(int(tags[PID_TAG]))
        is_same = abs(process.create_time() - float(tags[STARTED_TAG])) < 2
    except psutil.NoSuchProcess:
        return True
    return not is_same or process.status() == psutil.STATUS_ZOMBIE


def fail_dead_processes(instance: dg.DagsterInstance) -> list[str]:
    """Reports the runs whose own process on this host is gone as failed; returns their Dagster run ids."""
    filters = dg.RunsFilter(tags={HOST_TAG: socket.gethostname()}, statuses=GOING_ON)
    dead = [run.run_id for run in instance.get_runs(filters) if is_dead(run)]
    # A process that ended well between the two looks has left its last word behind.
    still_going_on = instance.get_runs(dg.RunsFilter(run_ids=dead, statuses=GOING_ON)) if dead else []
    for run in still_going_on:
        instance.report_run_failed(
            run, "the process that executed this run is gone; `leadgen resume` goes on"
        )
    return [run.run_id for run in still_going_on]
