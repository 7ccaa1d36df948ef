"""What every source has to keep, whoever keeps its list."""

from importlib import import_module
from pathlib import Path

import pytest

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.locations import SearchArea
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.discovery.sources import (
    SOURCES,
    check_sources,
    default_sources,
    is_demo_only,
    open_source,
    open_sources,
)
from leadgen_dagster.discovery.sources.base import (
    Incomplete,
    Note,
    PlaceRequest,
    PlaceSource,
    Rejected,
    SourceAccess,
    Unread,
)
from leadgen_dagster.errors import FileError, OrderError
from leadgen_dagster.orders import SourceSpec
from leadgen_dagster_tests.discovery.builders import places_of, request_for


@pytest.fixture(params=SOURCES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[PlaceSource, PlaceRequest]:
    """Each source with the sample that lies beside these tests, in `sample_<source>.py`."""
    sample = import_module(f"leadgen_dagster_tests.discovery.sources.sample_{request.param}").sample
    access, location = sample(tmp_path)
    return open_source(SourceSpec(name=request.param), access), request_for(location)


Opened = tuple[PlaceSource, PlaceRequest]


def test_a_source_names_itself_its_licence_and_whom_to_thank(opened: Opened) -> None:
    source, _request = opened
    assert SOURCES[source.name].is_real is source.is_real
    assert source.licence
    assert source.attribution


def test_a_source_gives_places_of_the_niche_that_was_ordered(opened: Opened) -> None:
    source, request = opened
    items = list(source.places(request))
    assert items
    assert all(isinstance(item, Place | Rejected | Unread | Note | Incomplete | SearchArea) for item in items)
    for place in places_of(source, request):
        assert place.source == source.name
        assert place.name.strip()
        assert place.niche == "restaurant"
        assert place.last_edited is None or place.last_edited <= request.ordered_on


def test_ids_are_unique_and_a_second_reading_gives_the_same(opened: Opened) -> None:
    source, request = opened
    first = places_of(source, request)
    assert len({place.source_id for place in first}) == len(first)
    assert places_of(source, request) == first


def test_a_source_with_a_file_says_so_in_one_line_when_it_is_no_such_file(tmp_path: Path) -> None:
    for name, info in SOURCES.items():
        if info.needs_file or info.default_file:
            path = tmp_path / "broken.bin"
            path.write_bytes(b"\x00\x81 no such thing")
            source = open_source(SourceSpec(name=name), SourceAccess(path=path, label="broken.bin"))
            with pytest.raises(FileError, match=r"^broken\.bin") as caught:
                list(source.places(request_for("Helsinki")))
            assert "\n" not in str(caught.value)


def test_a_source_is_ready_for_a_place_that_it_knows(opened: Opened) -> None:
    source, request = opened
    source.check_ready(request.location)


@pytest.mark.parametrize("name", ["osm", "demo"])
def test_a_source_of_certain_towns_refuses_any_other_before_an_order_stands(name: str) -> None:
    with pytest.raises(OrderError, match=r"^location: 'Atlantis' is not allowed; "):
        open_source(SourceSpec(name=name), SourceAccess()).check_ready("Atlantis")


def test_an_unknown_source_names_the_known_ones() -> None:
    with pytest.raises(OrderError, match="known sources are overpass, osm, google_places"):
        check_sources([SourceSpec(name="yellowpages")])


def test_a_source_that_reads_a_file_asks_for_it_and_one_that_does_not_refuses_it() -> None:
    with pytest.raises(OrderError, match=r"csv:leads\.csv"):
        check_sources([SourceSpec(name="csv")])
    with pytest.raises(OrderError, match="demo reads no file"):
        check_sources([SourceSpec(name="demo", file="x")])
    check_sources([SourceSpec(name="osm"), SourceSpec(name="osm", file="x.osm.pbf"), SourceSpec(name="demo")])


def test_without_a_source_the_configured_real_ones_are_taken_and_never_the_demo_town() -> None:
    assert default_sources({"osm": "berlin.osm.pbf", "demo": "x"}) == (
        SourceSpec(name="osm", file="berlin.osm.pbf"),
    )
    assert default_sources({"osm": None}) == (SourceSpec(name="overpass"),)


def test_an_order_is_of_the_demo_town_alone_where_nothing_real_is_asked_for() -> None:
    demo, real = SourceSpec(name="demo"), SourceSpec(name="csv", file="leads.csv")
    assert is_demo_only([demo])
    assert not is_demo_only([demo, real])
    assert not is_demo_only([real])
    assert not is_demo_only([])


def test_sources_are_opened_with_the_bytes_of_their_order(tmp_path: Path) -> None:
    path = tmp_path / "stored-under-its-hash"
    path.write_text("name\nOsteria\n", encoding="utf-8")
    (source,) = open_sources(
        [SourceSpec(name="csv", file="leads.csv")],
        lambda spec: SourceAccess(path=path if spec.file else None),
    )
    assert [place.name for place in places_of(source, request_for("Helsinki"))] == ["Osteria"]


def test_every_place_of_the_demo_town_belongs_to_a_niche() -> None:
    source = open_source(SourceSpec(name="demo"), SourceAccess())
    assert {place.niche for place in places_of(source, request_for("Port Linden", "all"))} <= set(NICHES)
