"""What one does with a lead, and what it is worth."""

from typing import Any

import pytest

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.lead_class import Situation, classify, is_sensitive, wants_demo
from leadgen_dagster.scoring.opportunity import opportunity
from leadgen_dagster.scoring.reachability import Reachability
from leadgen_dagster.scoring.scores import Confidence, LeadClass, WebsiteState
from leadgen_dagster_tests.factories import make_business

BOTH = Reachability(email="hello@bakery.co.uk", phone="+441914980101")
PHONE = Reachability(phone="+441914980101")
EMAIL = Reachability(email="hello@bakery.co.uk")
CONSENT = Reachability(email="hello@bakery.co.uk", consent_note="only after consent")
NOTHING = Reachability()


def case(**fields: Any) -> Situation:
    defaults: dict[str, Any] = {
        "state": WebsiteState.OK,
        "state_reason": "The website was looked at.",
        "score": 40,
        "score_threshold": 70,
        "has_high_severity": False,
        "is_certificate_expired": False,
        "has_pitch": True,
        "ways": BOTH,
        "flags": (),
    }
    return Situation(**(defaults | fields))


@pytest.mark.parametrize(
    ("fields", "expected", "demo"),
    [
        ({}, LeadClass.READY_TO_MAIL, True),
        ({"ways": PHONE}, LeadClass.READY_TO_CALL, True),
        ({"ways": CONSENT}, LeadClass.CHECK_FIRST, True),
        ({"ways": NOTHING}, LeadClass.LEAVE_ALONE, False),
        ({"has_pitch": False}, LeadClass.CHECK_FIRST, True),
        ({"score": 70}, LeadClass.LEAVE_ALONE, False),
        ({"score": 92, "has_high_severity": True}, LeadClass.READY_TO_MAIL, False),
        ({"flags": ("doubtful_duplicate",)}, LeadClass.CHECK_FIRST, True),
        ({"flags": ("record_outdated",), "ways": NOTHING}, LeadClass.CHECK_FIRST, False),
        ({"flags": ("phone_discrepancy",), "score": 95}, LeadClass.CHECK_FIRST, False),
        ({"flags": ("sensitive_niche",)}, LeadClass.CHECK_FIRST, False),
        ({"flags": ("email_needs_consent",), "ways": PHONE}, LeadClass.READY_TO_CALL, True),
    ],
)
def test_a_scored_website_ends_in_one_class(fields: dict[str, Any], expected: LeadClass, demo: bool) -> None:
    assert classify(case(**fields))[0] is expected
    assert wants_demo(case(**fields)) is demo


@pytest.mark.parametrize("score", [60, 61, 100])
def test_a_website_above_the_threshold_with_a_plain_fault_is_called_neither_good_nor_weak(score: int) -> None:
    _, reason = classify(case(score=score, score_threshold=60, has_high_severity=True, ways=PHONE))
    assert reason == (
        f"The website scores {score} of 100 but has a plain fault to speak of, and there is a phone number."
    )


@pytest.mark.parametrize(
    "state",
    [
        WebsiteState.PARKED,
        WebsiteState.UNDER_CONSTRUCTION,
        WebsiteState.SOCIAL_ONLY,
        WebsiteState.WEBSITE_UNKNOWN,
    ],
)
def test_where_there_is_no_page_one_rings_up(state: WebsiteState) -> None:
    assert classify(case(state=state, score=None))[0] is LeadClass.READY_TO_CALL
    assert classify(case(state=state, score=None, ways=EMAIL))[0] is LeadClass.READY_TO_MAIL
    assert classify(case(state=state, score=None, ways=NOTHING))[0] is LeadClass.LEAVE_ALONE
    assert wants_demo(case(state=state, score=None))


@pytest.mark.parametrize(
    "state",
    [
        WebsiteState.UNREACHABLE,
        WebsiteState.BLOCKED,
        WebsiteState.SHELL,
        WebsiteState.OTHER_DOMAIN,
        WebsiteState.NOT_FOUND,
    ],
)
def test_what_could_not_be_looked_at_is_checked_first(state: WebsiteState) -> None:
    lead_class, reason = classify(case(state=state, score=None, state_reason="It did not answer."))
    assert (lead_class, reason) == (LeadClass.CHECK_FIRST, "It did not answer.")
    assert not wants_demo(case(state=state, score=None))


def test_an_expired_certificate_is_worth_a_call_if_one_can_call() -> None:
    expired = {"state": WebsiteState.UNREACHABLE, "score": None, "is_certificate_expired": True}
    assert classify(case(**expired))[0] is LeadClass.READY_TO_CALL
    assert classify(case(**expired, ways=EMAIL))[0] is LeadClass.CHECK_FIRST


def test_every_class_comes_with_a_sentence() -> None:
    for state in WebsiteState:
        for score in (None, 40, 90):
            assert classify(case(state=state, score=score))[1].endswith(".")


def test_funeral_homes_are_sensitive_and_bakeries_are_not() -> None:
    assert is_sensitive(make_business(niche="funeral_home"))
    assert not is_sensitive(make_business(niche="bakery"))


def worth(business: Business | None = None, **fields: Any) -> tuple[int, int, int, int]:
    defaults: dict[str, Any] = {
        "state": WebsiteState.OK,
        "score": 40,
        "has_high_severity": False,
        "confidence": Confidence.HIGH,
        "ways": BOTH,
        "is_sensitive": False,
    }
    result = opportunity(business or make_business(), **(defaults | fields))
    return result.total, result.need, result.reachability, result.fit


def test_an_opportunity_is_the_sum_of_its_parts() -> None:
    assert worth() == (74, 24, 30, 20)
    assert worth(score=0, has_high_severity=True) == (100, 50, 30, 20)
    assert worth(ways=NOTHING, is_sensitive=True, score=100) == (12, 0, 0, 12)
    assert worth(ways=CONSENT)[2] == 3


def test_less_confidence_is_less_need() -> None:
    assert worth()[1] > worth(confidence=Confidence.MEDIUM)[1] > worth(confidence=Confidence.LOW)[1]


def test_no_opportunity_leaves_its_range() -> None:
    for state in WebsiteState:
        for score in (None, 0, 100):
            assert 0 <= worth(state=state, score=score, has_high_severity=True)[0] <= 100
