"""The cells of one row as people and spreadsheets write them.

A cell that says "nothing" in some way is empty. One that cannot be read is left out, and the row says so; a row is
set aside as a whole only where its name, what it does, or where it lies is not known.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from leadgen_dagster.discovery.countries import country_code
from leadgen_dagster.discovery.normalise import normalise_email, normalise_website
from leadgen_dagster.discovery.words import code_in, fold

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
GUARDED = re.compile(r"^'(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
"""The quote that stands in a written CSV before a cell that a spreadsheet might compute."""
HTML_ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});")
POSTCODE_CITY = re.compile(r"((?:[A-Z]{1,3}-)?\d[\d -]{1,7}?(?: [A-Z]{2}(?=\s))?),?\s+([^\W\d_].*)")
"""`70173 Stuttgart`, `D-70173 Stuttgart` or `1012 AB Amsterdam` in one cell."""
LOST = "\N{REPLACEMENT CHARACTER}"
"""Stands where bytes or characters were that no text has."""
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
LIMITS = {"latitude": 90, "longitude": 180}
CODES = frozenset({"country", "language"})
"""Columns where two letters such as `NO` and `NA` are something."""
WHOLE_NUMBER = re.compile(r"(\d+)[.,]0")
"""How a table program writes a number of a column that has gaps."""
NUMBERS = frozenset({"id", "number", "postcode", "phone"})
ROUNDED = re.compile(r"\d([.,]\d+)?e\+?\d+", re.IGNORECASE)


class BadRowError(ValueError):
    """The row cannot be used; says why."""

    @classmethod
    def of_cell(cls, column: str, value: str, why: str) -> "BadRowError":
        return cls(f"{_named(column, value)} is {why}")


class Cells:
    """One row, by our own column names.

    Attributes:
        left_out: a sentence for each cell that could not be read, in the order of reading.
    """

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.left_out: list[str] = []
        self._cells = {column: _plain(column, cell) for column, cell in cells.items()}
        if found := POSTCODE_CITY.fullmatch(self._cells.get("postcode_city", "")):
            self._cells = {"postcode": found[1], "city": found[2]} | {
                column: cell for column, cell in self._cells.items() if cell
            }

    def name(self) -> str:
        """The name.

        Raises:
            BadRowError: there is none that one could use.
        """
        name = self._cells.get("name", "")
        why = _why_no_text(name, MAX_NAME)
        if why is None and (FORMULA_ERROR.fullmatch(name) or not any(map(str.isalnum, name))):
            why = "no name" if name else "empty"
        if why:
            raise BadRowError.of_cell("name", name, why)
        return name

    def text(self, column: str) -> str | None:
        """The cell; None where it says nothing."""
        given = self._cells.get(column, "")
        if FORMULA_ERROR.fullmatch(given) or _says_nothing(column, given):
            return None
        why = _why_no_text(given, MAX_CELL)
        if why:
            self._leave_out(column, given, why)
        return None if why else given

    def country(self) -> str | None:
        given = self.text("country")
        if given is None:
            return None
        if code := country_code(given):
            return code
        self._leave_out("country", given, "no country that is known; give two letters, e.g. FI")
        return None

    def language(self) -> str | None:
        given = self.text("language")
        if given is None or _is_code(given):
            return given and given.lower()
        self._leave_out("language", given, "no language; give two letters, e.g. fi")
        return None

    def coordinate(self, column: str) -> float | None:
        """Degrees.

        Raises:
            BadRowError: the cell is no place on Earth; whose it is, is then not to be trusted either.
        """
        given = self._cells.get(column, "")
        limit = LIMITS[column]
        if fold(given) == "nan":
            self._leave_out(column, given, f"not between -{limit} and {limit}")
            return None
        if self.text(column) is None:
            return None
        value = _degrees(given)
        if value is None or not abs(value) <= limit:
            raise BadRowError.of_cell(column, given, f"not between -{limit} and {limit}")
        return value

    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude; None where one of them is missing or cannot be read."""
        try:
            latitude, longitude = map(self.coordinate, LIMITS)
        except BadRowError:
            return None
        return None if latitude is None or longitude is None else (latitude, longitude)

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
        dotted = DAY_FIRST.match(given)
        iso = f"{dotted[3]}-{dotted[2]:0>2}-{dotted[1]:0>2}" if dotted else given[:10]
        try:
            return date.fromisoformat(iso)
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
    """The cell without what a written CSV, a web page or a text processor has put around it."""
    text = HTML_ENTITY.sub(lambda found: html.unescape(found[0]), cell) if "&" in cell else cell
    text = (text if text.isprintable() else _visible(text)).strip()
    text = GUARDED.sub("", text, count=1).strip()
    whole = WHOLE_NUMBER.fullmatch(text)
    return whole[1] if whole and column in NUMBERS else text


def _visible(text: str) -> str:
    """Without control and format characters (marks of writing direction, zero-width spaces); NUL is kept to be told."""
    return "".join(
        char for char in text if char.isspace() or char == "\0" or unicodedata.category(char)[0] != "C"
    )


def _why_no_text(text: str, limit: int) -> str | None:
    """What makes a cell no text that a person wrote."""
    if len(text) > limit:
        return "too long"
    if "\0" in text:
        return "broken by NUL characters"
    if LOST in text:
        return "broken: it holds characters that cannot be read"
    return code_in(text)


def _degrees(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def shown(text: str, limit: int) -> str:
    """A cell in a record or a sentence: not longer than that, and without characters that a database refuses."""
    kept = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return "".join(LOST if char == "\0" or unicodedata.category(char) == "Cs" else char for char in kept)


def _says_nothing(column: str, cell: str) -> bool:
    folded = fold(cell)
    return folded in NOTHING and not (column in CODES and _is_code(cell))


def _is_code(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalpha()


def _web(text: str) -> str | None:
    address = normalise_website(text)
    return address.url if address else None


def _named(column: str, value: str) -> str:
    short = value if len(value) <= MAX_SHOWN else f"{value[: MAX_SHOWN - 3]}..."
    return f"column {column}: {short!r}"
