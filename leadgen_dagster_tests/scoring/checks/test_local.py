"""What a neighbour looks for."""

import pytest

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import NotApplicable, Passed
from leadgen_dagster_tests.scoring.builders import contact_page, html, site
from leadgen_dagster_tests.scoring.checks.pairs import WORDS, Pair, heads, pair

PAIRS: dict[str, Pair] = {
    "local.structured_data_missing": heads(
        '<script type="application/ld+json">{"@type": "WebSite"}</script>',
        '<script type="application/ld+json">{"@graph": [{"@type": "Bakery"}]}</script>',
    ),
    "local.data_disagrees": heads(
        '<script type="application/ld+json">{"@type": "Bakery", "telephone": "+44 191 498 0199"}</script>',
        '<script type="application/ld+json">{"@type": "Bakery", "telephone": "+44 191 498 0101"}</script>',
    ),
    "local.address_missing": pair(WORDS, "<p>4 Quay-Street, Port Linden"),
    "local.phone_missing": pair(WORDS, "<p>Tel. 0191 498 0101"),
    "local.hours_missing": pair(WORDS, "<p>Mo-Fr 8.30-17.30, Sa 8-13 Uhr"),
    "local.map_missing": pair(WORDS, "<a href='https://www.openstreetmap.org/#map=1'>Map</a>"),
    "local.name_missing": Pair(site(html(WORDS.replace("harbour", "port"), "")), site(html(WORDS))),
    "local.town_missing": heads(
        "<title>Harbour Bakery</title>", "<title>Harbour Bakery, Port Linden</title>"
    ),
}


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


@pytest.mark.parametrize(
    "more",
    [
        "<img src='img/header.jpg'>",
        "<img src=a.jpg alt='Call 0191 498 0101'>",
        "<iframe src='https://booking.example/widget'></iframe>",
        "<p data-number='0191 498 0101'>",
        "<script>show('0191 498 0101')</script>",
    ],
)
def test_no_number_is_missed_where_a_picture_or_a_script_may_show_it(more: str) -> None:
    assert isinstance(CHECKS["local.phone_missing"](site(html(f"<p>{WORDS}{more}"))), NotApplicable)


def test_a_number_to_chat_with_is_a_number() -> None:
    chat = f"<p>{WORDS}<a href='https://wa.me/441914980101'>Chat</a>"
    assert isinstance(CHECKS["local.phone_missing"](site(html(chat))), Passed)


@pytest.mark.parametrize(
    "words", ["Open from nine till five", "Closed on Mondays", "täglich für Sie da", "7 am"]
)
def test_no_hours_are_missed_where_the_page_speaks_of_them(words: str) -> None:
    assert isinstance(CHECKS["local.hours_missing"](site(html(f"<p>{WORDS}<p>{words}"))), NotApplicable)


@pytest.mark.parametrize(
    "more", ["<a href='/sitemap/'>Sitemap</a>", "<a href='karte.html'>Karte</a>", "<img src='anfahrt.gif'>"]
)
def test_what_may_be_a_map_is_neither_praised_nor_missed(more: str) -> None:
    assert isinstance(CHECKS["local.map_missing"](site(html(f"<p>{WORDS}{more}"))), NotApplicable)


@pytest.mark.parametrize(
    ("check_id", "data"),
    [
        ("local.hours_missing", '{"@type": "Bakery", "openingHours": "Mo-Fr 08:00-17:00"}'),
        ("local.address_missing", '{"@type": "PostalAddress", "streetAddress": "4 Quay Street"}'),
    ],
)
def test_what_stands_in_data_alone_is_neither_praised_nor_missed(check_id: str, data: str) -> None:
    page = site(html(f"<p>{WORDS}", f"<script type='application/ld+json'>{data}</script>"))
    assert isinstance(CHECKS[check_id](page), NotApplicable)
