"""Google Places API (New), text search: asked for a rectangle, 20 results a page, three pages at most.

Facts from the service's published description (revision 20261101) and its pages. What it gives may not be kept, but
for the ids: `policies.yaml`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.countries import country_code, language_of, street_line
from leadgen_dagster.discovery.geography import Box
from leadgen_dagster.discovery.locations import SearchArea
from leadgen_dagster.discovery.niches import NICHES, Niche, niche_of_categories
from leadgen_dagster.discovery.opening_hours import hours_of_periods
from leadgen_dagster.discovery.sources.answers import BadRecordError, Fields
from leadgen_dagster.discovery.sources.base import ApiCall, PlaceRequest
from leadgen_dagster.discovery.sources.survey import Page
from leadgen_dagster.discovery.sources.surveyed import SurveyedSource
from leadgen_dagster.errors import SourceError

ENDPOINT = "/v1/places:searchText"
PAGE_SIZE = 20
MAX_PAGES = 3
FULL_PAGE = 15
"""A third page with so many results is taken for the ceiling: the service leaves out one or another of 20."""
MAX_TOKEN = 20_000

FIELDS = (
    "id", "displayName", "primaryType", "types", "businessStatus", "addressComponents", "location", "websiteUri",
    "internationalPhoneNumber", "nationalPhoneNumber", "regularOpeningHours",
)  # fmt: skip
"""What a lead needs. Ratings and reviews are no part of it; a website and a phone number set the price of a call."""
FIELD_MASK = ",".join((*(f"places.{name}" for name in FIELDS), "nextPageToken"))

CITY_TYPES = (
    "locality", "postal_town", "sublocality_level_1", "sublocality", "administrative_area_level_3",
)  # fmt: skip
"""Components that are a town, the best first: a British address has a post town, one in Brooklyn a sublocality."""
CLOSED = "CLOSED_PERMANENTLY"
"""Of `businessStatus`; what is closed for a while, or opens soon, is a business."""


class GooglePlacesSource(SurveyedSource):
    """Text search, one search a niche, and for crowded parts of the area one more each."""

    name = "google_places"
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
    name: str = GooglePlacesSource.name
    page_size: int = PAGE_SIZE

    def fits(self, _tile: Box) -> bool:
        """A rectangle may be of any size."""
        return True

    def first_call(self, niche: Niche, tile: Box | None) -> ApiCall:
        """The rectangle says where; only without one the text does, for a town's name would leave its suburbs out."""
        country = self.area.country if self.area else None
        language = language_of(country)
        label = niche.label(language)
        document: dict[str, Any] = {
            "textQuery": f"{label} in {self.request.location}" if tile is None else label,
            "pageSize": PAGE_SIZE,
        }
        if niche.google_types:
            document["includedType"] = niche.google_types[0]
            # With one type, all others would be paid for nothing; with several, the text has to find the rest.
            document["strictTypeFiltering"] = len(niche.google_types) == 1
        if language:
            document["languageCode"] = language
        if country:
            document["regionCode"] = country
        if tile is not None:
            document["locationRestriction"] = {"rectangle": _rectangle(tile)}
        return ApiCall(
            endpoint=ENDPOINT,
            method="POST",
            document=document,
            headers={"X-Goog-FieldMask": FIELD_MASK},
            items_in="places",
            cost_micro_usd=self.cost_micro_usd,
        )

    def page(self, answer: Mapping[str, Any], call: ApiCall, number: int) -> Page:
        """A search without a result is answered with an empty object."""
        records = answer.get("places") or []
        if not isinstance(records, list):
            raise SourceError(self.name, "its answer holds no list of places")
        token = _token(answer)
        if number >= MAX_PAGES:
            return Page(records=records, hides_more=token is not None or len(records) >= FULL_PAGE)
        if token is None:
            return Page(records=records)
        # The same question with the token: the service refuses a token with any other.
        return Page(
            records=records, next_call=replace(call, document={**(call.document or {}), "pageToken": token})
        )

    def place(self, fields: Fields, source_id: str, niche: Niche) -> Place:
        display_name = fields.text("displayName", "text")
        if display_name is None:
            raise BadRecordError(f"no name ({'; '.join(fields.left_out)})" if fields.left_out else "no name")
        components = fields.objects("addressComponents")
        country = country_code(_component(components, "country", "shortText") or "")
        primary_type = fields.text("primaryType")
        found = self._niche(primary_type, fields.texts("types"), niche)
        is_closer = primary_type is not None and primary_type not in found.google_types[:1]
        return Place(
            source=self.name,
            source_id=source_id,
            name=display_name,
            niche=found.key,
            sub_niche=primary_type.replace("_", " ") if primary_type and is_closer else None,
            street=street_line(
                _component(components, "route"), _component(components, "street_number"), country
            ),
            postcode=_component(components, "postal_code"),
            city=next((town for kind in CITY_TYPES if (town := _component(components, kind))), None),
            country=country,
            latitude=fields.number("location", "latitude", limit=90),
            longitude=fields.number("location", "longitude", limit=180),
            phone=fields.text("internationalPhoneNumber") or fields.text("nationalPhoneNumber"),
            website=fields.text("websiteUri"),
            opening_hours=_hours(fields),
            is_closed=fields.text("businessStatus") == CLOSED,
        )

    def _niche(self, primary_type: str | None, types: Sequence[str], asked: Niche) -> Niche:
        """By what it is in the first place, else by any of its types: a hotel with a restaurant is a hotel.

        Where no type is one of the table's, the service's own search is believed.
        """
        niches = (*self.request.all_niches, *NICHES.values())
        return (
            niche_of_categories("google", [primary_type or ""], niches)
            or niche_of_categories("google", types, niches)
            or asked
        )


def _rectangle(tile: Box) -> Mapping[str, Any]:
    return {
        "low": {"latitude": tile.south, "longitude": tile.west},
        "high": {"latitude": tile.north, "longitude": tile.east},
    }


def _token(answer: Mapping[str, Any]) -> str | None:
    token = answer.get("nextPageToken")
    is_one = isinstance(token, str) and token.isascii() and token.isprintable() and len(token) <= MAX_TOKEN
    return token if is_one and token else None


def _hours(fields: Fields) -> str | None:
    path = ("regularOpeningHours", "periods")
    periods = fields.all_objects(*path)
    hours = hours_of_periods(periods)
    if periods and hours is None:
        fields.leave_out(path, "is no week that can be read")
    return hours


def _component(components: Iterable[Mapping[str, object]], kind: str, part: str = "longText") -> str | None:
    """The part of the address that has a type."""
    for component in components:
        fields = Fields(component)
        if kind in fields.texts("types") and (text := fields.text(part)):
            return text
    return None
