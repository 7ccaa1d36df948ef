"""`leadgen ui` as a person has it: a process of its own, spoken to by the GraphQL that the pages use."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

REPOSITORY = {"repositoryName": "__repository__", "repositoryLocationName": "leadgen_dagster"}
LEADGEN = (sys.executable, "-c", "from leadgen_dagster.cli import main; main()")
ENDED = ("SUCCESS", "FAILURE", "CANCELED")

LAUNCH = """mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) {
  ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  ... on RunConfigValidationInvalid { errors { message } } } }"""
RUNS = "{ runsOrError { ... on Runs { results { runId jobName status tags { key value } } } } }"
PARTITIONS = """query ($location: String!) { repositoryOrError(repositorySelector: {
  repositoryName: "__repository__", repositoryLocationName: $location }) {
  ... on Repository { assetNodes { assetKey { path } partitionKeys } } } }"""
BACKFILL = """mutation ($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
  ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
BACKFILL_STATUS = """query ($id: String!) { partitionBackfillOrError(backfillId: $id) {
  ... on PartitionBackfill { status } } }"""
REEXECUTE = """mutation ($params: ReexecutionParams!) { launchRunReexecution(reexecutionParams: $params) {
  ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
DELETE = "mutation ($id: String!) { deleteRun(runId: $id) { ... on DeletePipelineRunSuccess { runId } } }"


class DagsterUi:
    """One running `leadgen ui`."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False)

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        answer = self._http.post("/graphql", json={"query": query, "variables": variables})
        answer.raise_for_status()
        document = answer.json()
        assert "errors" not in document, document
        return dict(document["data"])

    def close(self) -> None:
        self._http.close()

    def is_ready(self) -> bool:
        assert self.process.poll() is None, "it ended by itself"
        try:
            return bool(self.partitions() is not None)
        except httpx.TransportError:
            return False

    def partitions(self) -> list[str] | None:
        """The partition keys of `businesses`; None while the definitions are being loaded."""
        repository = self.ask(PARTITIONS, location="leadgen_dagster")["repositoryOrError"]
        for node in repository.get("assetNodes", []):
            if node["assetKey"]["path"] == ["businesses"]:
                return list(node["partitionKeys"])
        return None

    def runs(self) -> list[dict[str, Any]]:
        """The newest first, each with its tags as a dictionary."""
        results = self.ask(RUNS)["runsOrError"]["results"]
        return [run | {"tags": {tag["key"]: tag["value"] for tag in run["tags"]}} for run in results]

    def statuses(self, partition: str) -> list[str]:
        return [run["status"] for run in self.runs() if run["tags"].get("dagster/partition") == partition]

    def launch_job(self, name: str, config: dict[str, Any]) -> str:
        return self._launch({"selector": REPOSITORY | {"pipelineName": name}, "runConfigData": config})

    def materialize(self, asset: str, partition: str) -> str:
        """As the button on one asset's page does."""
        selection = [{"path": [asset]}]
        return self._launch(
            {
                "selector": REPOSITORY | {"pipelineName": "__ASSET_JOB", "assetSelection": selection},
                "executionMetadata": {"tags": [{"key": "dagster/partition", "value": partition}]},
            }
        )

    def backfill(self, assets: list[str], partitions: list[str]) -> str:
        selection = [{"path": [asset]} for asset in assets]
        params = {"assetSelection": selection, "partitionNames": partitions}
        return str(self.ask(BACKFILL, params=params)["launchPartitionBackfill"]["backfillId"])

    def backfill_status(self, backfill_id: str) -> str:
        return str(self.ask(BACKFILL_STATUS, id=backfill_id)["partitionBackfillOrError"]["status"])

    def reexecute_from_failure(self, dagster_run_id: str) -> str:
        params = {"parentRunId": dagster_run_id, "strategy": "FROM_FAILURE"}
        return str(self.ask(REEXECUTE, params=params)["launchRunReexecution"]["run"]["runId"])

    def delete_all_runs(self) -> None:
        for run in self.runs():
            self.ask(DELETE, id=run["runId"])

    def wait_for(self, dagster_run_id: str) -> str:
        def ended() -> str | None:
            status = next(run["status"] for run in self.runs() if run["runId"] == dagster_run_id)
            return status if status in ENDED else None

        return str(wait_until(ended))

    def _launch(self, params: dict[str, Any]) -> str:
        answer = self.ask(LAUNCH, params=params)["launchRun"]
        assert "run" in answer, answer
        return str(answer["run"]["runId"])


def wait_until(condition: Callable[[], Any], seconds: float = 90) -> Any:
    """What the condition gives, as soon as that is true."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = condition()
        if value:
            return value
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds:.0f} s")


def environment(home: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LEADGEN_", "DAGSTER_"))
    }
    return kept | {"LEADGEN_HOME": str(home)}


def leadgen(home: Path, *arguments: str) -> Any:
    """A command's JSON document."""
    done = subprocess.run(  # noqa: S603  # our own interpreter and module
        [*LEADGEN, *arguments, "--json"], env=environment(home), cwd=home, capture_output=True, check=True
    )
    return json.loads(done.stdout)


@contextmanager
def dagster_ui(home: Path, stop_with: signal.Signals) -> Iterator[DagsterUi]:
    """Started as a script does in the background: SIGINT is ignored by whoever is born there."""
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
        [*LEADGEN, "ui", "--port", str(port)],
        env=environment(home),
        cwd=home,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # noqa: PLW1509  # no thread runs here
    )
    ui = DagsterUi(process, port)
    try:
        wait_until(ui.is_ready)
        yield ui
        process.send_signal(stop_with)
        process.wait(10)
    finally:
        ui.close()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def processes_of(home: Path) -> list[int]:
    """Whatever still runs with this home in its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("LEADGEN_HOME") == str(home):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
