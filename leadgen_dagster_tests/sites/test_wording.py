from string import Formatter

import pytest

from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.sites.wording import has_wording, wording

LANGUAGES = ("en", "de", "fi", "fr", "es", "sv")


def slots(phrase: str) -> set[str]:
    return {
        name.removesuffix("_lower") for _text, name, _spec, _conversion in Formatter().parse(phrase) if name
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_of_the_same_facts(language: str) -> None:
    assert has_wording(language)
    english, other = wording("en"), wording(language)
    assert {key: slots(phrase) for key, phrase in other.phrases.items()} == {
        key: slots(phrase) for key, phrase in english.phrases.items()
    }
    assert [len(set(days)) for days in (other.days, other.days_from, other.days_to, other.days_on)] == [7] * 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_niche_has_its_own_word_in_that_language(language: str) -> None:
    assert [niche.key for niche in NICHES.values() if language not in niche.labels] == []


def test_a_name_with_braces_is_said_as_it_is() -> None:
    assert "{agency} {0}" in wording("en").say("notice", agency="x", business="{agency} {0}")
