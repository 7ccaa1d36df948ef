"""How much has to arrive before one sees something?"""

import re
from collections.abc import Sequence

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import (
    Element,
    PageView,
    host_of,
    once_a_page,
    opening_tag,
    selector_of,
)
from leadgen_dagster.scoring.rubric import limit_of
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import FetchOutcome

HEAVY_IMAGES_MB = limit_of("speed.heavy_images")
MANY_IMAGES_KB = limit_of("speed.images_add_up")
HEAVY_FIRST_IMAGE_KB = limit_of("speed.first_image_heavy")
HEAVY_IMAGE_KB = limit_of("speed.old_image_formats")
HEAVY_HTML_KB = limit_of("speed.heavy_html")
HEAVY_INLINE_KB = limit_of("speed.heavy_inline_code")
MOST_FILES = limit_of("speed.many_files")
MOST_ELEMENTS = limit_of("speed.large_page")
MOST_SCRIPTS = limit_of("speed.many_scripts")
MOST_BLOCKING_SCRIPTS = limit_of("speed.blocking_scripts")
MOST_BLOCKING_STYLES = limit_of("speed.blocking_styles")
MOST_FONT_FAMILIES = limit_of("speed.many_fonts")
MOST_STRANGERS = limit_of("speed.many_third_parties")
MOST_EAGER_IMAGES = limit_of("speed.images_not_lazy")
SLOW_FIRST_BYTE_MS = limit_of("speed.slow_first_byte")
WORTH_COMPRESSING_KB = limit_of("speed.uncompressed")

_DISCOURAGED = {
    "unload": re.compile(r"addEventListener\(\s*[\"']unload[\"']|\bonunload\s*="),
    "XMLHttpRequest": re.compile(r"\.open\(\s*[\"'](?:GET|POST)[\"']\s*,[^,;()]+,\s*false\b"),
    "document.write": re.compile(r"document\.write(?:ln)?\([^)\n]{0,60}"),
}
"""What a script must name, and how the call looks."""
_GONE = (404, 410)
_OLD_FORMATS = ("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff")


def heavy_images(site: SitePages) -> Outcome:
    """The announced sizes of the images that were asked for, added up; those with a smaller version left out."""
    sizes = _image_sizes(site)
    if not sizes:
        return NOT_APPLICABLE if site.home.all("img") else PASSED
    total = sum(size for size, _ in sizes)
    if total <= HEAVY_IMAGES_MB * 1e6:
        return PASSED
    largest, url = max(sizes)
    megabytes = f"{total / 1e6:.1f}"
    return Failed(
        where="content-length of the images",
        snippet=f"{len(sizes)} images, {megabytes} MB; the largest {largest / 1e6:.1f} MB: {url}",
        parameters={"megabytes": megabytes, "count": str(len(sizes))},
    )


def _image_sizes(site: SitePages) -> list[tuple[int, str]]:
    if not site.images:
        return []
    page = site.home
    with_smaller = {
        page.absolute(image.get("src")).partition("#")[0]
        for image in page.elements("img")
        if image.get("srcset") or (image.node.parent is not None and image.node.parent.tag == "picture")
    }
    return [
        (one.page.content_length, one.page.url)
        for one in site.images
        if one.page.outcome is FetchOutcome.FETCHED
        and one.page.status == 200
        and one.page.content_length
        and one.page.url not in with_smaller
    ]


def images_add_up(site: SitePages) -> Outcome:
    """The same at what a phone fetches within a few seconds: no fault to ring up for, but a slower page."""
    sizes = _image_sizes(site)
    if not sizes:
        return NOT_APPLICABLE if site.home.all("img") else PASSED
    kilobytes = sum(size for size, _ in sizes) / 1000
    if kilobytes <= MANY_IMAGES_KB:
        return PASSED
    return Failed(
        where="content-length of the images",
        snippet=f"{len(sizes)} images, {kilobytes:.0f} kB",
        parameters={"kilobytes": f"{kilobytes:.0f}", "count": str(len(sizes))},
    )


def first_image_heavy(site: SitePages) -> Outcome:
    """The picture that comes first in the page is as a rule the largest thing of the first screen."""
    page = site.home
    first = next((image.get("src") for image in page.elements("img") if image.get("src")), None)
    if first is None:
        return PASSED
    if not site.images:
        return NOT_APPLICABLE
    url = page.absolute(first).partition("#")[0]
    size = next((size for size, of in _image_sizes(site) if of == url), None)
    if size is None:
        return NOT_APPLICABLE
    if size <= HEAVY_FIRST_IMAGE_KB * 1000:
        return PASSED
    return Failed(
        where=f'img[src="{first}"]',
        snippet=f"{size / 1000:.0f} kB: {url}",
        parameters={"kilobytes": f"{size / 1000:.0f}"},
    )


def old_image_formats(site: SitePages) -> Outcome:
    """A large picture in a format that today's ones make half as heavy."""
    sizes = _image_sizes(site)
    if not sizes:
        return NOT_APPLICABLE
    old = [
        (size, url)
        for size, url in sizes
        if size > HEAVY_IMAGE_KB * 1000 and url.partition("?")[0].rpartition(".")[2].lower() in _OLD_FORMATS
    ]
    if not old:
        return PASSED
    size, url = max(old)
    return Failed(
        where="content-length of the images",
        snippet=f"{size / 1000:.0f} kB: {url}",
        parameters={"count": str(len(old)), "kilobytes": f"{size / 1000:.0f}"},
    )


def heavy_html(site: SitePages) -> Outcome:
    size = len(site.home.page.body or b"") / 1000
    if size <= HEAVY_HTML_KB:
        return PASSED
    return Failed(
        where="size of the HTML", snippet=f"{size:.0f} kB of HTML", parameters={"kilobytes": f"{size:.0f}"}
    )


def heavy_inline_code(site: SitePages) -> Outcome:
    """Styles and scripts that come with every page anew, since no cache keeps them."""
    page = site.home
    size = (len(page.style_sheet) + sum(map(len, page.script_texts))) / 1000
    if size <= HEAVY_INLINE_KB:
        return PASSED
    return Failed(
        where="style, script",
        snippet=f"{size:.0f} kB of styles and scripts within the page",
        parameters={"kilobytes": f"{size:.0f}"},
    )


def many_files(site: SitePages) -> Outcome:
    page = site.home
    images = len(_fetched_images(page))
    count = images + len(page.linked_styles) + len(_outer_scripts(page)) + len(page.all("iframe"))
    if count <= MOST_FILES:
        return PASSED
    return Failed(
        where="files of the page",
        snippet=f"{count} images, scripts, frames and style sheets",
        parameters={"count": str(count)},
    )


def large_page(site: SitePages) -> Outcome:
    count = site.home.element_count
    if count <= MOST_ELEMENTS:
        return PASSED
    return Failed(where="html", snippet=f"{count} elements", parameters={"count": str(count)})


@once_a_page
def _fetched_images(page: PageView) -> Sequence[Element]:
    return [image for image in page.elements("img") if image.attributes.get("src")]


@once_a_page
def _outer_scripts(page: PageView) -> Sequence[Element]:
    return [script for script in page.elements("script") if script.attributes.get("src")]


def many_scripts(site: SitePages) -> Outcome:
    scripts = _outer_scripts(site.home)
    if len(scripts) <= MOST_SCRIPTS:
        return PASSED
    return Failed(
        where="script[src]",
        snippet=f"{len(scripts)} script files, the first {opening_tag(scripts[0])}",
        parameters={"count": str(len(scripts))},
    )


def blocking_scripts(site: SitePages) -> Outcome:
    blocking = [
        script
        for script in _outer_scripts(site.home)
        if "async" not in (given := script.attributes)
        and "defer" not in given
        and script.get("type").lower() != "module"
    ]
    if len(blocking) > MOST_BLOCKING_SCRIPTS:
        blocking = [
            script
            for script in blocking
            if (around := script.node.parent) is not None and around.tag == "head"
        ]
    if len(blocking) <= MOST_BLOCKING_SCRIPTS:
        return PASSED
    return Failed(
        where="head script[src]",
        snippet=f"{len(blocking)} scripts before the page, the first {opening_tag(blocking[0])}",
        parameters={"count": str(len(blocking))},
    )


def blocking_styles(site: SitePages) -> Outcome:
    blocking = site.home.linked_styles
    if len(blocking) <= MOST_BLOCKING_STYLES:
        return PASSED
    return Failed(
        where='link[rel="stylesheet"]',
        snippet=f"{len(blocking)} style sheets before the page, the first {opening_tag(blocking[0])}",
        parameters={"count": str(len(blocking))},
    )


def many_fonts(site: SitePages) -> Outcome:
    """Families of type that are fetched, by the page's own style sheet or from a font service."""
    page = site.home
    families = {
        family.partition(":")[0].strip('"+ ').lower()
        for link in page.linked_styles
        if "fonts" in (href := link.get("href")) and "family=" in href
        for part in href.split("family=")[1:]
        for family in part.partition("&")[0].replace("%7C", "|").split("|")
    }
    count = len(families) + page.style_sheet.count("@font-face")
    if not count:
        return NOT_APPLICABLE
    if count <= MOST_FONT_FAMILIES:
        return PASSED
    named = f": {', '.join(sorted(families))}" if families else ""
    return Failed(where="link, @font-face", snippet=f"{count} fonts{named}", parameters={"count": str(count)})


def many_third_parties(site: SitePages) -> Outcome:
    """Other people's servers that the page cannot do without, or thinks so."""
    page = site.home
    own = host_of(page.url)
    sources = [
        *(script.get("src") for script in _outer_scripts(page)),
        *(link.get("href") for link in page.linked_styles),
        *(frame.get("src") for frame in page.elements("iframe")),
    ]
    hosts = {source.split("/", 3)[2].lower() for source in sources if "//" in source[:8]} - {own, ""}
    if len(hosts) <= MOST_STRANGERS:
        return PASSED
    return Failed(
        where="script[src], link[href], iframe[src]",
        snippet=f"{len(hosts)} other hosts: {', '.join(sorted(hosts))}",
        parameters={"count": str(len(hosts))},
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
    size = len(page.body or b"") / 1000
    if size < WORTH_COMPRESSING_KB or not page.headers:
        return NOT_APPLICABLE
    if page.header("content-encoding"):
        return PASSED
    return Failed(where="content-encoding", snippet=f"no compression for {size:.0f} kB of HTML")


def images_without_size(site: SitePages) -> Outcome:
    """Text that jumps while images arrive."""
    images = _fetched_images(site.home)
    if not images:
        return NOT_APPLICABLE
    unsized = [
        image
        for image in images
        if not ("width" in (given := image.attributes) and "height" in given)
        and "height" not in (given.get("style") or "")
    ]
    if not unsized:
        return PASSED
    return Failed(
        where=selector_of(unsized[0]),
        snippet=f"{len(unsized)} of {len(images)} images, the first {opening_tag(unsized[0])}",
        parameters={"count": str(len(unsized))},
    )


def images_not_lazy(site: SitePages) -> Outcome:
    """Very many pictures, and all are fetched before anyone scrolls down to them."""
    images = _fetched_images(site.home)
    if len(images) <= MOST_EAGER_IMAGES:
        return NOT_APPLICABLE
    if any(image.get("loading").lower() == "lazy" for image in images):
        return PASSED
    last = images[-1]
    return Failed(
        where="img",
        snippet=f'{len(images)} images, none with loading="lazy"; the last {opening_tag(last)}',
        parameters={"count": str(len(images))},
    )


def discouraged_calls(site: SitePages) -> Outcome:
    """Ways of old scripts that hold the page up, or that browsers are about to drop."""
    scripts = site.home.script_texts
    if not scripts:
        return NOT_APPLICABLE
    for script in scripts:
        for name, call in _DISCOURAGED.items():
            if name in script and (found := call.search(script)):
                return Failed(where="script", snippet=found[0], parameters={"name": name})
    return PASSED
