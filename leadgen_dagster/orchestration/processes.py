"""Which process executes a run, as tags of the Dagster run, so that a dead one can be told from a slow one."""

import os
import socket
from collections.abc import Mapping

import psutil

HOST_TAG = "leadgen/host"
PID_TAG = "leadgen/pid"
STARTED_TAG = "leadgen/process_started"


def this_process() -> dict[str, str]:
    """The tags of this process."""
    process = psutil.Process(os.getpid())
    return {
        HOST_TAG: socket.gethostname(),
        PID_TAG: str(process.pid),
        STARTED_TAG: f"{process.create_time():.0f}",
    }


def is_dead(tags: Mapping[str, str]) -> bool:
    """Whether the tags name a process of this host that is gone; of another host nobody here can say."""
    if tags.get(HOST_TAG) != socket.gethostname() or PID_TAG not in tags:
        return False
    try:
        process = psutil.Process(int(tags[PID_TAG]))
        is_same = abs(process.create_time() - float(tags.get(STARTED_TAG, "0"))) < 2
    except psutil.NoSuchProcess:
        return True
    return not is_same or process.status() == psutil.STATUS_ZOMBIE
