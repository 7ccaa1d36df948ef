"""The language model: any server that speaks the OpenAI chat API, and the ledger and memo around it."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, Field

from leadgen_dagster.errors import LlmError
from leadgen_dagster.sites.language_model import LlmAnswer

if TYPE_CHECKING:
    from openai import OpenAI

SERVICE = "llm"
ENDPOINT = "chat.completions"
MAX_COMPLETION_TOKENS = 800
PAUSES_S = (1.0, 4.0)
"""Before the second and the third attempt of a call that may succeed later."""
GIVE_UP_STATUSES = frozenset({401, 403, 404})
"""No key, no leave, no such model: the next question would be answered the same."""
_FRAME_TOKENS = 64
"""What a server adds around the messages: roles and separators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmPrices:
    """What tokens cost, in US dollars."""

    input_usd_per_million: Decimal
    output_usd_per_million: Decimal

    def cost_micro_usd(self, prompt_tokens: int, completion_tokens: int) -> int:
        """Rounded up to a whole micro-dollar: a dollar for a million tokens is a micro-dollar for one."""
        cost = self.input_usd_per_million * prompt_tokens + self.output_usd_per_million * completion_tokens
        return int(cost.to_integral_value(rounding=ROUND_CEILING))


class FailedCallError(LlmError):
    """A call that gave nothing usable, and what it used up.

    Attributes:
        usage: prompt and completion tokens, where the server said them; (0, 0) where nothing was generated;
            None where the server may have generated and charged without our knowing.
        is_of_server: the server is away or lets nobody in, so that another question would fare no better.
    """

    def __init__(
        self,
        message: str,
        *,
        is_retryable: bool = False,
        usage: tuple[int, int] | None = (0, 0),
        is_of_server: bool = False,
    ) -> None:
        self.usage = usage
        self.is_of_server = is_of_server
        super().__init__(message, is_retryable=is_retryable)


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


class _Completion(BaseModel):
    """What is read of a server's answer; the `openai` package itself takes any JSON for one."""

    choices: list[_Choice]
    usage: _Usage | None = None


class PricedModel(Protocol):
    """A model that makes one attempt for one call and knows what that may cost at most."""

    model: str
    prices: LlmPrices | None

    def complete_json(
        self, *, schema_name: str, schema: Mapping[str, Any], system: str, user: str
    ) -> LlmAnswer: ...

    def worst_case_cost_micro_usd(self, prompt: str) -> int: ...


class Ledger(Protocol):
    """Where every paid call is written down before it is made."""

    def reserve(self, *, service: str, endpoint: str, model: str, worst_case_micro_usd: int) -> int:
        """Commits the worst case of a call and gives its id; `BudgetExceededError` where it does not fit."""
        ...

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
        """Replaces the reservation by what the call cost."""
        ...


class AnswerMemo(Protocol):
    """Answers that were paid for once."""

    def get(self, key: str) -> Mapping[str, Any] | None: ...

    def put(
        self, key: str, answer: Mapping[str, Any], *, model: str, prompt_tokens: int, completion_tokens: int
    ) -> None: ...


class OpenAiModel:
    """One attempt a call, by JSON schema through chat completions; `LedgeredModel` tries again."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        model: str,
        timeout_s: float = 60.0,
        prices: LlmPrices | None = None,
    ) -> None:
        self.model = model
        self.prices = prices
        self._base_url = base_url
        self._api_key = api_key
        self._timeout_s = timeout_s
        self._client: OpenAI | None = None

    def complete_json(
        self, *, schema_name: str, schema: Mapping[str, Any], system: str, user: str
    ) -> LlmAnswer:
        """The answer parsed as a JSON object; whether it keeps to the schema is the caller's to check.

        Raises:
            FailedCallError: the server refused, failed, was too slow or gave no JSON object.
        """
        completion = self._completion(schema_name, schema, system, user)
        used = completion.usage
        usage = (used.prompt_tokens, used.completion_tokens) if used else None
        text = _text_of(completion, usage)
        return LlmAnswer(
            data=_json_object(text, usage),
            prompt_tokens=usage[0] if usage else _most_tokens(system + user),
            completion_tokens=usage[1] if usage else MAX_COMPLETION_TOKENS,
            model=self.model,
        )

    def worst_case_cost_micro_usd(self, prompt: str) -> int:
        """The most that one attempt may cost; nothing for a model without a price."""
        if self.prices is None:
            return 0
        return self.prices.cost_micro_usd(_most_tokens(prompt), MAX_COMPLETION_TOKENS)

    def _completion(self, schema_name: str, schema: Mapping[str, Any], system: str, user: str) -> _Completion:
        import openai

        try:
            answer = self._connected().chat.completions.with_raw_response.create(
                model=self.model,
                messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": schema_name, "schema": dict(schema), "strict": True},
                },
                max_completion_tokens=MAX_COMPLETION_TOKENS,
            )
            return _Completion.model_validate_json(answer.content)
        except openai.APITimeoutError:
            message = f"the model's server did not answer within {self._timeout_s:g} s"
            raise FailedCallError(message, is_retryable=True, usage=None, is_of_server=True) from None
        except openai.APIStatusError as error:
            code = error.status_code
            message = f"the model's server answered {code}"
            raise FailedCallError(
                message,
                is_retryable=code in {408, 409, 429} or code >= 500,
                is_of_server=code in GIVE_UP_STATUSES,
            ) from None
        except openai.APIConnectionError as error:
            message = f"the model's server could not be reached: {error.__cause__ or error}"
            raise FailedCallError(message, is_retryable=True, usage=None, is_of_server=True) from None
        except (openai.APIError, ValueError) as error:
            message = f"the model's server gave no chat completion: {type(error).__name__}"
            raise FailedCallError(message, usage=None) from None

    def _connected(self) -> "OpenAI":
        if self._client is None:
            from openai import OpenAI

            self._client = OpenAI(
                base_url=self._base_url, api_key=self._api_key, timeout=self._timeout_s, max_retries=0
            )
        return self._client


class LedgeredModel:
    """A model whose answers are remembered, and whose every attempt is reserved before and settled after.

    A server that is away after the last attempt, or lets nobody in, is not asked again: one made for a run
    costs the run one such wait, and every later question fails at once for the same reason.
    """

    def __init__(
        self,
        model: PricedModel,
        *,
        ledger: Ledger,
        memo: AnswerMemo,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._model = model
        self._ledger = ledger
        self._memo = memo
        self._sleep = sleep
        self._given_up: str | None = None

    def complete_json(
        self, *, schema_name: str, schema: Mapping[str, Any], system: str, user: str
    ) -> LlmAnswer:
        """The remembered answer, which costs nothing, or a new one.

        Raises:
            LlmError: no attempt gave an answer.
            BudgetExceededError: the ledger has no room for the worst case of the next attempt.
        """
        key = memo_key(self._model.model, schema, system, user)
        remembered = self._memo.get(key)
        if remembered is not None:
            return LlmAnswer(data=remembered, prompt_tokens=0, completion_tokens=0, model=self._model.model)
        answer = self._answer(schema_name=schema_name, schema=schema, system=system, user=user)
        self._memo.put(
            key,
            answer.data,
            model=answer.model,
            prompt_tokens=answer.prompt_tokens,
            completion_tokens=answer.completion_tokens,
        )
        return answer

    def _answer(self, *, schema_name: str, schema: Mapping[str, Any], system: str, user: str) -> LlmAnswer:
        if self._given_up is not None:
            raise LlmError(self._given_up)
        for pause in (*PAUSES_S, None):
            try:
                return self._attempt(schema_name=schema_name, schema=schema, system=system, user=user)
            except FailedCallError as error:
                if pause is None or not error.is_retryable:
                    self._given_up = str(error) if error.is_of_server else None
                    raise
                self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, *, schema_name: str, schema: Mapping[str, Any], system: str, user: str) -> LlmAnswer:
        worst = self._model.worst_case_cost_micro_usd(system + user + json.dumps(dict(schema)))
        reservation = self._ledger.reserve(
            service=SERVICE, endpoint=ENDPOINT, model=self._model.model, worst_case_micro_usd=worst
        )
        try:
            answer = self._model.complete_json(
                schema_name=schema_name, schema=schema, system=system, user=user
            )
        except FailedCallError as error:
            self._settle(reservation, error.usage, worst, "failed")
            raise
        self._settle(reservation, (answer.prompt_tokens, answer.completion_tokens), worst, "answered")
        return answer

    def _settle(self, reservation: int, usage: tuple[int, int] | None, worst: int, status: str) -> None:
        """What the server said, or the worst case where it may have charged without saying."""
        prices = self._model.prices
        cost = worst if usage is None else prices.cost_micro_usd(*usage) if prices else 0
        prompt_tokens, completion_tokens = usage or (0, 0)
        self._ledger.settle(
            reservation,
            cost_micro_usd=cost,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            status=status,
        )


def memo_key(model: str, schema: Mapping[str, Any], system: str, user: str) -> str:
    """The same for the same question to the same model."""
    content = json.dumps([model, dict(schema), system, user], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _most_tokens(prompt: str) -> int:
    """A token is at least one byte of the text."""
    return len(prompt.encode()) + _FRAME_TOKENS


def _text_of(completion: _Completion, usage: tuple[int, int] | None) -> str:
    if not completion.choices:
        raise FailedCallError("the model gave no answer", usage=usage)
    choice = completion.choices[0]
    if choice.message.refusal:
        raise FailedCallError("the model refused to answer", usage=usage)
    if choice.finish_reason == "length":
        raise FailedCallError("the model's answer was cut off", usage=usage)
    if not choice.message.content:
        raise FailedCallError("the model's answer is empty", usage=usage)
    return choice.message.content


def _json_object(text: str, usage: tuple[int, int] | None) -> Mapping[str, Any]:
    """The object, also out of the fences that servers without schema support put around it."""
    bare = text.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        data = json.loads(bare)
    except ValueError:
        raise FailedCallError("the model's answer is not JSON", usage=usage) from None
    if not isinstance(data, dict):
        raise FailedCallError("the model's answer is not a JSON object", usage=usage)
    return data
