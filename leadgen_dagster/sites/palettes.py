"""The colours of a demo: a theme's own, or made from the business's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from leadgen_dagster.scoring.colours import Colour, contrast, hex_of
from leadgen_dagster.sites.oklch import oklch, shade_of

MIN_CHROMA = 0.06
"""Of a colour that somebody chose; below it is grey, as most of every page is."""
HUE_STEP = 10
"""Degrees: own colours are taken to the nearest step, so that like ones share their pictures."""
ACCENT_APART = 50
"""Degrees between brand and accent, at least."""
AMBER, GOLD, CORAL = 75, 92, 40
"""Hues of the accent where the business has one colour only: a warm one goes with all."""
COLD_HUES = range(120, 300)
"""Greens and blues are loud as a spark; they are made paler than the warm ones."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Six colours, as `#rrggbb`; each pair that a theme sets as text on a ground has WCAG AA contrast.

    Those pairs: `ink` on `paper`, `soft` and `accent`; `paper` on `brand`, `ink` and `night`; `soft` on `brand`
    and `night`; `brand` on `paper`; `accent` on `night`.
    """

    name: str
    paper: str
    """The page by day."""
    ink: str
    """Text by day; the darkest ground."""
    brand: str
    """The large surface: dark enough for `paper` on it."""
    accent: str
    """The spark: light enough for `ink` on it."""
    soft: str
    """A tint of the brand: light enough for `ink` on it."""
    night: str
    """The page in the dark."""


def own_palette(colours: Sequence[Colour]) -> Palette | None:
    """A palette from the colours of a business's own page, the commonest first; None where all of them are grey."""
    weights: Counter[int] = Counter()
    for shade, times in Counter(colours).items():
        _lightness, chroma, hue = oklch(shade)
        if chroma >= MIN_CHROMA:
            weights[round(hue / HUE_STEP) * HUE_STEP % 360] += times
    if not weights:
        return None
    hues = [hue for hue, _times in sorted(weights.items(), key=lambda item: (-item[1], item[0]))]
    brand = hues[0]
    other = next((hue for hue in hues if _apart(hue, brand) >= ACCENT_APART), _warm_beside(brand))
    return _palette(brand, other)


def _warm_beside(brand_hue: int) -> int:
    if _apart(brand_hue, AMBER) < ACCENT_APART:
        return GOLD if _apart(brand_hue, GOLD) < ACCENT_APART // 2 else AMBER
    return CORAL if _apart(brand_hue, 330) < ACCENT_APART else AMBER


def _apart(hue: int, other: int) -> int:
    between = abs(hue - other) % 360
    return min(between, 360 - between)


@cache
def _palette(brand_hue: int, accent_hue: int) -> Palette:
    paper = shade_of(0.972, 0.011, brand_hue)
    soft = shade_of(0.895, 0.045, brand_hue)
    ink = shade_of(0.215, 0.03, brand_hue)
    brand = _darkened(0.46, 0.13, brand_hue, soft)
    accent = shade_of(0.83, 0.07, accent_hue) if accent_hue in COLD_HUES else shade_of(0.80, 0.14, accent_hue)
    night = shade_of(0.175, 0.022, brand_hue)
    return Palette(
        name=f"own-{brand_hue}-{accent_hue}",
        paper=hex_of(paper),
        ink=hex_of(ink),
        brand=hex_of(brand),
        accent=hex_of(accent),
        soft=hex_of(soft),
        night=hex_of(night),
    )


def _darkened(lightness: float, chroma: float, hue: int, text: Colour) -> Colour:
    """The lightest of that hue, from that lightness down, on which the text is readable."""
    shade = shade_of(lightness, chroma, hue)
    while contrast(shade, text) < 4.6:
        lightness -= 0.01
        shade = shade_of(lightness, chroma, hue)
    return shade
