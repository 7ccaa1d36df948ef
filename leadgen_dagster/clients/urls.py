"""URLs from outside, read as strictly as the fetcher needs them."""

import re
import socket
import unicodedata
from urllib.parse import urljoin, urlsplit

import httpx

from leadgen_dagster.clients.failures import bad_url

SCHEMES = frozenset({"http", "https"})
WEB_PORTS = frozenset({80, 443})
FIRST_FREE_PORT = 1024
"""Below it only the web's own ports are asked: a mail server is no website."""

_OLD_IPV4 = re.compile(r"[0-9a-fx]+(\.[0-9a-fx]+){0,3}", re.IGNORECASE)
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
    if not url.host.strip("."):
        raise bad_url(f"{_shown(joined)} names no host")
    if url.port is not None and url.port < FIRST_FREE_PORT and url.port not in WEB_PORTS:
        raise bad_url(f"{_shown(joined)}: port {url.port} is not a website's")
    return url.copy_with(host=url.host.rstrip("."), userinfo=b"", fragment=None)


def origin_of(url: httpx.URL) -> str:
    """Scheme, host and port: what a robots.txt speaks for."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _lenient_url(text: str) -> httpx.URL:
    """Reads hosts as browsers do: full-width letters, octal and hexadecimal numbers are other spellings."""
    try:
        return httpx.URL(text)
    except httpx.InvalidURL:
        parts = urlsplit(text)
        host = unicodedata.normalize("NFKC", parts.hostname or "")
        if _OLD_IPV4.fullmatch(host):
            host = _dotted(host)
        port = f":{parts.port}" if parts.port is not None else ""
        return httpx.URL(parts._replace(netloc=f"{host}{port}").geturl())


def _dotted(host: str) -> str:
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        raise ValueError(host) from None


def _shown(text: str) -> str:
    printable = "".join(char if char.isprintable() else "?" for char in text)
    return printable if len(printable) <= MAX_SHOWN else f"{printable[:MAX_SHOWN]}..."
