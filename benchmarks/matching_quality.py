"""How well and how fast records of one business are found, on the real names of central Helsinki.

Each place of the packaged extract stands once as it is, and once as a second source might have it: another spelling,
a slip of the hand, another order of words, a street abbreviated, moved by some metres, with less or otherwise written
details. For more records the same places stand in further towns, under names that change places. The truth is known,
so precision and recall of pairs can be counted. Places of the extract whose names begin alike within 150 m are left
out: nobody knows whether they are one.

The floor is measured in the same run: the same records sorted and each name compared once with the next one.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from importlib.resources import as_file, files
from math import comb, cos, log, pi, radians, sin

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.candidates import Candidate, candidate_of, why_unusable
from leadgen_dagster.discovery.geography import METRES_PER_DEGREE, rough_distance_m
from leadgen_dagster.discovery.matching import matches_of
from leadgen_dagster.discovery.merge import Merged, merge
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.discovery.sources.base import PlaceRequest, PlaceSource, SourceAccess
from leadgen_dagster.discovery.sources.osm import OsmSource
from leadgen_dagster.discovery.words import fold, match_words

SEED = 5
TOWN_DEGREES = 0.2
"""How far the towns lie apart."""
UNKNOWN_TRUTH_M = 150
MOVED_M = 45
SECOND_SOURCE = "csv"
Random = random.Random


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--errors", type=int, default=0, help="show so many pairs that were missed or wrong")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (default 3)")
    options = parser.parse_args()
    source, places = real_places()
    print(f"{len(places)} real places")
    for count in (1_000, 20_000):
        records = candidates(source, places, count)
        found = merge(records)
        precision, recall = pairwise(found)
        print(f"{count:7} records  precision {precision:.4f}  recall {recall:.4f}  businesses {len(found)}")
        if options.errors:
            show_errors(records, found, options.errors)
    seconds = {}
    for count in (5_000, 20_000, 100_000):
        records = candidates(source, places, count)
        floor, matching, merging = (
            best_of(options.rounds, work, records) for work in (bare, matches_of, merge)
        )
        seconds[count] = merging
        print(
            f"{count:7} records  floor {floor:6.3f} s  pairs {matching:6.3f} s  pairs and merging {merging:6.3f} s"
        )
    exponent = log(seconds[100_000] / seconds[5_000]) / log(100_000 / 5_000)
    print(f"growth exponent from 5,000 to 100,000: {exponent:.2f}")
    for what, change in DEGENERATE.items():
        same = [replace(record, **change) for record in candidates(source, places, 20_000)]
        print(f"  20000 records {what}: {best_of(1, merge, same):6.3f} s")


DEGENERATE: dict[str, dict[str, object]] = {
    "of one phone": {"phone": "+3589666001"},
    "of one domain": {"domain": "mall.example"},
    "at one point": {"point": (60.17, 24.94)},
    "at one door": {"street": "Quay 1", "street_key": "1 quay", "street_name": "quay", "door": "quay 1"},
    "of one name": {"name": "Savoy", "name_key": "savoy", "words": ("savoy",)},
}


def best_of(
    rounds: int, work: Callable[[Sequence[Candidate]], object], records: Sequence[Candidate]
) -> float:
    """Seconds of the quickest round."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work(records)
        times.append(time.perf_counter() - began)
    return min(times)


def bare(records: Sequence[Candidate]) -> None:
    """What no matching does without."""
    from rapidfuzz import fuzz
    from rapidfuzz.process import cpdist

    ordered = sorted(
        records, key=lambda record: (record.name_key, record.origin.source, record.origin.source_id)
    )
    names = [record.name_key for record in ordered]
    cpdist(names[:-1], names[1:], scorer=fuzz.ratio)


# -------------------------------------------------------------------------------- records of known truth


def real_places() -> tuple[PlaceSource, list[Place]]:
    extract = files("leadgen_dagster.discovery.sources").joinpath("data", "helsinki.osm.pbf")
    with as_file(extract) as path:
        source = OsmSource(SourceAccess(path=path))
        request = PlaceRequest(
            location="Helsinki", niches=tuple(NICHES.values()), other_niches=(), ordered_on=date(2019, 5, 2)
        )
        found = [
            item for item in source.places(request) if isinstance(item, Place) and not why_unusable(item)
        ]
    return source, apart(found)


def apart(places: Iterable[Place]) -> list[Place]:
    """Without those that have a neighbour whose name begins with the same word."""
    kept: list[Place] = []
    by_name: dict[str, list[Place]] = {}
    for place in places:
        same = by_name.setdefault(match_words(place.name)[0], [])
        if all(rough_distance_m(point_of(place), point_of(other)) > UNKNOWN_TRUTH_M for other in same):
            kept.append(place)
            same.append(place)
    return kept


def point_of(place: Place) -> tuple[float, float]:
    return place.latitude or 0.0, place.longitude or 0.0


def candidates(source: PlaceSource, places: Sequence[Place], count: int) -> list[Candidate]:
    """So many records: half of them real ones, each with its copy."""
    chance = Random(SEED)
    records: list[Place] = []
    town = 0
    while len(records) < count:
        for place in in_town(places, town, chance)[: (count - len(records)) // 2]:
            records.extend([place, perturbed(place, chance)])
        town += 1
    return [candidate_of(place, source, "FI") for place in records]


def in_town(places: Sequence[Place], town: int, chance: Random) -> list[Place]:
    """The same places in another town: names change places within a niche, numbers and domains are others."""
    chosen = list(places)
    chance.shuffle(chosen)
    if not town:
        return [replace(place, source_id=f"0-{at}") for at, place in enumerate(chosen)]
    names: dict[str, list[str]] = {}
    for place in chosen:
        names.setdefault(place.niche, []).append(place.name)
    return apart(
        replace(
            place,
            source_id=f"{town}-{at}",
            name=names[place.niche].pop(chance.randrange(len(names[place.niche]))),
            latitude=point_of(place)[0] - 10 + town % 50 * TOWN_DEGREES,
            longitude=point_of(place)[1] - town // 50 * TOWN_DEGREES,
            city=f"Town{town}",
            phone=f"+3589{town:03}{at:04}" if place.phone else None,
            website=f"https://firm{town}x{at}.fi/" if place.website else None,
            email=None,
        )
        for at, place in enumerate(chosen)
    )


def perturbed(place: Place, chance: Random) -> Place:
    """The same place as another source has it; the id stays, so that the truth is known."""
    name = chance.choice(SPELLINGS)(place.name, chance)
    if chance.random() < 0.3:
        name = chance.choice(ADDITIONS).format(name=name, town=place.city)
    distance, angle = MOVED_M * chance.random(), 2 * pi * chance.random()
    latitude, longitude = point_of(place)
    return replace(
        place,
        source=SECOND_SOURCE,
        name=name,
        latitude=latitude + distance * cos(angle) / METRES_PER_DEGREE,
        longitude=longitude + distance * sin(angle) / METRES_PER_DEGREE / cos(radians(latitude)),
        phone=otherwise(place.phone, chance, lambda text: text.replace("+358", "0").replace(" ", "-")),
        website=otherwise(
            place.website, chance, lambda text: f"https://www.{text.split('//')[-1].removeprefix('www.')}"
        ),
        street=otherwise(place.street, chance, abbreviated),
        postcode=otherwise(place.postcode, chance, str),
        city=otherwise(place.city, chance, str.upper),
        email=None,
        last_edited=None,
    )


def otherwise(text: str | None, chance: Random, write: Callable[[str], str]) -> str | None:
    """A detail that is missing, written in another way, or the same."""
    return chance.choice((None, text, text and write(text)))


def abbreviated(street: str) -> str:
    return street.replace("katu", "k.").replace("tie ", "t. ").replace("esplanadi", "espl.")


def slip(name: str, chance: Random) -> str:
    """A letter left out, doubled, exchanged with its neighbour, or another one; nobody mistypes a number."""
    letters = [at for at, char in enumerate(name) if char.isalpha()]
    if len(letters) < 5:
        return name
    at = chance.choice(letters)
    char = name[at]
    following = name[at + 1 : at + 2]
    new = chance.choice(
        ("", char * 2, following + char if following.isalpha() else char, chance.choice("aeinrst"))
    )
    return name[:at] + new + name[at + (2 if new == following + char and following else 1) :]


def slips(name: str, chance: Random) -> str:
    return slip(slip(name, chance), chance)


def first_word_slip(name: str, chance: Random) -> str:
    first, space, rest = name.partition(" ")
    return slip(first, chance) + space + rest


def in_another_order(name: str, chance: Random) -> str:
    words = name.split()
    chance.shuffle(words)
    return " ".join(words)


def without_trade(name: str, _chance: Random) -> str:
    left = [word for word in name.split() if word.casefold() not in TRADES]
    return " ".join(left) if len("".join(left)) > 3 else name


def with_trade(name: str, chance: Random) -> str:
    trade = chance.choice(("Ravintola", "Restaurant", "Cafe", "Bar"))
    return chance.choice((f"{trade} {name}", f"{name} {trade}"))


TRADES = {
    "ravintola",
    "restaurant",
    "cafe",
    "café",
    "kahvila",
    "bar",
    "hotel",
    "hotelli",
    "pub",
    "parturi",
    "kampaamo",
}
ACCENTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
SPELLINGS: tuple[Callable[[str, Random], str], ...] = (
    lambda name, _: name,
    lambda name, _: name.upper(),
    lambda name, _: name.lower(),
    lambda name, _: fold(name),
    lambda name, _: name.translate(ACCENTS),
    lambda name, _: name.replace(" ", "", 1),
    lambda name, _: name.replace("-", " "),
    lambda name, _: name.replace("&", "ja").replace(" and ", " & "),
    lambda name, _: name.replace("'", "\u2019"),
    slip,
    slips,
    first_word_slip,
    in_another_order,
    without_trade,
    with_trade,
)
ADDITIONS = (
    "{name} Oy",
    "{name} GmbH & Co. KG",
    "T:mi {name}",
    "{name}, s.r.o.",
    "{name} {town}",
    "{name} Ltd.",
)


# -------------------------------------------------------------------------------- truth


def pairwise(found: Iterable[Merged]) -> tuple[float, float]:
    """Precision and recall over pairs of records."""
    truth: Counter[str] = Counter()
    merged_pairs = right_pairs = 0
    for business in found:
        ids = Counter(origin.source_id for origin in business.origins)
        truth.update(ids)
        merged_pairs += comb(ids.total(), 2)
        right_pairs += sum(comb(number, 2) for number in ids.values())
    return right_pairs / max(1, merged_pairs), right_pairs / sum(comb(number, 2) for number in truth.values())


def show_errors(records: Iterable[Candidate], found: Iterable[Merged], count: int) -> None:
    told = {record.origin: record for record in records}
    where = {origin: at for at, business in enumerate(found) for origin in business.origins}
    by_id: dict[str, list[Candidate]] = {}
    for record in told.values():
        by_id.setdefault(record.origin.source_id, []).append(record)
    missed = [pair for pair in by_id.values() if len({where[record.origin] for record in pair}) > 1]
    wrong = [
        [told[origin] for origin in business.origins]
        for business in found
        if len({origin.source_id for origin in business.origins}) > 1
    ]
    for what, groups in (("missed", missed), ("wrong", wrong)):
        print(f"{what}: {len(groups)}")
        for group in groups[:count]:
            print(
                "   ",
                " | ".join(
                    f"{one.name} ({one.niche}, {one.street}, {one.phone}, {one.domain})" for one in group
                ),
            )


if __name__ == "__main__":
    main()
