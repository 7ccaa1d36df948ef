"""What is known of countries: their names, the language of their firms, how an address is written there."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from leadgen_dagster.discovery.words import fold

TABLE = Path(__file__).with_name("countries.yaml")
LONGEST_NAME = 80

NUMBER_FIRST = frozenset({"AU", "CA", "FR", "GB", "IE", "IN", "LU", "MC", "MY", "NZ", "PH", "SG", "US", "ZA"})
"""Countries where the house number stands before the street."""

POSTCODE_DIGITS = {"DE": 5, "EE": 5, "ES": 5, "FI": 5, "FR": 5, "HR": 5, "IT": 5, "LT": 5, "MX": 5, "US": 5}
"""Countries where a postcode may begin with a zero, and the digits that it has at least."""


@cache
def _table() -> dict[str, dict[str, Any]]:
    import yaml

    table: dict[str, dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


@cache
def _codes() -> dict[str, str]:
    """What a country is called, folded and without spaces -> its code."""
    return {
        fold(name).replace(" ", ""): code
        for code, row in _table().items()
        for name in (*row["names"], row["alpha3"])
    }


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country that is given by name, alpha-2 or alpha-3: `Suomi`, `DEU`, `uk`.

    None for what is no country, a region for one; the names of some countries are not known, their codes are.
    """
    given = text.strip()
    if not given or len(given) > LONGEST_NAME:
        return None
    known = _codes().get(fold(given).replace(" ", ""))
    if known:
        return known
    code = given.upper()
    return code if code in _table() or _is_region(code) else None


def is_abroad(country: str | None, within: str | None) -> bool:
    """Whether what stands behind a town's name is another country than the one the town is known to lie in.

    Two letters may be a state or a province of that one too: San Diego, CA is in the US.
    """
    stated = country_code(within) if within else None
    if stated is None or within is None or country in (None, stated):
        return False
    states = _table().get(country or "", {}).get("states", "")
    return within.strip().upper() not in states.split()


@lru_cache(maxsize=1_024)
def _is_region(code: str) -> bool:
    from phonenumbers import SUPPORTED_REGIONS

    return code in SUPPORTED_REGIONS


def language_of(country: str | None) -> str | None:
    """ISO 639-1 of the language that most firms of the country are written to in."""
    row = _table().get(country) if country else None
    return row["language"] if row else None


def street_line(street: str | None, number: str | None, country: str | None) -> str | None:
    """Street and house number in the country's order."""
    if not street:
        return None
    if not number:
        return street
    return f"{number} {street}" if country in NUMBER_FIRST else f"{street} {number}"


def lacks_digits(postcode: str, country: str | None) -> bool:
    """Whether a postcode is too short for its country: a zero that a spreadsheet took, or a slip of the hand."""
    return postcode.isdigit() and len(postcode) < POSTCODE_DIGITS.get(country or "", 0)
