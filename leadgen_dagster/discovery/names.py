"""A business's name as its sign has it."""

import re

_LEGAL_FORMS = (
    "Limited Ltd LLP PLC LLC Inc Corp GmbH gGmbH mbH UG AG KG OHG GbR eK eG eV KGaA "
    "Oy Oyj Ab Abp Ky Ay Tmi T:mi Toiminimi Osk"
)
_FORMS = frozenset(form.casefold() for form in _LEGAL_FORMS.split())
_SOLE_TRADER_FORMS = frozenset({"tmi", "t:mi", "toiminimi"})
"""They stay with a single word, which may be an adjective: `Nimetön Tmi` is a name, `Nimetön` is "nameless"."""
_LEADING_FORMS = frozenset({"oy", "ab"}) | _SOLE_TRADER_FORMS
"""Finnish firms also carry theirs in front."""
_SMALL = "and of the at by on in for with und am im an der die das zum zur von vom mit für ja"
_SMALL_WORDS = frozenset(_SMALL.split())
_BRACKETED_FORM = re.compile(r"\s*\((?:haftungsbeschränkt|limited|ltd\.?)\)", re.IGNORECASE)
_JOINT = re.compile(r"[,;:|(]|\s[-\u2013\u2014/\u00b7]\s")
_MAX_LENGTH = 60
_SHORTEST = 8
"""What is left before a joint is taken for a name from this length on."""


def sign_name(name: str) -> str:
    """Without the legal form, without copied capitals, on one line; never empty unless the name is."""
    words = _BRACKETED_FORM.sub("", name).split()
    kept = _without_forms(words) or name.split()
    return _cut(" ".join(_uncapitalised(kept)))


def _without_forms(words: list[str]) -> list[str]:
    if len(words) == 2 and _SOLE_TRADER_FORMS & {_form(word) for word in words}:
        return words
    kept = list(words)
    while len(kept) > 1 and (_form(kept[-1]) in _FORMS or (len(kept) < len(words) and _is_joint(kept))):
        kept.pop()
    while len(kept) > 1 and _form(kept[0]) in _LEADING_FORMS:
        kept.pop(0)
    kept[-1:] = [kept[-1].rstrip(",;-")] if kept else []
    return [word for word in kept if word]


def _form(word: str) -> str:
    return word.strip(",;()").replace(".", "").casefold()


def _is_joint(words: list[str]) -> bool:
    """The `& Co.` of `GmbH & Co. KG`, which goes with it; that of `Smith & Co Ltd` is on the sign."""
    if len(words) > 2 and _form(words[-1]) == "co" and words[-2] in {"&", "+", "und"}:
        return _form(words[-3]) in _FORMS
    return words[-1] in {"&", "+"}


def _uncapitalised(words: list[str]) -> list[str]:
    """Small letters for a name in capitals, unless it may be an abbreviation such as BBQ or IKEA."""
    letters = "".join(filter(str.isalpha, "".join(words)))
    if not letters.isupper() or max(len(word) for word in words) <= 4:
        return words
    return [_word(word, is_first=not index) for index, word in enumerate(words)]


def _word(word: str, *, is_first: bool) -> str:
    if word.casefold() in _SMALL_WORDS:
        return word.capitalize() if is_first else word.lower()
    if not re.search("[AEIOUYÄÖÜÅÆØÉ]", word) or (len(word) <= 3 and "." in word):
        return word
    return re.sub(
        r"[^\W\d_]+(?:['\u2019][^\W\d_](?![^\W\d_]))?", lambda part: part.group().capitalize(), word
    )


def _cut(name: str) -> str:
    """A long name up to its last joint, such as a comma; else up to a word that a name may end with."""
    if len(name) <= _MAX_LENGTH:
        return name
    head, next_char = name[:_MAX_LENGTH], name[_MAX_LENGTH]
    joints = [joint.start() for joint in _JOINT.finditer(head + next_char) if joint.start() >= _SHORTEST]
    whole = head if next_char == " " else head.rsplit(" ", 1)[0]
    words = (head[: joints[-1]] if joints else whole).split()
    while len(words) > 1 and words[-1].casefold() in _SMALL_WORDS | {"&", "+"}:
        words.pop()
    return " ".join(words).rstrip(" ,;-&") or head
