"""Websites for the tests of the scorer, made of a few strings."""

from collections.abc import Mapping
from typing import Any

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.page_view import PageView
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import PageKind, PageSnapshot
from leadgen_dagster_tests.factories import make_business, make_snapshot

HOME = "http://harbour-bakery.port-linden.example/"


def html(body: str, head: str = "<title>Harbour Bakery</title>") -> bytes:
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode()


def home(body: bytes, *, url: str = HOME, **fields: Any) -> PageSnapshot:
    return make_snapshot(**({"url": url, "final_url": url, "body": body} | fields))


def contact_page(body: bytes) -> PageSnapshot:
    return home(body, url=f"{HOME}contact", kind=PageKind.CONTACT, label="Contact")


def head_of(
    kind: PageKind, path: str, *, status: int = 200, size: int | None = None, label: str = ""
) -> PageSnapshot:
    url = f"{HOME}{path}"
    fields: Mapping[str, Any] = {"status": status, "content_length": size, "method": "HEAD"}
    return make_snapshot(kind=kind, label=label or None, url=url, final_url=url, body=None, **fields)


def site(body: bytes, *beside: PageSnapshot, business: Business | None = None, **fields: Any) -> SitePages:
    snapshot = home(body, **fields)
    return SitePages.of(business or make_business(), PageView(snapshot.page), [snapshot, *beside])
