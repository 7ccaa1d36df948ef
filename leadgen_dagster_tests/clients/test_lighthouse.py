"""Lighthouse as a program: which version, how often, and that nothing of it is left behind."""

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from leadgen_dagster.clients.audit_proxy import AuditProxy
from leadgen_dagster.clients.installed import find_browser, has_lighthouse
from leadgen_dagster.clients.lighthouse import LighthouseAuditor
from leadgen_dagster.scoring.audits import AuditedPage, AuditMethod, AuditOutcome, MethodUnavailableError
from leadgen_dagster.scoring.scores import Category
from leadgen_dagster_tests.clients.lighthouse_reports import failed_report, report_with
from leadgen_dagster_tests.clients.loopback import LOOPBACK, page, served

SHOP = "https://shop.example/"
Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Puts a program in Lighthouse's place that answers by these reports, one a run."""

    def installed(*reports: object, version: str = "12.8.2", does: str = "") -> Path:
        for number, report in enumerate(reports):
            (tmp_path / f"{number}.json").write_text(json.dumps(report), encoding="utf-8")
        program = tmp_path / "lighthouse"
        program.write_text(
            f"""#!{sys.executable}
import json, os, pathlib, shutil, subprocess, sys, time
here = pathlib.Path({str(tmp_path)!r})
if "--version" in sys.argv:
    print({version!r})
    sys.exit()
calls = here / "calls.json"
said = json.loads(calls.read_text()) if calls.exists() else []
calls.write_text(json.dumps([*said, {{"arguments": sys.argv[1:], "environment": dict(os.environ)}}]))
{does}
shutil.copyfile(here / f"{{len(said)}}.json", sys.argv[3].partition("=")[2])
""",
            encoding="utf-8",
        )
        program.chmod(0o755)
        return program

    return installed


def audit(program: Path, *, runs: int = 1, deadline_s: float = 20.0, url: str = SHOP) -> AuditedPage:
    async def run() -> AuditedPage:
        async with AuditProxy() as proxy:
            auditor = LighthouseAuditor(
                executable=program,
                browser=Path("/opt/chromium"),
                proxy=proxy,
                runs=runs,
                deadline_s=deadline_s,
            )
            return await auditor.audit(url)

    return asyncio.run(run())


def test_a_page_is_measured_three_times_and_the_median_counts(install: Install, tmp_path: Path) -> None:
    audited = audit(install(*(report_with(score) for score in (0.9, 0.1, 0.5))), runs=3)

    assert (audited.method, audited.outcome) == (AuditMethod.LIGHTHOUSE, AuditOutcome.DONE)
    assert audited.category_scores[Category.PERFORMANCE] == 50.0
    assert len(json.loads((tmp_path / "calls.json").read_text())) == 3


def test_it_drives_the_browser_through_the_guarded_proxy_and_knows_no_secret(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADGEN_LLM_API_KEY", "s3cret")
    audit(install(report_with(0.5)))

    [call] = json.loads((tmp_path / "calls.json").read_text())
    [flags] = [argument for argument in call["arguments"] if argument.startswith("--chrome-flags=")]
    assert call["arguments"][0] == SHOP
    assert "--proxy-server=http://127.0.0.1:" in flags
    assert '--host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"' in flags
    assert call["environment"]["CHROME_PATH"] == "/opt/chromium"
    assert "s3cret" not in str(call)


@pytest.mark.parametrize("version", ["13.0.1", "11.7.0", "120.0.0", "", "v12"])
def test_any_other_version_is_refused_in_one_line(install: Install, version: str) -> None:
    with pytest.raises(
        MethodUnavailableError, match=r"only 12\.x is known to work: npm install -g lighthouse@12$"
    ):
        audit(install(version=version))


def test_what_is_no_program_is_told(tmp_path: Path) -> None:
    (tmp_path / "lighthouse").write_text("no program", encoding="utf-8")
    with pytest.raises(MethodUnavailableError, match="does not start: Permission denied"):
        audit(tmp_path / "lighthouse")


def test_a_page_that_cannot_be_loaded_is_not_measured_again(install: Install, tmp_path: Path) -> None:
    audited = audit(install(failed_report()), runs=3)

    assert (audited.outcome, audited.error) == (
        AuditOutcome.FAILED,
        "NO_FCP: The page did not paint any content.",
    )
    assert len(json.loads((tmp_path / "calls.json").read_text())) == 1


def test_a_program_that_breaks_off_says_its_last_words(install: Install) -> None:
    audited = audit(install(does='print("Unable to connect to Chrome"); sys.exit(1)'))

    assert audited.error == "Lighthouse gave no report: Unable to connect to Chrome"


def test_a_program_that_hangs_is_ended_with_the_browser_that_it_started(
    install: Install, tmp_path: Path
) -> None:
    hang = """browser = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
(here / "browser").write_text(str(browser.pid))
time.sleep(60)"""
    began = time.monotonic()
    audited = audit(install(does=hang), deadline_s=2.5)

    assert audited.error == "no report within 2.5 s"
    assert time.monotonic() - began < 15
    pid = int((tmp_path / "browser").read_text())
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.campaign
@pytest.mark.browser
@pytest.mark.skipif(not has_lighthouse(), reason="no lighthouse is on the PATH")
@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium is on the PATH")
def test_the_real_one_measures_a_page_on_loopback_and_not_where_the_guard_refuses() -> None:
    async def run(allowed: tuple[str, ...]) -> AuditedPage:
        async with (
            served({"/": page("<h1>Bread</h1>")}) as site,
            AuditProxy(allowed_networks=allowed) as proxy,
        ):
            program = Path(str(shutil.which("lighthouse", path=os.environ["PATH"])))
            auditor = LighthouseAuditor(executable=program, browser=find_browser(None), proxy=proxy, runs=1)
            return await auditor.audit(site.url())

    seen, refused = asyncio.run(run(LOOPBACK)), asyncio.run(run(()))

    assert len(seen.category_scores) == 4
    assert refused.error == "127.0.0.1 resolves into 127.0.0.0/8 (loopback)"
