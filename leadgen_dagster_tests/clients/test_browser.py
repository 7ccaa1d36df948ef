"""The browser pass with a real Chromium, over pages on loopback."""

import asyncio
import contextlib
import shutil
import socket
from collections.abc import AsyncIterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from upath import UPath

from leadgen_dagster.clients.audit_proxy import AuditProxy
from leadgen_dagster.clients.installed import NotInstalledError, find_driven_browser
from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.clients.port_linden import PortLindenTransport
from leadgen_dagster.scoring.audits import AuditedPage, MethodUnavailableError
from leadgen_dagster.scoring.scores import Category
from leadgen_dagster_tests.clients.loopback import LOOPBACK, Site, answer, page, served

try:
    CHROMIUM: Path | None = find_driven_browser(None)
except NotInstalledError:
    CHROMIUM = None

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium, or no playwright, is installed"),
]

GIF = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
OLD = """<!doctype html><title>Old</title><body style="font-size:12px"><h1>Bread</h1>
<p>We bake on the quay since 1998, and our loaves are known in all the town.<img src="/logo.gif"><img src="/gone.png">
<script src="/broken.js"></script>"""
HOSTILE = """<!doctype html><html lang="en"><title>Hostile</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><div id="root"></div><script>
document.getElementById("root").innerHTML = `<h1>Baked by scripts</h1>
<div style="width:900px;font-size:14px">Bread and rolls, every morning.</div><p style="font-size:9px">Small print</p>`;
document.createTreeWalker = Array.prototype.map = window.getComputedStyle = () => { throw 1 };
open("/popup"); alert("hello"); confirm("sure?"); navigator.geolocation.getCurrentPosition(() => 0);
navigator.serviceWorker?.register("/worker.js");
addEventListener("load", () => { location.href = "/download.zip" });
const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1:UDP" }] });
peer.createDataChannel("x"); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
if (window.WebTransport) new WebTransport("https://127.0.0.1:UDP/").ready.catch(() => 0);
fetch("http://10.0.0.1/secret").catch(() => 0); new WebSocket("ws://192.168.0.1/");
new Image().src = "http://169.254.169.254/latest/meta-data";
</script><link rel="dns-prefetch" href="//inner.test"><link rel="preconnect" href="//inner.test">
<iframe src="http://[::1]:8000/" title="x"></iframe>"""
HEAVY = '<!doctype html><html lang="en"><title>Heavy</title><h1>Pictures</h1><img src="/heavy.gif" alt="x">'
HANGING = (
    "<!doctype html><title>Hanging</title><h1>Wait</h1><script>setTimeout(() => { while (true); })</script>"
)


def pages_with(udp_port: int) -> dict[str, Any]:
    return {
        "/old": page(OLD),
        "/hostile": page(
            HOSTILE.replace("UDP", str(udp_port)), "content-security-policy: script-src 'unsafe-inline'"
        ),
        "/heavy": page(HEAVY),
        "/hanging": page(HANGING),
        "/heavy.gif": answer(GIF + b"\0" * 3_000_000, "200 OK", "content-type: image/gif"),
        "/logo.gif": answer(GIF + b"\0" * 50_000, "200 OK", "content-type: image/gif"),
        "/broken.js": answer(b"nobody.knows()", "200 OK", "content-type: text/javascript"),
        "/download.zip": answer(b"PK", "200 OK", "content-type: application/zip"),
        "/onward": page('<title>On</title><script>location.href = "http://127.0.0.2:8099/"</script>'),
        "/away": answer(b"", "302 Found", "location: http://127.0.0.2:8099/"),
        "/busy": answer(b"<h1>Busy</h1>", "503 Service Unavailable", "content-type: text/html"),
    }


@contextlib.asynccontextmanager
async def a_browser(files: ObjectStore, deadline_s: float) -> AsyncIterator[tuple[Any, AuditProxy]]:
    from leadgen_dagster.clients.browser import BrowserAuditor

    assert CHROMIUM is not None
    async with AuditProxy(allowed_networks=LOOPBACK, page_limit_bytes=1_000_000) as proxy:
        auditor = BrowserAuditor(
            executable=CHROMIUM,
            user_agent="leadgen_dagster/0.1 (+https://agency.example/)",
            proxy=proxy,
            files=files,
            transport_routes={".port-linden.example": PortLindenTransport()},
            deadline_s=deadline_s,
        )
        async with auditor:
            yield auditor, proxy


class Afternoon:
    """Everything that one browser saw, opened once for all tests: it takes a second to start."""

    def __init__(self, folder: Path) -> None:
        self.files = ObjectStore(UPath(folder))
        self.site = Site("")
        self.datagrams = 0
        self.refusals: dict[str, str] = {}

    @cached_property
    def seen(self) -> Mapping[str, AuditedPage]:
        return asyncio.run(self._look())

    async def _look(self) -> dict[str, AuditedPage]:
        seen: dict[str, AuditedPage] = {}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stun:
            stun.bind(("127.0.0.1", 0))
            stun.setblocking(False)
            async with (
                served(pages_with(stun.getsockname()[1])) as self.site,
                a_browser(self.files, deadline_s=30.0) as (auditor, proxy),
            ):
                for path in ("/old", "/hostile", "/heavy", "/onward", "/away", "/busy"):
                    seen[path] = await auditor.audit(self.site.url(path))
                    self.refusals |= proxy.refusals
                seen["town"] = await auditor.audit("http://osteria-del-porto.port-linden.example/")
                seen["nobody"] = await auditor.audit("https://nobody.port-linden.example/")
            with contextlib.suppress(BlockingIOError):
                while stun.recv(2048):
                    self.datagrams += 1
        return seen


@pytest.fixture(scope="module")
def afternoon(tmp_path_factory: pytest.TempPathFactory) -> Afternoon:
    return Afternoon(tmp_path_factory.mktemp("files"))


@pytest.fixture
def seen(afternoon: Afternoon) -> Mapping[str, AuditedPage]:
    return afternoon.seen


def test_weight_and_requests_are_counted_by_kind_as_they_were_loaded(seen: Mapping[str, AuditedPage]) -> None:
    old = seen["/old"].figures

    assert 50_000 < old["image_bytes"] < 51_000
    assert len(OLD) < old["html_bytes"] < len(OLD) + 500
    assert old["requests"] >= 4
    assert old["total_bytes"] >= old["image_bytes"] + old["html_bytes"] + old["script_bytes"]


def test_errors_of_the_console_are_told(seen: Mapping[str, AuditedPage]) -> None:
    [console] = [one for one in seen["/old"].findings if one.rule_id == "console-error"]

    assert seen["/old"].figures["console_errors"] == console.count == 2  # the script, and the missing picture


def test_axe_finds_what_is_wrong_and_where(seen: Mapping[str, AuditedPage]) -> None:
    faults = {one.rule_id: one for one in seen["/old"].findings}

    assert (faults["image-alt"].impact, faults["image-alt"].count) == ("critical", 2)
    assert faults["image-alt"].where == 'img[src$="logo.gif"]'
    assert "html-has-lang" in faults
    assert (
        seen["/old"].category_scores[Category.ACCESSIBILITY]
        < seen["/hostile"].category_scores[Category.ACCESSIBILITY]
    )


def test_a_page_laid_out_for_a_desk_is_shown_smaller_on_a_phone(seen: Mapping[str, AuditedPage]) -> None:
    old = seen["/old"].figures

    assert (old["layout_width_px"], old["scrolls_sideways"]) == (980, False)
    assert old["usual_font_px"] == pytest.approx(12 * 390 / 980, abs=0.1)


def test_a_page_that_is_wider_than_a_phone_is_noticed(seen: Mapping[str, AuditedPage]) -> None:
    wide = seen["/hostile"].figures

    assert (wide["layout_width_px"], wide["scrolls_sideways"]) == (390, True)
    assert wide["content_width_px"] >= 900
    assert (wide["smallest_font_px"], wide["usual_font_px"]) == (9, 14)


def test_what_scripts_put_there_is_kept_and_no_page_can_break_the_measuring(
    afternoon: Afternoon, seen: Mapping[str, AuditedPage]
) -> None:
    scripted = seen["/hostile"]

    assert scripted.is_done, scripted.error
    assert scripted.rendered_hash is not None
    html = afternoon.files.get_body(scripted.rendered_hash).decode()
    assert html.startswith("<!DOCTYPE html><html")
    assert "<h1>Baked by scripts</h1>" in html


def test_pictures_of_a_phone_and_of_a_desk_are_kept(
    afternoon: Afternoon, seen: Mapping[str, AuditedPage]
) -> None:
    pictures = {
        device: afternoon.files.picture_path(digest).read_bytes()
        for device, digest in seen["/hostile"].screenshots.items()
    }

    assert {device: size_of(jpeg) for device, jpeg in pictures.items()} == {
        "phone": (780, 1688),
        "desktop": (1280, 800),
    }
    assert all(len(jpeg) < 500_000 for jpeg in pictures.values())


def test_a_page_that_opens_windows_asks_questions_and_starts_downloads_gets_none_of_it(
    afternoon: Afternoon, seen: Mapping[str, AuditedPage]
) -> None:
    assert seen["/hostile"].is_done, seen["/hostile"].error
    assert "/worker.js" not in afternoon.site.paths


def test_nothing_that_a_page_names_leads_to_an_inner_address(
    afternoon: Afternoon, seen: Mapping[str, AuditedPage]
) -> None:
    assert seen["/hostile"].is_done
    assert {"10.0.0.1", "192.168.0.1", "169.254.169.254", "[::1]"} <= set(afternoon.refusals)
    assert afternoon.datagrams == 0


def test_a_heavy_page_is_cut_off_at_its_cap_and_says_so(seen: Mapping[str, AuditedPage]) -> None:
    assert seen["/heavy"].figures["is_cut_off"] is True
    assert seen["/old"].figures["is_cut_off"] is False


def test_a_site_is_told_who_asks_and_each_page_is_loaded_once(
    afternoon: Afternoon, seen: Mapping[str, AuditedPage]
) -> None:
    [asked] = [one for one in afternoon.site.asked if one.path == "/old"]

    assert seen["/old"].is_done
    assert asked.headers["user-agent"].endswith(" leadgen_dagster/0.1 (+https://agency.example/)")
    assert asked.headers["user-agent"].startswith("Mozilla/5.0")


@pytest.mark.parametrize(
    ("which", "error"),
    [
        ("/away", "127.0.0.2: the connection was refused"),
        ("/onward", "the page leads on to an address that could not be opened"),
        ("/busy", "the page answered 503"),
        ("nobody", "the name nobody.port-linden.example does not resolve"),
    ],
)
def test_a_page_that_cannot_be_looked_at_says_why(
    seen: Mapping[str, AuditedPage], which: str, error: str
) -> None:
    assert seen[which].error == error


@pytest.mark.campaign
def test_a_page_that_hangs_is_given_up_and_the_next_one_is_looked_at(tmp_path: Path) -> None:
    async def run() -> list[AuditedPage]:
        files = ObjectStore(UPath(tmp_path))
        async with served(pages_with(9)) as site, a_browser(files, deadline_s=5.0) as (auditor, _):
            return [await auditor.audit(site.url(path)) for path in ("/hanging", "/old")]

    hanging, old = asyncio.run(run())

    assert hanging.error == "no page to look at within 5 s"
    assert old.is_done, old.error


def test_the_demo_town_is_seen_without_a_network(seen: Mapping[str, AuditedPage]) -> None:
    town = seen["town"]

    assert town.is_done, town.error
    assert town.figures["requests"] > 10
    assert town.figures["layout_width_px"] == 980


@pytest.mark.parametrize("driver", [None, "/nowhere/node"])
def test_a_browser_that_does_not_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, driver: str | None
) -> None:
    from leadgen_dagster.clients.browser import BrowserAuditor

    if driver:
        monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", driver)

    async def run() -> None:
        async with AuditProxy() as proxy:
            program = Path(str(shutil.which("false")))
            files = ObjectStore(UPath(tmp_path))
            async with BrowserAuditor(
                executable=program, user_agent="x", proxy=proxy, files=files
            ) as auditor:
                await auditor.audit("http://shop.example/")

    with pytest.raises(MethodUnavailableError, match="false does not start: "):
        asyncio.run(run())


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height, from the frame's header."""
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC2):
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])
