import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.merge import Merged, merge
from leadgen_dagster.discovery.ranking import in_order_of_worth
from leadgen_dagster_tests.discovery.builders import make_candidate

PHONE = "+3589666001"


def firm(number: int, **fields: object) -> Merged:
    """A firm of its own: no two of them are neighbours or share a name."""
    (found,) = merge([make_candidate(source_id=str(number), name=f"Firma {chr(97 + number) * 5}", **fields)])
    return found


def firms(*, with_site: int, without: int) -> list[Merged]:
    sited = [firm(n, phone=PHONE, website=f"firm{n}.fi", opening_hours="24/7") for n in range(with_site)]
    return [*sited, *(firm(with_site + n, phone=PHONE) for n in range(without))]


def has_site(found: list[Merged]) -> str:
    return "".join("w" if one.best.website else "-" for one in found)


@pytest.mark.parametrize(
    ("with_site", "without", "mixed"),
    [(9, 3, "ww-www-www-w"), (2, 6, "-w---w--"), (1, 1, "w-"), (3, 0, "www"), (0, 3, "---")],
)
def test_firms_with_and_without_a_website_mix_in_the_proportion_they_were_found_in(
    with_site: int, without: int, mixed: str
) -> None:
    assert has_site(in_order_of_worth(firms(with_site=with_site, without=without))) == mixed


def test_reachable_firms_come_first_and_bare_names_last() -> None:
    bare = firm(0, street="Aleksi 1", opening_hours="24/7")
    site_only = firm(1, website="osteria.fi", street="Aleksi 2", opening_hours="24/7")
    by_phone = firm(2, phone=PHONE)
    by_mail = firm(3, email="kala@gmail.com")
    assert in_order_of_worth([bare, site_only, by_mail, by_phone]) == [by_phone, by_mail, site_only, bare]


@given(st.permutations(firms(with_site=7, without=3)))
def test_the_order_does_not_hang_on_the_order_they_come_in(shuffled: list[Merged]) -> None:
    assert in_order_of_worth(shuffled) == in_order_of_worth(firms(with_site=7, without=3))
