"""Demos to put on a host, and a memory for what it has."""

import hashlib
from collections.abc import Sequence

from leadgen_dagster.clients.site_hosts.base import HostedSite

TOKEN, OTHER = "abcdefghij23", "klmnopqrst45"


def make_site(token: str = TOKEN, text: str = "first") -> HostedSite:
    files = {
        "index.html": f"<p>{text}".encode(),
        "preview.png": b"\x89PNG",
        "take-down/index.html": f"<p>How {token} goes".encode(),
    }
    return HostedSite(token=token, content_hash=hashlib.sha256(text.encode()).hexdigest(), files=files)


def standing(*sites: HostedSite) -> Sequence[HostedSite]:
    return sites


class Memo:
    """In memory."""

    def __init__(self) -> None:
        self.has: dict[str, set[str]] = {}

    def known(self, host: str) -> frozenset[str]:
        return frozenset(self.has.get(host, ()))

    def add(self, host: str, digest: str) -> None:
        self.has.setdefault(host, set()).add(digest)

    def forget(self, host: str, digest: str) -> None:
        self.has.get(host, set()).discard(digest)
