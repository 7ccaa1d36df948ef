import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.opening_hours import MINUTES_OF_DAY, WEEKDAYS, Span, clock, parse_opening_hours

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
