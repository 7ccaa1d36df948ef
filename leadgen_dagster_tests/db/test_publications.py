"""What was published and who asked that it goes, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import to_row
from leadgen_dagster.db.memos import HostUploads
from leadgen_dagster.db.models import BusinessModel, ExpiringContentModel, PublicationModel
from leadgen_dagster.db.publications import Gone, Publication, Publications
from leadgen_dagster.db.suppressions import Suppressions
from leadgen_dagster.db.take_downs import TakeDown, TakeDowns
from leadgen_dagster.db.upserts import upsert
from leadgen_dagster.discovery.keeping import parted
from leadgen_dagster.outreach.marks import Mark, MarkKind, own_marks
from leadgen_dagster_tests.db.orders import place_order
from leadgen_dagster_tests.factories import make_business

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOKEN = "abcdefghij23"


def publication(**fields: Any) -> Publication:
    defaults: dict[str, Any] = {
        "token": TOKEN,
        "fingerprint": "harbour-bakery-1",
        "run_id": "run-1",
        "language": "en",
        "host": "folder",
        "content_hash": "a" * 64,
        "url": f"https://demos.agency.example/d/{TOKEN}/",
        "first_published_at": NOON,
        "published_at": NOON,
        "expires_at": NOON + timedelta(days=30),
    }
    return Publication(**(defaults | fields))


def take_down(**fields: Any) -> TakeDown:
    defaults: dict[str, Any] = {
        "fingerprint": "harbour-bakery-1",
        "token": TOKEN,
        "asked_at": NOON,
        "asked_by": "the link on the page",
    }
    return TakeDown(**(defaults | fields))


def test_what_is_published_is_found_by_its_address_as_it_was_written(database: Database) -> None:
    publications = Publications(database)
    assert publications.note_published(publication())
    assert publications.newest(TOKEN) == publication()
    assert publications.live() == publications.live(host="folder", token=TOKEN) == [publication()]
    assert publications.newest("nobody") is None
    assert publications.live(host="vercel") == []


def test_what_a_host_has_begun_to_be_given_is_live_until_it_is_whole_and_leaves_no_second_row(
    database: Database,
) -> None:
    publications = Publications(database)
    for _ in range(2):
        assert publications.note_begun(publication())
    (begun,) = publications.live()
    assert (begun.token, begun.is_whole, begun.is_live) == (TOKEN, False, True)
    assert publications.note_published(publication())
    assert publications.note_begun(publication(content_hash="b" * 64))
    assert publications.live() == [publication()]
    with database.read() as session:
        assert session.query(PublicationModel).count() == 1


def test_newer_content_takes_the_place_of_what_was_there_and_both_are_kept(database: Database) -> None:
    publications = Publications(database)
    newer = publication(content_hash="b" * 64, published_at=NOON + timedelta(hours=1))
    publications.note_published(publication())
    publications.note_published(newer)
    assert publications.live() == [newer]
    publications.note_gone("folder", [TOKEN], at=NOON + timedelta(days=1), because=Gone.UNPUBLISHED)
    with database.read() as session:
        kept = {row.content_hash[0]: row.unpublished_because for row in session.query(PublicationModel)}
    assert kept == {"a": "replaced", "b": "unpublished"}
    last = publications.newest(TOKEN)
    assert last is not None
    assert (last.content_hash, last.is_live) == ("b" * 64, False)


def test_the_database_itself_refuses_two_that_are_live_under_one_address_of_a_host(
    database: Database,
) -> None:
    Publications(database).note_published(publication())
    fields = {name: getattr(publication(), name) for name in Publication.__dataclass_fields__}
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(PublicationModel(**fields))


def test_what_is_gone_already_keeps_the_reason_it_went_for(database: Database) -> None:
    publications = Publications(database)
    publications.note_published(publication())
    publications.note_gone("folder", [TOKEN], at=NOON, because=Gone.EXPIRED)
    publications.note_gone("folder", [TOKEN], at=NOON + timedelta(days=9), because=Gone.TAKEN_DOWN)
    found = publications.newest(TOKEN)
    assert found is not None
    assert (found.unpublished_at, found.unpublished_because) == (NOON, Gone.EXPIRED)


def test_the_first_publication_of_a_business_is_remembered_over_all_its_demos(database: Database) -> None:
    publications = Publications(database)
    assert publications.first_published_at("harbour-bakery-1") is None
    publications.note_published(publication())
    later = NOON + timedelta(days=3)
    publications.note_published(publication(host="vercel", first_published_at=later, published_at=later))
    assert publications.first_published_at("harbour-bakery-1") == NOON


def test_a_business_that_has_asked_meanwhile_is_not_published(database: Database) -> None:
    TakeDowns(database).record(take_down())
    assert not Publications(database).note_begun(publication())
    assert not Publications(database).note_published(publication())
    assert Publications(database).live() == []


def test_of_several_askings_the_first_one_stays(database: Database) -> None:
    take_downs = TakeDowns(database)
    take_downs.record(take_down())
    take_downs.record(take_down(asked_at=NOON + timedelta(days=2), note="again"))
    assert take_downs.days() == {"harbour-bakery-1": date(2026, 11, 23)}
    assert take_downs.has("harbour-bakery-1")
    assert not take_downs.has("other")


def test_who_had_a_demo_taken_down_is_not_written_to(database: Database) -> None:
    mark = Mark.of(MarkKind.FINGERPRINT, "harbour-bakery-1")
    assert not Suppressions(database).has(mark)
    TakeDowns(database).record(take_down())
    assert Suppressions(database).has(mark)


def test_a_take_down_marks_what_lies_apart_and_has_to_go(database: Database) -> None:
    run = place_order(database)
    origin = replace(make_business().origins[0], source="google_places", source_id="ChIJ1")
    business = make_business(origins=(origin,), field_origins={"name": origin.key, "phone": origin.key})
    kept, apart = parted(business, {"google_places": datetime.now(UTC) + timedelta(days=1)})
    with database.write() as session:
        upsert(session, BusinessModel, [to_row(kept, BusinessModel, run_id=run.id)])
        upsert(session, ExpiringContentModel, [to_row(apart, ExpiringContentModel, run_id=run.id)])
    TakeDowns(database).record(take_down(fingerprint=business.fingerprint))
    assert Suppressions(database).has(Mark.of(MarkKind.PHONE, business.phone or ""))


def test_whose_demo_an_address_is_stays_known_after_the_demo_is_gone(database: Database) -> None:
    publications, take_downs = Publications(database), TakeDowns(database)
    assert take_downs.fingerprint_of(TOKEN) is None
    publications.note_published(replace(publication(), fingerprint="bakery"))
    publications.note_gone("folder", [TOKEN], at=NOON, because=Gone.UNPUBLISHED)
    assert take_downs.fingerprint_of(TOKEN) == "bakery"


def test_what_a_host_has_is_remembered_until_it_has_it_no_longer(database: Database) -> None:
    uploads = HostUploads(database)
    for digest in ("one", "two", "one"):
        uploads.add("vercel", digest)
    uploads.add("netlify", "three")
    uploads.forget("vercel", "two")
    assert sorted(uploads.known("vercel")) == ["one"]
    assert sorted(uploads.known("netlify")) == ["three"]


def test_a_website_that_others_share_is_no_mark_of_who_asked() -> None:
    marks = {
        mark.kind: mark.value for mark in own_marks(make_business(website="https://bakery.wixsite.com/home"))
    }
    assert set(marks) == {MarkKind.PHONE, MarkKind.EMAIL}
