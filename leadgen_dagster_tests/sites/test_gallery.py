"""Every theme in every arrangement, with every made-up business."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadgen_dagster.sites.gallery import AGENCY, SAMPLES, render_gallery, sample_brief
from leadgen_dagster.sites.gates import gate_faults
from leadgen_dagster.sites.looks import Look
from leadgen_dagster.sites.theme import Theme, themes
from leadgen_dagster.sites.view import site_page

THEMES = list(themes().values())


def faults(theme: Theme) -> Iterator[str]:
    for exhibit in render_gallery(theme):
        kind = Path(exhibit.path).stem.rpartition("-")[2]
        brief = sample_brief(kind, exhibit.niche)
        look = Look(theme, theme.variants[0], next(iter(theme.palettes.values())))
        page = site_page(brief, look, fingerprint="", agency_name=AGENCY, url=None)
        yield from (f"{exhibit.path}: {fault}" for fault in gate_faults(exhibit.html, brief, page))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_page_of_the_gallery_passes_the_gates(theme: Theme) -> None:
    assert list(faults(theme)) == []


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_arrangement_is_shown_with_every_sample(theme: Theme) -> None:
    shown = {exhibit.path for exhibit in render_gallery(theme)}
    assert shown == {f"{theme.name}/{variant}-{kind}.html" for variant in theme.variants for kind in SAMPLES}
