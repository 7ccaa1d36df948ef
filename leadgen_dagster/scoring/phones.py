"""Phone numbers in running text and in links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import phonenumbers
from phonenumbers import Leniency, NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

MAX_CANDIDATES = 60
"""A page with more runs of digits than this is a table of something else."""

_DIGITS = re.compile(r"[+(]{0,2}\d(?:[ \t\xa0()./\-\u2013]{0,3}\d){6,24}")
_UK_FICTIONAL_MOBILES = range(7_700_900_000, 7_700_901_000)
"""Set aside by Ofcom for drama; numbering plans do not list them as valid."""


@dataclass(frozen=True, slots=True)
class FoundPhone:
    e164: str
    is_mobile: bool
    written: str
    """As it stands on the page."""
    start: int = 0
    """Where in the text it stands."""


def read_phone(text: str, country: str | None) -> FoundPhone | None:
    """The number that a text is, e.g. the target of a `tel:` link; None where it is none."""
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    return _found(number, text)


def phones_in(text: str, country: str | None) -> Iterator[FoundPhone]:
    """The numbers in a text that are valid in the country or carry their own country code, in order."""
    for digits in islice(_DIGITS.finditer(text), MAX_CANDIDATES):
        for match in phonenumbers.PhoneNumberMatcher(digits.group(), country, leniency=Leniency.POSSIBLE):
            if found := _found(match.number, match.raw_string, digits.start() + match.start):
                yield found


def _found(number: PhoneNumber, written: str, start: int = 0) -> FoundPhone | None:
    is_fictional_mobile = number.country_code == 44 and number.national_number in _UK_FICTIONAL_MOBILES
    if not (is_fictional_mobile or phonenumbers.is_valid_number(number)):
        return None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    is_mobile = is_fictional_mobile or phonenumbers.number_type(number) == PhoneNumberType.MOBILE
    return FoundPhone(e164, is_mobile, written.strip(), start)
