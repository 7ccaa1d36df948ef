"""The picture that a messenger shows beside a demo's link: drawn in its colours, with what tells of the trade."""

from functools import lru_cache

from leadgen_dagster.discovery.niches import Niche
from leadgen_dagster.rendering import render
from leadgen_dagster.sites.art import drawing, lay_quilt, motifs_of
from leadgen_dagster.sites.looks import Look
from leadgen_dagster.sites.palettes import Palette

WIDTH_PX, HEIGHT_PX = 800, 420
"""Of the shape that messengers show uncut, and large enough for it; half the bytes of twice that."""


def preview_picture(look: Look, niche: Niche) -> bytes:
    """A PNG; one for each theme, palette and trade."""
    return _picture(look.theme.name, look.palette, motifs_of(niche.key, niche.group))


@lru_cache(maxsize=256)  # a run goes round few palettes and trades; each picture is 48 kB
def _picture(theme_name: str, palette: Palette, motifs: tuple[str, ...]) -> bytes:
    import resvg_py

    quilt = lay_quilt(motifs, theme_name, columns=8, rows=4)
    svg = render("sites/themes/shared/preview.svg", palette=palette, quilt=quilt, drawing=drawing)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=WIDTH_PX, height=HEIGHT_PX))
