"""What discovery did not take, published beside the businesses so that a person learns of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from leadgen_dagster.discovery.discover import Discovery

NOTES = UUID("a1f0c0de-6c3b-4c0e-9b1e-7d2f4f3a8b60")
"""The namespace of note ids."""


class NoteKind(StrEnum):
    """What a note is about; the ones that cost most stand first."""

    FAILED_SOURCE = "failed_source"
    REJECTED = "rejected"
    """A record that was left out."""
    UNREAD = "unread"
    """A detail that was left out of a record, or read otherwise than it was given."""
    SOURCE_NOTE = "source_note"
    """What is to be said of a source's answer as a whole."""
    BEYOND_LIMIT = "beyond_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryNote:
    id: str
    """`uuid5` of run id and position."""
    position: int
    """The order of telling: by kind, then as discovery met them."""
    kind: NoteKind
    text: str
    """A sentence that names the record or the source."""


def notes_of(run_id: str, found: "Discovery") -> tuple[DiscoveryNote, ...]:
    """All notes of a run, in the order of telling."""
    beyond = found.leads_beyond_limit
    texts = {
        NoteKind.FAILED_SOURCE: tuple(found.failed_sources.values()),
        NoteKind.REJECTED: found.rejected,
        NoteKind.UNREAD: found.unread,
        NoteKind.SOURCE_NOTE: found.notes,
        NoteKind.BEYOND_LIMIT: (f"leads found beyond the order's limit: {beyond}",) if beyond else (),
    }
    told = [(kind, text) for kind in NoteKind for text in texts[kind]]
    return tuple(
        DiscoveryNote(id=str(uuid5(NOTES, f"{run_id}\n{position}")), position=position, kind=kind, text=text)
        for position, (kind, text) in enumerate(told)
    )
