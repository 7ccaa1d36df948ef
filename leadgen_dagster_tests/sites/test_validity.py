"""What others say of the gallery: the Nu HTML checker of its markup, axe of who can read it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from leadgen_dagster.sites.gallery import SAMPLES, Exhibit, render_gallery
from leadgen_dagster.sites.theme import themes

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
JAVA = shutil.which("java")
NU = Path(
    os.environ.get("NU_VALIDATOR", Path(sys.prefix, "node_modules", "vnu-jar", "build", "dist", "vnu.jar"))
)
"""Where `make test` puts it."""
GRAVE = {"serious", "critical"}
ASK_AXE = """axe.run(document, {
  iframes: false, resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21aa"],
}).then(told => told.violations.map(one => [one.impact, one.id, one.nodes[0].html]))"""
no_nu = pytest.mark.skipif(
    JAVA is None or not NU.exists(), reason="the Nu validator is not installed: Java, npm, make test"
)
IN_THE_DARK = 3
"""Every third page is looked at in the dark, too: the colours are the same for all samples of a palette."""


@pytest.fixture(scope="module")
def exhibits() -> list[Exhibit]:
    return [exhibit for theme in themes().values() for exhibit in render_gallery(theme)]


def _each_sample_once(exhibits: list[Exhibit]) -> list[Exhibit]:
    """Every theme with every sample, going round its arrangements."""
    shown = []
    by_path = {exhibit.path: exhibit for exhibit in exhibits}
    for theme in themes().values():
        for number, kind in enumerate(SAMPLES):
            variant = theme.variants[number % len(theme.variants)]
            shown.append(by_path[f"{theme.name}/{variant}-{kind}.html"])
    return shown


def _told_by_nu(exhibits: list[Exhibit], folder: Path) -> list[str]:
    for exhibit in exhibits:
        (folder / exhibit.path.replace("/", "-")).write_bytes(exhibit.html)
    command = [str(JAVA), "-Xss1m", "-jar", str(NU), "--format", "json", "--errors-only", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=240)  # noqa: S603 - a fixed command
    told = [f"{Path(one['url']).name}: {one['message']}" for one in json.loads(done.stderr)["messages"]]
    assert done.returncode == bool(told)
    return told


@no_nu
def test_the_nu_validator_finds_no_error_in_any_theme(exhibits: list[Exhibit], tmp_path: Path) -> None:
    assert _told_by_nu(_each_sample_once(exhibits), tmp_path) == []


@no_nu
@pytest.mark.campaign
def test_the_nu_validator_finds_no_error_in_any_arrangement(exhibits: list[Exhibit], tmp_path: Path) -> None:
    assert _told_by_nu(exhibits, tmp_path) == []


@pytest.fixture(scope="module")
def browser_page() -> Iterator["Page"]:
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        browser.close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_any_theme(
    exhibits: list[Exhibit], browser_page: "Page", scheme: str
) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = []
    for exhibit in _each_sample_once(exhibits)[:: 1 if scheme == "light" else IN_THE_DARK]:
        browser_page.set_content(exhibit.html.decode())
        browser_page.evaluate(axe)
        violations = browser_page.evaluate(ASK_AXE)
        found += [
            f"{exhibit.path}: {rule}: {html[:120]}" for impact, rule, html in violations if impact in GRAVE
        ]
    assert found == []
