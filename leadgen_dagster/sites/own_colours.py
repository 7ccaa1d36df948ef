"""The colours that a business's own page is set in."""

import re
from collections.abc import Iterator

from leadgen_dagster.scoring.colours import Colour, colour

READ_CHARACTERS = 300_000
_DECLARED = re.compile(
    r"(?<![\w-])(background(?:-color)?|bgcolor|color)\s*[:=]\s*[\"']?(#[0-9a-f]{3,6}\b|rgba?\([^)]{5,40}\)|[a-z]{3,12}\b)",
    re.IGNORECASE,
)
_THEME_COLOUR = re.compile(
    r"<meta\s[^>]{0,80}theme-color[^>]{0,80}content\s*=\s*[\"']?([^\"'>\s]{3,30})", re.IGNORECASE
)
_AS_GROUND, _AS_THEME = 3, 8
"""How often a ground and a browser's frame count, against once for text."""


def own_colours(html: str) -> tuple[Colour, ...]:
    """Every colour that the page declares in itself, as often as it counts; linked style sheets are not stored."""
    return tuple(_colours(html[:READ_CHARACTERS]))


def _colours(html: str) -> Iterator[Colour]:
    for found in _DECLARED.finditer(html):
        shade = colour(found[2])
        if shade is not None:
            yield from (shade,) * (1 if found[1].lower() == "color" else _AS_GROUND)
    theme = _THEME_COLOUR.search(html)
    shade = colour(theme[1]) if theme else None
    if shade is not None:
        yield from (shade,) * _AS_THEME
