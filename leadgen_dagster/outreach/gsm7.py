"""The GSM 7-bit default alphabet: what fits into one SMS (3GPP TS 23.038, section 6.2.1)."""

from anyascii import anyascii

SEGMENT_SEPTETS = 160
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Each of them costs an escape septet and its own."""


def septets(text: str) -> int:
    """How many septets a text takes.

    Raises:
        ValueError: a character is not in the alphabet.
    """
    foreign = sorted(set(text) - _BASIC - _EXTENSION)
    if foreign:
        raise ValueError(f"not in the GSM 7-bit alphabet: {foreign}")
    return sum(2 if char in _EXTENSION else 1 for char in text)


def fits_one_segment(text: str) -> bool:
    """Whether the text is all GSM 7-bit and takes one segment."""
    return not set(text) - _BASIC - _EXTENSION and septets(text) <= SEGMENT_SEPTETS


def to_gsm7(text: str) -> str:
    """The text in the alphabet: the rest is transliterated, or left out where nothing is like it."""
    return "".join(_letter(char) for char in text)


def _letter(char: str) -> str:
    if char in _BASIC or char in _EXTENSION:
        return char
    if char.isspace():
        return " "
    plain = anyascii(char).replace("`", "'")
    return "".join(letter for letter in plain if letter in _BASIC or letter in _EXTENSION)
