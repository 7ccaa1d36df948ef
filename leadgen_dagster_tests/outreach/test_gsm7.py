"""An SMS is counted in septets, and any text can be brought into the alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.outreach.gsm7 import fits_one_segment, septets, to_gsm7


def test_letters_of_the_alphabet_cost_one_and_the_extension_two() -> None:
    assert septets("Grüße à la Ångström") == 19
    assert septets("[€]") == 6


def test_what_is_not_in_the_alphabet_is_no_sms() -> None:
    with pytest.raises(ValueError, match="alphabet"):
        septets("“quoted”")
    assert not fits_one_segment("ł")


def test_the_limit_is_160_septets() -> None:
    assert fits_one_segment("x" * 160)
    assert not fits_one_segment("x" * 161)
    assert not fits_one_segment("€" * 81)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Łódź", "Lodz"),
        ("“Zum Bären”", '"Zum Bären"'),
        ("Ç ç", "Ç c"),
        ("a\u00a0b\tc", "a b c"),
        ("Ресторан", "Restoran"),
    ],
)
def test_foreign_letters_are_transliterated_and_own_ones_kept(text: str, plain: str) -> None:
    assert to_gsm7(text) == plain


@given(st.text())
def test_any_text_can_be_sent_once_transliterated(text: str) -> None:
    plain = to_gsm7(text)
    assert septets(plain) >= len(plain)
    assert to_gsm7(plain) == plain
