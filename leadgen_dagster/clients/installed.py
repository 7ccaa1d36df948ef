"""The programs for a second look that are installed on this machine, and what is missing. Nothing is downloaded."""

import os
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from leadgen_dagster.errors import LeadgenError

BROWSER_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
BROWSER_PACKAGES = ("playwright", "axe_playwright_python")
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "XDG_RUNTIME_DIR", "FONTCONFIG_PATH")


class NotInstalledError(LeadgenError):
    """A program or package is missing; its text says which, and what to do."""


class BrowserFailedError(LeadgenError):
    """A browser is there and does not do what it should; its text says what."""


def find_browser(setting: Path | None) -> Path:
    """The browser of the setting, else the first one on the PATH that is known.

    Raises:
        NotInstalledError: there is none.
    """
    found = _found(setting, BROWSER_NAMES)
    if found is None:
        told = f"LEADGEN_BROWSER: {setting} is no file" if setting else "no Chromium or Chrome on the PATH"
        raise NotInstalledError(f"{told}; install one, or name it in LEADGEN_BROWSER")
    return found


def find_driven_browser(setting: Path | None) -> Path:
    """The same, with the packages that drive it.

    Raises:
        NotInstalledError: the browser or a package is missing.
    """
    if not all(map(find_spec, BROWSER_PACKAGES)):
        raise NotInstalledError(
            "the packages that drive a browser are missing: pip install playwright axe-playwright-python"
        )
    return find_browser(setting)


def find_lighthouse(setting: Path | None) -> Path:
    """Lighthouse of the setting, else the one on the PATH; its version is looked at when it runs.

    Raises:
        NotInstalledError: there is none.
    """
    found = _found(setting, ("lighthouse",))
    if found is None:
        told = f"LEADGEN_LIGHTHOUSE: {setting} is no file" if setting else "no lighthouse on the PATH"
        raise NotInstalledError(f"{told}; npm install -g lighthouse@12, or name it in LEADGEN_LIGHTHOUSE")
    return found


def has_lighthouse() -> bool:
    """Whether one is on the PATH, unasked for."""
    return shutil.which("lighthouse") is not None


def bare_environment() -> Mapping[str, str]:
    """What a program that opens other people's pages is told of the environment: no key, no password."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def _found(setting: Path | None, names: tuple[str, ...]) -> Path | None:
    if setting is not None:
        return setting if setting.is_file() else None
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


def is_superuser() -> bool:
    """Chromium's sandbox refuses to be set up by the superuser."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
