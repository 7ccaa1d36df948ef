"""Which pairs of records are one business: the rules of `merge`, asked of many pairs at once.

Pairs are looked for among neighbours on the map and within blocks (one phone, domain, door, street), so their number
grows with the number of records and not with its square. Names are compared where phone, door, domain and distance
leave it to them.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal

from leadgen_dagster.discovery.candidates import Compared
from leadgen_dagster.discovery.neighbours import distances_m, in_blocks, neighbours, where
from leadgen_dagster.discovery.similarity import SIMILAR, TYPOS_FROM_LETTERS, is_within, plain
from leadgen_dagster.discovery.words import fold, plain_words

if TYPE_CHECKING:
    from leadgen_dagster.discovery.neighbours import Floats, Integers, Mask, Pairs

    Field = Literal[
        "phone", "domain", "door", "street", "city", "group", "niche", "sign", "name", "telling", "digits"
    ]
    Test = Callable[["_Table", Pairs], Mask]

SAME_PHONE_M = 500
SAME_DOOR_M = 300
SAME_DOMAIN_M = 150
SAME_NAME_M = 60
SAME_NAME_ALONE_M = 100
ALMOST_ONE_NAME_M = 75
SAME_STREET_M = 1_000
MIN_TELLING = 3
MIN_SHARED_WORD = 4
MAX_WORD_USE = 3
"""A word that more names hold than this tells nobody apart."""
MOST_TYPOS = 4
NOTHING = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Pairs of positions in a sequence of records."""

    same: Sequence[tuple[int, int]]
    """One business, the strongest evidence first."""
    doubtful: list[tuple[int, int]]
    """Perhaps one business: where they stay two, a person should look."""


def matches_of(records: Sequence[Compared]) -> Matches:
    """All pairs that are one business by a rule, and those that may be."""
    if len(records) < 2:
        return Matches(same=[], doubtful=[])
    table = _Table(records)
    near = neighbours(table.points, table["group"], ALMOST_ONE_NAME_M, table.words, table.by_name)
    is_other_phone = table.differ("phone", near)
    rules = (
        _one_phone(table),
        _one_domain(table),
        _one_door(table),
        _one_name(table, where(near, ~is_other_phone)),
        _one_name_further(table),
    )
    return Matches(
        same=list(chain.from_iterable(map(_listed, rules))),
        doubtful=_doubtful(table, where(near, is_other_phone)),
    )


class _Table:
    """The records in columns: text as codes, so that pairs are compared as numbers."""

    def __init__(self, records: Sequence[Compared]) -> None:
        import numpy as np

        self.records = records
        cities = {city: fold(city) for city in {record.city for record in records} if city}
        towns = frozenset(word for city in cities.values() for word in city.split())
        signs = [
            record.words if towns.isdisjoint(record.words) else _without(towns, record.words)
            for record in records
        ]
        self.words = [_without(plain_words("trade_words"), sign) for sign in signs]
        """Of each name, without the town's name and the trade's words."""
        names = ["".join(words) for words in self.words]
        self.spellings = (
            names,
            ["".join(sorted(set(words))) for words in self.words],
            ["".join(record.words) for record in records],
        )
        """The letters of each name: in order, by word, and with all words."""
        telling = [
            "".join(sorted(words if plain().isdisjoint(words) else set(words) - plain()))
            for words in self.words
        ]
        self.by_name: Integers = np.array(sorted(range(len(records)), key=names.__getitem__))
        self.points: Floats = np.array([record.point or (np.nan, np.nan) for record in records])
        self.by_latitude: Integers = np.argsort(self.points[:, 0], kind="stable")
        self.typos: Integers = np.maximum(_typos(telling), _typos(self.spellings[2]) - 1)
        self._codes: dict[Field, Integers] = {
            "phone": codes([record.phone for record in records]),
            "domain": codes([record.domain for record in records]),
            "door": codes([record.door for record in records]),
            "street": codes([record.street_name for record in records]),
            "city": codes([record.city and cities[record.city] for record in records]),
            "group": codes([record.group for record in records]),
            "niche": codes([record.niche for record in records]),
            "name": codes(self.spellings[1]),
            "sign": codes(self.spellings[2]),
            "telling": codes([told if len(told) >= MIN_SHARED_WORD else None for told in telling]),
            "digits": codes(
                ["none" if name.isalpha() else "".join(filter(str.isdigit, name)) or "none" for name in names]
            ),
        }

    def __getitem__(self, field: "Field") -> "Integers":
        return self._codes[field]

    def agree(self, field: "Field", pairs: "Pairs") -> "Mask":
        """Where both have the same."""
        column = self._codes[field]
        agree: Mask = (column[pairs[0]] >= 0) & (column[pairs[0]] == column[pairs[1]])
        return agree

    def differ(self, field: "Field", pairs: "Pairs") -> "Mask":
        """Where both are known, and not the same."""
        one, other = self._codes[field][pairs[0]], self._codes[field][pairs[1]]
        differ: Mask = (one >= 0) & (other >= 0) & (one != other)
        return differ

    def of_block(self, field: "Field", limit_m: float) -> "Pairs":
        """Records of one group that share a field and lie so near; where one has no position, in no two towns."""
        import numpy as np

        pairs = in_blocks(self._codes[field], self.by_name)
        pairs = where(pairs, self.agree("group", pairs))
        distances = distances_m(self.points, pairs)
        is_near = np.where(np.isnan(distances), ~self.differ("city", pairs), distances <= limit_m)
        return where(pairs, is_near)


def _typos(names: Sequence[str]) -> "Integers":
    """How many letters of each may be wrong."""
    import numpy as np

    lengths = np.array(list(map(len, names)))
    typos: Integers = np.searchsorted(TYPOS_FROM_LETTERS, lengths, side="right")
    return typos


def _without(dropped: AbstractSet[str], words: Sequence[str]) -> Sequence[str]:
    """The words of a name without some of them, if that leaves enough of it."""
    if dropped.isdisjoint(words):
        return words
    kept = [word for word in words if word not in dropped]
    return kept if sum(map(len, kept)) >= MIN_TELLING else words


def codes(values: Sequence[Hashable | None]) -> "Integers":
    """A number for each value, the same for equal ones; `NOTHING` for None and empty text."""
    import numpy as np

    numbers: dict[Hashable | None, int] = {
        value: number for number, value in enumerate(dict.fromkeys(values))
    }
    numbers.update({None: NOTHING, "": NOTHING})
    return np.array(list(map(numbers.__getitem__, values)), dtype=np.intp)


def _listed(pairs: "Pairs") -> list[tuple[int, int]]:
    return list(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True))


# -------------------------------------------------------------------------------- rules


def _one_phone(table: _Table) -> "Pairs":
    pairs = table.of_block("phone", SAME_PHONE_M)
    return where(pairs, _are_similar(table, pairs))


def _one_domain(table: _Table) -> "Pairs":
    pairs = table.of_block("domain", SAME_DOMAIN_M)
    pairs = where(pairs, ~table.differ("door", pairs))
    return where(pairs, _are_similar(table, pairs))


def _one_door(table: _Table) -> "Pairs":
    pairs = table.of_block("door", SAME_DOOR_M)
    pairs = where(pairs, ~table.differ("phone", pairs))
    pairs = where(pairs, table.agree("name", pairs) | ~table.differ("domain", pairs))
    tests = (_have_typos, _score_high, _are_within)
    return where(pairs, _by_any(tests, table, pairs, table.agree("name", pairs)))


def _one_name(table: _Table, near: "Pairs") -> "Pairs":
    """Neighbours of one name; a little further, or of almost one name, where nothing tells them apart."""
    distances = distances_m(table.points, near)
    is_one_niche = table.agree("niche", near)
    is_one = table.agree("sign", near) | (is_one_niche & table.agree("name", near))
    is_one &= distances <= SAME_NAME_M
    is_open = is_one_niche & ~is_one & ~_is_told_apart(table, near)
    is_one[is_open] = _are_almost_one(table, where(near, is_open))
    return where(near, is_one)


def _one_name_further(table: _Table) -> "Pairs":
    pairs = in_blocks(table["name"], table.by_latitude)
    pairs = where(pairs, distances_m(table.points, pairs) <= SAME_NAME_ALONE_M)
    pairs = where(pairs, table.agree("niche", pairs) & ~table.differ("phone", pairs))
    return where(pairs, ~table.differ("street", pairs) & ~_is_told_apart(table, pairs))


def _is_told_apart(table: _Table, pairs: "Pairs") -> "Mask":
    return table.differ("door", pairs) | table.differ("domain", pairs)


def _doubtful(table: _Table, near: "Pairs") -> list[tuple[int, int]]:
    """Of one trade and street, with two phones, and a name that is similar or shares its telling word."""
    records = table.records
    block = codes(
        [
            (record.street_name, words[0]) if record.street_name and record.phone else None
            for record, words in zip(records, table.words, strict=True)
        ]
    )
    pairs = in_blocks(block, table.by_name)
    pairs = where(pairs, table.differ("phone", pairs) & (distances_m(table.points, pairs) <= SAME_STREET_M))
    found: set[tuple[int, int]] = set()
    usage: Counter[str] = Counter()
    for candidates in (near, pairs):
        asked = where(candidates, table.agree("niche", candidates) & ~table.differ("street", candidates))
        is_similar = _are_similar(table, asked)
        found.update(_listed(where(asked, is_similar)))
        rest = _listed(where(asked, ~is_similar))
        if rest and not usage:
            usage.update(word for words in table.words for word in set(words))
        found.update(
            (one, other) for one, other in rest if _share_word(table.words[one], table.words[other], usage)
        )
    return sorted(found)


def _share_word(one: Sequence[str], other: Sequence[str], usage: Counter[str]) -> bool:
    word = one[0]
    return word == other[0] and len(word) >= MIN_SHARED_WORD and usage[word] <= MAX_WORD_USE


# -------------------------------------------------------------------------------- names


def _are_similar(table: _Table, pairs: "Pairs") -> "Mask":
    """Whether names are spellings of one where a phone or a domain speaks for it too."""
    tests = (_have_more_typos, _score_high, _are_within)
    return _by_any(tests, table, pairs, table.agree("name", pairs))


def _are_almost_one(table: _Table, pairs: "Pairs") -> "Mask":
    """Whether names differ by slips of the hand alone, or by words that many names of the trade hold."""
    return _by_any((_have_typos, _share_all_telling), table, pairs, table.agree("sign", pairs))


def _by_any(tests: "Sequence[Test]", table: _Table, pairs: "Pairs", told: "Mask") -> "Mask":
    """Where any of the tests holds; each is asked of the pairs that are open still."""
    import numpy as np

    for test in tests:
        rest = np.flatnonzero(~told)
        told[rest] = test(table, (pairs[0][rest], pairs[1][rest]))
    return told


def _have_typos(table: _Table, pairs: "Pairs", more: int = 0) -> "Mask":
    """Whether names differ by so few letters as a slip of the hand makes; numbers in them are no slips."""
    import numpy as np
    from rapidfuzz.distance import OSA

    allowed = np.minimum(table.typos[pairs[0]], table.typos[pairs[1]])
    allowed[allowed > 0] += more
    allowed[table.differ("digits", pairs)] = NOTHING
    has_typos = np.zeros(len(allowed), dtype=np.bool_)
    for names in table.spellings:
        rest = np.flatnonzero(~has_typos & (allowed >= 0))
        typos = _scored(OSA.distance, names, (pairs[0][rest], pairs[1][rest]), score_cutoff=MOST_TYPOS)
        has_typos[rest] = typos <= allowed[rest]
    return has_typos


def _have_more_typos(table: _Table, pairs: "Pairs") -> "Mask":
    return _have_typos(table, pairs, more=1)


def _score_high(table: _Table, pairs: "Pairs") -> "Mask":
    import numpy as np
    from rapidfuzz import fuzz

    scores = [_scored(fuzz.ratio, names, pairs) for names in table.spellings[:2]]
    return np.maximum(*scores) >= SIMILAR


def _scored(
    scorer: Callable[..., float], names: Sequence[str], pairs: "Pairs", score_cutoff: int | None = None
) -> "Floats":
    from rapidfuzz.process import cpdist

    firsts, seconds = ([names[index] for index in column.tolist()] for column in pairs)
    scores: Floats = cpdist(firsts, seconds, scorer=scorer, score_cutoff=score_cutoff)
    return scores


def _are_within(table: _Table, pairs: "Pairs") -> "Mask":
    """Whether a name is a longer form of the other."""
    return _answers(table, pairs, lambda one, other: is_within(one, other, MIN_TELLING - 1))


def _share_all_telling(table: _Table, pairs: "Pairs") -> "Mask":
    """Whether a name is the other one with words that many names of the trade hold."""
    import numpy as np

    shares = table.agree("telling", pairs)
    found = np.flatnonzero(shares)
    shares[found] = _answers(
        table, (pairs[0][found], pairs[1][found]), lambda one, other: one <= other or other <= one
    )
    return shares


def _answers(table: _Table, pairs: "Pairs", ask: Callable[[set[str], set[str]], bool]) -> "Mask":
    """What is said of the words of each pair."""
    import numpy as np

    told = [ask(set(table.words[one]), set(table.words[other])) for one, other in _listed(pairs)]
    return np.array(told, dtype=np.bool_)
