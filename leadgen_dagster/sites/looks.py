"""Which look a demo gets: layout, palette and voice, so that neighbours in one niche never share one."""

import hashlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

THEME = "harbour"
LAYOUTS = ("poster", "split", "ledger")
PALETTES_APART = 3
"""A palette returns in a niche only after this many others."""

_PALETTES_BY_GROUP = {
    "food": ("brick", "moss", "honey", "plum", "fjord", "pine"),
    "beauty": ("plum", "pine", "brick", "graphite", "moss", "fjord"),
    "health": ("pine", "fjord", "cobalt", "moss", "graphite", "plum"),
    "trades": ("fjord", "graphite", "cobalt", "brick", "moss", "honey"),
    "retail": ("moss", "brick", "cobalt", "plum", "honey", "pine"),
    "lodging": ("fjord", "moss", "honey", "pine", "brick", "plum"),
    "professional": ("graphite", "cobalt", "fjord", "pine", "plum", "brick"),
    "automotive": ("graphite", "cobalt", "brick", "fjord", "honey", "pine"),
    "fitness": ("cobalt", "graphite", "pine", "brick", "fjord", "plum"),
    "pets": ("moss", "honey", "pine", "cobalt", "brick", "fjord"),
}
_SERIF_GROUPS = frozenset({"food", "beauty", "retail", "lodging", "events", "professional"})


@dataclass(frozen=True, slots=True)
class Palette:
    """Six colours, as `#rrggbb`."""

    name: str
    paper: str
    ink: str
    brand: str
    accent: str
    soft: str
    night: str


@dataclass(frozen=True, slots=True)
class Look:
    layout: str
    palette: Palette


@cache
def palettes() -> dict[str, Palette]:
    text = resources.files(__package__).joinpath("themes", THEME, "palettes.yaml").read_text(encoding="utf-8")
    return {name: Palette(name=name, **colours) for name, colours in yaml.safe_load(text).items()}


@cache
def looks_of(group: str) -> tuple[Look, ...]:
    """Every look that suits a group of niches."""
    table = palettes()
    names = _PALETTES_BY_GROUP.get(group, tuple(table))
    return tuple(Look(layout, table[name]) for name in names for layout in LAYOUTS)


def has_serif_voice(group: str) -> bool:
    """Whether the large type is a warm serif; otherwise it is a grotesque."""
    return group in _SERIF_GROUPS


def deal_looks(group: str, fingerprints: Sequence[str]) -> list[Look]:
    """A look for each business of one niche, handed in along the streets, so that those nearby differ.

    Each business has an order of preference of its own; what the last ones got is left out.
    """
    looks = looks_of(group)
    recent: deque[Look] = deque(maxlen=len(looks) // 2)
    dealt: list[Look] = []
    for fingerprint in fingerprints:
        palettes_near = {look.palette.name for look in list(recent)[-PALETTES_APART:]}
        free = (look for look in looks if look not in recent and look.palette.name not in palettes_near)
        look = min(free, key=lambda one: stable_number(fingerprint, one.layout, one.palette.name))
        recent.append(look)
        dealt.append(look)
    return dealt


def stable_number(*parts: str) -> int:
    """The same large number for the same words, today and on every machine."""
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8], "big")
