"""The agency's own list: a CSV file as spreadsheets write it."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.niches import NICHES, Niche, find_niche
from leadgen_dagster.discovery.normalise import street_line
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
from leadgen_dagster.discovery.sources.csv_cells import BadRowError, Cells
from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import FileError, OrderError

MAX_BYTES = 64 * 2**20

MAX_TOWNS = 3
MAX_SHOWN = 60
HEADERS = Path(__file__).with_name("csv_headers.yaml")


class CsvSource:
    """A list that the agency hands over; what cannot be read of it is left out and named, the rest is used."""

    name = "csv"
    licence = policies()["csv"].licence
    attribution = policies()["csv"].attribution
    is_real = True

    def __init__(self, access: SourceAccess) -> None:
        if access.path is None:
            raise OrderError("sources", "csv", "say which file, e.g. csv:leads.csv")
        self._path = access.path
        self._label = access.label or access.path.name

    def check_ready(self, location: str) -> None:
        """Reads the towns: where most rows name one, a place that none of them is was hardly meant."""
        towns = Counter(row.text("city") for _number, row in self._rows())
        townless = towns.pop(None, 0)
        if towns.total() > townless and not any(_is_same_town(town, location) for town in towns if town):
            most = ", ".join(
                f"{town[:MAX_SHOWN]} ({count})" for town, count in towns.most_common(MAX_TOWNS) if town
            )
            raise OrderError("location", location, f"{self._label} names {most}")

    def estimate(self, _request: PlaceRequest) -> Estimate:
        return NO_CALLS

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        elsewhere = 0
        other_trade: list[str] = []
        for number, row in self._rows():
            try:
                niche = _niche(row, request)
                place = self._place(number, row, niche)
            except BadRowError as error:
                yield Rejected(f"{self._label}: row {number}, {error}")
                continue
            if place.city and not _is_same_town(place.city, request.location):
                elsewhere += 1
                continue
            if niche not in request.niches:
                other_trade.append(_told(number, row, niche))
            else:
                yield from (Unread(f"{self._label}: row {number}, {text}") for text in row.left_out)
            if niche is not None:
                yield place
        if elsewhere:
            yield Note(
                f"{self._label}: rows left out because their town is not {request.location}: {elsewhere}"
            )
        if other_trade:
            yield Note(
                f"{self._label}: rows left out because their niche was not ordered: {len(other_trade)}, "
                f"the first is {other_trade[0]}"
            )

    def _rows(self) -> Iterator[tuple[int, Cells]]:
        """The rows under our own column names, with the number a spreadsheet shows beside them."""
        text = _decode(self._path, self._label)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        try:
            header = next(reader, [])
            columns = _columns(header, self._label)
            for number, cells in enumerate(reader, start=2):
                if any(cell.strip() for cell in cells):
                    yield number, _row(columns, cells)
        except csv.Error as error:
            raise FileError(self._label, f"not readable as CSV ({error})", line=reader.line_num) from error

    def _place(self, number: int, row: Cells, niche: Niche | None) -> Place:
        country = row.country()
        return Place(
            source=self.name,
            source_id=row.text("id") or f"row {number}",
            name=row.name(),
            niche=niche.key if niche else "",
            street=street_line(row.text("street"), row.text("number"), country),
            postcode=row.text("postcode"),
            city=row.text("city"),
            country=country,
            latitude=row.coordinate("latitude", 90),
            longitude=row.coordinate("longitude", 180),
            phone=row.phone(),
            email=row.email(),
            website=row.website(),
            opening_hours=row.text("opening_hours"),
            last_edited=row.day("last_edited"),
            language=row.language(),
        )


def _decode(path: Path, label: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(label, f"cannot be read ({error.strerror})") from error
    if len(content) > MAX_BYTES:
        raise FileError(label, f"larger than {MAX_BYTES // 2**20} MB; split it")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(label, "neither UTF-8 nor Windows-1252 text; save it as CSV UTF-8")


def _delimiter(text: str) -> str:
    """The sign that splits the header line best, outside quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=lambda sign: len(next(csv.reader([header], delimiter=sign), [])))


def _columns(header: list[str], label: str) -> dict[int, str]:
    import yaml

    titles = yaml.safe_load(HEADERS.read_text(encoding="utf-8"))
    known = {spelling: field for field, spellings in titles.items() for spelling in spellings}
    columns: dict[int, str] = {}
    for index, title in enumerate(header):
        field = known.get(fold(title))
        if field and field not in columns.values():
            columns[index] = field
    if "name" not in columns.values():
        shown = ", ".join(title.strip() for title in header if title.strip()) or "nothing"
        raise FileError(
            label, f"no column says the name; name one `name`. Its first line has: {shown[:200]}", line=1
        )
    return columns


def _row(columns: Mapping[int, str], cells: list[str]) -> Cells:
    return Cells({field: cells[index] for index, field in columns.items() if index < len(cells)})


def _niche(row: Cells, request: PlaceRequest) -> Niche | None:
    """The row's own niche if it was asked for; the order's where the list says none."""
    word = row.text("niche")
    if not word:
        return request.niches[0] if len(request.niches) == 1 else NICHES.get(_guess(row.name()))
    try:
        found = find_niche(word)
    except OrderError:
        raise BadRowError("niche", word, "no niche that is known") from None
    return next((niche for niche in request.all_niches if niche in found), None)


def _told(number: int, row: Cells, niche: Niche | None) -> str:
    """The row for a note: where it stands, and the trade that it is of."""
    trade = row.text("niche") or (niche.key if niche else "no trade given")
    return f"row {number}, {row.name()[:MAX_SHOWN]!r} ({trade[:MAX_SHOWN]})"


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
