"""The resource that opens place sources: services with their keys, datasets, copied files."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from filelock import FileLock

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.ledger import Ledger
from leadgen_dagster.db.place_answers import PlaceAnswers
from leadgen_dagster.discovery.sources import SOURCES, open_sources
from leadgen_dagster.discovery.sources.base import PlaceApi, PlaceSource, SourceAccess
from leadgen_dagster.orders import ProcessingRun, SourceSpec

if TYPE_CHECKING:
    from leadgen_dagster.clients.place_api import PlaceService


class PlacesResource(dg.ConfigurableResource[None]):
    """Where places are looked for."""

    home: str
    user_agent: str
    overpass_url: str
    google_places_url: str
    google_places_api_key: str | None = None
    google_places_price_usd: str
    yelp_url: str
    yelp_api_key: str | None = None
    yelp_price_usd: str

    def sources(
        self,
        run: ProcessingRun,
        database: Database,
        files: ObjectStore,
        *,
        answers: PlaceAnswers,
    ) -> tuple[PlaceSource, ...]:
        """The sources of an order that stands; a file is read as it was when the order was placed."""
        apis: dict[str, PlaceApi] = {}

        def api_of(name: str) -> PlaceApi:
            from leadgen_dagster.clients.place_api import MemoisedPlaceApi

            if name not in apis:
                apis[name] = MemoisedPlaceApi(
                    self._services()[name], ledger=Ledger(database, run.id), memo=answers
                )
            return apis[name]

        def access_of(spec: SourceSpec) -> SourceAccess:
            from leadgen_dagster.clients.datasets import open_dataset

            return SourceAccess(
                path=None if spec.file_hash is None else files.local_input(spec.file_hash),
                label=spec.file,
                column_map=run.config.column_map,
                api=api_of,
                open_dataset=open_dataset,
                price_usd_per_1000_calls=self._price_of(spec.name),
            )

        return open_sources(run.config.sources, access_of)

    def _price_of(self, source: str) -> float:
        """US dollars per 1,000 calls."""
        prices = {"google_places": self.google_places_price_usd, "yelp": self.yelp_price_usd}
        return float(prices.get(source, "0"))

    def _services(self) -> Mapping[str, "PlaceService"]:
        from leadgen_dagster.clients.place_api import PlaceService

        agent = {"User-Agent": self.user_agent}
        google, yelp = (self.google_places_api_key or "").strip(), (self.yelp_api_key or "").strip()
        services = (
            PlaceService(
                name="overpass",
                base_url=self.overpass_url,
                headers=agent,
                slot=lambda: FileLock(Path(self.home) / "overpass.lock"),
            ),
            PlaceService(
                name="google_places",
                base_url=self.google_places_url,
                headers=agent | {"X-Goog-Api-Key": google},
                secret=google or None,
                key_setting=SOURCES["google_places"].key_setting,
            ),
            PlaceService(
                name="yelp",
                base_url=self.yelp_url,
                headers=agent | {"Authorization": f"Bearer {yelp}"},
                secret=yelp or None,
                key_setting=SOURCES["yelp"].key_setting,
            ),
        )
        return {service.name: service for service in services}
