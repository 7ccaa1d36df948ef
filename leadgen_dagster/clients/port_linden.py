"""Serves the websites of Port Linden, the fictional town of the demo, from the package's own files."""

import mimetypes
from datetime import date, timedelta
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import httpx
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leadgen_dagster.clients import failures
from leadgen_dagster.clients.clock import RecordedClock
from leadgen_dagster.discovery.normalise import TOWN_SUFFIX
from leadgen_dagster.errors import FileError
from leadgen_dagster.scoring.snapshots import Timings

BUSINESS_FILE = "business.yaml"
TOWN_TIMEOUT_S = 30.0
DNS_MS = 4.0
CONNECT_MS = 11.0
TLS_MS = 19.0

MISSING_PAGE = (
    b"<!doctype html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>"
)
PLACEHOLDER = b"\0"
"""What a GET gives for a file that exists only as a size."""


class TownHost(BaseModel):
    """How one host of the town answers; the `hosts` entries of a `business.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schemes: tuple[Literal["http", "https"], ...] = ("http", "https")
    failure: Literal["dns", "tls_expired", "connection", "timeout"] | None = None
    tls_expired_days_ago: Annotated[int, Field(ge=0)] | None = None
    folder: str = "site"
    headers: dict[str, str] = {}
    status: dict[str, int] = {}
    redirects: dict[str, str] = {}
    sizes: dict[str, int] = {}
    first_byte_ms: Annotated[float, Field(ge=0)] = 120.0
    total_ms: Annotated[float, Field(ge=0)] = 480.0


class PortLindenTransport(httpx.AsyncBaseTransport):
    """The town's web; knows no host outside it, and its pauses are recorded, not slept.

    Args:
        root: the folders of the town; the package's own if left out.
        ordered_on: the day that the town's ages are counted back from.
        clock: what its hosts' visitors wait on.
    """

    def __init__(
        self, root: Path | None = None, *, ordered_on: date | None = None, clock: RecordedClock | None = None
    ) -> None:
        self._root: Traversable = root or files("leadgen_dagster.port_linden")
        self.clock = clock or RecordedClock()
        self._ordered_on = ordered_on or self.clock.now().date()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.host
        found = self._hosts.get(name)
        if found is None:
            raise failures.name_unknown(name)
        host, folder = found
        self._fail_as_told(request.url, host)
        status, headers, body = _answer(request.url, host, folder)
        length = headers.get("content-length", str(len(body)))
        return httpx.Response(
            status,
            headers=host.headers | headers | {"content-length": length},
            stream=httpx.ByteStream(b"" if request.method == "HEAD" else body),
            extensions={"http_version": b"HTTP/1.1", "timings": _timings(request, host)},
        )

    @cached_property
    def _hosts(self) -> dict[str, tuple[TownHost, Traversable]]:
        hosts: dict[str, tuple[TownHost, Traversable]] = {}
        for folder in sorted(self._root.iterdir(), key=lambda entry: entry.name):
            file = folder.joinpath(BUSINESS_FILE)
            if not file.is_file():
                continue
            for name, host in _read_hosts(file).items():
                if name in hosts:
                    raise FileError(str(file), f"host {name} stands in two files")
                hosts[name] = (host, folder.joinpath(host.folder))
        return hosts

    def _fail_as_told(self, url: httpx.URL, host: TownHost) -> None:
        if host.failure == "dns":
            raise failures.name_unknown(url.host)
        if host.failure == "timeout":
            raise failures.timed_out(TOWN_TIMEOUT_S)
        if host.failure == "connection" or url.scheme not in host.schemes:
            raise failures.connection_failed(url.host)
        if host.failure == "tls_expired" and url.scheme == "https":
            days = host.tls_expired_days_ago
            raise failures.certificate_expired(
                None if days is None else self._ordered_on - timedelta(days=days)
            )


def _read_hosts(file: Traversable) -> dict[str, TownHost]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, Any] = yaml.load(file.read_text("utf-8"), Loader=loader) or {}  # noqa: S506  # a safe loader
    hosts: dict[str, TownHost] = {}
    for name, fields in (content.get("hosts") or {}).items():
        if not name.endswith(f".{TOWN_SUFFIX}"):
            raise FileError(str(file), f"host {name} does not lie in .{TOWN_SUFFIX}")
        try:
            hosts[name] = TownHost.model_validate(fields or {})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise FileError(str(file), f"host {name}, {where}: {first['msg']}") from None
    return hosts


def _answer(url: httpx.URL, host: TownHost, folder: Traversable) -> tuple[int, dict[str, str], bytes]:
    path = unquote(url.path)
    if host.failure == "tls_expired":
        return 301, {"location": str(url.copy_with(scheme="https"))}, b""
    if path in host.redirects:
        return 301, {"location": host.redirects[path]}, b""
    if path in host.sizes:
        headers = {"content-type": _content_type(path, b""), "content-length": str(host.sizes[path])}
        return host.status.get(path, 200), headers, PLACEHOLDER
    file = _file_of(path, folder)
    if file is None:
        return host.status.get(path, 404), {"content-type": "text/html; charset=utf-8"}, MISSING_PAGE
    body = file.read_bytes()
    return host.status.get(path, 200), {"content-type": _content_type(file.name, body)}, body


def _file_of(path: str, folder: Traversable) -> Traversable | None:
    parts = [part for part in path.split("/") if part]
    if any(part in (".", "..") or "\\" in part or "\0" in part for part in parts):
        return None
    file = folder.joinpath(*parts, "index.html") if path.endswith("/") else folder.joinpath(*parts)
    return file if file.is_file() else None


def _content_type(name: str, body: bytes) -> str:
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if not content_type.startswith("text/"):
        return content_type
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return content_type
    return f"{content_type}; charset=utf-8"


def _timings(request: httpx.Request, host: TownHost) -> Timings:
    return Timings(
        dns_ms=DNS_MS,
        connect_ms=CONNECT_MS,
        tls_ms=TLS_MS if request.url.scheme == "https" else None,
        first_byte_ms=host.first_byte_ms,
        total_ms=host.first_byte_ms if request.method == "HEAD" else max(host.total_ms, host.first_byte_ms),
    )
