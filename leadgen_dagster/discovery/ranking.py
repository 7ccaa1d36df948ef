"""Which leads come first where an order's limit leaves some out.

1. The ones that the record lets one reach (a phone or an e-mail address).
2. The ones with a website alone, which may name a phone.
3. The ones of which little more than the name is known.

An agency wants both kinds of customer, weak websites and firms without one. So within each of the three, those with
a website and those without follow one another in the proportion in which they were found: of 60 and 20, every fourth
is without. Within a kind the fullest record comes first, then the name decides, then the fingerprint.
"""

from collections.abc import Iterable, Sequence

from leadgen_dagster.discovery.merge import Merged


def in_order_of_worth(found: Iterable[Merged]) -> list[Merged]:
    """All of them; the same ones give the same order, however they come."""
    ranks: tuple[list[Merged], ...] = ([], [], [])
    for one in sorted(found, key=by_fullness):
        ranks[_rank(one)].append(one)
    return [one for rank in ranks for one in _mixed(rank)]


def by_fullness(found: Merged) -> tuple[int, str, str]:
    """Sorts the fullest record first; what a lead is reached and judged by counts double."""
    best = found.best
    double = sum(value is not None for value in (best.website, best.phone))
    single = sum(value is not None for value in (best.email, best.opening_hours, best.street))
    return -(2 * double + single), best.name_key, found.fingerprint


def _rank(found: Merged) -> int:
    best = found.best
    if best.phone or best.email:
        return 0
    return 1 if best.website else 2


def _mixed(rank: Sequence[Merged]) -> list[Merged]:
    """Both kinds spread evenly: the n-th of a kind stands where its middle lies in the whole."""
    kinds = ([one for one in rank if one.best.website], [one for one in rank if not one.best.website])
    placed = [
        ((index + 0.5) / len(kind), order, one)
        for order, kind in enumerate(kinds)
        for index, one in enumerate(kind)
    ]
    return [one for _place, _order, one in sorted(placed, key=lambda place: place[:2])]
