"""The preview of demo sites: what it serves, what it refuses, and that nothing of it is indexed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from upath import UPath

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import to_row
from leadgen_dagster.db.models import BusinessModel, GeneratedSiteModel
from leadgen_dagster.db.publishing import begin_attempt, publish
from leadgen_dagster.db.repositories import ProcessingRunRepository
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.orders import Executor, ProcessingRunConfig
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster.web.preview import preview_app

BUSINESS = Business(id="b1", fingerprint="f1", name="Åse's <Café>", niche="cafe", city="Port Linden")
SITE = GeneratedSite(
    id="s1",
    business_id="b1",
    theme="plain",
    palette="slate",
    language="en",
    token="k3y",
    content_hash="a" * 64,
    size_bytes=9,
    score_before=41,
    score_after=95,
)
HOSTILE = [
    "nope",
    "%2e%2e",
    "..%2f..%2fsecret",
    "%2e%2e%2f%2e%2e%2fsecret",
    "k3y%00",
    "k3y'--",
    "<script>alert(1)</script>",
    "K3Y",
    "k" * 5_000,
]


@pytest.fixture
def client(sqlite_database: Database, tmp_path: Path) -> Iterator[TestClient]:
    files = ObjectStore(UPath(tmp_path / "files"))
    (tmp_path / "secret").write_text("hidden", encoding="ascii")
    _publish(sqlite_database, "run-1", SITE, BUSINESS, datetime(2026, 11, 1, tzinfo=UTC))
    files.put_file(f"sites/{SITE.content_hash}/index.html", b"<p>older</p>")
    with TestClient(preview_app(sqlite_database, files)) as client:
        yield client


def _publish(
    database: Database, run_id: str, site: GeneratedSite, business: Business, requested_at: datetime
) -> None:
    with database.write() as session:
        ProcessingRunRepository(session).place(
            ProcessingRunConfig(location="Port Linden", niche="cafes"),
            request_key=run_id,
            requested_by="test",
            requested_at=requested_at,
            executor=Executor.PROCESS,
            run_id=run_id,
        )
    for stage, model, entity in (
        ("businesses", BusinessModel, business),
        ("generated_sites", GeneratedSiteModel, site),
    ):
        attempt = begin_attempt(database, run_id, stage, f"dagster-{run_id}")
        publish(database, attempt, model, [to_row(entity, model, run_id=run_id)])


def test_the_list_names_every_demo_escaped_with_both_scores(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/d/k3y/"' in page.text
    assert "&lt;Café&gt;" in page.text
    assert "<Café>" not in page.text
    assert "41 → 95" in page.text


def test_a_demo_is_served_as_it_was_rendered_and_never_indexed(client: TestClient) -> None:
    page = client.get("/d/k3y/")
    assert page.text == "<p>older</p>"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"


def test_the_address_without_its_last_slash_leads_there(client: TestClient) -> None:
    assert client.get("/d/k3y").text == "<p>older</p>"


def test_robots_are_asked_to_stay_away(client: TestClient) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert client.get("/").headers["x-robots-tag"] == "noindex, nofollow"


@pytest.mark.parametrize("token", HOSTILE, ids=lambda token: token[:24])
def test_no_other_token_opens_anything(client: TestClient, token: str) -> None:
    answer = client.get(f"/d/{token}/")
    assert answer.status_code == 404
    assert "hidden" not in answer.text
    assert token not in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/secret", "/d/"])
def test_there_is_nothing_else(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_demo_whose_files_are_gone_is_not_there(
    client: TestClient, sqlite_database: Database, tmp_path: Path
) -> None:
    (tmp_path / "files" / "sites" / SITE.content_hash / "index.html").unlink()
    assert client.get("/d/k3y/").status_code == 404


def test_of_two_runs_the_newest_demo_is_served_under_the_same_address(
    client: TestClient, sqlite_database: Database, tmp_path: Path
) -> None:
    newer = replace(SITE, id="s2", business_id="b2", content_hash="b" * 64)
    business = replace(BUSINESS, id="b2")
    _publish(sqlite_database, "run-2", newer, business, datetime(2026, 11, 2, tzinfo=UTC))
    ObjectStore(UPath(tmp_path / "files")).put_file(f"sites/{'b' * 64}/index.html", b"<p>newer</p>")
    assert client.get("/d/k3y/").text == "<p>newer</p>"
    assert client.get("/").text.count("/d/k3y/") == 1


def test_a_look_at_the_headers_alone_is_answered(client: TestClient) -> None:
    answer = client.head("/d/k3y/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


def test_nothing_can_be_written(client: TestClient) -> None:
    assert {client.request(method, "/d/k3y/").status_code for method in ("POST", "PUT", "DELETE")} == {405}
