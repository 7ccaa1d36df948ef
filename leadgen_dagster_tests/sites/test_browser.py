"""Hostile names in a real browser."""

import shutil
import subprocess
from pathlib import Path

import pytest

from leadgen_dagster.sites.looks import LAYOUTS, Look, palettes
from leadgen_dagster.sites.view import render_site
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.sites.records import HOSTILE_NAMES, brief_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_no_hostile_name_runs_a_script(tmp_path: Path) -> None:
    assert CHROMIUM is not None
    frames = []
    for number, name in enumerate(HOSTILE_NAMES):
        hostile = make_business(name=name, street=name, city=name)
        look = Look(LAYOUTS[number % len(LAYOUTS)], palettes()["plum"])
        page = render_site(brief_of(hostile), look, fingerprint=name, agency_name=name).decode()
        (tmp_path / f"{number}.html").write_text(
            page.replace("document.title=", "top.document.title="), "utf-8"
        )
        frames.append(f'<iframe src="{number}.html"></iframe>')
    whole = tmp_path / "all.html"
    whole.write_text(f"<!doctype html><title>untouched</title>{''.join(frames)}", "utf-8")
    options = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --allow-file-access-from-files"
    )
    quiet = "--disable-background-networking --disable-component-update --disable-sync --dump-dom"
    command = [
        CHROMIUM,
        *options.split(),
        *quiet.split(),
        f"--user-data-dir={tmp_path / 'profile'}",
        whole.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603 - a fixed command
    assert b"<title>untouched</title>" in done.stdout
