"""What discovery did not take, published beside the businesses so that a person learns of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from leadgen_dagster.discovery.sources.base import Note, Rejected, Unread

if TYPE_CHECKING:
    from leadgen_dagster.discovery.discover import Discovery

NOTES = UUID("a1f0c0de-6c3b-4c0e-9b1e-7d2f4f3a8b60")
"""The namespace of note ids."""


class NoteKind(StrEnum):
    """What a note is about; the ones that cost most stand first."""

    FAILED_SOURCE = "failed_source"
    INCOMPLETE_SOURCE = "incomplete_source"
    """A source that gave less than it has."""
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
    record: Mapping[str, str] = field(default_factory=dict)
    """What the agency's own list said there, under its own headers: what `rejects.csv` gives back."""


def notes_of(run_id: str, found: "Discovery") -> tuple[DiscoveryNote, ...]:
    """All notes of a run, in the order of telling."""
    beyond = found.leads_beyond_limit
    told: dict[NoteKind, Sequence[Rejected | Unread | Note]] = {
        NoteKind.FAILED_SOURCE: [Note(text) for text in found.failed_sources.values()],
        NoteKind.INCOMPLETE_SOURCE: [Note(f"{n}: {text}") for n, text in found.incomplete_sources.items()],
        NoteKind.REJECTED: found.rejected,
        NoteKind.UNREAD: found.unread,
        NoteKind.SOURCE_NOTE: [Note(text) for text in found.notes],
        NoteKind.BEYOND_LIMIT: [Note(f"leads found beyond the order's limit: {beyond}")] if beyond else [],
    }
    items = [(kind, item) for kind in NoteKind for item in told[kind]]
    return tuple(
        DiscoveryNote(
            id=str(uuid5(NOTES, f"{run_id}\n{position}")),
            position=position,
            kind=kind,
            text=item.text if isinstance(item, Note) else item.reason,
            record=dict(getattr(item, "record", {})),
        )
        for position, (kind, item) in enumerate(items)
    )


def expiry_note(run_id: str, expired: int) -> DiscoveryNote:
    """How many businesses of a run nothing may be said of any more. Never stored: it is true only until a refetch."""
    return DiscoveryNote(
        id=str(uuid5(NOTES, f"{run_id}\nexpired")),
        position=-1,
        kind=NoteKind.SOURCE_NOTE,
        text=f"content expired: {expired} businesses; `leadgen refetch {run_id}` asks their source again",
    )
