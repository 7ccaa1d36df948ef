"""Under a message stands an address that a letter from the reader's country would reach."""

import dataclasses

import pytest

from leadgen_dagster.outreach.drafts import signature
from leadgen_dagster.outreach.wording import languages, phrase_book
from leadgen_dagster_tests.outreach.leads import AGENCY

AT_HOME = dataclasses.replace(AGENCY, postal_address="3 Saltpan Yard, Wester Hythe, NE99 8SY", country="GB")


@pytest.mark.parametrize(
    ("language", "country", "ending"),
    [
        ("en", "GB", "NE99 8SY"),
        ("en", None, "NE99 8SY"),
        ("en", "IE", "NE99 8SY, United Kingdom"),
        ("de", "DE", "NE99 8SY, Vereinigtes Königreich"),
        ("fi", "FI", "NE99 8SY, Yhdistynyt kuningaskunta"),
    ],
)
def test_the_country_is_named_abroad_in_the_letters_language(
    language: str, country: str | None, ending: str
) -> None:
    assert signature(AT_HOME, language=language, country=country)[1].endswith(ending)


@pytest.mark.parametrize("last", ["United Kingdom", "Vereinigtes Königreich", "UK"])
def test_a_country_that_is_there_already_is_not_named_again(last: str) -> None:
    agency = dataclasses.replace(AT_HOME, postal_address=f"3 Saltpan Yard, {last}")
    assert signature(agency, language="de", country="DE")[1].endswith(f"Yard, {last}")


def test_a_country_without_a_name_in_the_book_is_left_out() -> None:
    agency = dataclasses.replace(AT_HOME, country="NZ")
    assert signature(agency, language="en", country="GB")[1].endswith("NE99 8SY")


def test_every_language_names_the_same_countries() -> None:
    assert len({frozenset(phrase_book(language)["countries"]) for language in languages()}) == 1
    assert all(isinstance(code, str) for code in phrase_book("en")["countries"])
