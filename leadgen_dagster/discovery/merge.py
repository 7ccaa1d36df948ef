"""Which records are one business.

Two records of one group (food, trades, …) are the same, by the first rule that holds:

1. the same phone and similar names, at most 500 m apart;
2. the same domain and similar names, at most 150 m apart, and not two house numbers;
3. the same house number and similar names, at most 300 m apart, and not two phones;
4. the same name at most 60 m apart, and not two phones;
5. the same name at most 100 m apart, or almost the same (a slip or two of the hand, a word that many names of the
   trade hold) at most 75 m, in one niche, and nothing that tells them apart: phone, house number, domain.

Names are similar that differ by slips, by the order of their words or by words that only one has. Records of one
source that give two phones stay two, whatever record stands between them: who lists both means both. Names that are
similar or share their telling word, on one street, with two phones, stay two, and both say so: a person decides.

Which field of the merged records is the better one, `completion` says. Whether it is closed is for the best record
to say. How pairs are found, `matching` says.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from leadgen_dagster.discovery.businesses import Origin
from leadgen_dagster.discovery.candidates import Candidate
from leadgen_dagster.discovery.completion import SHOWN, completed, in_rank, origins_of_fields
from leadgen_dagster.discovery.fingerprints import fingerprint, fingerprint_of_spot
from leadgen_dagster.discovery.matching import matches_of
from leadgen_dagster.discovery.policies import restricted_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """All records of one business, the best of them completed by the others."""

    best: Candidate
    records: tuple[Candidate, ...]
    """As they were, the best first."""
    fingerprint: str
    review_note: str | None = None
    sibling: Candidate | None = None
    """The record of another place that its website is from (`siblings`)."""

    @property
    def origins(self) -> tuple[Origin, ...]:
        return tuple(record.origin for record in self.records)

    @property
    def field_origins(self) -> dict[str, str]:
        """Field of `Business` -> `Origin.key` of the record that it was taken from."""
        origins = origins_of_fields(self.records)
        if self.sibling:
            origins |= dict.fromkeys(SHOWN["website"], self.sibling.origin.key)
        return origins


@dataclass(slots=True)
class _Groups:
    """Records joined step by step (union by index, shortest paths kept)."""

    parents: list[int]
    phones: dict[int, dict[str, str]]
    """Root -> source -> the phone it gives."""

    @classmethod
    def of(cls, records: Sequence[Candidate]) -> "_Groups":
        phones = {
            index: {record.origin.source: record.phone}
            for index, record in enumerate(records)
            if record.phone
        }
        return cls(list(range(len(records))), phones)

    def root(self, index: int) -> int:
        parents = self.parents
        while parents[index] != index:
            parents[index] = index = parents[parents[index]]
        return index

    def join(self, one: int, other: int) -> None:
        """Makes two groups one, unless a source gives them two phones."""
        first, second = self.root(one), self.root(other)
        if second < first:
            first, second = second, first
        if first == second:
            return
        phones, others = self.phones.get(first, {}), self.phones.get(second, {})
        if all(others.get(source, phone) == phone for source, phone in phones.items()):
            self.parents[second] = first
            if others:
                self.phones[first] = others | phones

    def members(self) -> list[list[int]]:
        members: dict[int, list[int]] = defaultdict(list)
        for index in range(len(self.parents)):
            members[self.root(index)].append(index)
        return list(members.values())


def merge(candidates: Sequence[Candidate]) -> tuple[Merged, ...]:
    """The businesses behind the records, in a stable order."""
    records = sorted(candidates, key=attrgetter("origin.source", "origin.source_id"))
    found = matches_of(records)
    groups = _Groups.of(records)
    for one, other in found.same:
        groups.join(one, other)
    doubts: dict[int, set[int]] = defaultdict(set)
    for one, other in found.doubtful:
        doubts[one].add(other)
        doubts[other].add(one)
    return tuple(
        replace(business, review_note=note) if (note := _review_note(records, indexes, doubts)) else business
        for indexes, business in _with_own_fingerprints(records, groups.members())
    )


def _with_own_fingerprints(
    records: Sequence[Candidate], members: Iterable[list[int]]
) -> list[tuple[list[int], Merged]]:
    """A phone or a door under one name is one business, whatever the rules say: ids would clash.

    Others of one fingerprint stay two, and the later one gets that of its spot. A business completed by another record
    may have the fingerprint of a third, so what was joined is looked at again.
    """
    found: dict[str, tuple[list[int], Merged]] = {}
    waiting = list(members)[::-1]
    while waiting:
        indexes = waiting.pop()
        ranked = in_rank([records[index] for index in indexes])
        best = completed(ranked)
        mark = fingerprint(best)
        if mark in found:
            mark = fingerprint_of_spot(best) or mark
        if twin := found.pop(mark, None):
            waiting.append(sorted(twin[0] + indexes))
        else:
            found[mark] = indexes, Merged(best=best, records=tuple(ranked), fingerprint=mark)
    return sorted(found.values(), key=lambda group: group[0][0])


def _lasting_name(record: Candidate) -> str:
    """What a note of another business may call it for good."""
    return record.origin.key if record.origin.source in restricted_sources() else record.name


def _review_note(
    records: Sequence[Candidate], indexes: list[int], doubts: Mapping[int, set[int]]
) -> str | None:
    phones = {phone for index in indexes if (phone := records[index].phone)}
    doubted = [index for index in indexes if index in doubts]
    if len(phones) < 2 and not doubted:
        return None
    others = set[int]().union(*(doubts[index] for index in doubted)).difference(indexes)
    names = list(dict.fromkeys(_lasting_name(records[other]) for other in sorted(others)))
    notes = [
        f"doubtful duplicate: {name} is on the same street under another phone number" for name in names[:3]
    ]
    if len(phones) > 1:
        notes.append(f"its records give different phone numbers: {', '.join(sorted(phones))}")
    return "; ".join(notes) or None
