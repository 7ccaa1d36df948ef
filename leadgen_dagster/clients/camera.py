"""Pictures of demos as an installed Chromium shows them, on a phone and on a desk. It has no way to the network."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from leadgen_dagster.clients.installed import BrowserFailedError, bare_environment, is_superuser

SCREENS = {"phone": (390, 844, 0.75), "desktop": (1280, 800, 0.5)}
"""Device -> width and height in CSS pixels, and pixels of the picture for each of them."""
JPEG_QUALITY = 60
PAGE_TIMEOUT_MS = 10_000.0
FLAGS = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-gpu")


class Camera:
    """A context manager: one warm browser for all pictures.

    Raises:
        BrowserFailedError: upon entering, where the browser does not start; its text says why.
    """

    def __init__(self, executable: Path) -> None:
        self._executable = executable
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def __enter__(self) -> Self:
        try:
            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(
                executable_path=self._executable,
                args=list(FLAGS),
                chromium_sandbox=not is_superuser(),
                env=dict(bare_environment()),
            )
        except (PlaywrightError, OSError) as error:
            self.__exit__()
            raise BrowserFailedError(f"{self._executable} does not start: {_first_line(error)}") from None
        return self

    def __exit__(self, *_: object) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()

    def take(self, html: bytes) -> Mapping[str, bytes]:
        """Device -> what its first screen shows, as JPEG.

        Raises:
            BrowserFailedError: the browser does not show the page, or is gone.
        """
        try:
            return {device: self._picture(html.decode(), *size) for device, size in SCREENS.items()}
        except PlaywrightError as error:
            raise BrowserFailedError(f"a demo could not be pictured: {_first_line(error)}") from None

    def _picture(self, html: str, width: int, height: int, density: float) -> bytes:
        if self._browser is None:
            raise RuntimeError("the camera is used inside its `with` block only")
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=density,
            offline=True,
            reduced_motion="reduce",
        )
        try:
            page = context.new_page()
            page.set_content(html, wait_until="load", timeout=PAGE_TIMEOUT_MS)
            return page.screenshot(type="jpeg", quality=JPEG_QUALITY, timeout=PAGE_TIMEOUT_MS)
        finally:
            context.close()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
