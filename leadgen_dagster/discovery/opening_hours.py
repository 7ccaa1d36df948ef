"""Opening hours: the common part of OSM's `opening_hours` syntax, read into a week.

What is not understood in full is not understood at all: a half-read week would be printed as a wrong one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MINUTES_OF_DAY = 24 * 60
MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY
MAX_RULES = 40
MAX_TEXT = 1_000
"""A week that needs more letters is none that the rules here understand."""

_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_DAYS = rf"{_DAY}(?:\s*-\s*{_DAY})?(?:\s*,\s*{_DAY}(?:\s*-\s*{_DAY})?)*"
_SPAN = r"\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}"
_RULE = re.compile(
    rf"(?:(?P<days>{_DAYS})\s*)?:?\s*(?P<times>{_SPAN}(?:\s*,\s*{_SPAN})*|off|closed|open|24/7)?", re.ASCII
)
_SEPARATOR = re.compile(rf";|(?<=\d)\s*,\s*(?={_DAYS}\s)")
_DASHES = str.maketrans({"\u2013": "-", "\u2014": "-", "\u2212": "-"})


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """An opening, in minutes after the day's midnight; `closes` is above 1440 after midnight."""

    opens: int
    closes: int


Day = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHours:
    """The usual week, Monday first; a day without a span is closed."""

    days: tuple[Day, ...]
    public_holidays: Day | None = None
    """Empty: closed on them; None: nothing is said of them."""

    @property
    def is_always_open(self) -> bool:
        return all(day == (Span(0, MINUTES_OF_DAY),) for day in self.days)


def parse_opening_hours(text: str) -> WeeklyHours | None:
    """Reads e.g. `Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-13:00; PH off`; None for anything else."""
    if len(text) > MAX_TEXT:
        return None
    rules = [rule.strip() for rule in _SEPARATOR.split(text.translate(_DASHES)) if rule.strip()]
    if not rules or len(rules) > MAX_RULES:
        return None
    week: dict[str, Day] = {}
    for rule in rules:
        read = _read_rule(rule)
        if read is None:
            return None
        week.update(read)
    days = tuple(week.get(day, ()) for day in WEEKDAYS)
    if not any(days) or _overlaps_next_day(days):
        return None
    return WeeklyHours(days=days, public_holidays=week.get("PH"))


def clock(minutes: int) -> str:
    """Minutes after midnight as a clock shows them; the end of a day is 24:00."""
    if minutes > MINUTES_OF_DAY:
        minutes -= MINUTES_OF_DAY
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def hours_of_periods(periods: Iterable[Mapping[str, Any]]) -> str | None:
    """The `regularOpeningHours.periods` of the Places API (New) in OSM's syntax; None for none, or no sane week.

    A period has an `open` and a `close` with `day` (0 is Sunday), `hour` and `minute`, where a zero may be left
    out. One that opens at midnight and has no `close` never closes.
    """
    week: dict[str, set[Span]] = {}
    for period in periods:
        opens, closes = _minute_of_week(period.get("open")), _minute_of_week(period.get("close"))
        if opens is None or (closes is None and (period.get("close") is not None or opens % MINUTES_OF_DAY)):
            return None
        length = MINUTES_OF_WEEK if closes is None else (closes - opens) % MINUTES_OF_WEEK or MINUTES_OF_WEEK
        for day, span in _by_days(opens, length):
            week.setdefault(day, set()).add(span)
    text = _written(week)
    return text if parse_opening_hours(text) else None


def _minute_of_week(time: object) -> int | None:
    """Minutes after Monday's midnight."""
    if not isinstance(time, Mapping):
        return None
    day = _whole(time.get("day"), 6)
    hour = _whole(time.get("hour", 0), 23)
    minute = _whole(time.get("minute", 0), 59)
    if day is None or hour is None or minute is None:
        return None
    return (day + 6) % 7 * MINUTES_OF_DAY + hour * 60 + minute


def _whole(value: object, limit: int) -> int | None:
    return value if type(value) is int and 0 <= value <= limit else None


def _by_days(opens: int, length: int) -> Iterator[tuple[str, Span]]:
    """An opening belongs to its first day, also after midnight; one of more than a day is cut at each midnight."""
    while length > 0:
        day, minute = divmod(opens % MINUTES_OF_WEEK, MINUTES_OF_DAY)
        part = length if length <= MINUTES_OF_DAY else MINUTES_OF_DAY - minute
        yield WEEKDAYS[day], Span(minute, minute + part)
        opens, length = opens + part, length - part


def _written(week: Mapping[str, Iterable[Span]]) -> str:
    """A week in OSM's syntax, neighbours with equal hours together."""
    spans = {
        day: ",".join(f"{clock(span.opens)}-{clock(span.closes)}" for span in sorted(week.get(day, ())))
        for day in WEEKDAYS
    }
    if set(spans.values()) == {"00:00-24:00"}:
        return "24/7"
    groups = [(hours, list(days)) for hours, days in groupby(WEEKDAYS, key=spans.__getitem__) if hours]
    return "; ".join(
        f"{days[0]}-{days[-1]} {hours}" if len(days) > 1 else f"{days[0]} {hours}" for hours, days in groups
    )


def _read_rule(rule: str) -> dict[str, Day] | None:
    found = _RULE.fullmatch(rule)
    if found is None:
        return None
    days, times = found["days"], found["times"]
    if times is None:
        return None
    spans = _read_times(times)
    if spans is None:
        return None
    names = WEEKDAYS if days is None else _days_of(days)
    return None if names is None else dict.fromkeys(names, spans)


def _read_times(times: str) -> Day | None:
    if times in {"off", "closed"}:
        return ()
    if times in {"24/7", "open"}:
        return (Span(0, MINUTES_OF_DAY),)
    spans = []
    for part in times.split(","):
        opens, closes = (_minutes(side) for side in part.split("-"))
        if opens is None or closes is None or opens == MINUTES_OF_DAY:
            return None
        spans.append(Span(opens, closes if closes > opens else closes + MINUTES_OF_DAY))
    spans.sort()
    touches = any(left.closes > right.opens for left, right in pairwise(spans))
    return None if touches else tuple(spans)


def _minutes(text: str) -> int | None:
    hours, minutes = (int(part) for part in text.strip().split(":"))
    total = hours * 60 + minutes
    return total if minutes < 60 and total <= MINUTES_OF_DAY else None


def _days_of(text: str) -> tuple[str, ...] | None:
    names: list[str] = []
    for part in text.split(","):
        first, _, last = (side.strip() for side in part.partition("-"))
        if "PH" in {first, last}:
            if last:
                return None
            names.append("PH")
            continue
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last or first) - start) % 7 + 1
        names.extend(WEEKDAYS[(start + offset) % 7] for offset in range(length))
    return tuple(names)


def _overlaps_next_day(days: tuple[Day, ...]) -> bool:
    return any(
        day and days[(index + 1) % 7] and day[-1].closes - MINUTES_OF_DAY > days[(index + 1) % 7][0].opens
        for index, day in enumerate(days)
    )
