"""Which numbers a website says are its own."""

import pytest

from leadgen_dagster_tests.scoring.builders import contact_page, html, site


@pytest.mark.parametrize(
    "body",
    [
        "<a href='tel:0191 498 0101'>Call</a>",
        "<a href='callto:+441914980101'>Call</a>",
        "<a href='https://wa.me/441914980101'>Chat</a>",
        "<p itemscope itemtype='https://schema.org/Bakery'><b itemprop=telephone>0191 498 0101</b>",
    ],
)
def test_numbers_behind_links_and_as_data_are_the_firms_own(body: str) -> None:
    assert site(html(body)).told_phones == {"+441914980101"}
    assert site(html(""), contact_page(html(body))).told_phones == {"+441914980101"}


@pytest.mark.parametrize(
    "body",
    [
        "<p>Fax: <a href='tel:0191 498 0101'>0191 498 0101</a>",
        "<p>Website by Pixel, <a href='tel:0191 498 0101'>0191 498 0101</a>",
        "<p>0191 498 0101",
    ],
)
def test_faxes_the_web_designers_number_and_plain_text_are_not(body: str) -> None:
    assert site(html(body)).told_phones == frozenset()
