"""Servers for this machine: Dagster's UI, and the demo sites."""

import os
import signal
import subprocess
import sys
from typing import Annotated

import typer

Port = Annotated[int, typer.Option(min=1, max=65_535, help="The port on 127.0.0.1.")]


def ui(*, port: Port = 3000) -> int:
    """Start Dagster's UI and daemon on 127.0.0.1, with the same home as every other command."""
    from leadgen_dagster.cli.workshop import open_workshop

    open_workshop()
    typer.echo(f"Dagster: http://127.0.0.1:{port}  (stop with Ctrl-C)", err=True)
    # Started from a script in the background, Dagster would inherit that SIGINT is ignored and never stop.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [
        sys.executable,
        *("-m", "dagster", "dev", "-m", "leadgen_dagster.definitions"),
        *("-h", "127.0.0.1", "-p", str(port)),
    ]
    process = subprocess.Popen(command, env=os.environ)  # noqa: S603  # our own interpreter and module
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        return process.wait()
    except KeyboardInterrupt:
        return process.wait()


def serve(*, port: Port = 8000) -> int:
    """Serve the rendered demo sites on 127.0.0.1, for you to look at; nothing is published."""
    import uvicorn

    from leadgen_dagster.cli.workshop import open_workshop
    from leadgen_dagster.web.preview import preview_app

    workshop = open_workshop()
    typer.echo(f"Demo sites: http://127.0.0.1:{port}  (stop with Ctrl-C)", err=True)
    app = preview_app(workshop.database, workshop.files)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
    return 0


COMMANDS = (ui, serve)
