from dataclasses import replace

import pytest

from leadgen_dagster.discovery.businesses import Business, ExclusionReason
from leadgen_dagster.discovery.discover import SearchedArea
from leadgen_dagster.discovery.gates import (
    identity_faults,
    licence_faults,
    outside_faults,
    share_reachable,
)
from leadgen_dagster.discovery.geography import Box, Circle
from leadgen_dagster.discovery.locations import SearchArea, area_on_map
from leadgen_dagster_tests.factories import make_business

WHOLE = make_business()


def test_a_business_with_name_fingerprint_and_licensed_origins_passes() -> None:
    assert list(identity_faults(WHOLE)) == []
    excluded = replace(WHOLE, exclusion=ExclusionReason.CHAIN, exclusion_note="One of three places.")
    assert list(identity_faults(excluded)) == []


@pytest.mark.parametrize(
    ("business", "fault"),
    [
        (replace(WHOLE, name="  "), "no name"),
        (replace(WHOLE, fingerprint=""), "no fingerprint"),
        (replace(WHOLE, origins=()), "no origin"),
        (
            replace(WHOLE, origins=(replace(WHOLE.origins[0], licence=""),)),
            "an origin without licence or attribution",
        ),
        (replace(WHOLE, exclusion=ExclusionReason.CHAIN), "excluded without a reason"),
    ],
)
def test_what_an_identity_lacks_is_named(business: Business, fault: str) -> None:
    assert list(identity_faults(business)) == [fault]


def test_a_lead_outside_what_was_searched_is_named_and_one_without_a_position_is_not() -> None:
    lies = {"latitude": "osm node/1", "longitude": "osm node/1"}
    inside = replace(WHOLE, latitude=60.17, longitude=24.94, field_origins=lies)
    outside = replace(inside, name="Far Away", latitude=60.5)
    nowhere = replace(WHOLE, latitude=None, longitude=None)
    box = _searched(area_on_map(Box(south=60.1, west=24.9, north=60.2, east=25.0), "the box"))
    circle = _searched(area_on_map(Circle(centre=(60.5, 24.94), radius_m=500), "the circle"))
    assert list(outside_faults([inside, outside, nowhere], [box])) == ["Far Away lies outside the box"]
    assert list(outside_faults([inside, outside], [box, circle])) == []
    assert list(outside_faults([outside], [])) == []
    on_own_list = replace(outside, field_origins={"latitude": "csv row 3", "longitude": "csv row 3"})
    assert list(outside_faults([on_own_list], [box])) == []


def _searched(area: SearchArea) -> SearchedArea:
    return SearchedArea(id="1", source="osm", area=area)


def test_a_source_whose_terms_nobody_wrote_down_is_named() -> None:
    known = replace(WHOLE, origins=(replace(WHOLE.origins[0], source="osm"),))
    unknown = replace(WHOLE, origins=(replace(WHOLE.origins[0], source="somewhere"),))
    assert list(licence_faults(known)) == []
    assert list(licence_faults(unknown)) == ["no storage policy for the source somewhere"]


def test_the_share_of_leads_that_one_can_reach() -> None:
    reachable = replace(WHOLE, phone="+441134960000")
    mute = replace(WHOLE, phone=None, email=None, website=None)
    assert share_reachable([]) == 1.0
    assert share_reachable([reachable, mute, mute, mute]) == 0.25
