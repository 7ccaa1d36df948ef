from collections.abc import Mapping
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
    SourceItem,
    Unread,
)
from leadgen_dagster.discovery.sources.google_places import GooglePlacesSource
from leadgen_dagster.errors import OrderError, SourceError
from leadgen_dagster_tests.discovery.builders import request_for
from leadgen_dagster_tests.discovery.sources import overpass_answers
from leadgen_dagster_tests.discovery.sources.asking import Answer, asked_of, places, told
from leadgen_dagster_tests.discovery.sources.mangling import mangled
from leadgen_dagster_tests.discovery.sources.recorded_api import RecordedApi
from leadgen_dagster_tests.discovery.sources.sample_google_places import (
    HELSINKI_BOX,
    GooglePlaces,
    access_to,
    record,
)


def asked(answer: Answer, request: PlaceRequest | None = None) -> tuple[list[SourceItem], list[ApiCall]]:
    return asked_of(GooglePlacesSource, answer, request or request_for(HELSINKI_BOX))


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
        ({"id": None}, "record without a usable id"),
        ({"id": ["ChIJ"]}, "record without a usable id"),
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
    nameless = "google_places record without a usable id"  # told once, and not quoted: it may not be kept
    assert others == ([] if first == nameless else [nameless])


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
