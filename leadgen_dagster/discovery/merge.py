"""Which records are one business.

Two records of one group (food, trades, …) are the same, by the first rule that holds:

1. the same phone and similar names, at most 500 m apart;
2. the same domain and similar names, at most 150 m apart, and not two house numbers;
3. the same name at most 60 m apart, or similar ones at one house number there, and not two phones.

Records of one source that give two phones stay two, whatever record stands between them: who lists both means both.

Names that share their telling word, on one street, with two phones, stay two, and both say so: a person decides.
Of merged records the best comes first (newest edit, then the most fields filled, then source and id), and each
field is taken from the first record that has it. Whether it is closed is for the best record to say. Pairs are
looked for within blocks alone (phone, domain, name, street), so the time grows with the number of records and
not with its square.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import Any, TypeVar

from leadgen_dagster.discovery.businesses import Origin, WebsiteOrigin
from leadgen_dagster.discovery.candidates import Candidate
from leadgen_dagster.discovery.fingerprints import fingerprint
from leadgen_dagster.discovery.geography import cell, rough_distance_m
from leadgen_dagster.discovery.niches import trade_words
from leadgen_dagster.discovery.words import plain_words, sign_key, street_name_key

SAME_PHONE_M = 500
SAME_DOMAIN_M = 150
SAME_NAME_M = 60
STREET_CELL_M = 1_000
SIMILAR = 85
"""Of 100, by rapidfuzz."""
MIN_SHARED_WORD = 4
MAX_WORD_USE = 3
"""A word that more names hold than this tells nobody apart."""
WINDOW = 12
"""In a block of more records than this each is compared with so many next to it by name."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """All records of one business, the best of them completed by the others."""

    best: Candidate
    origins: tuple[Origin, ...]
    fingerprint: str
    review_note: str | None = None


@dataclass(slots=True)
class _Groups:
    """Records joined step by step (union by index, shortest paths kept)."""

    parents: list[int]
    phones: list[dict[str, str]]
    """Of each root: source -> the phone it gives."""
    doubts: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, records: Sequence[Candidate]) -> "_Groups":
        phones = [{record.origin.source: record.phone} if record.phone else {} for record in records]
        return cls(list(range(len(records))), phones)

    def root(self, index: int) -> int:
        while self.parents[index] != index:
            self.parents[index] = self.parents[self.parents[index]]
            index = self.parents[index]
        return index

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        if first != second:
            self.parents[second] = first
            self.phones[first] = self.phones[second] | self.phones[first]

    def may_join(self, one: int, other: int) -> bool:
        """Whether no source gives the two groups two phones."""
        phones, others = self.phones[self.root(one)], self.phones[self.root(other)]
        return all(phones[source] == others[source] for source in phones.keys() & others.keys())


def merge(candidates: Sequence[Candidate]) -> tuple[Merged, ...]:
    """The businesses behind the records, in a stable order."""
    records = sorted(candidates, key=lambda c: (c.origin.source, c.origin.source_id))
    groups = _Groups.of(records)
    usage = Counter(word for record in records for word in set(record.name_key.split()))
    for one, other in _pairs(records):
        if is_same(records[one], records[other]) and groups.may_join(one, other):
            groups.join(one, other)
        elif is_doubtful(records[one], records[other], usage):
            groups.doubts[one].add(other)
            groups.doubts[other].add(one)
    while _join_equal_fingerprints(records, groups):
        pass  # A business completed by another record may now have the fingerprint of a third.
    return tuple(_merged(records, indexes, groups) for indexes in _members(groups).values())


def _members(groups: _Groups) -> dict[int, list[int]]:
    members: dict[int, list[int]] = defaultdict(list)
    for index in range(len(groups.parents)):
        members[groups.root(index)].append(index)
    return members


def _join_equal_fingerprints(records: Sequence[Candidate], groups: _Groups) -> bool:
    """One fingerprint is one business, whatever the rules above say: ids would clash.

    Returns:
        Whether any two were joined.
    """
    members = _members(groups)
    first: dict[str, int] = {}
    for root, indexes in members.items():
        groups.join(
            first.setdefault(fingerprint(_completed(records[index] for index in indexes)), root), root
        )
    return len(first) < len(members)


# -------------------------------------------------------------------------------- pairs


def _pairs(records: Sequence[Candidate]) -> Iterator[tuple[int, int]]:
    """Every two records that share a block, once."""
    blocks: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for index, record in enumerate(records):
        for key in _block_keys(record):
            blocks[key].append(index)
    seen: set[tuple[int, int]] = set()
    for indexes in blocks.values():
        for pair in _within(records, indexes):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _block_keys(record: Candidate) -> Iterator[tuple[Any, ...]]:
    if record.phone:
        yield "phone", record.phone
    if record.domain:
        yield "domain", record.domain
    first_word = record.name_key.split()[0]
    if record.street:
        yield "street", street_name_key(record.street), first_word
    if record.point:
        row, column = cell(record.point, STREET_CELL_M)
        for near in ((row, column), (row + 1, column), (row, column + 1), (row + 1, column + 1)):
            yield "name", first_word, near


def _within(records: Sequence[Candidate], indexes: list[int]) -> Iterable[tuple[int, int]]:
    if len(indexes) <= WINDOW:
        return combinations(indexes, 2)
    ordered = sorted(indexes, key=lambda index: (records[index].name_key, index))
    return (
        (min(one, other), max(one, other))
        for position, one in enumerate(ordered)
        for other in ordered[position + 1 : position + 1 + WINDOW]
    )


# -------------------------------------------------------------------------------- rules


def is_same(one: Candidate, other: Candidate) -> bool:
    """Whether two records are one business for certain."""
    if one.group != other.group:
        return False
    if one.phone and one.phone == other.phone and _are_near(one, other, SAME_PHONE_M):
        return are_similar(one.name_key, other.name_key)
    if one.domain and one.domain == other.domain and _are_near(one, other, SAME_DOMAIN_M):
        is_at_two_doors = _differ(_numbered(one), _numbered(other))
        return not is_at_two_doors and are_similar(one.name_key, other.name_key)
    if _differ(one.phone, other.phone) or one.point is None or other.point is None:
        return False
    return _are_near(one, other, SAME_NAME_M) and _have_one_name(one, other)


def _have_one_name(one: Candidate, other: Candidate) -> bool:
    """Whether two neighbours have the same name, or at one door a longer and a shorter form of it."""
    if sign_key(one.name) == sign_key(other.name):
        return True
    if one.niche == other.niche and one.name_key == other.name_key:
        return True
    is_one_door = _numbered(one) is not None and _numbered(one) == _numbered(other)
    return is_one_door and are_similar(one.name_key, other.name_key)


def is_doubtful(one: Candidate, other: Candidate, usage: Counter[str]) -> bool:
    """Whether two records that stay two may be one business all the same."""
    if one.niche != other.niche or not _differ(one.phone, other.phone) or not _share_street(one, other):
        return False
    word = one.name_key.split()[0]
    is_telling = len(word) >= MIN_SHARED_WORD and usage[word] <= MAX_WORD_USE
    return are_similar(one.name_key, other.name_key) or (is_telling and word == other.name_key.split()[0])


def are_similar(one: str, other: str) -> bool:
    """Whether two name keys are spellings of one name: spaces do not count, nor words that only one has."""
    from rapidfuzz import fuzz

    if fuzz.ratio(one.replace(" ", ""), other.replace(" ", "")) >= SIMILAR:
        return True
    words, other_words = set(one.split()), set(other.split())
    fewer = min(words, other_words, key=len)
    telling = fewer - plain_words("dish_words") - trade_words()
    return fewer <= (words & other_words) and sum(map(len, telling)) > MIN_SHARED_WORD


def _are_near(one: Candidate, other: Candidate, limit_m: float) -> bool:
    """Whether they lie so near; where one has no position, whether the towns at least do not differ."""
    if one.point is None or other.point is None:
        return not _differ(one.city and one.city.casefold(), other.city and other.city.casefold())
    return rough_distance_m(one.point, other.point) <= limit_m


def _share_street(one: Candidate, other: Candidate) -> bool:
    if one.street and other.street:
        return street_name_key(one.street) == street_name_key(other.street)
    return one.point is not None and other.point is not None and _are_near(one, other, SAME_NAME_M)


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one) and bool(other) and one != other


def _numbered(record: Candidate) -> str | None:
    """The street where it has a house number."""
    key = record.street_key
    return key if key and any(char.isdigit() for char in key) else None


# -------------------------------------------------------------------------------- the better field


def _merged(records: Sequence[Candidate], indexes: list[int], groups: _Groups) -> Merged:
    ranked = _ranked([records[index] for index in indexes])
    best = _completed(ranked)
    return Merged(
        best=best,
        origins=tuple(record.origin for record in ranked),
        fingerprint=fingerprint(best),
        review_note=_review_note(records, indexes, groups),
    )


def _ranked(records: Iterable[Candidate]) -> list[Candidate]:
    """The newest edit first, then the fullest, then by source and id."""
    return sorted(
        records,
        key=lambda record: (
            -(record.last_edited or date.min).toordinal(),
            -filled(record),
            record.origin.source,
            record.origin.source_id,
        ),
    )


def filled(record: Candidate) -> int:
    """How many of the fields that a lead lives by are known."""
    values = (record.website, record.phone, record.email, record.opening_hours, record.street, record.point)
    return sum(value is not None for value in values)


def _completed(records: Iterable[Candidate]) -> Candidate:
    """The best record with what it lacks taken from the next ones; what belongs together is taken together."""
    ranked = _ranked(records)
    dialled = _first_with(ranked, lambda record: record.phone)
    housed = (
        _first_with(ranked, _numbered)
        if any(map(_numbered, ranked))
        else _first_with(ranked, lambda r: r.street)
    )
    named = [record for record in ranked if record.website_origin is WebsiteOrigin.RECORD]
    online = named[0] if named else _first_with(ranked, lambda record: record.website)
    return replace(
        ranked[0],
        sub_niche=_first(record.sub_niche for record in ranked),
        street=housed.street,
        street_key=housed.street_key,
        postcode=housed.postcode or _first(record.postcode for record in ranked),
        city=housed.city or _first(record.city for record in ranked),
        country=_first(record.country for record in ranked),
        point=_first(record.point for record in ranked),
        phone=dialled.phone,
        phone_kind=dialled.phone_kind,
        email=_first(record.email for record in ranked),
        website=online.website,
        website_origin=online.website_origin,
        domain=online.domain,
        social_profiles=tuple(dict.fromkeys(url for record in ranked for url in record.social_profiles)),
        opening_hours=_first(record.opening_hours for record in ranked),
        language=_first(record.language for record in ranked),
        is_sole_trader=any(record.is_sole_trader for record in ranked),
        last_edited=max((record.last_edited for record in ranked if record.last_edited), default=None),
        brand=_first(record.brand for record in ranked),
        tags=_all_tags(ranked),
    )


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _first_with(ranked: Sequence[Candidate], value_of: Callable[[Candidate], str | None]) -> Candidate:
    """The best record that has a value; the best of all where none has."""
    return next((record for record in ranked if value_of(record)), ranked[0])


def _all_tags(ranked: Sequence[Candidate]) -> dict[str, str]:
    tags: dict[str, str] = {}
    for record in reversed(ranked):
        tags.update(record.tags)
    return tags


def _review_note(records: Sequence[Candidate], indexes: list[int], groups: _Groups) -> str | None:
    others = sorted({other for index in indexes for other in groups.doubts.get(index, ())} - set(indexes))
    notes = [
        f"doubtful duplicate: {records[other].name} is on the same street under another phone number"
        for other in others[:3]
    ]
    phones = sorted({phone for index in indexes if (phone := records[index].phone)})
    if len(phones) > 1:
        notes.append(f"its records give different phone numbers: {', '.join(phones)}")
    return "; ".join(notes) or None
