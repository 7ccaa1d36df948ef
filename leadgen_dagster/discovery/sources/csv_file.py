"""The agency's own list: a CSV file as spreadsheets write it."""

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.niches import NICHES, Niche, find_niche
from leadgen_dagster.discovery.normalise import normalise_email, normalise_website, street_line
from leadgen_dagster.discovery.sources import Note, PlaceRequest, Rejected, SourceItem
from leadgen_dagster.discovery.words import clean_line, fold
from leadgen_dagster.errors import FileError, OrderError

MAX_BYTES = 64 * 2**20
MAX_CELL = 2_000
MAX_NAME = 200

HEADERS = Path(__file__).with_name("csv_headers.yaml")
COUNTRY_NAMES = {
    "austria": "AT", "osterreich": "AT", "deutschland": "DE", "germany": "DE", "saksa": "DE", "finland": "FI",
    "finnland": "FI", "suomi": "FI", "ireland": "IE", "irland": "IE", "sweden": "SE", "schweden": "SE",
    "ruotsi": "SE",
    "switzerland": "CH", "schweiz": "CH", "united kingdom": "GB", "uk": "GB", "great britain": "GB",
    "england": "GB",
    "scotland": "GB", "wales": "GB", "united states": "US", "usa": "US", "france": "FR", "frankreich": "FR",
}  # fmt: skip

Row = dict[str, str]


class CsvSource:
    """A list that the agency hands over; a wrong row is set aside with the reason, the others are used."""

    name = "csv"
    licence = "the agency's own list"
    attribution = "the agency's own list"
    homepage = None
    is_real = True

    def __init__(self, path: Path, label: str | None = None) -> None:
        """Args: path: the file. label: its name as the person knows it."""
        self._path = path
        self._label = label or path.name

    def check_ready(self) -> None:
        next(self._rows(), None)

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        elsewhere = other_trade = 0
        for number, row in self._rows():
            try:
                niche = _niche(row, request)
                place = self._place(number, row, niche)
            except _BadCellError as error:
                yield Rejected(f"{self._label}: row {number}, {error}")
                continue
            if place.city and not _is_same_town(place.city, request.location):
                elsewhere += 1
            elif niche is None:
                other_trade += 1
            else:
                yield place
        if elsewhere:
            yield Note(
                f"{self._label}: rows left out because their town is not {request.location}: {elsewhere}"
            )
        if other_trade:
            yield Note(f"{self._label}: rows left out because their niche was not ordered: {other_trade}")

    def _rows(self) -> Iterator[tuple[int, Row]]:
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

    def _place(self, number: int, row: Row, niche: Niche | None) -> Place:
        country = _country(row)
        return Place(
            source=self.name,
            source_id=row.get("id") or f"row {number}",
            name=_name(row),
            niche=niche.key if niche else "",
            street=street_line(row.get("street"), row.get("number"), country),
            postcode=row.get("postcode"),
            city=row.get("city"),
            country=country,
            latitude=_coordinate(row, "latitude", 90),
            longitude=_coordinate(row, "longitude", 180),
            phone=_phone(row),
            email=_checked(row, "email", normalise_email, "not an address"),
            website=_checked(row, "website", _web, "not a web address"),
            opening_hours=row.get("opening_hours"),
            last_edited=_day(row),
            language=_language(row),
        )


class _BadCellError(ValueError):
    def __init__(self, column: str, value: str, why: str) -> None:
        shown = value if len(value) <= 60 else f"{value[:57]}..."
        super().__init__(f"column {column}: {shown!r} is {why}")


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


def _row(columns: Mapping[int, str], cells: list[str]) -> Row:
    return {
        field: cell
        for index, field in columns.items()
        if index < len(cells) and (cell := cells[index].strip())
    }


def _name(row: Row) -> str:
    name = row.get("name", "")
    if any(len(cell) > MAX_CELL for cell in row.values()) or len(name) > MAX_NAME:
        raise _BadCellError("name", name, "too long, or its row is")
    if "\0" in "".join(row.values()):
        raise _BadCellError("name", name, "in a row with NUL characters")
    if not clean_line(name):
        raise _BadCellError("name", name, "empty")
    return name


def _niche(row: Row, request: PlaceRequest) -> Niche | None:
    """The row's own niche if it was asked for; the order's where the list says none."""
    word = row.get("niche")
    if not word:
        return request.niches[0] if len(request.niches) == 1 else NICHES.get(_guess(row))
    try:
        found = find_niche(word)
    except OrderError:
        raise _BadCellError("niche", word, "no niche that is known") from None
    return next((niche for niche in request.all_niches if niche in found), None)


def _guess(row: Row) -> str:
    """With every niche ordered and none in the list, the first niche word in the name decides."""
    for word in fold(row.get("name", "")).split():
        try:
            found = find_niche(word)
        except OrderError:
            continue
        if len(found) == 1:
            return found[0].key
    return ""


def _country(row: Row) -> str | None:
    given = row.get("country")
    if not given:
        return None
    code = COUNTRY_NAMES.get(fold(given), given.upper())
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code
    raise _BadCellError("country", given, "no country; give two letters, e.g. FI")


def _coordinate(row: Row, column: str, limit: int) -> float | None:
    given = row.get(column)
    if given is None:
        return None
    try:
        value = float(given.replace(",", "."))
    except ValueError:
        value = math.nan
    if not abs(value) <= limit:
        raise _BadCellError(column, given, f"not between -{limit} and {limit}")
    return value


def _phone(row: Row) -> str | None:
    """Kept as given: which country dials it is settled over the whole list."""
    given = row.get("phone")
    if given and sum(char.isdigit() for char in given) < 5:
        raise _BadCellError("phone", given, "not a phone number")
    return given


def _checked(row: Row, column: str, normalise: Callable[[str], str | None], why: str) -> str | None:
    given = row.get(column)
    if given is None:
        return None
    value = normalise(given)
    if value is None:
        raise _BadCellError(column, given, why)
    return value


def _web(text: str) -> str | None:
    address = normalise_website(text)
    return address.url if address else None


def _language(row: Row) -> str | None:
    given = row.get("language", "").lower()
    return given if len(given) == 2 and given.isascii() and given.isalpha() else None


def _day(row: Row) -> date | None:
    given = row.get("last_edited")
    if given is None:
        return None
    try:
        return date.fromisoformat(given[:10])
    except ValueError:
        raise _BadCellError("last_edited", given, "not a day like 2026-11-22") from None


def _is_same_town(city: str, location: str) -> bool:
    return fold(city) in (fold(location), fold(location.split(",", maxsplit=1)[0]))
