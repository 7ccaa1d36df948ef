"""Any town by name, asked of an Overpass server."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from leadgen_dagster.clients.place_api import MemoisedPlaceApi, PlaceService
from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.geography import Circle
from leadgen_dagster.discovery.locations import NamedPlace, SearchArea, area_on_map, parse_location
from leadgen_dagster.discovery.niches import NICHES, Niche, find_niche
from leadgen_dagster.discovery.sources.base import ApiCall, Note, PlaceRequest, Rejected, SourceAccess
from leadgen_dagster.discovery.sources.overpass import OverpassSource, places_query
from leadgen_dagster.discovery.sources.overpass_area import FoundArea, find_area, named_query
from leadgen_dagster.discovery.sources.overpass_query import quoted
from leadgen_dagster.discovery.sources.overpass_shape import polygon_of
from leadgen_dagster.errors import OrderError, SourceError
from leadgen_dagster_tests.discovery.builders import request_for
from leadgen_dagster_tests.discovery.sources.overpass_answers import (
    HEADER,
    LEEDS_ID,
    LEEDS_WAYS,
    NAMED,
    answer,
    restaurant,
    shape,
)
from leadgen_dagster_tests.discovery.sources.recorded_api import RecordedApi

STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
STATEMENTS = re.compile(r"[][(){}a-z0-9:;,.~=<>_ -]*")
"""All that a query of ours consists of outside its strings."""


def taken(location: str, **arguments: Any) -> FoundArea:
    place = parse_location(location)
    assert isinstance(place, NamedPlace)
    return find_area(RecordedApi(answer=answer), place, **arguments)


def items_of(
    location: str = "Leeds", niche: str = "restaurants", *, reply: Callable[..., Mapping[str, Any]] = answer
) -> list[Any]:
    source = OverpassSource(SourceAccess(api=RecordedApi(answer=reply).of))
    return list(source.places(request_for(location, niche)))


def all_of(kind: type, items: Sequence[Any]) -> list[Any]:
    return [item for item in items if isinstance(item, kind)]


# -------------------------------------------------------------------------------- the places of a town


def test_nodes_ways_and_relations_of_a_town_come_with_its_country_and_its_name() -> None:
    items = items_of()
    (area,) = all_of(SearchArea, items)
    assert items.index(area) < min(map(items.index, all_of(Place, items)))
    assert (area.label, area.country) == ("Leeds, GB", "GB")
    places = all_of(Place, items)
    assert [place.source_id for place in places] == ["node/1", "way/1", "relation/1", "node/2"]
    assert {place.country for place in places} == {"GB"}
    assert [place.city for place in places] == ["Leeds", "Leeds", "Leeds", "Otley"]
    assert places[0].last_edited == date(2026, 3, 4)


def test_what_lies_outside_the_boundary_is_not_given_though_it_lies_in_its_box() -> None:
    items = items_of()
    (area,) = all_of(SearchArea, items)
    assert area.bounds.contains((53.71, -1.30))
    assert "node/4" not in {place.source_id for place in all_of(Place, items)}


def test_records_without_a_name_are_counted() -> None:
    (note,) = (item.text for item in items_of() if isinstance(item, Note) and "name:" in item.text)
    assert note == "overpass: records left out for want of a name: 1"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (restaurant(9, lat=None), "overpass node/9: no coordinates on Earth"),
        (restaurant(9, lat="53.8"), "overpass node/9: no coordinates on Earth"),
        (restaurant(9, lat=float("nan")), "overpass node/9: no coordinates on Earth"),
        (restaurant(9, lat=10**400), "overpass node/9: no coordinates on Earth"),
        (restaurant(9, type="way", center=[53.8, -1.5]), "overpass way/9: no coordinates on Earth"),
        (restaurant(9, tags=None), "overpass node/9: its tags are no plain short texts"),
        (restaurant(9, tags={"name": 7}), "overpass node/9: its tags are no plain short texts"),
        (restaurant(9, tags={"name": "\ud800"}), "overpass node/9: its tags are no plain short texts"),
        (restaurant(9, tags={"name": "n" * 10**6}), "overpass node/9: its tags are no plain short texts"),
        (restaurant(9, id=True), "overpass record 1: 'node' with id 'True' is no object of the map"),
        (restaurant(9, type=["node"]), "overpass record 1: \"['node']\" with id '9' is no object of the map"),
        ("a text", "overpass record 1: 'None' with id 'None' is no object of the map"),
    ],
    ids=[
        *(
            "no latitude",
            "a text",
            "nan",
            "huge",
            "a list",
            "no tags",
            "a number as name",
            "half a character",
        ),
        *("a megabyte of name", "no id", "no type", "no record"),
    ],
)
def test_a_broken_record_is_set_aside_with_the_reason_and_its_neighbour_goes_on(
    broken: object, reason: str
) -> None:
    items = items_of(reply=partial(answer, places=[broken, restaurant(2)]))
    assert [item.reason for item in all_of(Rejected, items)] == [reason]
    assert [place.source_id for place in all_of(Place, items)] == ["node/2"]


def test_a_record_that_comes_twice_is_given_once() -> None:
    items = items_of(reply=partial(answer, places=[restaurant(1), restaurant(1)]))
    assert len(all_of(Place, items)) == 1


def test_a_time_that_is_none_costs_only_the_time() -> None:
    items = items_of(reply=partial(answer, places=[restaurant(1, timestamp="yesterday")]))
    assert [place.last_edited for place in all_of(Place, items)] == [None]


def test_a_server_that_no_longer_follows_the_map_is_told_of() -> None:
    def old(call: ApiCall) -> Mapping[str, Any]:
        return answer(call) | {"osm3s": {"timestamp_osm_base": "2025-01-02T00:00:00Z"}}

    assert Note("overpass: the server's map is of 2025-01-02") in items_of(reply=old)


def test_a_server_without_areas_is_asked_by_the_box_instead_of_giving_an_empty_town() -> None:
    def without_areas(call: ApiCall) -> Mapping[str, Any]:
        return answer(call, places=[]) if "(area:" in (call.form or {})["data"] else answer(call)

    assert len(all_of(Place, items_of(reply=without_areas))) == 4


@pytest.mark.parametrize(
    ("location", "limits"),
    [
        ("53.8,-1.55 1.5km", "(around:1500,53.8000000,-1.5500000)"),
        ("53.7,-1.8,53.9,-1.3", "(53.7000000,-1.8000000,53.9000000,-1.3000000)"),
        ("0.00001,0.00002 0.5m", "(around:1,0.0000100,0.0000200)"),
    ],
)
def test_a_point_or_a_box_takes_one_question(location: str, limits: str) -> None:
    api = RecordedApi(answer=answer)
    source = OverpassSource(SourceAccess(api=api.of))
    request = request_for(location)
    list(source.places(request))
    (call,) = api.asked
    assert call.endpoint == "/api/interpreter"
    assert limits in (call.form or {})["data"]
    assert source.estimate(request).calls_at_most == 1


def test_the_estimate_holds_for_a_town() -> None:
    api = RecordedApi(answer=answer)
    source = OverpassSource(SourceAccess(api=api.of))
    list(source.places(request_for("Leeds")))
    estimate = source.estimate(request_for("Leeds"))
    assert estimate.calls_at_least <= len(api.asked) == 4 <= estimate.calls_at_most
    assert estimate.cost_at_most_micro_usd == 0


def test_being_ready_asks_nobody() -> None:
    source = OverpassSource(SourceAccess())
    source.check_ready("Atlantis")
    with pytest.raises(OrderError, match="a latitude is -90 to 90"):
        source.check_ready("95,1 1km")


# -------------------------------------------------------------------------------- which place is meant


def test_a_town_is_its_boundary_and_not_the_small_town_of_its_name_elsewhere() -> None:
    found = taken("Leeds")
    assert found.area_id == 3_600_000_000 + LEEDS_ID
    assert found.area.polygon is not None
    assert found.notes == ("Leeds was taken as Leeds, GB; for another place of that name say `Leeds, US`",)


@pytest.mark.parametrize(
    ("location", "label"),
    [
        ("Leeds, US", "Leeds, US"),
        ("Newcastle, AU", "Newcastle, AU"),
        ("Newcastle, Australia", "Newcastle, AU"),
        ("Newcastle, south africa", "Newcastle, ZA"),
        ("Newcastle, Wyoming", "Newcastle, US"),
        ("Leeds, UK", "Leeds, GB"),
        ("Leeds, England", "Leeds, GB"),
        ("Portland, OR", "Portland, US"),
        ("Portland, Maine, US", "Portland, US"),
        ("New York", "New York, US"),
        ("Georgia, US", "Georgia, US"),
        ("munich", "München, DE"),
        ("MÜNCHEN, Deutschland", "München, DE"),
        ("hebden bridge", "Hebden Bridge, GB"),
    ],
)
def test_what_stands_behind_the_comma_decides(location: str, label: str) -> None:
    assert taken(location).area.label == label


def test_states_are_told_apart_where_the_country_is_the_same() -> None:
    assert taken("Portland, ME").area.bounds.contains((43.657, -70.259))
    with pytest.raises(OrderError, match="`Portland, Oregon`, `Portland, Maine`"):
        taken("Portland")


def test_several_places_of_one_name_are_offered_as_one_can_order_them() -> None:
    with pytest.raises(OrderError) as caught:
        taken("Newcastle")
    assert str(caught.value) == (
        "location: 'Newcastle' is not allowed; several places have that name; say which: "
        "`Newcastle, ZA`, `Newcastle, AU`, `Newcastle, Washington`, `Newcastle, Wyoming`"
    )
    for offered in re.findall("`(.*?)`", str(caught.value)):
        assert taken(offered)


def test_places_that_nothing_tells_apart_are_offered_by_where_they_are() -> None:
    def without_areas(call: ApiCall) -> Mapping[str, Any]:
        return {"elements": []} if "is_in(" in (call.form or {})["data"] else answer(call)

    with pytest.raises(OrderError) as caught:
        find_area(RecordedApi(answer=without_areas), NamedPlace(name="Newcastle"))
    offered = re.findall("`(.*?)`", str(caught.value))
    assert "-32.9280,151.7810 3km" in offered
    assert all(isinstance(parse_location(text), Circle) for text in offered)


def test_the_agencys_own_country_decides_between_places_alike() -> None:
    assert taken("Newcastle", home_country="AU").area.country == "AU"
    assert taken("Leeds", home_country="US").area.country == "GB"


def test_a_city_of_several_levels_is_one_place_and_dominates_by_its_people() -> None:
    found = taken("Paris")
    assert found.area.label == "Paris, FR"
    assert "taken as Paris, FR" in found.notes[0]
    assert "`Paris, US`" in found.notes[0]


def test_a_town_that_is_only_a_node_is_searched_as_far_as_such_a_town_reaches() -> None:
    found = taken("Newcastle, AU")
    assert found.area_id is None
    assert found.area.circle is not None
    assert found.area.circle.radius_m == 15_000
    assert found.town == "Newcastle"
    assert "within 15 km" in found.notes[0]


def test_a_small_towns_own_boundary_is_taken_though_its_level_is_that_of_quarters() -> None:
    found = taken("Hebden Bridge")
    assert found.area.circle is None
    assert found.town == "Hebden Bridge"


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("Atlantis", "OpenStreetMap has no place of that name; check the spelling, or give a box"),
        (
            "Leeds, Japan",
            "none of the largest places of that name lies there; they are `Leeds, GB`, `Leeds, US`",
        ),
        ("France", "it is wider than 3 degrees; name a town in it, or a box"),
        ("Georgia", "name a town in it, or a box; for a town of that name say `Georgia, US`"),
        ("L" * 300, "a name of 1 to 200 characters is needed"),
    ],
    ids=["unknown", "elsewhere", "country", "state", "long"],
)
def test_a_place_that_cannot_be_found_is_refused_with_advice(location: str, told: str) -> None:
    with pytest.raises(OrderError, match=re.escape(told)):
        taken(location)


def test_an_open_boundary_is_searched_by_its_box() -> None:
    assert polygon_of(shape(LEEDS_WAYS[:2])) is None
    found = taken("Paris")
    assert (found.area_id, found.area.polygon) == (None, None)
    assert "not closed" in found.notes[-1]


def test_lines_are_joined_whichever_way_they_run_and_holes_are_kept() -> None:
    relation = shape()
    hole = [(53.79, -1.56), (53.79, -1.54), (53.81, -1.54), (53.79, -1.56)]
    geometry = [{"lat": lat, "lon": lon} for lat, lon in hole]
    relation["members"].append({"type": "way", "ref": 9, "role": "inner", "geometry": geometry})
    polygon = polygon_of(relation)
    assert polygon is not None
    assert polygon.contains((53.75, -1.6))
    assert not polygon.contains((53.795, -1.545))
    assert not polygon.contains((53.72, -1.31))


@given(
    st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3))
)
@example([{"type": "relation", "id": 1, "bounds": {"minlat": "x"}, "tags": {"boundary": "administrative"}}])
@example([{"type": "node", "id": 1, "lat": 1, "lon": 999, "tags": {"place": "city"}}])
def test_answers_of_another_shape_are_no_place(elements: object) -> None:
    api = RecordedApi(answer=lambda _call: {"elements": elements if isinstance(elements, list) else []})
    with pytest.raises(OrderError, match="no place of that name"):
        find_area(api, NamedPlace(name="Leeds"))


# -------------------------------------------------------------------------------- the queries


def read_back(query: str) -> list[str]:
    """The strings of a query as the server reads them, all else being commands of ours."""
    assert STATEMENTS.fullmatch(STRING.sub("", query)), query
    return [
        re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text[1:-1])
        for text in STRING.findall(query)
    ]


@given(st.text())
@example('"];out;')
@example("\\")
@example('\\";/*')
def test_any_text_is_one_string_of_the_query(text: str) -> None:
    assert read_back(quoted(text)) == [text]


@given(st.text(alphabet=st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30))
@example('"];out;//')
@example('Leeds"](area:1);out;\\')
def test_any_name_stands_in_its_query_whole(name: str) -> None:
    assert name in {string for string in read_back(named_query(name)) if len(string) == len(name)} or (
        # clean_line composes letters: what stands there is the same name in another form
        not name.isascii()
    )


@pytest.mark.parametrize("name", ["restaurants", "yoga studio", "local businesses"])
def test_a_query_for_places_finds_whatever_belongs_to_its_niches(name: str) -> None:
    niches = find_niche(name)
    query = places_query(FoundArea(area=area_on_map(parse_location("1,2 3km"), "x")), niches)
    read_back(query)
    assert len(query) < 6_000
    for niche in niches:
        for rule in niche.tags:
            tags = {key: "first; " + ("any" if value == "*" else value) for key, value in rule}
            assert niche.matches(tags)
            assert found_by(query, tags), rule
    assert not found_by(query, {"amenity": "bank"})
    assert not found_by(query, {"amenity": "restaurants"})


def test_a_tag_of_any_value_and_a_value_of_odd_letters_are_asked_for_as_they_are() -> None:
    niche = NICHES["restaurant"]
    odd = Niche(
        key="odd",
        group=niche.group,
        labels=niche.labels,
        words=(),
        schema_org="",
        tags=((("shop", "*"),), (("craft", 'a.b"|(c'),)),
    )
    query = places_query(FoundArea(area=area_on_map(parse_location("1,2 3km"), "x")), [odd])
    read_back(query)
    assert found_by(query, {"shop": "whatever"})
    assert found_by(query, {"craft": 'a.b"|(c'})
    assert not found_by(query, {"craft": "axb"})


def found_by(query: str, tags: Mapping[str, str]) -> bool:
    """Whether the server would give an object of these tags."""
    return any(
        all(
            key in tags and re.search(pattern or "", tags[key])
            for key, pattern in zip(strings[::2], strings[1::2], strict=True)
        )
        for strings in map(_filters, re.findall(r'nwr((?:\[(?:"(?:[^"\\]|\\.)*"|~)*\])+)', query))
    )


def _filters(line: str) -> list[str]:
    """Key, pattern, key, pattern; an empty pattern where any value will do."""
    return [part for found in re.findall(r"\[(.*?)\](?=\[|$)", line) for part in [*read_back(found), ""][:2]]


# -------------------------------------------------------------------------------- over the network


class Memory:
    """Remembers answers and calls as the database does."""

    def __init__(self) -> None:
        self.answers: dict[str, Mapping[str, Any]] = {}
        self.statuses: list[str] = []

    def find(self, call_key: str, *, now: datetime) -> Mapping[str, Any] | None:  # noqa: ARG002 - the protocol's
        return self.answers.get(call_key)

    def put(self, *, call_key: str, answer: Mapping[str, Any], **_: Any) -> None:
        self.answers[call_key] = answer

    def reserve(self, **_: Any) -> int:
        return len(self.statuses)

    def settle(self, _call_id: int, /, *, status: str, **_: Any) -> None:
        self.statuses.append(status)


def served(
    server: HTTPServer, respond: Callable[[ApiCall], Response | None]
) -> tuple[OverpassSource, Memory]:
    """The source, asking a server that answers as the small world does unless `respond` has an answer of its own."""

    def handle(request: Request) -> Response:
        (query,) = parse_qs(request.get_data(as_text=True))["data"]
        call = ApiCall(endpoint=request.path, form={"data": query})
        return respond(call) or Response(json_of(answer(call)), content_type="application/json")

    server.expect_request("/api/interpreter", method="POST").respond_with_handler(handle)
    memory = Memory()
    service = PlaceService(name="overpass", base_url=server.url_for(""), slot=nullcontext)
    api = MemoisedPlaceApi(
        service,
        ledger=memory,
        memo=memory,
        sleep=lambda _s: None,
        now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
    )
    return OverpassSource(SourceAccess(api=lambda _service: api)), memory


def json_of(document: Mapping[str, Any]) -> str:
    import json

    return json.dumps(document)


def test_a_busy_server_is_asked_again_and_nothing_is_asked_twice(httpserver: HTTPServer) -> None:
    busy = [Response("rate_limited", 429, {"Retry-After": "1"}), Response("timeout", 504)]
    source, memory = served(httpserver, lambda _call: busy.pop(0) if busy else None)
    request: PlaceRequest = request_for("Leeds")
    first = list(source.places(request))
    assert len(all_of(Place, first)) == 4
    assert memory.statuses == ["429", "504", "answered", "answered", "answered", "answered"]
    assert list(source.places(request)) == first
    assert len(memory.statuses) == 6


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            json_of({**HEADER, "elements": NAMED[:1], "remark": 'runtime error: Query timed out in "query"'}),
            'broke off (runtime error: Query timed out in "query"); if it does so again, order a smaller area',
        ),
        (json_of({**HEADER, "elements": None}), "its answer has no list of elements"),
        ("<html>The server is probably too busy</html>", "its answer is no JSON object"),
    ],
    ids=["remark", "no list", "html"],
)
def test_an_answer_of_200_that_is_none_is_an_error_and_no_empty_town(
    httpserver: HTTPServer, body: str, told: str
) -> None:
    source, memory = served(httpserver, lambda _call: Response(body, content_type="application/json"))
    with pytest.raises(SourceError, match=re.escape(told)) as caught:
        list(source.places(request_for("Leeds")))
    assert caught.value.is_retryable
    assert not memory.answers
