"""What makes a visitor trust a page."""

import pytest

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, NotApplicable, Passed
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.scoring.builders import html, site
from leadgen_dagster_tests.scoring.checks.pairs import WORDS, Pair, heads, pair

TRACKED = "<script src='https://www.googletagmanager.com/gtag/js?id=G-1'></script>"

PAIRS: dict[str, Pair] = {
    "trust.privacy_page_missing": pair(
        "<p>Our privacy policy is good.", "<a href='/datenschutz'>Datenschutz</a>"
    ),
    "trust.imprint_missing": pair(
        WORDS, "<a href='/impressum'>Impressum</a>", business=make_business(country="DE")
    ),
    "trust.about_missing": pair(WORDS, f"{WORDS}<h2>Our story</h2>"),
    "trust.reviews_missing": pair(WORDS, f"{WORDS}<h2>Reviews</h2>"),
    "trust.social_link_dead": pair(
        "<a href='https://www.facebook.com/'>Facebook</a>",
        "<a href='https://www.facebook.com/harbourbakery'>Facebook</a>",
    ),
    "trust.tracking_without_consent": heads(TRACKED, f"{TRACKED}<script src=cookieconsent.js></script>"),
    "trust.free_mail_address": pair(
        "<a href='mailto:harbour@gmail.com'>Write</a>", "<a href='mailto:hello@harbour.example'>Write</a>"
    ),
}


@pytest.mark.parametrize(
    "sign",
    [
        "<a href='https://facebook.com/yourpage' aria-label=Facebook></a>",
        "<a href='https://www.instagram.com/wix'><img alt=Instagram src=i.png></a>",
        "<a href='#' class='icon'><i class='fa fa-facebook-f'></i></a>",
    ],
)
def test_a_sign_of_a_network_that_leads_to_nobodys_profile_is_dead(sign: str) -> None:
    assert isinstance(CHECKS["trust.social_link_dead"](site(html(sign))), Failed)


@pytest.mark.parametrize(
    "sign",
    [
        "<a href='https://www.facebook.com/sharer/sharer.php?u=x'>Share on Facebook</a>",
        "<a href='https://www.facebook.com/profile.php?id=1001'>Facebook</a>",
        "<a href='https://twitter.com/#!/harbourbakery'>Twitter</a>",
        "<a href='https://www.facebook.com/'>Facebook</a><a href='https://facebook.com/harbourbakery'>f</a>",
        "<div class='cookie-list'><a href='https://www.facebook.com/'>Facebook</a></div>",
    ],
)
def test_sharing_a_second_sign_and_a_list_of_cookies_are_no_dead_signs(sign: str) -> None:
    assert isinstance(CHECKS["trust.social_link_dead"](site(html(sign))), Passed)


@pytest.mark.parametrize(
    "sign", ["<a href='#' onclick='share()'>Facebook</a>", "<a href='#top'>Facebook</a>"]
)
def test_what_a_script_may_do_is_not_judged(sign: str) -> None:
    assert isinstance(CHECKS["trust.social_link_dead"](site(html(sign))), NotApplicable)
