"""Which businesses of a run a person means, and their demos."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from leadgen_dagster.errors import UserError

if TYPE_CHECKING:
    from leadgen_dagster.discovery.businesses import Business
    from leadgen_dagster.orchestration.execution import Workshop
    from leadgen_dagster.sites.generated import GeneratedSite

BusinessName = Annotated[
    str, typer.Argument(metavar="BUSINESS", help="Its name, the beginning of it, or its id.")
]


@dataclass(frozen=True, slots=True)
class ChosenDemo:
    business: "Business"
    site: "GeneratedSite"


def chosen_demos(workshop: "Workshop", run_id: str, names: Sequence[str]) -> list[ChosenDemo]:
    """The demos of these businesses, in the order they were named; nobody twice.

    Raises:
        UserError: there is no such business, or more than one, or no demo of it.
    """
    workshop.run(run_id)
    partition = workshop.partition(run_id)
    businesses, sites = partition.businesses(), partition.sites()
    found = {business.id: business for name in names if (business := _business(businesses, name, run_id))}
    missing = next((business for business in found.values() if business.id not in sites), None)
    if missing is not None:
        raise UserError(f"{missing.name}: there is no demo of it in run {run_id}")
    return [ChosenDemo(business, sites[id_]) for id_, business in found.items()]


def _business(businesses: Sequence["Business"], name: str, run_id: str) -> "Business":
    wanted = name.strip().casefold()
    rules = (
        lambda one: wanted in {one.id, one.name.casefold()},
        lambda one: bool(wanted) and one.name.casefold().startswith(wanted),
    )
    for rule in rules:
        found = [one for one in businesses if rule(one)]
        if len(found) > 1:
            which = "; ".join(f"{one.id} ({one.street or one.city or one.name})" for one in found[:5])
            raise UserError(f"{name!r}: {len(found)} businesses are called so; give an id: {which}")
        if found:
            return found[0]
    raise UserError(
        f"{name!r}: there is no such business in run {run_id}; `leadgen show {run_id}` lists them"
    )
