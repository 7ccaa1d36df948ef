"""Hundreds of words in a dozen languages, looked for in one pass over a text (Aho and Corasick, 1975).

Asking `word in text` for each of them is what a scorer would spend most of its time on.
"""

from ahocorasick_rs import AhoCorasick, Implementation


class Lexicon:
    """The words that one kind of text is asked for; made of small letters, like the text."""

    def __init__(self) -> None:
        self._words: dict[str, None] = {}
        self._automaton: AhoCorasick | None = None

    def words(self, *words: str) -> frozenset[str]:
        """Words, or parts of words, to look for from now on; the same for the caller to compare with."""
        self._words |= dict.fromkeys(words)
        self._automaton = None
        return frozenset(words)

    def found_in(self, text: str) -> frozenset[str]:
        """Those of its words that stand in a text, alone or in another word."""
        if self._automaton is None:
            self._automaton = AhoCorasick(list(self._words), implementation=Implementation.DFA)
        return frozenset(self._automaton.find_matches_as_strings(text, overlapping=True))


IN_TEXT = Lexicon()
"""What visitors read."""
IN_LINKS = Lexicon()
"""The labels and targets of links."""
IN_SOURCES = Lexicon()
"""What frames, scripts and pictures are fetched from."""
