"""Who words a message: a brief in, three passages out. Everything around them is the templates'."""

from dataclasses import dataclass
from typing import Protocol

from leadgen_dagster.outreach.brief import Brief, fault_sentences, topic_phrases
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
    """Words a brief; never fails."""

    def write(self, brief: Brief) -> Copy:
        """The passages, in the brief's language."""
        ...


class DeterministicCopywriter:
    """Words a brief from the phrase book: the same brief gives the same words."""

    def write(self, brief: Brief) -> Copy:
        book = phrase_book(brief.language)
        subjects = topic_phrases(brief)["subject"]
        offers = book["offers"][brief.offer]
        return Copy(
            subject=fill(choose(subjects, brief.seed, "subject"), brief.values),
            opening=self._opening(brief),
            offer=fill(choose(offers, brief.seed, "offer"), brief.values),
        )

    def _opening(self, brief: Brief) -> str:
        sentence = fill(choose(fault_sentences(brief), brief.seed, "sentence"), brief.values)
        if brief.is_state:
            return sentence
        frames = phrase_book(brief.language)["opening"]["with_praise" if brief.praise else "plain"]
        clauses = {
            "fault": sentence,
            "Fault": capitalised(sentence),
            "praise": brief.praise,
            "Praise": capitalised(brief.praise or ""),
        }
        return fill(choose(frames, brief.seed, "opening"), {**brief.values, **clauses})
