"""Who words a message: a pitch in, three passages out. Everything around them is the templates'."""

from dataclasses import dataclass
from typing import Protocol

from leadgen_dagster.outreach.pitch import Pitch, fault_sentences, topic_phrases
from leadgen_dagster.outreach.wording import capitalised, choose, fill, phrase_book

DETERMINISTIC = "deterministic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The worded passages of one message."""

    subject: str
    opening: str
    """One or two sentences: what was seen, on which page, on which day."""
    offer: str
    """Leads to the demo's link, or to an answer."""
    writer: str = DETERMINISTIC
    writer_note: str | None = None
    """Why the deterministic writer stepped in, if it did."""


class Copywriter(Protocol):
    """Words a pitch; never fails."""

    def write(self, pitch: Pitch) -> Copy:
        """The passages, in the pitch's language."""
        ...


class DeterministicCopywriter:
    """Words a pitch from the phrase book: the same pitch gives the same words."""

    def write(self, pitch: Pitch) -> Copy:
        book = phrase_book(pitch.language)
        subjects = topic_phrases(pitch)["subject"]
        offers = book["offers"][pitch.offer]
        return Copy(
            subject=fill(choose(subjects, pitch.seed, "subject"), pitch.values),
            opening=self._opening(pitch),
            offer=fill(choose(offers, pitch.seed, "offer"), pitch.values),
        )

    def _opening(self, pitch: Pitch) -> str:
        sentence = fill(choose(fault_sentences(pitch), pitch.seed, "sentence"), pitch.values)
        if pitch.is_state:
            return sentence
        frames = phrase_book(pitch.language)["opening"]["with_praise" if pitch.praise else "plain"]
        clauses = {
            "fault": sentence,
            "Fault": capitalised(sentence),
            "praise": pitch.praise,
            "Praise": capitalised(pitch.praise or ""),
        }
        return fill(choose(frames, pitch.seed, "opening"), {**pitch.values, **clauses})
