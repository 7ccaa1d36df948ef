from dataclasses import replace
from urllib.parse import unquote

from leadgen_dagster.discovery.businesses import ExclusionReason
from leadgen_dagster.discovery.geography import Box
from leadgen_dagster.discovery.locations import area_on_map
from leadgen_dagster.orchestration.discovery_figures import SHOWN_AT_ONCE, map_picture, shares
from leadgen_dagster_tests.factories import make_business

BOX = Box(south=60.15, west=24.90, north=60.19, east=24.99)
AREA = area_on_map(BOX, "the centre")


def somebody(number: int = 0, **fields: object) -> object:
    return make_business(
        latitude=60.16 + number % 37 / 2_000, longitude=24.92 + number % 61 / 1_500, **fields
    )


def drawn(businesses: list[object], areas: list[object]) -> str:
    value = map_picture(businesses, areas)  # type: ignore[arg-type]
    assert value is not None
    return unquote(str(value.value))


def test_a_thousand_leads_give_a_map_that_the_ui_shows_at_once() -> None:
    value = map_picture([somebody(number) for number in range(1_000)], [AREA])  # type: ignore[misc]
    assert value is not None
    assert len(str(value.value)) < SHOWN_AT_ONCE
    assert str(value.value).startswith("![leads: 1000, others: 0](data:image/svg+xml,")


def test_leads_and_others_have_their_own_colour_and_the_area_its_line() -> None:
    chain = somebody(36, exclusion=ExclusionReason.CHAIN, exclusion_note="One of three.")
    picture = drawn([somebody(), chain], [AREA])
    assert picture.count("<path") == 3
    assert "steelblue" in picture
    assert "steelblue" not in drawn([somebody(), chain], [])


def test_an_area_that_is_much_larger_than_what_was_found_does_not_shrink_it_to_a_spot() -> None:
    county = area_on_map(Box(south=59.5, west=24.0, north=61.0, east=26.0), "the county")
    picture = drawn([somebody(number) for number in range(60)], [county])
    assert "steelblue" not in picture
    assert picture.count("M") > 20


def test_without_a_position_there_is_no_map() -> None:
    assert map_picture([], [AREA]) is None
    nowhere = make_business(latitude=None, longitude=None)
    assert map_picture([nowhere], [AREA]) is None


def test_a_position_that_must_not_be_kept_is_not_drawn() -> None:
    origin = replace(make_business().origins[0], source="google_places", source_id="ChIJ1")
    held = make_business(
        latitude=60.17, longitude=24.94, origins=(origin,), field_origins={"latitude": "google_places ChIJ1"}
    )
    assert map_picture([held], [AREA]) is None


def test_the_share_of_leads_of_which_a_field_is_known() -> None:
    found = shares([make_business(phone="+441134960000"), make_business(phone=None)])
    assert found["share/phone"] == 0.5
    assert shares([]) == {}
