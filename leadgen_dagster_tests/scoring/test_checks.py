"""The contract of every check: one page that fails it and one that passes it."""

import string
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, NotApplicable, Passed
from leadgen_dagster.scoring.rubric import CATEGORY_WEIGHTS, RUBRIC, TABLE
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import PageKind, Timings
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.scoring.builders import contact_page, head_of, html, site

HTTPS = {"url": "https://harbour-bakery.port-linden.example/"}
WORDS = "We bake bread and rolls every morning in the old harbour, and the cakes are ready at noon. " * 6
GERMAN = (
    "Wir backen für Sie jeden Tag und die Brote sind nicht nur mit der Hand geformt, auch im Ofen von uns. "
    * 3
)
RESTAURANT = {"business": make_business(niche="restaurant")}


@dataclass(frozen=True)
class Pair:
    bad: SitePages
    good: SitePages


def pair(bad: str, good: str, **fields: Any) -> Pair:
    return Pair(site(html(bad), **fields), site(html(good), **fields))


def heads(bad: str, good: str, **fields: Any) -> Pair:
    return Pair(site(html(WORDS, bad), **fields), site(html(WORDS, good), **fields))


def images(*sizes: int) -> SitePages:
    return site(
        html("<img src=a.jpg>"), *(head_of(PageKind.IMAGE, f"{n}.jpg", size=s) for n, s in enumerate(sizes))
    )


def link(status: int) -> SitePages:
    return site(html('<a href="book">Book</a>'), head_of(PageKind.LINK, "book", status=status, label="Book"))


FORM = (
    "<form method=post action='{}'><input type=email name=mail aria-label=Mail><textarea></textarea></form>"
)

PAIRS: dict[str, Pair] = {
    "mobile.viewport_missing": heads("", '<meta name="viewport" content="width=device-width">'),
    "mobile.fixed_width": pair(
        f"<table width=760><tr><td>{WORDS}</table>", f"<table width='100%'><tr><td>{WORDS}</table>"
    ),
    "mobile.zoom_forbidden": heads(
        "<meta name=viewport content='width=device-width, user-scalable=no'>",
        "<meta name=viewport content='width=device-width, initial-scale=1'>",
    ),
    "mobile.text_too_small": pair(
        f"<p style='font-size: 9px'>{WORDS}</p>", f"<p style='font-size: 16px'>{WORDS}</p>"
    ),
    "speed.heavy_images": Pair(images(4_000_000, 900_000), images(90_000)),
    "speed.heavy_page": pair("<img src=a.png>" * 90, "<img src=a.png>"),
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
    "accessibility.lang_missing": Pair(site(b"<html><p>Bread"), site(b"<html lang=en><p>Bread")),
    "accessibility.lang_wrong": pair(f"<p>{GERMAN}", f"<p>{WORDS}"),
    "accessibility.image_alt_missing": pair("<img src=a.png>", "<img src=a.png alt='Our shop'>"),
    "accessibility.form_label_missing": pair("<input name=q>", "<label>Name <input name=q></label>"),
    "accessibility.link_text_missing": pair(
        "<a href=/x><img src=x.png></a>", "<a href=/x><img src=x.png alt=Home></a>"
    ),
    "accessibility.heading_order": pair("<h1>Bread</h1><h4>Rolls</h4>", "<h1>Bread</h1><h2>Rolls</h2>"),
    "security.no_https": Pair(site(html("")), site(html(""), **HTTPS)),
    "security.mixed_content": pair("<img src='http://x.example/a.png'>", "<img src='/a.png'>", **HTTPS),
    "security.headers_missing": Pair(
        site(html("")),
        site(
            html(""),
            headers=(
                ("content-security-policy", "x"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "x"),
            ),
        ),
    ),
    "security.form_over_http": pair(FORM.format("/send"), FORM.format("https://x.example/send")),
    "freshness.outdated_library": heads(
        "<script src='js/jquery-1.11.1.min.js'></script>", "<script src='jquery-3.7.1.min.js'></script>"
    ),
    "freshness.outdated_cms": heads(
        "<meta name=generator content='WordPress 4.1'>", "<meta name=generator content='WordPress 6.8'>"
    ),
    "freshness.deprecated_markup": pair("<center><font>a</font><font>b</font></center>", "<p>a"),
    "freshness.doctype_missing": Pair(site(b"<html><p>Bread"), site(b"<!DOCTYPE html><html><p>Bread")),
    "search.title_missing": heads("<title>Home</title>", "<title>Harbour Bakery, Port Linden</title>"),
    "search.description_missing": heads("", f"<meta name=description content='{WORDS[:90]}'>"),
    "search.h1_missing": pair("<h2>Bread</h2>", "<h1>Bread</h1>"),
    "local.structured_data_missing": heads(
        '<script type="application/ld+json">{"@type": "WebSite"}</script>',
        '<script type="application/ld+json">{"@graph": [{"@type": "Bakery"}]}</script>',
    ),
    "search.blocked_from_index": heads(
        "<meta name=robots content=noindex>", "<meta name=robots content=all>"
    ),
    "local.address_missing": pair("<p>In the harbour.", "<p>4 Quay Street, Port Linden"),
    "trust.privacy_page_missing": pair(
        "<p>Our privacy policy is good.", "<a href='/datenschutz'>Datenschutz</a>"
    ),
    "freshness.copyright_outdated": pair("<p>© 2009-2014 Harbour Bakery", "<p>© 2009-2025 Harbour Bakery"),
    "freshness.placeholder_text": pair("<p>Lorem ipsum dolor sit amet", "<p>Bread"),
    "reachability.broken_link": Pair(link(404), link(200)),
    "conversion.menu_is_image": pair(
        "<a href='menu.jpg'>Menu</a>", "<a href='menu.html'>Menu</a>", **RESTAURANT
    ),
    "local.phone_missing": pair("<p>Ring us up.", "<p>Tel. 0191 498 0101"),
    "conversion.phone_not_clickable": pair(
        "<p>Tel. 0191 498 0101", "<a href='tel:01914980101'>0191 498 0101</a>"
    ),
    "local.hours_missing": pair("<p>Come by.", "<p>Mo-Fr 8.30-17.30, Sa 8-13 Uhr"),
    "local.map_missing": pair("<p>Quay Street", "<a href='https://www.openstreetmap.org/#map=1'>Map</a>"),
}
CERTIFICATE = "security.certificate_expired"
"""Fails only where no page came: its test stands with the scorer."""


@pytest.mark.parametrize("check_id", PAIRS)
def test_a_check_fails_one_page_with_evidence_and_passes_another(check_id: str) -> None:
    bad, good = CHECKS[check_id](PAIRS[check_id].bad), CHECKS[check_id](PAIRS[check_id].good)
    assert isinstance(bad, Failed)
    assert bad.where
    assert bad.snippet
    assert isinstance(good, Passed)


@pytest.mark.parametrize("check_id", PAIRS)
def test_a_fault_fills_every_word_of_its_rule(check_id: str) -> None:
    bad = CHECKS[check_id](PAIRS[check_id].bad)
    assert isinstance(bad, Failed)
    rule = RUBRIC.rules[check_id]
    for text in (rule.shopkeeper, rule.developer):
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert named <= bad.parameters.keys()
    assert "…" not in rule.for_shopkeeper(bad.parameters) + rule.for_developer(bad.parameters)


def test_every_check_has_a_pair_and_one_rule_and_every_rule_a_check() -> None:
    assert set(PAIRS) | {CERTIFICATE} == set(CHECKS) == set(RUBRIC.rules)
    assert len(TABLE) == len(RUBRIC.rules)


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: rule.check_id)
def test_a_rule_says_what_is_asked_what_to_say_and_what_to_do(rule: Any) -> None:
    assert rule.weight > 0
    assert all((rule.question, rule.shopkeeper, rule.developer, rule.fix))
    assert not any(
        word in rule.shopkeeper.lower() for word in ("seo", "wcag", "header", "hack", "customers", "%")
    )


def test_the_ranks_differ_and_the_categories_weigh_a_hundred() -> None:
    assert len({rule.severity for rule in TABLE}) == len(TABLE)
    assert sum(CATEGORY_WEIGHTS.values()) == 100
    assert {rule.category for rule in TABLE} == set(CATEGORY_WEIGHTS)


@pytest.mark.parametrize(
    "check_id",
    [
        "local.phone_missing",
        "local.hours_missing",
        "local.address_missing",
        "local.map_missing",
    ],
)
def test_nothing_is_missed_on_a_home_page_whose_contact_page_was_not_read(check_id: str) -> None:
    unread = site(html("<p>Bread</p><a href='/contact'>Contact</a>"))
    assert isinstance(CHECKS[check_id](unread), NotApplicable)


def test_what_stands_on_the_contact_page_counts() -> None:
    seen = site(
        html("<a href='/contact'>Contact</a>"), contact_page(html("<p>Call 0191 498 0101, 4 Quay Street"))
    )
    assert isinstance(CHECKS["local.phone_missing"](seen), Passed)
    assert isinstance(CHECKS["local.address_missing"](seen), Passed)


def test_a_width_inside_a_media_query_is_no_fixed_width() -> None:
    style = "<style>@media (min-width: 900px) { #page { width: 860px } } #page { width: 100% }</style>"
    assert isinstance(CHECKS["mobile.fixed_width"](site(html(f"<div id=page>{WORDS}</div>", style))), Passed)


def test_a_width_in_the_pages_own_style_sheet_is_found() -> None:
    found = CHECKS["mobile.fixed_width"](
        site(html(f"<div id=page>{WORDS}</div>", "<style>#page { width: 860px }</style>"))
    )
    assert isinstance(found, Failed)
    assert found.parameters == {"pixels": "860"}


def test_a_year_in_the_future_or_in_the_text_is_no_copyright_year() -> None:
    assert isinstance(
        CHECKS["freshness.copyright_outdated"](site(html("<p>Since 1987 in the harbour."))), NotApplicable
    )


PIECES = st.sampled_from(
    (
        b"<table width=900>|<div style='|font-size:1px'>|<style>@media{|}}|<script type=application/ld+json>{|"
        b"</script>|<form action='http://[|<img src=|<a href='//[x'>|\x00|\xff\xfe|&copy; 20|<frameset>|"
        b"data-cfemail=zz|tel:|mailto:%ff|<meta name=viewport content=|<svg><title>|<!--|]]>|'>"
    ).split(b"|")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40).map(b"".join))
def test_no_bytes_make_a_check_raise_and_the_same_bytes_say_the_same(body: bytes) -> None:
    first, second = site(body), site(body)
    assert {key: check(first) for key, check in CHECKS.items()} == {
        key: check(second) for key, check in CHECKS.items()
    }


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 8.30-17.30",
        "ma-pe 9-17",
        "Montag bis Freitag 8 bis 17 Uhr",
        "Open daily 10am to 5pm",
        "lun: 9h00 - 12h30",
    ],
)
def test_hours_are_seen_however_they_are_written(text: str) -> None:
    assert isinstance(CHECKS["local.hours_missing"](site(html(f"<p>{text}"))), Passed)


def test_hours_that_are_only_spoken_of_are_neither_praised_nor_missed() -> None:
    spoken = site(
        html(f"<p>A cake for 10 to 12 people, so to say.<p>{WORDS}<h2>Opening hours</h2><img src=board.jpg>")
    )
    assert isinstance(CHECKS["local.hours_missing"](spoken), NotApplicable)
