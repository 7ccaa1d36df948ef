"""Whether a text says nothing but its facts: what a language model writes is held against what it was given."""

import re
import unicodedata
from collections.abc import Collection, Iterator

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_LINK = re.compile(
    r"(?:https?:|ftp:|www\.|mailto:|tel:)\S*|\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?:/\S*)?",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[<>{}\[\]`*_#|]|\\[a-z]")
_EMOJI_CATEGORIES = frozenset({"So", "Sk", "Cs", "Co"})


def _any_word(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_SIGNS_OF_AMOUNT = re.compile(r"[%‰€$£¥]")
_AMOUNTS = _any_word(
    r"two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?",
    r"percent|per cent|half|twice|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn",
    r"dutzende?|hunderte?|tausende?|millionen|prozent|hälfte|doppelt",
    r"kaksi|kolme|neljä|viisi|kuusi|seitsemän|kahdeksan|yhdeksän|kymmenen|sata|sadat|tuhat|tuhannet",
    r"miljoona|prosent\w*|puolet",
    r"deux|trois|quatre|cinq|sept|huit|neuf|dix|douzaines?|centaines?|milliers?|pour ?cent|moitié",
    r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|docenas?|cientos|miles|millones|por ciento|mitad",
    r"två|tre|fyra|fem|sju|åtta|nio|tio|dussin\w*|hundratals|tusentals|miljon\w*|procent|hälften",
)
PRAISE = _any_word(
    r"best|finest|leading|greatest|biggest|cheapest|fastest|favou?rites?|popular|famous|renowned|award\w*|prizes?",
    r"won|winn\w+|certified|guarantee\w*|excellent|excellence|amazing|outstanding|world-class|top-rated|number one",
    r"most \w+|free|discount\w*|unique|perfect\w*|superb\w*|unrivalled|unbeatable|exceptional",
    r"premier|premium|top|no\. ?1",
    r"best\w*|führend\w*|größte\w*|günstigste\w*|schnellste\w*|beliebt\w*|berühmt\w*|preis\w*|einzigartig\w*|perfekt\w*",
    r"auszeichnung\w*|ausgezeichnet\w*|gewonnen|gewinner\w*|zertifiziert\w*|garantie\w*|garantier\w*|hervorragend\w*",
    r"kostenlos\w*|gratis|rabatt\w*|am \w+sten|erstklassig\w*|exzellent\w*|nummer eins|höchste\w*",
    r"paras|parasta|paraita|parhai\w*|parhaat|parhaan|johtava\w*|suurin|suosi\w+|kuuluisa\w*|ainutlaatui\w+|täydelli\w+",
    r"palkin\w+|palkit\w+|voitt\w+|sertifioi\w*|takuu\w*|erinomai\w+|ilmai\w+|alennu\w+|huippu\w*|ykkönen",
    r"meilleure?s?|leader|fameu\w+|célèbres?|renommée?s?|réputée?s?|primée?s?|prix|récompens\w+|certifiée?s?|garanti\w*",
    r"excellente?s?|exceptionnel\w*|uniques?|parfait\w*|incontournables?|gratuit\w*|remises?|numéro un|haut de gamme",
    r"mejor|mejores|líder\w*|famos\w+|célebres?|premiad\w+|premios?|galardon\w+|certificad\w+|garant\w+|excelen\w+",
    r"únic[oa]s?|perfect[oa]s?|insuperables?|inmejorables?|grat(?:is|uit\w+)|descuentos?|número uno|excepcional\w*",
    r"bästa|bäst|ledande|störst\w*|billigast\w*|populär\w*|kända?|berömd\w*|prisbelön\w*|vunn\w+|certifierad\w*",
    r"utmärk\w+|enastående|unik\w*|perfekta?|förstklassig\w*|rabatter\w*|nummer ett",
)
"""Superlatives, awards, guarantees and gifts: what only a source may say."""
THREATS = _any_word(
    r"los(?:e|ing) (?:customers|guests|business|money|sales)|fined|fines|penalt\w+|lawsuit\w*|illegal|hack\w*",
    r"attack\w*|virus\w*|malware|last chance|act now|urgent\w*|deadline\w*|expires? (?:soon|today)|dangerous",
    r"competitors?|embarrass\w*|terrible|awful|ugly",
    r"verlier\w+|kunden verloren|bußgeld\w*|strafe\w*|abmahn\w*|gehackt|hacker\w*|angriff\w*|dringend\w*",
    r"letzte chance|sofort handeln|gefährlich\w*|peinlich\w*|hässlich\w*",
    r"menet[äe]\w*|asiakkaita karkaa|sakko\w*|sakot|hakker\w*|hyökkäy\w*|kiireellis\w*|viimeinen tilaisuus",
    r"vaarallis\w*|noloa?|ruma",
)
JARGON = _any_word(
    r"SEO|WCAG|HTML|CSS|viewport|headers?|score|algorithm\w*", r"our system|unser system|järjestelmämme"
)
_DEEDS = _any_word(
    r"googl\w+|search engines?|(?:searched|search|looked|checked)(?: for \w+)? (?:online|the web|the internet)",
    r"came (?:upon|across)|stumbled|visited|gegoogelt|suchmaschinen?|im (?:internet|netz|web) (?:gesucht|gefunden)",
    r"gestoßen|besucht|hakukone\w*|(?:etsin|löysin) (?:verkosta|netistä)|törmäsin|vierailin",
)
"""What a sender might say of the search and what no run does: it reads lists and opens the record's address."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n]\s*[“”„\"'(]*)$")
_CAPITALS = {
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


def unsupported(text: str, *, language: str, facts: str, common: Collection[str] = ()) -> list[str]:
    """What the text says beyond the facts, each in a short phrase that could be told to its writer.

    Args:
        common: words that carry a capital without naming anybody, e.g. months, and nouns in German.
    """
    known = facts.casefold()
    return list(
        dict.fromkeys(
            [
                *_figures(text, known),
                *_links(text, known),
                *_claims(text, known),
                *_names(text, facts, language, common),
            ]
        )
    )


def speaks_of(text: str, fault: str) -> bool:
    """Whether the text shares words of meaning with the fault it is to speak of."""
    wanted = _stems(fault)
    return len(_stems(text) & wanted) >= min(2, len(wanted))


def words_of(text: str) -> list[str]:
    """Its words without figures, as written."""
    return _WORD.findall(text)


def emoji(text: str) -> str:
    """The pictures in a text, if any."""
    return "".join(
        char
        for char in text
        if (unicodedata.category(char) in _EMOJI_CATEGORIES and ord(char) > 0xFF)
        or 0x1F000 <= ord(char) < 0x20000
    )


def _figures(text: str, known: str) -> Iterator[str]:
    figures = set(_NUMBER.findall(known))
    for figure in _NUMBER.findall(_LINK.sub(" ", text)):
        if figure not in figures:
            yield f"the figure {figure} is not in the facts"
    for pattern in (_AMOUNTS, _SIGNS_OF_AMOUNT):
        for match in pattern.finditer(text):
            if not _is_told(match.group(), known):
                yield f"the amount “{match.group()}” is not in the facts"


def _is_told(words: str, known: str) -> bool:
    """Whether they stand in the facts, and not as a part of longer words."""
    pattern = rf"(?<!\w){re.escape(words.casefold())}(?!\w)" if words[0].isalnum() else re.escape(words)
    return re.search(pattern, known) is not None


def _links(text: str, known: str) -> Iterator[str]:
    for match in _LINK.finditer(text):
        link = match.group().rstrip('.,;:!?)“”"')
        if link.casefold() not in known or "://" in link or "@" in link:
            yield f"the link {link} is not allowed"


def _claims(text: str, known: str) -> Iterator[str]:
    for match in PRAISE.finditer(text):
        if not _is_told(match.group(), known):
            yield f"the claim “{match.group()}” has no source"
    for match in _DEEDS.finditer(text):
        if not _is_told(match.group(), known):
            yield f"the deed “{match.group()}” is not in the facts"
    for pattern, fault in ((THREATS, "sounds like a threat"), (JARGON, "is not plain words")):
        if found := pattern.search(_LINK.sub(" ", text)):
            yield f"“{found.group()}” {fault}"
    if _MARKUP.search(text):
        yield "markup is not allowed"
    if emoji(text):
        yield "emoji are not allowed"


def _names(text: str, facts: str, language: str, common: Collection[str]) -> Iterator[str]:
    """Capitalised words that neither begin a sentence nor stand in the facts."""
    known = {word.casefold() for word in _WORD.findall(facts)}
    ordinary = _CAPITALS.get(language, frozenset())
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
        yield f"the name {word} is not in the facts"


def _stems(text: str) -> set[str]:
    words = _WORD.findall(_LINK.sub(" ", text).casefold())
    return {word[:_STEM] for word in words if len(word) >= _STEM}
