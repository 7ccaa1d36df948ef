import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.locations import SearchArea
from leadgen_dagster.discovery.niches import NICHES
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
from leadgen_dagster.discovery.sources.google_places import GooglePlacesSource
from leadgen_dagster.errors import BudgetExceededError, OrderError, SourceError
from leadgen_dagster_tests.discovery.builders import request_for
from leadgen_dagster_tests.discovery.sources import overpass_answers
from leadgen_dagster_tests.discovery.sources.mangling import mangled
from leadgen_dagster_tests.discovery.sources.recorded_api import RecordedApi
from leadgen_dagster_tests.discovery.sources.sample_google_places import (
    HELSINKI_BOX,
    GooglePlaces,
    access_to,
    record,
)

Answer = Callable[[ApiCall], Mapping[str, Any]]


def asked(answer: Answer, request: PlaceRequest | None = None) -> tuple[list[SourceItem], list[ApiCall]]:
    """What comes of an order, and which calls it took."""
    api = RecordedApi(answer=answer)
    items = list(GooglePlacesSource(access_to(api)).places(request or request_for(HELSINKI_BOX)))
    return items, api.asked


def places(items: Iterable[SourceItem]) -> list[Place]:
    return [item for item in items if isinstance(item, Place)]


def told(items: Iterable[SourceItem], kind: type[Any]) -> list[str]:
    return [
        getattr(item, "reason", "") or getattr(item, "text", "") for item in items if isinstance(item, kind)
    ]


def read(*records: Any, request: PlaceRequest | None = None) -> list[SourceItem]:
    """The items of one page; the area that comes first is left out."""
    items, _calls = asked(lambda _call: {"places": list(records)}, request)
    return items[1:]


def address(**parts: str) -> list[dict[str, Any]]:
    return [
        {"longText": text, "shortText": text, "types": [kind, "political"]} for kind, text in parts.items()
    ]


# ---------------------------------------------------------------------------- one record


def test_a_record_is_read_into_a_place() -> None:
    (place,) = read(record(1))
    assert place == Place(
        source="google_places",
        source_id="ChIJ00001",
        name="Ravintola 1",
        niche="restaurant",
        sub_niche="italian restaurant",
        street="Yrjönkatu 30",
        postcode="00100",
        city="Helsinki",
        country="FI",
        latitude=60.1651,
        longitude=24.93,
        phone="+358 9 666001",
        website="https://ravintola1.fi/",
        opening_hours="Mo-Su 11:00-22:30",
    )


@pytest.mark.parametrize(
    ("status", "is_closed"),
    [
        ("OPERATIONAL", False),
        ("CLOSED_PERMANENTLY", True),
        ("CLOSED_TEMPORARILY", False),
        ("FUTURE_OPENING", False),
        ("A_NEW_ONE", False),
        (None, False),
    ],
)
def test_only_what_is_closed_for_good_is_closed(status: str | None, *, is_closed: bool) -> None:
    (place,) = places(read(record(businessStatus=status)))
    assert place.is_closed is is_closed


@pytest.mark.parametrize(
    ("components", "street", "city"),
    [
        (
            address(street_number="9", route="Call Lane", postal_town="Leeds", country="GB"),
            "9 Call Lane",
            "Leeds",
        ),
        (
            address(street_number="5", route="7th Ave", sublocality_level_1="Brooklyn", country="US"),
            "5 7th Ave",
            "Brooklyn",
        ),
        (address(locality="Quarter", postal_town="Town", country="SE"), None, "Quarter"),
        ([], None, None),
    ],
)
def test_an_address_is_put_together_as_one_writes_it_there(
    components: list[Any], street: str | None, city: str | None
) -> None:
    (place,) = places(read(record(addressComponents=components)))
    assert (place.street, place.city) == (street, city)


def test_a_record_with_little_in_it_is_a_place_all_the_same() -> None:
    bare = {key: record()[key] for key in ("id", "displayName", "location")}
    assert read(bare) == [
        Place(
            source="google_places",
            source_id="ChIJ00001",
            name="Ravintola 1",
            niche="restaurant",
            latitude=60.1651,
            longitude=24.93,
        )
    ]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"displayName": ["Kitch"]}, "ChIJ00007: no name (displayName is a list, not an object)"),
        ({"displayName": None}, "ChIJ00007: no name"),
        ({"displayName": {"text": " "}}, "ChIJ00007: no name"),
        ({"displayName": {"text": "a\0b"}}, "ChIJ00007: no name (displayName.text is broken by"),
        ({"displayName": {"text": "x" * 10**6}}, "ChIJ00007: no name (displayName.text is a text of 1000000"),
        ({"id": None}, "record \"{'id': None"),
        ({"id": ["ChIJ"]}, "record \"{'id': ['ChIJ']"),
        (
            {"location": "60.17,24.94"},
            "ChIJ00007: no place on the map, so nobody can tell whether it lies in 60.16",
        ),
        (
            {"location": {"latitude": float("nan"), "longitude": 24.94}},
            "(location.latitude is not between -90",
        ),
        ({"location": {"latitude": 60.17}}, "ChIJ00007: no place on the map"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_a_record_that_cannot_be_used_is_set_aside_with_the_reason_and_its_neighbours_are_not(
    broken: dict[str, Any], reason: str
) -> None:
    items = read(record(6), record(7) | broken, record(8), None, "text")
    assert [place.source_id for place in places(items)] == ["ChIJ00006", "ChIJ00008"]
    first, *others = told(items, Rejected)
    assert first.startswith("google_places ")
    assert reason in first
    assert others == [
        "google_places record 'None': no usable id",
        "google_places record 'text': no usable id",
    ]


def test_a_detail_of_the_wrong_type_is_left_out_and_said() -> None:
    items = read(record(websiteUri=["https://x.fi"], internationalPhoneNumber=358, types="restaurant"))
    (place,) = places(items)
    assert (place.website, place.phone) == (None, "09 666001")
    assert told(items, Unread) == [
        "google_places ChIJ00001: types is a text, not a list; it was left out",
        "google_places ChIJ00001: internationalPhoneNumber is a number, not a text; it was left out",
        "google_places ChIJ00001: websiteUri is a list, not a text; it was left out",
    ]


def test_a_week_of_which_a_part_cannot_be_read_is_left_out_as_a_whole() -> None:
    monday = {"open": {"day": 1, "hour": 9, "minute": 0}, "close": {"day": 1, "hour": 17, "minute": 0}}
    for second, why in ((None, "holds something that is not an object"), ({}, "is no week that can be read")):
        items = read(record(regularOpeningHours={"periods": [monday, second]}))
        (place,) = places(items)
        assert place.opening_hours is None
        assert told(items, Unread) == [
            f"google_places ChIJ00001: regularOpeningHours.periods {why}; it was left out"
        ]


@settings(max_examples=80)
@given(st.data())
def test_whatever_an_answer_says_its_sound_records_are_read(data: st.DataObject) -> None:
    broken = data.draw(mangled(record(7)))
    items = read(record(6), broken, record(8))
    found = {place.source_id: place for place in places(items)}
    assert {"ChIJ00006", "ChIJ00008"} <= found.keys()
    for place in found.values():
        assert place.latitude is not None
        assert 60.16 <= place.latitude <= 60.18
        assert "\0" not in repr(place)
        repr(place).encode()


@settings(max_examples=30)
@given(st.data())
def test_an_answer_may_be_any_object_and_the_worst_is_one_error_of_the_source(data: st.DataObject) -> None:
    answer = data.draw(mangled({"places": [record(1)], "nextPageToken": "t"}))
    api = RecordedApi(answer=lambda _call: answer if isinstance(answer, dict) else {})
    try:
        list(GooglePlacesSource(access_to(api)).places(request_for(HELSINKI_BOX)))
    except SourceError as error:
        assert str(error) == "source google_places: its answer holds no list of places"  # noqa: PT017
    assert len(api.asked) <= 12


# ---------------------------------------------------------------------------- whose trade it is


def test_places_of_another_trade_are_left_out_and_counted_or_given_as_neighbours() -> None:
    barber = record(2, primaryType="barber_shop", types=["barber_shop", "establishment"])
    unclear = record(3, primaryType="establishment", types=["establishment"])
    items = read(record(1), barber, unclear)
    assert [place.source_id for place in places(items)] == ["ChIJ00001", "ChIJ00003"]
    assert told(items, Note) == ["google_places: results of other trades left out: 1"]
    everybody = places(read(record(1), barber, request=request_for(HELSINKI_BOX, with_neighbours=True)))
    first, second = everybody
    assert first.niche == "restaurant"
    assert "barber_shop" in NICHES[second.niche].google_types


def test_a_hotel_with_a_restaurant_is_a_hotel() -> None:
    hotel = record(1, primaryType="hotel", types=["hotel", "lodging", "restaurant", "establishment"])
    assert not places(read(hotel))
    untold = record(2, primaryType=None, types=["establishment", "restaurant", "food"])
    assert len(places(read(untold))) == 1


def test_a_type_is_asked_for_strictly_only_where_the_trade_has_no_other() -> None:
    for niche in NICHES.values():
        request = replace(request_for(HELSINKI_BOX), niches=(niche,))
        _items, (call, *_) = asked(lambda _call: {}, request)
        assert call.document is not None
        assert call.document.get("includedType") == next(iter(niche.google_types), None)
        assert call.document.get("strictTypeFiltering", False) is (len(niche.google_types) == 1)


def test_every_trade_that_was_ordered_is_asked_for() -> None:
    items, calls = asked(lambda _call: {}, request_for(HELSINKI_BOX, "all"))
    assert len(calls) == len(NICHES)
    assert not places(items)


# ---------------------------------------------------------------------------- calls


def test_only_what_a_lead_needs_is_asked_and_paid_for() -> None:
    _items, (call, *_) = asked(lambda _call: {})
    mask = call.headers["X-Goog-FieldMask"].split(",")
    assert {"places.id", "places.displayName", "places.websiteUri", "nextPageToken"} <= set(mask)
    assert not any("rating" in name.lower() or "review" in name for name in mask)
    assert (call.endpoint, call.method, call.items_in) == ("/v1/places:searchText", "POST", "places")
    assert call.cost_micro_usd == 35_000
    assert call.document == {
        "textQuery": "restaurant",
        "includedType": "restaurant",
        "strictTypeFiltering": False,
        "pageSize": 20,
        "locationRestriction": {
            "rectangle": {
                "low": {"latitude": 60.16, "longitude": 24.92},
                "high": {"latitude": 60.18, "longitude": 24.97},
            }
        },
    }


def test_a_further_page_is_the_same_question_with_the_token() -> None:
    google = GooglePlaces([record(number) for number in range(45)])
    items, (first, second, third) = asked(google.answer)
    assert len(places(items)) == 45
    assert second.document == {**(first.document or {}), "pageToken": "from-20"}
    assert third.document == {**(first.document or {}), "pageToken": "from-40"}
    assert first.headers == second.headers == third.headers


def test_nothing_outside_a_circle_is_given_though_a_rectangle_is_asked_for() -> None:
    corner = record(2, location={"latitude": 60.1785, "longitude": 24.957})
    items = read(record(1), corner, request=request_for("60.17,24.94 1km"))
    assert [place.source_id for place in places(items)] == ["ChIJ00001"]
    assert told(items, Note) == ["google_places: results outside 60.17,24.94 1km left out: 1"]


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
    assert not told(items, Note | Incomplete)


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


# ---------------------------------------------------------------------------- towns by name


def with_map(google: Answer, overpass: Answer = overpass_answers.answer) -> Answer:
    return lambda call: overpass(call) if call.form else google(call)


def test_a_town_is_asked_for_by_the_box_around_it_in_its_language_and_clipped() -> None:
    middle = {"latitude": 48.137, "longitude": 11.575}
    far = record(2, location={"latitude": 48.9, "longitude": 11.575})
    nowhere = record(3, location=None, addressComponents=address(locality="München", country="DE"))
    answer = with_map(
        lambda _call: {"places": [record(1, location=middle), far, nowhere, record(4, location=None)]}
    )
    items, calls = asked(answer, request_for("Munich"))
    area = items[0]
    assert isinstance(area, SearchArea)
    assert area.label == "München, DE"
    assert [place.source_id for place in places(items)] == ["ChIJ00001", "ChIJ00003"]
    assert told(items, Rejected) == [
        "google_places ChIJ00004: no place on the map, so nobody can tell whether it lies in München, DE"
    ]
    document = calls[-1].document or {}
    assert (document["textQuery"], document["languageCode"], document["regionCode"]) == (
        "Restaurant",
        "de",
        "DE",
    )
    assert document["locationRestriction"]["rectangle"]["low"]["latitude"] == pytest.approx(area.bounds.south)


def test_a_town_whose_boundary_cannot_be_looked_up_is_asked_for_by_name_and_it_is_said() -> None:
    def down(_call: ApiCall) -> Mapping[str, Any]:
        raise SourceError("overpass", "answered 504", is_retryable=True)

    google = GooglePlaces([record(number) for number in range(100)])
    items, calls = asked(with_map(google.answer, down), request_for("Leeds, GB"))
    assert len(places(items)) == 60
    assert not any(isinstance(item, SearchArea) for item in items)
    assert calls[-1].document is not None
    assert calls[-1].document["textQuery"] == "restaurant in Leeds, GB"
    assert "locationRestriction" not in calls[-1].document
    (reason,) = told(items, Incomplete)
    assert reason.startswith("the boundary of Leeds, GB could not be looked up (source overpass: ")


def test_a_town_that_nobody_knows_costs_nothing() -> None:
    calls: list[ApiCall] = []
    answer = with_map(lambda call: calls.append(call) or {})
    with pytest.raises(OrderError, match="location: 'Stutgart'"):
        asked(answer, request_for("Stutgart"))
    assert not calls


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
