"""The agency's own list, whichever file it stands in: from rows to places, and what is wrong with which row.

A row is rejected where its name, its trade or its coordinates cannot be told; another cell that cannot be read is
left out of its row, which is used. Both come with the row as it was given, so that the agency can mend it.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import chain, islice

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.countries import is_abroad, street_line
from leadgen_dagster.discovery.locations import NamedPlace, SearchArea, area_on_map, parse_location
from leadgen_dagster.discovery.niches import NICHES, Niche, find_niche
from leadgen_dagster.discovery.policies import policies
from leadgen_dagster.discovery.sources.base import (
    NO_CALLS,
    Estimate,
    Note,
    PlaceRequest,
    Rejected,
    SourceAccess,
    SourceItem,
    Unread,
)
from leadgen_dagster.discovery.sources.csv_cells import MAX_CELL, BadRowError, Cells, shown
from leadgen_dagster.discovery.sources.own_headers import TOP_ROWS, Header, SheetRow, check_map, find_header
from leadgen_dagster.discovery.words import clean_line, fold
from leadgen_dagster.errors import FileError, OrderError

MAX_BYTES = 64 * 2**20
MAX_TOWNS = 3
MAX_SHOWN = 60
UNREADABLE = "unreadable line"
"""The column of a rejected row whose cells cannot be told apart: no title means it, so that it has no name."""

Sheet = Iterable[SheetRow | Note]
"""The rows of a file that are not empty, in their order, and what is to be said of the file."""


@dataclass(frozen=True, slots=True)
class _Table:
    header: Header
    rows: Iterator[SheetRow | Note]
    """The ones below the header."""


@dataclass(slots=True)
class _Account:
    """What one reading has met, and what it left out."""

    left_out: Counter[str] = field(default_factory=Counter)
    """Why -> how many rows."""
    other_trade: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    digests: set[bytes] = field(default_factory=set)

    def is_new(self, row: SheetRow) -> bool:
        """Whether no earlier row has said the same."""
        text = "\x1f".join(row.cells).rstrip("\x1f")
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if digest in self.digests:
            self.left_out["they repeat an earlier row"] += 1
            return False
        self.digests.add(digest)
        return True

    def with_own_id(self, place: Place, number: int) -> Place:
        """A number that an earlier row has is no id."""
        if place.source_id in self.ids:
            place = replace(place, source_id=f"{place.source_id}, row {number}")
        self.ids.add(place.source_id)
        return place

    def told(self) -> Iterator[str]:
        for why, count in self.left_out.items():
            yield f"rows left out because {why}: {count}"
        if self.other_trade:
            yield (
                f"rows left out because their niche was not ordered: {len(self.other_trade)}, "
                f"the first is {self.other_trade[0]}"
            )


class OwnListSource(ABC):
    """A list that the agency hands over; what cannot be read of it is left out and named, the rest is used."""

    name: str
    is_real = True
    rows_may_be_wider = False
    """Whether a row may have more cells than the title line; in a text file that is a sign of a lost quotation."""

    def __init__(self, access: SourceAccess) -> None:
        if access.path is None:
            raise OrderError("sources", self.name, f"say which file, e.g. {self.name}:leads.{self.name}")
        self._path = access.path
        self._label = access.label or access.path.name
        self._map = access.column_map

    @property
    def licence(self) -> str:
        return policies()[self.name].licence

    @property
    def attribution(self) -> str:
        return policies()[self.name].attribution

    @abstractmethod
    def _sheets(self) -> Iterator[Sheet]:
        """The tables of the file, the likeliest first.

        Raises:
            FileError: it is not what it should be.
        """

    def check_ready(self, location: str) -> None:
        """Reads titles and rows: where most rows name a town, a place that none of them is was hardly meant."""
        where = parse_location(location)
        rows = list(self._good_rows())
        if not rows:
            raise FileError(self._label, "has a title line and no row that can be read")
        if isinstance(where, NamedPlace):
            self._check_towns(rows, location)
            return
        points = [point for row in rows if (point := row.point())]
        if not any(map(where.contains, points)):
            raise OrderError(
                "location",
                location,
                f"{self._label} has no row there; of its {len(rows)} rows, {len(points)} have coordinates",
            )

    def _good_rows(self) -> Iterator[Cells]:
        table = self._table()
        for row in table.rows:
            if isinstance(row, SheetRow):
                with suppress(BadRowError):
                    yield self._cells(table.header, row)

    def _check_towns(self, rows: Iterable[Cells], location: str) -> None:
        towns = Counter(row.text("city") for row in rows)
        townless = towns.pop(None, 0)
        if towns.total() > townless and not any(_is_same_town(town, location) for town in towns if town):
            most = ", ".join(
                f"{clean_line(town)[:MAX_SHOWN]} ({count})"
                for town, count in towns.most_common(MAX_TOWNS)
                if town
            )
            raise OrderError("location", location, f"{self._label} names {most}")

    def estimate(self, _request: PlaceRequest) -> Estimate:
        return NO_CALLS

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        where = request.where
        area = None if isinstance(where, NamedPlace) else area_on_map(where, request.location)
        if area is not None:
            yield area
        table = self._table()
        account = _Account()
        for row in table.rows:
            if isinstance(row, Note):
                yield row
            elif account.is_new(row):
                yield from self._of_row(row, table.header, request, area, account)
        yield from (Note(f"{self._label}: {text}") for text in account.told())

    def _of_row(
        self,
        row: SheetRow,
        header: Header,
        request: PlaceRequest,
        area: SearchArea | None,
        account: "_Account",
    ) -> Iterator[SourceItem]:
        told = f"{self._label}: row {row.number}"
        try:
            cells = self._cells(header, row)
            niche = _niche(cells, request)
            place = self._place(row.number, cells, niche)
        except BadRowError as error:
            yield Rejected(f"{told}, {error}; the row was left out", _record(header, row))
            return
        if why := _why_elsewhere(place, request, area):
            account.left_out[why] += 1
            return
        if niche not in request.niches:
            account.other_trade.append(_told(row.number, cells, niche))
        elif cells.left_out:
            record = _record(header, row)
            yield from (Unread(f"{told}, {text}", record) for text in cells.left_out)
        if niche is not None:
            yield account.with_own_id(place, row.number)

    def _table(self) -> _Table:
        """The first table of the file that has a title line; the rows that repeat it are none."""
        check_map(self._map)
        first_fault: FileError | None = None
        for sheet in self._sheets():
            rows = iter(sheet)
            top = list(islice(rows, TOP_ROWS))
            try:
                header = find_header(
                    [row for row in top if isinstance(row, SheetRow)], self._map, self._label
                )
            except FileError as error:
                first_fault = first_fault or error
                continue
            return _Table(header, (row for row in chain(top, rows) if _is_below(row, header)))
        raise first_fault or FileError(self._label, "has no table")

    def _cells(self, header: Header, row: SheetRow) -> Cells:
        """The row under our own column names.

        Raises:
            BadRowError: it has not the cells that the title line says.
        """
        width = len(header.titles)
        if row.fault:
            raise BadRowError(row.fault)
        if not self.rows_may_be_wider and any(cell.strip() for cell in row.cells[width:]):
            raise BadRowError(
                f"its cells are {len(row.cells)} and the titles {width}; quote a cell that holds the delimiter"
            )
        return Cells(header.cells_of(row))

    def _place(self, number: int, row: Cells, niche: Niche | None) -> Place:
        country = row.country()
        return Place(
            source=self.name,
            source_id=clean_line(row.text("id") or f"row {number}"),
            name=row.name(),
            niche=niche.key if niche else "",
            street=street_line(row.text("street"), row.text("number"), country),
            postcode=row.text("postcode"),
            city=row.text("city"),
            country=country,
            latitude=row.coordinate("latitude"),
            longitude=row.coordinate("longitude"),
            phone=row.phone(),
            email=row.email(),
            website=row.website(),
            opening_hours=row.text("opening_hours"),
            last_edited=row.day("last_edited"),
            language=row.language(),
        )


def _is_below(row: SheetRow | Note, header: Header) -> bool:
    """Whether it is more than the title line, which some lists repeat on every page."""
    return isinstance(row, Note) or (
        row.number > header.row.number and list(row.cells) != list(header.row.cells)
    )


def _record(header: Header, row: SheetRow) -> dict[str, str]:
    """The row as it was given, by the list's own titles; what no database or spreadsheet takes is shown."""
    if row.fault:
        return {UNREADABLE: shown(row.cells[0], MAX_CELL + 1)}
    width = max(len(header.titles), len(row.cells))
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    return {
        header.title(index): shown(cell, MAX_CELL + 1)
        for index, cell in enumerate(cells)
        if header.is_titled(index) or cell.strip()
    }


def _why_elsewhere(place: Place, request: PlaceRequest, area: SearchArea | None) -> str | None:
    """Why the place is not where the order says; the list is the agency's own, so a row that names no town may be."""
    if area is None:
        where = request.where
        is_there = not place.city or _is_same_town(place.city, request.location)
        if is_there and not (isinstance(where, NamedPlace) and is_abroad(place.country, where.within)):
            return None
        return f"their town is not {request.location}"
    if place.latitude is None or place.longitude is None:
        return "they have no coordinates"
    is_inside = area.contains((place.latitude, place.longitude))
    return None if is_inside else f"they lie outside {request.location}"


def _niche(row: Cells, request: PlaceRequest) -> Niche | None:
    """The row's own niche if it was asked for; the order's where the list says none."""
    word = row.text("niche")
    if not word:
        return request.niches[0] if len(request.niches) == 1 else NICHES.get(_guess(row.name()))
    try:
        found = find_niche(word)
    except OrderError:
        raise BadRowError.of_cell("niche", word, "no niche that is known") from None
    return next((niche for niche in request.all_niches if niche in found), None)


def _told(number: int, row: Cells, niche: Niche | None) -> str:
    """The row for a note: where it stands, and the trade that it is of."""
    trade = row.text("niche") or (niche.key if niche else "no trade given")
    return f"row {number}, {row.name()[:MAX_SHOWN]!r} ({clean_line(trade)[:MAX_SHOWN]})"


def _guess(name: str) -> str:
    """With every niche ordered and none in the list, the first niche word in the name decides."""
    for word in fold(name).split():
        try:
            found = find_niche(word)
        except OrderError:
            continue
        if len(found) == 1:
            return found[0].key
    return ""


def _is_same_town(city: str, location: str) -> bool:
    return fold(city) in (fold(location), fold(location.split(",", maxsplit=1)[0]))
