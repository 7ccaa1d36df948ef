"""The niches: what a person may order, what it is called, how OSM tags it. One row each in `niches.yaml`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import OrderError

TABLE = Path(__file__).with_name("niches.yaml")
EVERYTHING = frozenset({"local businesses", "local business", "all", "businesses", "any"})
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

TagRule = tuple[tuple[str, str], ...]
"""Tags that have to be there together; the value `*` stands for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Niche:
    """One kind of local business."""

    key: str
    group: str
    """`food`, `beauty`, `health`, `trades`, `retail`, `lodging`, `professional`, `fitness`, … ."""
    labels: Mapping[str, str]
    """ISO 639-1 -> what one calls it, in the singular."""
    words: tuple[str, ...]
    """Synonyms and plurals, in any of the languages."""
    tags: tuple[TagRule, ...]
    """A place belongs to the niche if one of the rules holds."""
    schema_org: str
    google_types: tuple[str, ...] = ()
    """Types of the Places API (New), table A; the first is asked for."""
    yelp_categories: tuple[str, ...] = ()
    """Category aliases."""
    overture_categories: tuple[str, ...] = ()
    """Of `categories`, `taxonomy` and `basic_category`, whichever a release has."""
    foursquare_categories: tuple[str, ...] = ()
    """Labels of the open data's hierarchy, as `fsq_category_labels` ends."""
    is_sensitive: bool = False
    """Nothing is drafted for it automatically."""

    def label(self, language: str | None) -> str:
        return self.labels.get(language or "en", self.labels["en"])

    def matches(self, tags: Mapping[str, str]) -> bool:
        return any(all(_has(tags, key, value) for key, value in rule) for rule in self.tags)


def _has(tags: Mapping[str, str], key: str, value: str) -> bool:
    given = tags.get(key)
    if given is None:
        return False
    return value == "*" or value in (part.strip() for part in given.split(";"))


class NicheTable(Mapping[str, Niche]):
    """The rows by key, in the order of the table; read when first asked."""

    @cached_property
    def _rows(self) -> dict[str, Niche]:
        import yaml

        rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
        return {key: _niche(key, row) for key, row in rows.items()}

    def __getitem__(self, key: str) -> Niche:
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


NICHES: Mapping[str, Niche] = NicheTable()


def _niche(key: str, row: Mapping[str, Any]) -> Niche:
    return Niche(
        key=key,
        group=row["group"],
        labels=dict(row["label"]),
        words=tuple(row["words"]),
        tags=tuple(_rule(line) for line in row["tags"]),
        schema_org=row["schema"],
        google_types=tuple(row.get("google", ())),
        yelp_categories=tuple(row.get("yelp", ())),
        overture_categories=tuple(row.get("overture", ())),
        foursquare_categories=tuple(row.get("foursquare", ())),
        is_sensitive=row.get("sensitive", False),
    )


def _rule(line: str) -> TagRule:
    pairs = [part.split("=", 1) for part in line.split("&")]
    return tuple((key.strip(), value.strip()) for key, value in pairs)


def find_niche(text: str) -> tuple[Niche, ...]:
    """The niches that a person means by a word; all of them for "local businesses".

    Raises:
        OrderError: the word is unknown; names the three nearest that are known.
    """
    if fold(text) in EVERYTHING:
        return tuple(NICHES.values())
    key = _words().get(fold(text.replace("_", " ")))
    if key is None:
        raise OrderError("niche", text, f"the nearest known are {', '.join(_nearest(text))}")
    return (NICHES[key],)


@cache
def _words() -> dict[str, str]:
    """Every spelling -> key. A row's own key and labels win over another row's synonym."""
    own = [(word, niche.key) for niche in NICHES.values() for word in _own_words(niche)]
    others = [(word, niche.key) for niche in NICHES.values() for word in niche.words]
    spellings: dict[str, str] = {}
    for word, key in own + others:
        for spelling in (word, word.casefold().translate(UMLAUTS)):
            spellings.setdefault(fold(spelling), key)
    return spellings


def _own_words(niche: Niche) -> tuple[str, ...]:
    return (niche.key.replace("_", " "), *niche.labels.values())


def trade_words() -> frozenset[str]:
    """Every word for a trade, folded: a sign that says no more (`Kiosk`) tells nobody apart."""
    return frozenset(_words())


def _nearest(text: str) -> list[str]:
    from rapidfuzz import process

    spellings = _words()
    found = process.extract(fold(text), spellings.keys(), limit=len(spellings))
    return list(dict.fromkeys(spellings[word].replace("_", " ") for word, _score, _index in found))[:3]


def niche_of(tags: Mapping[str, str], niches: Iterable[Niche]) -> Niche | None:
    """The first of the niches that the tags belong to."""
    return next((niche for niche in niches if niche.matches(tags)), None)
