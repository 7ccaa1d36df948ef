import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.sites.tokens import demo_token, demo_url, token_in


def test_a_token_is_short_and_fit_for_an_address() -> None:
    assert re.fullmatch(r"[a-z2-7]{12}", demo_token(b"secret", "harbour-bakery-1"))


def test_a_token_stays_for_one_secret_and_business_and_differs_otherwise() -> None:
    token = demo_token(b"secret", "one")
    assert token == demo_token(b"secret", "one")
    assert len({token, demo_token(b"secret", "two"), demo_token(b"other", "one")}) == 3


def test_the_address_has_one_slash_between_its_parts() -> None:
    assert demo_url("https://demos.example/", "abc") == "https://demos.example/d/abc/"
    assert demo_url("https://demos.example", "abc") == "https://demos.example/d/abc/"


@pytest.mark.parametrize(
    "text",
    [
        "abcdefghij23",
        " abcdefghij23\n",
        "https://demos.agency.example/d/abcdefghij23/",
        "https://demos.agency.example/d/abcdefghij23",
        "https://agency.example/demos/d/abcdefghij23/take-down/",
        "http://localhost:8000/d/abcdefghij23/?from=mail",
    ],
)
def test_a_token_is_read_out_of_what_a_person_pastes(text: str) -> None:
    assert token_in(text) == "abcdefghij23"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22-helsinki-restaurants-7f3a",
        "Abcdefghij23",
        "abcdefghij2",
        "https://a.example/d/x/",
        "/d/",
    ],
)
def test_what_is_no_address_of_a_demo_gives_no_token(text: str) -> None:
    assert token_in(text) is None


@given(st.binary(min_size=1), st.text(st.characters(codec="utf-8")))
def test_every_address_that_is_made_is_read_again(secret: bytes, fingerprint: str) -> None:
    token = demo_token(secret, fingerprint)
    assert token_in(token) == token_in(demo_url("https://agency.example/demos", token)) == token
