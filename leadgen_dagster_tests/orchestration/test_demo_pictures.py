"""Pictures of demos: taken once, with a real browser that has no network; nothing stops where there is none."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from upath import UPath

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.orchestration.demo_pictures import DEVICES, CameraResource, picture_figures
from leadgen_dagster.orchestration.layout import demo_picture_path, site_path
from leadgen_dagster.sites.generated import GeneratedSite

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SITE = GeneratedSite(
    id="1",
    business_id="1",
    theme="harbour-split",
    palette="moss",
    language="en",
    token="a" * 12,
    content_hash="ab" * 32,
    size_bytes=1,
    score_after=97,
)


@pytest.fixture
def files(tmp_path: Path) -> ObjectStore:
    store = ObjectStore(UPath(tmp_path))
    page = b"<!doctype html><title>x</title><style>body{background:#0a7}</style><h1>Harbour Bakery</h1>"
    store.put_file(site_path(SITE.content_hash, "index.html"), page)
    return store


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_a_demo_is_pictured_once_on_phone_and_desk(files: ObjectStore) -> None:
    camera = CameraResource(browser=CHROMIUM, most=5)
    first, second = camera.take([SITE], files), camera.take([SITE], files)
    assert (first.taken, first.missing) == (1, None)
    assert (second.taken, second.there_already) == (0, 1)
    pictures = [files.read_file(demo_picture_path(SITE.content_hash, device)) for device in DEVICES]
    assert all(picture.startswith(b"\xff\xd8") and len(picture) < 60_000 for picture in pictures)
    assert "data:image/jpeg" in str(picture_figures(second, [SITE], files)["demos_on_a_phone"])


def test_without_a_browser_there_are_no_pictures_and_it_says_what_is_missing(files: ObjectStore) -> None:
    taken = CameraResource(browser="/nowhere/chromium", most=5).take([SITE], files)
    assert taken.taken == 0
    assert "LEADGEN_BROWSER" in (taken.missing or "")
    assert picture_figures(taken, [SITE], files)["demos_on_a_phone"] is None


def test_a_browser_that_does_not_start_stops_nothing(files: ObjectStore, tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    taken = CameraResource(browser=str(broken), most=5).take([SITE], files)
    assert "does not start" in (taken.missing or "")


def test_no_picture_is_taken_of_a_demo_that_is_shown_to_nobody_or_unasked(files: ObjectStore) -> None:
    faulty = replace(SITE, faults=("the page has 2 h1",))
    assert CameraResource(browser="/nowhere/chromium", most=5).take([faulty], files).missing is None
    assert CameraResource(browser="/nowhere/chromium", most=0).take([SITE], files).missing is None
