from dataclasses import replace

from leadgen_dagster.discovery.businesses import Business, ExclusionReason, Origin
from leadgen_dagster.discovery.duplicates import duplicate_pairs

ORIGIN = Origin(
    source="osm", source_id="node/1", licence="ODbL-1.0", attribution="OSM", name="Osteria del Porto"
)
LEAD = Business(
    id="a", fingerprint="1-a", name="Osteria del Porto", niche="restaurant", city="Helsinki", latitude=60.17,
    longitude=24.94, phone="+3589666001", website="https://osteria.fi/", origins=(ORIGIN,),
)  # fmt: skip


def test_a_planted_duplicate_is_found() -> None:
    planted = replace(LEAD, id="b", name="Ostreia del Porto Oy", phone=None, latitude=60.1702)
    assert duplicate_pairs([planted, LEAD]) == [("a", "b")]
    assert duplicate_pairs([replace(planted, exclusion=ExclusionReason.CHAIN), LEAD]) == []


def test_neighbours_of_other_names_and_branches_are_no_duplicates() -> None:
    assert duplicate_pairs([LEAD, replace(LEAD, id="b", name="Savoy", phone=None)]) == []
    assert duplicate_pairs([LEAD, replace(LEAD, id="b", phone=None, latitude=60.3)]) == []


def test_two_phones_of_one_source_mean_two_businesses() -> None:
    other = replace(LEAD, id="b", phone="+358503288664")
    assert duplicate_pairs([LEAD, other]) == []
    elsewhere = replace(other, origins=(replace(ORIGIN, source="csv"),))
    assert duplicate_pairs([LEAD, elsewhere]) == [("a", "b")]
