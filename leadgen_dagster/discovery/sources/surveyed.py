"""What the services have in common that show no more than so many places of one search."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from leadgen_dagster.discovery.locations import SearchArea, parse_location
from leadgen_dagster.discovery.policies import policies
from leadgen_dagster.discovery.sources.base import Estimate, PlaceRequest, SourceAccess, SourceItem
from leadgen_dagster.discovery.sources.survey import Service, Survey, estimate_of
from leadgen_dagster.discovery.sources.whereabouts import where_on_map
from leadgen_dagster.errors import SourceError


class SurveyedSource(ABC):
    """A service that is asked niche by niche, and for crowded parts of the area once more each."""

    name: ClassVar[str]
    page_size: ClassVar[int]
    max_pages: ClassVar[int]
    is_real = True

    def __init__(self, access: SourceAccess) -> None:
        self._api = access.api
        self.cost_micro_usd = round(access.price_usd_per_1000_calls * 1_000)
        """Of one call."""

    @property
    def licence(self) -> str:
        return policies()[self.name].licence

    @property
    def attribution(self) -> str:
        return policies()[self.name].attribution

    def check_ready(self, location: str) -> None:
        """Only reads the location: nothing is asked before the order stands."""
        parse_location(location)

    def estimate(self, request: PlaceRequest) -> Estimate:
        return estimate_of(
            request, page_size=self.page_size, max_pages=self.max_pages, cost_micro_usd=self.cost_micro_usd
        )

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        if self._api is None:
            raise SourceError(self.name, "there is no way to the network here")
        where = where_on_map(self._api, request)
        return Survey(self.questions(request, where.area), self._api(self.name), request, where).items()

    @abstractmethod
    def questions(self, request: PlaceRequest, area: SearchArea | None) -> Service:
        """What one order asks, and how it reads the answers."""
