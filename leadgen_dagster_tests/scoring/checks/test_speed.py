"""What has to arrive before a page is seen."""

import pytest

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, NotApplicable
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import PageKind, Timings
from leadgen_dagster_tests.scoring.builders import head_of, html, site
from leadgen_dagster_tests.scoring.checks.pairs import WORDS, Pair, heads, pair


def images(*sizes: int) -> SitePages:
    return site(
        html("<img src=a.jpg>"), *(head_of(PageKind.IMAGE, f"{n}.jpg", size=s) for n, s in enumerate(sizes))
    )


PAIRS: dict[str, Pair] = {
    "speed.heavy_images": Pair(images(4_000_000, 900_000), images(90_000)),
    "speed.images_add_up": Pair(images(500_000, 400_000), images(90_000)),
    "speed.first_image_heavy": Pair(
        site(html("<img src=a.jpg>"), head_of(PageKind.IMAGE, "a.jpg", size=200_000)),
        site(html("<img src=a.jpg>"), head_of(PageKind.IMAGE, "a.jpg", size=20_000)),
    ),
    "speed.discouraged_calls": heads(
        "<script>addEventListener('unload', leave)</script>",
        "<script>addEventListener('load', come)</script>",
    ),
    "speed.old_image_formats": Pair(images(260_000), images(90_000)),
    "speed.heavy_html": pair("<!-- nothing -->" * 30_000, WORDS),
    "speed.heavy_inline_code": heads(f"<script>{'work();' * 9000}</script>", "<script>work()</script>"),
    "speed.many_files": pair("<img src=a.png>" * 90, "<img src=a.png>"),
    "speed.large_page": pair("<i></i>" * 1500, "<i></i>"),
    "speed.many_scripts": pair("<script src=a.js></script>" * 9, "<script src=a.js></script>"),
    "speed.blocking_styles": heads(
        "<link rel=stylesheet href=a.css>" * 4, "<link rel=stylesheet href=a.css>"
    ),
    "speed.many_fonts": heads(
        "<link rel=stylesheet href='https://fonts.example/css?family=Lato|Lora|Karla|Arvo'>",
        "<link rel=stylesheet href='https://fonts.example/css2?family=Lato:wght@400'>",
    ),
    "speed.many_third_parties": pair(
        "".join(f"<script src=https://{n}.example/a.js></script>" for n in range(7)),
        "<script src=/a.js></script>",
    ),
    "speed.images_not_lazy": pair("<img src=a.png>" * 16, "<img src=a.png loading=lazy>" * 16),
    "speed.blocking_scripts": heads("<script src=a.js></script>" * 4, "<script src=a.js defer></script>" * 4),
    "speed.slow_first_byte": Pair(
        site(html(""), timings=Timings(first_byte_ms=1900.0)),
        site(html(""), timings=Timings(first_byte_ms=90.0)),
    ),
    "speed.uncompressed": Pair(
        site(html(WORDS * 20)),
        site(html(WORDS * 20), headers=(("content-type", "text/html"), ("content-encoding", "gzip"))),
    ),
    "speed.images_without_size": pair("<img src=a.png>", "<img src=a.png width=30 height=20>"),
}


def test_a_picture_with_a_smaller_version_for_phones_weighs_nothing_for_sure() -> None:
    body = "<img src=a.jpg srcset='a-small.jpg 400w'><picture><source srcset=b.webp><img src=b.jpg></picture>"
    heavy = [head_of(PageKind.IMAGE, name, size=9_000_000) for name in ("a.jpg", "b.jpg")]
    assert isinstance(CHECKS["speed.heavy_images"](site(html(body), *heavy)), NotApplicable)


@pytest.mark.parametrize(
    "script",
    [
        "var a = new XMLHttpRequest(); a.open('GET', '/prices', false)",
        "window.onunload = leave",
        "document.write('<b>Hello</b>')",
    ],
)
def test_calls_that_browsers_discourage_are_shown(script: str) -> None:
    found = CHECKS["speed.discouraged_calls"](site(html(f"<script>{script}</script>")))
    assert isinstance(found, Failed)
    assert found.snippet in script
