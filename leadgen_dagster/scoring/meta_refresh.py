"""Home pages that only lead on: `<meta http-equiv="refresh">` on a page with next to nothing on it."""

import re
from dataclasses import replace
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.scoring.html import decode_html, is_html
from leadgen_dagster.scoring.snapshots import FetchedPage

MAX_DELAY_S = 5
MAX_CONTENT = 2000
NEAR_EMPTY_CHARACTERS = 400
"""More text than this is a page that somebody reads before it leads on."""

_MENTIONED = re.compile(rb"http-equiv\s*=\s*[\"']?\s*refresh", re.IGNORECASE)
_CONTENT = re.compile(
    r"\s*(?P<seconds>\d+)[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?(?P<quote>[\"']?)(?P<target>.*?)(?:(?P=quote)|$)\s*$",
    re.IGNORECASE | re.DOTALL,
)


def refresh_target(page: FetchedPage) -> str | None:
    """Where a near-empty page leads within a few seconds; None for a page to stay on."""
    if not page.body or not _MENTIONED.search(page.body) or not is_html(page):
        return None
    tree = LexborHTMLParser(decode_html(page))
    if tree.body is not None and len(" ".join(_seen_text(tree).split())) > NEAR_EMPTY_CHARACTERS:
        return None
    address = page.final_url or page.url
    for node in tree.css("meta[http-equiv][content]"):
        if (node.attributes.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        found = _CONTENT.match((node.attributes.get("content") or "")[:MAX_CONTENT])
        if found and int(found["seconds"]) <= MAX_DELAY_S:
            return _other_url(address, found["target"].strip())
    return None


def led_on(first: FetchedPage, arrived: FetchedPage) -> FetchedPage:
    """The page arrived at, as if the first had been a redirect to it."""
    way = [first.url, *first.redirects, first.final_url, arrived.url, *arrived.redirects, arrived.final_url]
    passed = list(dict.fromkeys(url for url in way if url))
    return replace(
        arrived,
        url=first.url,
        final_url=arrived.final_url or arrived.url,
        redirects=tuple(passed[1:-1]),
    )


def _seen_text(tree: LexborHTMLParser) -> str:
    for node in tree.css("script, style, noscript, template"):
        node.decompose()
    return tree.body.text(separator=" ") if tree.body is not None else ""


def _other_url(base: str, target: str) -> str | None:
    try:
        url = urldefrag(urljoin(base, target)).url
        is_web = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return None
    return url if is_web and url != urldefrag(base).url else None
