"""The programs for a second look that are installed on this machine, and what is missing. Nothing is downloaded."""

import os
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

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


def find_browser(setting: Path | None) -> Path | None:
    """The browser of the setting, else the first one on the PATH that is known."""
    return _found(setting, BROWSER_NAMES)


def find_lighthouse(setting: Path | None) -> Path | None:
    return _found(setting, ("lighthouse",))


def missing_for_browser(setting: Path | None) -> str | None:
    """What this machine lacks for a browser pass; None where nothing."""
    if not all(map(find_spec, BROWSER_PACKAGES)):
        return "the packages of the extra `browser` are not installed: pip install 'leadgen_dagster[browser]'"
    return missing_browser(setting)


def missing_browser(setting: Path | None) -> str | None:
    if find_browser(setting):
        return None
    told = f"LEADGEN_BROWSER: {setting} is no file" if setting else "no Chromium or Chrome on the PATH"
    return f"{told}; install one, or name it in LEADGEN_BROWSER"


def missing_for_lighthouse(setting: Path | None, browser: Path | None) -> str | None:
    """What this machine lacks for Lighthouse; None where nothing. Its version is looked at when it runs."""
    if find_lighthouse(setting) is None:
        told = f"LEADGEN_LIGHTHOUSE: {setting} is no file" if setting else "no lighthouse on the PATH"
        return f"{told}; npm install -g lighthouse@12, or name it in LEADGEN_LIGHTHOUSE"
    return missing_browser(browser)


def bare_environment() -> Mapping[str, str]:
    """What a program that opens other people's pages is told of the environment: no key, no password."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def _found(setting: Path | None, names: tuple[str, ...]) -> Path | None:
    if setting is not None:
        return setting if setting.is_file() else None
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None
