from typing import Any

from leadgen_dagster.discovery.discover import Discovery
from leadgen_dagster.errors import SourceError
from leadgen_dagster_tests.discovery.builders import FakeSource, make_place, run

PHONE, SITE = "+358 9 666001", "https://osteria.fi/"
OPEN_MAP = FakeSource(name="osm", items=[make_place(source="osm", source_id="node/1", street="Annankatu 3")])
BROKEN = FakeSource(name="api", error=SourceError("api", "quota used up"))


def after(first: Discovery) -> dict[str, Any]:
    """What a later attempt knows of the first."""
    return {
        "previous": first.businesses,
        "known_as": lambda asked: {alias: first.aliases[alias] for alias in asked & first.aliases.keys()},
    }


def api(*names: str) -> FakeSource:
    places = [
        make_place(
            source="api",
            source_id=f"id {name}",
            name=name,
            phone=f"+358 9 66600{number}",
            website=SITE if number == 1 else None,
            latitude=60.17 + (number - 1) / 100,
        )
        for number, name in enumerate(names, start=1)
    ]
    return FakeSource(name="api", items=places)


def test_a_merged_business_keeps_the_details_of_the_source_that_fails_now() -> None:
    first = run(OPEN_MAP, api("Osteria del Porto"))
    (whole,) = first.businesses
    assert (len(whole.origins), whole.phone, whole.website) == (2, "+3589666001", SITE)
    again = run(OPEN_MAP, BROKEN, **after(first))
    (kept,) = again.businesses
    assert (kept.id, kept.phone, kept.website) == (whole.id, whole.phone, whole.website)
    assert kept.field_origins["phone"] == whole.field_origins["phone"]
    assert {origin.key for origin in kept.origins} == {origin.key for origin in whole.origins}
    assert again.of_before == {whole.id}
    assert run(OPEN_MAP, FakeSource(name="api"), **after(first)).businesses[0].phone is None


def test_a_source_that_fails_makes_a_run_no_longer_than_its_order() -> None:
    first = run(api("Osteria del Porto", "Trattoria Blu", "Kitch"), limit=3)
    new = [
        make_place(source="osm", source_id=f"node/{n}", name=f"Neu {n}", latitude=61 + n) for n in range(3)
    ]
    again = run(BROKEN, FakeSource(name="osm", items=new), limit=3, **after(first))
    assert again.businesses == first.businesses
    assert again.leads_beyond_limit == 3


def test_a_lead_stays_one_though_less_is_known_of_it_now() -> None:
    first = run(OPEN_MAP, api("Osteria del Porto"), limit=1)
    rich = make_place(
        source="osm", source_id="node/2", name="Richer", phone=PHONE, website="https://rich.fi/"
    )
    again = run(FakeSource(name="osm", items=[rich, *OPEN_MAP.items]), BROKEN, limit=1, **after(first))
    assert [business.name for business in again.businesses] == ["Osteria del Porto"]
