from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from leadgen_dagster.clients.datasets import open_dataset
from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.locations import SearchArea
from leadgen_dagster.discovery.sources.base import Incomplete, SourceAccess
from leadgen_dagster.discovery.sources.overture import OvertureSource
from leadgen_dagster.errors import FileError, OrderError, SourceError
from leadgen_dagster_tests.clients.bucket import Bucket
from leadgen_dagster_tests.discovery.builders import places_of, request_for
from leadgen_dagster_tests.discovery.sources import overpass_answers
from leadgen_dagster_tests.discovery.sources.parquet_samples import overture_row, write_parquet
from leadgen_dagster_tests.discovery.sources.recorded_api import RecordedApi

BOX = "60.1,24.8,60.3,24.999"
FOLDER = "release/2026-10-21.0/theme=places/type=place"


@pytest.fixture
def bucket(httpserver: HTTPServer, tmp_path: Path) -> Bucket:
    """A thousand places from west to east, fifty in a row group."""
    rows = [overture_row(n, at=(24 + n / 100, 60.17)) for n in range(1_000)]
    content = write_parquet(tmp_path / "part.parquet", rows, rows_a_group=50).read_bytes()
    return Bucket(server=httpserver, name="open-places", objects={f"{FOLDER}/part-0.parquet": content})


def source_of(bucket: Bucket, folder: str = FOLDER) -> OvertureSource:
    return OvertureSource(SourceAccess(label=bucket.address(folder), open_dataset=open_dataset))


@pytest.mark.parametrize("star", ["", "/*", "/*/*", "/*.parquet"])
def test_a_bucket_is_opened_in_the_region_of_its_name_and_nobody_is_asked(star: str) -> None:
    filesystem, path = open_dataset(f"s3://overturemaps-us-west-2/{FOLDER}{star}")
    assert filesystem.type_name == "s3"
    assert filesystem.region == "us-west-2"
    assert path == f"overturemaps-us-west-2/{FOLDER}"


def test_the_address_may_name_the_region_and_another_store() -> None:
    assert open_dataset("s3://places/2026?region=eu-central-1")[0].region == "eu-central-1"
    filesystem, path = open_dataset("s3://places?endpoint_override=https://store.example.com")
    assert (filesystem.region, path) == ("us-east-1", "places")


def test_a_local_folder_is_opened_where_it_lies(tmp_path: Path) -> None:
    filesystem, path = open_dataset(str(tmp_path))
    assert filesystem.type_name == "local"
    assert Path(path) == tmp_path.resolve()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("nowhere/at/all", "there is no such file or folder"),
        ("gs://bucket/places", "not an address that is read"),
        ("s3:///places", "names no bucket"),
        ("s3://places?zone=1", r"\?zone= is no setting"),
        ("s3://key:word@places/x", "read without credentials"),
    ],
)
def test_an_address_that_cannot_be_read_is_told_in_one_line(address: str, told: str) -> None:
    with pytest.raises(FileError, match=told) as caught:
        open_dataset(address)
    assert "\n" not in str(caught.value)
    assert "word" not in str(caught.value)


def test_from_a_bucket_comes_what_lies_in_the_box_and_little_else_is_fetched(bucket: Bucket) -> None:
    source = source_of(bucket, f"{FOLDER}/*")
    source.check_ready(BOX)
    assert bucket.requests == 0
    places = places_of(source, request_for(BOX))
    assert [place.source_id for place in places] == [f"0000{n}" for n in range(80, 100)]
    size = sum(map(len, bucket.objects.values()))
    assert bucket.content_bytes < size / 8, "one row group of twenty"
    assert bucket.signed == []


def test_a_line_that_breaks_keeps_what_was_given_and_says_so(bucket: Bucket) -> None:
    whole = "60.1,23.9,60.3,26.8"
    source = source_of(bucket)
    bucket.broken_after = 10_000
    items = list(source.places(request_for(whole)))
    assert isinstance(items[0], SearchArea)
    broken = next(item for item in items if isinstance(item, Incomplete))
    assert "part-0.parquet: row group" in broken.reason
    assert 0 < len(items) < 282


def test_a_bucket_that_refuses_or_has_nothing_is_told_in_one_line(bucket: Bucket) -> None:
    with pytest.raises(SourceError, match=r"^source overture: s3://open-places/other: there is no such file"):
        list(source_of(bucket, "other").places(request_for(BOX)))
    bucket.broken_after = 0
    with pytest.raises(SourceError, match=r"part-0\.parquet: not a complete Parquet file") as caught:
        list(source_of(bucket).places(request_for(BOX)))
    assert "\n" not in str(caught.value)


def test_a_name_is_no_key_to_a_bucket(bucket: Bucket) -> None:
    source = source_of(bucket)
    source.check_ready("Helsinki")
    with pytest.raises(OrderError, match="a bucket cannot be searched by name; give a box"):
        list(source.places(request_for("Helsinki")))
    assert bucket.requests == 0


def test_with_a_map_service_a_name_means_its_area_on_the_map(httpserver: HTTPServer, tmp_path: Path) -> None:
    rows = [overture_row(1, at=(-1.55, 53.8)), overture_row(2, at=(-1.05, 53.96)), overture_row(3)]
    content = write_parquet(tmp_path / "part.parquet", rows).read_bytes()
    bucket = Bucket(server=httpserver, name="open-places", objects={"places/part-0.parquet": content})
    api = RecordedApi(answer=overpass_answers.answer)
    source = OvertureSource(
        SourceAccess(label=bucket.address("places"), open_dataset=open_dataset, api=api.of)
    )
    area, *places = source.places(request_for("Leeds"))
    assert isinstance(area, SearchArea)
    assert area.label == "Leeds, GB"
    assert [place.source_id for place in places if isinstance(place, Place)] == ["00001"]
