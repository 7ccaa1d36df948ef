"""Open place data as Parquet: what Overture and Foursquare have in common."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.geography import Point
from leadgen_dagster.discovery.locations import NamedPlace, area_on_map, parse_location
from leadgen_dagster.discovery.niches import NICHES, Niche, niche_of_categories
from leadgen_dagster.discovery.sources.base import (
    NO_CALLS,
    Estimate,
    Incomplete,
    Note,
    PlaceRequest,
    Rejected,
    SourceAccess,
    SourceItem,
)
from leadgen_dagster.discovery.sources.parquet_files import ParquetFiles, Unreadable
from leadgen_dagster.discovery.sources.parquet_ground import Address, AddressColumns, Ground, ground_of_name
from leadgen_dagster.discovery.sources.parquet_layout import Layout, Record, is_on_earth
from leadgen_dagster.errors import OrderError, SourceError

MAX_SHOWN = 60

Categories = tuple[tuple[str, ...], tuple[str, ...]]
"""The main ones of a record, as `niche_of_categories` wants them; and the others."""


class ParquetSource(ABC):
    """Places from Parquet files, local or in a bucket; each kind says what its columns mean."""

    name: ClassVar[Literal["overture", "foursquare"]]
    licence: ClassVar[str]
    attribution: ClassVar[str]
    is_real = True
    layout: ClassVar[Layout]
    address_columns: ClassVar[AddressColumns]

    def __init__(self, access: SourceAccess) -> None:
        if access.path is None and access.label is None:
            raise OrderError(
                "sources", self.name, f"say which file, folder or bucket, e.g. {self.name}:places"
            )
        self._access = access
        self._address = access.label or Path(str(access.path)).name
        self._is_remote = access.path is None and "://" in self._address
        self._label = self._address.partition("?")[0].rstrip("/*") if self._is_remote else self._address

    @abstractmethod
    def categories(self, record: Record) -> Categories:
        """What kind of place it is."""

    @abstractmethod
    def address(self, record: Record) -> Address:
        """Where the record says it is."""

    @abstractmethod
    def place(self, record: Record, *, niche: Niche, address: Address, point: Point | None) -> Place:
        """The record as a place; it has an id and a name."""

    @abstractmethod
    def id_of(self, record: Record) -> str | None:
        """The record's id."""

    @abstractmethod
    def name_of(self, record: Record) -> str | None:
        """What the sign says."""

    def doubt(self, _record: Record) -> str | None:
        """Why a record is not taken although nothing is wrong with it; counted by reason."""
        return None

    def check_ready(self, location: str) -> None:
        """Reads the footers and, for a name, the towns of a local dataset; a bucket is not touched."""
        where = parse_location(location)
        if self._is_remote or (self._access.path is None and self._access.open_dataset is None):
            return
        if isinstance(where, NamedPlace):
            ground_of_name(self._files, self.address_columns, location, where)
        else:
            self._files.check()

    def estimate(self, _request: PlaceRequest) -> Estimate:
        if self._is_remote:
            return replace(NO_CALLS, note="reads a public bucket; no call is paid")
        return NO_CALLS

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        ground = self._ground(request)
        found = _Findings(source=self, ground=ground, request=request)
        yield ground.area
        yield from map(Note, ground.notes)
        try:
            records = self._files.records(ground.area.bounds, with_unplaced=ground.town is not None)
            for record in records:
                yield from found.of(record)
        except SourceError as error:
            if not found.ids:
                raise
            yield Incomplete(str(error))
        yield from found.notes(self._label)

    @cached_property
    def _files(self) -> ParquetFiles:
        if self._access.path is not None:
            from pyarrow.fs import LocalFileSystem

            filesystem, path = LocalFileSystem(), str(self._access.path)
        elif self._access.open_dataset is not None:
            filesystem, path = self._access.open_dataset(self._address)
        else:
            raise SourceError(self.name, f"{self._label} was not opened")
        return ParquetFiles(
            filesystem=filesystem,
            path=path,
            label=self._label,
            source=self.name,
            layout=self.layout,
            is_remote=self._is_remote,
        )

    def _ground(self, request: PlaceRequest) -> Ground:
        where = request.where
        if not isinstance(where, NamedPlace):
            return Ground(area=area_on_map(where, request.location))
        if not self._is_remote:
            return ground_of_name(
                self._files, self.address_columns, request.location, where, home_country=request.home_country
            )
        if self._access.api is None:
            raise OrderError(
                "location",
                request.location,
                "a bucket cannot be searched by name; give a box or a point with a radius",
            )
        from leadgen_dagster.discovery.sources.overpass_area import find_area

        found = find_area(self._access.api("overpass"), where, home_country=request.home_country)
        return Ground(area=found.area, notes=found.notes)


@dataclass(slots=True, kw_only=True)
class _Findings:
    """Judges record after record, and counts what was left out."""

    source: ParquetSource
    ground: Ground
    request: PlaceRequest
    ids: set[str] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)
    niches: dict[Categories, Niche | None] = field(default_factory=dict)
    """Of categories met before: a table of a hundred niches is long to ask for each record."""

    def of(self, record: Record | Unreadable) -> Iterator[SourceItem]:
        """The record as a place or as set aside; nothing where it is elsewhere or of no niche."""
        source = self.source
        if isinstance(record, Unreadable):
            yield Rejected(f"{source.name}: a record with {record.reason}")
            return
        niche = self._niche(record)
        if niche is None:
            return
        is_ordered = niche in self.request.niches
        source_id, address = source.id_of(record), source.address(record)
        point = source.layout.point_of(record)
        if self.ground.is_elsewhere(address):
            return
        if point is not None and not is_on_earth(point):
            if is_ordered:
                told = source_id or "without an id"
                yield Rejected(f"{source.name} {told}: coordinates that are nowhere on Earth")
            return
        if not self.ground.contains(address, point):
            return
        if not source_id:
            yield Rejected(
                f"{source.name}: a record without an id, {(source.name_of(record) or '')[:MAX_SHOWN]!r}"
            )
        elif why := self._why_not(record, source_id):
            self.left_out[why] += is_ordered
        else:
            self.ids.add(source_id)
            yield source.place(record, niche=niche, address=address, point=point)

    def notes(self, label: str) -> Iterator[Note]:
        for why, count in sorted(self.left_out.items()):
            if count:
                yield Note(f"{label}: records left out {why}: {count}")

    def _why_not(self, record: Record, source_id: str) -> str | None:
        if self.source.name_of(record) is None:
            return "for want of a name"
        if source_id in self.ids:
            return "because their id came before"
        return self.source.doubt(record)

    def _niche(self, record: Record) -> Niche | None:
        """By the main categories; by the others only where the main ones are of no niche at all.

        A hotel that is also called a restaurant is a hotel, and a hair salon no beautician, whatever is asked for.
        """
        main, others = said = self.source.categories(record)
        if said not in self.niches:
            known = self._niche_of(main) or self._niche_of(others)
            self.niches[said] = known if known in self.request.all_niches else None
        return self.niches[said]

    def _niche_of(self, categories: Sequence[str]) -> Niche | None:
        return niche_of_categories(self.source.name, categories, (*self.request.all_niches, *NICHES.values()))
