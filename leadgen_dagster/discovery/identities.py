"""Who was met before: a business under the fingerprint that it had first, whatever its record has learnt since.

A fingerprint stands on the best thing known. A phone that comes or goes, a newer record that writes the name in another
way: each gives another one. So a business leaves aliases behind, and is recognised by any of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from leadgen_dagster.discovery.fingerprints import record_fingerprint, sure_fingerprints
from leadgen_dagster.discovery.merge import Merged
from leadgen_dagster.discovery.words import name_key, shown_name

ROW = re.compile(r"\brow \d+$")
"""How ids end that are only places in a list."""


def aliases(merged: Merged) -> tuple[str, ...]:
    """All by which another run may know the business, the strongest first; its own fingerprint is among them.

    Of each spelling of its name the fingerprints by phone, street and domain (by the square or the town only where
    nothing else is known). The lasting id of a record counts together with the name, the phone or the domain: a new
    owner often takes over the old one's record.
    """
    best = merged.best
    spellings = dict.fromkeys(
        [best.name_key, *(name_key(shown_name(origin.name)) for origin in merged.origins)]
    )
    by_name = (found for spelling in spellings for found in sure_fingerprints(best, spelling))
    by_record = (
        record_fingerprint(origin, evidence)
        for origin in merged.origins
        if not ROW.search(origin.source_id)
        for evidence in (name_key(shown_name(origin.name)), best.phone, best.domain)
        if evidence
    )
    return tuple(dict.fromkeys([merged.fingerprint, *by_record, *by_name]))


def recognised(merged: Sequence[Merged], known: Mapping[str, str]) -> list[Merged]:
    """Gives each business the fingerprint that it was first met under.

    Who has the very fingerprint of an earlier one is that one. Then each is whom its strongest alias names; of two who
    claim one, the stronger claim wins, then the smaller fingerprint. No two get the same, and whom nothing names keeps
    its own.

    Args:
        merged: the businesses of one run.
        known: alias -> the fingerprint that its business was first met under.
    """
    own = {business.fingerprint: position for position, business in enumerate(merged)}
    given: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, position, first_met in sorted(_claims(merged, known)):
        if position not in given and first_met not in taken and own.get(first_met, position) == position:
            given[position] = first_met
            taken.add(first_met)
    return [
        replace(business, fingerprint=given.get(position, business.fingerprint))
        for position, business in enumerate(merged)
    ]


def _claims(merged: Sequence[Merged], known: Mapping[str, str]) -> Iterator[tuple[int, str, int, str]]:
    """Weakness of the claim, fingerprint of the claimant, its position, and whom it claims to be."""
    first_met = frozenset(known.values())
    for position, business in enumerate(merged):
        if business.fingerprint in first_met:
            yield -1, business.fingerprint, position, business.fingerprint
        for weakness, alias in enumerate(aliases(business)):
            if alias in known:
                yield weakness, business.fingerprint, position, known[alias]
