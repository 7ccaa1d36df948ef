"""One page in a browser: what it asks for while it loads, and what it shows. Measured in a world of its own.

An isolated world sees the page's elements and none of its scripts' names, so that no page can lie about itself.
"""

import asyncio
import base64
import contextlib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.async_api import ConsoleMessage, Page, Request
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from leadgen_dagster.errors import LeadgenError
from leadgen_dagster.scoring.audits import AuditFinding
from leadgen_dagster.scoring.domains import is_same_site
from leadgen_dagster.scoring.estimates import accessibility_estimate
from leadgen_dagster.scoring.page_view import SNIPPET_LENGTH, snippet

DESKTOP_WIDTH, DESKTOP_HEIGHT = 1280, 800
JPEG_QUALITY = 60
LOAD_TIMEOUT_S = 12.0
"""How long the page's last parts are waited for once its text is there."""
QUIET_TIMEOUT_S = 3.0
"""How long scripts are waited for that still fetch something."""
SETTLING_S = 0.2
"""How long styles and scripts take a new width in."""
MOST_RENDERED_CHARACTERS = 5_000_000
MOST_FINDINGS = 50

KINDS: Mapping[str, str] = {
    "document": "html",
    "stylesheet": "style",
    "script": "script",
    "image": "image",
    "font": "font",
    "media": "media",
}
"""Playwright's types of resource -> what the figures call them; the rest are `other`."""
GIVEN_UP = "net::ERR_ABORTED"
"""A request that the page itself broke off is no fault."""
NO_PAGE = "chrome-error:"
"""Where a browser says that there is nothing."""
UNASKED = "/favicon.ico"
"""What a browser looks for by itself, and only now and then."""


class PageError(LeadgenError):
    """There is no page to look at; its text says why."""


class PageVisit:
    """Made before the page is opened; listens from then on."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url
        self._requests = 0
        self._finished: list[Request] = []
        self._failed: list[str] = []
        self._errors: list[str] = []
        page.on("request", self._note_request)
        page.on("requestfinished", self._note_end)
        page.on("requestfailed", self._note_failure)
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self._errors.append(str(error)))

    async def open(self) -> None:
        """Goes there, and waits until the page has come to rest or takes too long for it.

        Raises:
            PageError: there is no page, or it is another firm's.
            PlaywrightError: no connection, no HTTP, no answer.
        """
        answer = await self._page.goto(self._url, wait_until="domcontentloaded", timeout=0)
        for state, timeout_s in (("load", LOAD_TIMEOUT_S), ("networkidle", QUIET_TIMEOUT_S)):
            with contextlib.suppress(PlaywrightTimeoutError):
                await self._page.wait_for_load_state(state, timeout=timeout_s * 1000)  # type: ignore[arg-type]
        if answer is not None and answer.status >= 400:
            raise PageError(f"the page answered {answer.status}")
        if self._page.url.startswith(NO_PAGE):
            raise PageError("the page leads on to an address that could not be opened")
        if not is_same_site(self._url, self._page.url):
            raise PageError(f"the page leads on to {snippet(self._page.url)}")
        self._session = await self._page.context.new_cdp_session(self._page)
        tree = await self._session.send("Page.getFrameTree")
        self._frame = tree["frameTree"]["frame"]["id"]

    async def weight(self) -> dict[str, int]:
        """What was loaded, in bytes over the wire by kind."""
        told: Counter[str] = Counter()
        for request in self._finished:
            kind = KINDS.get(request.resource_type, "other")
            told[f"{kind}_bytes"] += await _bytes_of(request)
        total = sum(told.values())
        return {
            "requests": self._requests,
            "failed_requests": len(self._failed),
            "console_errors": len(self._errors),
            "total_bytes": total,
            **dict(sorted(told.items())),
        }

    async def measure(self) -> dict[str, Any]:
        """Widths, sizes of letters and the HTML as a phone has them now."""
        seen: dict[str, Any] = await self._evaluate(_script("measure.js"))
        return seen

    async def accessibility(self) -> tuple[float | None, list[AuditFinding], str]:
        """axe-core's estimate in points, its violations, the worst first, and its version."""
        told = await self._evaluate(f"{_axe_core()}\n{_script('axe.js')}")
        violations = [
            AuditFinding(
                rule_id=rule["id"],
                title=snippet(rule["help"]),
                impact=rule["impact"],
                count=rule["count"],
                where=rule["where"] or None,
            )
            for rule in told["violations"]
        ]
        points = accessibility_estimate(told["passed"], [one.impact for one in violations])
        return points, violations[:MOST_FINDINGS], told["version"]

    def complaints(self) -> list[AuditFinding]:
        """What the console and the network said."""
        both = (
            ("console-error", "The console shows errors", self._errors),
            ("failed-request", "Parts of the page could not be loaded", self._failed),
        )
        return [
            AuditFinding(rule_id=rule_id, title=title, count=len(texts), where=snippet(texts[0]))
            for rule_id, title, texts in both
            if texts
        ]

    async def phone_picture(self) -> bytes:
        """What the phone shows without scrolling, as JPEG."""
        return await self._page.screenshot(type="jpeg", quality=JPEG_QUALITY, timeout=0)

    async def desktop_picture(self) -> bytes:
        """The same page on a wide screen; it is not loaded again, for a website is asked once."""
        metrics = {"width": DESKTOP_WIDTH, "height": DESKTOP_HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        await self._session.send("Emulation.setDeviceMetricsOverride", metrics)
        await asyncio.sleep(SETTLING_S)
        shot = await self._session.send(
            "Page.captureScreenshot",
            {"format": "jpeg", "quality": JPEG_QUALITY, "captureBeyondViewport": False},
        )
        return base64.b64decode(shot["data"])

    async def _evaluate(self, expression: str) -> Any:  # noqa: ANN401  # JSON
        world = await self._session.send(
            "Page.createIsolatedWorld", {"frameId": self._frame, "worldName": "leadgen"}
        )
        told = await self._session.send(
            "Runtime.evaluate",
            {
                "expression": expression,
                "contextId": world["executionContextId"],
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        if "exceptionDetails" in told:
            exception = told["exceptionDetails"].get("exception", {})
            raise PageError(f"the page could not be measured: {snippet(exception.get('description', ''))}")
        return told["result"]["value"]

    def _note_request(self, _request: Request) -> None:
        self._requests += 1

    def _note_end(self, request: Request) -> None:
        self._finished.append(request)

    def _note_failure(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self._failed.append(f"{request.url[:SNIPPET_LENGTH]} {request.failure}")

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location["url"].endswith(UNASKED):
            self._errors.append(message.text)


async def _bytes_of(request: Request) -> int:
    """Head and body as they came; nothing for what came out of a cache or the page itself."""
    try:
        sizes = await request.sizes()
    except PlaywrightError:
        return 0
    return max(0, sizes["responseBodySize"]) + max(0, sizes["responseHeadersSize"])


@cache
def _script(name: str) -> str:
    return files("leadgen_dagster.clients").joinpath(name).read_text(encoding="utf-8")


@cache
def _axe_core() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
