"""A name in a message and on a demo is the one on the sign."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.names import sign_name


@pytest.mark.parametrize(
    ("record", "sign"),
    [
        ("Osteria del Porto Ltd", "Osteria del Porto"),
        ("Smith & Co Ltd.", "Smith & Co"),
        ("Smith & Sons (Plumbing) Limited", "Smith & Sons (Plumbing)"),
        ("MÜLLER & SÖHNE GMBH", "Müller & Söhne"),
        ("Malerei Groß GmbH & Co. KG", "Malerei Groß"),
        ("CAFÉ AM HAFEN e.K.", "Café am Hafen"),
        ("Foo UG (haftungsbeschränkt)", "Foo"),
        ("Oy Satama Ab", "Satama"),
        ("Tmi Anna Berg", "Anna Berg"),
        ("Anna Berg Tmi", "Anna Berg"),
        ("Nimetön Tmi", "Nimetön Tmi"),
        ("Nimetön T:mi", "Nimetön T:mi"),
        ("Bäcker GmbH", "Bäcker"),
        ("Kukka, Oy", "Kukka"),
        ("O'BRIEN'S BAR AND GRILL", "O'Brien's Bar and Grill"),
        ("BBQ HOUSE", "BBQ House"),
        ("IKEA", "IKEA"),
        ("Ltd", "Ltd"),
        ("  Two   spaces ", "Two spaces"),
        ("Åsa's <Hof> & ß", "Åsa's <Hof> & ß"),
    ],
)
def test_legal_forms_and_copied_capitals_are_left_out(record: str, sign: str) -> None:
    assert sign_name(record) == sign


@pytest.mark.parametrize(
    ("record", "sign"),
    [
        (
            f"Harbour House, Bed and Breakfast, Tea Garden and {'very ' * 20}old Shop",
            "Harbour House, Bed and Breakfast",
        ),
        (
            f"The Old Harbour Master's House and Tea Garden of Port Linden with {'very ' * 20}",
            "The Old Harbour Master's House and Tea Garden of Port Linden",
        ),
        ("-" * 170, "-" * 60),
        ("a" * 170, "a" * 60),
    ],
)
def test_a_very_long_name_ends_where_a_name_may_end(record: str, sign: str) -> None:
    assert sign_name(record) == sign


@given(st.text(max_size=200))
def test_a_name_stays_a_short_line_and_is_never_lost(name: str) -> None:
    sign = sign_name(name)
    assert len(sign.splitlines()) <= 1
    assert len(sign) <= 60
    assert bool(sign) == bool(name.split())
