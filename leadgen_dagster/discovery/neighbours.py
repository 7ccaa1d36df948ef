"""Pairs of neighbours on the map and in blocks, for many thousand records at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leadgen_dagster.discovery.geography import METRES_PER_DEGREE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.intp]
    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Pairs = tuple[Integers, Integers]
    """Two columns of positions in one sequence of records."""

WINDOW = 12
"""In a block of more records than this each is compared with so many next to it."""
CROWD = 150
"""Of more neighbours than this only those are compared that share the beginning or the end of a word."""
LETTERS = 3
"""Of a word's beginning and end."""
LINE = 1_000.0
"""Longer than a row of the map has degrees."""
ROWS = 1 << 22
"""More than the map has rows of a few metres."""


def where(pairs: "Pairs", is_wanted: "Mask") -> "Pairs":
    return pairs[0][is_wanted], pairs[1][is_wanted]


def in_blocks(codes: "Integers", order: "Integers") -> "Pairs":
    """Every two of one block (a code from 0 on); in a large one each with its next ones in the order."""
    import numpy as np

    lined = order[np.argsort(codes[order], kind="stable")]
    lined = lined[codes[lined] >= 0]
    blocks = codes[lined]
    found = [(lined[:0], lined[:0])]
    for step in range(1, WINDOW + 1):
        is_one_block = blocks[step:] == blocks[:-step]
        if not is_one_block.any():
            break
        found.append((lined[:-step][is_one_block], lined[step:][is_one_block]))
    return _joined(found)


def distances_m(points: "Floats", pairs: "Pairs") -> "Floats":
    """As `rough_distance_m`; NaN where a record has no position."""
    import numpy as np

    latitudes, longitudes = points.T
    shrink = np.cos(np.radians(latitudes))[pairs[0]]
    north = latitudes[pairs[0]] - latitudes[pairs[1]]
    east = (longitudes[pairs[0]] - longitudes[pairs[1]]) * shrink
    distances: Floats = np.sqrt(north * north + east * east) * METRES_PER_DEGREE
    return distances


def neighbours(
    points: "Floats", blocks: "Integers", limit_m: float, words: Sequence[Sequence[str]], order: "Integers"
) -> "Pairs":
    """Every two records of one block that lie so near, once.

    Args:
        points: latitude and longitude of each record; NaN where it has no position.
        blocks: a code for each record, from 0 on.
        limit_m: how far apart at most.
        words: of each record's name; they tell whom to compare in a crowd.
        order: all records by name: who is next to whom where many lie at one point.
    """
    import numpy as np

    placed = order[~np.isnan(points[order]).any(axis=1)]
    there = points[placed]
    reach = _Reach(there, blocks[placed], limit_m)
    in_crowd = reach.counts() > CROWD
    found = reach.pairs(~in_crowd)
    near = [where(found, distances_m(there, found) <= limit_m)]
    if in_crowd.any():
        crowd = reach.reached_by(in_crowd)
        found = _in_crowd(there, blocks[placed], limit_m, [words[at] for at in placed.tolist()], crowd)
        near.append(where(found, distances_m(there, found) <= limit_m))
    one, other = (placed[column] for column in _joined(near))
    pairs = np.minimum(one, other), np.maximum(one, other)
    return _unique(pairs, len(points)) if in_crowd.any() else pairs


def _in_crowd(
    points: "Floats", blocks: "Integers", limit_m: float, words: Sequence[Sequence[str]], crowd: "Integers"
) -> "Pairs":
    """Neighbours in the crowd that share how a word begins or ends, a few of each."""
    import numpy as np

    codes: dict[tuple[int, bool, str], int] = {}
    members: list[int] = []
    parted: list[int] = []
    for position in crowd.tolist():
        block = int(blocks[position])
        parts = {
            part
            for word in words[position]
            for part in ((block, True, word[:LETTERS]), (block, False, word[-LETTERS:]))
        }
        members.extend([position] * len(parts))
        parted.extend([codes.setdefault(part, len(codes)) for part in sorted(parts)])
    chosen = np.array(members, dtype=np.intp)
    reach = _Reach(points[chosen], np.array(parted, dtype=np.intp), limit_m)
    firsts, seconds = reach.pairs(np.ones(len(chosen), dtype=np.bool_), most=WINDOW)
    return chosen[firsts], chosen[seconds]


class _Reach:
    """Points of each block in rows of the map, from west to east; from each one the stretch that it reaches.

    A stretch is the next ones in the same row and all as near in the row above, so every pair is met once.
    """

    def __init__(self, points: "Floats", blocks: "Integers", limit_m: float) -> None:
        import numpy as np

        height = limit_m / METRES_PER_DEGREE
        rows = np.floor((points[:, 0] + 90) / height).astype(np.intp) + blocks * ROWS
        lines, line_of = np.unique(rows, return_inverse=True)
        along = line_of * LINE + points[:, 1]
        self._order = np.argsort(along, kind="stable")
        along = along[self._order]
        latitudes, longitudes = points[self._order].T
        width = 1.01 * height / np.maximum(0.01, np.cos(np.radians(np.abs(latitudes) + height)))
        next_rows = rows[self._order] + 1
        above = np.searchsorted(lines, next_rows)
        is_there = np.append(lines, -1)[above] == next_rows
        base = above * LINE + longitudes
        start = np.searchsorted(along, base - width)
        end = np.where(is_there, np.searchsorted(along, base + width, side="right"), start)
        self._stretches = (
            (np.arange(1, len(along) + 1), np.searchsorted(along, along + width, side="right")),
            (start, end),
        )

    def counts(self) -> "Integers":
        """How many each point reaches, in the order of the row."""
        (start, end), (above_start, above_end) = self._stretches
        counts: Integers = end - start + above_end - above_start
        return counts

    def pairs(self, chosen: "Mask", most: int | None = None) -> "Pairs":
        """Each of the chosen points with those that it reaches; with so many of each stretch at most."""
        import numpy as np

        found = []
        for start, end in self._stretches:
            counts = np.where(chosen, end - start, 0)
            if most is not None:
                counts = np.minimum(counts, most)
            firsts = np.repeat(np.arange(len(counts)), counts)
            offsets = np.arange(len(firsts)) - np.repeat(np.cumsum(counts) - counts, counts)
            found.append((self._order[firsts], self._order[np.repeat(start, counts) + offsets]))
        return _joined(found)

    def reached_by(self, chosen: "Mask") -> "Integers":
        """The chosen points, and all that they reach."""
        import numpy as np

        steps = np.zeros(len(chosen) + 1, dtype=np.intp)
        for start, end in self._stretches:
            np.add.at(steps, start[chosen], 1)
            np.add.at(steps, end[chosen], -1)
        return self._order[chosen | (np.cumsum(steps)[:-1] > 0)]


def _joined(found: "Sequence[Pairs]") -> "Pairs":
    import numpy as np

    firsts, seconds = zip(*found, strict=True)
    return np.concatenate(firsts), np.concatenate(seconds)


def _unique(pairs: "Pairs", count: int) -> "Pairs":
    import numpy as np

    keys = np.sort(pairs[0] * count + pairs[1])
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return keys // count, keys % count
