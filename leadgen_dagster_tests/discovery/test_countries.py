import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.countries import country_code, is_abroad, language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Finland", "FI"),
        ("suomi", "FI"),
        (" DEUTSCHLAND ", "DE"),
        ("DEU", "DE"),
        ("uk", "GB"),
        ("U.S.A.", "US"),
        ("Osterreich", "AT"),
        ("Oesterreich", "AT"),
        ("España", "ES"),
        ("the Netherlands", "NL"),
        ("no", "NO"),
        ("Australia", "AU"),
        ("日本", "JP"),
        ("Ελλάδα", "GR"),
        ("Türkiye", "TR"),
        ("ke", "KE"),
        ("BW", "BW"),
        ("NRW", None),
        ("Narnia", None),
        ("XX", None),
        ("", None),
        ("Finland" * 100_000, None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_country_is_known_by_its_names_and_codes(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("country", "within", "expected"),
    [
        ("FI", "SE", True),
        ("FI", "Sweden", True),
        ("FI", "suomi", False),
        ("FI", "Uusimaa", False),
        ("FI", None, False),
        (None, "SE", False),
        ("US", "CA", False),
        ("US", "Canada", True),
        ("CA", "GB", True),
        ("IT", "to", False),
    ],
)
def test_a_town_is_abroad_if_another_country_is_named_behind_it(
    country: str | None, within: str | None, expected: bool
) -> None:
    assert is_abroad(country, within) is expected


def test_the_language_of_a_country_is_that_of_most_of_its_firms() -> None:
    assert language_of("FI") == "fi"
    assert language_of("NO") == "no"
    assert language_of("IN") == "en"
    assert language_of("AQ") is None
    assert language_of(None) is None


@given(st.text(max_size=20))
def test_any_text_is_a_country_or_none(text: str) -> None:
    code = country_code(text)
    assert code is None or country_code(code) == code
