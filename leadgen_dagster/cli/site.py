"""One demo: look at it on this machine, or pack it for the customer who said yes."""

from pathlib import Path
from typing import Annotated

import typer

from leadgen_dagster.cli.chosen import BusinessName, chosen_demos
from leadgen_dagster.cli.runs import RunId
from leadgen_dagster.cli.serving import HOST, Port, run_server
from leadgen_dagster.cli.workshop import open_workshop
from leadgen_dagster.errors import UserError

app = typer.Typer(name="site", help="Demo sites on this machine: look, pack.", no_args_is_help=True)


@app.command()
def preview(
    run_id: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="A run's id; without one, all demos are shown.")
    ] = None,
    business: Annotated[
        str | None, typer.Argument(metavar="[BUSINESS]", help="Its name, the beginning of it, or its id.")
    ] = None,
    *,
    port: Port = 8001,
    in_browser: Annotated[bool, typer.Option("--open", help="In your browser, too.")] = False,
) -> int:
    """Look at demos before any is published.

    They stay on this machine. Says the hash of the demo, so that exactly that one can be published.
    Stop with Ctrl-C.

    Example: leadgen site preview 2026-11-22-helsinki-restaurants-7f3a "Osteria del Porto"
    """
    from leadgen_dagster.orchestration.layout import site_path
    from leadgen_dagster.web.preview import one_demo_app, preview_app

    workshop = open_workshop()
    if run_id is None:
        app_, path = preview_app(workshop.database, workshop.files), "/"
    elif business is None:
        workshop.run(run_id)  # says so where there is none
        raise UserError("BUSINESS: which demo of the run? `leadgen site preview` alone shows all")
    else:
        (demo,) = chosen_demos(workshop, run_id, [business])
        site = demo.site
        files = workshop.files.read_files(site_path(site.content_hash, ""))
        app_, path = one_demo_app(site.token, files), f"/d/{site.token}/"
        for fault in site.faults:
            typer.echo(f"Fails a gate: {fault}", err=True)
        typer.echo(
            f'Publish it: leadgen publish {run_id} "{demo.business.name}" --seen {site.short_hash}', err=True
        )
    if in_browser:
        import webbrowser

        webbrowser.open(f"http://{HOST}:{port}{path}")
    run_server(app_, "Only for you", port=port, path=path)
    return 0


@app.command("zip")
def pack(
    run_id: RunId,
    business: BusinessName,
    *,
    to: Annotated[Path, typer.Option("--out", metavar="FILE", help="The zip to write.")],
) -> int:
    """Pack a demo for the customer who said yes.

    Without the concept notice, the take-down link and noindex; a README.txt says what is left to do.

    Example: leadgen site zip 2026-11-22-helsinki-restaurants-7f3a "Osteria del Porto" --out osteria.zip
    """
    from leadgen_dagster.orchestration.layout import site_path
    from leadgen_dagster.sites.handover import handover_zip

    workshop = open_workshop()
    (demo,) = chosen_demos(workshop, run_id, [business])
    files = workshop.files.read_files(site_path(demo.site.content_hash, ""))
    if not files:
        raise UserError(f"{demo.business.name}: its stored files are gone; rerun from generated_sites")
    to.write_bytes(handover_zip(demo.business.name, files))
    typer.echo(to)
    return 0
