"""The drawn art of a demo: a quilt of tiles with motifs of the trade, laid out anew for each business."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

from leadgen_dagster.sites.looks import THEME, stable_number

_MOTIFS_BY_NICHE = {
    "bakery": ("loaf", "wheat", "croissant"),
    "restaurant": ("plate", "glass", "leaf"),
    "pizzeria": ("pizza", "leaf", "glass"),
    "cafe": ("cup", "bean", "croissant"),
    "pub": ("pint", "wheat", "glass"),
    "bar": ("glass", "pint", "lemon"),
    "fast_food": ("plate", "leaf", "lemon"),
    "ice_cream": ("cone", "lemon", "sun"),
    "butcher": ("plate", "leaf", "wheat"),
    "hairdresser": ("scissors", "comb", "wave"),
    "barber": ("scissors", "comb", "stripes"),
    "nail_salon": ("drop", "petal", "hand"),
    "beauty_salon": ("petal", "drop", "leaf"),
    "dentist": ("tooth", "drop", "sun"),
    "physiotherapist": ("figure", "hand", "wave"),
    "optician": ("glasses", "eye", "sun"),
    "pharmacy": ("leaf", "drop", "hand"),
    "yoga_studio": ("petal", "figure", "sun"),
    "gym": ("dumbbell", "figure", "sun"),
    "plumber": ("tap", "drop", "wrench"),
    "electrician": ("bolt", "bulb", "plug"),
    "locksmith": ("key", "keyhole", "door"),
    "painter": ("roller", "brush", "drop"),
    "carpenter": ("saw", "house", "brush"),
    "roofer": ("house", "saw", "sun"),
    "tailor": ("button", "scissors", "needle"),
    "cobbler": ("boot", "needle", "button"),
    "florist": ("petal", "tulip", "leaf"),
    "bookshop": ("book", "glasses", "bulb"),
    "farm_shop": ("apple", "wheat", "leaf"),
    "guest_house": ("bed", "moon", "door"),
    "hotel": ("bed", "moon", "key"),
    "law_firm": ("column", "scales", "book"),
    "garage": ("wheel", "wrench", "car"),
    "driving_school": ("wheel", "road", "car"),
    "vet": ("paw", "bone", "leaf"),
    "kindergarten": ("blocks", "sun", "apple"),
    "funeral_home": ("tulip", "leaf", "sun"),
}
_MOTIFS_BY_GROUP = {
    "food": ("plate", "leaf", "glass"),
    "beauty": ("petal", "drop", "wave"),
    "health": ("hand", "leaf", "sun"),
    "trades": ("wrench", "house", "brush"),
    "retail": ("bag", "button", "sun"),
    "lodging": ("bed", "moon", "door"),
    "professional": ("column", "book", "bulb"),
    "fitness": ("dumbbell", "figure", "sun"),
    "automotive": ("wheel", "wrench", "road"),
    "education": ("book", "blocks", "bulb"),
    "pets": ("paw", "bone", "sun"),
    "events": ("sun", "glass", "petal"),
}
_PLAIN = ("quarter", "half", "arch", "circles", "steps", "rays", "checks")
_INKS = ("brand", "accent", "soft", "ink")
"""The surfaces a tile may have; the drawing's colours follow from it, in the stylesheet."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the quilt, in units of the grid."""

    column: int
    row: int
    size: int
    surface: str
    motif: str
    turn: int
    """Degrees; motifs of the trade are never turned."""

    @property
    def is_motif(self) -> bool:
        """Whether it tells of the trade; the rest are plain shapes that fill their square."""
        return self.motif not in _PLAIN


@dataclass(frozen=True, slots=True)
class Quilt:
    columns: int
    rows: int
    tiles: tuple[Tile, ...]

    @property
    def motifs(self) -> tuple[str, ...]:
        return tuple(sorted({tile.motif for tile in self.tiles}))


def motifs_of(niche: str, group: str) -> tuple[str, ...]:
    """The drawings that fit the trade, the most telling first."""
    return _MOTIFS_BY_NICHE.get(niche) or _MOTIFS_BY_GROUP.get(group, ("sun", "house", "leaf"))


@cache
def drawing(motif: str) -> str:
    """The shapes of one motif on a square of 100 by 100, as this package's own SVG markup."""
    folder = resources.files(__package__).joinpath("themes", THEME, "motifs")
    return folder.joinpath(f"{motif}.svg").read_text(encoding="utf-8").strip()


def lay_quilt(motifs: tuple[str, ...], seed: str, *, columns: int, rows: int) -> Quilt:
    """A large tile with the first motif, the others about it, plain shapes between; the same for one seed.

    The large tile stands in the middle, where no narrow screen cuts it off.
    """
    focus_column, focus_row = columns // 2 - 1, rows // 2 - 1
    focus = Tile(focus_column, focus_row, 2, "accent", motifs[0], 0)
    covered = {(focus_column + right, focus_row + down) for right in (0, 1) for down in (0, 1)}
    free = [(column, row) for row in range(rows) for column in range(columns) if (column, row) not in covered]
    picked = sorted(free, key=lambda place: stable_number(seed, "place", str(place)))
    wanted = max(2, len(free) // 3)
    small = motifs[1:] or motifs
    told = {place: small[index % len(small)] for index, place in enumerate(picked[:wanted])}
    surfaces: dict[tuple[int, int], str] = dict.fromkeys(covered, "accent")
    tiles = [focus]
    for place in free:
        surfaces[place] = _surface(seed, place, surfaces)
        tiles.append(_tile(seed, place, surfaces[place], told.get(place)))
    return Quilt(columns, rows, tuple(tiles))


def _surface(seed: str, place: tuple[int, int], taken: dict[tuple[int, int], str]) -> str:
    column, row = place
    beside = {taken.get(near) for near in ((column - 1, row), (column, row - 1), (column + 1, row))}
    choices = [ink for ink in _INKS if ink not in beside] or list(_INKS)
    return choices[stable_number(seed, "surface", str(place)) % len(choices)]


def _tile(seed: str, place: tuple[int, int], surface: str, motif: str | None) -> Tile:
    number = stable_number(seed, "tile", str(place))
    if motif is not None:
        return Tile(*place, 1, surface, motif, 0)
    return Tile(*place, 1, surface, _PLAIN[number % len(_PLAIN)], (number // 97 % 4) * 90)
