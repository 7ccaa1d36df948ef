"""How the API of a host is asked: as JSON, with a token, and again where later may help."""

import json
import ssl
import time
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Self

import httpx

from leadgen_dagster.errors import SiteHostError
from leadgen_dagster.scoring.page_view import snippet

TIMEOUT_S = 60.0
PAUSES_S = (1.0, 4.0, 15.0)
"""Before each further attempt, where the host does not say how long."""
LONGEST_PAUSE_S = 60.0
POLL_S = 4.0
MAX_POLLS = 150
LATER_MAY_HELP = frozenset({408, 409, 425, 429})
NO_ENTRY = frozenset({401, 403})


class HostApi:
    """One host's API; a context manager, which keeps its connections open meanwhile.

    Args:
        host: as `LEADGEN_SITE_HOST` names it.
        base_url: what every path is added to.
        token: goes with every request.
        token_setting: the setting that holds it, for the sentence when it is refused.
        sleep: how it waits.
    """

    def __init__(
        self,
        *,
        host: str,
        base_url: str,
        token: str,
        token_setting: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.host = host
        self._base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._token_setting = token_setting
        self._sleep = sleep
        self._client: httpx.Client | None = None

    def __enter__(self) -> Self:
        self._client = httpx.Client(timeout=TIMEOUT_S, verify=_tls())
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None

    def ask(
        self,
        method: str,
        path: str,
        *,
        document: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        accepted: Collection[int] = (),
    ) -> dict[str, Any]:
        """The answer's JSON object; an empty one where there is none. Tried again here, and nowhere else.

        Args:
            document: sent as JSON.
            content: sent as it is.
            accepted: refusals that are none here.

        Raises:
            SiteHostError: the host refused, or could not be reached.
        """
        sent = dict(headers or {}) | self._headers
        if document is not None:
            content = json.dumps(document).encode()
            sent["Content-Type"] = "application/json"
        for pause_s in (*PAUSES_S, None):
            try:
                answer = self._attempt(method, path, content, sent)
            except httpx.HTTPError as error:
                told = snippet(str(error) or type(error).__name__)
                refusal = SiteHostError(self.host, f"could not be reached: {told}", is_retryable=True)
                wait_s = pause_s
            else:
                if answer.status_code < 400 or answer.status_code in accepted:
                    return _object(answer)
                refusal = self._refusal(answer)
                wait_s = _asked_pause_s(answer, pause_s)
            if wait_s is None or not refusal.is_retryable:
                raise refusal
            self._sleep(wait_s)
        raise AssertionError("the last attempt returns or raises")

    def wait(self, path: str, state_of: Callable[[dict[str, Any]], bool]) -> None:
        """Asks until `state_of` says that it is done.

        Raises:
            SiteHostError: `state_of` raised it, or it takes too long.
        """
        for _ in range(MAX_POLLS):
            if state_of(self.ask("GET", path)):
                return
            self._sleep(POLL_S)
        raise SiteHostError(
            self.host, f"not ready after {MAX_POLLS * POLL_S / 60:g} minutes", is_retryable=True
        )

    def _attempt(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        if self._client is None:
            raise RuntimeError("HostApi is asked outside its `with`")
        return self._client.request(method, f"{self._base_url}{path}", content=content, headers=headers)

    def _refusal(self, answer: httpx.Response) -> SiteHostError:
        status, told = answer.status_code, error_of(_object(answer))[1] or answer.reason_phrase
        if status in NO_ENTRY:
            return RefusedError(
                self.host, f"{self._token_setting} is not accepted ({status}: {told})", answer
            )
        is_retryable = status in LATER_MAY_HELP or status >= 500
        return RefusedError(self.host, f"answered {status}: {told}", answer, is_retryable=is_retryable)


class RefusedError(SiteHostError):
    """An answer that is a refusal.

    Attributes:
        code: the host's own word for it, where it says one.
    """

    def __init__(
        self, host: str, message: str, answer: httpx.Response, *, is_retryable: bool = False
    ) -> None:
        self.code = error_of(_object(answer))[0]
        super().__init__(host, message, is_retryable=is_retryable)


@cache
def _tls() -> ssl.SSLContext:
    """Read once: the certificates take longer than a request."""
    return httpx.create_ssl_context()


def error_of(document: Mapping[str, Any]) -> tuple[str, str]:
    """Code and message of an error, as Vercel (`error` within) and Netlify (flat) write it."""
    inner = document.get("error")
    told = inner if isinstance(inner, Mapping) else document
    return str(told.get("code") or ""), snippet(str(told.get("message") or ""))


def _asked_pause_s(answer: httpx.Response, pause_s: float | None) -> float | None:
    """What the host asks for; None, which ends it, where that is longer than anybody waits."""
    asked = answer.headers.get("retry-after", "")
    if pause_s is None or not asked.isdecimal():
        return pause_s
    return float(asked) if float(asked) <= LONGEST_PAUSE_S else None


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
