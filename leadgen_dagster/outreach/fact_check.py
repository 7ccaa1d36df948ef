"""Whether a text says nothing but its pitch: what a language model writes is held against the facts it was given."""

import re
from collections.abc import Iterator

from leadgen_dagster.outreach.placeholders import JARGON, THREATS, emoji
from leadgen_dagster.outreach.wording import phrase_book

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_LINK = re.compile(
    r"(?:https?:|ftp:|www\.|mailto:|tel:)\S*|\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?:/\S*)?",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[<>{}\[\]`*_#|]|\\[a-z]")
_NUMBER_WORDS = re.compile(
    r"%|€|\$|£|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?"
    r"|percent|per cent|half|twice|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn"
    r"|dutzende?|hunderte?|tausende?|millionen|prozent|hälfte|doppelt|kaksi|kolme|neljä|viisi|kuusi|seitsemän|kahdeksan|yhdeksän|kymmenen|sata|sadat|tuhat|tuhannet"
    r"|miljoona|prosent\w*|puolet)\b",
    re.IGNORECASE,
)
_PRAISE_WITHOUT_SOURCE = re.compile(
    r"\b(?:best|finest|leading|greatest|biggest|cheapest|fastest|favou?rite|popular|famous|renowned|award\w*|prizes?"
    r"|won|winn\w+|certified|guarantee\w*|excellent|amazing|outstanding|world-class|top-rated|number one|most \w+"
    r"|free|discount\w*|best\w*|führend\w*|größte\w*|günstigste\w*|schnellste\w*|beliebt\w*|berühmt\w*|preis\w*"
    r"|auszeichnung\w*|ausgezeichnet\w*|gewonnen|gewinner\w*|zertifiziert\w*|garantie\w*|garantier\w*|hervorragend\w*"
    r"|kostenlos\w*|gratis|rabatt\w*|am \w+sten|paras|paraita|parhai\w*|johtava\w*|suurin|suosi\w+|kuuluisa\w*"
    r"|palkin\w+|palkit\w+|voitt\w+|sertifioi\w*|takuu\w*|erinomai\w+|ilmai\w+|alennu\w+)\b",
    re.IGNORECASE,
)
_DEEDS = re.compile(
    r"\b(?:googl\w+|search engines?|(?:searched|search|looked|checked)(?: for \w+)? (?:online|the web|the internet)"
    r"|came (?:upon|across)|stumbled|visited|gegoogelt|suchmaschinen?|im (?:internet|netz|web) (?:gesucht|gefunden)"
    r"|gestoßen|besucht|googl\w+|hakukone\w*|(?:etsin|löysin) (?:verkosta|netistä)|törmäsin|vierailin)\b",
    re.IGNORECASE,
)
"""What a sender might say of the search and what no run does: it reads lists and opens the record's address."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n]\s*[“”„\"'(]*)$")
_ORDINARY = {
    "en": frozenset({"I", "I'm", "I've", "I'd", "I'll"}),
    "de": frozenset({"Sie", "Ihr", "Ihre", "Ihren", "Ihrem", "Ihrer", "Ihres", "Ihnen"}),
    "fi": frozenset({"Te", "Teidän", "Teille"}),
}
"""Words that carry a capital in the middle of a sentence and name nobody."""
_ARTICLES = """
der die das den dem des ein eine einen einem einer eines kein keine keinen im am ins zum zur vom beim ihr ihre
ihren ihrem ihrer ihres mein meine meinen meinem meiner dieser diese dieses diesen diesem
"""
_GERMAN_ARTICLES = frozenset(_ARTICLES.split())
_STEM = 4
"""So many letters of a word are taken for its meaning: enough to see through an ending."""


def unsupported(text: str, *, language: str, facts: str) -> list[str]:
    """What the text says beyond the facts, each in a short phrase that could be told to its writer."""
    known = facts.casefold()
    return list(
        dict.fromkeys(
            [
                *_figures(text, known),
                *_links(text, known),
                *_claims(text, known),
                *_names(text, facts, language),
            ]
        )
    )


def speaks_of(text: str, fault: str) -> bool:
    """Whether the text shares words of meaning with the fault it is to speak of."""
    wanted = _stems(fault)
    return len(_stems(text) & wanted) >= min(2, len(wanted))


def _figures(text: str, known: str) -> Iterator[str]:
    figures = set(_NUMBER.findall(known))
    for figure in _NUMBER.findall(_LINK.sub(" ", text)):
        if figure not in figures:
            yield f"the figure {figure} is not in the pitch"
    for match in _NUMBER_WORDS.finditer(text):
        if match.group().casefold() not in known:
            yield f"the amount “{match.group()}” is not in the pitch"


def _links(text: str, known: str) -> Iterator[str]:
    for match in _LINK.finditer(text):
        link = match.group().rstrip('.,;:!?)“”"')
        if link.casefold() not in known or "://" in link or "@" in link:
            yield f"the link {link} is not allowed"


def _claims(text: str, known: str) -> Iterator[str]:
    for match in _PRAISE_WITHOUT_SOURCE.finditer(text):
        if match.group().casefold() not in known:
            yield f"the claim “{match.group()}” has no source"
    for match in _DEEDS.finditer(text):
        if match.group().casefold() not in known:
            yield f"the deed “{match.group()}” is not in the pitch"
    for pattern, fault in ((THREATS, "sounds like a threat"), (JARGON, "is not plain words")):
        if found := pattern.search(_LINK.sub(" ", text)):
            yield f"“{found.group()}” {fault}"
    if _MARKUP.search(text):
        yield "markup is not allowed"
    if emoji(text):
        yield "emoji are not allowed"


def _names(text: str, facts: str, language: str) -> Iterator[str]:
    """Capitalised words that neither begin a sentence nor stand in the pitch."""
    known = {word.casefold() for word in _WORD.findall(facts)}
    ordinary = _ORDINARY.get(language, frozenset()) | set(phrase_book(language)["months"])
    common = _german_nouns() if language == "de" else frozenset()
    plain = _LINK.sub(" ", text)
    before = ""
    for match in _WORD.finditer(plain):
        word = match.group()
        previous, before = before, word
        if not word[0].isupper() or _SENTENCE_START.search(plain[: match.start()]):
            continue
        if word.casefold() in known or word in ordinary or word in common:
            continue
        if language == "de" and previous.casefold() in _GERMAN_ARTICLES:
            continue
        yield f"the name {word} is not in the pitch"


def _german_nouns() -> frozenset[str]:
    """The nouns of our own messages: German writes every noun with a capital, so that is no sign of a name."""
    return frozenset(word for word in _WORD.findall(str(phrase_book("de"))) if word[0].isupper())


def _stems(text: str) -> set[str]:
    words = _WORD.findall(_LINK.sub(" ", text).casefold())
    return {word[:_STEM] for word in words if len(word) >= _STEM}
