"""Which rows of a Parquet dataset a location means.

- A box, or a point with a radius: those that lie in it; nothing else.
- A name, in a file or folder: the rows whose town has that name, in the country or region behind the comma, else in
  the agency's own country, else in the one that most of them are in. Of those, the ones around the place where they
  stand closest, so that a single wrong coordinate does not stretch the town. Rows that name no town belong to it
  where they lie in the box around those rows; rows that name another one do not.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from leadgen_dagster.discovery.countries import country_code
from leadgen_dagster.discovery.geography import METRES_PER_DEGREE, Box, Point, cell, rough_distance_m
from leadgen_dagster.discovery.locations import NamedPlace, SearchArea
from leadgen_dagster.discovery.sources.parquet_files import ParquetFiles
from leadgen_dagster.discovery.sources.parquet_layout import is_on_earth
from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import OrderError

if TYPE_CHECKING:
    from pyarrow import Array, RecordBatch

CROWD_M = 20_000
"""The squares in which the rows of a name are counted, to find where they stand closest."""
REACH_M = 40_000
"""How far from there a row of that name may lie: greater London reaches 30 km."""
MARGIN_M = 10
"""Around a town's rows: boxes are rounded to a metre."""
MAX_NAMES_SHOWN = 5
MAX_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a record says it is."""

    street: str | None = None
    postcode: str | None = None
    town: str | None = None
    region: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressColumns:
    """Where a dataset says a record's town, region and country; a star stands for the first of a list."""

    town: str
    region: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a location means in this dataset."""

    area: SearchArea
    town: str | None = None
    """Folded; rows that name another one are elsewhere."""
    within: str | None = None
    """Folded: what the person put behind the comma."""
    notes: tuple[str, ...] = ()
    """What the person should know of the choice."""

    def is_elsewhere(self, address: Address) -> bool:
        """Whether the record names another town than the ordered one."""
        if self.town is None or not address.town:
            return False
        is_abroad = bool(address.country) and self.area.country not in (None, address.country)
        return fold(address.town) != self.town or is_abroad or not _is_within(address, self.within)

    def contains(self, address: Address, point: Point | None) -> bool:
        """Whether a record that is not elsewhere is here; one without coordinates is only where it names the town."""
        if point is None:
            return self.town is not None and address.town is not None
        return self.area.contains(point)


def ground_of_name(
    files: ParquetFiles,
    columns: AddressColumns,
    location: str,
    place: NamedPlace,
    *,
    home_country: str | None = None,
) -> Ground:
    """Reads the towns of all rows.

    Args:
        files: the dataset.
        columns: its columns of the address.
        location: as ordered.
        place: what that means.
        home_country: the agency's, which is meant where the name is in several.

    Raises:
        OrderError: no row names the place; names the nearest that they name.
        FileError: the dataset cannot be read.
    """
    town, within = fold(place.name), place.within and fold(place.within)
    counts: Counter[str] = Counter()
    namesakes: list[tuple[Address, Point | None]] = []
    for batch in files.batches((columns.town, columns.region, columns.country)):
        towns = _texts(batch, columns.town)
        counts.update({item["values"]: item["counts"] for item in towns.value_counts().to_pylist()})
        namesakes += _named(files, batch, columns, town)
    chosen = [(address, point) for address, point in namesakes if _is_within(address, within)]
    if not chosen:
        raise _unknown(files.label, location, counts, namesakes)
    countries = Counter(address.country for address, _point in chosen if address.country)
    country = max(countries, key=lambda code: (code == home_country, countries[code], code), default=None)
    points = [
        point
        for address, point in chosen
        if address.country in (None, country) and point is not None and is_on_earth(point)
    ]
    crowd = _crowd(points)
    if not crowd:
        raise OrderError("location", location, f"{files.label} names it, but says nowhere where it lies")
    label = Counter(address.town or place.name for address, _point in chosen).most_common(1)[0][0]
    notes = []
    if elsewhere := ", ".join(f"{code} ({n})" for code, n in sorted(countries.items()) if code != country):
        notes.append(f"{label} is taken as the one in {country}; it is also named in {elsewhere}")
    if far := len(points) - len(crowd):
        notes.append(f"records left out because they name {label} but lie elsewhere: {far}")
    return Ground(
        area=SearchArea(
            label=f"{label}, {country}" if country else label, bounds=_around(crowd), country=country
        ),
        town=town,
        within=within,
        notes=tuple(f"{files.label}: {note}" for note in notes),
    )


def _named(
    files: ParquetFiles, batch: "RecordBatch", columns: AddressColumns, town: str
) -> Iterator[tuple[Address, Point | None]]:
    """The rows of a batch that name the town, with their point."""
    import pyarrow as pa
    import pyarrow.compute as pc

    towns = _texts(batch, columns.town)
    spellings = [text for text in towns.unique().to_pylist() if text and fold(text) == town]
    if not spellings:
        return
    mask = pc.is_in(towns, value_set=pa.array(spellings, pa.string()))
    regions, countries = _texts(batch, columns.region), _texts(batch, columns.country)
    kept = [column.filter(mask).to_pylist() for column in (towns, regions, countries, *files.points(batch))]
    for name, region, country, latitude, longitude in zip(*kept, strict=True):
        point = None if latitude is None or longitude is None else (latitude, longitude)
        yield Address(town=name, region=region, country=country_code(country or "")), point


def _unknown(
    label: str, location: str, counts: Mapping[str, int], namesakes: Sequence[tuple[Address, Point | None]]
) -> OrderError:
    from rapidfuzz import process

    if namesakes:
        lands = {f"{a.region}, {a.country}" if a.region else str(a.country) for a, _point in namesakes}
        shown = "; ".join(land[:MAX_SHOWN] for land in sorted(lands)[:MAX_NAMES_SHOWN])
        return OrderError("location", location, f"{label} names it in other places: {shown}")
    known = {fold(name): name for name in counts if name and fold(name)}
    if not known:
        return OrderError(
            "location", location, f"{label} names no town at all; give a box or a point with a radius"
        )
    near = process.extract(fold(location), known.keys(), limit=MAX_NAMES_SHOWN)
    shown = ", ".join(known[key][:MAX_SHOWN] for key, _score, _index in near)
    return OrderError("location", location, f"{label} does not name it; the nearest it names are {shown}")


def _is_within(address: Address, within: str | None) -> bool:
    """Whether what stands behind the comma is the record's country or region; `NY` is also `US-NY`."""
    if within is None:
        return True
    region = fold(address.region or "")
    is_country = address.country is not None and address.country == country_code(within)
    return is_country or within in (region, region.partition(" ")[2])


def _crowd(points: Sequence[Point]) -> list[Point]:
    """The points around the square in which most of them are."""
    if not points:
        return []
    cells = Counter(cell(point, CROWD_M) for point in points)
    fullest = max(cells, key=lambda key: (cells[key], key))
    inside = [point for point in points if cell(point, CROWD_M) == fullest]
    middle = median(point[0] for point in inside), median(point[1] for point in inside)
    return [point for point in points if rough_distance_m(point, middle) <= REACH_M]


def _around(points: Sequence[Point]) -> Box:
    latitudes, longitudes = zip(*points, strict=True)
    rows = MARGIN_M / METRES_PER_DEGREE
    columns = rows / max(0.01, math.cos(math.radians(max(map(abs, latitudes)))))
    return Box(
        south=min(latitudes) - rows,
        west=min(longitudes) - columns,
        north=max(latitudes) + rows,
        east=max(longitudes) + columns,
    )


def _texts(batch: "RecordBatch", name: str) -> "Array":
    """A column of texts by its path: of a list the first item; nulls where it is missing or holds no text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    head, _, field = name.partition(".*.")
    if head not in batch.schema.names:
        return pa.nulls(batch.num_rows, pa.string())
    found = batch.column(head)
    if field and pa.types.is_list(found.type):
        found = pc.list_element(pc.list_slice(found, 0, 1, return_fixed_size_list=True), 0)
    if field and pa.types.is_struct(found.type) and found.type.get_field_index(field) >= 0:
        found = pc.struct_field(found, field)
    if pa.types.is_dictionary(found.type):
        found = found.dictionary_decode()
    if not pa.types.is_string(found.type) and not pa.types.is_large_string(found.type):
        return pa.nulls(batch.num_rows, pa.string())
    try:
        found.validate(full=True)
    except pa.ArrowInvalid:  # text that is no UTF-8
        values = found.cast(pa.large_binary()).to_pylist()
        return pa.array([value and value.decode(errors="replace") for value in values], pa.string())
    return pc.cast(found, pa.string())
