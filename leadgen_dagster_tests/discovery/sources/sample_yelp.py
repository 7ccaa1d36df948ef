"""A business search that answers as Yelp's description says, and what the contract test hands to the source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadgen_dagster.discovery.geography import rough_distance_m
from leadgen_dagster.discovery.sources.base import ApiCall, SourceAccess
from leadgen_dagster.errors import SourceError
from leadgen_dagster_tests.discovery.sources.recorded_api import RecordedApi

AROUND_HELSINKI = "60.17,24.94 2km"


def business(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A restaurant in central Helsinki, as the service writes one."""
    whole = {
        "id": f"yelp-{number:05}",
        "alias": f"ravintola-{number}-helsinki",
        "name": f"Ravintola {number}",
        "image_url": "https://s3-media1.fl.yelpcdn.com/bphoto/x/o.jpg",
        "is_closed": False,
        "url": f"https://www.yelp.com/biz/ravintola-{number}-helsinki?adjust_creative=x&utm_source=x",
        "review_count": 12,
        "rating": 4.5,
        "categories": [
            {"alias": "italian", "title": "Italian"},
            {"alias": "restaurants", "title": "Restaurants"},
        ],
        "coordinates": {
            "latitude": 60.165 + number % 100 / 10_000,
            "longitude": 24.93 + number // 100 / 1_000,
        },
        "transactions": [],
        "location": {
            "address1": "Yrjönkatu 30",
            "address2": None,
            "address3": "",
            "city": "Helsinki",
            "zip_code": "00100",
            "country": "FI",
            "state": "18",
            "display_address": ["Yrjönkatu 30", "00100 Helsinki", "Finland"],
        },
        "phone": "+3589666001",
        "display_phone": "+358 9 666001",
        "distance": 512.3,
    }
    return whole | fields


@dataclass
class Yelp:
    """All that the service knows, the best known first; a search shows 240, 50 a page."""

    records: Sequence[Mapping[str, Any]]

    def answer(self, call: ApiCall) -> Mapping[str, Any]:
        limit, offset = int(call.query["limit"]), int(call.query["offset"])
        if limit > 50 or limit + offset > 240 or int(call.query.get("radius", 0)) > 40_000:
            raise SourceError("yelp", "answered 400: VALIDATION_ERROR")
        found = [each for each in self.records if _lies_in(each, call.query)]
        return {"businesses": found[offset : offset + limit], "total": len(found), "region": {"center": {}}}


def _lies_in(each: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    if "location" in query:
        return True
    centre, point = (float(query["latitude"]), float(query["longitude"])), each["coordinates"]
    return rough_distance_m(centre, (point["latitude"], point["longitude"])) <= int(query["radius"])


def access_to(api: RecordedApi) -> SourceAccess:
    return SourceAccess(api=api.of)


def sample(_tmp_path: Path) -> tuple[SourceAccess, str]:
    yelp = Yelp([business(number) for number in range(70)])
    return access_to(RecordedApi(answer=yelp.answer)), AROUND_HELSINKI
