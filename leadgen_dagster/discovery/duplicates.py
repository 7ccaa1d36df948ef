"""What a list of leads must not hold: one business twice."""

from collections.abc import Sequence

from leadgen_dagster.discovery.businesses import Business, WebsiteOrigin
from leadgen_dagster.discovery.candidates import Compared
from leadgen_dagster.discovery.matching import matches_of
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.discovery.normalise import normalise_website
from leadgen_dagster.discovery.words import door_key, match_words, street_name_key


def duplicate_pairs(businesses: Sequence[Business]) -> list[tuple[str, str]]:
    """The ids of leads that are one business by the rules of `merge`, in a stable order.

    Two phones of one source mean two businesses here too.
    """
    leads = [business for business in businesses if business.is_lead]
    same = matches_of([_compared(lead) for lead in leads]).same
    pairs = {
        (min(leads[one].id, leads[other].id), max(leads[one].id, leads[other].id))
        for one, other in same
        if not _are_two_at_one_source(leads[one], leads[other])
    }
    return sorted(pairs)


def _are_two_at_one_source(one: Business, other: Business) -> bool:
    if not (one.phone and other.phone) or one.phone == other.phone:
        return False
    return not {origin.source for origin in one.origins}.isdisjoint(origin.source for origin in other.origins)


def _compared(lead: Business) -> Compared:
    is_of_another = lead.website_origin is WebsiteOrigin.SIBLING
    address = normalise_website(lead.website) if lead.website and not is_of_another else None
    has_point = lead.latitude is not None and lead.longitude is not None
    return Compared(
        words=match_words(lead.name),
        niche=lead.niche,
        group=NICHES[lead.niche].group,
        street_name=street_name_key(lead.street) if lead.street else None,
        door=door_key(lead.street) if lead.street else None,
        city=lead.city,
        point=(lead.latitude or 0.0, lead.longitude or 0.0) if has_point else None,
        phone=lead.phone,
        domain=address.domain if address else None,
    )
