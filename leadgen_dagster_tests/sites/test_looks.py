from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.niches import NICHES, Niche
from leadgen_dagster.scoring.colours import WHITE, colour
from leadgen_dagster.scoring.colours import contrast as ratio
from leadgen_dagster.sites.art import drawing, lay_quilt, motifs_of
from leadgen_dagster.sites.looks import deal_looks, looks_of
from leadgen_dagster.sites.oklch import oklch
from leadgen_dagster.sites.own_colours import own_colours
from leadgen_dagster.sites.palettes import Palette, own_palette
from leadgen_dagster.sites.theme import themes

PALETTES = [palette for theme in themes().values() for palette in theme.palettes.values()]
GROUPS = sorted({niche.group for niche in NICHES.values()})


def contrast(one: str, other: str) -> float:
    first, second = colour(one), colour(other)
    assert first is not None
    assert second is not None
    return ratio(first, second)


GROUNDS = (
    ("ink", "paper soft accent"),
    ("paper", "brand ink night"),
    ("soft", "brand night"),
    ("brand", "paper"),
    ("accent", "night"),
)
"""Text, and the grounds it may be set on."""


def too_pale(palette: Palette) -> list[str]:
    pairs = [(text, ground) for text, grounds in GROUNDS for ground in grounds.split()]
    return [
        f"{text} on {ground}"
        for text, ground in pairs
        if contrast(getattr(palette, text), getattr(palette, ground)) < 4.5
    ]


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_every_pair_of_text_and_ground_has_aa_contrast(palette: Palette) -> None:
    assert too_pale(palette) == []


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_the_spark_stands_out_from_the_brand(palette: Palette) -> None:
    assert contrast(palette.accent, palette.brand) >= 2


CHANNEL = st.integers(0, 255)


@given(st.lists(st.tuples(CHANNEL, CHANNEL, CHANNEL), max_size=4))
def test_a_palette_made_of_any_colours_is_readable(colours: list[tuple[int, int, int]]) -> None:
    palette = own_palette(colours)
    assert palette is None or too_pale(palette) == []


def test_a_business_s_own_colours_become_its_palette() -> None:
    html = "<body style='background:#7a0c2e;color:#fff'><p style='color:#222'>x</p><h1 style='color:#0a7d5a'>"
    palette = own_palette(own_colours(html))
    assert palette is not None
    assert oklch(colour(palette.brand) or WHITE)[2] == pytest.approx(oklch((0x7A, 0x0C, 0x2E))[2], abs=8)
    assert oklch(colour(palette.accent) or WHITE)[2] == pytest.approx(oklch((0x0A, 0x7D, 0x5A))[2], abs=8)


def test_grey_pages_have_no_palette_of_their_own() -> None:
    assert (
        own_palette(own_colours("<body bgcolor=white text=black style='color:#333;background:#f5f5f5'>"))
        is None
    )


def test_neighbours_with_the_same_colours_of_their_own_do_not_get_the_same_look() -> None:
    own = own_palette([(122, 12, 46)])
    dealt = deal_looks("food", [(f"shop-{number}", own) for number in range(20)])
    assert all((one.theme, one.palette) != (other.theme, other.palette) for one, other in pairwise(dealt))
    assert dealt[0].palette == own


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("every", [1, 2, 3, 4, 5])
def test_a_street_of_shops_with_like_colours_has_looks_for_all(group: str, every: int) -> None:
    own = own_palette([(122, 12, 46)])
    shops = [(f"shop-{number}", own if number % every == 0 else None) for number in range(120)]
    assert len(deal_looks(group, shops)) == 120


def test_a_trade_gets_what_is_made_for_it_before_what_is_made_for_any() -> None:
    assert deal_looks("food", [("shop", None)])[0].theme.groups >= {"food"}


@pytest.mark.parametrize("group", GROUPS)
def test_neighbours_in_one_niche_differ_in_palette_and_never_share_a_look(group: str) -> None:
    dealt = deal_looks(group, [(f"shop-{number}", None) for number in range(200)])
    assert all(one.palette != other.palette for one, other in pairwise(dealt))
    window = len(looks_of(group)) // 2
    assert all(look not in dealt[max(0, index - window) : index] for index, look in enumerate(dealt))


def test_looks_do_not_depend_on_the_machine_or_the_hour() -> None:
    names = [(f"shop-{number}", None) for number in range(40)]
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
