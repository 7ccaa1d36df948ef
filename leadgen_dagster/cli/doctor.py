"""What is configured, reachable and missing, and what each of it is for."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from textwrap import indent, wrap
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from leadgen_dagster.errors import LeadgenError

if TYPE_CHECKING:
    from leadgen_dagster.discovery.sources import SourceInfo
    from leadgen_dagster.settings import Settings

State = Literal["ok", "missing", "failed"]
TIMEOUT_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing that was looked at."""

    name: str
    state: State
    found: str
    what_for: str


def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False
) -> int:
    """Say what is configured, reachable, missing, and what for.

    Example: leadgen doctor
    """
    from leadgen_dagster.cli.output import print_json
    from leadgen_dagster.settings import Settings

    diagnoses = list(diagnose(Settings.load()))
    if as_json:
        print_json([asdict(one) for one in diagnoses])
    else:
        _print(diagnoses)
    return 1 if any(one.state == "failed" for one in diagnoses) else 0


def diagnose(settings: "Settings") -> Iterator[Diagnosis]:
    yield _home(settings)
    yield _database(settings)
    yield _agency(settings)
    yield _public_url(settings)
    yield _site_host(settings)
    yield from _sources(settings)
    yield _model(settings)
    yield from _second_look(settings)
    yield _contact(settings)


def _home(settings: "Settings") -> Diagnosis:
    what_for = "everything is kept there"
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        probe = settings.home / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Diagnosis(
            name="home", state="failed", found=f"{settings.home}: {error.strerror}", what_for=what_for
        )
    return Diagnosis(name="home", state="ok", found=str(settings.home), what_for=what_for)


def _database(settings: "Settings") -> Diagnosis:
    from sqlalchemy import make_url
    from sqlalchemy.exc import SQLAlchemyError

    from leadgen_dagster.db.engine import Database

    url = settings.effective_database_url
    shown = make_url(url).render_as_string(hide_password=True)
    what_for = "orders, businesses, scores, drafts"
    try:
        database = Database(url)
        database.upgrade()
        revision = database.current_revision()
    except (SQLAlchemyError, LeadgenError) as error:
        first_line = str(error).strip().splitlines()[0]
        return Diagnosis(name="database", state="failed", found=f"{shown}: {first_line}", what_for=what_for)
    return Diagnosis(name="database", state="ok", found=f"{shown}, tables at {revision}", what_for=what_for)


def _agency(settings: "Settings") -> Diagnosis:
    from leadgen_dagster.agency import load_agency, missing_identity

    name, what_for = "agency.yaml", "who signs; without it every draft is NOT READY"
    path = settings.agency_file
    if not path.exists():
        return Diagnosis(name=name, state="missing", found=f"no {path}", what_for=what_for)
    try:
        agency = load_agency(path)
    except LeadgenError as error:
        return Diagnosis(name=name, state="failed", found=str(error), what_for=what_for)
    missing = missing_identity(agency)
    if missing:
        found = f"{path}: {', '.join(missing)} missing"
        return Diagnosis(name=name, state="missing", found=found, what_for=what_for)
    return Diagnosis(name=name, state="ok", found=f"{agency.name}, {path}", what_for=what_for)


def _public_url(settings: "Settings") -> Diagnosis:
    name, what_for = "public URL", "the demos' links in drafts; NOT READY without it"
    found = settings.public_url or _agency_url(settings)
    if found is None:
        told = "LEADGEN_PUBLIC_URL, or public_url in agency.yaml"
        return Diagnosis(name=name, state="missing", found=told, what_for=what_for)
    return Diagnosis(name=name, state="ok", found=found, what_for=what_for)


def _site_host(settings: "Settings") -> Diagnosis:
    """What is set; a host is asked nothing, since nothing but publishing proves it."""
    host, what_for = settings.site_host, f"where demos are published, for {settings.demo_days} days"
    found = {
        "folder": f"{settings.published_folder}, shown by `leadgen serve`",
        "vercel": f"vercel, project {settings.vercel_project}",
        "netlify": f"netlify, site {settings.netlify_site_id}",
    }.get(host, host)
    return Diagnosis(name="site host", state="ok", found=found, what_for=what_for)


def _agency_url(settings: "Settings") -> str | None:
    from leadgen_dagster.agency import load_agency

    try:
        return load_agency(settings.agency_file).public_url
    except LeadgenError:
        return None  # said of agency.yaml itself, a line above


def _sources(settings: "Settings") -> Iterator[Diagnosis]:
    from leadgen_dagster.discovery.sources import SOURCES

    for name, info in SOURCES.items():
        state, found = _source_state(settings, name, info)
        yield Diagnosis(name=f"source {name}", state=state, found=found, what_for=info.description)


def _source_state(settings: "Settings", name: str, info: "SourceInfo") -> tuple[State, str]:
    """Whether a source could be asked; no service is, since that may cost and counts against a quota."""
    if info.key_setting:
        is_set = info.key_setting in settings.place_keys
        return (
            ("ok", "a key is set, not tried now")
            if is_set
            else ("missing", f"{info.key_setting}, from {info.key_from}")
        )
    if name == "osm" and settings.osm_file is not None:
        is_there = settings.osm_file.is_file()
        return ("ok" if is_there else "failed"), f"{settings.osm_file}{'' if is_there else ': no such file'}"
    if name == "overpass":
        return "ok", f"{settings.overpass_url}, not asked now"
    return "ok", "ready"


def _model(settings: "Settings") -> Diagnosis:
    import httpx

    name, what_for = "language model", "writes drafts; without one a deterministic writer does"
    wanted = {"LEADGEN_LLM_BASE_URL": settings.llm_base_url, "LEADGEN_LLM_MODEL": settings.llm_model}
    unset = [variable for variable, value in wanted.items() if not value]
    if unset or settings.llm_base_url is None:
        return Diagnosis(name=name, state="missing", found=", ".join(unset), what_for=what_for)
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    try:
        answer = httpx.get(
            f"{settings.llm_base_url.rstrip('/')}/models",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=TIMEOUT_S,
        )
    except httpx.HTTPError as error:
        found = f"{settings.llm_base_url}: {error or type(error).__name__}"
        return Diagnosis(name=name, state="failed", found=found, what_for=what_for)
    state: State = "failed" if answer.status_code in {401, 403} else "ok"
    found = f"{settings.llm_model} at {settings.llm_base_url}, which answers {answer.status_code}"
    return Diagnosis(name=name, state=state, found=found, what_for=what_for)


def _second_look(settings: "Settings") -> Iterator[Diagnosis]:
    from leadgen_dagster.clients.installed import NotInstalledError, find_driven_browser, find_lighthouse

    programs = (
        ("browser", settings.browser, find_driven_browser, "looks again at the weakest, --audit-weakest N"),
        ("lighthouse", settings.lighthouse, find_lighthouse, "measures them too, version 12"),
    )
    for name, setting, find, what_for in programs:
        try:
            found = str(find(setting))
        except NotInstalledError as error:
            state: State = "failed" if setting else "missing"
            yield Diagnosis(name=name, state=state, found=str(error), what_for=what_for)
        else:
            yield Diagnosis(name=name, state="ok", found=found, what_for=what_for)
    key, what_for = settings.pagespeed_api_key, "measures them from Google's servers"
    yield Diagnosis(
        name="PageSpeed",
        state="ok" if key else "missing",
        found="a key is set" if key else "LEADGEN_PAGESPEED_API_KEY",
        what_for=what_for,
    )


def _contact(settings: "Settings") -> Diagnosis:
    what_for = "so that a webmaster can reach you"
    if settings.contact is None:
        return Diagnosis(name="contact", state="missing", found="LEADGEN_CONTACT", what_for=what_for)
    return Diagnosis(name="contact", state="ok", found=settings.user_agent, what_for=what_for)


def _print(diagnoses: list[Diagnosis]) -> None:
    """What it is for stands beside a name, what was found on lines of its own, so that a path can be copied."""
    from rich.table import Table

    from leadgen_dagster.cli.output import out

    marks = {"ok": "[green]✓[/]", "missing": "[yellow]-[/]", "failed": "[red]✗[/]"}
    for one in diagnoses:
        heading = Table.grid(padding=(0, 1))
        heading.add_column(no_wrap=True)
        heading.add_column(no_wrap=True, min_width=14)
        heading.add_column(style="dim", ratio=1)
        heading.add_row(marks[one.state], one.name, one.what_for)
        out.print(heading)
        found = one.found if one.state != "missing" else f"not set: {one.found}"
        lines = wrap(found, out.width - 2, break_long_words=False, break_on_hyphens=False)
        out.print(indent("\n".join(lines), "  "), markup=False, soft_wrap=True)


COMMANDS = (doctor,)
