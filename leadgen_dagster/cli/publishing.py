"""Publishing demos and taking them off again: the decisions of a person."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from leadgen_dagster.cli import say
from leadgen_dagster.cli.runs import RunId
from leadgen_dagster.cli.workshop import open_workshop
from leadgen_dagster.errors import UserError

if TYPE_CHECKING:
    from leadgen_dagster.cli.chosen import ChosenDemo
    from leadgen_dagster.db.publications import Publication

MIN_SEEN = 8


def publish(
    run_id: RunId,
    businesses: Annotated[
        list[str], typer.Argument(metavar="BUSINESS...", help="Names, beginnings of names, or ids.")
    ],
    *,
    seen: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="Of the one demo you looked at: refused if it is another by now."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before more than one.")] = False,
) -> int:
    """Publish demos, each under its unguessable address.

    Where to is said by LEADGEN_SITE_HOST. A demo that fails its gates, or of a business that is to be left
    alone, is refused. The same content is never uploaded twice.

    Example: leadgen publish 2026-11-22-helsinki-restaurants-7f3a "Osteria del Porto"
    """
    from leadgen_dagster.cli.chosen import chosen_demos
    from leadgen_dagster.cli.output import out
    from leadgen_dagster.orchestration.publisher import Choice

    workshop = open_workshop()
    demos = chosen_demos(workshop, run_id, businesses)
    choices = [
        Choice(business=demo.business, content_hash=digest)
        for demo, digest in zip(demos, _looked_at(demos, seen), strict=True)
    ]
    if len(demos) > 1 and not yes and not _is_wanted(demos):
        say("nothing was published")
        return 2
    run = workshop.run(run_id)
    agency = workshop.agency_of(run)
    done = workshop.publisher.publish(run, choices, agency=agency, public_url=workshop.public_url_of(agency))
    for one in done:
        note = "" if one.is_new else "unchanged, "
        until = f"{one.publication.expires_at:%Y-%m-%d}"
        out.print(one.business.name, style="bold", markup=False, soft_wrap=True)
        out.print(f"  {one.publication.url}  ({note}until {until})", markup=False, soft_wrap=True)
    if workshop.settings.site_host == "folder":
        say("the folder is shown by `leadgen serve`, which the public address has to lead to")
    return 0


def unpublish(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RUN BUSINESS... | ADDRESS...]", help="By run and name, or by address."),
    ] = None,
    *,
    expired: Annotated[bool, typer.Option("--expired", help="All whose days are over.")] = False,
) -> int:
    """Take published demos off their host.

    An address may be given as a URL or as its token. Done twice, the second time does nothing.

    Example: leadgen unpublish 2026-11-22-helsinki-restaurants-7f3a "Osteria del Porto"
    """
    workshop = open_workshop()
    if expired == bool(what):
        raise UserError("give a run and businesses, or addresses, or --expired")
    if not what:
        return _print_removed(workshop.publisher.remove_old(), "no demo was due")
    from leadgen_dagster.cli.chosen import chosen_demos
    from leadgen_dagster.sites.tokens import token_in

    tokens = [token_in(text) for text in what]
    if tokens[0] is None:
        if len(what) == 1:
            raise UserError(
                f"{what[0]!r}: a run needs a business beside it, and an address ends in /d/<token>/"
            )
        tokens = [demo.site.token for demo in chosen_demos(workshop, what[0], what[1:])]
    return _print_removed(
        workshop.publisher.unpublish([_checked(*pair) for pair in zip(tokens, what, strict=False)]),
        "nothing of it was published",
    )


def take_down(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The demo's URL, or its token.")],
    *,
    note: Annotated[str | None, typer.Option(help="Who asked, and how; kept with it.")] = None,
) -> int:
    """Take a demo down for good, because its business asked.

    Its files go from the host, and no later run makes a demo or a draft for that business. Where the demo is
    served by `leadgen serve`, the business can do this itself.

    Example: leadgen take-down https://demos.agency.example/d/abcdefghij23/
    """
    from leadgen_dagster.sites.tokens import token_in

    token = _checked(token_in(address), address)
    gone = open_workshop().publisher.take_down(token, asked_by="leadgen take-down", note=note)
    say(
        "written down: no later run makes a demo or a draft for it; "
        "`leadgen rerun RUN --from generated_sites` clears a run that stands"
    )
    return _print_removed(gone, "no files of it were on a host")


def _looked_at(demos: Sequence["ChosenDemo"], seen: str | None) -> list[str]:
    """The content that the person means: what `--seen` says, else what is there now."""
    if seen is None:
        return [demo.site.content_hash for demo in demos]
    if len(demos) != 1:
        raise UserError("--seen is about one demo; publish each by itself")
    if len(seen) < MIN_SEEN:
        raise UserError(f"--seen {seen!r}: give at least the first {MIN_SEEN} digits of the hash")
    stored = demos[0].site.content_hash
    return [stored if stored.startswith(seen.lower()) else seen]


def _is_wanted(demos: Sequence["ChosenDemo"]) -> bool:
    if not sys.stdin.isatty():
        raise UserError(f"{len(demos)} demos: nobody can be asked here; --yes says that all are meant")
    for demo in demos:
        typer.echo(f"  {demo.business.name}  {demo.site.short_hash}", err=True)
    return typer.confirm(f"Publish these {len(demos)} demos?", err=True)


def _checked(token: str | None, text: str) -> str:
    if token is None:
        raise UserError(f"{text!r}: give a demo's address, which ends in /d/<token>/, or its token")
    return token


def _print_removed(gone: Sequence["Publication"], otherwise: str) -> int:
    from leadgen_dagster.cli.output import out

    for one in gone:
        out.print(f"removed  {one.url}", markup=False, soft_wrap=True)
    if not gone:
        say(otherwise)
    return 0


COMMANDS = (publish, unpublish, take_down)
