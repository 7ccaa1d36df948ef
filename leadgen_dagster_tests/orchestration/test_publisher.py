"""What a person's decision to publish is bound to, and how what is published goes again."""

import shutil
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from fsspec.core import url_to_fs
from fsspec.implementations.memory import MemoryFileSystem

from leadgen_dagster.agency import Agency
from leadgen_dagster.clients.site_hosts import SITE_HOSTS, FolderHost, HostedSite
from leadgen_dagster.clients.site_hosts.base import Standing
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import GeneratedSiteModel, SuppressionModel
from leadgen_dagster.db.partition import Partition
from leadgen_dagster.db.publications import Gone, Publications
from leadgen_dagster.db.suppressions import hash_of
from leadgen_dagster.db.take_downs import TakeDown
from leadgen_dagster.discovery.businesses import ExclusionReason
from leadgen_dagster.errors import PublishingError, SettingsError, SiteHostError
from leadgen_dagster.orchestration.build import build_definitions
from leadgen_dagster.orchestration.layout import site_path
from leadgen_dagster.orchestration.publisher import Choice, Published
from leadgen_dagster.outreach.marks import listed_mark
from leadgen_dagster.settings import Settings
from leadgen_dagster_tests.orchestration.demos import AGENCY, ORDERED_AT, PUBLIC_URL, RUN_ID, Office, shop


class Uploads:
    """Counts what reaches the folder, and breaks where it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hashes: list[str] = []
        self.is_broken = False
        put = FolderHost.put

        def counted(host: FolderHost, sites: Sequence[HostedSite], standing: Standing) -> None:
            if self.is_broken:
                raise SiteHostError("folder", "the disk is full")
            self.hashes.extend(site.content_hash for site in sites)
            put(host, sites, standing)

        monkeypatch.setattr(FolderHost, "put", counted)


class WholeHost:
    """Shows what it was last told is to stand, as the hosts do that take nothing less than everything."""

    name = "whole"

    def __init__(self) -> None:
        self.shown: set[str] = set()
        self.fails_afterwards = False

    def put(self, sites: Sequence[HostedSite], standing: Standing) -> None:
        self.remove([site.token for site in sites], standing)

    def remove(self, tokens: Sequence[str], standing: Standing) -> None:  # noqa: ARG002  # they are not among them
        self.shown = {site.token for site in standing()}
        if self.fails_afterwards:
            raise SiteHostError("whole", "not ready after 10 minutes")


@pytest.fixture
def whole_host(monkeypatch: pytest.MonkeyPatch) -> WholeHost:
    host = WholeHost()
    monkeypatch.setattr(
        "leadgen_dagster.clients.site_hosts.SITE_HOSTS", {**SITE_HOSTS, "whole": lambda _access: host}
    )
    return host


def chosen(office: Office, *numbers: int) -> list[Choice]:
    """These shops, rendered anew, and their demos as they are."""
    sites = office.render(*map(shop, numbers))
    return [Choice(business=shop(n), content_hash=sites[shop(n).id].content_hash) for n in numbers]


def token_of(office: Office, choice: Choice) -> str:
    (token,) = (
        site.token
        for site in Partition(office.database, office.run().id).sites().values()
        if site.business_id == choice.business.id
    )
    return token


def in_bucket(url: str) -> str:
    """The paths that lie there, as one text."""
    files, root = url_to_fs(url)
    return " ".join(files.find(root))


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


@pytest.fixture
def small_office(sqlite_database: Database, tmp_path: Path) -> Office:
    """Where it does not matter which database it is."""
    return Office(sqlite_database, tmp_path)


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> Uploads:
    return Uploads(monkeypatch)


def test_what_was_chosen_stands_at_its_unguessable_address_for_thirty_days(office: Office) -> None:
    done = office.published(shop(1))
    publication = done.publication
    assert done.is_new
    assert publication.url == f"{PUBLIC_URL}/d/{publication.token}/"
    assert publication.expires_at == office.now + timedelta(days=30)
    assert b"Bakery 1" in (office.page(publication.token) or b"")
    assert office.publisher.publications.live() == [publication]


def test_the_same_content_is_uploaded_once(office: Office, uploads: Uploads) -> None:
    first = office.published(shop(1))
    office.now += timedelta(hours=1)
    again = office.published(shop(1))
    assert (again.is_new, again.publication) == (False, first.publication)
    assert len(uploads.hashes) == 1


def test_changed_content_is_uploaded_and_keeps_the_days_of_the_first(
    office: Office, uploads: Uploads
) -> None:
    first = office.published(shop(1)).publication
    office.now += timedelta(days=10)
    second = office.published(office.repaint(shop(1))).publication
    assert second.content_hash != first.content_hash
    assert (second.url, second.expires_at) == (first.url, first.expires_at)
    assert b"0777" in (office.page(first.token) or b"")
    assert len(uploads.hashes) == 2


def test_an_upload_that_fails_leaves_the_old_demo_and_the_old_row(office: Office, uploads: Uploads) -> None:
    first = office.published(shop(1)).publication
    uploads.is_broken = True
    with pytest.raises(SiteHostError, match="the disk is full"):
        office.published(office.repaint(shop(1)))
    assert office.publisher.publications.live() == [first]
    assert b"0101" in (office.page(first.token) or b"")


def test_a_demo_that_is_another_by_now_is_refused_and_nothing_of_the_order_is_published(
    small_office: Office, uploads: Uploads
) -> None:
    seen = small_office.render(shop(1), shop(2))
    repainted = small_office.repaint(shop(1))
    small_office.render(repainted, shop(2))
    choices = [Choice(business=one, content_hash=seen[one.id].content_hash) for one in (shop(2), repainted)]
    with pytest.raises(PublishingError, match=r"Bakery 1: its demo is not the one .* look at it again"):
        small_office.publish(*choices)
    assert uploads.hashes == []


def test_stored_files_that_somebody_changed_are_refused(small_office: Office) -> None:
    site = small_office.render(shop(1))[shop(1).id]
    small_office.files.put_file(site_path(site.content_hash, "index.html"), b"<p>24/7 support!")
    with pytest.raises(PublishingError, match="its stored files are gone or were changed"):
        small_office.publish(Choice(business=shop(1), content_hash=site.content_hash))


def test_a_demo_that_failed_a_gate_is_refused_with_the_fault(small_office: Office) -> None:
    site = small_office.render(shop(1))[shop(1).id]
    with small_office.database.write() as session:
        session.get_one(GeneratedSiteModel, site.id).faults = ["it scores 80 of 100"]
    with pytest.raises(PublishingError, match="Bakery 1: its demo fails a gate: it scores 80 of 100"):
        small_office.publish(Choice(business=shop(1), content_hash=site.content_hash))


def test_a_demo_that_says_what_the_record_no_longer_does_is_refused(small_office: Office) -> None:
    site = small_office.render(shop(1))[shop(1).id]
    with pytest.raises(PublishingError, match="Bakery 1: its demo fails a gate: "):
        small_office.publish(Choice(business=small_office.repaint(shop(1)), content_hash=site.content_hash))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"email": "no@bakery.example"}, "its e-mail address is on a list of those who are left alone"),
        ({"phone": "+441914980999"}, "its phone number is on a list of those who are left alone"),
        (
            {"exclusion": ExclusionReason.CLOSED, "exclusion_note": "Closed for good."},
            "excluded; Closed for good.",
        ),
    ],
)
def test_who_is_to_be_left_alone_is_not_published(
    small_office: Office, fields: dict[str, object], reason: str
) -> None:
    entry = SuppressionModel(
        kind="email", value_hash=hash_of("no@bakery.example"), reason="asked", suppressed_at=ORDERED_AT
    )
    with small_office.database.write() as session:
        session.add(entry)
    business = shop(1, **fields)
    site = small_office.render(business)[business.id]
    with pytest.raises(PublishingError, match=f"Bakery 1: {reason}"):
        small_office.publish(Choice(business=business, content_hash=site.content_hash))


def test_an_agency_without_a_name_or_without_a_public_address_publishes_nothing(small_office: Office) -> None:
    site = small_office.render(shop(1))[shop(1).id]
    choice = Choice(business=shop(1), content_hash=site.content_hash)
    with pytest.raises(PublishingError, match=r"agency\.yaml: the agency's name and .* missing"):
        small_office.publish(choice, agency=Agency(reply_to="studio@quay.example"))
    with pytest.raises(SettingsError, match="LEADGEN_PUBLIC_URL"):
        small_office.publisher.publish(small_office.run(), [choice], agency=AGENCY, public_url=None)


def test_what_is_unpublished_is_gone_twice_too_and_may_come_back(office: Office) -> None:
    token = office.published(shop(1)).publication.token
    assert [one.token for one in office.publisher.unpublish([token])] == [token]
    assert office.publisher.unpublish([token]) == []
    assert office.page(token) is None
    assert office.published(shop(1)).is_new
    assert office.page(token) is not None


def test_a_take_down_removes_the_files_is_kept_and_forbids_the_next_publication(office: Office) -> None:
    token = office.published(shop(1)).publication.token
    for _ in range(2):
        office.publisher.take_down(token, asked_by="the link on the page")
    assert office.page(token) is None
    assert office.publisher.publications.live() == []
    assert office.publisher.take_downs.has("shop-1")
    with pytest.raises(PublishingError, match="Bakery 1: its demo was taken down on request on 2026-11-23"):
        office.published(shop(1))


def test_a_demo_that_was_only_rendered_can_be_taken_down_and_an_unknown_one_cannot(office: Office) -> None:
    site = office.render(shop(1))[shop(1).id]
    assert office.publisher.take_down(site.token, asked_by="leadgen take-down") == []
    assert office.publisher.take_downs.has("shop-1")
    with pytest.raises(PublishingError, match="abcdefghij23: no demo has this address"):
        office.publisher.take_down("abcdefghij23", asked_by="leadgen take-down")


def test_a_business_that_asks_while_its_demo_is_uploaded_is_not_shown(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = FolderHost.put

    def asked_meanwhile(host: FolderHost, sites: Sequence[HostedSite], standing: Standing) -> None:
        put(host, sites, standing)
        small_office.publisher.take_downs.record(
            TakeDown(
                fingerprint="shop-1", token=sites[0].token, asked_at=small_office.now, asked_by="the link"
            )
        )

    monkeypatch.setattr(FolderHost, "put", asked_meanwhile)
    with pytest.raises(PublishingError, match="it has just asked that its demo is taken down"):
        small_office.published(shop(1))
    token = small_office.render(shop(1))[shop(1).id].token
    assert small_office.page(token) is None
    assert small_office.publisher.publications.live() == []


def test_after_its_days_a_demo_is_removed_once_and_its_neighbour_stands(office: Office) -> None:
    old = office.published(shop(1)).publication
    office.now += timedelta(days=20)
    young = office.published(shop(2)).publication
    office.now += timedelta(days=10)
    assert [one.token for one in office.publisher.remove_old()] == [old.token]
    assert office.publisher.remove_old() == []
    assert (office.page(old.token), office.page(young.token) is not None) == (None, True)
    gone = office.publisher.publications.newest(old.token)
    assert gone is not None
    assert gone.unpublished_because is Gone.EXPIRED


def test_days_are_counted_from_the_first_publication_until_a_setting_gives_more(small_office: Office) -> None:
    small_office.published(shop(1))
    small_office.now += timedelta(days=30)
    with pytest.raises(PublishingError, match=r"its 30 days are over; LEADGEN_DEMO_DAYS gives more"):
        small_office.published(shop(1))
    small_office.demo_days = 60
    assert small_office.published(shop(1)).publication.expires_at == small_office.now + timedelta(days=30)


def test_files_that_a_failed_take_down_left_are_removed_by_the_clean_up(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = small_office.published(shop(1)).publication.token

    def refuse(*_: object) -> None:
        raise SiteHostError("folder", "the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(FolderHost, "remove", refuse)
        with pytest.raises(SiteHostError):
            small_office.publisher.take_down(token, asked_by="the link")
    assert small_office.publisher.take_downs.has("shop-1")
    assert [one.token for one in small_office.publisher.remove_old()] == [token]
    assert small_office.page(token) is None


def test_a_host_that_takes_everything_is_told_all_that_is_to_stand_and_no_more(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[set[str]] = []
    put = FolderHost.put

    def listening(host: FolderHost, sites: Sequence[HostedSite], standing: Standing) -> None:
        told.append({site.token for site in standing()})
        put(host, sites, standing)

    monkeypatch.setattr(FolderHost, "put", listening)
    tokens = [small_office.published(shop(number)).publication.token for number in (1, 2, 3)]
    small_office.publisher.take_down(tokens[0], asked_by="the link")
    small_office.published(small_office.repaint(shop(2)))
    assert told[2] == set(tokens)
    assert told[3] == set(tokens[1:])


def test_a_demo_stands_on_one_host_only(small_office: Office) -> None:
    first = small_office.published(shop(1)).publication
    small_office.host = "memory://agency/demos"
    second = small_office.published(shop(1)).publication
    assert small_office.page(first.token) is None
    assert small_office.publisher.publications.live() == [second]
    assert replace(second, host="folder").expires_at == first.expires_at


def test_the_clean_up_job_removes_what_is_due_and_run_again_nothing(
    small_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_office.now -= timedelta(days=400)
    token = small_office.published(shop(1)).publication.token
    monkeypatch.setenv("LEADGEN_DATABASE_URL", small_office.database.url)
    settings = Settings(home=tmp_path, database_url=small_office.database.url)
    job = build_definitions(settings).resolve_job_def("clean_up_demos")
    for _ in range(2):
        assert job.execute_in_process().success
        assert small_office.page(token) is None
        assert small_office.publisher.publications.live() == []


@pytest.mark.parametrize("way", ["take_down", "unpublish", "days are over"])
def test_what_a_failed_upload_left_on_its_host_can_be_removed_in_every_way(
    small_office: Office, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(MemoryFileSystem, "store", {})  # one for all tests
    small_office.host = url = "memory://agency/demos"
    choices = chosen(small_office, 1, 2, 3)
    shown, failed, _unsent = (token_of(small_office, choice) for choice in choices)
    pipe_file = MemoryFileSystem.pipe_file

    def full(files: MemoryFileSystem, path: str, value: bytes, **headers: object) -> None:
        if failed in path:
            raise OSError("the quota is exceeded")
        pipe_file(files, path, value, **headers)

    with monkeypatch.context() as patch:
        patch.setattr(MemoryFileSystem, "pipe_file", full)
        with pytest.raises(SiteHostError, match="the quota is exceeded"):
            small_office.publish(*choices)
    assert shown in in_bucket(url)
    if way == "take_down":
        gone = small_office.publisher.take_down(shown, asked_by="the link")
    elif way == "unpublish":
        gone = small_office.publisher.unpublish([shown])
    else:
        small_office.now += timedelta(days=30)
        gone = small_office.publisher.remove_old()
    assert shown in {one.token for one in gone}
    assert shown not in in_bucket(url)


def test_an_upload_that_failed_is_completed_by_the_same_again(
    small_office: Office, whole_host: WholeHost
) -> None:
    small_office.host = "whole"
    choices = chosen(small_office, 1, 2)
    whole_host.fails_afterwards = True
    with pytest.raises(SiteHostError, match="not ready"):
        small_office.publish(*choices)
    tokens = {token_of(small_office, choice) for choice in choices}
    assert whole_host.shown == {one.token for one in small_office.publisher.publications.live()} == tokens
    whole_host.fails_afterwards = False
    assert [one.is_new for one in small_office.publish(*choices)] == [True, True]
    assert [one.is_new for one in small_office.publish(*choices)] == [False, False]
    assert all(one.is_whole for one in small_office.publisher.publications.live())


def test_a_process_that_dies_between_upload_and_note_leaves_a_row_that_removal_follows(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Publications, "note_published", die)
        with pytest.raises(KeyboardInterrupt):
            small_office.published(shop(1))
    token = small_office.render(shop(1))[shop(1).id].token
    assert small_office.page(token) is not None
    assert [one.token for one in small_office.publisher.take_down(token, asked_by="the link")] == [token]
    assert small_office.page(token) is None


def test_an_earlier_host_that_fails_keeps_no_demo_from_being_written_down_and_is_asked_again(
    small_office: Office, whole_host: WholeHost
) -> None:
    small_office.host = "whole"
    choices = chosen(small_office, 1, 2)
    first, second = (token_of(small_office, choice) for choice in choices)
    small_office.publish(*choices)
    small_office.host, whole_host.fails_afterwards = "folder", True
    with pytest.raises(SiteHostError, match="not ready"):
        small_office.publish(*choices)
    live = small_office.publisher.publications.live(host="folder")
    assert [(one.token, one.is_whole) for one in live] == [(first, True), (second, True)]
    whole_host.fails_afterwards = False
    assert [one.is_new for one in small_office.publish(*choices)] == [False, False]
    assert small_office.publisher.publications.live() == live


def test_a_neighbour_whose_files_are_gone_keeps_nobody_shown(
    small_office: Office, whole_host: WholeHost
) -> None:
    small_office.host = "whole"
    asking, broken, sound = choices = chosen(small_office, 1, 2, 3)
    small_office.publish(*choices)
    shutil.rmtree(small_office.folder / "files" / "sites" / broken.content_hash)
    small_office.publisher.take_down(token_of(small_office, asking), asked_by="the link")
    assert whole_host.shown == {token_of(small_office, sound)}
    live = {one.token for one in small_office.publisher.publications.live()}
    assert live == whole_host.shown
    small_office.render(*(choice.business for choice in choices))
    assert [one.is_new for one in small_office.publish(broken)] == [True]


def test_a_host_that_cannot_be_reached_keeps_no_other_from_its_clean_up(
    small_office: Office, whole_host: WholeHost
) -> None:
    small_office.host = "whole"
    one, other = chosen(small_office, 1, 2)
    small_office.publish(one)
    small_office.host = "folder"
    small_office.publish(other)
    small_office.now += timedelta(days=30)
    whole_host.fails_afterwards = True
    with pytest.raises(SiteHostError, match="not ready"):
        small_office.publisher.remove_old()
    assert small_office.page(token_of(small_office, other)) is None
    live = [publication.host for publication in small_office.publisher.publications.live()]
    assert live == ["whole"]


def test_a_way_out_that_was_rendered_before_the_mailbox_was_known_is_not_published(
    small_office: Office, uploads: Uploads
) -> None:
    site = small_office.render(shop(1), agency=Agency(name=AGENCY.name))[shop(1).id]
    with pytest.raises(
        PublishingError,
        match=rf"Bakery 1: its take-down page .*; leadgen rerun {RUN_ID} --from generated_sites$",
    ):
        small_office.publish(Choice(business=shop(1), content_hash=site.content_hash))
    assert uploads.hashes == []


@pytest.mark.parametrize(
    ("rendered_with", "said"), [(None, "no address"), ("https://old.example", r"https://old\.example/d/\w+/")]
)
def test_a_demo_that_names_no_address_or_another_is_not_published(
    small_office: Office, uploads: Uploads, rendered_with: str | None, said: str
) -> None:
    site = small_office.render(shop(1), public_url=rendered_with)[shop(1).id]
    with pytest.raises(
        PublishingError,
        match=rf"its page gives {said} as its own, not {PUBLIC_URL}/d/{site.token}/; leadgen rerun {RUN_ID} ",
    ):
        small_office.publish(Choice(business=shop(1), content_hash=site.content_hash))
    assert uploads.hashes == []


def test_what_is_published_while_it_is_removed_is_shown_and_written_down(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (choice,) = chosen(small_office, 1)
    small_office.publish(choice)
    token = token_of(small_office, choice)
    done: list[Published] = []
    meanwhile = Thread(target=lambda: done.extend(small_office.publish(choice)))
    note_gone = Publications.note_gone

    def noted(
        publications: Publications, host: str, tokens: Collection[str], *, at: datetime, because: Gone
    ) -> None:
        if meanwhile.ident is None:
            meanwhile.start()
            meanwhile.join(0.5)
        note_gone(publications, host, tokens, at=at, because=because)

    monkeypatch.setattr(Publications, "note_gone", noted)
    small_office.publisher.unpublish([token])
    meanwhile.join()
    assert [one.is_new for one in done] == [True]
    assert small_office.page(token) is not None
    assert [one.token for one in small_office.publisher.publications.live()] == [token]


@pytest.mark.parametrize("kept", ["phone", "email", "website"])
def test_a_business_that_asked_is_known_again_when_its_record_gives_another_fingerprint(
    small_office: Office, kept: str
) -> None:
    token = small_office.published(shop(1)).publication.token
    small_office.publisher.take_down(token, asked_by="the link")
    other = {"phone": None, "email": None, "website": None, "website_origin": None, "fingerprint": "drifted"}
    origin = {"website_origin": shop(1).website_origin} if kept == "website" else {}
    drifted = shop(1, **(other | {kept: getattr(shop(1), kept)} | origin))
    asked = small_office.publisher.take_downs.listed()
    assert listed_mark(drifted, (), asked) is not None
    assert listed_mark(shop(2), (), asked) is None
    with pytest.raises(PublishingError, match="is on a list of those who are left alone"):
        small_office.published(drifted)
