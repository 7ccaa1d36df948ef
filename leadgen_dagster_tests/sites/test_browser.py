"""Hostile names in a real browser."""

import shutil
import subprocess
from pathlib import Path

import pytest

from leadgen_dagster.sites.theme import themes
from leadgen_dagster.sites.view import render_site
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.sites.records import HOSTILE_NAMES, brief_of, look

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
]
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --allow-file-access-from-files "
    "--disable-background-networking --disable-component-update --disable-sync --dump-dom"
)


PHONE, DESKTOP = 390, 1280
TOO_WIDE = """<script>onload = () => { document.title = "too wide: " + [...document.querySelectorAll("iframe")]
  .filter(frame => frame.contentDocument.documentElement.scrollWidth > frame.clientWidth).length }</script>"""
WHAT_IS_SAID_NOW = """<script>onload = () => { document.title = [...new Set([...document.querySelectorAll("iframe")]
  .map(frame => frame.contentDocument.getElementById("now").textContent))].join("; ") }</script>"""


def title_after_opening(pages: list[str], folder: Path, *, width: int = 300, script: str = "") -> str:
    """The title of a page that shows all of them in frames; a script in any of them may change it."""
    for number, page in enumerate(pages):
        told = page.replace("document.title=", "top.document.title=")
        (folder / f"{number}.html").write_text(told, encoding="utf-8")
    frames = "".join(
        f'<iframe src="{number}.html" width="{width}" height="600"></iframe>' for number in range(len(pages))
    )
    whole = folder / "all.html"
    whole.write_text(f"<!doctype html><title>untouched</title>{script}{frames}", encoding="utf-8")
    command = [str(CHROMIUM), *OPTIONS.split(), f"--user-data-dir={folder / 'profile'}", whole.as_uri()]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603 - a fixed command
    return done.stdout.decode().partition("<title>")[2].partition("</title>")[0]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_name_makes_a_page_wider_than_its_screen(width: int, tmp_path: Path) -> None:
    names = (
        "W" * 170,
        f"The Harbour Master's {'Traditional ' * 12}Coffee House Ltd",
        "Donaudampfschifffahrtsgesellschaft",
    )
    pages = [
        render_site(
            brief_of(make_business(name=name, street=name, city=name)),
            look(theme, variant),
            fingerprint=name,
            agency_name=name,
        ).decode()
        for name in names
        for theme in themes().values()
        for variant in theme.variants
    ]
    assert title_after_opening(pages, tmp_path, width=width, script=TOO_WIDE) == "too wide: 0"


def test_a_page_that_is_too_wide_would_be_noticed(tmp_path: Path) -> None:
    page = '<!doctype html><p style="width:2000px">x'
    assert title_after_opening([page], tmp_path, width=PHONE, script=TOO_WIDE) == "too wide: 1"


@pytest.mark.parametrize(
    ("hours", "said"),
    [("24/7", "Usually open now"), ("Mo-Su 06:00-06:00", "Usually open now, until 06:00")],
)
def test_every_theme_says_until_when_it_is_open_if_it_ever_closes(
    hours: str, said: str, tmp_path: Path
) -> None:
    business = make_business(opening_hours=hours)
    pages = [
        render_site(brief_of(business), look(theme, variant), fingerprint=variant, agency_name=None).decode()
        for theme in themes().values()
        for variant in theme.variants
    ]
    assert title_after_opening(pages, tmp_path, script=WHAT_IS_SAID_NOW) == said


def test_no_hostile_name_runs_a_script(tmp_path: Path) -> None:
    pages = []
    for number, name in enumerate(HOSTILE_NAMES):
        hostile = make_business(name=name, street=name, city=name)
        theme = list(themes().values())[number % len(themes())]
        pages.append(render_site(brief_of(hostile), look(theme), fingerprint=name, agency_name=name).decode())
    assert title_after_opening(pages, tmp_path) == "untouched"


def test_a_script_that_did_run_would_be_noticed(tmp_path: Path) -> None:
    page = '<!doctype html><script>document.title="owned"</script>'
    assert title_after_opening([page], tmp_path) == "owned"
