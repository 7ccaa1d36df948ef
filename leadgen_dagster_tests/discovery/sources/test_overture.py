import contextlib
import math
import struct
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from leadgen_dagster.clients.datasets import open_dataset
from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.locations import SearchArea
from leadgen_dagster.discovery.sources.base import Note, Rejected, SourceAccess
from leadgen_dagster.discovery.sources.overture import OvertureSource
from leadgen_dagster.discovery.sources.parquet_footer import value_ranges
from leadgen_dagster.discovery.sources.parquet_layout import point_of_wkb
from leadgen_dagster.errors import FileError, OrderError, UserError
from leadgen_dagster_tests.discovery.builders import places_of, request_for
from leadgen_dagster_tests.discovery.sources.parquet_samples import (
    newer_overture_row,
    overture_row,
    wkb,
    write_parquet,
)

BOX = "60.16,24.92,60.18,24.97"


def source_of(path: Path) -> OvertureSource:
    return OvertureSource(SourceAccess(path=path, label=path.name))


def written(tmp_path: Path, *rows: dict[str, Any], rows_a_group: int | None = None) -> OvertureSource:
    return source_of(write_parquet(tmp_path / "places.parquet", rows, rows_a_group=rows_a_group))


def ids_of(source: OvertureSource, location: str, niche: str = "restaurants") -> list[str]:
    return [place.source_id for place in places_of(source, request_for(location, niche))]


# ------------------------------------------------------------------------------------ what a record says


def test_a_record_gives_all_that_it_says(tmp_path: Path) -> None:
    (place,) = places_of(written(tmp_path, overture_row(7)), request_for(BOX))
    assert place == Place(
        source="overture",
        source_id="00007",
        name="Osteria 7",
        niche="restaurant",
        street="Kaivokatu 7",
        postcode="00100",
        city="Helsinki",
        country="FI",
        latitude=60.17,
        longitude=24.94,
        phone="+358401234567;+35891234567",
        email="info@osteria7.example.fi",
        website="https://osteria7.example.fi/",
        social_profiles=("https://www.facebook.com/12345",),
        last_edited=date(2026, 2, 24),
        tags={
            "category": "restaurant",
            "operating_status": "open",
            "dataset": "meta",
            "dataset_licence": "CDLA-Permissive-2.0",
            "confidence": "0.93",
        },
    )


def test_both_generations_of_the_categories_are_read_even_in_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "theme=places" / "type=place"
    write_parquet(folder / "part-0.parquet", [overture_row(1)])
    write_parquet(folder / "part-1.parquet", [newer_overture_row(2)])
    (folder / "_SUCCESS").write_bytes(b"")
    source = OvertureSource(SourceAccess(label=str(tmp_path), open_dataset=open_dataset))
    old, new = places_of(source, request_for(BOX))
    assert (old.source_id, old.niche, old.sub_niche) == ("00001", "restaurant", None)
    assert (new.source_id, new.niche, new.sub_niche) == ("00002", "restaurant", "italian restaurant")


def test_a_category_without_a_niche_is_known_by_the_one_above_it(tmp_path: Path) -> None:
    row = newer_overture_row(
        taxonomy={
            "primary": "restaurant_of_tomorrow",
            "hierarchy": ["food", "restaurant", "x"],
            "alternates": None,
        }
    )
    assert ids_of(written(tmp_path, row | {"basic_category": None}), BOX) == ["00001"]


def test_what_a_place_is_also_called_counts_only_where_its_main_category_is_no_niche(tmp_path: Path) -> None:
    hotel = overture_row(1, categories={"primary": "hotel", "alternate": ["restaurant"]})
    other = overture_row(2, categories={"primary": "no_such_thing", "alternate": ["restaurant"]})
    assert ids_of(written(tmp_path, hotel, other), BOX) == ["00002"]


def test_neighbours_of_other_niches_are_given_too(tmp_path: Path) -> None:
    source = written(
        tmp_path, overture_row(1), overture_row(2, categories={"primary": "hotel", "alternate": None})
    )
    request = request_for(BOX, with_neighbours=True)
    assert {place.niche for place in places_of(source, request)} == {"restaurant", "hotel"}


def test_a_brand_is_told_by_its_name_or_its_number(tmp_path: Path) -> None:
    named = overture_row(1, brand={"wikidata": "Q37158", "names": {"primary": "Coffee Chain"}})
    numbered = overture_row(2, brand={"wikidata": "Q37158", "names": {"primary": None}})
    places = places_of(written(tmp_path, named, numbered), request_for(BOX))
    assert [place.brand for place in places] == ["Coffee Chain", "Q37158"]


def test_only_what_is_closed_for_good_is_closed(tmp_path: Path) -> None:
    rows = [
        overture_row(n, operating_status=status)
        for n, status in enumerate(["open", "temporarily_closed", "permanently_closed", None])
    ]
    places = places_of(written(tmp_path, *rows), request_for(BOX))
    assert [place.is_closed for place in places] == [False, False, True, False]


def test_of_several_websites_the_own_one_is_taken(tmp_path: Path) -> None:
    row = overture_row(websites=["https://www.facebook.com/osteria", "https://osteria.example.fi"])
    (place,) = places_of(written(tmp_path, row), request_for(BOX))
    assert place.website == "https://osteria.example.fi"


def test_doubtful_and_nameless_records_are_left_out_and_counted(tmp_path: Path) -> None:
    source = written(
        tmp_path,
        overture_row(1, confidence=0.49),
        overture_row(2, confidence=None),
        overture_row(3, names={"primary": None}),
        overture_row(4, names=None),
        overture_row(2),
    )
    items = list(source.places(request_for(BOX)))
    assert [item.source_id for item in items if isinstance(item, Place)] == ["00002"]
    assert [item.text for item in items if isinstance(item, Note)] == [
        "places.parquet: records left out because their id came before: 1",
        "places.parquet: records left out for a confidence below 0.5: 1",
        "places.parquet: records left out for want of a name: 2",
    ]


# ------------------------------------------------------------------------------------ where


def test_nothing_outside_the_box_or_the_circle_is_given(tmp_path: Path) -> None:
    east = overture_row(2, at=(24.970001, 60.17))
    near, far = overture_row(3, at=(24.95, 60.17)), overture_row(4, at=(24.9405, 60.18))
    source = written(tmp_path, overture_row(1), east, near, far)
    assert ids_of(source, BOX) == ["00001", "00003", "00004"]
    assert ids_of(source, "60.17,24.94 1km") == ["00001", "00003"]


def test_the_exact_point_decides_where_the_box_is_rounded(tmp_path: Path) -> None:
    row = overture_row(at=(24.9700004, 60.17))
    row["bbox"] = {"xmin": 24.9699, "xmax": 24.9701, "ymin": 60.1699, "ymax": 60.1701}
    assert ids_of(written(tmp_path, row), BOX) == []


@pytest.mark.parametrize("missing", ["bbox", "geometry"])
def test_either_the_box_or_the_geometry_is_enough(tmp_path: Path, missing: str) -> None:
    rows = [overture_row(1), overture_row(2, at=(25.5, 60.17))]
    for row in rows:
        del row[missing]
    assert ids_of(written(tmp_path, *rows), BOX) == ["00001"]
    assert ids_of(written(tmp_path, *rows), "Helsinki") == ["00001", "00002"]


def test_the_area_that_was_searched_comes_first(tmp_path: Path) -> None:
    source = written(tmp_path, overture_row(1, at=(24.93, 60.16)), overture_row(2, at=(24.95, 60.18)))
    (area, *places) = source.places(request_for("helsinki"))
    assert isinstance(area, SearchArea)
    assert (area.label, area.country) == ("Helsinki, FI", "FI")
    assert all(
        isinstance(item, Place) and area.contains((item.latitude or 0, item.longitude or 0))
        for item in places
    )
    assert not area.contains((60.17, 24.99))


def address(locality: str | None, country: str = "FI", region: str | None = None) -> list[dict[str, Any]]:
    return [{"freeform": "x 1", "locality": locality, "postcode": None, "region": region, "country": country}]


def test_a_name_means_the_rows_that_name_it_and_those_without_a_town_between_them(tmp_path: Path) -> None:
    source = written(
        tmp_path,
        overture_row(1, at=(24.93, 60.16)),
        overture_row(2, at=(24.95, 60.18)),
        overture_row(3, addresses=[]),
        overture_row(4, addresses=None, at=(25.5, 60.17)),
        overture_row(5, addresses=address("Espoo")),
        overture_row(6, addresses=address("HELSINKI"), at=(0.0, 0.0)),
    )
    source.check_ready("Helsinki, Finland")
    items = list(source.places(request_for("Helsinki, Finland")))
    assert [item.source_id for item in items if isinstance(item, Place)] == ["00001", "00002", "00003"]
    assert Note("places.parquet: records left out because they name Helsinki but lie elsewhere: 1") in items


def test_of_two_countries_the_one_behind_the_comma_the_agencys_or_the_commonest_is_meant(
    tmp_path: Path,
) -> None:
    source = written(
        tmp_path,
        overture_row(1, addresses=address("Newcastle", "GB"), at=(-1.61, 54.97)),
        overture_row(2, addresses=address("Newcastle", "GB"), at=(-1.62, 54.97)),
        overture_row(3, addresses=address("Newcastle", "AU", "AU-NSW"), at=(151.78, -32.93)),
    )
    assert ids_of(source, "Newcastle, AU") == ids_of(source, "Newcastle, NSW") == ["00003"]
    items = list(source.places(request_for("Newcastle")))
    assert [item.source_id for item in items if isinstance(item, Place)] == ["00001", "00002"]
    assert Note("places.parquet: Newcastle is taken as the one in GB; it is also named in AU (1)") in items
    with pytest.raises(OrderError, match="names it in other places: AU-NSW, AU; GB"):
        source.check_ready("Newcastle, FI")


def test_an_unknown_name_is_refused_before_an_order_stands_with_the_nearest_ones(tmp_path: Path) -> None:
    source = written(tmp_path, overture_row(1), overture_row(2, addresses=address("Espoo")))
    with pytest.raises(
        OrderError, match=r"location: 'Helsingi' is not allowed; .* the nearest .* Helsinki, Espoo"
    ):
        source.check_ready("Helsingi")
    with pytest.raises(OrderError, match="names no town at all; give a box"):
        written(tmp_path, overture_row(1, addresses=None)).check_ready("Helsinki")


# ------------------------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize(
    ("at", "is_said"),
    [((math.nan, 60.17), True), ((math.inf, 60.17), True), ((24.94, 95.0), True), ((None, None), False)],
    ids=["nan", "infinite", "off-earth", "none"],
)
def test_a_record_that_is_nowhere_is_set_aside_and_its_neighbours_are_given(
    tmp_path: Path, at: tuple[float, float], is_said: bool
) -> None:
    longitude, latitude = at
    poisoned = overture_row(2)
    poisoned["bbox"] = {"xmin": longitude, "xmax": longitude, "ymin": latitude, "ymax": latitude}
    poisoned["geometry"] = wkb(longitude, latitude) if is_said else None
    items = list(written(tmp_path, overture_row(1), poisoned, overture_row(3)).places(request_for(BOX)))
    assert [item.source_id for item in items if isinstance(item, Place)] == ["00001", "00003"]
    told = [item.reason for item in items if isinstance(item, Rejected)]
    assert told == (["overture 00002: coordinates that are nowhere on Earth"] if is_said else [])


def test_texts_for_lists_and_numbers_for_structs_are_no_reason_to_stop(tmp_path: Path) -> None:
    row = overture_row() | {
        "websites": "https://osteria.example.fi",
        "phones": 358,
        "sources": "meta",
        "brand": 5,
        "addresses": "Kaivokatu 1",
        "operating_status": 1,
        "confidence": "high",
        "socials": None,
        "emails": [None, " ", "a@b.fi"],
    }
    (place,) = places_of(written(tmp_path, row), request_for(BOX))
    assert (place.website, place.phone, place.email) == ("https://osteria.example.fi", None, "a@b.fi")
    assert (place.brand, place.city, place.last_edited) == (None, None, None)


def test_a_record_with_broken_text_is_set_aside_and_its_neighbours_are_given(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "places.parquet", [overture_row(n) for n in range(1, 4)])
    table = parquet.read_table(path)
    broken = pa.array([b"00001", b"\xff\xfe", b"00003"], pa.binary()).view(pa.string())
    parquet.write_table(table.set_column(0, "id", broken), path)
    items = list(source_of(path).places(request_for("Helsinki")))
    assert [item.source_id for item in items if isinstance(item, Place)] == ["00001", "00003"]
    assert Rejected("overture: a record with a value that is no text or no day") in items


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"name,town\nOsteria,Helsinki\n"], ids=["empty", "letters", "csv"]
)
def test_what_is_no_parquet_file_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "places.parquet"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"^places\.parquet: not a complete Parquet file \(") as caught:
        source_of(path).check_ready(BOX)
    assert "\n" not in str(caught.value)


def test_a_damaged_file_never_ends_the_process_and_says_where_the_damage_is(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "x.parquet", [overture_row(n) for n in range(20)], rows_a_group=10)
    whole = path.read_bytes()
    told = []
    footer = int.from_bytes(whole[-8:-4], "little")
    places = [*range(10, len(whole) - footer, 997), *range(len(whole) - footer, len(whole), 97)]
    for place in places:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        try:
            list(source_of(path).places(request_for(BOX)))
        except UserError as error:
            told.append(str(error))
    assert len(told) > len(places) / 3
    assert all(line.startswith("x.parquet: ") and "\n" not in line for line in told)
    assert any("row group 2 of 2 cannot be read" in line for line in told)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_file_gives_no_rows(tmp_path: Path, share: float) -> None:
    path = write_parquet(tmp_path / "x.parquet", [overture_row(n) for n in range(20)])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(FileError, match="not a complete Parquet file"):
        source_of(path).check_ready("Helsinki")


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("id", "no column says the id; looked for id"),
        ("names", r"no column says the name; looked for names\.primary"),
        (
            "categories",
            r"no column says the category; looked for taxonomy\.primary, categories\.primary, basic_cat",
        ),
    ],
)
def test_a_missing_column_is_named_with_its_file(tmp_path: Path, column: str, told: str) -> None:
    row = overture_row()
    del row[column]
    write_parquet(tmp_path / "release" / "part-0.parquet", [row])
    source = OvertureSource(SourceAccess(label=str(tmp_path / "release"), open_dataset=open_dataset))
    with pytest.raises(FileError, match=rf"release/part-0\.parquet: {told}"):
        source.check_ready(BOX)


def test_a_folder_without_parquet_and_a_file_that_went_are_told(tmp_path: Path) -> None:
    source = OvertureSource(SourceAccess(label=str(tmp_path), open_dataset=open_dataset))
    with pytest.raises(FileError, match=r"holds no \.parquet file"):
        source.check_ready(BOX)
    with pytest.raises(FileError, match="there is no such file or folder"):
        source_of(tmp_path / "gone.parquet").check_ready(BOX)
    with pytest.raises(OrderError, match="say which file, folder or bucket"):
        OvertureSource(SourceAccess())


# ------------------------------------------------------------------------------------ how it is read


def test_row_groups_outside_the_box_are_not_read(tmp_path: Path) -> None:
    """A row group whose pages are gone disturbs only those who need it."""
    rows = [overture_row(n, at=(24 + n / 100, 60.17)) for n in range(200)]
    path = write_parquet(tmp_path / "x.parquet", rows, rows_a_group=50)
    metadata = parquet.read_metadata(path)
    content = bytearray(path.read_bytes())
    first = metadata.row_group(0).column(0).dictionary_page_offset
    content[first : metadata.row_group(1).column(0).dictionary_page_offset] = bytes(
        metadata.row_group(1).column(0).dictionary_page_offset - first
    )
    path.write_bytes(content)
    assert len(ids_of(source_of(path), "60.1,24.605,60.3,24.8")) == 20
    with pytest.raises(FileError, match="row group 1 of 4"):
        ids_of(source_of(path), "60.1,24.3,60.3,24.8")


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from("<>"))
def test_a_point_is_read_in_either_byte_order(longitude: float, latitude: float, order: str) -> None:
    plain = wkb(longitude, latitude, order=order)
    extended = struct.pack(f"{order}BII2d", order == "<", 1 | 0x20000000, 4326, longitude, latitude)
    assert point_of_wkb(plain) == point_of_wkb(extended) == (latitude, longitude)


@given(st.binary(max_size=64))
def test_bytes_that_are_no_point_or_no_footer_are_nothing_worse(content: bytes) -> None:
    latitude, longitude = point_of_wkb(content)
    assert isinstance(latitude + longitude, float)
    with contextlib.suppress(ValueError):
        value_ranges(content)
