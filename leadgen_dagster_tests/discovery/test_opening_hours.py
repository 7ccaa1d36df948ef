from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.opening_hours import (
    MINUTES_OF_DAY,
    WEEKDAYS,
    Span,
    clock,
    hours_of_periods,
    parse_opening_hours,
)

MORNING = (Span(480, 720),)


def days_open(text: str) -> str:
    week = parse_opening_hours(text)
    assert week is not None
    return "".join("x" if day else "." for day in week.days)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mo-Fr 08:00-17:00", "xxxxx.."),
        ("Mo-Fr 08:00-17:00; Sa off", "xxxxx.."),
        ("Mo,We,Fr 8:00-12:00", "x.x.x.."),
        ("Sa-Mo 10:00-14:00", "x....xx"),
        ("Mo-Fr 08:00-17:00, Sa 09:00-13:00", "xxxxxx."),
        ("Mo-Su 10:00-22:00; We off", "xx.xxxx"),
        ("08:00-20:00", "xxxxxxx"),
        ("24/7", "xxxxxxx"),
        ("Tu-Sa 10:00\u201319:00", ".xxxxx."),
    ],
)
def test_the_days_of_the_common_subset_are_read(text: str, expected: str) -> None:
    assert days_open(text) == expected


def test_several_ranges_a_day_are_kept_in_order() -> None:
    week = parse_opening_hours("Mo 13:30-17:00,08:00-12:00")
    assert week is not None
    assert week.days[0] == (Span(480, 720), Span(810, 1020))


def test_an_evening_that_ends_after_midnight_belongs_to_its_first_day() -> None:
    week = parse_opening_hours("Fr-Sa 18:00-02:00")
    assert week is not None
    assert week.days[4] == (Span(1080, MINUTES_OF_DAY + 120),)
    assert clock(week.days[4][0].closes) == "02:00"


def test_nothing_is_said_of_public_holidays_unless_the_record_does() -> None:
    silent = parse_opening_hours("Mo 08:00-12:00")
    closed = parse_opening_hours("Mo 08:00-12:00; PH off")
    opened = parse_opening_hours("Mo 08:00-12:00; Su,PH 08:00-12:00")
    assert silent is not None
    assert closed is not None
    assert opened is not None
    assert (silent.public_holidays, closed.public_holidays, opened.public_holidays) == (None, (), MORNING)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "off",
        "by appointment",
        "Mo-Fr",
        "Mo-Fr 08:00+",
        "sunrise-sunset",
        "Mo[1] 08:00-12:00",
        "Dec 24 off; Mo 08:00-12:00",
        'Mo 08:00-12:00 "only in summer"',
        "Mo 25:00-26:00",
        "Mo 08:60-12:00",
        "Mo 08:00-12:00,11:00-14:00",
        "Mo 22:00-12:00; Tu 08:00-12:00",
        "Mo-PH 08:00-12:00",
        "Mo 08:00-12:00; week 1-10 Tu 08:00-12:00",
        "Mo 08:00-12:00 || Tu 08:00-12:00",
        "\u0661\u0662:00-\u0661\u0663:00",
    ],
)
def test_what_is_not_understood_in_full_is_left_out(text: str) -> None:
    assert parse_opening_hours(text) is None


@given(
    st.dictionaries(
        st.sampled_from(WEEKDAYS),
        st.tuples(st.integers(0, 719), st.integers(1, 720)).map(lambda pair: (pair[0], pair[0] + pair[1])),
        min_size=1,
    )
)
def test_what_was_written_is_what_is_read(week: dict[str, tuple[int, int]]) -> None:
    text = "; ".join(f"{day} {clock(opens)}-{clock(closes)}" for day, (opens, closes) in week.items())
    read = parse_opening_hours(text)
    assert read is not None
    expected = tuple((Span(*week[day]),) if day in week else () for day in WEEKDAYS)
    assert read.days == expected


@given(st.text(alphabet="MoTuWePH0123456789:-,; offx24/7\u2013", max_size=60))
def test_any_text_is_either_a_sane_week_or_nothing(text: str) -> None:
    week = parse_opening_hours(text)
    if week is not None:
        assert len(week.days) == 7
        assert all(0 <= span.opens < span.closes <= 2 * MINUTES_OF_DAY for day in week.days for span in day)


def test_a_megabyte_is_no_week() -> None:
    assert parse_opening_hours("Mo 08:00-12:00," * 70_000) is None


def at(day: int, hour: int, minute: int = 0) -> dict[str, int]:
    return {"day": day, "hour": hour, "minute": minute}


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([{"open": at(0, 0)}], "24/7"),
        ([{"open": {"day": 0}}], "24/7"),
        ([{"open": at(day, 9), "close": at(day, 17, 30)} for day in range(1, 6)], "Mo-Fr 09:00-17:30"),
        (
            [{"open": at(2, 13), "close": at(2, 17)}, {"open": at(2, 8), "close": at(2, 12)},
             {"open": at(0, 10), "close": at(0, 12)}],
            "Tu 08:00-12:00,13:00-17:00; Su 10:00-12:00",
        ),
        ([{"open": at(6, 18), "close": at(0, 2)}], "Sa 18:00-02:00"),
        ([{"open": at(0, 18), "close": at(1, 0)}], "Su 18:00-24:00"),
        ([{"open": at(5, 18), "close": at(0, 20)}], "Fr 18:00-24:00; Sa 00:00-24:00; Su 00:00-20:00"),
        ([{"open": at(day, 0), "close": at((day + 1) % 7, 0)} for day in range(7)], "24/7"),
        ([], None),
        ([{"open": at(1, 9)}], None),
        ([{"open": at(1, 9), "close": {}}], None),
        ([{"open": at(7, 9), "close": at(1, 17)}], None),
        ([{"open": at(1, 24), "close": at(1, 17)}], None),
        ([{"open": {"day": "1", "hour": 9}, "close": at(1, 17)}], None),
        ([{"open": at(1, 9), "close": at(1, 17)}, {"open": at(1, 10), "close": at(1, 18)}], None),
        ([{"close": at(1, 17)}], None),
        ([{"open": {"day": 1, "hour": True}, "close": at(1, 17)}], None),
    ],
)  # fmt: skip
def test_periods_are_written_in_the_syntax_of_osm(
    periods: list[dict[str, Any]], expected: str | None
) -> None:
    assert hours_of_periods(periods) == expected


@given(
    st.dictionaries(
        st.sampled_from(WEEKDAYS), st.tuples(st.integers(0, 719), st.integers(1, 720)), min_size=1
    )
)
def test_periods_are_read_back_as_the_same_week(week: dict[str, tuple[int, int]]) -> None:
    spans = {day: Span(opens, opens + length) for day, (opens, length) in week.items()}
    periods = []
    for day, span in spans.items():
        index = WEEKDAYS.index(day) + 1
        closing_day, closing = divmod(span.closes, MINUTES_OF_DAY)
        periods.append(
            {
                "open": at(index % 7, *divmod(span.opens, 60)),
                "close": at((index + closing_day) % 7, *divmod(closing, 60)),
            }
        )
    written = hours_of_periods(periods)
    assert written is not None
    read = parse_opening_hours(written)
    assert read is not None
    assert read.days == tuple((spans[day],) if day in spans else () for day in WEEKDAYS)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 70) | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["open", "close", "day", "hour", "minute"]), inner)
    ),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from(["open", "close", "x"]), ANYTHING), max_size=4))
def test_any_periods_are_either_a_sane_week_or_nothing(periods: list[dict[str, Any]]) -> None:
    written = hours_of_periods(periods)
    assert written is None or parse_opening_hours(written) is not None
