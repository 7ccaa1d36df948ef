"""The rendered demo sites under the addresses they will have, for the agency to look at before any is published."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from sqlalchemy import select

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import BusinessModel, GeneratedSiteModel, ProcessingRunModel
from leadgen_dagster.orchestration.layout import site_path
from leadgen_dagster.rendering import render

READING = ["GET", "HEAD"]
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSite:
    name: str
    place: str
    token: str
    content_hash: str
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
        return HTMLResponse(render("web/preview.html", sites=list(newest_sites(database).values())))

    @app.api_route("/robots.txt", methods=READING)
    def robots() -> PlainTextResponse:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    @app.api_route("/d/{token}/", methods=READING)
    def demo(token: str) -> HTMLResponse:
        site = newest_sites(database).get(token)
        if site is None:
            raise HTTPException(404, "there is no demo under this address")
        try:
            page = files.read_file(site_path(site.content_hash, "index.html"))
        except FileNotFoundError:
            raise HTTPException(404, "the files of this demo are gone") from None
        return HTMLResponse(page)

    return app


def newest_sites(database: Database) -> dict[str, ListedSite]:
    """By token the newest run's demo of each business, the newest first."""
    statement = (
        select(GeneratedSiteModel, BusinessModel.name, BusinessModel.city)
        .join(BusinessModel, BusinessModel.id == GeneratedSiteModel.business_id)
        .join(ProcessingRunModel, ProcessingRunModel.id == GeneratedSiteModel.run_id)
        .order_by(ProcessingRunModel.requested_at.desc(), BusinessModel.name)
    )
    sites: dict[str, ListedSite] = {}
    with database.read() as session:
        for site, name, city in session.execute(statement):
            listed = ListedSite(
                name=name,
                place=city or "",
                token=site.token,
                content_hash=site.content_hash,
                score_before=site.score_before,
                score_after=site.score_after,
            )
            sites.setdefault(site.token, listed)
    return sites
