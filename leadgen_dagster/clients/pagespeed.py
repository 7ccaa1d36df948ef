"""PageSpeed Insights, version 5: Google loads a public page with Lighthouse and tells what it measured."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, Self

import httpx

from leadgen_dagster.clients.clock import Clock, SystemClock
from leadgen_dagster.clients.lighthouse_report import (
    CATEGORIES,
    LighthouseError,
    LighthouseReport,
    measured_audit,
    read_report,
)
from leadgen_dagster.errors import LeadgenError
from leadgen_dagster.scoring.audits import AuditedPage, AuditMethod, MethodUnavailableError, failed_audit
from leadgen_dagster.scoring.page_view import snippet

BASE_URL = "https://pagespeedonline.googleapis.com"
ENDPOINT = "/pagespeedonline/v5/runPagespeed"
SERVICE = "pagespeed"
TIMEOUT_S = 90.0
PAUSES_S = (2.0, 10.0, 30.0)
"""Before each further attempt: an answer of 429 does not say how long to wait."""
TOO_MANY_REQUESTS = 429


class CallLedger(Protocol):
    """Where every call to an outside service is written down, those that cost nothing too."""

    def reserve(
        self, *, service: str, endpoint: str, model: str | None, worst_case_micro_usd: int
    ) -> int: ...

    def settle(
        self, call_id: int, /, *, cost_micro_usd: int, prompt_tokens: int, completion_tokens: int, status: str
    ) -> None: ...


class PageSpeedError(LeadgenError):
    """No measurement came of one attempt.

    Attributes:
        is_of_page: Google tried, and the page is why.
    """

    def __init__(self, message: str, *, is_retryable: bool = False, is_of_page: bool = False) -> None:
        self.is_retryable = is_retryable
        self.is_of_page = is_of_page
        super().__init__(message)


class PageSpeedAuditor:
    """Each page several times, as a phone; what counts is the median. An async context manager.

    A service that lets nobody in, or stays away, is not asked again: it costs a run one such wait.

    Args:
        api_key: of a Google Cloud project.
        ledger: every attempt is a row of it, at a cost of 0.
        runs: how often each page is measured.
        sleep: how it waits between attempts.
    """

    method = AuditMethod.PAGESPEED

    def __init__(
        self,
        *,
        api_key: str,
        ledger: CallLedger,
        base_url: str = BASE_URL,
        runs: int = 3,
        clock: Clock | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._api_key = api_key
        self._ledger = ledger
        self._url = httpx.URL(base_url).join(ENDPOINT)
        self._runs = runs
        self._clock = clock or SystemClock()
        self._sleep = sleep
        # No client of httpx: it writes every URL into the log, and the key is part of it.
        self._transport = httpx.AsyncHTTPTransport(trust_env=False)
        self._given_up: str | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.aclose()

    async def audit(self, url: str) -> AuditedPage:
        """The median of some runs; one that fails ends them, and what was measured until then counts."""
        moment = self._clock.now()
        if self._given_up:
            raise MethodUnavailableError(self._given_up)
        reports: list[LighthouseReport] = []
        try:
            for _ in range(self._runs):
                reports.append(await self._report(url))  # noqa: PERF401  # what came before a failure counts
        except LighthouseError as error:
            if not reports:
                return failed_audit(self.method, url, moment, str(error))
        except PageSpeedError as error:
            if not reports and error.is_of_page:
                return failed_audit(self.method, url, moment, str(error))
            if not error.is_of_page:
                self._given_up = str(error)
            if not reports:
                raise MethodUnavailableError(str(error)) from None
        return measured_audit(self.method, url, moment, reports)

    async def _report(self, url: str) -> LighthouseReport:
        """One measurement, tried again where later may help; the only layer that does."""
        for pause_s in (*PAUSES_S, None):
            try:
                return await self._attempt(url)
            except PageSpeedError as error:
                if pause_s is None or not error.is_retryable:
                    raise
                await self._sleep(pause_s)
        raise AssertionError("the last attempt returns or raises")

    async def _attempt(self, url: str) -> LighthouseReport:
        call = self._ledger.reserve(service=SERVICE, endpoint=ENDPOINT, model=None, worst_case_micro_usd=0)
        status = "failed"
        try:
            answer = await self._asked(url)
            report = read_report(answer.get("lighthouseResult"))
            status = "answered"
            return report
        finally:
            self._ledger.settle(call, cost_micro_usd=0, prompt_tokens=0, completion_tokens=0, status=status)

    async def _asked(self, url: str) -> dict[str, Any]:
        asked = {
            "url": url,
            "key": self._api_key,
            "strategy": "MOBILE",
            "category": [name.upper().replace("-", "_") for name in CATEGORIES],  # repeated, one each
        }
        request = httpx.Request("GET", self._url.copy_with(params=asked))
        try:
            async with asyncio.timeout(TIMEOUT_S):
                response = await self._transport.handle_async_request(request)
                body = await response.aread()
        except (TimeoutError, httpx.HTTPError) as error:
            told = str(error) or type(error).__name__
            raise PageSpeedError(
                f"PageSpeed Insights could not be reached: {snippet(told)}", is_retryable=True
            ) from None
        try:
            content = json.loads(body.replace(self._api_key.encode(), b"..."))  # a refusal may quote it
        except ValueError:
            content = None
        if response.status_code == 200 and isinstance(content, dict):
            return content
        raise _error(response.status_code, content if isinstance(content, dict) else {})


def _error(status: int, content: dict[str, Any]) -> PageSpeedError:
    """What an answer without a report stands for; what Lighthouse itself says is about the page."""
    said = content.get("error")
    told = said if isinstance(said, dict) else {}
    causes = [one for one in told.get("errors") or () if isinstance(one, dict)]
    is_of_page = any(one.get("domain") == "lighthouse" for one in causes)
    is_final = any(one.get("reason") == "lighthouseUserError" for one in causes)
    return PageSpeedError(
        snippet(f"PageSpeed Insights answered {status}: {told.get('message') or 'without a reason'}"),
        is_retryable=not is_final and (status == TOO_MANY_REQUESTS or status >= 500),
        is_of_page=is_of_page,
    )
