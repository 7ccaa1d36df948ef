"""Where an order is on the map, for services that know less of it than the open map does."""

from dataclasses import dataclass

from leadgen_dagster.discovery.locations import NamedPlace, SearchArea, area_on_map
from leadgen_dagster.discovery.sources.base import ApiOf, PlaceRequest
from leadgen_dagster.discovery.sources.overpass_area import find_area
from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import BudgetExceededError, SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where an order is on the map, as far as that is known."""

    area: SearchArea | None
    """Nothing outside it is given; None where it could not be looked up."""
    towns: frozenset[str] = frozenset()
    """Folded; an address that names one of them lies inside."""
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Why the answer cannot be complete."""


def where_on_map(api: ApiOf, request: PlaceRequest) -> Whereabouts:
    """A box or a circle as it was ordered; a town by its boundary on the open map.

    Args:
        api: the way to services.
        request: the order.

    Raises:
        OrderError: nobody knows a place of that name, or there are several: nothing is paid for a guess.
    """
    where = request.where
    if not isinstance(where, NamedPlace):
        return Whereabouts(area=area_on_map(where, request.location))
    try:
        found = find_area(api("overpass"), where, home_country=request.home_country)
    except (SourceError, BudgetExceededError) as error:
        unknown = f"the boundary of {request.location} could not be looked up ({error})"
        limits = "asked by its name alone, it shows the first results only, and some may lie outside"
        return Whereabouts(area=None, missing=(f"{unknown}; {limits}",))
    towns = frozenset(fold(town) for town in (where.name, found.town) if town)
    return Whereabouts(area=found.area, towns=towns, notes=found.notes)
