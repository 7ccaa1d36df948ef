"""Where links lead."""

import pytest

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, Passed
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import PageKind
from leadgen_dagster_tests.scoring.builders import HOME, contact_page, head_of, html, site
from leadgen_dagster_tests.scoring.checks.pairs import WORDS, Pair, pair


def link(status: int) -> SitePages:
    return site(html('<a href="book">Book</a>'), head_of(PageKind.LINK, "book", status=status, label="Book"))


def contact(heading: str) -> SitePages:
    return site(html('<a href="contact">Contact</a>'), contact_page(html(f"<h1>{heading}</h1>{WORDS}")))


PAIRS: dict[str, Pair] = {
    "reachability.broken_link": Pair(link(404), link(200)),
    "reachability.error_page": Pair(contact("404 – Page not found"), contact("Find us")),
    "reachability.picture_missing": Pair(
        site(html("<img src=a.png>"), head_of(PageKind.IMAGE, "a.png", status=404)),
        site(html("<img src=a.png>"), head_of(PageKind.IMAGE, "a.png", size=9_000)),
    ),
    "reachability.mistyped_link": pair(
        "<a href='www.harbour.example/cakes'>Cakes</a>", "<a href='cakes.html'>Cakes</a>"
    ),
    "reachability.redirect_chain": Pair(
        site(
            html(""),
            url="http://a.example/",
            final_url=HOME,
            redirects=("http://b.example/", "http://c.example/"),
        ),
        site(html(""), url="http://a.example/", final_url=HOME),
    ),
}


@pytest.mark.parametrize(
    "href",
    ["http//a.example", "http://https://a.example", "file:///C:/page.htm", "us@a.example"],
)
def test_an_address_that_no_browser_can_follow_is_mistyped(href: str) -> None:
    found = CHECKS["reachability.mistyped_link"](site(html(f"<a href='{href}'>Our cakes</a>")))
    assert isinstance(found, Failed)
    assert found.parameters["label"] == "Our cakes"


@pytest.mark.parametrize(
    "page",
    [
        "<a href='https://web.archive.org/web/http://a.example'>Then</a>",
        "<a href='mailto:us@a.example'>Write</a>",
        "<a href='tel:0191'>Ring</a><a href='//a.example'>There</a><a href='?page=2'>On</a><a href='wwwhat.html'>W</a>",
        "<a href='http:/a.example'>One slash</a><a href='http:\\\\\\\\a.example'>Backslashes</a>",
        "<div style='display:none'><a href='http//a.example'>Unseen</a></div>",
        "<a href='http//a.example'><img src=a.png></a>",
    ],
)
def test_an_odd_address_that_leads_somewhere_or_that_nobody_sees_is_none(page: str) -> None:
    assert isinstance(CHECKS["reachability.mistyped_link"](site(html(page))), Passed)
