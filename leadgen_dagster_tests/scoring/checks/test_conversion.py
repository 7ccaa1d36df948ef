"""What leads a visitor to call, write or come."""

import pytest

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, NotApplicable, Passed
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.scoring.builders import html, site
from leadgen_dagster_tests.scoring.checks.pairs import FORM, RESTAURANT, WORDS, Pair, pair

PICTURED = "".join(
    f"<a href='{name}.html'><img src='img/btn_{name}.gif'></a>"
    for name in ("home", "menu", "news", "contact")
)

PAIRS: dict[str, Pair] = {
    "conversion.menu_is_image": pair(
        "<a href='menu.jpg'>Menu</a>", "<a href='menu.html'>Menu</a>", **RESTAURANT
    ),
    "conversion.menu_is_pdf": pair(
        "<a href='menu.pdf'>Our menu</a>", "<a href='menu.html'>Menu</a>", **RESTAURANT
    ),
    "conversion.prices_missing": pair(WORDS, f"{WORDS} Bread £3, rolls £1, cakes £4", **RESTAURANT),
    "conversion.phone_not_clickable": pair(
        "<p>Tel. 0191 498 0101", "<a href='tel:01914980101'>0191 498 0101</a>"
    ),
    "conversion.email_not_clickable": pair(
        "<p>hello@harbour.example", "<a href='mailto:hello@harbour.example'>hello@harbour.example</a>"
    ),
    "conversion.contact_missing": pair(WORDS, f"{WORDS}<p>hello@harbour.example"),
    "conversion.contact_form_missing": pair(WORDS, f"{WORDS}<h2>Contact us</h2>{FORM.format('/send')}"),
    "conversion.booking_missing": pair(
        WORDS, f"{WORDS}<a href='/reservations'>Reserve a table</a>", **RESTAURANT
    ),
    "conversion.first_step_missing": pair(
        f"{WORDS * 2}<a href='/oven'>Oven</a>", f"<a href='/order'>Order</a>{WORDS * 2}"
    ),
    "conversion.navigation_is_dead": pair(
        "".join(f"<li><a href='#'>{name}</a>" for name in ("Cakes", "Prices", "Find us")),
        "<a href='/cakes'>Cakes</a>",
    ),
    "conversion.navigation_is_pictures": pair(PICTURED, "<a href='home.html'>Home</a>"),
}


def test_a_menu_as_text_beside_its_picture_is_no_fault() -> None:
    both = site(html("<a href='menu.jpg'>Menu</a><p>Soup £4.50, pie £9.00, fish £11.20"), **RESTAURANT)
    assert isinstance(CHECKS["conversion.menu_is_image"](both), Passed)


def test_a_picture_of_the_menu_that_leads_to_it_is_a_signpost() -> None:
    linked = site(html("<a href='/food'><img src='menu.jpg'></a>"), **RESTAURANT)
    assert isinstance(CHECKS["conversion.menu_is_image"](linked), NotApplicable)


def test_a_scanned_menu_on_the_page_is_a_picture() -> None:
    scanned = site(html("<img src='images/menu_scan.gif' width=700 height=900>"), **RESTAURANT)
    assert isinstance(CHECKS["conversion.menu_is_image"](scanned), Failed)


def test_a_bakers_menu_is_no_question_to_a_plumber() -> None:
    plumber = site(html("<a href='menu.jpg'>Menu</a>"), business=make_business(niche="plumber"))
    assert isinstance(CHECKS["conversion.menu_is_image"](plumber), NotApplicable)


def test_a_number_that_a_script_may_make_a_link_is_not_called_plain_text() -> None:
    scripted = site(html("<p>Tel. 0191 498 0101<script>a.href = 'tel:' + n</script>"))
    assert isinstance(CHECKS["conversion.phone_not_clickable"](scripted), NotApplicable)


@pytest.mark.parametrize(
    "more",
    [
        "<script src='js/main.js'></script>",
        "<script>document.addEventListener('click', go)</script>",
    ],
)
def test_a_link_to_nowhere_that_a_script_may_answer_is_not_called_dead(more: str) -> None:
    links = "".join(f"<li><a href='#'>{name}</a>" for name in ("Cakes", "Prices", "Find us"))
    assert isinstance(CHECKS["conversion.navigation_is_dead"](site(html(links + more))), NotApplicable)


def test_what_opens_a_list_or_leads_up_is_no_dead_entry() -> None:
    links = "<li><a href='#'>Cakes</a><ul><li>Rye</ul>" * 3 + "<a href='#'>Back to top</a>"
    assert isinstance(CHECKS["conversion.navigation_is_dead"](site(html(links))), Passed)
