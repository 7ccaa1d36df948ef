"""Whether two names are spellings of one."""

from collections.abc import Set as AbstractSet
from functools import cache

from leadgen_dagster.discovery.niches import trade_words
from leadgen_dagster.discovery.words import plain_words

SIMILAR = 85
"""Of 100, by rapidfuzz."""
MIN_SHARED_LETTERS = 4
TYPOS_FROM_LETTERS = (4, 6, 12)
"""From so many letters on a name may have one, two, three wrong: names of other firms differ by more.

Of the 152,000 pairs of names of one group in the extract of central Helsinki, 25 are as near as that to another, and
no two of these that are two firms are neighbours.
"""


def are_similar(one: str, other: str) -> bool:
    """Whether two name keys are spellings of one name: spaces do not count, nor words that only one has."""
    from rapidfuzz import fuzz

    if fuzz.ratio(one.replace(" ", ""), other.replace(" ", "")) >= SIMILAR:
        return True
    return is_within(set(one.split()), set(other.split()))


def is_within(one: AbstractSet[str], other: AbstractSet[str], letters: int = MIN_SHARED_LETTERS) -> bool:
    """Whether all words of one name are in the other, and tell whose it is by more than so many letters."""
    fewer = min(one, other, key=len)
    return fewer <= (one & other) and sum(len(word) for word in fewer if word not in plain()) > letters


@cache
def plain() -> frozenset[str]:
    """Words that many names of one trade hold."""
    return plain_words("dish_words") | plain_words("trade_words") | trade_words()
