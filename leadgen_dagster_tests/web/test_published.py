"""What everybody sees: demos that are shown, a way to have them removed that nobody takes by accident, no more."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from leadgen_dagster.agency import Agency
from leadgen_dagster.clients.site_hosts import FolderHost
from leadgen_dagster.db.engine import Database
from leadgen_dagster.errors import FileError, SiteHostError
from leadgen_dagster.web.published import published_app
from leadgen_dagster_tests.orchestration.demos import AGENCY, Office, shop
from leadgen_dagster_tests.web.test_preview import HOSTILE


@pytest.fixture
def office(sqlite_database: Database, tmp_path: Path) -> Office:
    return Office(sqlite_database, tmp_path)


@pytest.fixture
def token(office: Office) -> str:
    return office.published(shop(1, language="de")).publication.token


@pytest.fixture
def client(office: Office, token: str) -> Iterator[TestClient]:
    app = published_app(office.publisher, office.shown, lambda _run_id: AGENCY)
    with TestClient(app) as client:
        yield client


def later(office: Office, days: int) -> TestClient:
    office.now += timedelta(days=days)
    return TestClient(published_app(office.publisher, office.shown, lambda _run_id: AGENCY))


def test_a_published_demo_is_shown_and_kept_from_crawlers_caches_and_referrers(
    client: TestClient, token: str
) -> None:
    page = client.get(f"/d/{token}/")
    assert page.status_code == 200
    assert "Bakery 1" in page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"


def test_only_the_page_s_own_script_may_run(client: TestClient, token: str) -> None:
    policy = client.get(f"/d/{token}/").headers["content-security-policy"]
    assert re.search(r"script-src 'sha256-[\w+/]{43}='; ", policy)
    for rule in ("default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert rule in policy


def test_every_file_of_a_demo_is_served_as_what_it_is(client: TestClient, token: str) -> None:
    assert client.get(f"/d/{token}/preview.png").headers["content-type"] == "image/png"
    assert client.get(f"/d/{token}/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert client.get(f"/d/{token}").text == client.get(f"/d/{token}/").text


def test_what_a_visitor_has_already_is_not_sent_again(client: TestClient, token: str, office: Office) -> None:
    etag = client.get(f"/d/{token}/").headers["etag"]
    again = client.get(f"/d/{token}/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    office.published(office.repaint(shop(1)))
    newer = client.get(f"/d/{token}/", headers={"If-None-Match": etag})
    assert newer.status_code == 200
    assert newer.headers["etag"] != etag


def test_a_look_at_the_headers_alone_is_answered(client: TestClient, token: str) -> None:
    for path in (f"/d/{token}/", f"/d/{token}/take-down/"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("unknown", HOSTILE, ids=lambda unknown: unknown[:24])
def test_no_other_token_opens_anything(client: TestClient, unknown: str) -> None:
    for method in ("GET", "POST"):
        for path in ("", "take-down/"):
            answer = client.request(method, f"/d/{unknown}/{path}")
            assert answer.status_code in {404, 405}
            assert method == "POST" or answer.status_code == 404
            assert unknown not in answer.text
            assert answer.headers["x-robots-tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/d/",
        "/docs",
        "/openapi.json",
        "/d/{}/nothing",
        "/d/{}/..%2f..%2f..%2fleadgen.db",
        "/d/{}/take-down",
    ],
)
def test_there_is_no_list_and_nothing_beside_the_demos(client: TestClient, token: str, path: str) -> None:
    answer = client.get(path.format(token), follow_redirects=False)
    assert answer.status_code in {404, 307}
    assert "Bakery" not in answer.text


def test_what_was_rendered_and_not_published_is_not_there(client: TestClient, office: Office) -> None:
    site = office.render(shop(7))[shop(7).id]
    assert client.get(f"/d/{site.token}/").status_code == 404
    assert client.get(f"/d/{site.token}/take-down/").status_code == 404


def test_the_way_out_says_what_happens_and_who_is_responsible_and_looking_does_nothing(
    client: TestClient, token: str, office: Office
) -> None:
    for _ in range(3):
        page = client.get(f"/d/{token}/take-down/")
        client.head(f"/d/{token}/take-down/")
    assert page.status_code == 200
    assert '<form method="post">' in page.text
    assert "The design concept at this address will be deleted." in page.text
    assert "1 Quay Street" in page.text
    assert client.get(f"/d/{token}/").status_code == 200
    assert not office.publisher.take_downs.has("shop-1")


def test_the_button_takes_the_demo_down_for_good_without_a_login_and_twice_too(
    client: TestClient, token: str, office: Office
) -> None:
    for _ in range(2):
        pressed = client.post(f"/d/{token}/take-down/")
        assert pressed.status_code == 200
        assert "This design concept has been deleted." in pressed.text
    for path in ("", "preview.png", "take-down/", "take-down/index.html"):
        gone = client.get(f"/d/{token}/{path}")
        assert gone.status_code == 410
        assert "This design concept has been deleted." in gone.text
    assert office.page(token) is None
    assert office.publisher.take_downs.has("shop-1")


def test_a_take_down_holds_even_where_the_files_cannot_be_removed(
    client: TestClient, token: str, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SiteHostError("folder", "the disk is away")

    monkeypatch.setattr(FolderHost, "remove", refuse)
    assert client.post(f"/d/{token}/take-down/").status_code == 200
    assert office.page(token) is not None
    assert client.get(f"/d/{token}/").status_code == 410


def test_after_its_days_a_demo_is_gone_and_can_still_be_taken_down(token: str, office: Office) -> None:
    assert later(office, 29).get(f"/d/{token}/").status_code == 200
    client = later(office, 1)
    gone = client.get(f"/d/{token}/")
    assert gone.status_code == 410
    assert "This design concept is no longer shown." in gone.text
    assert client.get(f"/d/{token}/take-down/").status_code == 200
    client.post(f"/d/{token}/take-down/")
    assert office.publisher.take_downs.has("shop-1")


def test_what_was_unpublished_is_gone(client: TestClient, token: str, office: Office) -> None:
    office.publisher.unpublish([token])
    assert client.get(f"/d/{token}/").status_code == 410


def test_nothing_else_can_be_written(client: TestClient, token: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.request(method, f"/d/{token}/").status_code == 405
    for method in ("PUT", "DELETE", "PATCH"):
        assert client.request(method, f"/d/{token}/take-down/").status_code == 405


def test_the_way_out_is_open_while_the_agency_s_file_cannot_be_read(token: str, office: Office) -> None:
    def unreadable(_run_id: str) -> Agency:
        raise FileError("agency.yaml", "no such field", line=3)

    client = TestClient(published_app(office.publisher, office.shown, unreadable))
    assert '<form method="post">' in client.get(f"/d/{token}/take-down/").text
    assert client.post(f"/d/{token}/take-down/").status_code == 200
    assert office.page(token) is None
    assert client.get(f"/d/{token}/").status_code == 410
