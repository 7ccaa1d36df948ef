"""What a browser's pass comes to in points, where no laboratory measured. Pure, and rougher than a measurement."""

import math
from collections.abc import Mapping, Sequence

IMPACT_WEIGHTS: Mapping[str | None, int] = {"critical": 10, "serious": 7, "moderate": 3, "minor": 1, None: 3}
"""What a rule of axe-core weighs by its impact."""

SLOW_PHONE_BYTES_PER_S = 1_600_000 / 8
"""A slow 4G connection, as Lighthouse supposes it: 1.6 Mbit/s."""
ROUND_TRIP_S = 0.15
REQUESTS_AT_ONCE = 6
FIRST_ROUND_TRIPS = 3
"""Name, connection, first byte."""

MEDIAN_S = 30.0
"""Loading time that is worth 50 points."""
GOOD_S = 2.0
"""Loading time that is worth 90 points. Both are fitted to what Lighthouse gave the 84 pages of known weight of
`benchmarks/self_contained_pages.py`: 12 points off on average, rank correlation 0.76."""
_NINETIETH = 1.2815515655446004
"""The normal distribution's quantile of 0.9."""


def accessibility_estimate(passed: Sequence[str | None], violated: Sequence[str | None]) -> float | None:
    """The weighted share of axe-core's rules that held, 0 to 100; None where none applied.

    Args:
        passed: the impact of each rule that held.
        violated: the impact of each that did not.
    """
    held = sum(IMPACT_WEIGHTS.get(impact, 3) for impact in passed)
    broken = sum(IMPACT_WEIGHTS.get(impact, 3) for impact in violated)
    return 100 * held / (held + broken) if held + broken else None


def loading_time_s(total_bytes: int, requests: int) -> float:
    """How long a phone on a slow connection loads what was loaded."""
    round_trips = FIRST_ROUND_TRIPS + requests / REQUESTS_AT_ONCE
    return total_bytes / SLOW_PHONE_BYTES_PER_S + round_trips * ROUND_TRIP_S


def performance_estimate(total_bytes: int, requests: int) -> float:
    """Points by the loading time, on a log-normal curve through `GOOD_S` and `MEDIAN_S`, 0 to 100."""
    spread = math.log(MEDIAN_S / GOOD_S) / _NINETIETH
    distance = math.log(loading_time_s(total_bytes, requests) / MEDIAN_S) / spread
    return 50 * math.erfc(distance / math.sqrt(2))
