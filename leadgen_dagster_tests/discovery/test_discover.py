from collections import Counter

import pytest

from leadgen_dagster.agency import ExclusionList
from leadgen_dagster.discovery.businesses import ExclusionReason, WebsiteOrigin
from leadgen_dagster.discovery.candidates import candidate_of
from leadgen_dagster.discovery.discover import tables_hash
from leadgen_dagster.discovery.fingerprints import fingerprint
from leadgen_dagster.discovery.geography import Box
from leadgen_dagster.discovery.keeping import parted
from leadgen_dagster.discovery.locations import area_on_map
from leadgen_dagster.discovery.sources import HELSINKI
from leadgen_dagster.discovery.sources.base import (
    Incomplete,
    Note,
    Rejected,
    SourceAccess,
    SourceItem,
    Unread,
)
from leadgen_dagster.discovery.sources.demo import DemoSource, answer_key
from leadgen_dagster.discovery.sources.osm import OsmSource
from leadgen_dagster.errors import FileError, OrderError, SourceError
from leadgen_dagster_tests.discovery.builders import ORDERED_ON, FakeSource, make_candidate, make_place, run

FULL = {"phone": "+3589666001", "website": "osteria.fi", "email": "a@osteria.fi", "opening_hours": "24/7"}


def test_the_limit_keeps_the_leads_of_most_worth_and_every_excluded_business() -> None:
    places = [
        make_place(source_id="1", name="Bare"),
        make_place(source_id="2", name="Fullest", **FULL),
        make_place(source_id="3", name="Phone only", phone="+358503288664"),
        make_place(source_id="4", name="Gone", is_closed=True),
    ]
    found = run(FakeSource(items=places), limit=2)
    assert [business.name for business in found.businesses] == ["Fullest", "Phone only", "Gone"]
    assert found.businesses[-1].exclusion is ExclusionReason.CLOSED
    assert found.leads_beyond_limit == 1
    assert found.counts_by_source == {"fake": 4}


def test_a_source_that_fails_is_named_and_the_others_go_on() -> None:
    broken = FakeSource(
        name="api",
        items=[make_place(source_id="9", name="Half read")],
        error=SourceError("api", "quota used up"),
    )
    found = run(broken, FakeSource(items=[make_place()]))
    assert [business.name for business in found.businesses] == ["Osteria del Porto"]
    assert found.failed_sources == {"api": "source api: quota used up"}


def test_a_source_that_fails_now_loses_nothing_that_it_gave_before() -> None:
    first = run(FakeSource(name="api", items=[make_place(source="api", source_id="9", name="Trattoria Blu")]))
    broken = FakeSource(name="api", error=SourceError("api", "quota used up"))
    again = run(broken, FakeSource(items=[make_place()]), previous=first.businesses)
    assert {business.name for business in again.businesses} == {"Trattoria Blu", "Osteria del Porto"}
    assert again.of_before == {first.businesses[0].id}
    healed = run(FakeSource(name="api"), FakeSource(items=[make_place()]), previous=again.businesses)
    assert [business.name for business in healed.businesses] == ["Osteria del Porto"]


def test_who_was_put_on_a_list_since_is_no_lead_though_its_source_fails_now() -> None:
    names = ("Trattoria Blu", "Osteria Rossa", "Pizzeria Verde")
    places = [
        make_place(source="api", source_id=name, name=name, latitude=60 + number)
        for number, name in enumerate(names)
    ]
    first = run(FakeSource(name="api", items=places)).businesses
    again = run(
        FakeSource(name="api", error=SourceError("api", "quota used up")),
        FakeSource(items=[make_place()]),
        previous=first,
        exclusions=ExclusionList(names=("trattoria blu",)),
        taken_down={one.fingerprint: ORDERED_ON for one in first if one.name == "Osteria Rossa"},
    )
    assert {one.name: one.exclusion for one in again.businesses} == {
        "Osteria del Porto": None,
        "Trattoria Blu": ExclusionReason.EXCLUSION_LIST,
        "Osteria Rossa": ExclusionReason.TAKEN_DOWN,
        "Pizzeria Verde": None,
    }


def test_of_two_lists_of_one_kind_one_may_fail_and_each_is_told() -> None:
    boxes = [area_on_map(Box(south=60.0, west=24.0, north=61.0, east=east), "box") for east in (25.0, 26.0)]
    good = FakeSource(name="csv", items=[boxes[0], make_place(source="csv"), Incomplete("cut")])
    also = FakeSource(name="csv", items=[boxes[1], Incomplete("cut too")])
    found = run(good, also, FakeSource(name="csv", error=FileError("b.csv", "broken")))
    assert [business.name for business in found.businesses] == ["Osteria del Porto"]
    assert found.failed_sources == {"csv": "b.csv: broken"}
    assert found.incomplete_sources == {"csv": "cut; cut too"}
    assert [one.area for one in found.areas] == boxes
    assert len({one.id for one in found.areas}) == 2


def test_what_a_restricted_source_says_is_quoted_in_no_note_and_no_other_business() -> None:
    at_osm = make_place(source="osm", source_id="node/1", street="Rantakatu 1", phone="+3589666001")
    neighbour = {"name": "Osteria Porto Segreta", "street": "Rantakatu 5", "phone": "+3589666002"}
    odd = {"name": "Trattoria Segreta", "phone": "030 23125 101", "country": None, "latitude": 60.3}
    short = {"name": "Pizzeria Segreta", "phone": "1", "postcode": "77", "country": "DE", "latitude": 60.4}
    places = [
        make_place(source="google_places", source_id=f"ChIJ{number}", **fields)
        for number, fields in enumerate((neighbour, short), start=1)
    ]
    found = run(
        FakeSource(name="osm", items=[at_osm]),
        FakeSource(name="google_places", items=places),
        FakeSource(name="yelp", items=[make_place(source="yelp", source_id="y1", **odd)]),
    )
    told = [*found.notes, *(item.reason for item in found.unread)]
    assert "doubtful duplicate: google_places ChIJ1" in str(found.businesses)
    assert any("e.g. y1:" in text for text in told)
    assert any("ChIJ2: phone is no number" in text for text in told)
    kept = [parted(business, {})[0] for business in found.businesses]
    for secret in ("Segreta", "23125", "'77'"):
        assert secret not in f"{kept}{told}"


def test_who_had_a_demo_taken_down_is_left_alone_under_every_alias() -> None:
    place = make_place(street="Rantakatu 1", phone="+3589666001")
    asked = {fingerprint(make_candidate(street="Rantakatu 1")): ORDERED_ON}
    (business,) = run(FakeSource(items=[place]), taken_down=asked).businesses
    assert business.exclusion is ExclusionReason.TAKEN_DOWN
    known = {fingerprint(candidate_of(place, FakeSource(), None)): "long ago"}
    (business,) = run(
        FakeSource(items=[place]), taken_down={"long ago": ORDERED_ON}, known_as=lambda _: known
    ).businesses
    assert business.exclusion is ExclusionReason.TAKEN_DOWN


def test_national_numbers_of_a_list_without_a_country_are_read_as_the_agencys_or_said_to_be_lost() -> None:
    place = make_place(phone="030 23125 101", country=None)
    found = run(FakeSource(items=[place]), default_country="DE")
    assert found.businesses[0].phone == "+493023125101"
    assert found.notes == ()
    lost = run(FakeSource(items=[place]))
    assert lost.businesses[0].phone is None
    assert "030 23125 101" in lost.notes[0]


def test_with_no_source_left_the_stage_fails() -> None:
    with pytest.raises(FileError, match="broken"):
        run(FakeSource(error=FileError("x.pbf", "broken")))
    with pytest.raises(SourceError, match=r"source a, b: source a: down; source b: down") as caught:
        run(
            FakeSource(name="a", error=SourceError("a", "down", is_retryable=True)),
            FakeSource(name="b", error=SourceError("b", "down")),
        )
    assert caught.value.is_retryable
    with pytest.raises(SourceError, match="no source to ask"):
        run()


def test_the_tables_have_one_hash_for_the_code_version() -> None:
    assert len(tables_hash()) == 64
    assert tables_hash() == tables_hash()


def test_an_unknown_niche_fails_before_any_source_is_asked() -> None:
    with pytest.raises(OrderError, match=r"^niche: "):
        run(FakeSource(error=AssertionError("asked")), niche="spaceports")


def test_poisoned_records_are_set_aside_and_their_neighbours_used() -> None:
    items: list[SourceItem] = [
        make_place(source_id="1", name="   "),
        make_place(source_id="2", name="x" * 100_000),
        make_place(source_id="3", name="A\0B"),
        make_place(source_id="4", latitude=float("nan")),
        make_place(source_id="5", name="\u202eFine & 2 < 3"),
        make_place(source_id="6", name="<b>Bold</b>"),
        make_place(source_id="7", name="\u202e=1+1"),
        Rejected("row 7: no"),
        Unread("row 8: no phone"),
        Note("two rows left out"),
    ]
    found = run(FakeSource(items=items))
    assert [business.name for business in found.businesses] == ["Fine & 2 < 3"]
    assert tuple(item.reason for item in found.rejected) == (
        "row 7: no",
        "fake 1: no name",
        "fake 2: a name of 100000 characters",
        "fake 3: a name with NUL characters",
        "fake 4: coordinates that are nowhere on Earth",
        "fake 6: a name that is HTML",
        "fake 7: a name that is a formula",
    )
    assert tuple(item.reason for item in found.unread) == ("row 8: no phone",)
    assert found.notes == ("two rows left out",)


def test_details_that_do_not_fit_their_country_are_said_with_the_record() -> None:
    odd = make_place(source_id="row 4", phone="12345", postcode="100")
    other_trade = make_place(source_id="row 5", name="Anna", niche="hairdresser", phone="12345")
    found = run(FakeSource(items=[odd, other_trade]))
    assert tuple(item.reason for item in found.unread) == (
        "fake row 4: phone '12345' is no number of FI; it was left out",
        "fake row 4: postcode '100' has too few digits for FI; it was kept as it is",
    )
    assert (found.businesses[0].phone, found.businesses[0].postcode) == (None, "100")


def test_two_sources_make_one_business_with_both_origins_and_licences() -> None:
    osm = FakeSource(name="osm", licence="ODbL-1.0", items=[make_place(source="osm", phone="09 666001")])
    csv = FakeSource(
        name="csv", licence="own", items=[make_place(source="csv", country=None, phone="+358 9 666001")]
    )
    (business,) = run(osm, csv).businesses
    assert {(origin.source, origin.licence) for origin in business.origins} == {
        ("osm", "ODbL-1.0"),
        ("csv", "own"),
    }
    assert run(csv, osm).businesses == (business,)


def test_records_without_a_country_are_dialled_as_the_rest_of_their_list() -> None:
    items = [
        make_place(source_id="1", country=None, phone="+358 50 3288664"),
        make_place(source_id="2", name="Savoy", country=None, phone="09 61285300"),
    ]
    phones = {business.phone for business in run(FakeSource(items=items)).businesses}
    assert phones == {"+358503288664", "+358961285300"}


def test_a_website_may_be_guessed_from_the_mailbox_and_says_so() -> None:
    (business,) = run(
        FakeSource(items=[make_place(email="ciao@osteria.fi", website="https://facebook.com/osteria")])
    ).businesses
    assert business.website == "https://osteria.fi/"
    assert business.website_origin is WebsiteOrigin.EMAIL_DOMAIN
    assert business.social_profiles == ("https://facebook.com/osteria",)


def test_the_town_of_the_demo_is_sorted_as_its_answer_key_says() -> None:
    exclusions = ExclusionList(names=("Hartmann & Sons Fencing",))
    found = run(DemoSource(), location="Port Linden", niche="local businesses", exclusions=exclusions)
    by_name = {business.name: business for business in found.businesses}
    assert set(by_name) == {outcome.name for outcome in answer_key()}
    for outcome in answer_key():
        business = by_name[outcome.name]
        assert (business.exclusion and business.exclusion.value) == outcome.exclusion, outcome.name
        assert len(business.origins) == outcome.merged_records, outcome.name
        assert ("doubtful duplicate" in (business.review_note or "")) is (
            "doubtful_duplicate" in outcome.flags
        )
    assert not found.rejected


def test_restaurants_of_the_real_extract_are_firms_that_one_could_ring() -> None:
    found = run(OsmSource(SourceAccess(path=HELSINKI)), limit=50)
    leads = [business for business in found.businesses if business.is_lead]
    assert len(leads) == 50
    assert sum(lead.phone is not None for lead in leads) > 30
    assert all(lead.phone is None or lead.phone.startswith("+358") for lead in leads)
    assert all(lead.website or lead.phone for lead in leads)
    ringable = [lead for lead in leads if lead.phone and not lead.website]
    assert [lead.name for lead in ringable[:3]] == ["Long Wall", "Naughty BRGR", "Zucchini"]
    assert len({lead.fingerprint for lead in found.businesses}) == len(found.businesses)
    excluded = Counter(business.exclusion for business in found.businesses if not business.is_lead)
    assert excluded[ExclusionReason.CHAIN] > 25
    assert excluded[ExclusionReason.INSTITUTION] >= 8
    assert all(business.exclusion_note for business in found.businesses if not business.is_lead)
    assert found == run(OsmSource(SourceAccess(path=HELSINKI)), limit=50)


def test_no_chain_or_canteen_of_the_real_extract_is_a_lead() -> None:
    found = run(OsmSource(SourceAccess(path=HELSINKI)), niche="all", limit=5000)
    leads = {business.name.casefold() for business in found.businesses if business.is_lead}
    for name in (
        "hesburger",
        "mcdonald's",
        "subway",
        "burger king",
        "espresso house",
        "unicafe",
        "h&m",
        "r-kioski",
    ):
        assert name not in leads
    assert len(leads) > 650
    assert {"cafe ekberg", "savotta", "kita", "bar loose", "hotel finn"} <= leads


@pytest.mark.parametrize("name", ["Shut Scissors (closed)", "Sakset [suljettu 2024]", "Schere (geschlossen)"])
def test_a_name_that_says_that_it_is_closed_is_believed(name: str) -> None:
    (business,) = run(FakeSource(items=[make_place(name=name)])).businesses
    assert business.exclusion is ExclusionReason.CLOSED


def test_a_name_that_only_holds_the_word_is_not() -> None:
    (business,) = run(FakeSource(items=[make_place(name="Closed on Mondays")])).businesses
    assert business.is_lead


def test_a_house_number_stands_where_its_country_writes_it_though_only_a_phone_tells_the_country() -> None:
    places = [
        make_place(source_id=str(n), name=name, street=street, house_number="7", country=None, phone=phone)
        for n, (name, street, phone) in enumerate(
            [("Rosa's", "Mill Lane", "+44 113 496 0101"), ("Ivy Rooms", "Bridge Street", None)]
        )
    ]
    found = run(FakeSource(items=places)).businesses
    assert {business.street for business in found} == {"7 Mill Lane", "7 Bridge Street"}
    (german,) = run(
        FakeSource(items=[make_place(street="Mühlweg", house_number="7", country="DE")])
    ).businesses
    assert german.street == "Mühlweg 7"
