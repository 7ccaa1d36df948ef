"""The figures of the report's drawings; the template draws them as inline SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leadgen_dagster.scoring.scores import WebsiteScore

BINS = 10
BIN_WIDTH = 10
TOP_SCORE = 100


@dataclass(frozen=True, slots=True)
class Bin:
    """How many websites scored from `low` to `high`, both included."""

    low: int
    high: int
    weak: int
    fine: int

    @property
    def count(self) -> int:
        return self.weak + self.fine


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a list: its words, its count, and its length as a share of the longest, 0 to 100."""

    label: str
    count: int
    share: int


def score_bins(websites: Iterable[WebsiteScore], threshold: int) -> tuple[Bin, ...]:
    """The distribution of scores in ten bins; the last one holds 100 as well."""
    scores = [website.score for website in websites if website.score is not None]
    bins = []
    for index in range(BINS):
        low = index * BIN_WIDTH
        high = TOP_SCORE if index == BINS - 1 else low + BIN_WIDTH - 1
        inside = [score for score in scores if low <= score <= high]
        weak = sum(score < threshold for score in inside)
        bins.append(Bin(low, high, weak, len(inside) - weak))
    return tuple(bins)


def bars(counts: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    """The longest first."""
    longest = max((count for _, count in counts), default=1)
    ordered = sorted(counts, key=lambda item: (-item[1], item[0]))
    return tuple(Bar(label, count, round(100 * count / longest)) for label, count in ordered)
