"""Resources: configuration only. Each hands out a plain object of `clients/`, `db/` or the domain.

No secret is a default here, since defaults are serialised; secrets arrive as `dg.EnvVar`.
"""

from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from upath import UPath

from leadgen_dagster.agency import Agency, load_agency
from leadgen_dagster.clients.clock import RecordedClock, StandingClock
from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.clients.port_linden import PortLindenTransport
from leadgen_dagster.clients.site_hosts import HostAccess
from leadgen_dagster.clients.web import GuardedFetcher
from leadgen_dagster.db.engine import Database, open_database
from leadgen_dagster.db.leases import HostLeases
from leadgen_dagster.db.ledger import Ledger
from leadgen_dagster.db.memos import HostUploads, LlmAnswers
from leadgen_dagster.discovery.normalise import TOWN_SUFFIX
from leadgen_dagster.discovery.sources import TOWN_FOLDER, is_demo_only
from leadgen_dagster.orchestration.installation import installation_secret
from leadgen_dagster.orchestration.ordering import OrderDesk
from leadgen_dagster.orchestration.publisher import Publisher
from leadgen_dagster.orders import ProcessingRun
from leadgen_dagster.outreach.copywriter import Copywriter, DeterministicCopywriter
from leadgen_dagster.settings import database_url_for_sqlalchemy
from leadgen_dagster.sites.copywriter import BY_RULE, SiteCopywriter
from leadgen_dagster.sites.language_model import LanguageModel

if TYPE_CHECKING:
    from leadgen_dagster.clients.llm import LlmPrices


class DatabaseResource(dg.ConfigurableResource[Database]):
    """The database of orders, memos and published rows."""

    url: str

    def open(self) -> Database:
        return open_database(database_url_for_sqlalchemy(self.url))


class FilesResource(dg.ConfigurableResource[ObjectStore]):
    """Where page bodies, inputs, sites and exports lie."""

    url: str

    def open(self) -> ObjectStore:
        return ObjectStore(UPath(self.url))


class WebResource(dg.ConfigurableResource[GuardedFetcher]):
    """The guarded way to other people's websites."""

    user_agent: str
    concurrency: int = 20

    def fetcher(self, run: ProcessingRun, database: Database) -> GuardedFetcher:
        """For one run; turns at hosts are taken with all runs of this database.

        The demo town's clock stands at the order's day, so that its pages are the same in any year.
        """
        leases = HostLeases(database)
        leases.forget(now=datetime.now(UTC))
        town_clock = RecordedClock(StandingClock(datetime.combine(run.ordered_on, time(9), tzinfo=UTC)))
        town = PortLindenTransport(ordered_on=run.ordered_on, clock=town_clock)
        return GuardedFetcher(
            user_agent=self.user_agent,
            concurrency=self.concurrency,
            transport_routes={f".{TOWN_SUFFIX}": town},
            leases=leases,
        )


class AgencyResource(dg.ConfigurableResource[Agency]):
    """Who signs, and where the demos will be served."""

    home: str
    agency_file: str
    public_url: str | None = None

    def of(self, run: ProcessingRun) -> Agency:
        """The agency of `agency.yaml`; the demo town brings its own; without either, an empty one."""
        if is_demo_only(run.config.sources):
            return load_agency(TOWN_FOLDER / "agency.yaml")
        path = Path(self.agency_file)
        return load_agency(path) if path.exists() else Agency()

    def public_url_of(self, agency: Agency) -> str | None:
        return self.public_url or agency.public_url

    def secret(self) -> bytes:
        """What makes the demos' addresses unguessable, and the same in every run."""
        return installation_secret(Path(self.home))


class CopywriterResource(dg.ConfigurableResource[Copywriter]):
    """The language model where one is configured, the deterministic writer where none is."""

    base_url: str | None = None
    api_key: str | None = None
    model: str | None = None
    price_input_usd: str | None = None
    price_output_usd: str | None = None

    def writer(self, database: Database, run_id: str) -> Copywriter:
        """Words the drafts of a run."""
        from leadgen_dagster.outreach.llm_copywriter import LlmCopywriter

        model = self._language_model(database, run_id)
        return DeterministicCopywriter() if model is None else LlmCopywriter(model)

    def site_writer(self, database: Database, run_id: str) -> SiteCopywriter:
        """Words the demos of a run, out of the same budget."""
        from leadgen_dagster.sites.llm_copywriter import LlmSiteCopywriter

        model = self._language_model(database, run_id)
        return BY_RULE if model is None else LlmSiteCopywriter(model)

    def _language_model(self, database: Database, run_id: str) -> LanguageModel | None:
        if not (self.base_url and self.model):
            return None
        from leadgen_dagster.clients.llm import LedgeredModel, OpenAiModel

        model = OpenAiModel(
            base_url=self.base_url, api_key=self.api_key or "none", model=self.model, prices=self._prices()
        )
        return LedgeredModel(model, ledger=Ledger(database, run_id), memo=LlmAnswers(database))

    def _prices(self) -> "LlmPrices | None":
        from leadgen_dagster.clients.llm import LlmPrices

        if self.price_input_usd is None or self.price_output_usd is None:
            return None
        return LlmPrices(
            input_usd_per_million=Decimal(self.price_input_usd),
            output_usd_per_million=Decimal(self.price_output_usd),
        )


class OrderDeskResource(dg.ConfigurableResource[OrderDesk]):
    """Where orders are placed."""

    osm_file: str | None = None
    key_settings: list[str] = []  # noqa: RUF012  # pydantic copies it
    """The names of the settings that hold keys of place services, where they are set; never the keys."""
    prices: dict[str, float] = {}  # noqa: RUF012  # pydantic copies it
    has_unpriced_model: bool = False
    agency_file: str | None = None

    def open(self, database: Database, files: ObjectStore) -> OrderDesk:
        return OrderDesk(
            database=database,
            files=files,
            osm_file=Path(self.osm_file) if self.osm_file else None,
            keys=frozenset(self.key_settings),
            prices=self.prices,
            has_unpriced_model=self.has_unpriced_model,
            agency_file=Path(self.agency_file) if self.agency_file else None,
        )


class PublisherResource(dg.ConfigurableResource[Publisher]):
    """Where demos are published, and for how long."""

    home: str
    folder: str
    """What the host `folder` shows."""
    host: str
    vercel_token: str | None = None
    vercel_project: str
    vercel_team_id: str | None = None
    netlify_token: str | None = None
    netlify_site_id: str | None = None
    demo_days: int

    def open(self, database: Database, files: ObjectStore) -> Publisher:
        access = HostAccess(
            folder=Path(self.folder),
            memo=HostUploads(database),
            vercel_token=self.vercel_token,
            vercel_project=self.vercel_project,
            vercel_team_id=self.vercel_team_id,
            netlify_token=self.netlify_token,
            netlify_site_id=self.netlify_site_id,
        )
        return Publisher(
            database=database,
            files=files,
            host=self.host,
            access=access,
            demo_days=self.demo_days,
            lock=Path(self.home) / "publishing.lock",
        )
