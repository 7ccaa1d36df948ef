"""How much has to arrive before one sees something?"""

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import opening_tag, selector_of
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import FetchOutcome

HEAVY_IMAGES_BYTES = 3_000_000
HEAVY_HTML_BYTES = 400_000
MANY_FILES = 80
SLOW_FIRST_BYTE_MS = 800
MOST_BLOCKING_SCRIPTS = 2
WORTH_COMPRESSING_BYTES = 4_000


def heavy_images(site: SitePages) -> Outcome:
    """The announced sizes of the images that were asked for, added up."""
    sizes = [
        (one.page.content_length, one.page.url)
        for one in site.images
        if one.page.outcome is FetchOutcome.FETCHED and one.page.status == 200 and one.page.content_length
    ]
    if not sizes:
        return NOT_APPLICABLE if site.home.all("img") else PASSED
    total = sum(size for size, _ in sizes)
    if total <= HEAVY_IMAGES_BYTES:
        return PASSED
    largest, url = max(sizes)
    megabytes = f"{total / 1e6:.1f}"
    return Failed(
        where="content-length of the images",
        snippet=f"{len(sizes)} images, {megabytes} MB; the largest {largest / 1e6:.1f} MB: {url}",
        parameters={"megabytes": megabytes, "count": str(len(sizes))},
    )


def heavy_page(site: SitePages) -> Outcome:
    size = len(site.home.page.body or b"")
    if size > HEAVY_HTML_BYTES:
        return Failed(where="size of the HTML", snippet=f"{size / 1000:.0f} kB of HTML")
    styles = [
        node for node in site.home.all("link") if (node.attributes.get("rel") or "").lower() == "stylesheet"
    ]
    files = [node for node in site.home.all("img", "script", "iframe") if node.attributes.get("src")]
    count = len(styles) + len(files)
    if count > MANY_FILES:
        return Failed(where="files of the page", snippet=f"{count} images, scripts, frames and style sheets")
    return PASSED


def blocking_scripts(site: SitePages) -> Outcome:
    head = next(iter(site.home.all("head")), None)
    if head is None:
        return PASSED
    blocking = [
        node
        for node in head.css("script[src]")
        if not {"async", "defer"} & node.attributes.keys() and node.attributes.get("type") != "module"
    ]
    if len(blocking) <= MOST_BLOCKING_SCRIPTS:
        return PASSED
    return Failed(
        where="head script[src]",
        snippet=f"{len(blocking)} scripts before the page, the first {opening_tag(blocking[0])}",
        parameters={"count": str(len(blocking))},
    )


def slow_first_byte(site: SitePages) -> Outcome:
    waited = site.home.page.timings.first_byte_ms
    if waited is None:
        return NOT_APPLICABLE
    if waited <= SLOW_FIRST_BYTE_MS:
        return PASSED
    return Failed(
        where="time to the first byte",
        snippet=f"{waited:.0f} ms",
        parameters={"milliseconds": f"{waited:.0f}"},
    )


def uncompressed(site: SitePages) -> Outcome:
    page = site.home.page
    size = len(page.body or b"")
    if size < WORTH_COMPRESSING_BYTES or not page.headers:
        return NOT_APPLICABLE
    if page.header("content-encoding"):
        return PASSED
    return Failed(where="content-encoding", snippet=f"no compression for {size / 1000:.0f} kB of HTML")


def images_without_size(site: SitePages) -> Outcome:
    """Text that jumps while images arrive."""
    images = [node for node in site.home.all("img") if node.attributes.get("src")]
    if not images:
        return NOT_APPLICABLE
    unsized = [
        node
        for node in images
        if not {"width", "height"} <= node.attributes.keys()
        and "height" not in (node.attributes.get("style") or "")
    ]
    if len(unsized) * 2 <= len(images):
        return PASSED
    return Failed(
        where=selector_of(unsized[0]),
        snippet=f"{len(unsized)} of {len(images)} images, the first {opening_tag(unsized[0])}",
    )
