"""A run with demos that pass their gates, stored as the assets store them, and a publisher with a clock of its own."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from upath import UPath

from leadgen_dagster.agency import Agency, ExclusionList
from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.clients.site_hosts import FolderHost, HostAccess
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.mapping import to_row
from leadgen_dagster.db.memos import HostUploads
from leadgen_dagster.db.models import BusinessModel, GeneratedSiteModel, WebsiteScoreModel
from leadgen_dagster.db.publishing import begin_attempt, publish
from leadgen_dagster.db.repositories import ProcessingRunRepository
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.orchestration.layout import site_path
from leadgen_dagster.orchestration.publisher import Choice, Published, Publisher
from leadgen_dagster.orders import Executor, ProcessingRun, ProcessingRunConfig
from leadgen_dagster.sites.builder import SiteRequest, build_sites
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster.sites.tokens import demo_token
from leadgen_dagster_tests.factories import make_business, make_score

AGENCY = Agency(
    name="Quay Studio",
    postal_address="1 Quay Street",
    reply_to="studio@quay.example",
    exclusions=ExclusionList(phones=("+441914980999",)),
)
PUBLIC_URL = "https://demos.agency.example"
ORDERED_AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
RUN_ID = "2026-11-22-port-linden-bakeries-7f3a"


def shop(number: int, **fields: Any) -> Business:
    """The shops of one street."""
    own = {
        "fingerprint": f"shop-{number}",
        "street": f"{number} Quay Street",
        "name": f"Bakery {number}",
        "phone": f"+44191498010{number}",
        "email": f"hello@bakery-{number}.port-linden.example",
        "website": f"https://bakery-{number}.port-linden.example/",
    }
    return make_business(id=str(UUID(int=number)), **(own | fields))


@dataclass
class Office:
    """A database, a store, a folder that is shown, and the time of day."""

    database: Database
    folder: Path
    now: datetime = ORDERED_AT + timedelta(days=1)
    host: str = "folder"
    demo_days: int = 30

    @property
    def files(self) -> ObjectStore:
        return ObjectStore(UPath(self.folder / "files"))

    @property
    def shown(self) -> FolderHost:
        return FolderHost(self.folder / "published")

    @property
    def publisher(self) -> Publisher:
        return Publisher(
            database=self.database,
            files=self.files,
            host=self.host,
            access=HostAccess(
                folder=self.folder / "published", memo=HostUploads(self.database), vercel_project="demos"
            ),
            demo_days=self.demo_days,
            lock=self.folder / "publishing.lock",
            now=lambda: self.now,
        )

    def run(self) -> ProcessingRun:
        with self.database.write() as session:
            run, _ = ProcessingRunRepository(session).place(
                ProcessingRunConfig(location="Port Linden", niche="bakeries"),
                request_key=RUN_ID,
                requested_by="test",
                requested_at=ORDERED_AT,
                executor=Executor.PROCESS,
                run_id=RUN_ID,
            )
            return run

    def render(
        self, *shops: Business, agency: Agency = AGENCY, public_url: str | None = PUBLIC_URL
    ) -> dict[str, GeneratedSite]:
        """Demos of these businesses, in the place of what the run held; by business id."""
        run = self.run()
        scores = {
            one.id: make_score(
                id=str(UUID(int=UUID(one.id).int + 100)), business_id=one.id, score=None, findings=()
            )
            for one in shops
        }
        requests = [
            SiteRequest(
                business=one,
                contacts=(),
                score=scores[one.id],
                token=demo_token(b"secret", one.fingerprint),
                language="en",
            )
            for one in shops
        ]
        built = list(build_sites(requests, agency=agency, public_url=public_url, ordered_on=run.ordered_on))
        for demo in built:
            for name, body in demo.files.items():
                self.files.put_file(site_path(demo.site.content_hash, name), body)
        sites = [demo.site for demo in built]
        for stage, model, entities in (
            ("businesses", BusinessModel, shops),
            ("website_scores", WebsiteScoreModel, scores.values()),
            ("generated_sites", GeneratedSiteModel, sites),
        ):
            attempt = begin_attempt(self.database, run.id, stage, "dagster-run")
            publish(self.database, attempt, model, [to_row(one, model, run_id=run.id) for one in entities])
        return {site.business_id: site for site in sites}

    def publish(self, *choices: Choice, agency: Agency = AGENCY) -> list[Published]:
        return self.publisher.publish(self.run(), choices, agency=agency, public_url=PUBLIC_URL)

    def published(self, business: Business) -> Published:
        """A business rendered and published."""
        site = self.render(business)[business.id]
        (done,) = self.publish(Choice(business=business, content_hash=site.content_hash))
        return done

    def repaint(self, business: Business) -> Business:
        """The same business, of which something else is known now: its demo has other content."""
        return replace(business, phone="+441914980777")

    def page(self, token: str) -> bytes | None:
        found = self.shown.read(token, "index.html")
        return None if found is None else found[1]
