"""Published demos for everybody who has their address, and the page by which they go.

A scanner of mails follows every link, so nothing but the page's own button takes anything down. Which addresses there
are is told to nobody: there is no list, and what was never published is not found.
"""

import base64
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.agency import Agency
from leadgen_dagster.clients.site_hosts import FolderHost
from leadgen_dagster.db.publications import Publication
from leadgen_dagster.errors import LeadgenError
from leadgen_dagster.orchestration.publisher import Publisher
from leadgen_dagster.sites.builder import ROBOTS
from leadgen_dagster.sites.take_down import gone_page, take_down_page
from leadgen_dagster.web.preview import READING, file_name, media_type

logger = logging.getLogger(__name__)

HTML = "text/html; charset=utf-8"
ASKED_BY = "the link on the page"
HEADERS: Mapping[str, str] = {
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address is known to those who were sent it
    "Cache-Control": "no-cache",  # nothing keeps what was taken down
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; font-src data:; script-src {scripts}; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SCRIPT_TYPES = ("", "text/javascript", "module")


@dataclass(frozen=True, slots=True)
class _Standing:
    """How an address stands."""

    publication: Publication
    is_taken_down: bool
    is_shown: bool


def published_app(
    publisher: Publisher, folder: FolderHost, agency_of_run: Callable[[str], Agency]
) -> FastAPI:
    """The server that `LEADGEN_PUBLIC_URL` leads to.

    Args:
        folder: where the host `folder` puts what is published.
        agency_of_run: who published what comes of a run.
    """
    app = FastAPI(title="Demo sites", docs_url=None, redoc_url=None, openapi_url=None)
    demos = _Demos(publisher, folder, agency_of_run)

    @app.middleware("http")
    async def guarded(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.api_route("/robots.txt", methods=READING)
    def robots() -> PlainTextResponse:
        return PlainTextResponse(ROBOTS)

    app.add_api_route("/d/{token}/take-down/", demos.way_out, methods=READING)
    app.add_api_route("/d/{token}/take-down/", demos.take_down, methods=["POST"])
    app.add_api_route("/d/{token}/{path:path}", demos.file, methods=READING)
    return app


@dataclass(frozen=True, slots=True)
class _Demos:
    """What is answered under `/d/<token>/`."""

    publisher: Publisher
    folder: FolderHost
    agency_of_run: Callable[[str], Agency]

    def file(self, request: Request, token: str, path: str) -> Response:
        """A file of a demo that is shown."""
        found = self._standing(token)
        if found is None:
            return _not_found()
        if not found.is_shown:
            return self._gone(found)
        name = file_name(path)
        held = self.folder.read(token, name)
        if held is None:
            return _not_found()
        content_hash, body = held
        etag = f'"{content_hash}"'
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag})
        answer = Response(body, media_type=media_type(name), headers={"ETag": etag})
        if answer.media_type == HTML:
            answer.headers["Content-Security-Policy"] = POLICY.format(scripts=_script_hashes(body))
        return answer

    def way_out(self, token: str) -> Response:
        """What will happen, and the button; nothing happens by looking."""
        found = self._standing(token)
        if found is None:
            return _not_found()
        if found.is_taken_down:
            return self._gone(found)
        one = found.publication
        return _page(take_down_page(self._agency(one), one.language, token, has_button=True))

    def take_down(self, token: str) -> Response:
        """The button was pressed; pressed again it says the same."""
        found = self._standing(token)
        if found is None:
            return _not_found()
        try:
            self.publisher.take_down(token, asked_by=ASKED_BY)
        except LeadgenError:
            # It is written down, and nobody is shown the page any more; the clean-up tries the host again.
            logger.exception("the files of a demo that was taken down could not be removed")
        return self._gone(replace(found, is_taken_down=True), status=200)

    def _standing(self, token: str) -> _Standing | None:
        """None for an address that never was one."""
        publication = self.publisher.publications.newest(token)
        if publication is None:
            return None
        is_taken_down = self.publisher.take_downs.has(publication.fingerprint)
        is_shown = publication.is_live and not is_taken_down and not self.publisher.is_expired(publication)
        return _Standing(publication, is_taken_down, is_shown)

    def _agency(self, publication: Publication) -> Agency:
        """Who shows it; nobody is named where that cannot be read, since the way out stays open all the same."""
        try:
            return self.agency_of_run(publication.run_id)
        except LeadgenError:
            logger.exception("whose demo %s is could not be read", publication.token)
            return Agency()

    def _gone(self, found: _Standing, status: int = 410) -> Response:
        agency = self._agency(found.publication)
        language, is_taken_down = found.publication.language, found.is_taken_down
        return _page(gone_page(agency, language, is_taken_down=is_taken_down), status)


def _page(page: bytes, status: int = 200) -> Response:
    policy = POLICY.format(scripts="'none'")
    return Response(page, status, media_type=HTML, headers={"Content-Security-Policy": policy})


def _not_found() -> Response:
    return PlainTextResponse("Not found\n", 404)


@lru_cache(maxsize=64)
def _script_hashes(page: bytes) -> str:
    """The page's own scripts by their hashes, as a policy names them: no other script runs."""
    tree = LexborHTMLParser(page.decode())
    texts = [
        node.text() for node in tree.css("script") if (node.attributes.get("type") or "") in SCRIPT_TYPES
    ]
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
    return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
