"""Opening hours that a page marks as data, in OSM's `opening_hours` syntax.

What is not understood in full is left out: a half-read week would be a wrong one.
"""

import re
from collections.abc import Iterator

from leadgen_dagster.scoring.marked import MarkedItem

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MOST_RULES = 40

_CLOCK = re.compile(r"([01]?\d|2[0-4]):?([0-5]\d)(?::[0-5]\d)?(?:Z|[+-]\d\d:?\d\d)?")
_SPAN = r"\d{1,2}:\d{2}\s?-\s?\d{1,2}:\d{2}"
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_RULE = re.compile(
    rf"({_DAY}(?:\s?[-,]\s?{_DAY})*)\s({_SPAN}(?:\s?,\s?{_SPAN})*|closed|off)", re.IGNORECASE | re.ASCII
)
_DASHES = str.maketrans({"\u2013": "-", "\u2014": "-"})


def marked_hours(item: MarkedItem) -> str | None:
    """The week of one item; None where it tells none, or one that cannot be read."""
    if specifications := item.items("openingHoursSpecification"):
        return _week(specifications)
    rules = [
        rule for text in item.texts("openingHours") for rule in re.split(r"[;|]", text.translate(_DASHES))
    ]
    read = [_RULE.fullmatch(rule.strip()) for rule in rules if rule.strip()]
    if not read or len(read) > MOST_RULES:
        return None
    if not all(read):
        return None
    times_of: dict[str, list[str]] = {}
    for days, times in (_rule(found) for found in read if found):
        times_of.setdefault(days, []).append(times)
    # To OSM a later rule for a day replaces the one before; to schema.org each adds an opening.
    return "; ".join(f"{days} {','.join(sorted(set(times)))}" for days, times in times_of.items())


def _rule(found: re.Match[str]) -> tuple[str, str]:
    days = re.sub(_DAY, lambda day: day[0].capitalize(), re.sub(r"\s", "", found[1]), flags=re.IGNORECASE)
    times = re.sub(r"(?<!\d)(?=\d:)", "0", re.sub(r"\s", "", found[2].lower()))
    return days, "off" if times == "closed" else times


def _week(specifications: tuple[MarkedItem, ...]) -> str | None:
    """Day by day; those that hold for a season alone are left out."""
    spans: dict[int, list[str]] = {}
    for one in specifications:
        if one.texts("validFrom") or one.texts("validThrough"):
            continue
        days = [_day(name) for name in one.texts("dayOfWeek")]
        opens, closes = (next(map(_clock, one.texts(key)), None) for key in ("opens", "closes"))
        if not days or None in days or opens is None or closes is None:
            return None
        for day in days:
            if day is not None and opens != closes:
                spans.setdefault(day, []).append(f"{opens}-{closes}")
    return "; ".join(_grouped({day: ",".join(sorted(set(found))) for day, found in spans.items()})) or None


def _day(name: str) -> int | None:
    short = name.rpartition("/")[2][:2].capitalize()
    return DAYS.index(short) if short in DAYS else None


def _clock(text: str) -> str | None:
    found = _CLOCK.fullmatch(text)
    return f"{int(found[1]):02d}:{found[2]}" if found else None


def _grouped(times: dict[int, str]) -> Iterator[str]:
    """`Mo-Fr 09:00-18:00`: days in a row that are alike, as one."""
    first = 0
    for day in range(len(DAYS)):
        if times.get(day) != times.get(day + 1):
            if day in times:
                names = DAYS[first] if first == day else f"{DAYS[first]}-{DAYS[day]}"
                yield f"{names} {times[day]}"
            first = day + 1
