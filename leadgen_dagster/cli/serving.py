"""Servers: Dagster's UI for this machine, and the published demos."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from leadgen_dagster.errors import UserError

if TYPE_CHECKING:
    from fastapi import FastAPI

HOST = "127.0.0.1"
POLL_S = 0.2
PATIENCE_S = 8.0
"""How long Dagster may take to stop by itself."""
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Port = Annotated[int, typer.Option(min=1, max=65_535, help=f"The port on {HOST}.")]


class _StoppedError(Exception):
    """Somebody asked the server to stop."""


def ui(*, port: Port = 3000) -> int:
    """Start Dagster's UI and daemon for this home.

    Both stay on this machine, and stop with Ctrl-C.

    Example: leadgen ui --port 3000
    """
    from leadgen_dagster.cli.workshop import open_workshop

    open_workshop()
    _check_free(port)
    workspace = files("leadgen_dagster").joinpath("orchestration", "workspace.yaml")
    with as_file(workspace) as path:
        return _run_until_stopped(_dagster_command(path, port), port)


def _dagster_command(workspace: Path, port: int) -> list[str]:
    return [
        *(sys.executable, "-W", "ignore:Function `dev_command` is superseded"),
        *("-m", "dagster", "dev", "--workspace", str(workspace)),
        *("--host", HOST, "--port", str(port), "--log-level", "warning"),
    ]


def _run_until_stopped(command: list[str], port: int) -> int:
    """Runs Dagster in a process group of its own, so that nothing of it stays behind.

    A command that a script starts in the background inherits that SIGINT is ignored; Dagster would inherit it too
    and never stop. So this process takes the signals itself, and hands one on.
    """
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    process = subprocess.Popen(command, env=os.environ, start_new_session=True)  # noqa: S603  # our own interpreter
    try:
        _say_when_ready(process, port)
        code = process.wait()
    except _StoppedError:
        for number in STOP_SIGNALS:
            signal.signal(number, lambda *_: _kill_group(process.pid))
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_S)
        return 0
    finally:
        _kill_group(process.pid)
        process.wait()
    typer.echo(f"leadgen: Dagster ended by itself, with exit code {code}", err=True)
    return 1


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _StoppedError


def _say_when_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    typer.echo("Dagster is starting; this takes some seconds.", err=True)
    while process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(POLL_S)
            if probe.connect_ex((HOST, port)) == 0:
                typer.echo(f"Dagster: http://{HOST}:{port}  (stop with Ctrl-C)", err=True)
                return
        time.sleep(POLL_S)


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def serve(
    *,
    port: Port = 8000,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Of this machine; 0.0.0.0 is open to every network.")
    ] = HOST,
) -> int:
    """Serve the published demos, and their take-down pages.

    This is what LEADGEN_PUBLIC_URL has to lead to, by a web server in front. It shows what was published to
    the host `folder`, and nothing else. Stop with Ctrl-C.

    Example: leadgen serve --port 8000
    """
    from leadgen_dagster.cli.workshop import open_workshop
    from leadgen_dagster.clients.site_hosts import FolderHost
    from leadgen_dagster.web.published import published_app

    workshop = open_workshop()
    app = published_app(
        workshop.publisher,
        FolderHost(workshop.settings.published_folder),
        lambda run_id: workshop.agency_of(workshop.run(run_id)),
    )
    run_server(app, "Published demos", port=port, host=host, path="/d/<token>/")
    return 0


def run_server(app: "FastAPI", what: str, *, port: int, host: str = HOST, path: str = "") -> None:
    """Serves until somebody stops it.

    Raises:
        UserError: the port is taken.
    """
    import uvicorn

    _check_free(port, host)
    typer.echo(f"{what}: http://{host}:{port}{path}  (stop with Ctrl-C)", err=True)
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


def _check_free(port: int, host: str = HOST) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserError(
                f"--port {port}: cannot be used on {host} ({error.strerror or error}); give another, "
                f"e.g. --port {port + 1}"
            ) from None


COMMANDS = (ui, serve)
