"""A Places API that answers as Google's description says, and what the contract test hands to the source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadgen_dagster.discovery.sources.base import ApiCall, SourceAccess
from leadgen_dagster_tests.discovery.sources.recorded_api import RecordedApi

USD_PER_1000 = 35.0
HELSINKI_BOX = "60.16,24.92,60.18,24.97"


def record(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A restaurant in central Helsinki, as the service writes one."""
    whole = {
        "id": f"ChIJ{number:05}",
        "displayName": {"text": f"Ravintola {number}", "languageCode": "fi"},
        "primaryType": "italian_restaurant",
        "types": ["italian_restaurant", "restaurant", "food", "point_of_interest", "establishment"],
        "businessStatus": "OPERATIONAL",
        "addressComponents": [
            {"longText": "30", "shortText": "30", "types": ["street_number"]},
            {"longText": "Yrjönkatu", "shortText": "Yrjönkatu", "types": ["route"]},
            {"longText": "Helsinki", "shortText": "HKI", "types": ["locality", "political"]},
            {"longText": "Finland", "shortText": "FI", "types": ["country", "political"]},
            {"longText": "00100", "shortText": "00100", "types": ["postal_code"]},
        ],
        "location": {"latitude": 60.165 + number % 100 / 10_000, "longitude": 24.93 + number // 100 / 1_000},
        "websiteUri": f"https://ravintola{number}.fi/",
        "internationalPhoneNumber": "+358 9 666001",
        "nationalPhoneNumber": "09 666001",
        "regularOpeningHours": {
            "periods": [
                {
                    "open": {"day": day, "hour": 11, "minute": 0},
                    "close": {"day": day, "hour": 22, "minute": 30},
                }
                for day in range(7)
            ],
            "weekdayDescriptions": ["Monday: 11:00 AM - 10:30 PM"],
        },
    }
    return whole | fields


@dataclass
class GooglePlaces:
    """All that the service knows, the best known first; a search shows 60 of a rectangle, 20 a page."""

    records: Sequence[Mapping[str, Any]]

    def answer(self, call: ApiCall) -> Mapping[str, Any]:
        document = dict(call.document or {})
        start = int(document.pop("pageToken", "from-0").removeprefix("from-"))
        rectangle = document.get("locationRestriction", {}).get("rectangle")
        found = [each for each in self.records if rectangle is None or _lies_in(each, rectangle)][:60]
        answer: dict[str, Any] = {"places": found[start : start + 20]} if found else {}
        if start + 20 < len(found):
            answer["nextPageToken"] = f"from-{start + 20}"
        return answer


def _lies_in(each: Mapping[str, Any], rectangle: Mapping[str, Any]) -> bool:
    low, high, point = rectangle["low"], rectangle["high"], each["location"]
    return all(low[axis] <= point[axis] <= high[axis] for axis in ("latitude", "longitude"))


def access_to(api: RecordedApi) -> SourceAccess:
    return SourceAccess(api=api.of, price_usd_per_1000_calls=USD_PER_1000)


def sample(_tmp_path: Path) -> tuple[SourceAccess, str]:
    google = GooglePlaces([record(number) for number in range(70)])
    return access_to(RecordedApi(answer=google.answer)), HELSINKI_BOX
