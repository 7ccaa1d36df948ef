"""A page as it was fetched: what every check, and nothing but the checks, looks at."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


class PageKind(StrEnum):
    HOME = "home"
    CONTACT = "contact"
    """The page that looks like contact, about or imprint."""
    LINK = "link"
    """A link that matters (booking, menu, contact), asked for with HEAD: status only."""
    IMAGE = "image"
    """An image of the home page, asked for with HEAD: its size only."""
    RENDERED = "rendered"
    """The home page as a browser had it after its scripts; made of a page audit, never fetched or published."""


class FetchOutcome(StrEnum):
    """How one fetch ended. `FETCHED` means that an HTTP answer came, whatever its status."""

    FETCHED = "fetched"
    DNS_FAILURE = "dns_failure"
    TLS_FAILURE = "tls_failure"
    TIMEOUT = "timeout"
    CONNECTION_FAILURE = "connection_failure"
    ROBOTS_DENIED = "robots_denied"
    ADDRESS_DENIED = "address_denied"
    """The host resolves to an address that is nobody's public website."""
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    """A content encoding that was not asked for, or a body that does not inflate."""
    BAD_URL = "bad_url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Milliseconds; None where the phase did not happen or was not measured."""

    dns_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None
    first_byte_ms: float | None = None
    total_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """What one fetch gave; knows nothing of the business it was made for. Kept as a memo."""

    url: str
    """As asked for."""
    method: str = "GET"
    outcome: FetchOutcome
    error: str | None = None
    """One line a person understands, for every outcome but `FETCHED`, e.g. `certificate expired on 2026-03-01`."""
    fetched_at: datetime
    final_url: str | None = None
    redirects: tuple[str, ...] = ()
    """The URLs passed on the way, without the first and the last."""
    status: int | None = None
    http_version: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case, in the order they came."""
    content_length: int | None = None
    """Bytes on the wire: of the body read, or what the header announces for a HEAD."""
    timings: Timings = field(default_factory=Timings)
    body: bytes | None = None
    """Inflated."""
    body_hash: str | None = None
    """SHA-256 of the body, once it lies in the object store."""

    @property
    def is_answer(self) -> bool:
        """Whether the site said something about the page; a server that is down or overloaded has not."""
        if self.outcome is not FetchOutcome.FETCHED or self.status is None:
            return False
        return self.status != TOO_MANY_REQUESTS and self.status < SERVER_ERROR

    def header(self, name: str) -> str | None:
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSnapshot:
    """A fetched page as evidence for one business."""

    id: str
    """`uuid5` of business id, kind and URL."""
    business_id: str
    kind: PageKind
    label: str | None = None
    """For a link: the words of the link, e.g. `Book now`."""
    page: FetchedPage
