"""What must hold of every business before anybody builds on it, and of the list as a whole."""

from collections.abc import Iterator, Sequence

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.discover import SearchedArea
from leadgen_dagster.discovery.keeping import lasting_name
from leadgen_dagster.discovery.policies import policies

LEAST_REACHABLE = 0.3
"""Of the leads have a phone, an e-mail address or a website; below it the list is hardly worth a look."""


def identity_faults(business: Business) -> Iterator[str]:
    """A phrase for each thing that an identity lacks; none is good."""
    if not business.name.strip():
        yield "no name"
    if not business.fingerprint:
        yield "no fingerprint"
    if not business.origins:
        yield "no origin"
    if not all(origin.licence and origin.attribution for origin in business.origins):
        yield "an origin without licence or attribution"
    if business.exclusion and not business.exclusion_note:
        yield "excluded without a reason"


def licence_faults(business: Business) -> Iterator[str]:
    """A phrase for each origin whose terms nobody has written down."""
    for origin in business.origins:
        if origin.source not in policies():
            yield f"no storage policy for the source {origin.source}"


def outside_faults(businesses: Sequence[Business], searched: Sequence[SearchedArea]) -> Iterator[str]:
    """A phrase for each lead that lies outside what was searched by the source that says where it lies.

    A source that told no area, such as a list of the agency's own, answers for its towns itself. A town's own limits
    are for its source to know, since addresses count too: here only its bounding box does.
    """
    for business in businesses:
        source = business.field_origins.get("latitude", "").partition(" ")[0]
        areas = [one.area for one in searched if one.source == source]
        if business.latitude is None or business.longitude is None or not areas:
            continue
        point = business.latitude, business.longitude
        if not any(
            area.contains(point) if area.polygon is None else area.bounds.contains(point) for area in areas
        ):
            yield f"{lasting_name(business)} lies outside {' and '.join(area.label for area in areas)}"


def share_reachable(leads: Sequence[Business]) -> float:
    """The part of the leads that a phone, an e-mail address or a website is known of; 1 where there is none."""
    reachable = sum(bool(lead.phone or lead.email or lead.website) for lead in leads)
    return reachable / len(leads) if leads else 1.0
