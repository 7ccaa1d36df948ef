"""PageSpeed Insights, played by a server on loopback whose answers were written by hand."""

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from leadgen_dagster.clients.pagespeed import PAUSES_S, PageSpeedAuditor
from leadgen_dagster.scoring.audits import AuditedPage, AuditMethod, AuditOutcome, MethodUnavailableError
from leadgen_dagster.scoring.scores import Category
from leadgen_dagster_tests.clients.lighthouse_reports import failed_report, make_report, report_with
from leadgen_dagster_tests.clients.loopback import FakeClock, Site, answer, served

KEY = "AIza-s3cret"
SHOP = "https://shop.example/?a=b&c=ü"


class Calls:
    """A ledger."""

    def __init__(self) -> None:
        self.settled: list[tuple[str, int]] = []

    def reserve(self, *, service: str, endpoint: str, model: str | None, worst_case_micro_usd: int) -> int:
        assert (service, endpoint) == ("pagespeed", "/pagespeedonline/v5/runPagespeed")
        assert (model, worst_case_micro_usd) == (None, 0)
        return len(self.settled)

    def settle(self, call_id: int, /, *, cost_micro_usd: int, status: str, **_tokens: int) -> None:
        assert call_id == len(self.settled)
        self.settled.append((status, cost_micro_usd))


class Google(dict[str, bytes]):
    """What it answers, one after the other, whatever is asked for; the last one for ever."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__()
        self.answers = list(answers)
        self.calls = Calls()
        self.clock = FakeClock()
        self.site: Site | None = None

    def audit(self, *, runs: int = 1, times: int = 1) -> list[AuditedPage | str]:
        """What comes of looking so often; the message, where the method was not to be had."""

        async def run() -> list[AuditedPage | str]:
            async with served(self) as self.site:
                auditor = PageSpeedAuditor(
                    api_key=KEY,
                    ledger=self.calls,
                    base_url=self.site.root,
                    runs=runs,
                    clock=self.clock,
                    sleep=self.clock.sleep,
                )
                async with auditor:
                    return [await self._told(auditor) for _ in range(times)]

        return asyncio.run(run())

    async def _told(self, auditor: PageSpeedAuditor) -> AuditedPage | str:
        try:
            return await auditor.audit(SHOP)
        except MethodUnavailableError as error:
            return str(error)

    def get(self, _path: str, _default: object = None) -> bytes:  # type: ignore[override]  # the query is no part of it
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def queries(self) -> Sequence[list[tuple[str, str]]]:
        assert self.site is not None
        return [parse_qsl(urlsplit(asked.path).query) for asked in self.site.asked]


def report(lighthouse: dict[str, Any]) -> bytes:
    return answer(json.dumps({"kind": "x", "lighthouseResult": lighthouse}).encode(), "200 OK")


def error(code: int, message: str, reason: str, domain: str = "lighthouse") -> bytes:
    said = {"code": code, "message": message, "errors": [{"domain": domain, "reason": reason}]}
    return answer(json.dumps({"error": said}).encode(), f"{code} No")


TOO_MANY = answer(b'{"error":{"code":429,"message":"Quota exceeded"}}', "429 Too Many Requests")


def test_it_is_asked_for_a_phone_and_for_every_category() -> None:
    google = Google(report(make_report()))
    [audit] = google.audit()

    assert google.queries == [
        [
            ("url", SHOP),
            ("key", KEY),
            ("strategy", "MOBILE"),
            ("category", "PERFORMANCE"),
            ("category", "ACCESSIBILITY"),
            ("category", "BEST_PRACTICES"),
            ("category", "SEO"),
        ]
    ]
    assert isinstance(audit, AuditedPage)
    assert (audit.method, audit.outcome, audit.url) == (AuditMethod.PAGESPEED, AuditOutcome.DONE, SHOP)
    assert audit.category_scores[Category.PERFORMANCE] == 41.0
    assert google.calls.settled == [("answered", 0)]


def test_the_median_of_three_counts() -> None:
    google = Google(*(report(report_with(score)) for score in (0.9, 0.1, 0.5)))
    [audit] = google.audit(runs=3)

    assert isinstance(audit, AuditedPage)
    assert audit.category_scores[Category.PERFORMANCE] == 50.0
    assert google.calls.settled == [("answered", 0)] * 3


def test_too_many_requests_are_tried_again_after_longer_and_longer_pauses() -> None:
    google = Google(TOO_MANY, TOO_MANY, report(make_report()))
    [audit] = google.audit()

    assert isinstance(audit, AuditedPage)
    assert audit.is_done
    assert google.clock.sleeps == list(PAUSES_S[:2])
    assert google.calls.settled == [("failed", 0), ("failed", 0), ("answered", 0)]


def test_a_service_that_stays_away_is_given_up_once_for_all_pages() -> None:
    google = Google(TOO_MANY)
    told = google.audit(times=3)

    assert told == ["PageSpeed Insights answered 429: Quota exceeded"] * 3
    assert google.clock.sleeps == list(PAUSES_S)


@pytest.mark.parametrize("code", [400, 403])
def test_a_key_that_is_refused_is_no_fault_of_the_page(code: int) -> None:
    google = Google(error(code, "API key not valid.", "keyInvalid", domain="global"))

    assert google.audit(times=2) == [f"PageSpeed Insights answered {code}: API key not valid."] * 2
    assert len(google.queries) == 1


def test_a_page_that_google_cannot_load_is_a_failure_of_that_page_and_not_tried_again() -> None:
    message = "Lighthouse returned error: FAILED_DOCUMENT_REQUEST. Lighthouse was unable to load the page."
    google = Google(error(500, message, "lighthouseUserError"), report(make_report()))
    first, second = google.audit(times=2)

    assert isinstance(first, AuditedPage)
    assert (first.outcome, first.error) == (
        AuditOutcome.FAILED,
        f"PageSpeed Insights answered 500: {message}",
    )
    assert google.clock.sleeps == []
    assert isinstance(second, AuditedPage)
    assert second.is_done


def test_an_error_of_lighthouse_itself_is_tried_again() -> None:
    google = Google(error(500, "Something went wrong.", "lighthouseError"), report(make_report()))
    [audit] = google.audit()

    assert isinstance(audit, AuditedPage)
    assert audit.is_done


def test_a_report_that_tells_of_an_error_is_a_failure_of_the_page() -> None:
    [audit] = Google(report(failed_report())).audit()

    assert isinstance(audit, AuditedPage)
    assert audit.error == "NO_FCP: The page did not paint any content."


def test_a_run_that_fails_after_others_leaves_what_they_measured() -> None:
    google = Google(report(make_report()), error(500, "No.", "lighthouseUserError"))
    [audit] = google.audit(runs=3)

    assert isinstance(audit, AuditedPage)
    assert audit.figures["runs"] == 1


@pytest.mark.parametrize("nonsense", [answer(b"<html>"), answer(b"[]"), answer(b"{}", "204 No Content"), b""])
def test_an_answer_that_is_none_ends_in_one_line(nonsense: bytes) -> None:
    [told] = Google(nonsense).audit()

    assert str(told).isprintable()
    assert not (isinstance(told, AuditedPage) and told.is_done)


def test_a_refusal_that_quotes_the_key_is_told_without_it() -> None:
    google = Google(error(403, f"Consumer 'api_key:{KEY}' has been suspended.", "forbidden", domain="global"))

    assert google.audit() == ["PageSpeed Insights answered 403: Consumer 'api_key:...' has been suspended."]


def test_the_key_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="httpx"):
        Google(TOO_MANY).audit()

    assert KEY not in caplog.text
