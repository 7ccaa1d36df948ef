"""What the customer gets who said yes."""

import io
import zipfile

import pytest
from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.errors import StageError
from leadgen_dagster.sites.handover import handover_zip
from leadgen_dagster.sites.looks import Look
from leadgen_dagster.sites.theme import themes
from leadgen_dagster.sites.view import render_site
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.sites.records import brief_of

FILES = {
    "preview.png": b"\x89PNG",
    "robots.txt": b"User-agent: *\nDisallow: /\n",
    "take-down/index.html": b"<p>",
}


def unpacked(page: bytes) -> dict[str, str]:
    packed = handover_zip("Harbour Bakery", {"index.html": page, **FILES})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {
            name: archive.read(name).decode("latin-1" if name.endswith("png") else "utf-8")
            for name in archive.namelist()
        }


@pytest.mark.parametrize("theme", sorted(themes()))
def test_nothing_of_the_concept_is_left_in_any_theme_and_everything_of_the_firm_is(theme: str) -> None:
    own = themes()[theme]
    look = Look(own, own.variants[0], next(iter(own.palettes.values())))
    url = "https://demos.agency.example/d/abcdefghij23/"
    page = render_site(brief_of(make_business()), look, fingerprint="one", agency_name="Quay Studio", url=url)
    files = unpacked(page)
    handed = files["index.html"]
    for mark in ("noindex", "take-down", "Quay Studio", "demos.agency.example", "concept"):
        assert mark not in handed
    before, after = (LexborHTMLParser(text) for text in (page.decode(), handed))
    assert after.css_first("h1").text() == before.css_first("h1").text()
    assert "tel:+441914980101" in handed
    assert after.css_first("style").text() == before.css_first("style").text()
    assert handed.startswith("<!DOCTYPE html>")
    assert sorted(files) == ["README.txt", "index.html", "preview.png", "robots.txt"]
    assert files["robots.txt"] == "User-agent: *\nAllow: /\n"
    assert "Harbour Bakery" in files["README.txt"]


def test_a_page_that_would_stay_a_concept_is_not_handed_over() -> None:
    page = b'<!doctype html><title>x</title><p>A concept: <a href="take-down/">remove it</a>'
    with pytest.raises(StageError, match="'take-down/' is left in it"):
        unpacked(page)


def test_the_same_demo_is_the_same_file() -> None:
    page = b"<!doctype html><title>x</title><h1>Shop</h1>"
    assert handover_zip("Shop", {"index.html": page}) == handover_zip("Shop", {"index.html": page})
