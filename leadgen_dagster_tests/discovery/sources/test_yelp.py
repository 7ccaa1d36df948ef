import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.candidates import candidate_of
from leadgen_dagster.discovery.niches import find_niche
from leadgen_dagster.discovery.sources.base import (
    ApiCall,
    Incomplete,
    Note,
    PlaceRequest,
    Rejected,
    SourceAccess,
    SourceItem,
    Unread,
)
from leadgen_dagster.discovery.sources.yelp import YelpSource
from leadgen_dagster.errors import BudgetExceededError, SourceError
from leadgen_dagster_tests.discovery.builders import request_for
from leadgen_dagster_tests.discovery.sources import overpass_answers
from leadgen_dagster_tests.discovery.sources.asking import Answer, asked_of, places, told
from leadgen_dagster_tests.discovery.sources.mangling import mangled
from leadgen_dagster_tests.discovery.sources.recorded_api import RecordedApi
from leadgen_dagster_tests.discovery.sources.sample_yelp import AROUND_HELSINKI, Yelp, access_to, business


def asked(answer: Answer, request: PlaceRequest | None = None) -> tuple[list[SourceItem], list[ApiCall]]:
    return asked_of(YelpSource, answer, request or request_for(AROUND_HELSINKI), usd_per_1000=0)


def read(*records: Any) -> list[SourceItem]:
    """The items of one page; the area that comes first is left out."""
    items, _calls = asked(lambda _call: {"businesses": list(records), "total": len(records)})
    return items[1:]


def ordered(limit: int, location: str) -> PlaceRequest:
    return replace(request_for(location), limit=limit)


# ---------------------------------------------------------------------------- one record


def test_a_record_is_read_into_a_place_and_yelps_own_page_is_no_website() -> None:
    (place,) = places(read(business(1)))
    assert place == Place(
        source="yelp",
        source_id="yelp-00001",
        name="Ravintola 1",
        niche="restaurant",
        sub_niche="italian",
        street="Yrjönkatu 30",
        postcode="00100",
        city="Helsinki",
        country="FI",
        latitude=60.1651,
        longitude=24.93,
        phone="+3589666001",
        social_profiles=("https://www.yelp.com/biz/ravintola-1-helsinki",),
    )
    assert candidate_of(place, YelpSource(SourceAccess()), None).website is None


def test_what_yelp_calls_closed_is_closed_for_good() -> None:
    (closed, odd) = places(read(business(1, is_closed=True), business(2, is_closed="true")))
    assert closed.is_closed
    assert not odd.is_closed


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"name": {"text": "Kitch"}}, "yelp yelp-00007: no name (name is an object, not a text)"),
        ({"name": ""}, "yelp yelp-00007: no name"),
        ({"id": 7}, "yelp record without a usable id"),
        (
            {"coordinates": {"latitude": None, "longitude": None}},
            "yelp yelp-00007: no place on the map, so nobody",
        ),
        ({"coordinates": [60.17, 24.94]}, "(coordinates is a list, not an object)"),
    ],
)
def test_a_record_that_cannot_be_used_is_set_aside_with_the_reason_and_its_neighbours_are_not(
    broken: dict[str, Any], reason: str
) -> None:
    items = read(business(6), business(7) | broken, business(8))
    assert [place.source_id for place in places(items)] == ["yelp-00006", "yelp-00008"]
    (only,) = told(items, Rejected)
    assert reason in only


def test_a_detail_of_the_wrong_type_is_left_out_and_said() -> None:
    items = read(business(1, phone=358, location="Helsinki"))
    (place,) = places(items)
    assert (place.phone, place.street) == ("+358 9 666001", None)
    assert told(items, Unread) == [
        "yelp yelp-00001: location is a text, not an object; it was left out",
        "yelp yelp-00001: phone is a number, not a text; it was left out",
    ]


@settings(max_examples=80)
@given(st.data())
def test_whatever_an_answer_says_its_sound_records_are_read(data: st.DataObject) -> None:
    items = read(business(6), data.draw(mangled(business(7))), business(8))
    found = {place.source_id: place for place in places(items)}
    assert {"yelp-00006", "yelp-00008"} <= found.keys()
    for place in found.values():
        repr(place).encode()
        assert place.website is None


@settings(max_examples=30)
@given(st.data())
def test_an_answer_may_be_any_object_and_the_worst_is_one_error_of_the_source(data: st.DataObject) -> None:
    answer = data.draw(mangled({"businesses": [business(1)], "total": 700}))
    api = RecordedApi(answer=lambda _call: answer if isinstance(answer, dict) else {})
    try:
        list(YelpSource(access_to(api)).places(request_for(AROUND_HELSINKI)))
    except SourceError as error:
        assert str(error) == "source yelp: its answer holds no list of businesses"  # noqa: PT017
    assert len(api.asked) <= 12


# ---------------------------------------------------------------------------- calls


def test_a_circle_is_asked_for_as_it_was_ordered_by_category_page_by_page() -> None:
    yelp = Yelp([business(number) for number in range(120)])
    items, calls = asked(yelp.answer)
    assert len(places(items)) == 120
    assert [(call.query["offset"], call.query["limit"]) for call in calls] == [
        ("0", "50"),
        ("50", "50"),
        ("100", "50"),
    ]
    query = calls[0].query
    assert (calls[0].endpoint, calls[0].items_in) == ("/v3/businesses/search", "businesses")
    assert (query["latitude"], query["longitude"], query["radius"]) == ("60.170000", "24.940000", "2000")
    assert query["categories"].split(",")[0] == "restaurants"
    assert "location" not in query
    assert "term" not in query


def test_a_trade_that_yelp_has_no_category_for_is_asked_for_by_its_word() -> None:
    (niche,) = request_for("x").niches
    request = replace(request_for(AROUND_HELSINKI), niches=(replace(niche, yelp_categories=()),))
    _items, (call,) = asked(lambda _call: {"businesses": [], "total": 0}, request)
    assert call.query["term"] == "restaurant"
    assert "categories" not in call.query


def test_a_box_is_asked_for_by_the_circle_around_it_and_clipped() -> None:
    outside = business(2, coordinates={"latitude": 60.1501, "longitude": 24.93})
    answer: Answer = lambda _call: {"businesses": [business(1), outside], "total": 2}  # noqa: E731
    items, (call,) = asked(answer, request_for("60.16,24.92,60.18,24.97"))
    assert [place.source_id for place in places(items)] == ["yelp-00001"]
    assert call.query["radius"] == "1777"
    assert told(items, Note) == ["yelp: results outside 60.16,24.92,60.18,24.97 left out: 1"]


def test_a_wide_area_is_asked_for_in_circles_that_the_service_takes() -> None:
    _items, calls = asked(Yelp([business(1)]).answer, request_for("59,24,61,26"))
    assert len(calls) > 3
    assert all(int(call.query["radius"]) <= 40_000 for call in calls)


def test_more_than_a_search_shows_is_found_by_asking_for_the_quarters() -> None:
    rng = random.Random(7)  # noqa: S311  # a city, not a secret
    points = [
        {"latitude": 60.17 + rng.gauss(0, 0.02), "longitude": 24.94 + rng.gauss(0, 0.04)}
        for _ in range(1_000)
    ]
    city = Yelp([business(number, coordinates=point) for number, point in enumerate(points)])
    items, calls = asked(city.answer, ordered(300, "60.0,24.7,60.3,25.2"))
    assert len({place.source_id for place in places(items)}) == len(places(items)) == 1_000
    assert len(calls) == 82
    assert not told(items, Note, Incomplete)


def test_a_town_is_asked_for_by_the_circle_around_it_and_clipped_to_its_boundary() -> None:
    def at(number: int, latitude: float, longitude: float) -> dict[str, Any]:
        return business(number, coordinates={"latitude": latitude, "longitude": longitude})

    yelp = Yelp([at(1, 53.8, -1.55), at(2, 53.71, -1.30), at(3, 53.9, -1.5)])
    items, calls = asked(
        lambda call: overpass_answers.answer(call) if call.form else yelp.answer(call),
        request_for("Leeds, GB"),
    )
    assert [place.source_id for place in places(items)] == ["yelp-00001", "yelp-00003"]
    assert calls[-1].query["latitude"] == "53.825000"
    assert "location" not in calls[-1].query
    assert told(items, Note) == ["yelp: results outside Leeds, GB left out: 1"]


def test_a_town_without_a_known_boundary_is_asked_for_by_name_and_what_it_hides_is_said() -> None:
    yelp = Yelp([business(number) for number in range(900)])

    def answer(call: ApiCall) -> Mapping[str, Any]:
        if call.form:
            raise SourceError("overpass", "could not be reached", is_retryable=True)
        return yelp.answer(call)

    items, calls = asked(answer, ordered(500, "Leeds"))
    assert {call.query["location"] for call in calls if not call.form} == {"Leeds"}
    assert len(places(items)) == 240
    (reason,) = told(items, Incomplete)
    assert "the boundary of Leeds could not be looked up" in reason
    assert "there are more of restaurant than it shows" in reason


def test_pages_without_end_end() -> None:
    """The same page for ever; a total that nothing stands behind; none at all."""
    page = [business(number) for number in range(50)]
    answers: dict[str, tuple[Mapping[str, Any], int]] = {
        "same": ({"businesses": page, "total": 10**6}, 2),
        "empty": ({"businesses": [], "total": 10**6}, 1),
        "untold": ({"businesses": page}, 2),
        "no number": ({"businesses": [business(1)], "total": "many"}, 1),
    }
    for name, (answer, most) in answers.items():
        _items, calls = asked(lambda _call, answer=answer: answer)
        assert len(calls) <= most, name


# ---------------------------------------------------------------------------- failures


@pytest.mark.parametrize(
    "error",
    [
        SourceError("yelp", "answered 429: ACCESS_LIMIT_REACHED", is_retryable=False),
        BudgetExceededError("the budget has no room for a call to yelp"),
    ],
    ids=["quota", "budget"],
)
def test_what_was_found_before_a_failure_is_kept_and_a_failure_of_the_first_call_is_the_sources(
    error: Exception,
) -> None:
    yelp = Yelp([business(number) for number in range(120)])

    def answer(call: ApiCall) -> Mapping[str, Any]:
        if call.query["offset"] == "100":
            raise error
        return yelp.answer(call)

    items, _calls = asked(answer)
    assert len(places(items)) == 100
    assert items[-1] == Incomplete(str(error).removeprefix("source yelp: "))
    with pytest.raises(SourceError, match="yelp"):
        asked(lambda call: answer(replace(call, query={"offset": "100"})))


def test_an_answer_that_is_no_page_is_no_empty_town() -> None:
    with pytest.raises(SourceError, match="its answer holds no list of businesses"):
        asked(lambda _call: {"error": {"code": "VALIDATION_ERROR"}})


def test_its_calls_are_told_before_an_order_stands() -> None:
    estimate = YelpSource(SourceAccess()).estimate(ordered(50, "Leeds"))
    assert (estimate.calls_at_least, estimate.calls_at_most, estimate.cost_at_most_micro_usd) == (1, 50, 0)
    assert estimate.note


def test_beauty_salons_are_not_asked_for_among_all_hairdressers_and_nail_salons() -> None:
    """`beautysvc` is all of beauty, and what Yelp calls `othersalons` are nail salons."""
    request = replace(request_for(AROUND_HELSINKI), niches=find_niche("beautician"))
    _items, calls = asked(Yelp([]).answer, request)
    assert {"beautysvc", "othersalons"}.isdisjoint(calls[0].query["categories"].split(","))


def test_a_british_address_may_say_uk() -> None:
    address = business()["location"] | {"country": "UK"}
    assert [place.country for place in places(read(business(location=address)))] == ["GB"]


def test_a_crowded_middle_is_searched_through_though_the_service_looks_further_than_it_is_asked_to() -> None:
    yelp = Yelp([business(number * 401 % 900) for number in range(500)])

    def answer(call: ApiCall) -> Mapping[str, Any]:
        further = str(int(call.query["radius"]) * 5 // 4)
        return yelp.answer(replace(call, query={**call.query, "radius": further}))

    around_the_middle = "60.120,24.834,60.220,25.034"
    items, _calls = asked(answer, replace(request_for(around_the_middle), limit=500))
    assert len(places(items)) >= 490
