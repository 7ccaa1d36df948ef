from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.keeping import ORIGIN_NAMES, lasting_name, parted, whole
from leadgen_dagster.discovery.policies import policies, restricted_sources
from leadgen_dagster.discovery.sources import SOURCES
from leadgen_dagster_tests.discovery.builders import FakeSource, make_place, run

EXPIRES_AT = datetime(2026, 12, 23, tzinfo=UTC)
EXPIRIES = {"google_places": EXPIRES_AT, "yelp": EXPIRES_AT - timedelta(days=29)}
FULL: dict[str, Any] = {
    "source": "google_places",
    "source_id": "ChIJ1",
    "name": "Osteria Segreta",
    "sub_niche": "secret cuisine",
    "street": "Secret Street 1",
    "postcode": "00199",
    "city": "Secretville",
    "phone": "+358 9 666001",
    "email": "post@osteria-segreta.fi",
    "website": "https://osteria-segreta.fi/",
    "social_profiles": ("https://facebook.com/osteriasegreta",),
    "opening_hours": "Mo-Fr 08:00-17:59",
    "latitude": 60.171_717,
    "longitude": 24.949_494,
}
SECRETS = ("egret", "ecret", "666001", "00199", "17:59", "60.1717", "24.9494")
STAYS = {"id", "fingerprint", "niche", "country", "language", "is_sole_trader", "origins", "field_origins"}


def found_at(*sources: FakeSource) -> Business:
    (business,) = run(*sources, location="Secretville").businesses
    return business


def google(**changes: Any) -> FakeSource:
    return FakeSource(name="google_places", items=[make_place(**FULL | changes)])


def test_of_a_restricted_source_nothing_but_ids_is_kept() -> None:
    business = found_at(google())
    kept, apart = parted(business, EXPIRIES)
    assert apart is not None
    assert not any(secret in repr(kept) for secret in SECRETS)
    assert kept.name == "google_places ChIJ1"
    assert [origin.source_id for origin in kept.origins] == ["ChIJ1"]
    assert apart.expires_at == EXPIRES_AT


def test_every_field_with_content_is_parted() -> None:
    business = found_at(google())
    kept, _ = parted(business, EXPIRIES)
    told = {
        field.name for field in fields(Business) if getattr(business, field.name) not in (None, (), False)
    }
    changed = {name for name in told if getattr(kept, name) != getattr(business, name)}
    assert told - changed <= STAYS


def test_put_back_together_it_is_the_same() -> None:
    business = found_at(google())
    kept, apart = parted(business, EXPIRIES)
    assert apart is not None
    back = replace(kept, **{name: value for name, value in apart.content.items() if name != ORIGIN_NAMES})
    assert whole(back, apart.content) == business


def test_without_what_lay_apart_it_is_expired() -> None:
    kept, _ = parted(found_at(google()), EXPIRIES)
    assert whole(kept, None).is_expired
    assert lasting_name(whole(kept, None)) == "google_places ChIJ1"
    assert parted(whole(kept, None), EXPIRIES) == (whole(kept, None), None)


def test_what_another_source_gave_stays_and_only_the_rest_goes() -> None:
    open_map = make_place(
        **FULL | {"source": "osm", "source_id": "node/1", "phone": None, "email": None, "website": None}
    )
    business = found_at(FakeSource(name="osm", items=[open_map]), google())
    assert len(business.origins) == 2
    kept, apart = parted(business, EXPIRIES)
    assert apart is not None
    assert (kept.name, kept.street) == ("Osteria Segreta", "Secret Street 1")
    assert (kept.phone, kept.website) == (None, None)
    assert whole(kept, None).is_expired
    assert "666001" not in repr(kept)


def test_who_keeps_name_and_website_is_worked_on_without_the_rest() -> None:
    open_map = make_place(**FULL | {"source": "osm", "source_id": "node/1", "phone": None})
    business = found_at(FakeSource(name="osm", items=[open_map]), google())
    kept, apart = parted(business, EXPIRIES)
    assert apart is not None
    assert kept.phone is None
    assert not whole(kept, None).is_expired


def test_of_two_restricted_sources_the_shorter_time_counts() -> None:
    yelp = FakeSource(name="yelp", items=[make_place(**FULL | {"source": "yelp", "source_id": "y1"})])
    _, apart = parted(found_at(google(), yelp), EXPIRIES)
    assert apart is not None
    assert apart.expires_at == EXPIRIES["yelp"]


def test_what_is_due_already_is_not_made_younger_by_a_later_answer() -> None:
    due = EXPIRES_AT - timedelta(days=20)
    _, apart = parted(found_at(google()), EXPIRIES, due)
    assert apart is not None
    assert apart.expires_at == due


def test_a_website_of_a_restricted_sibling_goes_with_it() -> None:
    at_osm = make_place(**FULL | {"source": "osm", "source_id": "node/1", "website": None, "email": None})
    far = google(latitude=60.25, street="Secret Street 99", phone="+358 9 666002")
    found = run(FakeSource(name="osm", items=[at_osm]), far, location="Secretville")
    business = next(one for one in found.businesses if one.origins[0].source == "osm")
    assert business.website == "https://osteria-segreta.fi/"
    kept, apart = parted(business, EXPIRIES)
    assert apart is not None
    assert (kept.name, kept.website) == ("Osteria Segreta", None)
    assert apart.expires_at == EXPIRES_AT


def test_the_reason_of_an_exclusion_goes_with_what_it_quotes() -> None:
    (chain,) = run(google(brand="Secret Brand"), location="Secretville").businesses
    kept, apart = parted(chain, EXPIRIES)
    assert apart is not None
    assert "Secret Brand" in str(apart.content["exclusion_note"])
    assert "Secret" not in str(kept.exclusion_note)
    assert kept.exclusion_note


def test_a_business_of_an_open_source_is_kept_as_it_is() -> None:
    business = found_at(FakeSource(name="osm", items=[make_place(**FULL | {"source": "osm"})]))
    assert parted(business, {}) == (business, None)


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_has_a_policy_with_its_origin(name: str) -> None:
    policy = policies()[name]
    assert policy.keeps in ("all", "ids")
    assert (policy.content_days is not None) == (policy.keeps == "ids")
    if name not in ("csv", "xlsx", "demo"):
        assert policy.origin
        assert policy.read_on


def test_the_sources_of_which_only_ids_may_stay() -> None:
    assert restricted_sources() == {"google_places", "yelp"}
    assert asdict(policies()["yelp"])["content_days"] == 1
