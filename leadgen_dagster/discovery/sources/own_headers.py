"""The title line of the agency's own list: where it stands, and which column says what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from leadgen_dagster.discovery.words import clean_line, fold
from leadgen_dagster.errors import FileError, OrderError

TITLES = Path(__file__).with_name("csv_headers.yaml")
TOP_ROWS = 10
"""The title line is one of the first so many that are not empty: names of lists and days of export stand above it."""
MAX_TOLD = 200
MAX_TITLE = 60
IGNORE = "ignore"
"""What the map says of a column whose title means something else than it usually does."""
NUMBERED = 1_000
"""`Phone 2` comes after every column whose title is known as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row of a list as its file has it."""

    number: int
    """As a spreadsheet shows it."""
    cells: Sequence[str]
    fault: str | None = None
    """Why its cells cannot be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The title line of a list."""

    row: SheetRow
    titles: tuple[str, ...]
    """Each once and none empty, so that a row can be told by them."""
    columns: Mapping[str, tuple[int, ...]]
    """Our own column -> where it stands; several in the order of reading."""

    def cells_of(self, row: SheetRow) -> dict[str, str]:
        """The row under our own column names: of several columns, the first that says something."""
        cells = row.cells
        given = {
            field: [cells[index] for index in places if index < len(cells)]
            for field, places in self.columns.items()
        }
        return {field: next((cell for cell in found if cell.strip()), "") for field, found in given.items()}

    def title(self, index: int) -> str:
        return self.titles[index] if index < len(self.titles) else _untitled(index)

    def is_titled(self, index: int) -> bool:
        return index < len(self.titles) and bool(self.row.cells[index].strip())


def check_map(column_map: Mapping[str, str]) -> None:
    """Refuses a map to a column that there is not.

    Raises:
        OrderError: names the pair, and the columns that there are.
    """
    for title, field in column_map.items():
        if field not in (*_titles(), IGNORE):
            raise OrderError(
                "map", f"{title}={field}", f"our columns are {', '.join(_titles())}, or {IGNORE}"
            )


def find_header(top: Sequence[SheetRow], column_map: Mapping[str, str], label: str) -> Header:
    """The title line among the first rows of a list: the one with most titles that are known.

    Raises:
        FileError: no row has all titles of the map, or none has a title that means the name.
    """
    first = top[0] if top else SheetRow(number=1, cells=())
    best = max(top, key=lambda row: _score(row, column_map), default=first)
    missing = [title for title in column_map if _place_of(title, best.cells) is None]
    if missing:
        raise FileError(
            label, f"no column {missing[0]!r}, which the map names; it has {_told(best)}", line=best.number
        )
    columns = _columns(best.cells, column_map)
    if "name" not in columns:
        raise FileError(
            label,
            "no column says the name; name one `name`, or say with --map which it is. "
            f"Its first line has: {_told(first)}",
            line=first.number,
        )
    return Header(row=best, titles=_unique(best.cells), columns=columns)


def header_score(top: Iterable[SheetRow], column_map: Mapping[str, str]) -> tuple[int, int, int]:
    """How well rows read as the top of a list: titles of the map, titles that are known, cells; of the best row."""
    return max((_score(row, column_map) for row in top), default=(0, 0, 0))


@cache
def _titles() -> dict[str, list[str]]:
    import yaml

    titles: dict[str, list[str]] = yaml.safe_load(TITLES.read_text(encoding="utf-8"))
    return titles


@cache
def _known() -> dict[str, tuple[str, int]]:
    """Title -> our column, and its rank among the titles of that column."""
    return {title: (field, rank) for field, titles in _titles().items() for rank, title in enumerate(titles)}


def _meaning(title: str) -> tuple[str, int] | None:
    folded = fold(title[:MAX_TOLD])
    if folded in _known():
        return _known()[folded]
    bare, _, last = folded.rpartition(" ")
    if last.isdigit() and bare in _known():
        field, rank = _known()[bare]
        return field, rank + NUMBERED
    return None


def _columns(titles: Sequence[str], column_map: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """The map first; what it says nothing of by the usual titles."""
    mapped: dict[str, list[int]] = {}
    for title, field in column_map.items():
        place = _place_of(title, titles)
        if place is not None:
            mapped.setdefault(field, []).append(place)
    taken = {place for places in mapped.values() for place in places}
    guessed: dict[str, list[tuple[int, int]]] = {}
    for index, title in enumerate(titles):
        meaning = _meaning(title)
        if meaning and index not in taken and meaning[0] not in mapped:
            guessed.setdefault(meaning[0], []).append((meaning[1], index))
    found = {field: tuple(index for _rank, index in sorted(ranked)) for field, ranked in guessed.items()}
    return found | {field: tuple(places) for field, places in mapped.items() if field != IGNORE}


def _place_of(title: str, titles: Sequence[str]) -> int | None:
    """The column of that title; where none is spelled so, the one that differs by case, accents and signs alone."""
    spelled = [given.strip() for given in titles]
    if title.strip() in spelled:
        return spelled.index(title.strip())
    folded = [fold(given[:MAX_TOLD]) for given in titles]
    return folded.index(fold(title)) if fold(title) and fold(title) in folded else None


def _score(row: SheetRow, column_map: Mapping[str, str]) -> tuple[int, int, int]:
    mapped = sum(_place_of(title, row.cells) is not None for title in column_map)
    return mapped, len(_columns(row.cells, column_map)), sum(bool(cell.strip()) for cell in row.cells)


def _unique(titles: Sequence[str]) -> tuple[str, ...]:
    unique: dict[str, None] = {}
    for index, given in enumerate(titles):
        title = clean_line(given)[:MAX_TITLE] or _untitled(index)
        count, name = 1, title
        while name in unique:
            count += 1
            name = f"{title} ({count})"
        unique[name] = None
    return tuple(unique)


def _untitled(index: int) -> str:
    """As a spreadsheet calls it: the first is A, the one behind Z is AA."""
    name = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        name, index = chr(ord("A") + rest) + name, index - 1
    return f"column {name}"


def _told(row: SheetRow) -> str:
    titles = (clean_line(title)[:MAX_TITLE] for title in row.cells)
    return ", ".join(title for title in titles if title)[:MAX_TOLD] or "nothing"
