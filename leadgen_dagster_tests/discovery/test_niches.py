from collections import defaultdict
from itertools import chain
from typing import get_args

import pytest

from leadgen_dagster.discovery.niches import NICHES, Vocabulary, find_niche, niche_of, niche_of_categories
from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import OrderError

GROUPS = {
    "food", "beauty", "health", "trades", "retail", "lodging", "professional", "fitness", "automotive", "education",
    "pets", "events",
}  # fmt: skip


WITHOUT_A_NAME = {
    "yelp": {"bathroom_shop"},
    "overture": set[str](),
    "foursquare": {
        "hearing_aids", "speech_therapist", "stove_fitter", "blinds_shop", "bathroom_shop", "boat_dealer", "dog_school",
    },
}  # fmt: skip
"""The niches that the source has no category for."""

UNDER_A_WIDER_WORD_TOO = {"pizzarestaurant", "pizza", "pizzeria", "musicalinstrumentsandteachers"}
ALL = tuple(NICHES.values())


def test_every_niche_has_labels_tags_and_a_known_group() -> None:
    assert len(NICHES) >= 95
    for key, niche in NICHES.items():
        assert niche.key == key
        assert set(niche.labels) == {"en", "de", "fi", "fr", "es", "sv"}
        assert niche.tags
        assert niche.group in GROUPS
        assert niche.schema_org
    assert {niche.group for niche in NICHES.values()} == GROUPS


def test_no_word_means_two_niches() -> None:
    meanings = defaultdict(set)
    for key, niche in NICHES.items():
        for word in (key.replace("_", " "), *niche.labels.values(), *niche.words):
            assert fold(word)
            meanings[fold(word)].add(key)
    assert {word: keys for word, keys in meanings.items() if len(keys) > 1} == {}


def test_every_niche_is_found_by_all_its_words() -> None:
    for key, niche in NICHES.items():
        for word in (key, *niche.labels.values(), *niche.words):
            assert [found.key for found in find_niche(word)] == [key]


@pytest.mark.parametrize("vocabulary", ["yelp", "overture", "foursquare"])
def test_every_niche_has_categories_of_every_source_that_knows_its_kind(vocabulary: Vocabulary) -> None:
    without = {key for key, niche in NICHES.items() if not niche.categories(vocabulary)}
    assert without == WITHOUT_A_NAME[vocabulary]


@pytest.mark.parametrize("vocabulary", get_args(Vocabulary))
def test_a_category_belongs_to_one_niche_unless_a_wider_word_names_it_too(vocabulary: Vocabulary) -> None:
    owners = defaultdict(list)
    for niche in ALL:
        for category in niche.categories(vocabulary):
            owners[fold(category.replace("_", "")).replace(" ", "")].append(niche.key)
    assert {category for category, keys in owners.items() if len(keys) > 1} <= UNDER_A_WIDER_WORD_TOO
    assert all(len(set(keys)) == len(keys) for keys in owners.values())


def test_categories_are_written_as_the_sources_write_them() -> None:
    names = chain.from_iterable((*n.google_types, *n.yelp_categories, *n.overture_categories) for n in ALL)
    assert all(name == name.lower() and " " not in name for name in names)
    assert not any(">" in label for niche in ALL for label in niche.foursquare_categories)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("restaurants", "restaurant"),
        ("Bäckerei", "bakery"),
        ("Baeckerei", "bakery"),
        ("backerei", "bakery"),
        ("  ZAHNÄRZTE ", "dentist"),
        ("parturi-kampaamo", "hairdresser"),
        ("nail_salon", "nail_salon"),
        ("nail bar", "nail_salon"),
        ("Café", "cafe"),
        ("b&b", "guest_house"),
        ("lawyers", "law_firm"),
        ("dentiste", "dentist"),
        ("coiffeurs", "hairdresser"),
        ("fontaneros", "plumber"),
        ("frisörer", "hairdresser"),
        ("hair-salon", "hairdresser"),
        ("bookshop", "bookshop"),
        ("parturikampaamo", "hairdresser"),
    ],
)
def test_a_niche_is_found_by_key_label_synonym_and_plural_in_any_language(word: str, key: str) -> None:
    assert [niche.key for niche in find_niche(word)] == [key]


@pytest.mark.parametrize("words", ["local businesses", "all", "Local Businesses"])
def test_local_businesses_are_all_niches(words: str) -> None:
    assert len(find_niche(words)) == len(NICHES)


def test_an_unknown_niche_names_the_three_nearest() -> None:
    with pytest.raises(
        OrderError, match=r"^niche: 'bakry' is not allowed; the nearest known are bakery, .*, "
    ):
        find_niche("bakry")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hairdreser", "hairdresser"),
        ("plumer", "plumber"),
        ("restorant", "restaurant"),
        ("lawyerz", "law firm"),
        ("Zanarzt", "dentist"),
        ("bycicle", "bicycle shop"),
        ("emergency plumber", "plumber"),
        ("vegan restaurants", "restaurant"),
        ("x" * 1_000_000, "martial arts school"),
        ("", "pizzeria"),
    ],
    ids=lambda text: text[:20],
)
def test_a_slip_of_the_hand_names_what_was_meant_first(text: str, meant: str) -> None:
    with pytest.raises(OrderError, match=f"the nearest known are {meant}, [^,]+, [^,]+$"):
        find_niche(text)


@pytest.mark.parametrize(
    ("vocabulary", "categories", "ordered", "key"),
    [
        ("google", ["pizza_restaurant", "restaurant", "food"], "all", "pizzeria"),
        ("google", ["pizza_restaurant"], "restaurants", "restaurant"),
        ("google", ["italian_restaurant", "pizza_restaurant", "restaurant"], "pizzeria", "pizzeria"),
        ("google", ["point_of_interest", "establishment"], "all", None),
        ("yelp", ["italian", "pizza"], "pizza", "pizzeria"),
        ("yelp", ["pizza"], "restaurants", "restaurant"),
        ("yelp", ["othersalons", "beautysvc"], "all", "nail_salon"),
        ("overture", ["Hair Salon"], "all", "hairdresser"),
        ("overture", ["thai_restaurant"], "restaurants", "restaurant"),
        ("foursquare", ["Dining and Drinking > Restaurant > Pizzeria"], "all", "pizzeria"),
        ("foursquare", ["Dining and Drinking > Restaurant > Pizzeria"], "restaurants", "restaurant"),
        ("foursquare", ["Dining and Drinking > Restaurant > Asian Restaurant > Thai Restaurant"], "all", "restaurant"),
        ("foursquare", ["Dining and Drinking>Cafe, Coffee, and Tea House>CAFE"], "all", "cafe"),
        ("foursquare", ["Retail > Fashion Retail > Watch Store"], "clothes", "watchmaker"),
        ("foursquare", [], "all", None),
    ],
)  # fmt: skip
def test_a_place_belongs_to_the_niche_that_its_closest_category_names_first(
    vocabulary: Vocabulary, categories: list[str], ordered: str, key: str | None
) -> None:
    found = niche_of_categories(vocabulary, categories, (*find_niche(ordered), *ALL))
    assert (found and found.key) == key


def test_a_pizza_restaurant_is_both_a_restaurant_and_a_pizzeria() -> None:
    tags = {"amenity": "restaurant", "cuisine": "italian;pizza"}
    assert NICHES["restaurant"].matches(tags)
    assert NICHES["pizzeria"].matches(tags)
    assert niche_of(tags, find_niche("all")) is NICHES["pizzeria"]
    assert niche_of(tags, find_niche("restaurants")) is NICHES["restaurant"]


def test_funeral_homes_and_clinics_for_addiction_are_sensitive() -> None:
    assert NICHES["funeral_home"].is_sensitive
    assert NICHES["addiction_clinic"].is_sensitive
    assert not NICHES["bakery"].is_sensitive


def test_a_label_falls_back_to_english() -> None:
    assert NICHES["bakery"].label("de") == "Bäckerei"
    assert NICHES["bakery"].label("sv") == "bageri"
    assert NICHES["bakery"].label("it") == "bakery"
    assert NICHES["bakery"].label(None) == "bakery"
