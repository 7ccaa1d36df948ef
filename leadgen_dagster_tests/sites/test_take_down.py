import pytest
from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.agency import Agency
from leadgen_dagster.sites.take_down import gone_page, take_down_page

LANGUAGES = ("en", "de", "fi", "fr", "es", "sv")
AGENCY = Agency(name="Quay & <Sons>", postal_address="1 Quay Street", reply_to="studio@quay.example")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_static_host_names_a_mailbox_and_the_demo_in_its_subject(language: str) -> None:
    page = LexborHTMLParser(take_down_page(AGENCY, language, "abcdefghij23").decode())
    link = page.css_first("a.button").attributes["href"] or ""
    assert link.startswith("mailto:studio@quay.example?subject=")
    assert "abcdefghij23" in link
    assert page.css("form") == []
    assert page.css_first("html").attributes["lang"] == language
    assert page.css_first('meta[name="robots"]').attributes["content"] == "noindex, nofollow"
    assert "Quay & <Sons>\n1 Quay Street\nstudio@quay.example" in page.css_first("address").text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_server_has_a_button_that_posts(language: str) -> None:
    page = LexborHTMLParser(take_down_page(AGENCY, language, "abcdefghij23", has_button=True).decode())
    assert page.css_first("form").attributes == {"method": "post"}
    assert page.css("a") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_demo_that_went_on_request_says_so_and_one_that_ran_out_does_not(language: str) -> None:
    taken, over = (gone_page(AGENCY, language, is_taken_down=flag).decode() for flag in (True, False))
    headings = [LexborHTMLParser(page).css_first("h1").text() for page in (taken, over)]
    assert len(set(headings)) == 2
    assert all(heading.strip() for heading in headings)
    assert "<form" not in taken + over


def test_an_agency_that_nothing_is_known_of_makes_no_empty_link() -> None:
    page = take_down_page(Agency(), "en", "abcdefghij23").decode()
    assert "mailto" not in page
    assert "<address" not in page
