"""A demo as the customer gets it who said yes: a website of its own, and no concept any more."""

import io
import zipfile
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.errors import StageError
from leadgen_dagster.sites.take_down import TAKE_DOWN_FILE

PAGE = "index.html"
README = "README.txt"
CONCEPT_ONLY = (
    *('meta[name="robots"]', ".ribbon", ".notice"),
    *('link[rel="canonical"]', 'meta[property="og:url"]', 'meta[property^="og:image"]'),
)
"""What a page has as a concept alone, and what names the demo's address."""
LEFT_OVER = ("noindex", "take-down/")
ANY_DAY = (1980, 1, 1, 0, 0, 0)
"""No time of packing: the same site is the same file."""

_TO_DO = """\
The website of {name}

index.html is the whole site: put it, and preview.png beside it, on any web server.
The notice that this is a concept, the link to have it removed and noindex are gone.

Before it goes live
- Let {name} read every line. The facts come from public records and the firm's own pages.
- Add what the law there asks for, such as an imprint and a privacy page.
- Tell search engines and messengers its address, within <head>:
  <link rel="canonical" href="https://www.example.com/">
  <meta property="og:url" content="https://www.example.com/">
  <meta property="og:image" content="https://www.example.com/preview.png">

The map, where there is one, is OpenStreetMap's: its credit stays (openstreetmap.org/copyright). The fonts in
the page are under the SIL Open Font License 1.1.
"""


def handover_zip(name: str, files: Mapping[str, bytes]) -> bytes:
    """The files of a demo without what makes it one, and a page of text on what is left to do.

    Raises:
        StageError: something of the concept would stay in the page.
    """
    handed = {path: body for path, body in files.items() if path != TAKE_DOWN_FILE} | {
        PAGE: _own_page(files[PAGE]),
        "robots.txt": b"User-agent: *\nAllow: /\n",
        README: _TO_DO.format(name=name).encode(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in sorted(handed.items()):
            archive.writestr(zipfile.ZipInfo(path, ANY_DAY), body, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _own_page(page: bytes) -> bytes:
    tree = LexborHTMLParser(page.decode())
    for node in tree.css(", ".join(CONCEPT_ONLY)):
        node.decompose()
    told = [
        node.attributes.get("href") or node.attributes.get("content") or "" for node in tree.css("a, meta")
    ]
    for mark in LEFT_OVER:
        if any(mark in text for text in told):
            raise StageError(f"the page would still be a concept: {mark!r} is left in it")
    return (tree.html or "").encode()
