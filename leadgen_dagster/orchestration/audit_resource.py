"""The resource of second looks: which methods are set up here, and what is missing for the others.

Nothing of a browser is imported before a run asks for one.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, time
from pathlib import Path

import dagster as dg

from leadgen_dagster.clients.audit_proxy import AuditProxy
from leadgen_dagster.clients.clock import StandingClock
from leadgen_dagster.clients.installed import (
    NotInstalledError,
    find_browser,
    find_driven_browser,
    find_lighthouse,
    has_lighthouse,
)
from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.clients.port_linden import PortLindenTransport
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.ledger import Ledger
from leadgen_dagster.discovery.normalise import TOWN_SUFFIX
from leadgen_dagster.discovery.sources import is_demo_only
from leadgen_dagster.orders import ProcessingRun
from leadgen_dagster.scoring.audits import AuditMethod, Auditor, UnavailableAuditor


class AuditResource(dg.ConfigurableResource[list[Auditor]]):
    """How the weakest websites are looked at again: browser, Lighthouse, PageSpeed Insights."""

    user_agent: str
    browser: str | None = None
    lighthouse: str | None = None
    pagespeed_api_key: str | None = None
    methods: str | None = None
    """With commas; None: a browser, and of the others what is set up."""

    @asynccontextmanager
    async def auditors(
        self, run: ProcessingRun, database: Database, files: ObjectStore
    ) -> AsyncIterator[list[Auditor]]:
        """For one run; a method that is wanted and not to be had is there too, and says why."""
        async with AsyncExitStack() as stack:
            proxy = await stack.enter_async_context(self.proxy())
            opened: list[Auditor] = []
            for method in self._methods_for(run):
                try:
                    match method:
                        case AuditMethod.BROWSER:
                            auditor: Auditor = await self._browser(stack, run, files, proxy)
                        case AuditMethod.LIGHTHOUSE:
                            auditor = self._lighthouse(proxy)
                        case AuditMethod.PAGESPEED:
                            auditor = await self._pagespeed(stack, Ledger(database, run.id))
                except NotInstalledError as error:
                    auditor = UnavailableAuditor(method, str(error))
                opened.append(auditor)
            yield opened

    def proxy(self) -> AuditProxy:
        """The guarded way out of this machine's browsers."""
        return AuditProxy()

    def _methods_for(self, run: ProcessingRun) -> list[AuditMethod]:
        if is_demo_only(run.config.sources):
            return [AuditMethod.BROWSER]  # the demo town lies on no network that another program could reach
        if self.methods:
            return [AuditMethod(name) for name in self.methods.split(",")]
        found = [AuditMethod.BROWSER]
        if self.lighthouse or has_lighthouse():
            found.append(AuditMethod.LIGHTHOUSE)
        if self.pagespeed_api_key:
            found.append(AuditMethod.PAGESPEED)
        return found

    async def _browser(
        self, stack: AsyncExitStack, run: ProcessingRun, files: ObjectStore, proxy: AuditProxy
    ) -> Auditor:
        executable = find_driven_browser(_path(self.browser))
        from leadgen_dagster.clients.browser import BrowserAuditor

        auditor = BrowserAuditor(
            executable=executable,
            user_agent=self.user_agent,
            proxy=proxy,
            files=files,
            transport_routes={f".{TOWN_SUFFIX}": PortLindenTransport(ordered_on=run.ordered_on)},
            clock=_town_clock(run) if is_demo_only(run.config.sources) else None,
        )
        return await stack.enter_async_context(auditor)

    def _lighthouse(self, proxy: AuditProxy) -> Auditor:
        from leadgen_dagster.clients.lighthouse import LighthouseAuditor

        return LighthouseAuditor(
            executable=find_lighthouse(_path(self.lighthouse)),
            browser=find_browser(_path(self.browser)),
            proxy=proxy,
        )

    async def _pagespeed(self, stack: AsyncExitStack, ledger: Ledger) -> Auditor:
        if not self.pagespeed_api_key:
            raise NotInstalledError("LEADGEN_PAGESPEED_API_KEY is not set")
        from leadgen_dagster.clients.pagespeed import PageSpeedAuditor

        return await stack.enter_async_context(
            PageSpeedAuditor(api_key=self.pagespeed_api_key, ledger=ledger)
        )


def _path(setting: str | None) -> Path | None:
    return Path(setting) if setting else None


def _town_clock(run: ProcessingRun) -> StandingClock:
    """The demo town stands at the order's day."""
    return StandingClock(datetime.combine(run.ordered_on, time(9), tzinfo=UTC))
