"""How place services are asked: within their rules and the order's budget, remembered, again where later may help."""

import hashlib
import json
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from math import isfinite
from typing import Any, Protocol

import httpx

from leadgen_dagster.discovery.policies import policies
from leadgen_dagster.discovery.sources.base import ApiCall
from leadgen_dagster.errors import SourceError
from leadgen_dagster.scoring.page_view import snippet

READ_TIMEOUT_S = 120.0
"""Longer than the 90 s that a query lets an Overpass server run."""
CONNECT_TIMEOUT_S = 15.0
DEADLINE_S = 180.0
"""For one whole answer, however slowly it drips."""
MAX_ANSWER_BYTES = 128 * 2**20
MAX_DIGITS = 300
"""Of a whole number."""
PAUSES_S = (2.0, 10.0, 30.0)
"""Before each further attempt, where the service does not say how long."""
LONGEST_PAUSE_S = 120.0
PATIENCE_S = 600.0
"""For one question with all its attempts: after that no further one is begun."""
NOBODY_WAITS_S = float("inf")
"""Where there is no way to a service at all: a person without a network is told at once."""
LATER_MAY_HELP = frozenset({408, 409, 425, 429})
NO_ENTRY = frozenset({401, 403})
WRONG_KEY = "API_KEY_INVALID"
"""The reason in Google's 400 for a key that it does not know."""
SPENT = frozenset({"ACCESS_LIMIT_REACHED"})
"""What a service calls a quota that is used up for the day: waiting a minute does not help."""


class CallLedger(Protocol):
    """Where every call is written down: at its worst before it is made, as it was after."""

    def reserve(
        self, *, service: str, endpoint: str, model: str | None, worst_case_micro_usd: int
    ) -> int: ...

    def settle(
        self, call_id: int, /, *, cost_micro_usd: int, status: str, items: int | None = None
    ) -> None: ...


class AnswerMemo(Protocol):
    """What was answered in this run, and lately in others."""

    def find(self, call_key: str, *, now: datetime) -> Mapping[str, Any] | None:
        """The answer that was given to this question; None where it was not asked yet.

        Raises:
            SourceError: it was asked, and what was answered had to be deleted.
        """

    def put(
        self,
        *,
        service: str,
        endpoint: str,
        call_key: str,
        answer: Mapping[str, Any],
        answered_at: datetime,
        expires_at: datetime | None,
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceService:
    """How a service is reached.

    Attributes:
        base_url: what every endpoint is added to.
        headers: sent with every call; the key is among them.
        secret: the key by itself, so that an answer that quotes it can be cleaned.
        key_setting: the variable that holds it, for the sentence when it is refused.
        slot: held while a call is under way; what keeps one process from asking beside another.
    """

    name: str
    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: str | None = field(default=None, repr=False)
    key_setting: str | None = None
    slot: Callable[[], AbstractContextManager[object]] = nullcontext


class MemoisedPlaceApi:
    """One service for one run.

    A service that lets nobody in, has no quota left or stays away is not asked again: it costs a run one such wait.

    Args:
        sleep: how it waits between attempts.
        now: tells the moment, aware.
    """

    def __init__(
        self,
        service: PlaceService,
        *,
        ledger: CallLedger,
        memo: AnswerMemo,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._service = service
        self._ledger = ledger
        self._memo = memo
        self._sleep = sleep
        self._now = now
        self._given_up: SourceError | None = None

    def ask(self, call: ApiCall) -> Mapping[str, Any]:
        """The remembered answer, which costs nothing, or a new one.

        Raises:
            SourceError: the service refused, failed or could not be reached; or its answer had to be deleted.
            BudgetExceededError: the order's budget has no room for the call.
        """
        key = _call_key(self._service.name, call)
        remembered = self._memo.find(key, now=self._now())
        if remembered is not None:
            return remembered
        if self._given_up is not None:
            raise self._given_up
        answer = _without(self._answer(call), call)
        answered_at = self._now()
        self._memo.put(
            service=self._service.name,
            endpoint=call.endpoint,
            call_key=key,
            answer=answer,
            answered_at=answered_at,
            expires_at=policies()[self._service.name].expires_at(answered_at),
        )
        return answer

    def _answer(self, call: ApiCall) -> Mapping[str, Any]:
        """Tried again here, and nowhere else."""
        last_begun = time.monotonic() + PATIENCE_S
        for pause_s in (*PAUSES_S, None):
            try:
                return self._attempt(call)
            except _RefusedError as refusal:
                wait_s = refusal.wait_s or pause_s  # who says 0 is not asked at once again
                is_over = pause_s is None or wait_s is None or wait_s > LONGEST_PAUSE_S
                is_over = is_over or time.monotonic() > last_begun
                if is_over or not refusal.error.is_retryable:
                    self._given_up = refusal.error if refusal.is_of_service else None
                    raise refusal.error from None
                self._sleep(wait_s or 0.0)
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, call: ApiCall) -> Mapping[str, Any]:
        """One call, reserved before and settled after; what may have been charged counts as charged."""
        call_id = self._ledger.reserve(
            service=self._service.name,
            endpoint=call.endpoint,
            model=None,
            worst_case_micro_usd=call.cost_micro_usd,
        )
        try:
            with self._service.slot():
                answer = self._asked(call)
        except _RefusedError as refusal:
            self._ledger.settle(
                call_id, cost_micro_usd=call.cost_micro_usd if refusal.may_cost else 0, status=refusal.status
            )
            raise
        items = answer.get(call.items_in)
        self._ledger.settle(
            call_id,
            cost_micro_usd=call.cost_micro_usd,
            status="answered",
            items=len(items) if isinstance(items, list) else 0,
        )
        return answer

    def _asked(self, call: ApiCall) -> Mapping[str, Any]:
        try:
            status, headers, body = self._sent(call)
        except _TooLargeError:
            raise self._refused(
                f"its answer is larger than {MAX_ANSWER_BYTES // 2**20} MB; ask for a smaller area",
                status="too large",
                may_cost=True,
            ) from None
        except (httpx.LocalProtocolError, UnicodeEncodeError):  # their text quotes the key, escaped
            setting = self._service.key_setting or "the question"
            raise self._refused(
                f"could not be asked: {setting} holds a character that no request may hold",
                is_of_service=True,
                status="not sent",
            ) from None
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            told = self._clean(str(error) or type(error).__name__)
            is_away = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.InvalidURL)
            raise self._refused(
                f"{httpx.URL(self._service.base_url).host} could not be reached: {told}",
                is_retryable=True,
                is_of_service=True,
                may_cost=not is_away,
                status="no answer",
                wait_s=NOBODY_WAITS_S if is_away else None,
            ) from None
        document = _object(body)
        if status != 200:
            raise self._refusal(status, headers, document)
        if document is None:
            raise self._refused(
                "its answer is no JSON object", is_retryable=True, may_cost=True, status="no JSON"
            )
        if call.fault_of is not None and (fault := call.fault_of(document)):
            raise self._refused(self._clean(fault), is_retryable=True, may_cost=True, status="remark")
        return document

    def _sent(self, call: ApiCall) -> tuple[int, httpx.Headers, bytes]:
        """Status, headers and body; a redirect is not followed, for the key would go along."""
        deadline = time.monotonic() + DEADLINE_S
        timeout = httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
        with (
            httpx.Client(timeout=timeout, verify=_tls()) as client,
            client.stream(
                call.method,
                self._service.base_url.rstrip("/") + call.endpoint,
                params=dict(call.query) or None,
                json=call.document,
                data=dict(call.form) if call.form is not None else None,
                headers={**call.headers, **self._service.headers},
            ) as response,
        ):
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise _TooLargeError
                if time.monotonic() > deadline:
                    raise TimeoutError(f"no complete answer within {DEADLINE_S:g} s")
            return response.status_code, response.headers, bytes(body)

    def _refusal(
        self, status: int, headers: httpx.Headers, document: Mapping[str, Any] | None
    ) -> "_RefusedError":
        code, told = _error_of(document or {})
        said = self._clean(f"{status}: {told}" if told else str(status))
        if status in NO_ENTRY or WRONG_KEY in _reasons_of(document or {}):
            setting = self._service.key_setting
            text = f"{setting} is not accepted ({said})" if setting else f"refuses to answer ({said})"
            return self._refused(text, is_of_service=True, status=str(status))
        is_spent = code in SPENT
        is_retryable = (status in LATER_MAY_HELP or status >= 500) and not is_spent
        wait_s = _asked_pause_s(headers, self._now())
        later = f"; it asks to wait {wait_s:.0f} s" if wait_s and wait_s > LONGEST_PAUSE_S else ""
        return self._refused(
            f"answered {said}{later}",
            is_retryable=is_retryable,
            is_of_service=is_retryable or is_spent,
            status=str(status),
            wait_s=wait_s,
        )

    def _refused(  # the ways in which a call fails
        self,
        message: str,
        *,
        status: str,
        is_retryable: bool = False,
        is_of_service: bool = False,
        may_cost: bool = False,
        wait_s: float | None = None,
    ) -> "_RefusedError":
        error = SourceError(self._service.name, message, is_retryable=is_retryable)
        return _RefusedError(
            error, status=status, is_of_service=is_of_service, may_cost=may_cost, wait_s=wait_s
        )

    def _clean(self, text: str) -> str:
        """One short line in which the key does not stand, whoever quotes it."""
        secret = self._service.secret
        return snippet(text.replace(secret, "...") if secret else text)


class _RefusedError(Exception):
    """One attempt that gave no answer."""

    def __init__(
        self, error: SourceError, *, status: str, is_of_service: bool, may_cost: bool, wait_s: float | None
    ) -> None:
        self.error = error
        self.status = status
        self.is_of_service = is_of_service
        self.may_cost = may_cost
        self.wait_s = wait_s
        super().__init__(str(error))


class _TooLargeError(Exception):
    """Nobody's town is so large."""


def _without(answer: Mapping[str, Any], call: ApiCall) -> Mapping[str, Any]:
    """The answer as it is kept."""
    items = answer.get(call.items_in)
    if not call.dropped or not isinstance(items, list):
        return answer
    kept = [
        {name: value for name, value in item.items() if name not in call.dropped}
        if isinstance(item, dict)
        else item
        for item in items
    ]
    return {**answer, call.items_in: kept}


def _call_key(service: str, call: ApiCall) -> str:
    """The same for the same question; what a call costs is no part of it."""
    asked = [
        service,
        call.method,
        call.endpoint,
        dict(call.query),
        call.document,
        dict(call.form) if call.form is not None else None,
        dict(call.headers),
    ]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _object(body: bytes) -> dict[str, Any] | None:
    """The JSON object; a number that JSON does not have (NaN, Infinity), or that nobody counts to, is its own text."""
    try:
        document = json.loads(body, parse_constant=str, parse_int=_whole, parse_float=_finite)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _whole(digits: str) -> int | str:
    """Python refuses to read thousands of digits, and with them the answer that they stand in."""
    return int(digits) if len(digits) <= MAX_DIGITS else digits[:MAX_DIGITS]


def _finite(digits: str) -> float | str:
    """`1e999` is infinite, which not every database keeps."""
    number = float(digits)
    return number if isfinite(number) else digits[:MAX_DIGITS]


def _error_of(document: Mapping[str, Any]) -> tuple[str, str]:
    """Code and message of an error, as Google and Yelp write it."""
    inner = document.get("error")
    told = inner if isinstance(inner, Mapping) else {}
    code = told.get("code") if isinstance(told.get("code"), str) else told.get("status")
    return str(code or ""), str(told.get("message") or told.get("description") or "")


def _reasons_of(document: Mapping[str, Any]) -> list[object]:
    """The reasons in the details of an error, as Google writes it."""
    inner = document.get("error")
    details = inner.get("details") if isinstance(inner, Mapping) else None
    listed = details if isinstance(details, list) else []
    return [detail.get("reason") for detail in listed if isinstance(detail, Mapping)]


def _asked_pause_s(headers: httpx.Headers, now: datetime) -> float | None:
    """What `Retry-After` asks for, in seconds or as a date; None where it asks for nothing readable."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        moment = parsedate_to_datetime(asked)
        return max(0.0, (moment - now).total_seconds()) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


@cache
def _tls() -> ssl.SSLContext:
    """Read once: the certificates take longer than a request."""
    return httpx.create_ssl_context()
