"""Which look a demo gets: theme, arrangement and palette, so that neighbours in one niche never share one."""

import hashlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

from leadgen_dagster.sites.palettes import Palette
from leadgen_dagster.sites.theme import Theme, themes

PALETTES_APART = 3
"""A palette returns in a niche only after this many others."""


@dataclass(frozen=True, slots=True)
class Look:
    theme: Theme
    variant: str
    palette: Palette

    @property
    def name(self) -> str:
        return f"{self.theme.name}-{self.variant}"


@cache
def looks_of(group: str) -> tuple[Look, ...]:
    """Every look that suits a group of niches."""
    return tuple(
        Look(theme, variant, palette)
        for theme in themes().values()
        if theme.suits(group)
        for palette in theme.palettes.values()
        for variant in theme.variants
    )


def deal_looks(group: str, shops: Sequence[tuple[str, Palette | None]]) -> list[Look]:
    """A look for each business of one niche, handed in along the streets, so that those nearby differ.

    Each business has an order of preference of its own, what is made for its trade first; what the last ones got
    is left out. One that has a palette of its own gets it, unless a neighbour has the same.

    Args:
        shops: fingerprint and own palette of each.
    """
    looks = looks_of(group)
    recent: deque[Look] = deque(maxlen=len(looks) // 2)
    dealt: list[Look] = []
    for fingerprint, own in shops:
        palettes_near = {look.palette for look in list(recent)[-PALETTES_APART:]}
        wanted = looks if own is None or own in palettes_near else _in_palette(looks, own)
        free = [look for look in wanted if look not in recent and look.palette not in palettes_near]
        # Where every arrangement in that palette was dealt of late, the street's own looks are still many.
        free = free or [look for look in looks if look not in recent and look.palette not in palettes_near]
        look = min(free, key=partial(_preference, fingerprint))
        recent.append(look)
        dealt.append(look)
    return dealt


def _preference(fingerprint: str, look: Look) -> tuple[bool, int]:
    is_for_any_trade = not look.theme.groups
    return is_for_any_trade, stable_number(fingerprint, look.name, look.palette.name)


def _in_palette(looks: Sequence[Look], palette: Palette) -> list[Look]:
    arrangements = {look.name: look for look in looks}
    return [Look(look.theme, look.variant, palette) for look in arrangements.values()]


def stable_number(*parts: str) -> int:
    """The same large number for the same words, today and on every machine."""
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8], "big")
