"""Where places come from: one file a source, one line in the registry."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal, cast

from leadgen_dagster.discovery.sources.base import PlaceSource, SourceAccess
from leadgen_dagster.errors import OrderError
from leadgen_dagster.orders import SourceSpec

TOWN_FOLDER = Path(__file__).parents[2] / "port_linden"
HELSINKI = Path(__file__).parent / "data" / "helsinki.osm.pbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """A line of the registry."""

    description: str
    class_path: str
    """`module:Class` in this package, imported when it is opened; called with a `SourceAccess`."""
    reads: Literal["file", "dataset", "service", "nothing"]
    """A file is copied when the order is placed; a dataset (a file, a folder or a bucket's address) may be huge."""
    needs_file: bool = False
    default_file: Path | None = None
    """Read where the order names none."""
    key_setting: str | None = None
    """The variable that holds its key."""
    key_from: str | None = None
    """Where one gets it."""
    is_real: bool = True


SOURCES: Mapping[str, SourceInfo] = {
    "overpass": SourceInfo(
        description="OpenStreetMap, any town by name, asked over the network; no key",
        class_path="overpass:OverpassSource",
        reads="service",
    ),
    "osm": SourceInfo(
        description="an OpenStreetMap extract (.osm.pbf); without a file, central Helsinki as of April 2019",
        class_path="osm:OsmSource",
        reads="file",
        default_file=HELSINKI,
    ),
    "google_places": SourceInfo(
        description="Google Places API (New); each call costs",
        class_path="google_places:GooglePlacesSource",
        reads="service",
        key_setting="LEADGEN_GOOGLE_PLACES_API_KEY",
        key_from="https://console.cloud.google.com/google/maps-apis",
    ),
    "yelp": SourceInfo(
        description="Yelp Fusion; knows no websites",
        class_path="yelp:YelpSource",
        reads="service",
        key_setting="LEADGEN_YELP_API_KEY",
        key_from="https://www.yelp.com/developers/v3/manage_app",
    ),
    "overture": SourceInfo(
        description="Overture Maps places as Parquet: a file, a folder or a bucket's address",
        class_path="overture:OvertureSource",
        reads="dataset",
        needs_file=True,
    ),
    "foursquare": SourceInfo(
        description="Foursquare OS Places as Parquet: a file, a folder or a bucket's address",
        class_path="foursquare:FoursquareSource",
        reads="dataset",
        needs_file=True,
    ),
    "csv": SourceInfo(
        description="your own list as a CSV file with a name column",
        class_path="csv_file:CsvSource",
        reads="file",
        needs_file=True,
    ),
    "xlsx": SourceInfo(
        description="your own list as an Excel workbook with a name column",
        class_path="xlsx_file:XlsxSource",
        reads="file",
        needs_file=True,
    ),
    "demo": SourceInfo(
        description="Port Linden, a fictional town",
        class_path="demo:DemoSource",
        reads="nothing",
        is_real=False,
    ),
}
KEYLESS_DEFAULT = "overpass"
"""What an order asks that names no source where none has been set up: any town by name."""


def check_sources(specs: Iterable[SourceSpec]) -> None:
    """Refuses, before anything is read, what no source answers to.

    Raises:
        OrderError: an unknown source, a missing file, or one that is not read.
    """
    for spec in specs:
        info = SOURCES.get(spec.name)
        if info is None:
            raise OrderError("sources", spec.name, f"known sources are {', '.join(SOURCES)}")
        if info.needs_file and not spec.file:
            raise OrderError("sources", spec.name, f"say which file, e.g. {spec.name}:leads.{spec.name}")
        if spec.file and info.reads in ("service", "nothing"):
            raise OrderError("sources", str(spec), f"{spec.name} reads no file; say {spec.name}")


def default_sources(configured: Mapping[str, str | None]) -> tuple[SourceSpec, ...]:
    """The sources of an order that names none: every real one that has been set up, else the keyless one.

    Args:
        configured: source -> the file that the settings give it; None or empty where they give none.
    """
    specs = tuple(
        SourceSpec(name=name, file=file)
        for name, file in configured.items()
        if file and name in SOURCES and SOURCES[name].is_real
    )
    return specs or (SourceSpec(name=KEYLESS_DEFAULT),)


def is_demo_only(specs: Sequence[SourceSpec]) -> bool:
    """Whether an order asks for nothing real."""
    return bool(specs) and not any(SOURCES[spec.name].is_real for spec in specs)


def open_source(spec: SourceSpec, access: SourceAccess) -> PlaceSource:
    """The source of a spec that `check_sources` accepts, with all that it is handed."""
    module, _, name = SOURCES[spec.name].class_path.partition(":")
    source_class = getattr(import_module(f"{__name__}.{module}"), name)
    return cast("PlaceSource", source_class(access))


def open_sources(
    specs: Sequence[SourceSpec], access_of: Callable[[SourceSpec], SourceAccess]
) -> tuple[PlaceSource, ...]:
    """All sources of an order; `access_of` says what each is handed."""
    check_sources(specs)
    return tuple(open_source(spec, access_of(spec)) for spec in specs)
