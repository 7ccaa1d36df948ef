"""How far a service is asked that shows the first sixty of an area, at a price."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from leadgen_dagster.discovery.locations import SearchArea
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.discovery.sources.base import (
    ApiCall,
    Incomplete,
    Note,
    PlaceRequest,
    SourceAccess,
    SourceItem,
)
from leadgen_dagster.discovery.sources.google_places import GooglePlacesSource
from leadgen_dagster.errors import BudgetExceededError, OrderError, SourceError
from leadgen_dagster_tests.discovery.builders import request_for
from leadgen_dagster_tests.discovery.sources.asking import Answer, asked_of, places, told
from leadgen_dagster_tests.discovery.sources.recorded_api import RecordedApi
from leadgen_dagster_tests.discovery.sources.sample_google_places import (
    HELSINKI_BOX,
    GooglePlaces,
    access_to,
    record,
)


def asked(answer: Answer, request: PlaceRequest | None = None) -> tuple[list[SourceItem], list[ApiCall]]:
    return asked_of(GooglePlacesSource, answer, request or request_for(HELSINKI_BOX))


# ---------------------------------------------------------------------------- tiling

CITY = "60.0,24.7,60.3,25.2"


def city(count: int = 1_000) -> GooglePlaces:
    """Dense in the middle and thin at the edge, as cities are."""
    rng = random.Random(7)  # noqa: S311  # a city, not a secret
    points = [
        {"latitude": 60.17 + rng.gauss(0, 0.02), "longitude": 24.94 + rng.gauss(0, 0.04)}
        for _ in range(count)
    ]
    return GooglePlaces([record(number, location=point) for number, point in enumerate(points)])


def ordered(limit: int, location: str = CITY) -> PlaceRequest:
    return replace(request_for(location), limit=limit)


def test_a_city_of_a_thousand_is_found_whole_though_a_search_shows_sixty() -> None:
    items, calls = asked(city().answer, ordered(300))
    found = [place.source_id for place in places(items)]
    assert len(found) == len(set(found)) == 1_000
    assert len(calls) == 157
    assert len({str(call) for call in calls}) == len(calls)
    assert isinstance(items[0], SearchArea)
    assert not told(items, Note, Incomplete)


def test_four_times_as_many_as_were_ordered_are_enough_and_lie_all_over_the_area() -> None:
    items, calls = asked(city().answer, ordered(50))
    assert len(calls) == 13
    assert asked(city().answer, ordered(50)) == (items, calls)
    assert len(places(items)) == 200
    west = sum((place.longitude or 0) < 24.94 for place in places(items))
    assert 60 < west < 140
    assert told(items, Note) == [
        "google_places: stopped at 13 calls with 200 places: enough for an order of 50; there may be more of restaurant"
    ]


def test_a_tower_that_holds_more_than_is_shown_is_said() -> None:
    tower = GooglePlaces([record(n, location={"latitude": 60.17, "longitude": 24.95}) for n in range(100)])
    items, calls = asked(tower.answer)
    assert len(places(items)) == 60
    assert len(calls) < 40
    assert told(items, Incomplete) == [
        "there are more of restaurant than it shows, where no smaller area can be asked for"
    ]


# ---------------------------------------------------------------------------- endless pages


def test_pages_without_end_end() -> None:
    """New places on every page, the same page for ever, empty pages, an unfit token."""
    count = iter(range(10**9))

    def ever_new(_call: ApiCall) -> Mapping[str, Any]:
        return {"places": [record(next(count)) for _ in range(20)], "nextPageToken": f"t{next(count)}"}

    answers: dict[str, tuple[Answer, int]] = {
        "new": (ever_new, 50),
        "same": (lambda _call: {"places": [record(n) for n in range(20)], "nextPageToken": "t"}, 2),
        "empty": (lambda _call: {"nextPageToken": "t"}, 1),
        "unfit": (lambda _call: {"places": [record(1)], "nextPageToken": "\ud800"}, 1),
        "number": (lambda _call: {"places": [record(1)], "nextPageToken": 7}, 1),
    }
    for name, (answer, most) in answers.items():
        items, calls = asked(answer)
        assert len(calls) <= most, name
        if name in ("same", "empty"):
            assert told(items, Incomplete) == [
                "pages of restaurant brought nothing new and promised more; they were not followed"
            ]


def test_a_service_that_ignores_where_it_is_asked_is_not_asked_for_ever() -> None:
    places_of_town = [record(number) for number in range(60)]

    def deaf(call: ApiCall) -> Mapping[str, Any]:
        start = int((call.document or {}).get("pageToken", "0"))
        return {"places": places_of_town[start : start + 20], "nextPageToken": str(start + 20)}

    items, calls = asked(deaf, ordered(500))
    assert len(places(items)) == 60
    assert len(calls) < 150


# ---------------------------------------------------------------------------- failures


def failing_after(count: int, error: Exception) -> Answer:
    google, calls = city(), iter(range(10**6))

    def answer(call: ApiCall) -> Mapping[str, Any]:
        if next(calls) >= count:
            raise error
        return google.answer(call)

    return answer


SPENT = BudgetExceededError("the budget of 0.10 USD has no room for a call to google_places of 0.035 USD")
REFUSED = SourceError("google_places", "answered 400: INVALID_ARGUMENT")


@pytest.mark.parametrize("error", [SPENT, REFUSED], ids=["budget", "refused"])
def test_what_was_found_before_a_failure_is_kept_and_the_failure_is_said(error: Exception) -> None:
    items, calls = asked(failing_after(2, error), ordered(50))
    assert len(calls) == 3
    assert len(places(items)) == 40
    assert items[-1] == Incomplete(str(error).removeprefix("source google_places: "))


def test_a_failure_of_the_first_call_is_one_of_the_source() -> None:
    with pytest.raises(SourceError, match="no room for a call") as caught:
        asked(failing_after(0, SPENT))
    assert not caught.value.is_retryable
    with pytest.raises(SourceError, match="INVALID_ARGUMENT"):
        asked(failing_after(0, REFUSED))


def test_an_answer_that_is_no_page_is_no_empty_town() -> None:
    with pytest.raises(SourceError, match="its answer holds no list of places"):
        asked(lambda _call: {"places": {"id": "x"}})


def test_without_a_way_to_the_network_it_says_so() -> None:
    source = GooglePlacesSource(SourceAccess())
    source.check_ready("Leeds")
    with pytest.raises(SourceError, match="no way to the network"):
        source.places(request_for("Leeds"))


# ---------------------------------------------------------------------------- before an order stands


def test_an_order_is_checked_and_its_price_told_without_a_call() -> None:
    api = RecordedApi(answer=city().answer)
    source = GooglePlacesSource(access_to(api))
    source.check_ready("Leeds")
    with pytest.raises(OrderError, match=r"^location: "):
        source.check_ready("95,24,96,25")
    one, everything = source.estimate(ordered(50)), source.estimate(request_for("Leeds", "all"))
    assert (one.calls_at_least, one.calls_at_most) == (1, 50)
    assert (one.cost_at_least_micro_usd, one.cost_at_most_micro_usd) == (35_000, 1_750_000)
    assert source.estimate(ordered(50, "60.17,24.94 100m")).calls_at_most == 3
    assert everything.calls_at_least == len(NICHES)
    assert everything.cost_at_least_micro_usd == len(NICHES) * 35_000
    assert everything.calls_at_most == len(NICHES) * 12
    assert not api.asked


@pytest.mark.parametrize("limit", [1, 5, 50])
def test_no_order_takes_more_calls_than_were_told(limit: int) -> None:
    estimate = GooglePlacesSource(SourceAccess()).estimate(ordered(limit))
    _items, calls = asked(city().answer, ordered(limit))
    assert estimate.calls_at_least <= len(calls) <= estimate.calls_at_most
