"""URLs from outside, read as strictly as the fetcher needs them."""

import re
import socket
import unicodedata
from urllib.parse import urljoin, urlsplit

import httpx

from leadgen_dagster.clients.failures import bad_url

SCHEMES = frozenset({"http", "https"})
WEB_PORTS = frozenset({80, 443, *range(1024, 65_536)})
"""Of the low ports only the web's own are asked: a mail server is no website."""

_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
_HOST = re.compile(rb"[a-z0-9_.-]+|[0-9a-f:.]+", re.IGNORECASE)
MAX_SHOWN = 100


def parse_url(text: str, *, base: httpx.URL | None = None) -> httpx.URL:
    """An absolute http(s) URL without user, fragment or trailing dot in the host.

    Raises:
        FetchError: with outcome `BAD_URL`.
    """
    try:
        joined = urljoin(str(base), text.strip()) if base else text.strip()
        url = _lenient_url(joined)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise bad_url(f"{_shown(text)} is not a URL") from None
    if url.scheme not in SCHEMES:
        raise bad_url(f"{_shown(joined)} is neither http nor https")
    if not _HOST.fullmatch(url.raw_host) or not url.host.strip("."):
        raise bad_url(f"{_shown(joined)} names no host")
    if url.port is not None and url.port not in WEB_PORTS:
        raise bad_url(f"{_shown(joined)}: port {url.port} is not a website's")
    return url


def origin_of(url: httpx.URL) -> str:
    """Scheme, host and port: what a robots.txt speaks for."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _lenient_url(text: str) -> httpx.URL:
    """Reads hosts as browsers do: full-width letters, octal and hexadecimal numbers are other spellings."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        parts = urlsplit(text)
        host = _dotted(unicodedata.normalize("NFKC", parts.hostname or ""))
        port = f":{parts.port}" if parts.port is not None else ""
        url = httpx.URL(parts._replace(netloc=f"{host}{port}").geturl())
    return url.copy_with(host=_dotted(url.host.rstrip(".")), userinfo=b"", fragment=None)


def _dotted(host: str) -> str:
    """An IPv4 address in its usual spelling; any other host as it is."""
    if ":" in host or not _NUMBER.fullmatch(host.rpartition(".")[2]):
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        raise ValueError(host) from None


def _shown(text: str) -> str:
    printable = "".join(char if char.isprintable() else "?" for char in text)
    return printable if len(printable) <= MAX_SHOWN else f"{printable[:MAX_SHOWN]}..."
