"""Place services over real HTTP on loopback, with the real ledger and memo."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from werkzeug import Request, Response

from leadgen_dagster.clients.place_api import MemoisedPlaceApi, PlaceService
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.ledger import Ledger
from leadgen_dagster.db.models import Base, OutsideCallModel, PlaceAnswerModel
from leadgen_dagster.db.place_answers import PlaceAnswers
from leadgen_dagster.db.retention import delete_expired
from leadgen_dagster.discovery.sources.base import ApiCall
from leadgen_dagster.errors import BudgetExceededError, SourceError
from leadgen_dagster_tests.db.orders import place_order

KEY = "AIza-very-secret"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CALL = ApiCall(
    endpoint="/v1/places:searchText",
    method="POST",
    document={"textQuery": "bakeries in Leeds"},
    items_in="places",
    cost_micro_usd=35_000,
)


def rows_of(database: Database, model: type[Base]) -> list[dict[str, Any]]:
    with database.read() as session:
        statement = select(model.__table__).order_by(*model.__table__.primary_key)
        return [dict(row) for row in session.execute(statement).mappings()]


class Desk:
    """One run's way to a service on loopback."""

    def __init__(
        self,
        database: Database,
        server: HTTPServer,
        run_id: str,
        *,
        name: str = "google_places",
        key: str = KEY,
        **fields: Any,
    ) -> None:
        self.database, self.run_id = database, run_id
        self.slept: list[float] = []
        self.now = NOW
        service = PlaceService(
            name=name,
            base_url=fields.pop("base_url", None) or server.url_for(""),
            headers={"X-Goog-Api-Key": key},
            secret=key,
            key_setting="LEADGEN_GOOGLE_PLACES_API_KEY",
        )
        self.api = MemoisedPlaceApi(
            service,
            ledger=Ledger(database, run_id),
            memo=PlaceAnswers(database, run_id, **fields),
            sleep=self.slept.append,
            now=lambda: self.now,
        )

    def rows(self) -> list[dict[str, Any]]:
        return rows_of(self.database, OutsideCallModel)


@pytest.fixture
def desk(sqlite_database: Database, httpserver: HTTPServer) -> Desk:
    return Desk(sqlite_database, httpserver, place_order(sqlite_database).id)


def answering(*responses: Response | Callable[[], Response]) -> Callable[[Request], Response]:
    """Gives one after the other, the last again and again."""
    waiting = list(responses)

    def answer(_request: Request) -> Response:
        given = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return given() if callable(given) and not isinstance(given, Response) else given

    return answer


def found(*names: str) -> Response:
    import json

    return Response(json.dumps({"places": [{"id": name} for name in names]}), mimetype="application/json")


def test_an_answer_is_paid_once_and_written_down(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(CALL.endpoint).respond_with_handler(answering(found("a", "b")))
    assert [place["id"] for place in desk.api.ask(CALL)["places"]] == ["a", "b"]
    assert desk.api.ask(CALL) == desk.api.ask(CALL)
    assert len(httpserver.log) == 1
    (row,) = desk.rows()
    assert (row["service"], row["endpoint"], row["items"]) == ("google_places", CALL.endpoint, 2)
    assert (row["cost_micro_usd"], row["status"]) == (35_000, "answered")
    request = httpserver.log[0][0]
    assert request.headers["X-Goog-Api-Key"] == KEY


def test_too_many_requests_are_asked_again_after_the_time_that_the_service_names(
    desk: Desk, httpserver: HTTPServer
) -> None:
    busy = Response(status=429, headers={"Retry-After": "7"})
    dated = Response(status=429, headers={"Retry-After": "Mon, 23 Nov 2026 09:00:11 GMT"})
    httpserver.expect_request(CALL.endpoint).respond_with_handler(
        answering(busy, dated, Response(status=503), found("a"))
    )
    assert desk.api.ask(CALL)["places"]
    assert desk.slept == [7.0, 11.0, 30.0]
    assert [(row["status"], row["cost_micro_usd"]) for row in desk.rows()] == [
        ("429", 0),
        ("429", 0),
        ("503", 0),
        ("answered", 35_000),
    ]


def test_a_service_that_stays_away_costs_a_run_one_wait(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(CALL.endpoint).respond_with_data(status=500)
    with pytest.raises(SourceError, match=r"^source google_places: answered 500$") as caught:
        desk.api.ask(CALL)
    assert caught.value.is_retryable
    asked = len(httpserver.log)
    with pytest.raises(SourceError, match="answered 500"):
        desk.api.ask(CALL)
    assert (len(httpserver.log), len(desk.slept)) == (asked, 3)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_key_is_named_by_its_setting_and_not_tried_again(
    desk: Desk, httpserver: HTTPServer, status: int
) -> None:
    details = [{"reason": "API_KEY_INVALID", "domain": "googleapis.com"}] if status == 400 else "none"
    told = {"error": {"code": status, "message": f"API key {KEY} is not authorised", "details": details}}
    httpserver.expect_request(CALL.endpoint).respond_with_json(told, status=status)
    with pytest.raises(SourceError, match=r"LEADGEN_GOOGLE_PLACES_API_KEY is not accepted") as caught:
        desk.api.ask(CALL)
    assert KEY not in str(caught.value)
    assert (len(httpserver.log), caught.value.is_retryable) == (1, False)


@pytest.mark.parametrize(
    ("document", "status", "message"),
    [
        ({"error": {"code": "ACCESS_LIMIT_REACHED", "description": "Daily limit"}}, 429, "429: Daily limit"),
        ({"error": {"code": 400, "message": "Invalid page token"}}, 400, "400: Invalid page token"),
    ],
)
def test_what_waiting_does_not_mend_is_not_waited_for(
    desk: Desk, httpserver: HTTPServer, document: dict[str, Any], status: int, message: str
) -> None:
    httpserver.expect_request(CALL.endpoint).respond_with_json(document, status=status)
    with pytest.raises(SourceError, match=message):
        desk.api.ask(CALL)
    assert (len(httpserver.log), desk.slept) == (1, [])


def test_a_wait_of_hours_is_said_and_not_sat_out(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(CALL.endpoint).respond_with_data(status=429, headers={"Retry-After": "3600"})
    with pytest.raises(SourceError, match=r"answered 429; it asks to wait 3600 s"):
        desk.api.ask(CALL)
    assert desk.slept == []


@pytest.mark.parametrize("body", ["<html>busy</html>", "[1]", '"x"', "", "{", '{"a":' * 3000])
def test_an_answer_that_is_no_json_object_is_none(desk: Desk, httpserver: HTTPServer, body: str) -> None:
    httpserver.expect_request(CALL.endpoint).respond_with_data(body)
    with pytest.raises(SourceError, match="no JSON object"):
        desk.api.ask(CALL)


def test_a_number_that_json_does_not_have_is_text_that_a_source_sets_aside(
    desk: Desk, httpserver: HTTPServer
) -> None:
    numbers = ("NaN", "-Infinity", "1e999", "9" * 5_000)
    told = f'{{"places": [{{"id": "x"}}, {", ".join(numbers)}, 1.5, -7]}}'
    httpserver.expect_request(CALL.endpoint).respond_with_data(told)
    assert desk.api.ask(CALL)["places"] == [{"id": "x"}, *("NaN", "-Infinity", "1e999", "9" * 300), 1.5, -7]


def test_an_answer_that_says_itself_that_it_is_none_is_not_kept(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(CALL.endpoint).respond_with_handler(
        answering(Response('{"remark": "runtime error: timed out"}'), found("a"))
    )
    call = ApiCall(
        endpoint=CALL.endpoint, method="POST", fault_of=lambda answer: answer.get("remark"), items_in="places"
    )
    assert desk.api.ask(call)["places"] == [{"id": "a"}]
    assert [row["status"] for row in desk.rows()] == ["remark", "answered"]


@contextmanager
def cutting_server() -> Iterator[str]:
    """Promises more than it sends, then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_a_cut_connection_counts_as_charged_since_nobody_knows(
    sqlite_database: Database, httpserver: HTTPServer
) -> None:
    with cutting_server() as url:
        desk = Desk(sqlite_database, httpserver, place_order(sqlite_database).id, base_url=url)
        with pytest.raises(SourceError, match="could not be reached") as caught:
            desk.api.ask(CALL)
    assert caught.value.is_retryable
    assert {(row["status"], row["cost_micro_usd"]) for row in desk.rows()} == {("no answer", 35_000)}


def test_the_budget_is_kept_before_the_call_is_made(
    sqlite_database: Database, httpserver: HTTPServer
) -> None:
    httpserver.expect_request(CALL.endpoint).respond_with_handler(answering(found("a")))
    desk = Desk(sqlite_database, httpserver, place_order(sqlite_database, budget_usd="0.05").id)
    desk.api.ask(CALL)
    second = ApiCall(
        endpoint=CALL.endpoint, method="POST", document={"pageToken": "t"}, cost_micro_usd=35_000
    )
    with pytest.raises(BudgetExceededError, match=r"0\.035000 of the budget of 0\.050000 USD are spent"):
        desk.api.ask(second)
    assert len(httpserver.log) == 1


def test_content_is_deleted_on_time_and_not_paid_again_unasked(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(CALL.endpoint).respond_with_handler(answering(found("a")))
    desk.api.ask(CALL)
    assert [row["expires_at"] for row in rows_of(desk.database, PlaceAnswerModel)] == [
        NOW + timedelta(days=30)
    ]
    delete_expired(desk.database, now=NOW + timedelta(days=29, hours=23))
    desk.now = NOW + timedelta(days=29, hours=23)
    assert desk.api.ask(CALL)["places"]
    delete_expired(desk.database, now=NOW + timedelta(days=30))
    desk.now = NOW + timedelta(days=30)
    with pytest.raises(SourceError, match=rf"content expired; `leadgen refetch {desk.run_id}` asks again"):
        desk.api.ask(CALL)
    assert [row["answer"] for row in rows_of(desk.database, PlaceAnswerModel)] == [None]
    assert len(httpserver.log) == 1
    again = Desk(desk.database, httpserver, desk.run_id, refresh="a-dagster-run")
    again.now = desk.now
    assert again.api.ask(CALL)["places"]
    assert desk.api.ask(CALL)["places"]
    assert len(httpserver.log) == 2


def test_what_another_run_was_told_today_is_not_asked_again(desk: Desk, httpserver: HTTPServer) -> None:
    httpserver.expect_request(CALL.endpoint).respond_with_handler(answering(found("a")))
    desk.api.ask(CALL)
    other = Desk(desk.database, httpserver, place_order(desk.database, request_key="other").id)
    other.now = NOW + timedelta(hours=23)
    assert other.api.ask(CALL)["places"]
    assert len(httpserver.log) == 1
    third = Desk(desk.database, httpserver, place_order(desk.database, request_key="third").id)
    third.now = NOW + timedelta(hours=25)
    third.api.ask(CALL)
    assert len(httpserver.log) == 2


def test_the_key_stands_in_no_log_and_in_no_row(
    desk: Desk, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request(CALL.endpoint).respond_with_handler(answering(found("a")))
    desk.api.ask(CALL)
    kept = f"{desk.rows()}{rows_of(desk.database, PlaceAnswerModel)}"
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    assert KEY not in kept
    assert KEY not in logged
    assert KEY not in repr(desk.api.__dict__)


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY} ", f"{KEY}é"], ids=["line", "space", "accent"])
def test_a_key_that_no_header_takes_is_named_by_its_setting_and_not_quoted(
    sqlite_database: Database, httpserver: HTTPServer, key: str
) -> None:
    desk = Desk(sqlite_database, httpserver, place_order(sqlite_database).id, key=key)
    with pytest.raises(SourceError, match="LEADGEN_GOOGLE_PLACES_API_KEY holds a character") as caught:
        desk.api.ask(CALL)
    assert KEY not in str(caught.value)
    assert desk.slept == []
    assert [(row["status"], row["cost_micro_usd"]) for row in desk.rows()] == [("not sent", 0)]


@pytest.mark.parametrize("asked", ["0", "Mon, 01 Jan 2027 00:00:00 +99999999999999"], ids=["zero", "zone"])
def test_a_pause_of_nothing_or_of_nonsense_is_our_own(desk: Desk, httpserver: HTTPServer, asked: str) -> None:
    busy = Response(status=429, headers={"Retry-After": asked})
    httpserver.expect_ordered_request(CALL.endpoint).respond_with_response(busy)
    httpserver.expect_ordered_request(CALL.endpoint).respond_with_handler(answering(found("a")))
    assert desk.api.ask(CALL)["places"]
    assert desk.slept == [2.0]


def test_what_nobody_needs_to_know_of_others_is_not_kept(desk: Desk, httpserver: HTTPServer) -> None:
    told = {"places": [{"id": "a", "user": "mapper", "uid": 7}, "odd"]}
    httpserver.expect_request(CALL.endpoint).respond_with_json(told)
    call = ApiCall(
        endpoint=CALL.endpoint, method="POST", items_in="places", dropped=frozenset({"user", "uid"})
    )
    assert desk.api.ask(call)["places"] == [{"id": "a"}, "odd"]
    assert "mapper" not in str(rows_of(desk.database, PlaceAnswerModel))


def test_without_a_way_to_the_service_nobody_waits(sqlite_database: Database, httpserver: HTTPServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    desk = Desk(sqlite_database, httpserver, place_order(sqlite_database).id, base_url=url)
    with pytest.raises(SourceError, match="could not be reached") as caught:
        desk.api.ask(CALL)
    assert caught.value.is_retryable
    assert desk.slept == []
    assert [(row["status"], row["cost_micro_usd"]) for row in desk.rows()] == [("no answer", 0)]
