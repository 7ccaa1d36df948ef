from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.fingerprints import fingerprint
from leadgen_dagster.discovery.identities import aliases, recognised
from leadgen_dagster.discovery.merge import Merged, merge
from leadgen_dagster_tests.discovery.builders import make_candidate


def found(*records: dict[str, Any]) -> list[Merged]:
    return list(
        merge([make_candidate(**({"source_id": f"node/{n}"} | fields)) for n, fields in enumerate(records)])
    )


def met(businesses: list[Merged]) -> dict[str, str]:
    """What is kept of a run: the first meeting decides."""
    known: dict[str, str] = {}
    for business in businesses:
        for alias in aliases(business):
            known.setdefault(alias, business.fingerprint)
    return known


DOOR = {"street": "Annankatu 3"}


def test_a_phone_learnt_later_does_not_make_another_business() -> None:
    (first,) = found(DOOR | {"source_id": "a"})
    (later,) = found(DOOR | {"source_id": "b", "phone": "+3589666001"})
    assert first.fingerprint != later.fingerprint
    assert recognised([later], met([first])) == [later_known := recognised([later], met([first]))[0]]
    assert later_known.fingerprint == first.fingerprint


def test_the_same_record_is_the_same_business_under_another_name_while_its_phone_or_domain_stays() -> None:
    (first,) = found({"source_id": "node/7", "phone": "+3589666001"})
    renamed = {"source_id": "node/7", "name": "Trattoria Nuova", "latitude": 60.2}
    (later,) = found(renamed | {"phone": "+3589666001"})
    assert recognised([later], met([first]))[0].fingerprint == first.fingerprint


def test_a_new_owner_of_an_old_record_is_another_business() -> None:
    (first,) = found(DOOR | {"source_id": "node/7", "phone": "+3589666001"})
    (later,) = found(DOOR | {"source_id": "node/7", "name": "Sushi Kyoto", "phone": "+3589666002"})
    assert recognised([later], met([first])) == [later]


def test_a_row_of_a_list_is_no_lasting_id() -> None:
    (first,) = found({"source": "csv", "source_id": "row 17"})
    (other,) = found({"source": "csv", "source_id": "row 17", "name": "Kitch", "latitude": 60.2})
    assert recognised([other], met([first])) == [other]
    numbered = {"source": "csv", "source_id": "17"}
    (first,), (other,) = found(numbered), found(numbered | {"name": "Kitch", "latitude": 60.2})
    assert recognised([other], met([first])) == [other]


def test_a_spelling_that_another_source_uses_is_an_alias() -> None:
    phone = {"phone": "+3589666001"}
    (both,) = found(phone | {"name": "Augenoptik Brüning"}, phone | {"name": "Augen-Optik Bruening"})
    for name in ("Augenoptik Brüning", "Augen-Optik Bruening"):
        assert fingerprint(make_candidate(name=name, **phone)) in aliases(both)


def test_a_square_of_the_map_is_an_alias_only_where_nothing_else_is_known() -> None:
    (bare,) = found({})
    (known,) = found({"phone": "+3589666001"})
    assert fingerprint(make_candidate()) in aliases(bare)
    assert fingerprint(make_candidate()) not in aliases(known)


def test_the_very_fingerprint_goes_before_an_alias() -> None:
    site = {"website": "roma.fi", "last_edited": date(2026, 1, 1)}
    north = site | {"street": "Annankatu 3", "phone": "+3589666001"}
    (first,) = found(north | {"source_id": "1"})
    branch = site | {"street": "Eerikinkatu 9", "latitude": 60.19, "source_id": "2"}
    run = found(branch, north | {"source_id": "3"})
    assert {one.fingerprint for one in recognised(run, met([first]))} == {one.fingerprint for one in run}


RUNS = st.lists(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": st.sampled_from(["Kitch", "Savoy", "Ravintola Savoy"]),
                "source_id": st.integers(0, 9).map(str),
                "phone": st.sampled_from([None, "+3589666001", "+358503288664"]),
                "website": st.sampled_from([None, "kitch.fi"]),
                "street": st.sampled_from([None, "Annankatu 3"]),
                "latitude": st.sampled_from([60.17, 60.174, 60.18]),
            }
        ),
        max_size=6,
        unique_by=lambda fields: fields["source_id"],
    ),
    max_size=4,
)


@given(RUNS)
def test_no_two_of_a_run_are_the_same_and_the_same_run_again_changes_nothing(
    runs: list[list[dict[str, Any]]],
) -> None:
    known: dict[str, str] = {}
    for records in runs:
        run = found(*records)
        named = recognised(run, known)
        assert len({one.fingerprint for one in named}) == len(named)
        assert recognised(run[::-1], known) == named[::-1]
        for before, after in zip(run, named, strict=True):
            for alias in (*aliases(before), *aliases(after)):
                known.setdefault(alias, after.fingerprint)
        assert [one.fingerprint for one in recognised(run, known)] == [one.fingerprint for one in named]
