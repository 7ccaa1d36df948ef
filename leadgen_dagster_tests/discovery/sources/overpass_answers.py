"""A small world on an Overpass server: answers of the shapes that the service gives, chosen by what was asked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from leadgen_dagster.discovery.sources.base import ApiCall

HEADER: Mapping[str, Any] = {
    "version": 0.6,
    "generator": "Overpass API 0.7.62",
    "osm3s": {"timestamp_osm_base": "2026-11-22T05:28:20Z", "copyright": "ODbL"},
}
LEEDS_ID = 118362


def _relation(number: int, box: tuple[float, float, float, float], tags: Mapping[str, str]) -> dict[str, Any]:
    bounds = dict(zip(("minlat", "minlon", "maxlat", "maxlon"), box, strict=True))
    kind = {"type": "boundary", "boundary": "administrative"}
    return {"type": "relation", "id": number, "bounds": bounds, "tags": {**kind, **tags}}


def _node(number: int, lat: float, lon: float, place: str, **tags: str) -> dict[str, Any]:
    return {"type": "node", "id": number, "lat": lat, "lon": lon, "tags": {"place": place, **tags}}


NAMED = [
    _relation(LEEDS_ID, (53.70, -1.80, 53.95, -1.29), {"name": "Leeds", "admin_level": "8"}),
    _node(1, 53.797, -1.544, "city", population="789,194", name="Leeds"),
    _node(2, 33.548, -86.544, "town", population="12324", name="Leeds"),
    _node(3, -32.928, 151.781, "city", population="322278", name="Newcastle"),
    _node(4, -27.758, 29.932, "city", population="363236", name="Newcastle"),
    _node(5, 43.854, -104.205, "town", population="3374", name="Newcastle"),
    _node(6, 47.538, -122.155, "town", population="13017", name="Newcastle"),
    _relation(7444, (48.81, 2.22, 48.91, 2.47), {"name": "Paris", "admin_level": "8", "population": "2103778"}),
    _relation(71525, (48.81, 2.22, 48.91, 2.47), {"name": "Paris", "admin_level": "6"}),
    _node(7, 33.661, -95.555, "town", population="24476", name="Paris"),
    _node(8, 45.520, -122.674, "city", population="652503", name="Portland"),
    _node(9, 43.657, -70.259, "city", population="68408", name="Portland"),
    _node(10, 53.741, -2.013, "town", population="4500", name="Hebden Bridge"),
    _relation(72, (53.72, -2.06, 53.77, -1.98), {"name": "Hebden Bridge", "admin_level": "10"}),
    _relation(73, (41.3, -5.2, 51.1, 9.6), {"name": "France", "admin_level": "2", "ISO3166-1": "FR"}),
    _node(12, 44.73, -73.11, "village", population="4845", name="Georgia"),
    _relation(161957, (30.3, -85.7, 35.1, -80.7), {"name": "Georgia", "admin_level": "4"}),
    _node(13, 40.712, -74.006, "city", population="8804190", name="New York"),
    _relation(175905, (40.47, -74.26, 40.92, -73.70), {"name": "New York", "admin_level": "5"}),
    _relation(61320, (40.47, -79.77, 45.02, -71.77), {"name": "New York", "admin_level": "4"}),
    _node(11, 48.137, 11.575, "city", population="1488202", **{"name": "München", "name:en": "Munich"}),
]  # fmt: skip

REGIONS = [
    ((49, -8, 61, 2), {"admin_level": "2", "name": "United Kingdom", "ISO3166-1": "GB"}),
    ((50, -6, 55.8, 2), {"admin_level": "4", "name": "England", "ISO3166-2": "GB-ENG"}),
    ((41, -5.2, 51.1, 9.6), {"admin_level": "2", "name": "France", "ISO3166-1:alpha2": "FR"}),
    ((47, 9.7, 55, 15), {"admin_level": "2", "name": "Deutschland", "name:en": "Germany", "ISO3166-1": "DE"}),
    ((24, -125, 49.4, -66), {"admin_level": "2", "name": "United States", "ISO3166-1": "US"}),
    ((42, -124.6, 46.3, -116.5), {"admin_level": "4", "name": "Oregon", "ISO3166-2": "US-OR"}),
    ((43, -71.1, 47.5, -67), {"admin_level": "4", "name": "Maine", "ISO3166-2": "US-ME"}),
    ((41, -111.1, 45, -104), {"admin_level": "4", "name": "Wyoming", "ISO3166-2": "US-WY"}),
    ((46.4, -124.8, 49, -117), {"admin_level": "4", "name": "Washington", "ISO3166-2": "US-WA"}),
    ((-44, 113, -10, 154), {"admin_level": "2", "name": "Australia", "ISO3166-1": "AU"}),
    ((-35, 16, -22, 33), {"admin_level": "2", "name": "South Africa", "ISO3166-1": "ZA"}),
]

_RING = ((53.70, -1.80), (53.95, -1.80), (53.95, -1.40), (53.80, -1.29), (53.70, -1.40))
LEEDS_WAYS = (_RING[:3], _RING[4:] + _RING[:1], tuple(reversed(_RING[2:])))
"""Three lines, one of them drawn the other way round."""


def shape(ways: Sequence[Sequence[tuple[float, float]]] = LEEDS_WAYS) -> dict[str, Any]:
    """A boundary as `out geom` gives it."""
    members: list[dict[str, Any]] = [
        {
            "type": "way",
            "ref": number,
            "role": "outer",
            "geometry": [{"lat": lat, "lon": lon} for lat, lon in way],
        }
        for number, way in enumerate(ways, start=1)
    ]
    members.append({"type": "node", "ref": 1, "role": "admin_centre", "lat": 53.797, "lon": -1.544})
    return {"type": "relation", "id": LEEDS_ID, "tags": {"name": "Leeds"}, "members": members}


def restaurant(number: int = 1, **fields: Any) -> dict[str, Any]:
    node = {"type": "node", "id": number, "lat": 53.80, "lon": -1.55, "timestamp": "2026-03-04T10:00:00Z"}
    return node | {"version": 3, "tags": {"amenity": "restaurant", "name": f"Osteria {number}"}} | fields


LEEDS_PLACES = [
    restaurant(1),
    restaurant(1, type="way", center={"lat": 53.81, "lon": -1.56}, lat=None, lon=None, nodes=[1, 2]),
    restaurant(1, type="relation", center={"lat": 53.82, "lon": -1.57}, lat=None, lon=None),
    restaurant(2, tags={"amenity": "restaurant;bar", "name": "Both", "addr:city": "Otley"}),
    restaurant(3, tags={"amenity": "restaurant"}),
    restaurant(4, lat=53.71, lon=-1.30),
    restaurant(5, tags={"amenity": "bank", "name": "No niche of ours"}),
]


def answer(call: ApiCall, places: Sequence[object] = LEEDS_PLACES) -> dict[str, Any]:
    """What the server says to a call."""
    query = (call.form or {})["data"]
    if "->.named" in query:
        return {**HEADER, "elements": list(_named(query))}
    if "is_in(" in query:
        return {**HEADER, "elements": list(_around(query))}
    if "out geom" in query:
        return {**HEADER, "elements": [shape()] if f"rel({LEEDS_ID})" in query else []}
    return {**HEADER, "elements": list(places)}


def _named(query: str) -> Iterator[dict[str, Any]]:
    wanted = set(re.findall(r'\["([a-z:_]+)"="((?:[^"\\]|\\.)*)"\]', query))
    for element in NAMED:
        if wanted.intersection(element["tags"].items()):
            yield element


def _around(query: str) -> Iterator[dict[str, Any]]:
    for lat, lon in re.findall(r"is_in\((-?[\d.]+),(-?[\d.]+)\)", query):
        for number, ((south, west, north, east), tags) in enumerate(REGIONS):
            if south <= float(lat) <= north and west <= float(lon) <= east:
                yield {"type": "area", "id": 3_600_000_000 + number, "tags": tags}
        yield {"type": "count", "id": 0, "tags": {"total": "2", "areas": "2"}}
