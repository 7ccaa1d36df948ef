import asyncio
from datetime import date
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
import yaml

from leadgen_dagster.clients.failures import FetchError
from leadgen_dagster.clients.port_linden import PortLindenTransport
from leadgen_dagster.clients.web import GuardedFetcher
from leadgen_dagster.errors import FileError
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome
from leadgen_dagster_tests.clients.loopback import USER_AGENT

BAKERY = """
kind: bakery
records: []
hosts:
  bakery.port-linden.example:
    headers: {server: "Caddy"}
    status: {"/book": 404, "/gone": 410}
    redirects: {"/old": "/about/", "/away": "https://plumber.port-linden.example/"}
    sizes: {"/img/hero.jpg": 4100000}
    first_byte_ms: 46
    total_ms: 88
  plumber.port-linden.example:
    schemes: [http]
    folder: site-b
  electrician.port-linden.example: {failure: tls_expired, tls_expired_days_ago: 34}
  locksmith.port-linden.example: {failure: dns}
  slow.port-linden.example: {failure: timeout}
  refused.port-linden.example: {failure: connection}
  private.port-linden.example: {folder: site-c}
expected: []
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = tmp_path / "01-bakery"
    for path, text in {
        "site/index.html": "<h1>Bäckerei</h1>",
        "site/about/index.html": "<h1>About</h1>",
        "site/gone": "gone for good",
        "site/style.css": "h1 {color: red}",
        "site-b/index.html": "<h1>Plumber</h1>",
        "site-c/robots.txt": "User-agent: *\nDisallow: /",
        "secret.txt": "not served",
    }.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (folder / "business.yaml").write_text(BAKERY)
    (folder / "site" / "latin.html").write_bytes("<p>Gr\xfc\xdfe".encode("latin-1"))
    return tmp_path


def visit(town: Path, url: str, method: str = "GET") -> FetchedPage:
    async def run() -> FetchedPage:
        route = PortLindenTransport(town, ordered_on=date(2026, 11, 22))
        async with GuardedFetcher(
            user_agent=USER_AGENT, transport_routes={".port-linden.example": route}
        ) as fetcher:
            return await fetcher.fetch(url, method=method)

    return asyncio.run(run())


def test_a_page_of_the_town_is_served_as_its_files_say(town: Path) -> None:
    result = visit(town, "https://bakery.port-linden.example/")
    assert (result.outcome, result.status) == (FetchOutcome.FETCHED, 200)
    assert result.body == "<h1>Bäckerei</h1>".encode()
    assert result.header("content-type") == "text/html; charset=utf-8"
    assert result.header("server") == "Caddy"
    assert (result.timings.first_byte_ms, result.timings.total_ms) == (46, 88)
    assert result.timings.tls_ms is not None


@pytest.mark.parametrize(
    ("path", "status", "final_path"),
    [
        ("/about/", 200, "/about/"),
        ("/old", 200, "/about/"),
        ("/book", 404, "/book"),
        ("/gone", 410, "/gone"),
        ("/nowhere", 404, "/nowhere"),
        ("/about", 404, "/about"),
        ("/style.css?v=3", 200, "/style.css?v=3"),
        ("/%2e%2e/secret.txt", 404, "/%2e%2e/secret.txt"),
        ("/..%2fsecret.txt", 404, "/..%2fsecret.txt"),
    ],
)
def test_paths_are_answered_as_the_file_tells(town: Path, path: str, status: int, final_path: str) -> None:
    result = visit(town, f"https://bakery.port-linden.example{path}")
    assert result.status == status
    assert b"not served" not in (result.body or b"")
    assert (result.final_url or "").endswith(final_path)


def test_a_file_that_is_only_a_size_is_announced_to_head(town: Path) -> None:
    image = visit(town, "https://bakery.port-linden.example/img/hero.jpg", "HEAD")
    assert (image.status, image.content_length) == (200, 4_100_000)
    assert image.header("content-type") == "image/jpeg"
    assert visit(town, "https://bakery.port-linden.example/img/hero.jpg").status == 200


def test_a_page_in_another_charset_is_served_without_a_claim(town: Path) -> None:
    assert visit(town, "https://bakery.port-linden.example/latin.html").header("content-type") == "text/html"


@pytest.mark.parametrize(
    ("url", "outcome", "words"),
    [
        ("https://plumber.port-linden.example/", FetchOutcome.CONNECTION_FAILURE, "refused"),
        ("https://bakery.port-linden.example/away", FetchOutcome.CONNECTION_FAILURE, "refused"),
        ("https://electrician.port-linden.example/", FetchOutcome.TLS_FAILURE, "expired on 2026-10-19"),
        ("http://electrician.port-linden.example/", FetchOutcome.TLS_FAILURE, "expired on 2026-10-19"),
        ("http://locksmith.port-linden.example/", FetchOutcome.DNS_FAILURE, "does not resolve"),
        ("http://slow.port-linden.example/", FetchOutcome.TIMEOUT, "30 s"),
        ("http://refused.port-linden.example/", FetchOutcome.CONNECTION_FAILURE, "refused"),
        ("http://private.port-linden.example/", FetchOutcome.ROBOTS_DENIED, "robots.txt"),
        ("http://nobody.port-linden.example/", FetchOutcome.DNS_FAILURE, "does not resolve"),
        ("http://port-linden.example/", FetchOutcome.DNS_FAILURE, "does not resolve"),
    ],
)
def test_hosts_fail_as_the_network_would(town: Path, url: str, outcome: FetchOutcome, words: str) -> None:
    result = visit(town, url)
    assert result.outcome is outcome
    assert words in (result.error or "")


def test_hosts_of_the_town_never_reach_the_network_even_without_a_route() -> None:
    async def run() -> list[FetchedPage]:
        async with GuardedFetcher(user_agent=USER_AGENT) as fetcher:
            hosts = ("no-such-shop.port-linden.example", "No-Such-Shop.Port-Linden.EXAMPLE.")
            return [await fetcher.fetch(f"http://{host}/") for host in hosts]

    for result in asyncio.run(run()):
        assert result.outcome is FetchOutcome.DNS_FAILURE


@pytest.mark.parametrize("host", ["bakery.example", "port-linden.example.com", "evilport-linden.example"])
def test_the_town_serves_no_host_outside_it(town: Path, host: str) -> None:
    async def run() -> None:
        await PortLindenTransport(town).handle_async_request(httpx.Request("GET", f"http://{host}/"))

    with pytest.raises(FetchError, match="does not resolve"):
        asyncio.run(run())


def test_pauses_in_the_town_are_recorded_and_not_slept(town: Path) -> None:
    async def run() -> float:
        route = PortLindenTransport(town)
        async with GuardedFetcher(
            user_agent=USER_AGENT, transport_routes={".port-linden.example": route}, pause_s=60.0
        ) as fetcher:
            for _ in range(3):
                await fetcher.fetch("https://bakery.port-linden.example/")
        return route.clock.slept_s

    assert asyncio.run(run()) == pytest.approx(180, abs=1)


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        ("{bakery.example: {}}", "does not lie in"),
        ("{bakery.port-linden.example: {colour: red}}", "colour: Extra inputs"),
        ("{bakery.port-linden.example: {failure: fire}}", "failure"),
    ],
)
def test_a_wrong_host_is_refused_by_name(tmp_path: Path, hosts: str, words: str) -> None:
    (tmp_path / "01-bakery").mkdir()
    (tmp_path / "01-bakery" / "business.yaml").write_text(f"hosts: {hosts}")
    with pytest.raises(FileError, match=words):
        visit(tmp_path, "http://bakery.port-linden.example/")


def test_every_host_of_the_packages_own_town_can_be_asked() -> None:
    route = PortLindenTransport(ordered_on=date(2026, 11, 22))
    town = Path(str(files("leadgen_dagster.port_linden")))
    entries = [yaml.safe_load(file.read_text("utf-8")) for file in town.glob("*/business.yaml")]
    hosts = {name: told or {} for entry in entries for name, told in (entry.get("hosts") or {}).items()}
    answering = {
        f"{told.get('schemes', ['https'])[0]}://{name}/"
        for name, told in hosts.items()
        if "failure" not in told
    }

    async def ask() -> list[httpx.Response]:
        return [await route.handle_async_request(httpx.Request("GET", url)) for url in answering]

    assert len(asyncio.run(ask())) > 20
