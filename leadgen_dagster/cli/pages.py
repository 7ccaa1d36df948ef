"""One page at a time, beside any run: look at it, score it. Nothing of a run is touched."""

import re
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import typer

from leadgen_dagster.cli.runs import AsJson
from leadgen_dagster.errors import LeadgenError, UserError

if TYPE_CHECKING:
    from leadgen_dagster.clients.web import GuardedFetcher
    from leadgen_dagster.discovery.businesses import Business
    from leadgen_dagster.scoring.rules import Rubric
    from leadgen_dagster.scoring.scores import WebsiteScore
    from leadgen_dagster.scoring.snapshots import FetchedPage, PageSnapshot
    from leadgen_dagster.settings import Settings

STDIN = "-"
SAVED_PAGE = "https://saved-page.example/"
"""Where a saved page is taken to stand, so that its links can be read; nothing is fetched from it."""
SAVED_SUFFIXES = frozenset({".htm", ".html", ".xhtml"})
MAX_SAVED_BYTES = 10_000_000
LOOKED_AT_FOR_NUL = 1024
"""Pictures and archives have a NUL there; one further on may be a slip in a page."""
A_TAG = re.compile(rb"<[a-z!][^<>]*>", re.IGNORECASE)
NO_NICHE = "local business"
PHONE_CHECKS = frozenset({"local.phone_missing"})
"""Not asked where no country is known: then a number in national form is no number."""

Url = Annotated[str, typer.Argument(metavar="URL", help="A web address; https:// may be left out.")]


def snapshot(url: Url, *, as_json: AsJson = False) -> int:
    """Fetch one page as a run would, and show how it answered.

    Robots.txt is asked first; what is kept is the body, by its hash. Exit code 0 if an answer came.

    Example: leadgen snapshot http://osteria-del-porto.port-linden.example/
    """
    from leadgen_dagster.cli.output import print_json
    from leadgen_dagster.cli.snapshot_report import print_snapshot, snapshot_document
    from leadgen_dagster.cli.workshop import open_files
    from leadgen_dagster.settings import Settings

    if _is_saved(url):
        raise UserError(f"{url}: snapshot takes a web address; `leadgen score` takes a saved page")
    settings = Settings.load()
    page = _with_fetcher(settings, lambda fetcher: fetcher.fetch(_with_scheme(url, "https")))
    _check_asked(url, page)
    files = open_files(settings)
    if page.body is not None:
        page = replace(page, body_hash=files.put_body(page.body))
    if as_json:
        print_json(snapshot_document(page))
    else:
        print_snapshot(page)
    return 0 if page.status is not None else 1


def score(
    page: Annotated[
        str, typer.Argument(metavar="PAGE", help="A web address, a saved page, or - for standard input.")
    ],
    *,
    niche: Annotated[
        str | None,
        typer.Option(help="What kind of business, e.g. restaurant: some checks are for some trades."),
    ] = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE", help="For phone numbers, e.g. GB; default: the address's.")
    ] = None,
    rubric: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A YAML file with weights of your own.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every check that passed, too.")] = False,
    as_json: AsJson = False,
) -> int:
    """Score one website, and say what is wrong with it.

    Reads its home and contact page as a run does. Neither page nor score is stored: the database only
    notes when a host was asked, for the pause before the next request. Exit code 0 if it could be scored.

    Example: leadgen score http://osteria-del-porto.port-linden.example/ --niche restaurant
    """
    from leadgen_dagster.cli.output import print_json
    from leadgen_dagster.cli.score_report import ScoredWebsite, print_score, score_document
    from leadgen_dagster.orders import DEFAULT_SCORE_THRESHOLD
    from leadgen_dagster.settings import Settings

    settings, weights = Settings.load(), _rubric(rubric)
    is_saved = _is_saved(page)
    address = SAVED_PAGE if is_saved else _with_scheme(page, "http")
    business = _business(address, niche, country, settings)
    weights = _fair(weights, is_saved=is_saved, has_country=business.country is not None)
    if is_saved:
        snapshots = [_saved(page, business)]
    else:
        snapshots = _collected(settings, business)
        _check_asked(page, snapshots[0].page)
    threshold = weights.threshold or DEFAULT_SCORE_THRESHOLD
    shown = ScoredWebsite(
        name=_saved_name(page) if is_saved else business.fingerprint,
        score=_scored(business, snapshots, weights, threshold),
        snapshots=snapshots,
        rubric=weights,
        threshold=threshold,
        is_saved=is_saved,
        has_country=business.country is not None,
    )
    if as_json:
        print_json(score_document(shown))
    else:
        print_score(shown, is_all_shown=everything)
    return 0 if shown.score.score is not None else 1


def _is_saved(page: str) -> bool:
    """Whether a file is meant, and not a web address.

    Raises:
        UserError: a file is meant that is not there, or a folder.
    """
    if page == STDIN:
        return True
    if "://" in page:
        return False
    try:
        is_folder, is_there = Path(page).is_dir(), Path(page).exists()
    except OSError as error:  # longer than a file may be called
        raise UserError(
            f"{page[:60]}…: {error.strerror or error}; a web address as long needs https:// in front"
        ) from error
    if is_folder:
        raise UserError(
            f"{page}: is a folder; give one saved page of it, or a web address with https:// in front"
        )
    if is_there:
        return True
    if Path(page).suffix.lower() in SAVED_SUFFIXES:
        raise UserError(f"{page}: there is no such file")
    return False


def _rubric(path: Path | None) -> "Rubric":
    from leadgen_dagster.scoring.rubric import RUBRIC
    from leadgen_dagster.scoring.rubric_file import check_rubric_file, with_choice
    from leadgen_dagster.yaml_file import content_of

    if path is None:
        return RUBRIC
    return with_choice(RUBRIC, check_rubric_file(path, content_of(path), RUBRIC))


def _fair(rubric: "Rubric", *, is_saved: bool, has_country: bool) -> "Rubric":
    """Without the checks that what was read cannot answer: a saved page has no server."""
    rules = {
        check_id: rule
        for check_id, rule in rubric.rules.items()
        if not (is_saved and rule.is_about_hosting) and (has_country or check_id not in PHONE_CHECKS)
    }
    return replace(rubric, rules=rules)


def _scored(
    business: "Business", snapshots: "Sequence[PageSnapshot]", rubric: "Rubric", threshold: int
) -> "WebsiteScore":
    """Without contacts: they decide how a lead is reached, and here there is none."""
    from leadgen_dagster.scoring.scorer import score_website

    return score_website(
        business,
        snapshots,
        (),
        ordered_on=snapshots[0].page.fetched_at.date(),
        score_threshold=threshold,
        rubric=rubric,
    )


def _with_fetcher(settings: "Settings", ask: "Callable[[GuardedFetcher], Any]") -> Any:  # noqa: ANN401  # what is asked
    import asyncio

    from leadgen_dagster.cli.workshop import open_fetcher

    async def fetch() -> Any:  # noqa: ANN401  # what is asked
        async with open_fetcher(settings) as fetcher:
            return await ask(fetcher)

    return asyncio.run(fetch())


def _collected(settings: "Settings", business: "Business") -> "list[PageSnapshot]":
    from leadgen_dagster.scoring.crawl import collect_snapshots

    snapshots: list[PageSnapshot] = _with_fetcher(
        settings, lambda fetcher: collect_snapshots([business], fetcher)
    )
    return snapshots


def _check_asked(typed: str, page: "FetchedPage") -> None:
    """Raises `UserError` where nobody was asked, since the address is none that one may ask."""
    from leadgen_dagster.scoring.snapshots import FetchOutcome

    if page.outcome in {FetchOutcome.BAD_URL, FetchOutcome.ADDRESS_DENIED}:
        told = page.error or page.outcome.value
        raise UserError(told if typed in told else f"{typed}: {told}")


def _with_scheme(text: str, scheme: str) -> str:
    return text if "://" in text else f"{scheme}://{text}"


def _business(address: str, niche: str | None, country: str | None, settings: "Settings") -> "Business":
    """What is known of a business of which only the website is: not its name, street or phone."""
    from leadgen_dagster.discovery.businesses import Business, WebsiteOrigin
    from leadgen_dagster.discovery.niches import find_niche

    host = _host_of(address)
    niches = find_niche(niche) if niche else ()
    return Business(
        id=str(uuid5(NAMESPACE_URL, address)),
        fingerprint=host,
        name="",
        niche=niches[0].key if len(niches) == 1 else NO_NICHE,
        country=_country(country, host, settings),
        website=address,
        website_origin=WebsiteOrigin.RECORD,
    )


def _host_of(address: str) -> str:
    """In small letters; the fetcher says what is wrong with an address that has none."""
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address


def _country(asked: str | None, host: str, settings: "Settings") -> str | None:
    """As asked for, else the country of the address, else the agency's own."""
    from phonenumbers import SUPPORTED_REGIONS

    from leadgen_dagster.agency import load_agency

    code = (asked or host.rpartition(".")[2]).upper()
    code = {"UK": "GB"}.get(code, code)
    if code in SUPPORTED_REGIONS:
        return code
    if asked:
        raise UserError(f"--country {asked!r}: give an ISO 3166 code of two letters, e.g. GB")
    with suppress(LeadgenError):  # the agency's file is nothing that a look at one page depends on
        return load_agency(settings.agency_file).country
    return None


def _saved(page: str, business: "Business") -> "PageSnapshot":
    from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome, PageKind, PageSnapshot

    body = _saved_bytes(page)
    if len(body) > MAX_SAVED_BYTES:
        raise UserError(f"{_saved_name(page)}: is larger than {MAX_SAVED_BYTES // 1_000_000} MB")
    if not body.strip():
        raise UserError(f"{_saved_name(page)}: is empty; give a saved HTML page")
    if not _is_html(body):
        raise UserError(f"{_saved_name(page)}: is no HTML; give a saved HTML page")
    fetched = FetchedPage(
        url=SAVED_PAGE,
        outcome=FetchOutcome.FETCHED,
        fetched_at=datetime.now(UTC),
        final_url=SAVED_PAGE,
        status=200,
        headers=(("content-type", "text/html"),),
        content_length=len(body),
        body=body,
    )
    return PageSnapshot(id=business.id, business_id=business.id, kind=PageKind.HOME, page=fetched)


def _is_html(body: bytes) -> bool:
    """Whether there is a tag in it, and nothing that says it is of another kind."""
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return A_TAG.search(body.replace(b"\0", b"")) is not None
    is_of_another_kind = b"\0" in body[:LOOKED_AT_FOR_NUL] or body.startswith(b"%PDF-")
    return not is_of_another_kind and A_TAG.search(body) is not None


def _saved_bytes(page: str) -> bytes:
    if page == STDIN:
        return sys.stdin.buffer.read(MAX_SAVED_BYTES + 1)
    with Path(page).open("rb") as stream:
        return stream.read(MAX_SAVED_BYTES + 1)


def _saved_name(page: str) -> str:
    return "standard input" if page == STDIN else Path(page).name


COMMANDS = (score, snapshot)
