"""The cells of one row as people and spreadsheets write them.

A cell that says "nothing" in some way is empty. One that cannot be read is left out, and the row says so; a row is
set aside as a whole only where its name, or what it does, is not known.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date

from leadgen_dagster.discovery.normalise import normalise_email, normalise_website
from leadgen_dagster.discovery.words import clean_line, fold

MAX_CELL = 2_000
MAX_NAME = 200
MAX_SHOWN = 60
MIN_PHONE_DIGITS = 5

NOTHING = frozenset({
    "", "0", "n a", "na", "nan", "nil", "no", "none", "not available", "not known", "null", "tba", "tbd", "unknown",
    "k a", "kein", "keine", "keine angabe", "keiner", "keines", "nein", "nicht bekannt", "nicht vorhanden",
    "unbekannt", "ei", "ei ole", "ei tiedossa", "puuttuu", "tuntematon",
})  # fmt: skip
"""Folded."""
FORMULA_ERROR = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|NV|REF!|VALUE!|WERT!|BEZUG!|ARVO!|PUUTTUU!)")
CODES = frozenset({"country", "language"})
"""Columns where two letters such as `NO` and `NA` are something."""
WHOLE_NUMBER = re.compile(r"(\d+)[.,]0")
"""How a table program writes a number of a column that has gaps."""
NUMBERS = frozenset({"id", "number", "postcode", "phone"})
ROUNDED = re.compile(r"\d([.,]\d+)?e\+?\d+", re.IGNORECASE)

COUNTRY_NAMES = {
    "austria": "AT", "osterreich": "AT", "deutschland": "DE", "germany": "DE", "saksa": "DE", "finland": "FI",
    "finnland": "FI", "suomi": "FI", "ireland": "IE", "irland": "IE", "sweden": "SE", "schweden": "SE",
    "ruotsi": "SE",
    "switzerland": "CH", "schweiz": "CH", "united kingdom": "GB", "uk": "GB", "great britain": "GB",
    "england": "GB",
    "scotland": "GB", "wales": "GB", "united states": "US", "usa": "US", "france": "FR", "frankreich": "FR",
}  # fmt: skip


class BadRowError(ValueError):
    """The row cannot be used; says why, and what the cell held."""

    def __init__(self, column: str, value: str, why: str) -> None:
        super().__init__(f"{_named(column, value)} is {why}; the row was left out")


class Cells:
    """One row, by our own column names.

    Attributes:
        left_out: a sentence for each cell that could not be read, in the order of reading.
    """

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.left_out: list[str] = []
        self._cells = {column: _plain(column, cell) for column, cell in cells.items()}

    def name(self) -> str:
        """The name.

        Raises:
            BadRowError: there is none that one could use.
        """
        name = self._cells.get("name", "")
        if len(name) > MAX_NAME:
            raise BadRowError("name", name, "too long")
        if "\0" in name:
            raise BadRowError("name", name, "broken by NUL characters")
        if not clean_line(name) or FORMULA_ERROR.fullmatch(name) or not any(map(str.isalnum, name)):
            raise BadRowError("name", name, "empty" if not name else "no name")
        return name

    def text(self, column: str) -> str | None:
        """The cell; None where it says nothing."""
        given = self._cells.get(column, "")
        if FORMULA_ERROR.fullmatch(given) or _says_nothing(column, given):
            return None
        why = "too long" if len(given) > MAX_CELL else "broken by NUL characters" if "\0" in given else None
        if why:
            self._leave_out(column, given, why)
        return None if why else given

    def country(self) -> str | None:
        given = self.text("country")
        if given is None:
            return None
        code = COUNTRY_NAMES.get(fold(given), given.upper())
        if _is_code(code):
            return code
        self._leave_out("country", given, "no country; give two letters, e.g. FI")
        return None

    def language(self) -> str | None:
        given = self.text("language")
        if given is None or _is_code(given):
            return given and given.lower()
        self._leave_out("language", given, "no language; give two letters, e.g. fi")
        return None

    def coordinate(self, column: str, limit: int) -> float | None:
        given = self.text(column)
        if given is None:
            return None
        try:
            value = float(given.replace(",", "."))
        except ValueError:
            value = math.nan
        if abs(value) <= limit:
            return value
        self._leave_out(column, given, f"not between -{limit} and {limit}")
        return None

    def phone(self) -> str | None:
        """Kept as given: which country dials it is settled over the whole list."""
        given = self.text("phone")
        if given is None:
            return None
        if ROUNDED.fullmatch(given):
            self._leave_out("phone", given, "a number that a spreadsheet rewrote; format the column as text")
        elif sum(map(str.isdigit, given)) < MIN_PHONE_DIGITS:
            self._leave_out("phone", given, "not a phone number")
        else:
            return given
        return None

    def email(self) -> str | None:
        return self._read("email", normalise_email, "not an address")

    def website(self) -> str | None:
        return self._read("website", _web, "not a web address")

    def day(self, column: str) -> date | None:
        given = self.text(column)
        if given is None:
            return None
        try:
            return date.fromisoformat(given[:10])
        except ValueError:
            self._leave_out(column, given, "not a day like 2026-11-22")
            return None

    def _read(self, column: str, normalise: Callable[[str], str | None], why: str) -> str | None:
        given = self.text(column)
        if given is None:
            return None
        value = normalise(given)
        if value is None:
            self._leave_out(column, given, why)
        return value

    def _leave_out(self, column: str, value: str, why: str) -> None:
        self.left_out.append(f"{_named(column, value)} is {why}; the cell was left out")


def _plain(column: str, cell: str) -> str:
    cell = cell.strip()
    whole = WHOLE_NUMBER.fullmatch(cell)
    return whole[1] if whole and column in NUMBERS else cell


def _says_nothing(column: str, cell: str) -> bool:
    folded = fold(cell)
    return folded in NOTHING and not (column in CODES and _is_code(cell))


def _is_code(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalpha()


def _web(text: str) -> str | None:
    address = normalise_website(text)
    return address.url if address else None


def _named(column: str, value: str) -> str:
    shown = value if len(value) <= MAX_SHOWN else f"{value[: MAX_SHOWN - 3]}..."
    return f"column {column}: {shown!r}"
