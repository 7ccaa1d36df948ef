"""The drawn art of a demo: a quilt of tiles with motifs of the trade, laid out anew for each business."""

from dataclasses import dataclass
from functools import cache

from leadgen_dagster.sites.looks import stable_number
from leadgen_dagster.sites.theme import SHARED, themes_folder

_MOTIFS_BY_NICHE = {
    "pizzeria": ("pizza", "leaf", "glass"),
    "fast_food": ("plate", "lemon", "leaf"),
    "restaurant": ("plate", "glass", "leaf"),
    "pub": ("pint", "wheat", "glass"),
    "bakery": ("loaf", "wheat", "croissant"),
    "pastry_shop": ("croissant", "cup", "lemon"),
    "cafe": ("cup", "bean", "croissant"),
    "ice_cream_parlour": ("cone", "lemon", "sun"),
    "farm_shop": ("apple", "wheat", "leaf"),
    "greengrocer": ("apple", "lemon", "leaf"),
    "grocery": ("bag", "apple", "loaf"),
    "delicatessen": ("bag", "lemon", "leaf"),
    "wine_shop": ("glass", "leaf", "sun"),
    "nail_salon": ("bottle", "petal", "hand"),
    "hairdresser": ("scissors", "comb", "wave"),
    "massage": ("hand", "wave", "drop"),
    "tattoo_studio": ("needle", "drop", "petal"),
    "dentist": ("tooth", "drop", "sun"),
    "physiotherapist": ("figure", "hand", "wave"),
    "optician": ("glasses", "eye", "sun"),
    "plumber": ("tap", "wrench", "drop", "pliers"),
    "electrician": ("bolt", "bulb", "plug", "screwdriver"),
    "locksmith": ("key", "keyhole", "door", "screwdriver"),
    "painter": ("roller", "brush", "bucket", "ladder"),
    "carpenter": ("saw", "plane", "hammer"),
    "roofer": ("slates", "hammer", "ladder", "house"),
    "builder": ("trowel", "bricks", "hammer", "house"),
    "gardener": ("spade", "rake", "tulip", "leaf"),
    "cleaner": ("bucket", "broom", "squeegee", "drop"),
    "laundry": ("iron", "wave", "button"),
    "cobbler": ("boot", "hammer", "needle"),
    "tailor": ("scissors", "spool", "button", "needle"),
    "watchmaker": ("watch", "screwdriver", "pliers"),
    "picture_framer": ("frame", "hammer", "saw"),
    "upholsterer": ("armchair", "hammer", "spool", "needle"),
    "florist": ("petal", "tulip", "leaf"),
    "garden_centre": ("tulip", "spade", "leaf"),
    "bookshop": ("book", "glasses", "bulb"),
    "clothes_shop": ("hanger", "button", "bag"),
    "fabric_shop": ("button", "needle", "scissors"),
    "shoe_shop": ("boot", "bag", "button"),
    "toy_shop": ("blocks", "sun", "moon"),
    "hardware_shop": ("hammer", "saw", "screwdriver"),
    "electronics_shop": ("plug", "bulb", "bolt"),
    "art_gallery": ("frame", "brush", "eye"),
    "jeweller": ("gem", "watch"),
    "gift_shop": ("gift", "petal", "bag"),
    "furniture_shop": ("armchair", "lamp"),
    "antiques_shop": ("clock", "frame"),
    "music_shop": ("note", "circles"),
    "sports_shop": ("dumbbell", "boot", "sun"),
    "law_firm": ("column", "scales", "book"),
    "architect": ("house", "column", "door"),
    "estate_agent": ("house", "key", "door"),
    "photographer": ("camera", "eye", "sun"),
    "accountant": ("abacus", "book", "column"),
    "insurance_agent": ("umbrella", "house", "car"),
    "travel_agency": ("globe", "sun", "bed"),
    "music_school": ("note", "book", "wave"),
    "language_school": ("speech", "book", "pencil"),
    "events_venue": ("curtain", "glass", "sun"),
    "event_planner": ("cake", "balloon", "glass"),
    "nightclub": ("mirrorball", "moon", "glass"),
    "yoga_studio": ("warrior", "tree_pose", "figure", "petal"),
    "dance_school": ("leap", "arabesque", "wave"),
    "martial_arts_school": ("kick", "punch", "belt"),
    "gym": ("lifter", "kettlebell", "dumbbell"),
    "car_wash": ("car", "drop", "wave"),
    "car_dealer": ("car", "wheel", "road"),
    "garage": ("wheel", "wrench", "car"),
    "bicycle_shop": ("wheel", "road", "wrench"),
    "driving_school": ("wheel", "road", "car"),
    "kindergarten": ("blocks", "sun", "apple"),
    "funeral_home": ("tulip", "leaf", "sun"),
}
_MOTIFS_BY_GROUP = {
    "food": ("plate", "leaf", "glass"),
    "beauty": ("petal", "drop", "wave"),
    "health": ("hand", "leaf", "sun"),
    "trades": ("hammer", "wrench", "pliers", "house"),
    "retail": ("bag", "button", "sun"),
    "lodging": ("bed", "moon", "door"),
    "professional": ("column", "book", "bulb"),
    "fitness": ("lifter", "dumbbell", "figure"),
    "automotive": ("wheel", "wrench", "road"),
    "education": ("pencil", "book", "bulb"),
    "pets": ("paw", "bone", "sun"),
    "events": ("balloon", "glass", "sun"),
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
    """The shapes of one motif on a square of 100 by 100, as this package's own SVG markup.

    Strokes are 6 wide by inheritance: a drawing may say another width, and a theme's stylesheet has the last word.
    """
    shapes = themes_folder().joinpath(SHARED, "motifs", f"{motif}.svg").read_text(encoding="utf-8").strip()
    return f'<g stroke-width="6">{shapes}</g>'


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
    tiles = []
    for place in free:
        surfaces[place] = _surface(seed, place, surfaces)
        tiles.append(_tile(seed, place, surfaces[place], told.get(place)))
    return Quilt(columns, rows, (*tiles, focus))


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
