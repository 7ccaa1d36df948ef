"""Lighthouse, as it is installed on this machine: a program of its own, run through the guarded proxy."""

import asyncio
import contextlib
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psutil

from leadgen_dagster.clients.audit_proxy import AuditProxy
from leadgen_dagster.clients.clock import Clock, SystemClock
from leadgen_dagster.clients.installed import bare_environment, is_superuser
from leadgen_dagster.clients.lighthouse_report import (
    CATEGORIES,
    LighthouseError,
    LighthouseReport,
    measured_audit,
    read_report,
)
from leadgen_dagster.scoring.audits import (
    AuditedPage,
    AuditMethod,
    MethodUnavailableError,
    failed_audit,
)
from leadgen_dagster.scoring.page_view import snippet

KNOWN_VERSION = re.compile(r"12\.\d+\.\d+")
"""Lighthouse 13 asks for a newer Node, and its categories changed."""
VERSION_TIMEOUT_S = 20.0
LOAD_TIMEOUT_S = 30.0
"""How long Lighthouse itself waits for the page."""
FOLDER_PREFIX = "leadgen-lighthouse-"
CHROME_FLAGS = (
    "--headless",
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
)


class LighthouseAuditor:
    """Each page several times; what counts is the median.

    Args:
        executable: an installed Lighthouse 12.
        browser: the Chromium or Chrome that it drives.
        proxy: the guarded way out, open for as long as the auditor.
        runs: how often each page is measured.
        deadline_s: for one run.
    """

    method = AuditMethod.LIGHTHOUSE

    def __init__(
        self,
        *,
        executable: Path,
        browser: Path,
        proxy: AuditProxy,
        runs: int = 3,
        deadline_s: float = 90.0,
        clock: Clock | None = None,
    ) -> None:
        self._executable = executable
        self._browser = browser
        self._proxy = proxy
        self._runs = runs
        self._deadline_s = deadline_s
        self._clock = clock or SystemClock()
        self._is_known = False

    async def audit(self, url: str) -> AuditedPage:
        """The median of some runs; those that fail are left out unless all do."""
        moment = self._clock.now()
        await self._check_version()
        reports: list[LighthouseReport] = []
        failure = ""
        for _ in range(self._runs):
            await self._proxy.begin_page()
            try:
                reports.append(await self._report(url))
            except LighthouseError as error:
                failure = self._proxy.refusals.get(urlsplit(url).hostname or "") or str(error)
                if not reports:
                    break  # what cannot be loaded once would cost as long again
        if not reports:
            return failed_audit(self.method, url, moment, failure)
        return measured_audit(self.method, url, moment, reports)

    async def _check_version(self) -> None:
        if self._is_known:
            return
        with TemporaryDirectory(prefix=FOLDER_PREFIX) as folder:
            try:
                told = await self._run("--version", folder=folder, timeout_s=VERSION_TIMEOUT_S)
            except LighthouseError as error:
                raise MethodUnavailableError(f"{self._executable} does not start: {error}") from None
        if not KNOWN_VERSION.fullmatch(told):
            raise MethodUnavailableError(
                f"{self._executable} is version {told[:20] or 'unknown'}; only 12.x is known to work: "
                "npm install -g lighthouse@12"
            )
        self._is_known = True

    async def _report(self, url: str) -> LighthouseReport:
        flags = [*CHROME_FLAGS, *self._proxy.browser_flags]
        if is_superuser():
            flags.append("--no-sandbox")
        with TemporaryDirectory(prefix=FOLDER_PREFIX, ignore_cleanup_errors=True) as folder:
            # Into a file: Node ends without waiting for a pipe to take all of it.
            path = Path(folder) / "report.json"
            told = await self._run(
                url,
                "--output=json",
                f"--output-path={path}",
                "--quiet",
                "--no-enable-error-reporting",
                f"--only-categories={','.join(CATEGORIES)}",
                f"--max-wait-for-load={LOAD_TIMEOUT_S * 1000:.0f}",
                f"--chrome-flags={' '.join(map(_quoted, flags))}",
                folder=folder,
                timeout_s=self._deadline_s,
            )
            try:
                return read_report(json.loads(path.read_bytes()))
            except (OSError, ValueError):
                raise LighthouseError(f"Lighthouse gave no report: {told}") from None

    async def _run(self, *arguments: str, folder: str, timeout_s: float) -> str:
        """The first line that the program writes; all that it started is ended with it."""
        try:
            process = await asyncio.create_subprocess_exec(
                self._executable,
                *arguments,
                env={**bare_environment(), "CHROME_PATH": str(self._browser), "TMPDIR": folder},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
        except OSError as error:
            raise LighthouseError(error.strerror or str(error)) from None
        try:
            async with asyncio.timeout(timeout_s):
                output, _ = await process.communicate()
        except TimeoutError:
            raise LighthouseError(f"no report within {timeout_s:g} s") from None
        finally:
            await _end(process)
        return snippet(output.decode("utf-8", "replace").strip().partition("\n")[0])


def _quoted(flag: str) -> str:
    """A flag as Lighthouse splits them: at spaces, unless its value stands in quotes."""
    name, _, value = flag.partition("=")
    return f'{name}="{value}"' if " " in value else flag


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ends a program that still runs, and the browser that it put into a process group of its own."""
    if process.returncode is not None:
        return
    with contextlib.suppress(psutil.NoSuchProcess):
        program = psutil.Process(process.pid)
        for one in [*program.children(recursive=True), program]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
    await process.wait()
