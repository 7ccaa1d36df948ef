"""A browser pass: an installed Chromium loads a page once, as a phone, and tells what it took and what it shows.

One warm browser for all pages, a fresh context for each; it reaches the network through `AuditProxy` alone.
"""

import asyncio
import contextlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx
from playwright.async_api import Browser, BrowserContext, Page, Playwright, Route, async_playwright
from playwright.async_api import Error as PlaywrightError

from leadgen_dagster.clients.audit_proxy import AuditProxy
from leadgen_dagster.clients.clock import Clock, SystemClock
from leadgen_dagster.clients.failures import FetchError
from leadgen_dagster.clients.installed import bare_environment, is_superuser
from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.clients.page_visit import MOST_RENDERED_CHARACTERS, PageError, PageVisit
from leadgen_dagster.scoring.audits import (
    AuditedPage,
    AuditMethod,
    AuditOutcome,
    MethodUnavailableError,
    failed_audit,
)
from leadgen_dagster.scoring.estimates import performance_estimate
from leadgen_dagster.scoring.page_view import snippet
from leadgen_dagster.scoring.scores import Category

PHONE_WIDTH, PHONE_HEIGHT, PHONE_DENSITY = 390, 844, 2
CLOSE_TIMEOUT_S = 5.0
MOST_PADDED_BYTES = 20_000_000
FLAGS = (
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--mute-audio",
)


class BrowserAuditor:
    """An async context manager; the browser starts with the first page.

    Args:
        executable: an installed Chromium or Chrome.
        user_agent: who asks; added to the browser's own words.
        proxy: the guarded way out, open for as long as the auditor.
        files: where pictures and rendered pages are kept.
        transport_routes: host suffixes (`.port-linden.example`) and what serves them instead of the network.
        deadline_s: for one page, all in all.
    """

    method = AuditMethod.BROWSER

    def __init__(
        self,
        *,
        executable: Path,
        user_agent: str,
        proxy: AuditProxy,
        files: ObjectStore,
        transport_routes: Mapping[str, httpx.AsyncBaseTransport] | None = None,
        deadline_s: float = 30.0,
        clock: Clock | None = None,
    ) -> None:
        self._executable = executable
        self._user_agent = user_agent
        self._proxy = proxy
        self._files = files
        self._routes = dict(transport_routes or {})
        self._deadline_s = deadline_s
        self._clock = clock or SystemClock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._own_words = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close_browser()
        if self._playwright is not None:
            await self._playwright.stop()

    async def audit(self, url: str) -> AuditedPage:
        """Loads the page once and looks at it as a phone shows it, then as a desk does."""
        moment = self._clock.now()
        browser = await self._started()
        await self._proxy.begin_page()
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._audited(browser, url)
        except TimeoutError:
            error = f"no page to look at within {self._deadline_s:g} s"
        except PageError as failure:
            error = str(failure)
        except PlaywrightError as failure:
            error = self._refusal_of(url) or _network_error(failure)
        finally:
            await self._let_go(browser)
        return failed_audit(self.method, url, moment, error)

    async def _audited(self, browser: Browser, url: str) -> AuditedPage:
        context = await self._fresh_context(browser, url)
        page = await context.new_page()
        context.on("page", _close)
        visit = PageVisit(page, url)
        await visit.open()
        moment = self._clock.now()
        shown = await visit.measure()
        phone = await visit.phone_picture()
        points, violations, axe_version = await visit.accessibility()
        weight = await visit.weight()
        desktop = await visit.desktop_picture()
        scores = {Category.PERFORMANCE: performance_estimate(weight["total_bytes"], weight["requests"])}
        if points is not None:
            scores[Category.ACCESSIBILITY] = points
        html = shown["html"]
        figures = {
            **weight,
            "layout_width_px": shown["layoutWidth"],
            "content_width_px": shown["contentWidth"],
            "scrolls_sideways": shown["contentWidth"] > shown["layoutWidth"] + 1,
            "smallest_font_px": shown["smallestFont"],
            "usual_font_px": shown["usualFont"],
            "is_cut_off": self._proxy.is_limit_reached,
        }
        return AuditedPage(
            method=self.method,
            url=url,
            audited_at=moment,
            outcome=AuditOutcome.DONE,
            category_scores={category: round(value, 1) for category, value in scores.items()},
            figures={name: value for name, value in figures.items() if value is not None},
            findings=(*violations, *visit.complaints()),
            screenshots={
                "phone": self._files.put_picture(phone),
                "desktop": self._files.put_picture(desktop),
            },
            rendered_hash=self._files.put_body(html.encode("utf-8", "replace"))
            if len(html) <= MOST_RENDERED_CHARACTERS
            else None,
            versions={"browser": browser.version, "axe-core": axe_version},
        )

    async def _started(self) -> Browser:
        """The warm browser; a new one where the last page brought it down."""
        try:
            if self._browser is None or not self._browser.is_connected():
                self._playwright = self._playwright or await async_playwright().start()
                self._browser = await self._playwright.chromium.launch(
                    executable_path=self._executable,
                    args=[*FLAGS, *self._proxy.browser_flags],
                    chromium_sandbox=not is_superuser(),
                    env=dict(bare_environment()),
                )
            self._own_words = self._own_words or await _user_agent_of(self._browser)
        except (PlaywrightError, OSError) as error:  # the browser's, or of the program that drives it
            raise MethodUnavailableError(
                f"{self._executable} does not start: {snippet(str(error))}"
            ) from None
        return self._browser

    async def _fresh_context(self, browser: Browser, url: str) -> BrowserContext:
        context = await browser.new_context(
            viewport={"width": PHONE_WIDTH, "height": PHONE_HEIGHT},
            screen={"width": PHONE_WIDTH, "height": PHONE_HEIGHT},
            device_scale_factor=PHONE_DENSITY,
            is_mobile=True,
            has_touch=True,
            user_agent=f"{self._own_words} {self._user_agent}",
            accept_downloads=False,
            service_workers="block",
        )
        for suffix, transport in self._routes.items():
            hosts = re.compile(rf"https?://(?:[^/?#]+\.)?{re.escape(suffix.strip('.'))}(?:[:/?#]|$)")
            if hosts.match(url):  # only there: it costs every request of a page a detour
                await context.route(hosts, _Served(transport, self._proxy.refusals).answer)
        return context

    async def _let_go(self, browser: Browser) -> None:
        """Closes what the page left open; a browser that a page holds fast is given up."""
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                for context in browser.contexts:
                    await context.close()
        except (TimeoutError, PlaywrightError):
            await self._close_browser()

    async def _close_browser(self) -> None:
        if self._browser is not None:
            with contextlib.suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await self._browser.close()
            self._browser = None

    def _refusal_of(self, url: str) -> str | None:
        """Why there was no connection: to its host, or to the one that the page led on to last."""
        refusals = self._proxy.refusals
        return refusals.get(urlsplit(url).hostname or "") or next(reversed(refusals.values()), None)


class _Served:
    """Answers a browser's requests by a transport instead of the network."""

    def __init__(self, transport: httpx.AsyncBaseTransport, refusals: dict[str, str]) -> None:
        self._transport = transport
        self._refusals = refusals

    async def answer(self, route: Route) -> None:
        asked = route.request
        request = httpx.Request(asked.method, asked.url, headers=await asked.all_headers())
        try:
            response = await self._transport.handle_async_request(request)
        except FetchError as error:
            self._refusals[request.url.host] = str(error)
            await route.abort("connectionfailed")
            return
        body = await response.aread()
        # A file that exists only as a size weighs what it says.
        announced = min(int(response.headers.get("content-length", "0")), MOST_PADDED_BYTES)
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        await route.fulfill(status=response.status_code, headers=headers, body=body.ljust(announced, b"\0"))


async def _close(popup: Page) -> None:
    with contextlib.suppress(PlaywrightError):
        await popup.close()


async def _user_agent_of(browser: Browser) -> str:
    page = await browser.new_page()
    words = await page.evaluate("navigator.userAgent")
    await page.close()
    return str(words)


def _network_error(failure: PlaywrightError) -> str:
    code = re.search(r"net::(ERR_\w+)", failure.message)
    if code:
        return f"the browser could not open the page ({code[1]})"
    return f"the browser broke off: {snippet(failure.message.partition('Call log')[0])}"
