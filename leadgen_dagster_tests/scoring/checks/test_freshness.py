"""What shows a page's age."""

import pytest

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, NotApplicable, Outcome, Passed
from leadgen_dagster_tests.scoring.builders import html, site
from leadgen_dagster_tests.scoring.checks.pairs import WORDS, Pair, heads, pair

PAIRS: dict[str, Pair] = {
    "freshness.outdated_library": heads(
        "<script src='js/jquery-1.11.1.min.js'></script>", "<script src='jquery-3.7.1.min.js'></script>"
    ),
    "freshness.outdated_cms": heads(
        "<meta name=generator content='WordPress 4.1'>", "<meta name=generator content='WordPress 6.8'>"
    ),
    "freshness.deprecated_markup": pair("<center><font>a</font><font>b</font></center>", "<p>a"),
    "freshness.doctype_missing": Pair(site(b"<html><p>Bread"), site(b"<!DOCTYPE html><html><p>Bread")),
    "freshness.copyright_outdated": pair("<p>© 2009-2014 Harbour Bakery", "<p>© 2009-2025 Harbour Bakery"),
    "freshness.placeholder_text": pair("<p>Lorem ipsum dolor sit amet", "<p>Bread"),
    "freshness.placeholder_contact": pair("<p>Tel: 123-456-7890", "<p>Tel: 0191 498 0101"),
    "freshness.under_construction": pair(
        "<p>This page is under construction.", "<p>New flats under construction."
    ),
    "freshness.pandemic_notice": pair("<h2>COVID-19 Update</h2>", "<p>We opened in the year of Covid."),
    "freshness.old_news": pair(
        f"<h2>News</h2><p>Summer fair on 12.7.2017</p>{WORDS}",
        f"<h2>News</h2><p>Summer fair, 12 July 2026</p>{WORDS}",
    ),
    "freshness.frames": Pair(
        site(b"<html><frameset cols='180,*'><frame src=nav.htm><frame src=main.htm></frameset>"),
        site(b"<frameset rows='100%,*'><frame src='http://firm.example/'></frameset>"),
    ),
    "freshness.flash": pair(
        "<embed src='intro.swf' width=600 height=300>",
        "<object data='a.swf' width=600 height=300><img src=a.jpg></object>",
    ),
    "freshness.table_layout": pair(
        "<table><tr><td><table><tr><td>a<table><tr><td>b</table></table></table>", "<table><tr><td>a</table>"
    ),
}


def test_a_year_in_the_future_or_in_the_text_is_no_copyright_year() -> None:
    assert isinstance(
        CHECKS["freshness.copyright_outdated"](site(html("<p>Since 1987 in the harbour."))), NotApplicable
    )


def copyright_of(foot: str) -> Outcome:
    return CHECKS["freshness.copyright_outdated"](site(html(f"<p>{WORDS}</p><footer>{foot}</footer>")))


@pytest.mark.parametrize(
    "foot",
    [
        "© 2015 – <script>document.write(new Date().getFullYear())</script>",
        "© 2015 - <span id=year></span> Harbour Bakery",
        "© 2012 - today Harbour Bakery",
        "Photos © 2013 by Ann Ridley",
        "Powered by phpBB © 2000, 2002, 2005",
        "<span hidden>© 2012 Harbour Bakery</span>",
    ],
)
def test_a_year_that_a_script_prints_or_that_is_not_the_pages_own_is_not_called_old(foot: str) -> None:
    assert isinstance(copyright_of(foot), NotApplicable)


def test_the_newest_of_the_years_at_the_foot_counts() -> None:
    assert isinstance(
        copyright_of("Icons © 2013 Icons Ltd.<p>© 2019 Harbour Bakery<p>© 2026 Harbour Bakery"), Passed
    )
    old = copyright_of("Copyright © 1999-2014 Harbour Bakery. All rights reserved.")
    assert isinstance(old, Failed)
    assert (old.where, old.parameters) == ("footer", {"year": "2014"})


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display: none'>{}</div>",
        "<div class='modal fade'><p>{}</div>",
        "<template>{}</template>",
        "<!-- {} -->",
        "<div hidden><b>{}</b></div>",
    ],
)
def test_filler_text_that_nobody_sees_is_no_fault(hidden: str) -> None:
    page = site(html(WORDS + hidden.format("Lorem ipsum dolor sit amet")))
    assert isinstance(CHECKS["freshness.placeholder_text"](page), Passed)


def test_filler_text_is_found_behind_a_hidden_one_and_its_element_is_named() -> None:
    found = CHECKS["freshness.placeholder_text"](
        site(html("<div hidden>Lorem ipsum</div><section id=about><p>Lorem ipsum</p></section>"))
    )
    assert isinstance(found, Failed)
    assert found.where == "p"


def test_old_dates_under_news_are_no_fault_of_a_page_that_names_a_newer_year() -> None:
    page = site(
        html(f"<h2>News</h2><p>Fair on 12.7.2017</p>{WORDS}<p>Closed until spring 2027</p>{WORDS * 2}")
    )
    assert isinstance(CHECKS["freshness.old_news"](page), Passed)


@pytest.mark.parametrize(
    "passage",
    [
        "Osterangebot 2019",
        "Angebot buchbar bis 31.03.2019",
        "Tarjous voimassa 30.11.2019 asti",
        "Last updated: 12 March 2019",
        "Preise 2019",
        "Lounas viikko 12 / 2019",
        "Next course starts May 2019",
    ],
)
def test_an_offer_or_a_date_of_years_ago_is_old(passage: str) -> None:
    found = CHECKS["freshness.old_news"](site(html(f"<p>{WORDS}<p>{passage}<p>Since 1987. © 2026 Harbour")))
    assert isinstance(found, Failed)
    assert found.parameters["year"] == "2019"
    assert found.parameters["passage"] in passage


@pytest.mark.parametrize(
    "passage",
    ["Founded in 1987", "We won the price of 2019", "Call 0191 2019", "Our story", "Best café, summer 2019"],
)
def test_a_year_of_the_past_by_itself_is_no_old_news(passage: str) -> None:
    assert isinstance(CHECKS["freshness.old_news"](site(html(f"<p>{WORDS}<p>{passage}"))), NotApplicable)


@pytest.mark.parametrize(
    "line", ["Gallery coming soon.", "Price list: coming soon", "Kuvagalleria tulossa pian"]
)
def test_a_part_that_is_announced_and_not_there_is_unfinished(line: str) -> None:
    assert isinstance(CHECKS["freshness.under_construction"](site(html(f"<p>{WORDS}<p>{line}"))), Failed)


@pytest.mark.parametrize(
    "line",
    [
        "Our second shop is coming soon to Eastgate.",
        "The site is under construction until May.",
        "Soon it is May",
    ],
)
def test_what_is_announced_of_the_business_itself_is_not(line: str) -> None:
    assert isinstance(CHECKS["freshness.under_construction"](site(html(f"<p>{WORDS}<p>{line}"))), Passed)


def test_what_is_shown_of_a_page_without_a_doctype_can_be_kept_in_a_database() -> None:
    missing = CHECKS["freshness.doctype_missing"](site(b"\0<html>\0<p>Bread"))
    assert isinstance(missing, Failed)
    assert missing.snippet == "<html><p>Bread"
