"""Small Parquet files of open place data, in both generations of either schema."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

POINT_XY = (24.94, 60.17)


def wkb(longitude: float, latitude: float, *, order: str = "<") -> bytes:
    return struct.pack(f"{order}BI2d", order == "<", 1, longitude, latitude)


def overture_row(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A record of the older generation, which has `categories`."""
    longitude, latitude = changes.pop("at", POINT_XY)
    row: dict[str, Any] = {
        "id": f"0000{number}",
        "geometry": wkb(longitude, latitude),
        "bbox": {"xmin": longitude, "xmax": longitude, "ymin": latitude, "ymax": latitude},
        "names": {"primary": f"Osteria {number}", "common": {"en": f"Inn {number}"}},
        "categories": {"primary": "restaurant", "alternate": ["bar"]},
        "confidence": 0.93,
        "websites": [f"https://osteria{number}.example.fi/"],
        "socials": ["https://www.facebook.com/12345"],
        "emails": [f"info@osteria{number}.example.fi"],
        "phones": ["+358401234567", "+35891234567"],
        "brand": None,
        "addresses": [
            {
                "freeform": f"Kaivokatu {number}",
                "locality": "Helsinki",
                "postcode": "00100",
                "region": "FI-18",
                "country": "FI",
            }
        ],
        "operating_status": "open",
        "sources": [
            {
                "property": "",
                "dataset": "meta",
                "license": "CDLA-Permissive-2.0",
                "record_id": "12345",
                "update_time": "2026-02-24T08:00:00.000Z",
                "confidence": 0.9,
            }
        ],
    }
    return row | changes


def newer_overture_row(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A record of the newer generation, which has `taxonomy` and `basic_category`."""
    row = overture_row(number)
    del row["categories"]
    row["basic_category"] = "restaurant"
    row["taxonomy"] = {
        "primary": "italian_restaurant",
        "hierarchy": ["food_and_drink", "restaurant", "italian_restaurant"],
        "alternates": ["bar"],
    }
    return row | changes


def foursquare_row(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A record of the open data."""
    longitude, latitude = changes.pop("at", POINT_XY)
    row: dict[str, Any] = {
        "fsq_place_id": f"4b05{number:020d}",
        "name": f"Trattoria {number}",
        "latitude": latitude,
        "longitude": longitude,
        "address": f"Kaivokatu {number}",
        "locality": "Helsinki",
        "region": "Uusimaa",
        "postcode": "00100",
        "country": "FI",
        "date_created": "2019-01-01",
        "date_refreshed": "2026-03-04",
        "date_closed": None,
        "tel": "+358 9 1234567",
        "website": f"https://trattoria{number}.example.fi",
        "email": f"ciao@trattoria{number}.example.fi",
        "facebook_id": 12345,
        "instagram": "trattoria",
        "twitter": None,
        "fsq_category_ids": ["4bf58dd8d48988d110941735"],
        "fsq_category_labels": [
            "Dining and Drinking > Restaurant > Italian Restaurant",
            "Dining and Drinking > Bar",
        ],
        "unresolved_flags": [],
        "geom": wkb(longitude, latitude) if longitude is not None and latitude is not None else None,
    }
    return row | changes


def older_foursquare_row(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A record as the flat files before the open data named its columns."""
    row = foursquare_row(number)
    row["fsq_id"] = row.pop("fsq_place_id")
    row["category_labels"] = row.pop("fsq_category_labels")
    del row["geom"], row["unresolved_flags"]
    return row | changes


def write_parquet(path: Path, rows: Sequence[dict[str, Any]], *, rows_a_group: int | None = None) -> Path:
    """A file of those records."""
    import pyarrow as pa
    from pyarrow import parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(
        pa.Table.from_pylist(list(rows)), path, row_group_size=rows_a_group, write_page_checksum=True
    )
    return path
