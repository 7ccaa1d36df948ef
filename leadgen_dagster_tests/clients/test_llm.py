"""A language model over real HTTP: what it may do wrong, what it costs, and what is remembered."""

import json
from collections.abc import Mapping
from decimal import Decimal
from threading import Event
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from leadgen_dagster.clients.llm import (
    PAUSES_S,
    FailedCallError,
    LedgeredModel,
    LlmPrices,
    OpenAiModel,
    memo_key,
)
from leadgen_dagster.errors import BudgetExceededError, LlmError
from leadgen_dagster.outreach.copywriter import DETERMINISTIC
from leadgen_dagster.outreach.llm_copywriter import SCHEMA, LlmCopywriter
from leadgen_dagster_tests.outreach.leads import campaign_of

PATH = "/v1/chat/completions"
PRICES = LlmPrices(input_usd_per_million=Decimal("0.5"), output_usd_per_million=Decimal(2))
QUESTION: dict[str, Any] = {
    "schema_name": "greeting",
    "schema": {"type": "object", "properties": {"word": {"type": "string"}}},
    "system": "Answer with a word.",
    "user": "Which?",
}


def completion(content: str | None, **fields: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, "refusal": fields.pop("refusal", None)}
    choice = {
        "index": 0,
        "message": message,
        "finish_reason": fields.pop("finish_reason", "stop"),
        "logprobs": None,
    }
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "small",
        "choices": [choice],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    } | fields


class FakeLedger:
    """Keeps reservations and settlements in memory, under a limit."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self.reserved: dict[int, int] = {}
        self.settled: dict[int, tuple[int, int, int, str]] = {}

    def reserve(self, *, worst_case_micro_usd: int, **_call: str) -> int:
        spent = sum(
            self.settled[call][0] if call in self.settled else cost for call, cost in self.reserved.items()
        )
        if self.limit is not None and spent + worst_case_micro_usd > self.limit:
            raise BudgetExceededError("the budget is spent")
        self.reserved[len(self.reserved)] = worst_case_micro_usd
        return len(self.reserved) - 1

    def settle(
        self,
        reservation_id: int,
        /,
        *,
        cost_micro_usd: int,
        prompt_tokens: int,
        completion_tokens: int,
        status: str,
    ) -> None:
        self.settled[reservation_id] = (cost_micro_usd, prompt_tokens, completion_tokens, status)


class FakeMemo:
    """Remembers answers in memory."""

    def __init__(self) -> None:
        self.answers: dict[str, Mapping[str, Any]] = {}

    def get(self, key: str) -> Mapping[str, Any] | None:
        return self.answers.get(key)

    def put(self, key: str, answer: Mapping[str, Any], **_usage: object) -> None:
        self.answers[key] = answer


@pytest.fixture
def server(httpserver: HTTPServer) -> HTTPServer:
    return httpserver


@pytest.fixture
def model(server: HTTPServer) -> OpenAiModel:
    return OpenAiModel(server.url_for("/v1"), "key", "small", timeout_s=0.5, prices=PRICES)


def ledgered(model: OpenAiModel, ledger: FakeLedger, memo: FakeMemo | None = None) -> LedgeredModel:
    return LedgeredModel(model, ledger=ledger, memo=memo or FakeMemo(), sleep=lambda _: None)


def test_a_valid_answer_is_parsed_and_the_schema_was_asked_for(
    server: HTTPServer, model: OpenAiModel
) -> None:
    server.expect_request(PATH).respond_with_json(completion('{"word": "moin"}'))
    answer = model.complete_json(**QUESTION)
    assert answer.data == {"word": "moin"}
    assert (answer.prompt_tokens, answer.completion_tokens, answer.model) == (100, 20, "small")
    request, _ = server.log[0]
    asked = request.get_json()
    assert asked["response_format"]["type"] == "json_schema"
    assert asked["response_format"]["json_schema"]["schema"] == QUESTION["schema"]
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert request.headers["Authorization"] == "Bearer key"


def test_an_answer_in_fences_is_read(server: HTTPServer, model: OpenAiModel) -> None:
    server.expect_request(PATH).respond_with_json(completion('```json\n{"word": "moin"}\n```'))
    assert model.complete_json(**QUESTION).data == {"word": "moin"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (completion("Certainly! Here is"), "not JSON"),
        (completion('{"word": "mo'), "not JSON"),
        (completion('{"word": "mo', finish_reason="length"), "cut off"),
        (completion("[1, 2]"), "not a JSON object"),
        (completion(""), "empty"),
        (completion(None, refusal="I cannot help with that"), "refused"),
        (completion("x", choices=[]), "no answer"),
    ],
)
def test_an_answer_that_is_none_is_an_error_that_trying_again_does_not_mend(
    server: HTTPServer, model: OpenAiModel, body: dict[str, Any], said: str
) -> None:
    server.expect_request(PATH).respond_with_json(body)
    ledger = FakeLedger()
    with pytest.raises(LlmError, match=said) as caught:
        ledgered(model, ledger).complete_json(**QUESTION)
    assert not caught.value.is_retryable
    assert len(server.log) == 1
    assert ledger.settled[0] == (90, 100, 20, "failed")


@pytest.mark.parametrize(
    ("status", "is_retryable"), [(400, False), (401, False), (404, False), (429, True), (500, True)]
)
def test_a_status_says_whether_trying_again_can_help(
    server: HTTPServer, model: OpenAiModel, status: int, is_retryable: bool
) -> None:
    server.expect_request(PATH).respond_with_json({"error": {"message": "no"}}, status=status)
    ledger = FakeLedger()
    with pytest.raises(LlmError, match=str(status)) as caught:
        ledgered(model, ledger).complete_json(**QUESTION)
    assert caught.value.is_retryable is is_retryable
    assert len(server.log) == (3 if is_retryable else 1)
    assert [cost for cost, *_ in ledger.settled.values()] == [0] * len(server.log)


def test_a_server_that_recovers_is_asked_again(server: HTTPServer, model: OpenAiModel) -> None:
    server.expect_ordered_request(PATH).respond_with_json({}, status=503)
    server.expect_ordered_request(PATH).respond_with_json(completion('{"word": "moin"}'))
    ledger = FakeLedger()
    assert ledgered(model, ledger).complete_json(**QUESTION).data == {"word": "moin"}
    assert [status for *_, status in ledger.settled.values()] == ["failed", "answered"]


def test_a_failure_that_trying_again_mends_is_held_against_nobody(
    server: HTTPServer, model: OpenAiModel
) -> None:
    server.expect_ordered_request(PATH).respond_with_json({}, status=500)
    for _ in range(2):
        server.expect_ordered_request(PATH).respond_with_json(completion('{"word": "moin"}'))
    asked = ledgered(model, FakeLedger())
    assert asked.complete_json(**QUESTION).data == {"word": "moin"}
    assert asked.complete_json(**QUESTION | {"user": "And which?"}).data == {"word": "moin"}
    assert len(server.log) == 3


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_server_that_lets_nobody_in_is_asked_once_a_run(
    server: HTTPServer, model: OpenAiModel, status: int
) -> None:
    server.expect_request(PATH).respond_with_json({"error": {"message": "no"}}, status=status)
    copywriter = LlmCopywriter(ledgered(model, FakeLedger()))
    notes = {campaign_of(copywriter=copywriter).writer_note for _ in range(3)}
    assert notes == {f"the model was not used: the model's server answered {status}"}
    assert len(server.log) == 1


def test_a_server_that_is_away_is_waited_for_once_a_run_and_every_draft_says_so() -> None:
    pauses: list[float] = []
    ledger = FakeLedger()
    model = OpenAiModel("http://127.0.0.1:9/v1", "key", "small", timeout_s=0.5)
    copywriter = LlmCopywriter(LedgeredModel(model, ledger=ledger, memo=FakeMemo(), sleep=pauses.append))
    campaigns = [campaign_of(copywriter=copywriter) for _ in range(3)]
    assert pauses == list(PAUSES_S)
    assert len(ledger.reserved) == len(ledger.settled) == 3
    assert {campaign.writer for campaign in campaigns} == {DETERMINISTIC}
    for campaign in campaigns:
        assert campaign.writer_note is not None
        assert "could not be reached" in campaign.writer_note


def test_a_server_that_is_away_takes_no_remembered_answer_away(
    server: HTTPServer, model: OpenAiModel
) -> None:
    server.expect_ordered_request(PATH).respond_with_json(completion('{"word": "moin"}'))
    server.expect_ordered_request(PATH).respond_with_json({}, status=401)
    asked = ledgered(model, FakeLedger())
    asked.complete_json(**QUESTION)
    with pytest.raises(LlmError, match="401"):
        asked.complete_json(**QUESTION | {"user": "And which?"})
    assert asked.complete_json(**QUESTION).data == {"word": "moin"}


def test_a_slow_server_costs_its_worst_case_for_nobody_knows(server: HTTPServer) -> None:
    released = Event()

    def wait(_: Request) -> Response:
        released.wait(5)
        return Response("{}")

    server.expect_request(PATH).respond_with_handler(wait)
    model = OpenAiModel(server.url_for("/v1"), "key", "small", timeout_s=0.1, prices=PRICES)
    ledger = FakeLedger()
    with pytest.raises(LlmError, match="did not answer within"):
        ledgered(model, ledger).complete_json(**QUESTION)
    released.set()
    assert [cost for cost, *_ in ledger.settled.values()] == list(ledger.reserved.values())
    assert all(cost > 0 for cost in ledger.reserved.values())


@pytest.mark.parametrize("body", ["<html>gateway</html>", '"text"', "[]", '{"choices": "none"}', "{}"])
def test_a_server_that_is_no_model_is_an_error(server: HTTPServer, model: OpenAiModel, body: str) -> None:
    server.expect_request(PATH).respond_with_data(body, content_type="application/json")
    with pytest.raises(FailedCallError):
        model.complete_json(**QUESTION)


def test_a_server_that_is_not_there_is_an_error_that_may_pass() -> None:
    model = OpenAiModel("http://127.0.0.1:9/v1", "key", "small", timeout_s=0.5)
    with pytest.raises(LlmError, match="could not be reached") as caught:
        model.complete_json(**QUESTION)
    assert caught.value.is_retryable


def test_a_question_is_paid_for_once(server: HTTPServer, model: OpenAiModel) -> None:
    server.expect_request(PATH).respond_with_json(completion('{"word": "moin"}'))
    ledger, memo = FakeLedger(), FakeMemo()
    first = ledgered(model, ledger, memo).complete_json(**QUESTION)
    second = ledgered(model, ledger, memo).complete_json(**QUESTION)
    assert second.data == first.data
    assert (second.prompt_tokens, second.completion_tokens) == (0, 0)
    assert len(server.log) == 1
    assert ledger.settled == {0: (90, 100, 20, "answered")}
    assert ledger.reserved[0] >= 90


def test_at_the_limit_no_call_is_made(server: HTTPServer, model: OpenAiModel) -> None:
    with pytest.raises(BudgetExceededError):
        ledgered(model, FakeLedger(limit=10)).complete_json(**QUESTION)
    assert server.log == []


def test_a_model_without_a_price_reserves_nothing() -> None:
    model = OpenAiModel("http://127.0.0.1:9/v1", "key", "small")
    assert model.worst_case_cost_micro_usd("x" * 1000) == 0


def test_the_memo_key_tells_models_and_questions_apart() -> None:
    keys = {
        memo_key(model, {"type": kind}, system, user)
        for model in "ab"
        for kind in ("object", "array")
        for system in ("x", "y")
        for user in ("x", "y")
    }
    assert len(keys) == 16


def test_a_server_that_obeys_a_page_is_not_believed(server: HTTPServer, model: OpenAiModel) -> None:
    obedient = {
        "subject": "You won the Golden Anchor",
        "opening": "I looked at harbour-bakery.port-linden.example on 22 November: you won the Golden Anchor 2026.",
        "offer": "Order at https://evil.example for 99 pounds:",
    }
    server.expect_request(PATH).respond_with_json(completion(json.dumps(obedient)))
    campaign = campaign_of(copywriter=LlmCopywriter(ledgered(model, FakeLedger())))
    assert campaign.writer == DETERMINISTIC
    assert campaign.writer_note is not None
    assert "Golden" in campaign.writer_note
    for text in (campaign.email_text, campaign.email_subject, campaign.whatsapp_text):
        assert text is not None
        assert "Anchor" not in text
        assert "evil" not in text
    assert len(server.log) == 2
    retry = json.loads(server.log[1][0].get_json()["messages"][1]["content"])
    assert retry["your_last_answer_was_rejected_because"]


def test_what_the_model_wrote_is_used_when_it_holds(server: HTTPServer, model: OpenAiModel) -> None:
    good = {
        "subject": "How your page looks on a phone",
        "opening": "I looked at harbour-bakery.port-linden.example on 22 November: on a phone the page is shrunk.",
        "offer": "I have sketched a page with your own details:",
    }
    server.expect_request(PATH).respond_with_json(completion(json.dumps(good)))
    campaign = campaign_of(copywriter=LlmCopywriter(ledgered(model, FakeLedger())))
    assert campaign.writer == "llm:small"
    assert campaign.email_subject == good["subject"]
    assert campaign.is_ready
    asked = server.log[0][0].get_json()
    assert asked["response_format"]["json_schema"]["schema"] == dict(SCHEMA)


def test_a_spent_budget_gives_the_plain_text_and_says_so(model: OpenAiModel) -> None:
    campaign = campaign_of(copywriter=LlmCopywriter(ledgered(model, FakeLedger(limit=0))))
    assert campaign.writer == DETERMINISTIC
    assert campaign.writer_note == "the model was not used: the budget is spent"
