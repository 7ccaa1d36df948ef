"""Every message in every language, for every fault and state, keeps the rules of good manners."""

import dataclasses
import re
from collections import Counter
from itertools import product

import pytest

from leadgen_dagster.outreach.gsm7 import fits_one_segment
from leadgen_dagster.outreach.placeholders import draft_faults, word_count
from leadgen_dagster.outreach.wording import languages, phrase_book
from leadgen_dagster.scoring.rubric import RUBRIC
from leadgen_dagster.scoring.scorer import PRAISEWORTHY
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.outreach.leads import (
    AGENCY,
    SITE,
    STATES,
    campaign_of,
    make_mobile_business,
    score_of,
)

PITCHABLE = tuple(rule.check_id for rule in RUBRIC.rules.values() if rule.is_pitchable)
TOPICS = (*PITCHABLE, *STATES)
NAMES = (
    "Osteria del Porto Ltd",
    "Salon Kämpf & Töchter",
    "The Old Customs House Inn and Guest Rooms",
    "Å's <Hof> ß",
)
PRAISE = "local.hours_missing"
DRAFTED = (*((name, PRAISE, SITE) for name in NAMES), (NAMES[0], None, SITE), (NAMES[1], None, None))
"""Each name in the longest draft there is, and the shorter ones."""
NO_ONE_TO_BLAME = re.compile(
    r"your site is down|losing|verlieren|menetä|SEO|score|Punkte|pisteet|hacker|you must|Sie müssen|teidän täytyy",
    re.IGNORECASE,
)
NEVER_DONE = re.compile(
    r"on the web|came upon|good to have|nach \w+ gesucht|gestoßen|gut, dass|verkosta|hyvä että", re.IGNORECASE
)
INFORMAL = {
    "de": re.compile(r"\b(?:du|dein\w*|dir|dich|euch|euer)\b", re.IGNORECASE),
    "fi": re.compile(r"\b(?:sinä|sinun|sinulle|sivusi|yrityksesi|osoitteesi)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:mate|hey|guys)\b", re.IGNORECASE),
}


def shape(book: object, path: str = "") -> set[str]:
    if not isinstance(book, dict):
        return {path}
    return set().union(*(shape(value, f"{path}/{key}") for key, value in book.items()))


@pytest.mark.parametrize("language", languages())
def test_every_pitchable_fault_state_and_praise_has_its_words(language: str) -> None:
    book = phrase_book(language)
    assert set(book["faults"]) == set(PITCHABLE)
    assert set(book["states"]) == set(STATES)
    assert set(PRAISEWORTHY) <= set(book["praise"])


def test_every_language_has_the_same_phrases() -> None:
    english = shape(phrase_book("en"))
    assert languages() == ("de", "en", "fi")
    assert all(shape(phrase_book(language)) == english for language in languages())


@pytest.mark.parametrize(("language", "topic"), tuple(product(languages(), TOPICS)))
def test_a_draft_is_short_signed_polite_and_has_one_link(language: str, topic: str) -> None:
    for name, praise, site in DRAFTED:
        business = make_mobile_business(name=name, fingerprint=f"{name} {topic}")
        campaign = campaign_of(
            business=business, score=score_of(topic, praise=praise), language=language, site=site
        )
        assert campaign.is_ready, campaign.missing
        assert draft_faults(campaign) == []
        assert campaign.email_text is not None
        assert campaign.email_html is not None
        assert campaign.whatsapp_text is not None
        for text in (campaign.email_text, campaign.whatsapp_text):
            assert word_count(text) <= 110
            assert text.count("://") == (1 if site else 0)
            assert AGENCY.sender is not None
            assert AGENCY.sender in text
            assert "3 Saltpan Yard" in text
            assert "+44 191 498 0950" in text
            assert not NO_ONE_TO_BLAME.search(text)
            assert not INFORMAL[language].search(text)
        assert campaign.email_html.count("<a ") == (1 if site else 0)
        assert "<Hof>" not in campaign.email_html
        assert campaign.sms_text is not None
        assert fits_one_segment(campaign.sms_text)
        assert campaign.call_card is not None


@pytest.mark.parametrize(("language", "topic"), tuple(product(languages(), TOPICS)))
def test_the_first_sentence_names_the_day_and_the_page_or_the_name(language: str, topic: str) -> None:
    is_listed_only = topic in ("social_only", "website_unknown")
    business = make_mobile_business(website=None) if is_listed_only else make_mobile_business()
    campaign = campaign_of(score=score_of(topic), language=language, business=business)
    assert campaign.email_text is not None
    opening = campaign.email_text.split("\n\n")[1]
    day = {"en": "22 November", "de": "22. November", "fi": "22. marraskuuta"}[language]
    assert day in opening
    if is_listed_only:
        assert "Harbour Bakery" in opening or "Instagram" in opening
    else:
        assert "harbour-bakery.port-linden.example" in opening


def test_what_is_absent_was_only_not_found() -> None:
    for topic in ("local.phone_missing", "local.hours_missing", "website_unknown", "social_only"):
        for turn in range(6):
            campaign = campaign_of(
                score=score_of(topic), business=make_mobile_business(fingerprint=f"{turn}")
            )
            assert campaign.email_text is not None
            assert "could not find" in campaign.email_text


@pytest.mark.parametrize(
    ("source", "language", "words"),
    [
        ("osm", "en", "in OpenStreetMap"),
        ("osm", "de", "in OpenStreetMap"),
        ("osm", "fi", "OpenStreetMapista"),
        ("csv", "en", "in my list of firms"),
        ("csv", "de", "in meiner Kartei"),
        ("csv", "fi", "yritysluettelostani"),
        ("demo", "en", "in the town directory"),
        ("survey", "en", "in the list of firms that I have"),
    ],
)
@pytest.mark.parametrize("state", ["social_only", "website_unknown"])
def test_who_has_no_website_is_told_in_which_list_none_was_found(
    state: str, source: str, language: str, words: str
) -> None:
    origin = dataclasses.replace(make_business().origins[0], source=source)
    for turn in range(6):
        business = make_mobile_business(website=None, origins=(origin,), fingerprint=f"{turn}")
        campaign = campaign_of(score=score_of(state), business=business, language=language)
        assert campaign.email_text is not None
        assert campaign.call_card is not None
        for text in (campaign.email_text, campaign.call_card.opening, " ".join(campaign.call_card.facts)):
            assert words.casefold() in text.casefold()
            assert not NEVER_DONE.search(text)


def test_two_lists_that_were_read_are_both_named() -> None:
    first = make_business().origins[0]
    origins = tuple(dataclasses.replace(first, source=source) for source in ("osm", "csv", "osm"))
    campaign = campaign_of(
        score=score_of("website_unknown"), business=make_mobile_business(website=None, origins=origins)
    )
    assert campaign.email_text is not None
    assert "in OpenStreetMap and in my list of firms on 22 November" in campaign.email_text


@pytest.mark.parametrize("language", languages())
def test_an_address_that_led_to_a_profile_was_opened_and_the_draft_names_it(language: str) -> None:
    campaign = campaign_of(score=score_of("social_only"), language=language)
    assert campaign.email_text is not None
    assert "harbour-bakery.port-linden.example" in campaign.email_text.split("\n\n")[1]
    assert "Instagram" not in campaign.email_text


def test_twelve_neighbours_with_one_fault_do_not_get_one_text() -> None:
    texts = []
    for turn in range(12):
        campaign = campaign_of(business=make_mobile_business(fingerprint=f"neighbour-{turn}"))
        assert campaign.email_text is not None
        texts.append(campaign.email_text)
    assert Counter(texts).most_common(1)[0][1] <= 3
    assert len(set(texts)) >= 7


def test_the_same_lead_gets_the_same_words_every_time() -> None:
    assert campaign_of() == campaign_of()


@pytest.mark.parametrize(("language", "praise"), tuple(product(languages(), PRAISEWORTHY)))
def test_every_praise_fits_the_letter(language: str, praise: str) -> None:
    campaign = campaign_of(score=score_of("reachability.broken_link", praise=praise), language=language)
    assert campaign.is_ready, campaign.missing
    assert campaign.email_text is not None
    words = phrase_book(language)["praise"][praise]
    assert words.casefold() in campaign.email_text.casefold()
