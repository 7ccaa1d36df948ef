"""The week as a page shows it: a row a day, a bar of each opening, and what the clock script needs."""

import json
from dataclasses import dataclass

from leadgen_dagster.discovery.opening_hours import MINUTES_OF_DAY, Day, WeeklyHours, clock
from leadgen_dagster.sites.brief import Hours
from leadgen_dagster.sites.wording import Wording

_ZONES = {
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "CH": "Europe/Zurich", "CZ": "Europe/Prague",
    "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn", "FI": "Europe/Helsinki",
    "FR": "Europe/Paris", "GB": "Europe/London", "IE": "Europe/Dublin", "IT": "Europe/Rome",
    "LT": "Europe/Vilnius", "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo", "PL": "Europe/Warsaw", "SE": "Europe/Stockholm",
}  # fmt: skip
"""Countries with one clock (France: its mainland's); elsewhere no page says "open now"."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One opening drawn on the day's line, in per cent of it."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class HoursRow:
    day: str
    times: tuple[str, ...]
    """Each opening; one word where the day is closed or open all day."""
    bars: tuple[Bar, ...]
    """Empty: closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursTable:
    rows: tuple[HoursRow, ...]
    """Monday first; none where it is always open."""
    grouped: tuple[tuple[str, tuple[str, ...]], ...]
    """The same week with equal neighbours together: days ("Monday to Friday" as a span) and their openings."""
    holidays: str | None
    clock: str | None
    """JSON for the script that says "open now"; None where nobody may say so."""


def hours_table(hours: Hours, country: str | None, words: Wording) -> HoursTable:
    week = hours.week
    zone = _ZONES.get(country or "")
    return HoursTable(
        rows=() if week.is_always_open else _rows(week, words),
        grouped=() if week.is_always_open else _grouped(week, words),
        holidays=None if week.public_holidays is None else ", ".join(day_texts(week.public_holidays, words)),
        clock=_clock_json(week, zone, words) if zone and _may_tell_now(hours) else None,
    )


def _may_tell_now(hours: Hours) -> bool:
    """Not by old hours; nor where holidays have hours of their own, for the script knows no calendar of them."""
    return hours.is_recent and hours.week.public_holidays is None


def day_texts(day: Day, words: Wording) -> tuple[str, ...]:
    if not day:
        return (words.say("closed"),)
    if len(day) == 1 and day[0].closes - day[0].opens == MINUTES_OF_DAY:
        return (words.say("all_day"),)
    return tuple(f"{clock(span.opens)}\u2013{clock(span.closes)}" for span in day)


def _rows(week: WeeklyHours, words: Wording) -> tuple[HoursRow, ...]:
    spans = [span for day in week.days for span in day]
    first = max(0, min(span.opens for span in spans) - 60)
    length = max(span.closes for span in spans) + 60 - first
    return tuple(
        HoursRow(
            name,
            day_texts(day, words),
            tuple(
                Bar(
                    round(100 * (span.opens - first) / length, 1),
                    round(100 * (span.closes - span.opens) / length, 1),
                )
                for span in day
            ),
        )
        for name, day in zip(words.days, week.days, strict=True)
    )


def _grouped(week: WeeklyHours, words: Wording) -> tuple[tuple[str, tuple[str, ...]], ...]:
    groups: list[tuple[list[str], Day]] = []
    for name, day in zip(words.days, week.days, strict=True):
        if groups and groups[-1][1] == day:
            groups[-1][0].append(name)
        else:
            groups.append(([name], day))
    return tuple((_days_text(names), day_texts(day, words)) for names, day in groups)


def _days_text(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}\u2009\u2013\u2009{names[-1]}"


def _clock_json(week: WeeklyHours, zone: str, words: Wording) -> str:
    """What the small script needs to say "open now"; the page is complete without it."""
    days = [[[span.opens, span.closes] for span in day] for day in week.days]
    until = words.say("open_now", time="%")
    told = {"zone": zone, "days": days, "until": until, "always": words.say("open_now_all_day")}
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
