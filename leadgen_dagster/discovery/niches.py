"""The niches: what a person may order, what it is called, how OSM tags it. One row each in `niches.yaml`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import OrderError

TABLE = Path(__file__).with_name("niches.yaml")
EVERYTHING = frozenset({"local businesses", "local business", "all", "businesses", "any"})
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

LONGEST_WORD = 80
"""No word for a trade has so many letters; what is longer is not compared in full."""
WITH_MORE_WORDS = 0.9
"""What a known word counts that stands among others, beside the same word alone."""
LEVELS = re.compile(r"\s*>\s*")
"""Between the levels of a category that is written with those above it."""

Vocabulary = Literal["google", "yelp", "overture", "foursquare"]
"""Whose names for the kinds of places."""

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

    def categories(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """What the source calls it; empty where it has no name of its own for it."""
        match vocabulary:
            case "google":
                return self.google_types
            case "yelp":
                return self.yelp_categories
            case "overture":
                return self.overture_categories
            case "foursquare":
                return self.foursquare_categories

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

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        rows = yaml.load(TABLE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe one, in C
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
    word = _plain(text)
    key = _words().get(word) or _joined_words().get(word.replace(" ", ""))
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


@cache
def _joined_words() -> dict[str, str]:
    """The spellings without spaces: who writes `book shop` may write `bookshop`."""
    joined: dict[str, str] = {}
    for word, key in _words().items():
        joined.setdefault(word.replace(" ", ""), key)
    return joined


def _plain(text: str) -> str:
    return fold(text.replace("_", " "))


def _own_words(niche: Niche) -> tuple[str, ...]:
    return (niche.key.replace("_", " "), *niche.labels.values())


def trade_words() -> frozenset[str]:
    """Every word for a trade, folded: a sign that says no more (`Kiosk`) tells nobody apart."""
    return frozenset(_words())


def _nearest(text: str) -> list[str]:
    """The three niches with the likest words.

    A typing error leaves most letters of the whole; a word too many (`emergency plumber`) leaves the word itself.
    """
    from rapidfuzz import fuzz

    asked = _plain(text)[:LONGEST_WORD]
    likeness: dict[str, tuple[float, float]] = {}
    for word, key in _words().items():
        whole = fuzz.ratio(asked, word)
        score = (max(whole, WITH_MORE_WORDS * fuzz.token_set_ratio(asked, word)), whole)
        likeness[key] = max(score, likeness.get(key, score))
    likest = sorted(likeness, key=lambda key: likeness[key], reverse=True)
    return [key.replace("_", " ") for key in likest[:3]]


def niche_of(tags: Mapping[str, str], niches: Iterable[Niche]) -> Niche | None:
    """The first of the niches that the tags belong to."""
    return next((niche for niche in niches if niche.matches(tags)), None)


def niche_of_categories(
    vocabulary: Vocabulary, categories: Iterable[str], niches: Iterable[Niche]
) -> Niche | None:
    """The first of the niches that one of a place's categories belongs to, as `niche_of` says it of tags.

    A category may come with those above it (`Dining and Drinking > Restaurant > Pizzeria`): the deepest level is asked
    first, and one above it only if no niche knows that. Capitals, spaces and underscores make no difference. A source
    that says what a place is in the first place asks for that alone, and for the others only if it is no niche's.

    Args:
        vocabulary: whose categories they are.
        categories: all that a source gives for the place.
        niches: in the order of preference, the ordered ones first.
    """
    levels = [[_category(level) for level in reversed(LEVELS.split(category))] for category in categories]
    named = [(niche, _categories(niche.categories(vocabulary))) for niche in niches]
    for depth in range(max(map(len, levels), default=0)):
        asked = {path[depth] for path in levels if depth < len(path)}
        found = next((niche for niche, known in named if not known.isdisjoint(asked)), None)
        if found is not None:
            return found
    return None


@lru_cache(maxsize=4_096)
def _category(name: str) -> str:
    return _plain(name).replace(" ", "")


@cache
def _categories(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_category, names))
