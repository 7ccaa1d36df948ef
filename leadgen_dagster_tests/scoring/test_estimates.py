"""What a browser's pass comes to in points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.scoring.estimates import (
    GOOD_S,
    IMPACT_WEIGHTS,
    MEDIAN_S,
    accessibility_estimate,
    loading_time_s,
    performance_estimate,
)

sizes = st.integers(0, 100_000_000)
impacts = st.lists(st.sampled_from([*IMPACT_WEIGHTS, "unheard of"]), max_size=8)


def test_a_megabyte_takes_a_slow_phone_five_seconds_and_the_round_trips() -> None:
    assert loading_time_s(1_000_000, 12) == pytest.approx(5 + 5 * 0.15)


@pytest.mark.parametrize(("seconds", "points"), [(GOOD_S, 90), (MEDIAN_S, 50)])
def test_the_curve_goes_through_its_two_points(seconds: float, points: float) -> None:
    bytes_for_it = round((seconds - loading_time_s(0, 0)) * 200_000)
    assert performance_estimate(bytes_for_it, 0) == pytest.approx(points, abs=0.01)


@given(sizes, sizes, st.integers(0, 500), st.integers(0, 500))
def test_more_to_load_is_never_quicker(size: int, more: int, requests: int, others: int) -> None:
    assert (
        0
        <= performance_estimate(size + more, requests + others)
        <= performance_estimate(size, requests)
        <= 100
    )


@given(impacts, impacts)
def test_accessibility_is_the_weighted_share_of_what_holds(passed: list[str], violated: list[str]) -> None:
    points = accessibility_estimate(passed, violated)
    if points is None:
        assert not passed
        assert not violated
        return
    assert 0 <= points <= 100
    assert (points == 100) == (not violated)


def test_a_critical_fault_costs_more_than_a_minor_one() -> None:
    critical, minor = (accessibility_estimate(["serious"] * 5, [impact]) for impact in ("critical", "minor"))
    assert critical is not None
    assert minor is not None
    assert critical < minor
