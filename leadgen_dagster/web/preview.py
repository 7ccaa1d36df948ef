"""The rendered demo sites under the addresses they will have, for the agency to look at before any is published."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from mimetypes import guess_type

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from sqlalchemy import select

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import BusinessModel, GeneratedSiteModel, ProcessingRunModel
from leadgen_dagster.orchestration.layout import site_path
from leadgen_dagster.rendering import render
from leadgen_dagster.sites.builder import ROBOTS

READING = ["GET", "HEAD"]
INDEX = "index.html"
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSite:
    name: str
    place: str
    token: str
    score_before: int | None
    score_after: int


def preview_app(database: Database, files: ObjectStore) -> FastAPI:
    """A server for this machine only; it reads, and publishes nothing."""
    app = FastAPI(title="Demo sites", docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def not_indexed(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await answer(request)
        response.headers.update(NOT_INDEXED)
        return response

    @app.api_route("/", methods=READING)
    def index() -> HTMLResponse:
        return HTMLResponse(render("web/preview.html", sites=newest_sites(database)))

    @app.api_route("/robots.txt", methods=READING)
    def robots() -> PlainTextResponse:
        return PlainTextResponse(ROBOTS)

    @app.api_route("/d/{token}/{path:path}", methods=READING)
    def demo(token: str, path: str) -> Response:
        content_hash = newest_content(database, token)
        if content_hash is None:
            raise HTTPException(404, "there is no demo under this address")
        return file_answer(files.read_files(site_path(content_hash, "")), path)

    return app


def one_demo_app(token: str, files: Mapping[str, bytes]) -> FastAPI:
    """A server for this machine only that shows one demo, under the address it will have."""
    app = FastAPI(title="A demo site", docs_url=None, redoc_url=None, openapi_url=None)

    @app.api_route("/", methods=READING)
    def index() -> RedirectResponse:
        return RedirectResponse(f"/d/{token}/")

    @app.api_route(f"/d/{token}/{{path:path}}", methods=READING)
    def demo(path: str) -> Response:
        answer = file_answer(files, path)
        answer.headers.update(NOT_INDEXED)
        return answer

    return app


def file_answer(files: Mapping[str, bytes], path: str) -> Response:
    """One file of a site; of a folder its page.

    Raises:
        HTTPException: 404, there is none.
    """
    name = file_name(path)
    if name not in files:
        raise HTTPException(404, "the files of this demo are gone")
    return Response(files[name], media_type=media_type(name))


def file_name(path: str) -> str:
    """The file that a path within a site leads to."""
    return f"{path}{INDEX}" if not path or path.endswith("/") else path


def media_type(name: str) -> str:
    kind = guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def newest_content(database: Database, token: str) -> str | None:
    """The content hash of the newest run's demo under a token."""
    statement = (
        select(GeneratedSiteModel.content_hash)
        .join(ProcessingRunModel, ProcessingRunModel.id == GeneratedSiteModel.run_id)
        .where(GeneratedSiteModel.token == token)
        .order_by(ProcessingRunModel.requested_at.desc())
        .limit(1)
    )
    with database.read() as session:
        return session.execute(statement).scalar_one_or_none()


def newest_sites(database: Database) -> list[ListedSite]:
    """The newest run's demo of each business, the newest first."""
    site = GeneratedSiteModel
    statement = (
        select(BusinessModel.name, BusinessModel.city, site.token, site.score_before, site.score_after)
        .join(BusinessModel, BusinessModel.id == site.business_id)
        .join(ProcessingRunModel, ProcessingRunModel.id == site.run_id)
        .order_by(ProcessingRunModel.requested_at.desc(), BusinessModel.name)
    )
    sites: dict[str, ListedSite] = {}
    with database.read() as session:
        for name, city, token, before, after in session.execute(statement):
            listed = ListedSite(
                name=name, place=city or "", token=token, score_before=before, score_after=after
            )
            sites.setdefault(token, listed)
    return list(sites.values())
