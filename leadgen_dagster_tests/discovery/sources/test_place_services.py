"""The paid services over real HTTP on loopback, through the client, the ledger and the memo of a run."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from werkzeug import Request, Response

from leadgen_dagster.clients.place_api import MemoisedPlaceApi, PlaceService
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.ledger import Ledger
from leadgen_dagster.db.models import OutsideCallModel, PlaceAnswerModel
from leadgen_dagster.db.place_answers import PlaceAnswers
from leadgen_dagster.discovery.sources.base import ApiCall, Incomplete, PlaceSource, SourceAccess, SourceItem
from leadgen_dagster.discovery.sources.google_places import GooglePlacesSource
from leadgen_dagster.discovery.sources.yelp import YelpSource
from leadgen_dagster.errors import SourceError
from leadgen_dagster_tests.db.orders import place_order
from leadgen_dagster_tests.discovery.builders import request_for
from leadgen_dagster_tests.discovery.sources.asking import places
from leadgen_dagster_tests.discovery.sources.sample_google_places import GooglePlaces, record
from leadgen_dagster_tests.discovery.sources.sample_yelp import Yelp, business

KEY = "a-very-secret-key"
SOURCES: Mapping[str, Callable[[SourceAccess], PlaceSource]] = {
    "google_places": GooglePlacesSource,
    "yelp": YelpSource,
}
PAGE_SIZES = {"google_places": 20, "yelp": 50}
AREA = "60.16,24.92,60.18,24.97"


@dataclass
class Vendor:
    """A service on loopback with two and a half pages of places; what it is told to do instead comes first."""

    name: str
    asked: list[Request] = field(default_factory=list)
    before: list[Response | None] = field(default_factory=list)
    """What the next requests are answered with; None as the service does."""
    ever_after: Response | None = None

    def handle(self, request: Request) -> Response:
        self.asked.append(request)
        instead = self.before.pop(0) if self.before else self.ever_after
        if instead is not None:
            return instead
        count = PAGE_SIZES[self.name] * 5 // 2
        if self.name == "yelp":
            known = Yelp([business(number) for number in range(count)])
            answer = known.answer(ApiCall(endpoint=request.path, query=request.args.to_dict()))
        else:
            known_places = GooglePlaces([record(number) for number in range(count)])
            answer = known_places.answer(ApiCall(endpoint=request.path, document=request.get_json()))
        return Response(json.dumps(answer), mimetype="application/json")


@pytest.fixture(params=SOURCES)
def vendor(request: pytest.FixtureRequest, httpserver: HTTPServer) -> Vendor:
    vendor = Vendor(request.param)
    paths = {"google_places": "/v1/places:searchText", "yelp": "/v3/businesses/search"}
    httpserver.expect_request(paths[vendor.name]).respond_with_handler(vendor.handle)
    return vendor


@dataclass
class Run:
    """One process at work on a run; another of the same run finds what was answered."""

    database: Database
    server: HTTPServer
    run_id: str

    def source(self, name: str) -> PlaceSource:
        service = PlaceService(
            name=name,
            base_url=self.server.url_for(""),
            headers={"X-Goog-Api-Key": KEY}
            if name == "google_places"
            else {"Authorization": f"Bearer {KEY}"},
            secret=KEY,
            key_setting=f"LEADGEN_{name.upper()}_API_KEY",
        )
        api = MemoisedPlaceApi(
            service,
            ledger=Ledger(self.database, self.run_id),
            memo=PlaceAnswers(self.database, self.run_id),
            sleep=lambda _seconds: None,
        )
        return SOURCES[name](SourceAccess(api=lambda _name: api, price_usd_per_1000_calls=35.0))

    def items(self, name: str) -> list[SourceItem]:
        return list(self.source(name).places(request_for(AREA)))

    def kept(self) -> str:
        """All that the run wrote down."""
        with self.database.read() as session:
            tables = (OutsideCallModel.__table__, PlaceAnswerModel.__table__)
            return str([session.execute(select(table)).all() for table in tables])


@pytest.fixture
def run(sqlite_database: Database, httpserver: HTTPServer) -> Run:
    return Run(sqlite_database, httpserver, place_order(sqlite_database).id)


def failing(status: int, **headers: str) -> Response:
    error = {"error": {"code": status, "message": f"the key {KEY} is not welcome", "status": "X"}}
    return Response(json.dumps(error), status=status, headers=headers)


def test_all_pages_are_read_and_a_service_that_is_busy_is_asked_again(vendor: Vendor, run: Run) -> None:
    vendor.before = [failing(429, **{"Retry-After": "1"}), None, failing(503)]
    items = run.items(vendor.name)
    assert len(places(items)) == PAGE_SIZES[vendor.name] * 5 // 2
    assert len(vendor.asked) == 5
    assert not [item for item in items if isinstance(item, Incomplete)]


@pytest.mark.parametrize("status", [403, 500])
def test_a_service_that_refuses_from_the_start_is_one_line_without_the_key(
    vendor: Vendor, run: Run, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.ever_after = failing(status)
    with pytest.raises(SourceError, match=f"^source {vendor.name}: ") as caught:
        run.items(vendor.name)
    assert caught.value.is_retryable is (status == 500)
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    for text in (str(caught.value), repr(caught.value), logged, run.kept()):
        assert KEY not in text
        assert "\n" not in str(caught.value)


CUT = Response("{", headers={"Content-Length": "1000"})
EXPIRED = Response('{"error": {"code": 400, "message": "Invalid page token"}}', status=400)


@pytest.mark.parametrize(
    "failure",
    [failing(403), failing(500), failing(429), CUT, EXPIRED],
    ids=["403", "500", "429", "cut", "400"],
)
def test_what_came_before_a_failure_is_kept_and_a_later_run_goes_on_from_there(
    vendor: Vendor, run: Run, failure: Response
) -> None:
    vendor.before, vendor.ever_after = [None], failure
    items = run.items(vendor.name)
    assert len(places(items)) == PAGE_SIZES[vendor.name]
    (incomplete,) = [item for item in items if isinstance(item, Incomplete)]
    assert "source" not in incomplete.reason
    assert KEY not in incomplete.reason + run.kept()

    vendor.ever_after = None
    vendor.asked.clear()
    assert len(places(run.items(vendor.name))) == PAGE_SIZES[vendor.name] * 5 // 2
    assert [place_in_pages(request) for request in vendor.asked] == [1, 2]


def test_a_run_that_was_killed_goes_on_with_the_token_of_its_last_page(vendor: Vendor, run: Run) -> None:
    killed = iter(run.source(vendor.name).places(request_for(AREA)))
    before = list(islice(killed, 1 + PAGE_SIZES[vendor.name]))
    del killed
    items = run.items(vendor.name)
    assert items[: len(before)] == before
    assert len(places(items)) == PAGE_SIZES[vendor.name] * 5 // 2
    assert [place_in_pages(request) for request in vendor.asked] == [0, 1, 2]


def place_in_pages(request: Request) -> int:
    """Which page a request asks for, by its token or its offset."""
    if request.method == "GET":
        return int(request.args["offset"]) // PAGE_SIZES["yelp"]
    token: str = request.get_json().get("pageToken", "from-0")
    return int(token.removeprefix("from-")) // PAGE_SIZES["google_places"]


def test_a_budget_that_ends_between_two_pages_keeps_what_was_paid_for(
    vendor: Vendor, sqlite_database: Database, httpserver: HTTPServer
) -> None:
    order = place_order(sqlite_database, budget_usd="0.08")
    items = Run(sqlite_database, httpserver, order.id).items(vendor.name)
    assert len(vendor.asked) == 2
    assert len(places(items)) == 2 * PAGE_SIZES[vendor.name]
    last = items[-1]
    assert isinstance(last, Incomplete)
    assert "budget" in last.reason


def test_a_budget_without_room_for_the_first_call_is_a_failure_of_the_source(
    vendor: Vendor, sqlite_database: Database, httpserver: HTTPServer
) -> None:
    order = place_order(sqlite_database, budget_usd="0.01")
    with pytest.raises(SourceError, match=r"budget of 0\.010000 USD"):
        Run(sqlite_database, httpserver, order.id).items(vendor.name)
    assert not vendor.asked


def test_pages_without_end_end(vendor: Vendor, run: Run) -> None:
    def endless(request: Request) -> Response:
        vendor.asked.append(request)
        count = len(vendor.asked) * 100
        records: list[dict[str, Any]] = [
            business(n) if vendor.name == "yelp" else record(n) for n in range(count, count + 20)
        ]
        answer = {"places": records, "businesses": records, "nextPageToken": f"t{count}", "total": 10**9}
        return Response(json.dumps(answer), mimetype="application/json")

    vendor.handle = endless  # type: ignore[method-assign]
    run.server.clear()
    run.server.expect_request("/v1/places:searchText").respond_with_handler(endless)
    run.server.expect_request("/v3/businesses/search").respond_with_handler(endless)
    assert places(run.items(vendor.name))
    assert len(vendor.asked) <= 50
