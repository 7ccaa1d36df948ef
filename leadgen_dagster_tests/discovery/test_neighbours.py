from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.geography import Point, rough_distance_m
from leadgen_dagster.discovery.neighbours import in_blocks, neighbours

NOWHERE = (float("nan"), float("nan"))


def pairs_of(points: list[Point], words: list[tuple[str, ...]], limit_m: float) -> list[tuple[int, int]]:
    order = np.array(sorted(range(len(points)), key=words.__getitem__))
    blocks = np.zeros(len(points), dtype=np.intp)
    firsts, seconds = neighbours(np.array(points), blocks, limit_m, words, order)
    return list(zip(firsts.tolist(), seconds.tolist(), strict=True))


@given(
    st.sampled_from([(60.17, 24.94), (-33.9, 151.2), (0.0, 0.0), (78.2, -15.6)]),
    st.lists(st.tuples(st.integers(-30, 30), st.integers(-90, 90)), max_size=40),
)
def test_all_neighbours_are_met_once(middle: Point, steps: list[tuple[int, int]]) -> None:
    points = [(middle[0] + north / 10_000, middle[1] + east / 10_000) for north, east in steps]
    found = pairs_of([*points, NOWHERE], [("kitch",)] * (len(points) + 1), 60)
    near = {
        (one, other)
        for one, other in combinations(range(len(points)), 2)
        if rough_distance_m(points[one], points[other]) <= 60
    }
    assert len(found) == len(set(found))
    assert {
        pair for pair in near ^ set(found) if abs(rough_distance_m(*(points[at] for at in pair)) - 60) > 0.1
    } == set()


@pytest.mark.parametrize("is_one_name", [True, False])
def test_in_a_crowd_the_pairs_grow_with_the_records(is_one_name: bool) -> None:
    letters = "abcdefghijklmnop"
    words = [(f"{a}{b}{c}o{b}a{a}",) for a in letters for b in letters for c in letters]
    if is_one_name:
        words = [("kitch",)] * len(words)
    found = pairs_of([(60.17, 24.94)] * len(words), words, 60)
    assert len(found) < 50 * len(words)


def test_a_slip_in_a_crowd_leaves_the_other_end_of_a_word_to_be_met_by() -> None:
    others = [(f"{a}{b}{a}{b}",) for a in "abcdefghijklm" for b in "nopqrstuvw"]
    words = [("kabinetti",), ("xabinetti",), ("savoyard",), ("savoyarx",), *others]
    found = pairs_of([(60.17, 24.94)] * len(words), words, 60)
    assert {(0, 1), (2, 3)} <= set(found)


def test_records_of_two_blocks_are_no_neighbours() -> None:
    points = np.array([(60.17, 24.94)] * 3)
    firsts, seconds = neighbours(points, np.array([0, 1, 0]), 60, [("kitch",)] * 3, np.arange(3))
    assert (firsts.tolist(), seconds.tolist()) == ([0], [2])


def test_a_large_block_pairs_each_with_its_next_ones_by_name() -> None:
    codes = np.array([0] * 5_000 + [-1, 1, 1])
    firsts, seconds = in_blocks(codes, np.arange(len(codes)))
    assert len(firsts) < 13 * len(codes)
    assert (0, 1) in set(zip(firsts.tolist(), seconds.tolist(), strict=True))
    assert 5_000 not in {*firsts.tolist(), *seconds.tolist()}
    assert (5_001, 5_002) in set(zip(firsts.tolist(), seconds.tolist(), strict=True))
