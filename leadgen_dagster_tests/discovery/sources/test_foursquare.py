from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.niches import find_niche
from leadgen_dagster.discovery.sources.base import Note, Rejected, SourceAccess
from leadgen_dagster.discovery.sources.foursquare import FoursquareSource
from leadgen_dagster.errors import FileError
from leadgen_dagster_tests.discovery.builders import places_of, request_for
from leadgen_dagster_tests.discovery.sources.parquet_samples import (
    foursquare_row,
    older_foursquare_row,
    write_parquet,
)

BOX = "60.16,24.92,60.18,24.97"


def written(tmp_path: Path, *rows: dict[str, Any]) -> FoursquareSource:
    path = write_parquet(tmp_path / "places.parquet", rows)
    return FoursquareSource(SourceAccess(path=path, label=path.name))


def names_of(source: FoursquareSource, location: str = BOX) -> list[str]:
    return [place.name for place in places_of(source, request_for(location))]


def test_a_record_gives_all_that_it_says(tmp_path: Path) -> None:
    (place,) = places_of(written(tmp_path, foursquare_row(7)), request_for(BOX))
    assert place == Place(
        source="foursquare",
        source_id="4b0500000000000000000007",
        name="Trattoria 7",
        niche="restaurant",
        sub_niche="Italian Restaurant",
        street="Kaivokatu 7",
        postcode="00100",
        city="Helsinki",
        country="FI",
        latitude=60.17,
        longitude=24.94,
        phone="+358 9 1234567",
        email="ciao@trattoria7.example.fi",
        website="https://trattoria7.example.fi",
        social_profiles=("https://www.facebook.com/12345", "https://www.instagram.com/trattoria"),
        last_edited=date(2026, 3, 4),
        tags={"category": "Dining and Drinking > Restaurant > Italian Restaurant"},
    )


def test_the_older_column_names_are_read_too(tmp_path: Path) -> None:
    (place,) = places_of(written(tmp_path, older_foursquare_row(7)), request_for(BOX))
    assert (place.source_id, place.niche) == ("4b0500000000000000000007", "restaurant")


@pytest.mark.parametrize(
    ("closed", "is_closed"), [(None, False), ("", False), ("2025-01-31", True), (date(2025, 1, 31), True)]
)
def test_a_record_with_a_closing_date_is_closed(tmp_path: Path, closed: object, is_closed: bool) -> None:
    (place,) = places_of(written(tmp_path, foursquare_row(date_closed=closed)), request_for(BOX))
    assert place.is_closed is is_closed


def test_a_closer_niche_than_the_ordered_one_keeps_its_places(tmp_path: Path) -> None:
    above = "Business and Professional Services > Health and Beauty Service"
    rows = [
        foursquare_row(1, fsq_category_labels=[f"{above} > Hair Salon"]),
        foursquare_row(2, fsq_category_labels=[f"{above} > Spa"]),
    ]
    request = replace(request_for(BOX), niches=find_niche("beautician"))
    assert [place.name for place in places_of(written(tmp_path, *rows), request)] == ["Trattoria 2"]


def test_the_first_category_decides(tmp_path: Path) -> None:
    labels = ["Travel and Transportation > Lodging > Hotel", "Dining and Drinking > Restaurant"]
    source = written(tmp_path, foursquare_row(1), foursquare_row(2, fsq_category_labels=labels))
    assert names_of(source) == ["Trattoria 1"]


def test_records_that_people_say_are_no_places_are_left_out_and_counted(tmp_path: Path) -> None:
    source = written(
        tmp_path,
        foursquare_row(1),
        foursquare_row(2, unresolved_flags=["duplicate"]),
        foursquare_row(3, name=" "),
    )
    items = list(source.places(request_for(BOX)))
    assert [item.text for item in items if isinstance(item, Note)] == [
        "places.parquet: records left out because they are flagged as no places: 1",
        "places.parquet: records left out for want of a name: 1",
    ]


def test_a_record_without_coordinates_belongs_to_the_town_that_it_names_and_to_no_box(tmp_path: Path) -> None:
    source = written(tmp_path, foursquare_row(1), foursquare_row(2, at=(None, None)))
    assert names_of(source, "Helsinki") == ["Trattoria 1", "Trattoria 2"]
    assert names_of(source, "Helsinki, Uusimaa") == ["Trattoria 1", "Trattoria 2"]
    assert names_of(source) == ["Trattoria 1"]


@pytest.mark.parametrize("number", [str, Decimal], ids=["texts", "decimals"])
def test_coordinates_may_be_texts_or_decimals(tmp_path: Path, number: Any) -> None:
    rows = [
        foursquare_row(n, latitude=number("60.17"), longitude=number(longitude), geom=None)
        for n, longitude in enumerate(["24.94", "25.94"])
    ]
    assert names_of(written(tmp_path, *rows)) == ["Trattoria 0"]


def test_a_word_for_a_coordinate_sets_the_record_aside(tmp_path: Path) -> None:
    rows = [
        foursquare_row(n, latitude=text, longitude="24.94", geom=None)
        for n, text in enumerate(["60.17", "north"])
    ]
    items = list(written(tmp_path, *rows).places(request_for(BOX)))
    assert [item.name for item in items if isinstance(item, Place)] == ["Trattoria 0"]
    assert [item for item in items if isinstance(item, Rejected)] == [
        Rejected("foursquare 4b0500000000000000000001: coordinates that are nowhere on Earth")
    ]


def test_a_day_after_the_end_of_time_sets_the_record_aside(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "places.parquet", [foursquare_row(1), foursquare_row(2)])
    table = parquet.read_table(path)
    days = pa.array([20_000, 2**31 - 1], pa.int32()).view(pa.date32())
    index = table.schema.get_field_index("date_refreshed")
    parquet.write_table(table.set_column(index, "date_refreshed", days), path)
    items = list(FoursquareSource(SourceAccess(path=path, label="x")).places(request_for(BOX)))
    assert [item.last_edited for item in items if isinstance(item, Place)] == [date(2024, 10, 4)]
    assert Rejected("foursquare: a record with a value that is no text or no day") in items


def test_a_file_of_something_else_is_told_by_the_column_that_it_lacks(tmp_path: Path) -> None:
    path = write_parquet(
        tmp_path / "categories.parquet", [{"category_id": "1", "category_name": "Restaurant"}]
    )
    source = FoursquareSource(SourceAccess(path=path, label="categories.parquet"))
    with pytest.raises(FileError, match="no column says the id; looked for fsq_place_id, fsq_id"):
        source.check_ready("Helsinki")
