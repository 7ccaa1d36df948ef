import re

from leadgen_dagster.sites.tokens import demo_token, demo_url


def test_a_token_is_short_and_fit_for_an_address() -> None:
    assert re.fullmatch(r"[a-z2-7]{12}", demo_token(b"secret", "harbour-bakery-1"))


def test_a_token_stays_for_one_secret_and_business_and_differs_otherwise() -> None:
    token = demo_token(b"secret", "one")
    assert token == demo_token(b"secret", "one")
    assert len({token, demo_token(b"secret", "two"), demo_token(b"other", "one")}) == 3


def test_the_address_has_one_slash_between_its_parts() -> None:
    assert demo_url("https://demos.example/", "abc") == "https://demos.example/d/abc/"
    assert demo_url("https://demos.example", "abc") == "https://demos.example/d/abc/"
