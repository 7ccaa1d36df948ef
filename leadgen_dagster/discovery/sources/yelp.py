"""Yelp Places (Fusion, version 3), business search: 50 results a page, the first 240 of a search.

The service's description says "up to 240 businesses"; older ones let one page to 1,000. It knows no website of a
business: `url` is Yelp's own page about it. What it gives may not be kept, but for the ids: `policies.yaml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, hypot
from typing import Any

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.countries import country_code, language_of
from leadgen_dagster.discovery.geography import Box, Circle
from leadgen_dagster.discovery.locations import SearchArea
from leadgen_dagster.discovery.niches import NICHES, Niche, niche_of_categories
from leadgen_dagster.discovery.sources.answers import BadRecordError, Fields
from leadgen_dagster.discovery.sources.base import ApiCall, PlaceRequest
from leadgen_dagster.discovery.sources.survey import Page
from leadgen_dagster.discovery.sources.surveyed import SurveyedSource
from leadgen_dagster.discovery.sources.tiles import sides_m
from leadgen_dagster.errors import SourceError

ENDPOINT = "/v3/businesses/search"
PAGE_SIZE = 50
MAX_RESULTS = 240
MAX_PAGES = 5
MAX_RADIUS_M = 40_000
MAX_LOCATION = 250
MOST_CATEGORIES = 10
"""Asked for at once; of a niche that has more, the first ones, which are the widest."""


class YelpSource(SurveyedSource):
    """Business search in the circle around an area, then, where there is more than it shows, around its quarters."""

    name = "yelp"
    page_size = PAGE_SIZE
    max_pages = MAX_PAGES

    def questions(self, request: PlaceRequest, area: SearchArea | None) -> "_Questions":
        return _Questions(request=request, area=area, cost_micro_usd=self.cost_micro_usd)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Questions:
    """What one order asks, and how it reads the answers."""

    request: PlaceRequest
    area: SearchArea | None
    cost_micro_usd: int
    name: str = YelpSource.name
    page_size: int = PAGE_SIZE

    def fits(self, tile: Box) -> bool:
        return self._circle(tile).radius_m <= MAX_RADIUS_M

    def first_call(self, niche: Niche, tile: Box | None) -> ApiCall:
        query = {"limit": str(PAGE_SIZE), "offset": "0"} | self._where(tile)
        if niche.yelp_categories:
            query["categories"] = ",".join(niche.yelp_categories[:MOST_CATEGORIES])
        else:
            query["term"] = niche.label(language_of(self.area.country if self.area else None))
        return ApiCall(
            endpoint=ENDPOINT, query=query, items_in="businesses", cost_micro_usd=self.cost_micro_usd
        )

    def _where(self, tile: Box | None) -> dict[str, str]:
        """A circle; only where nobody knows the town's boundary its name, which may be another town's too."""
        if tile is None:
            return {"location": self.request.location[:MAX_LOCATION]}
        circle = self._circle(tile)
        return {
            "latitude": f"{circle.centre[0]:.6f}",
            "longitude": f"{circle.centre[1]:.6f}",
            "radius": str(ceil(circle.radius_m)),
        }

    def _circle(self, tile: Box) -> Circle:
        """The one that was ordered, or the one through the tile's corners."""
        if self.area is not None and self.area.circle is not None and tile == self.area.bounds:
            return self.area.circle
        return Circle(centre=tile.centre, radius_m=hypot(*sides_m(tile)) / 2)

    def page(self, answer: Mapping[str, Any], call: ApiCall, number: int) -> Page:
        records = answer.get("businesses")
        if not isinstance(records, list):
            raise SourceError(self.name, "its answer holds no list of businesses")
        given = answer.get("total")
        total = given if isinstance(given, int) and not isinstance(given, bool) else None
        asked_for = number * PAGE_SIZE
        has_more = total > asked_for if total is not None else len(records) >= PAGE_SIZE
        if asked_for >= MAX_RESULTS:
            return Page(records=records, hides_more=total is None or total > MAX_RESULTS)
        if not has_more:
            return Page(records=records)
        limit = min(PAGE_SIZE, MAX_RESULTS - asked_for)
        further = {**call.query, "offset": str(asked_for), "limit": str(limit)}
        return Page(records=records, next_call=replace(call, query=further))

    def place(self, fields: Fields, source_id: str, niche: Niche) -> Place:
        display_name = fields.text("name")
        if display_name is None:
            raise BadRecordError(f"no name ({'; '.join(fields.left_out)})" if fields.left_out else "no name")
        categories = [Fields(category) for category in fields.objects("categories")]
        aliases = [alias for category in categories if (alias := category.text("alias"))]
        found = self._niche(aliases, niche)
        closer = [
            title.lower()
            for category in categories
            if category.text("alias") not in found.yelp_categories[:1] and (title := category.text("title"))
        ]
        page = fields.text("url")
        return Place(
            source=self.name,
            source_id=source_id,
            name=display_name,
            niche=found.key,
            sub_niche=next(iter(closer), None),
            street=fields.text("location", "address1"),
            postcode=fields.text("location", "zip_code"),
            city=fields.text("location", "city"),
            country=country_code(fields.text("location", "country") or ""),
            latitude=fields.number("coordinates", "latitude", limit=90),
            longitude=fields.number("coordinates", "longitude", limit=180),
            phone=fields.text("phone") or fields.text("display_phone"),
            social_profiles=(page.partition("?")[0],) if page and page.startswith("https://") else (),
            is_closed=fields.node.get("is_closed") is True,
        )

    def _niche(self, aliases: Sequence[str], asked: Niche) -> Niche:
        """By its categories; where the table knows none of them, the service's own search is believed."""
        niches = (*self.request.all_niches, *NICHES.values())
        return niche_of_categories("yelp", aliases, niches) or asked
