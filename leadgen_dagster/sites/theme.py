"""The themes: one folder each, with `theme.yaml`, `index.html`, `style.css` and, where it has them, drawings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import yaml

from leadgen_dagster.sites.palettes import Palette

SHARED = "shared"
"""The folder of what all themes stand on: head, notice, foot, fonts, drawings of the trades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One design, in one or more arrangements and several palettes."""

    name: str
    title: str
    about: str
    """What it looks like, in a sentence."""
    groups: frozenset[str]
    """The groups of niches that it is made for; empty: any."""
    variants: tuple[str, ...]
    """Arrangements of the page; at least one."""
    palettes: Mapping[str, Palette]

    def suits(self, group: str) -> bool:
        return not self.groups or group in self.groups


@cache
def themes() -> Mapping[str, Theme]:
    """Every theme by name, in the order of the names."""
    folders = sorted(themes_folder().iterdir(), key=lambda folder: folder.name)
    found = (_read(folder) for folder in folders if folder.joinpath("theme.yaml").is_file())
    return {theme.name: theme for theme in found}


def themes_folder() -> Traversable:
    return resources.files(__package__).joinpath("themes")


def _read(folder: Traversable) -> Theme:
    row = yaml.safe_load(folder.joinpath("theme.yaml").read_text(encoding="utf-8"))
    return Theme(
        name=folder.name,
        title=row["title"],
        about=row["about"],
        groups=frozenset(row["groups"]),
        variants=tuple(row["variants"]),
        palettes={name: Palette(name=name, **colours) for name, colours in row["palettes"].items()},
    )
