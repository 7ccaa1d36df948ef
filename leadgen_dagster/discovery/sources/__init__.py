"""Where places come from: one file a source, one line in the registry."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.niches import Niche
from leadgen_dagster.errors import OrderError
from leadgen_dagster.orders import SourceSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRequest:
    """What a source is asked for."""

    location: str
    niches: tuple[Niche, ...]
    """The ones that were ordered."""
    ordered_on: date
    other_niches: tuple[Niche, ...] = ()
    """Given too by a source that this costs no call: neighbours show which names and domains are chains."""

    @property
    def all_niches(self) -> tuple[Niche, ...]:
        """The ordered ones first: a place that fits two belongs to the one that was asked for."""
        return (*self.niches, *self.other_niches)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was set aside, with the reason in a sentence that names it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A detail that could not be read and was left out of a record that is used, in a sentence that names both."""

    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a person should know of the source's answer as a whole."""

    text: str


SourceItem = Place | Rejected | Unread | Note


class PlaceSource(Protocol):
    """A list of places, whoever keeps it."""

    @property
    def name(self) -> str: ...

    @property
    def licence(self) -> str:
        """SPDX identifier, or a sentence where there is none."""

    @property
    def attribution(self) -> str: ...

    @property
    def is_real(self) -> bool:
        """False for the demo town: nobody there may be looked for on the real web."""

    def check_ready(self, location: str) -> None:
        """Refuses, before an order stands, what `places` could not answer; reads no more for it than it has to.

        Raises:
            OrderError: the source does not know the location; names the nearest that it knows.
            FileError: its file is not what it should be.
        """

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        """The places asked for, what was set aside, and notes.

        Raises:
            SourceError: the source could not answer.
            OrderError: the source does not know the location.
            FileError: its file cannot be read.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """A line of the registry."""

    description: str
    create: Callable[[Path | None, str | None], PlaceSource]
    """From the path to read, and the file's name as the person knows it."""
    needs_file: bool = False
    default_file: Path | None = None
    """Read where the order names none."""
    is_real: bool = True


def _osm(path: Path | None, label: str | None) -> PlaceSource:
    from leadgen_dagster.discovery.sources.osm import OsmSource

    return OsmSource(path or HELSINKI, label)


def _csv(path: Path | None, label: str | None) -> PlaceSource:
    from leadgen_dagster.discovery.sources.csv_file import CsvSource

    if path is None:
        raise OrderError("sources", "csv", "say which file, e.g. csv:leads.csv")
    return CsvSource(path, label)


def _demo(path: Path | None, label: str | None) -> PlaceSource:
    from leadgen_dagster.discovery.sources.demo import DemoSource

    if path is not None:
        raise OrderError("sources", f"demo:{label or path}", "the demo town reads no file; say demo")
    return DemoSource()


TOWN_FOLDER = Path(__file__).parents[2] / "port_linden"
HELSINKI = Path(__file__).parent / "data" / "helsinki.osm.pbf"

SOURCES: Mapping[str, SourceInfo] = {
    "osm": SourceInfo(
        description="an OpenStreetMap extract (.osm.pbf); without a file, central Helsinki as of April 2019",
        create=_osm,
        default_file=HELSINKI,
    ),
    "csv": SourceInfo(
        description="your own list as a CSV file with a name column", create=_csv, needs_file=True
    ),
    "demo": SourceInfo(description="Port Linden, a fictional town", create=_demo, is_real=False),
}


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
        if spec.file and not info.needs_file and info.default_file is None:
            raise OrderError("sources", str(spec), f"{spec.name} reads no file; say {spec.name}")


def default_sources(configured: Mapping[str, str | None]) -> tuple[SourceSpec, ...]:
    """The sources of an order that names none: every real one that has been set up, never the demo town.

    Args:
        configured: source -> the file that the settings give it; None or empty where they give none.

    Raises:
        OrderError: none is set up; says which there are.
    """
    specs = tuple(
        SourceSpec(name=name, file=file)
        for name, file in configured.items()
        if file and name in SOURCES and SOURCES[name].is_real
    )
    if not specs:
        known = "; ".join(f"{name} = {info.description}" for name, info in SOURCES.items())
        raise OrderError("sources", None, f"no source is set up, so name one: {known}")
    return specs


def is_demo_only(specs: Sequence[SourceSpec]) -> bool:
    """Whether an order asks for nothing real."""
    return bool(specs) and not any(SOURCES[spec.name].is_real for spec in specs)


def open_source(spec: SourceSpec, path: Path | None = None) -> PlaceSource:
    """The source of a spec that `check_sources` accepts.

    Args:
        spec: as ordered; its file's name is only shown.
        path: where the file's bytes lie now; None for the source's default.
    """
    return SOURCES[spec.name].create(path, spec.file)


def open_sources(
    specs: Sequence[SourceSpec], path_of: Callable[[SourceSpec], Path | None]
) -> tuple[PlaceSource, ...]:
    """All sources of an order; `path_of` says where the bytes of an ordered file lie."""
    check_sources(specs)
    return tuple(open_source(spec, path_of(spec)) for spec in specs)
