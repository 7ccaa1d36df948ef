from itertools import pairwise

import pytest

from leadgen_dagster.discovery.niches import NICHES, Niche
from leadgen_dagster.sites.art import drawing, lay_quilt, motifs_of
from leadgen_dagster.sites.looks import deal_looks, looks_of
from leadgen_dagster.sites.palettes import Palette
from leadgen_dagster.sites.theme import themes

PALETTES = [palette for theme in themes().values() for palette in theme.palettes.values()]
GROUPS = sorted({niche.group for niche in NICHES.values()})


def luminance(colour: str) -> float:
    channels = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_every_pair_of_text_and_ground_has_aa_contrast(palette: Palette) -> None:
    pairs = {
        "text on the page": (palette.ink, palette.paper),
        "text on the page in the dark": (palette.paper, palette.night),
        "text on the poster, first button by day": (palette.paper, palette.brand),
        "links": (palette.brand, palette.paper),
        "links in the dark": (palette.soft, palette.night),
        "button in the accent": (palette.ink, palette.accent),
        "ribbon and foot": (palette.paper, palette.ink),
    }
    assert {name: pair for name, pair in pairs.items() if contrast(*pair) < 4.5} == {}


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_the_bars_of_the_hours_stand_out_from_their_track(palette: Palette) -> None:
    assert contrast(palette.brand, palette.soft) >= 3
    assert contrast(palette.accent, palette.brand) >= 2
    assert contrast(palette.accent, palette.night) >= 3


@pytest.mark.parametrize("group", GROUPS)
def test_neighbours_in_one_niche_differ_in_palette_and_never_share_a_look(group: str) -> None:
    dealt = deal_looks(group, [f"shop-{number}" for number in range(200)])
    assert all(one.palette != other.palette for one, other in pairwise(dealt))
    window = len(looks_of(group)) // 2
    assert all(look not in dealt[max(0, index - window) : index] for index, look in enumerate(dealt))


def test_looks_do_not_depend_on_the_machine_or_the_hour() -> None:
    names = [f"shop-{number}" for number in range(40)]
    assert deal_looks("food", names) == deal_looks("food", names)


@pytest.mark.parametrize("niche", NICHES.values(), ids=lambda niche: niche.key)
def test_every_niche_has_art_of_its_trade(niche: Niche) -> None:
    key = niche.key
    motifs = motifs_of(key, niche.group)
    assert len(motifs) >= 2
    for columns, rows in ((8, 2), (4, 4), (12, 2)):
        quilt = lay_quilt(motifs, key, columns=columns, rows=rows)
        covered = sum(tile.size**2 for tile in quilt.tiles)
        assert covered == columns * rows
        assert all(drawing(motif).startswith("<") for motif in quilt.motifs)


def test_two_shops_of_one_trade_have_different_quilts() -> None:
    motifs = motifs_of("bakery", "food")
    assert lay_quilt(motifs, "one", columns=4, rows=4) != lay_quilt(motifs, "two", columns=4, rows=4)
