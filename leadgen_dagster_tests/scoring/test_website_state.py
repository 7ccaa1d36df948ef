"""What became of the attempt to look at a website."""

from typing import Any

import pytest

from leadgen_dagster.discovery.businesses import WebsiteOrigin
from leadgen_dagster.scoring.scores import WebsiteState
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome
from leadgen_dagster.scoring.website_state import StateVerdict, website_state
from leadgen_dagster_tests.factories import make_business, make_page
from leadgen_dagster_tests.scoring.builders import HOME, html

PROSE = (
    "<p>We bake bread and rolls every morning in the old harbour, and the cakes are ready at noon.</p>" * 12
)


def state_of(page: FetchedPage | None, **business: Any) -> StateVerdict:
    return website_state(make_business(**business), page)[0]


def state_of_body(body: str, head: str = "<title>Harbour Bakery</title>", **fields: Any) -> WebsiteState:
    return state_of(make_page(body=html(body, head), **fields)).state


@pytest.mark.parametrize(
    ("outcome", "state", "cause"),
    [
        (FetchOutcome.DNS_FAILURE, WebsiteState.UNREACHABLE, "dns"),
        (FetchOutcome.TLS_FAILURE, WebsiteState.UNREACHABLE, "tls"),
        (FetchOutcome.TIMEOUT, WebsiteState.UNREACHABLE, "timeout"),
        (FetchOutcome.CONNECTION_FAILURE, WebsiteState.UNREACHABLE, "connection"),
        (FetchOutcome.ROBOTS_DENIED, WebsiteState.BLOCKED, "robots"),
        (FetchOutcome.TOO_LARGE, WebsiteState.TOO_LARGE, None),
    ],
)
def test_a_fetch_without_an_answer_names_its_cause(
    outcome: FetchOutcome, state: WebsiteState, cause: str | None
) -> None:
    verdict = state_of(
        make_page(outcome=outcome, error="as it happened", status=None, body=None, final_url=None)
    )
    assert (verdict.state, verdict.cause) == (state, cause)
    assert verdict.reason.endswith("(as it happened).")


def test_every_outcome_of_a_fetch_has_a_state() -> None:
    for outcome in FetchOutcome:
        assert state_of(make_page(outcome=outcome)).reason


@pytest.mark.parametrize(
    ("status", "body", "state", "cause"),
    [
        (404, b"gone", WebsiteState.NOT_FOUND, "404"),
        (403, b"no", WebsiteState.BLOCKED, "forbidden"),
        (403, b"<div class=g-recaptcha>", WebsiteState.BLOCKED, "captcha"),
        (503, b"busy", WebsiteState.UNREACHABLE, "server_error"),
    ],
)
def test_a_status_other_than_success_is_no_fault_of_the_page(
    status: int, body: bytes, state: WebsiteState, cause: str
) -> None:
    verdict = state_of(make_page(status=status, body=body))
    assert (verdict.state, verdict.cause) == (state, cause)


@pytest.mark.parametrize(
    "words",
    [
        "This domain is for sale!",
        "Diese Domain steht zum Verkauf",
        "Ce nom de domaine est à vendre",
        "Buy this domain",
    ],
)
def test_a_registrars_page_is_parked(words: str) -> None:
    assert state_of_body(f"<h1>{words}</h1><a href=/offer>Make an offer</a>") is WebsiteState.PARKED


@pytest.mark.parametrize(
    "words",
    [
        "Coming soon",
        "Our website is under construction",
        "Hier entsteht unsere neue Seite",
        "Welcome to nginx!",
    ],
)
def test_a_page_that_says_only_that_it_is_coming_is_under_construction(words: str) -> None:
    assert state_of_body(f"<h1>{words}</h1><p>4 Quay Street") is WebsiteState.UNDER_CONSTRUCTION


@pytest.mark.parametrize(
    "body",
    [
        f"{PROSE}<h2>Coming soon</h2><p>Our Christmas stollen.</p>",
        f"{PROSE}<p>We fit kitchens on every Baustelle; the domain is for sale, said the neighbour.</p>{PROSE}{PROSE}",
        f"{PROSE}<form><div class=g-recaptcha></div></form>",
        "<img src=front.gif><img src=menu.gif><p>Osteria",
    ],
)
def test_a_real_page_is_ok_whatever_words_it_uses(body: str) -> None:
    assert state_of_body(body) is WebsiteState.OK


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("<div id=root></div><script src=/main.js></script>", "scripts"),
        ("<noscript>You need JavaScript.</noscript><script src=/main.js></script>", "scripts"),
    ],
)
def test_a_page_without_words_that_needs_scripts_is_a_shell(body: str, cause: str) -> None:
    verdict = state_of(make_page(body=html(body)))
    assert (verdict.state, verdict.cause) == (WebsiteState.SHELL, cause)


def test_one_frame_around_another_page_is_a_shell_because_its_text_lies_elsewhere() -> None:
    forwarded = make_page(body=b"<frameset rows='100%,*'><frame src=a.htm></frameset>")
    assert state_of(forwarded).cause == "frames"


def test_a_page_of_several_frames_is_looked_at_for_they_are_its_fault() -> None:
    framed = make_page(body=b"<frameset cols='180,*'><frame src=a.htm><frame src=b.htm></frameset>")
    assert state_of(framed).state is WebsiteState.OK


@pytest.mark.parametrize(
    ("final_url", "state"),
    [
        ("http://other-firm.port-linden.example/", WebsiteState.OTHER_DOMAIN),
        ("https://www.facebook.com/harbourbakery", WebsiteState.SOCIAL_ONLY),
        ("https://harbour-bakery.port-linden.example/en/", WebsiteState.OK),
    ],
)
def test_where_the_address_leads_decides_before_what_is_there(final_url: str, state: WebsiteState) -> None:
    assert state_of_body(PROSE, final_url=final_url) is state


def test_www_and_another_suffix_are_the_same_firm() -> None:
    page = make_page(url="http://www.bakers-row.fi/", final_url="https://bakers-row.com/", body=html(PROSE))
    assert state_of(page, website="http://www.bakers-row.fi/").state is WebsiteState.OK


def test_a_file_that_is_no_page_is_not_html() -> None:
    page = make_page(headers=(("content-type", "application/pdf"),), body=b"%PDF-1.4")
    assert state_of(page).state is WebsiteState.NOT_HTML


def test_without_a_website_the_profile_counts_and_else_it_is_unknown() -> None:
    assert state_of(None, website=None).state is WebsiteState.WEBSITE_UNKNOWN
    profile = ("https://www.instagram.com/harbourbakery",)
    assert state_of(None, website=None, social_profiles=profile).state is WebsiteState.SOCIAL_ONLY


def test_a_guessed_website_counts_only_where_the_page_shows_whose_it_is() -> None:
    guessed = {"website": HOME, "website_origin": WebsiteOrigin.EMAIL_DOMAIN}
    assert state_of(make_page(body=html(PROSE, "")), **guessed).state is WebsiteState.WEBSITE_UNKNOWN
    assert state_of(make_page(body=html(PROSE + "0191 498 0101", "")), **guessed).state is WebsiteState.OK
    assert state_of(make_page(body=html(PROSE + "HARBOUR-BAKERY", "")), **guessed).state is WebsiteState.OK
    assert state_of(make_page(status=404), **guessed).state is WebsiteState.WEBSITE_UNKNOWN


@pytest.mark.parametrize(
    ("page", "state", "cause"),
    [
        (make_page(outcome=FetchOutcome.ROBOTS_DENIED, body=None), WebsiteState.BLOCKED, "robots"),
        (make_page(outcome=FetchOutcome.TIMEOUT, body=None), WebsiteState.UNREACHABLE, "timeout"),
        (make_page(outcome=FetchOutcome.DNS_FAILURE, body=None), WebsiteState.UNREACHABLE, "dns"),
        (make_page(outcome=FetchOutcome.TLS_FAILURE, body=None), WebsiteState.UNREACHABLE, "tls"),
        (make_page(status=503), WebsiteState.UNREACHABLE, "server_error"),
        (make_page(status=403, body=b"<div class=g-recaptcha>"), WebsiteState.BLOCKED, "captcha"),
        (
            make_page(body=html("<div id=root></div><script src=/a.js></script>")),
            WebsiteState.SHELL,
            "scripts",
        ),
        (make_page(final_url="http://other-firm.port-linden.example/"), WebsiteState.OTHER_DOMAIN, None),
    ],
)
def test_a_guessed_website_that_nobody_could_look_at_is_not_called_missing(
    page: FetchedPage, state: WebsiteState, cause: str | None
) -> None:
    verdict = state_of(page, website=HOME, website_origin=WebsiteOrigin.EMAIL_DOMAIN)
    assert (verdict.state, verdict.cause) == (state, cause)
    assert verdict.reason.startswith("A website is only guessed, from its e-mail address; ")


def test_a_guessed_website_that_is_parked_is_unknown_and_remembers_why() -> None:
    guessed = {"website": HOME, "website_origin": WebsiteOrigin.EMAIL_DOMAIN}
    verdict = state_of(make_page(body=html("<h1>This domain is for sale!</h1>")), **guessed)
    assert (verdict.state, verdict.cause) == (WebsiteState.WEBSITE_UNKNOWN, "parked")


def test_the_website_of_another_place_of_its_name_is_a_guess_too() -> None:
    guessed = {"website": HOME, "website_origin": WebsiteOrigin.SIBLING}
    verdict = state_of(make_page(body=html(PROSE, "")), **guessed)
    assert verdict.state is WebsiteState.WEBSITE_UNKNOWN
    assert "the website of another place of its name shows nothing" in verdict.reason


def test_a_part_that_is_to_come_makes_no_website_to_come() -> None:
    body = (
        b"<h1>JPB Roofing</h1><p>Slates, tiles, gutters. 01536 532 700</p><h2>Gallery</h2><p>Coming soon</p>"
    )
    assert state_of(make_page(body=body)).state is WebsiteState.OK
