from datetime import date, timedelta

import pytest

from leadgen_dagster.discovery.businesses import ExclusionReason
from leadgen_dagster.discovery.sources.base import PlaceRequest
from leadgen_dagster.discovery.sources.demo import DemoSource, answer_key
from leadgen_dagster.errors import OrderError
from leadgen_dagster_tests.discovery.builders import ORDERED_ON, places_of, request_for


def test_the_demo_town_is_port_linden_and_no_other() -> None:
    with pytest.raises(OrderError, match="the demo source knows one town, Port Linden"):
        list(DemoSource().places(request_for("Helsinki")))


def test_dates_are_relative_to_the_day_of_the_order() -> None:
    def newest(day: date) -> date:
        request = PlaceRequest(location="Port Linden", niches=request_for("x", "all").niches, ordered_on=day)
        return max(place.last_edited for place in places_of(DemoSource(), request) if place.last_edited)

    later = ORDERED_ON + timedelta(days=800)
    assert newest(later) - newest(ORDERED_ON) == timedelta(days=800)
    assert newest(ORDERED_ON) <= ORDERED_ON


def test_the_answer_key_has_an_outcome_for_each_of_thirty_rows() -> None:
    key = answer_key()
    assert sorted({outcome.row for outcome in key}) == list(range(1, 31))
    assert len({outcome.name for outcome in key}) == len(key)
    reasons = {outcome.exclusion for outcome in key} - {None}
    assert reasons <= {reason.value for reason in ExclusionReason}


def test_the_records_of_the_town_are_those_that_its_answer_key_counts() -> None:
    places = places_of(DemoSource(), request_for("Port Linden", "local businesses"))
    assert len(places) == sum(outcome.merged_records for outcome in answer_key())
