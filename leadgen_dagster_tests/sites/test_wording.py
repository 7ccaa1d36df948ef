from dataclasses import replace
from string import Formatter

import pytest

from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.sites.gallery import sample_brief
from leadgen_dagster.sites.llm_copywriter import copy_faults
from leadgen_dagster.sites.page_words import inside
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_the_demos_is_known_on_pages_and_to_the_check_of_a_model(language: str) -> None:
    assert all(inside(topic, language) for topic in ("speaker", "whose", "booking"))
    brief = replace(sample_brief("rich", "bakery"), language=language)
    joined = wording(language).phrases["days_and"].split()[1]
    assert copy_faults("lead", f"Fish pie {joined} apple cake.", brief) == []
