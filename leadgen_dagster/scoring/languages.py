"""Which language a text is in, told by its small words."""

from collections import Counter
from collections.abc import Sequence

READ_WORDS = 1_000
FEWEST_SMALL_WORDS = 12

_SMALL_WORDS = {
    "en": "the and of to in for is you we our with on are your from or at by this that all be us as an it have",
    "de": "der die und das ist wir sie mit für auf von den dem ein eine zu im bei oder auch nicht unsere sich uns ihr",
    "fi": "ja on ei se että myös tai sekä me meidän voit kun mutta kaikki jos niin tämä ovat meillä joka sen ole",
    "sv": "och att det som på är av för med den till har inte om ett vi du eller från kan våra hos oss alla",
    "fr": "le la les et des de du en est pour un une dans nous vous sur avec votre notre par au aux qui ou plus",
    "es": "el la los las de y que en un una por con para es su del se al nuestro más nuestra como o sus",
    "nl": "het een van en de is voor op met zijn wij te u onze dat ook niet bij aan door uw naar om of als",
    "it": "il di che e la per un con del della le si non sono una dei nel alla da gli i anche nostro più al",
}
_LANGUAGES_OF: dict[str, tuple[str, ...]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in set(_words.split()):
        _LANGUAGES_OF[_word] = (*_LANGUAGES_OF.get(_word, ()), _language)


def language_shares(words: Sequence[str], *, fewest: int = FEWEST_SMALL_WORDS) -> dict[str, float]:
    """The share of each language in the small words of a text in lower case; empty where there are too few to say."""
    told = Counter(filter(None, map(_LANGUAGES_OF.get, words[:READ_WORDS])))
    counts: dict[str, float] = {}
    for languages, times in told.items():
        for language in languages:
            counts[language] = counts.get(language, 0.0) + times / len(languages)
    total = sum(counts.values())
    if total < fewest:
        return {}
    return {language: count / total for language, count in counts.items()}
