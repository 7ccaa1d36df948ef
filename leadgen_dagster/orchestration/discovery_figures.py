"""What Dagster's UI shows of a discovery: a small map, what each source gave, how full records are, what it cost."""

from collections.abc import Iterator, Mapping, Sequence
from math import cos, radians
from typing import Any
from urllib.parse import quote

import dagster as dg

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.discover import Discovery
from leadgen_dagster.discovery.geography import Box, Point
from leadgen_dagster.discovery.keeping import restricted_fields
from leadgen_dagster.discovery.locations import SearchArea
from leadgen_dagster.orchestration.stage import counts

FIELDS = ("street", "city", "phone", "email", "website", "opening_hours", "latitude")
"""What a record is worth more with."""
MAX_SHOWN = 50
GRIDS = (48, 40, 32, 26, 20, 16, 12)
"""How many dots the map is wide or high, the finest first: what more dots would say is told by fewer."""
SHOWN_AT_ONCE = 1_000
"""Characters: more Dagster's UI hides behind a link."""
MUCH_LARGER = 4
"""So many times as high as where something was found, the area would leave the dots on one spot."""
DOT = 5
"""Pixels from one dot to the next."""
LEAD, NO_LEAD, AREA = "seagreen", "silver", "steelblue"
MICRO = 1_000_000


def discovery_figures(
    found: Discovery, kept: Sequence[Business], calls: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """What is worth a plot over many runs, and what a person should know of this one.

    Args:
        found: with all that it may not keep; only counted here, since events are never cleared.
        kept: the same businesses as they may be written down.
        calls: service -> calls, places and micro-USD so far.
    """
    excluded = [business.exclusion for business in found.businesses if business.exclusion]
    leads = [business for business in found.businesses if business.is_lead]
    spent = sum(row["cost_micro_usd"] for row in calls.values())
    return {
        "map": map_picture(kept, [one.area for one in found.areas]),
        "leads": len(leads),
        "merged": found.merged_count,
        "doubtful": sum(bool(business.review_note) for business in leads),
        "rejected": len(found.rejected),
        "first_rejected": [item.reason for item in found.rejected[:MAX_SHOWN]],
        "unread": len(found.unread),
        "first_unread": [item.reason for item in found.unread[:MAX_SHOWN]],
        "failed_sources": dict(found.failed_sources),
        "incomplete_sources": dict(found.incomplete_sources),
        "notes": list(found.notes),
        "leads_beyond_limit": found.leads_beyond_limit,
        "cost_usd": round(spent / MICRO, 6) if calls else None,
        **{f"source/{name}": count for name, count in found.counts_by_source.items()},
        **{f"calls/{service}": row["calls"] for service, row in calls.items()},
        **counts(excluded, "excluded"),
        **counts([name for b in found.businesses for name in FIELDS if getattr(b, name)], "with"),
        **shares(leads),
    }


def shares(leads: Sequence[Business]) -> dict[str, float]:
    """`share/phone` -> the part of the leads of which it is known."""
    if not leads:
        return {}
    return {
        f"share/{name}": round(sum(bool(getattr(one, name)) for one in leads) / len(leads), 3)
        for name in FIELDS
    }


def map_picture(businesses: Sequence[Business], areas: Sequence[SearchArea]) -> dg.MetadataValue | None:
    """Where leads and excluded ones lie in the area, as dots; drawn from the coordinates alone, no tile is fetched.

    As fine as a picture may be that the UI shows at once.
    """
    shown = [b for b in businesses if b.latitude is not None and "latitude" not in restricted_fields(b)]
    points = [((b.latitude or 0.0, b.longitude or 0.0), b.is_lead) for b in shown]
    if not points:
        return None
    frame, has_area = _frame([point for point, _ in points], areas)
    picture = ""
    for grid in GRIDS:
        picture = quote("".join(_svg(points, frame, grid, has_area=has_area)), safe="/:='(),")
        if len(picture) < SHOWN_AT_ONCE - 100:
            break
    leads = sum(is_lead for _, is_lead in points)
    label = f"leads: {leads}, others: {len(points) - leads}"
    return dg.MetadataValue.md(f"![{label}](data:image/svg+xml,{picture})")


def _frame(points: Sequence[Point], areas: Sequence[SearchArea]) -> tuple[Box, bool]:
    """What the map shows, and whether that is the area: else where something was found, a small part of it."""
    latitudes, longitudes = zip(*points, strict=True)
    found = Box(south=min(latitudes), west=min(longitudes), north=max(latitudes), east=max(longitudes))
    whole = _around(found, *(area.bounds for area in areas))
    is_small = whole.north - whole.south <= MUCH_LARGER * (found.north - found.south)
    return (whole, True) if areas and (is_small or len(points) == 1) else (found, False)


def _around(*boxes: Box) -> Box:
    return Box(
        south=min(box.south for box in boxes),
        west=min(box.west for box in boxes),
        north=max(box.north for box in boxes),
        east=max(box.east for box in boxes),
    )


def _svg(points: Sequence[tuple[Point, bool]], frame: Box, grid: int, *, has_area: bool) -> Iterator[str]:
    """A dot for each square in which something lies; a lead shows above who is none."""
    shrink = cos(radians(frame.centre[0]))
    step = max(frame.north - frame.south, (frame.east - frame.west) * shrink, 1e-4) / grid
    dots: dict[tuple[int, int], bool] = {}
    for (latitude, longitude), is_lead in points:
        square = int((longitude - frame.west) * shrink / step), int((frame.north - latitude) / step)
        dots[square] = dots.get(square, False) or is_lead
    width = (int((frame.east - frame.west) * shrink / step) + 2) * DOT
    height = (int((frame.north - frame.south) / step) + 2) * DOT
    yield f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' fill='none'>"
    if has_area:
        yield f"<path stroke='{AREA}' d='M1,1h{width - 2}v{height - 2}h{2 - width}z'/>"
    for colour, is_lead in ((NO_LEAD, False), (LEAD, True)):
        path = "".join(f"M{x},{y}h0" for (x, y), kind in sorted(dots.items()) if kind is is_lead)
        if path:
            move = f"translate({DOT},{DOT})scale({DOT})"
            yield f"<path stroke='{colour}' stroke-linecap='round' transform='{move}' d='{path}'/>"
    yield "</svg>"
