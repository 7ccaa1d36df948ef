"""What a business says of itself, sentence by sentence, word for word.

Taken are sentences in the first person or with its name. Left out is all that would not stand on a sober page
(slogans, superlatives, calls to act), all that ages (days, months, ages, a move or an end, a post to fill), and what
is the law's or a guest's.
"""

import re
from collections.abc import Iterator, Sequence

from leadgen_dagster.scoring.languages import language_shares
from leadgen_dagster.sites.fact_check import PRAISE, words_of
from leadgen_dagster.sites.page_words import any_word, inside
from leadgen_dagster.sites.passages import SINCE, Line, is_plain

MOST_SENTENCES = 3
SHORTEST, LONGEST = 30, 200
FEWEST_WORDS = 6

_SENTENCE_END = re.compile(
    r"(?<=[a-zäöüßåéèçñ0-9)\"\u201c\u201d\u2019])[.](?=\s+[A-ZÄÖÜÅÉÈÇÑ0-9\u201e\u201c\"])"
)
_ABBREVIATION = re.compile(
    r"\b(?:[A-Za-zÄÖÜ]|Dr|Prof|St|Str|Nr|No|Mr|Mrs|Ms|Inh|bzw|ca|etc|inkl|vgl|usw|Co|Ltd|Inc|tel|Tel)$"
)
_UNFINISHED = re.compile(rf"(?:{inside('unfinished')})\b", re.IGNORECASE)
_TO_THE_READER = re.compile(r"(?<=\w\W)(?:Sie|Ihr\w{0,2}|Te|Teidän)\b")
_UNWANTED = (PRAISE, *map(any_word, ("slogan", "change", "legal", "ageing", "guest")))
_SIGNS = frozenset('!?…{}[]<>|@/\\*=#€£$%&:;"„“”«»')


def sentences_on(lines: Sequence[Line], *, language: str, name: str) -> list[tuple[str, str]]:
    """At most three sentences of a page, each with the passage that it stands in.

    Args:
        name: what the business is called, as its sign has it.
    """
    own = _own(language, name)
    found: dict[str, str] = {}
    for line in lines:
        if (
            line.rank
            or line.row
            or line.group
            or line.is_linked
            or not line.text.rstrip().endswith((".", "!", "?"))
        ):
            continue
        for sentence in _taken(line.text, own, language):
            found.setdefault(sentence, line.text)
    return list(found.items())[:MOST_SENTENCES]


def _own(language: str, name: str) -> re.Pattern[str]:
    speaker, whose = inside("speaker", language), inside("whose", language)
    return re.compile(rf"(?:.*\b(?:{speaker})|(?:{whose})|{re.escape(name)})\b", re.IGNORECASE)


def _taken(text: str, own: re.Pattern[str], language: str) -> Iterator[str]:
    """The sentences of one passage that may be quoted."""
    above_all = any_word("superlative", language)
    for sentence in _sentences(text):
        if (
            own.match(sentence)
            and _is_quotable(sentence)
            and not above_all.search(sentence)
            and _is_in(sentence, language)
        ):
            yield sentence


def _is_in(sentence: str, language: str) -> bool:
    """Whether no other language explains its small words better: a page may be in two."""
    shares = language_shares(words_of(sentence.lower()), fewest=1)
    return bool(shares) and shares.get(language, 0.0) == max(shares.values())


def _is_quotable(sentence: str) -> bool:
    if not (SHORTEST <= len(sentence) <= LONGEST and len(sentence.split()) >= FEWEST_WORDS):
        return False
    if (
        not sentence.endswith(".")
        or not (sentence[0].isupper() or sentence[0].isdigit())
        or not is_plain(sentence)
    ):
        return False
    if _UNFINISHED.match(sentence) or _TO_THE_READER.search(sentence) or _SIGNS & set(sentence):
        return False
    if any(map(str.isdigit, SINCE.sub("", sentence))) or sum(map(str.isupper, sentence)) * 4 > len(sentence):
        return False
    return not any(words.search(SINCE.sub("", sentence)) for words in _UNWANTED)


def _sentences(text: str) -> Iterator[str]:
    begin = 0
    for end in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[: end.start()]):
            yield text[begin : end.end()].strip()
            begin = end.end()
    yield text[begin:].strip()
