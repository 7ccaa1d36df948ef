import pytest

from leadgen_dagster.discovery.niches import NICHES, find_niche, niche_of
from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import OrderError

GROUPS = {
    "food", "beauty", "health", "trades", "retail", "lodging", "professional", "fitness", "automotive", "education",
    "pets", "events",
}  # fmt: skip


def test_every_niche_has_labels_tags_and_a_known_group() -> None:
    assert len(NICHES) >= 60
    for key, niche in NICHES.items():
        assert niche.key == key
        assert set(niche.labels) == {"en", "de", "fi", "fr", "es", "sv"}
        assert niche.tags
        assert niche.group in GROUPS
        assert niche.schema_org
    assert {niche.group for niche in NICHES.values()} == GROUPS


def test_no_two_niches_answer_to_one_label() -> None:
    labels = [label for niche in NICHES.values() for label in {fold(text) for text in niche.labels.values()}]
    assert len(labels) == len(set(labels))


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
