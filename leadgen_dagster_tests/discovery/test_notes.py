from leadgen_dagster.discovery.notes import NoteKind, notes_of
from leadgen_dagster.discovery.sources.base import Note, Rejected, Unread
from leadgen_dagster.errors import SourceError
from leadgen_dagster_tests.discovery.builders import FakeSource, make_place, run


def test_everything_that_was_not_taken_is_told_what_costs_most_first() -> None:
    broken = FakeSource(name="api", error=SourceError("api", "quota used up"))
    places = [make_place(source_id=str(number), name=name) for number, name in enumerate(("Kitch", "Savoy"))]
    listed = FakeSource(
        items=[Note("2 nameless"), Unread("row 3: no phone"), Rejected("row 2: no name"), *places]
    )
    notes = notes_of("a-run", run(broken, listed, limit=1))
    assert [(note.kind, note.text) for note in notes] == [
        (NoteKind.FAILED_SOURCE, "source api: quota used up"),
        (NoteKind.REJECTED, "row 2: no name"),
        (NoteKind.UNREAD, "row 3: no phone"),
        (NoteKind.SOURCE_NOTE, "2 nameless"),
        (NoteKind.BEYOND_LIMIT, "leads found beyond the order's limit: 1"),
    ]
    assert [note.position for note in notes] == [0, 1, 2, 3, 4]
    assert notes == notes_of("a-run", run(broken, listed, limit=1))
    assert not {note.id for note in notes} & {note.id for note in notes_of("another", run(broken, listed))}


def test_where_everything_was_taken_nothing_is_told() -> None:
    assert notes_of("a-run", run(FakeSource(items=[make_place()]))) == ()
