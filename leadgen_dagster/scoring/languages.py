"""Which language a text is in, told by its small words."""

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
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in set(_words.split()):
        _LANGUAGES_OF.setdefault(_word, []).append(_language)


def language_shares(words: Sequence[str]) -> dict[str, float]:
    """The share of each language in the small words of a text in lower case; empty where there are too few to say."""
    counts: dict[str, float] = {}
    for word in words[:READ_WORDS]:
        if word in _LANGUAGES_OF:
            languages = _LANGUAGES_OF[word]
            for language in languages:
                counts[language] = counts.get(language, 0.0) + 1 / len(languages)
    total = sum(counts.values())
    if total < FEWEST_SMALL_WORDS:
        return {}
    return {language: count / total for language, count in counts.items()}
