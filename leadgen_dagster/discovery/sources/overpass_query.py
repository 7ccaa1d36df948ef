"""Overpass QL: how a question is written and asked, and what of an answer can be taken at its word."""

from collections.abc import Mapping
from typing import Any

from leadgen_dagster.discovery.geography import Box, Point
from leadgen_dagster.discovery.sources.answers import BROKEN, MAX_TEXT
from leadgen_dagster.discovery.sources.base import ApiCall, PlaceApi

ENDPOINT = "/api/interpreter"
TIMEOUT_S = 90
MEMORY_BYTES = 256 * 2**20
"""Half of what a query may have by default: a server lets the modest in first."""
AREA_OF_RELATION = 3_600_000_000
"""What the id of a relation has to be added to for the id of the area inside it."""


def ask(api: PlaceApi, statements: str) -> Mapping[str, Any]:
    """The answer to a few statements of Overpass QL; `elements` is a list.

    Raises:
        SourceError: the server refused, broke off or could not be reached.
        BudgetExceededError: the order's budget has no room for the call.
    """
    settings = f"[out:json][timeout:{TIMEOUT_S}][maxsize:{MEMORY_BYTES}];"
    call = ApiCall(
        endpoint=ENDPOINT,
        method="POST",
        form={"data": settings + statements},
        items_in="elements",
        dropped=frozenset({"user", "uid", "changeset"}),
        fault_of=_fault_of,
    )
    return api.ask(call)


def _fault_of(answer: Mapping[str, Any]) -> str | None:
    """A query that runs out of time or memory is answered with 200, what it had until then, and a remark."""
    if remark := answer.get("remark"):
        return f"broke off ({remark}); if it does so again, order a smaller area"
    return None if isinstance(answer.get("elements"), list) else "its answer has no list of elements"


def quoted(text: str) -> str:
    """The text as a string of the language, in which nothing ends it and nothing is a command."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def degrees(point: Point) -> str:
    """`latitude,longitude`, never in the form `1e-05`."""
    return f"{point[0]:.7f},{point[1]:.7f}"


def tags_of(element: Mapping[str, Any]) -> dict[str, str] | None:
    """The tags; None where there are none, or one is no text that the map could hold."""
    tags = element.get("tags")
    if not isinstance(tags, dict) or not all(map(_is_plain, tags.values())):
        return None
    return tags


def _is_plain(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and not BROKEN.search(value)


def point_of(holder: object) -> Point | None:
    """What stands under `lat` and `lon`, if it is a place on Earth."""
    if not isinstance(holder, Mapping):
        return None
    latitude, longitude = _degrees(holder.get("lat"), 90), _degrees(holder.get("lon"), 180)
    return (latitude, longitude) if latitude is not None and longitude is not None else None


def box_of(holder: object) -> Box | None:
    """The box that `out bb` adds to a way or a relation; None for one around the 180th meridian."""
    if not isinstance(holder, Mapping):
        return None
    south, north = (_degrees(holder.get(key), 90) for key in ("minlat", "maxlat"))
    west, east = (_degrees(holder.get(key), 180) for key in ("minlon", "maxlon"))
    if south is None or north is None or west is None or east is None or south > north or west > east:
        return None
    return Box(south=south, west=west, north=north, east=east)


def _degrees(value: object, limit: int) -> float | None:
    """Neither NaN nor a number of four hundred digits is any."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -limit <= value <= limit:
        return None
    return float(value)
