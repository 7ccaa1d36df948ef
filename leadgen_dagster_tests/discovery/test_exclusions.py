from typing import Any

import pytest
import yaml

from leadgen_dagster.agency import ExclusionList
from leadgen_dagster.discovery.businesses import ExclusionReason
from leadgen_dagster.discovery.exclusions import TABLE, Exclusion, Neighbourhood, exclusion_of
from leadgen_dagster.discovery.merge import merge
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster_tests.discovery.builders import make_candidate


def judge(
    *,
    exclusions: ExclusionList | None = None,
    neighbours: tuple[dict[str, Any], ...] = (),
    **fields: Any,
) -> Exclusion | None:
    candidate = make_candidate(**fields)
    others = [make_candidate(**({"source_id": f"n{n}"} | other)) for n, other in enumerate(neighbours)]
    (business,) = merge([candidate])
    return exclusion_of(
        business, Neighbourhood.of([candidate, *others], "Helsinki"), exclusions or ExclusionList()
    )


def reason(**fields: Any) -> ExclusionReason | None:
    found = judge(**fields)
    return found[0] if found else None


def test_an_ordinary_business_is_a_lead() -> None:
    assert judge(website="http://osteria.fi/", phone="+3589666001") is None


def test_a_brand_tag_tells_a_chain() -> None:
    assert judge(brand="Vapiano") == (ExclusionReason.CHAIN, "Its record names a brand (Vapiano).")
    assert reason(tags={"brand:wikidata": "Q1"}) is ExclusionReason.CHAIN


@pytest.mark.parametrize(
    ("name", "niche"),
    [
        ("Hesburger", "fast_food"),
        ("McDonalds", "fast_food"),
        ("BURGER KING Kamppi", "fast_food"),
        ("Subway Helsinki", "fast_food"),
        ("Espresso House", "cafe"),
        ("K Market Erottaja", "grocery"),
        ("Radisson Blu Plaza", "hotel"),
        ("Hilton Helsinki Strand", "hotel"),
        ("Albert Heijn to go", "grocery"),
        ("Basic-Fit Lyon", "gym"),
        ("Générale d’Optique", "optician"),
        ("mango", "clothes_shop"),
    ],
)
def test_known_brands_are_chains_without_any_tag(name: str, niche: str) -> None:
    assert reason(name=name, niche=niche) is ExclusionReason.CHAIN


@pytest.mark.parametrize(
    ("name", "niche"),
    [("Penny Lane", "cafe"), ("Penny", "restaurant"), ("Subway Tattoo", "tattoo_studio"), ("Boots & Saddles", "pub"),
     ("Spar Wines of Porto", "wine_shop"), ("Yes!", "hairdresser"), ("Mango", "restaurant"), ("Hilton", "tailor"),
     ("Mango Tree", "clothes_shop"), ("Paul Smith Tailoring", "tailor"), ("Ibis Garden", "restaurant")],
)  # fmt: skip
def test_a_name_that_only_resembles_a_brand_is_a_lead(name: str, niche: str) -> None:
    assert judge(name=name, niche=niche) is None


def test_one_domain_on_three_places_is_a_chain() -> None:
    gyms = (
        {"name": "Tideline Station", "website": "tideline.fi/b"},
        {"name": "Tideline North", "website": "tideline.fi/c"},
    )
    assert judge(name="Tideline Quay", website="tideline.fi/a", neighbours=gyms) == (
        ExclusionReason.CHAIN,
        "3 or more places share its domain tideline.fi.",
    )
    assert judge(name="Tideline Quay", website="tideline.fi/a", neighbours=gyms[:1]) is None


def test_one_record_three_times_is_no_chain() -> None:
    twins = ({"website": "osteria.fi", "source": "csv"}, {"website": "osteria.fi", "latitude": 60.1701})
    assert judge(website="osteria.fi", neighbours=twins) is None


def test_builders_and_networks_make_no_chain() -> None:
    others = tuple({"name": name, "website": f"https://{name}.jimdofree.com"} for name in ("anna", "berta"))
    assert judge(name="Clara", website="https://clara.jimdofree.com", neighbours=others) is None


def test_one_name_on_three_places_of_any_trade_is_a_chain() -> None:
    others = tuple(
        {"name": "Pupu", "niche": niche, "latitude": 60.1 + n / 100}
        for n, niche in enumerate(("cafe", "fast_food"))
    )
    assert reason(name="Pupu", neighbours=others) is ExclusionReason.CHAIN
    kiosks = tuple({"name": "Kiosk", "latitude": 60.1 + n / 100} for n in range(3))
    assert judge(name="Kiosk", neighbours=kiosks) is None


def test_a_closed_place_is_no_lead() -> None:
    assert reason(is_closed=True) is ExclusionReason.CLOSED


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Unicafe Metsätalo"},
        {"name": "Porthania", "tags": {"operator": "UniCafe"}},
        {"name": "Mensa am Park"},
        {"name": "Opiskelijaravintola Ylioppilasaukio"},
        {"name": "Restaurant scolaire Jules Ferry"},
        {"name": "Comedor Universitario Sur"},
        {"name": "Personalrestaurang Kvarnen"},
        {"name": "Universitätsmensa Nord"},
        {"name": "La Mer", "website": "https://www.sodexo.fi/"},
        {"name": "Staff room", "tags": {"access": "private"}},
        {"name": "Päiväkoti Sompa", "niche": "kindergarten", "tags": {"operator:type": "public"}},
    ],
)
def test_canteens_and_public_houses_are_institutions(fields: dict[str, Any]) -> None:
    assert reason(**fields) is ExclusionReason.INSTITUTION


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Brightwater", "niche": "web_studio"},
        {"name": "Codento", "niche": "printer", "tags": {"office": "it"}},
        {"name": "Kuva & Kotisivut", "niche": "photographer"},
        {"name": "Blick Webdesign", "niche": "printer"},
    ],
)
def test_the_agencys_own_trade_is_a_competitor(fields: dict[str, Any]) -> None:
    assert reason(**fields) is ExclusionReason.COMPETITOR


@pytest.mark.parametrize(
    ("name", "niche"),
    [
        ("La Cantine", "restaurant"),
        ("El Comedor", "restaurant"),
        ("Ridge Animal Hospital", "vet"),
        ("Phone Hospital", "electronics_shop"),
        ("University Pharmacy", "pharmacy"),
    ],
)
def test_a_name_that_only_sounds_like_an_institution_is_a_lead(name: str, niche: str) -> None:
    assert judge(name=name, niche=niche) is None


@pytest.mark.parametrize(
    "name",
    ["?", "123", "unnamed", "Vacant", "ATM", "Post Box", "Geldautomat Sparkasse", "Public Toilets North"],
)
def test_what_names_nobody_is_no_business(name: str) -> None:
    assert reason(name=name) is ExclusionReason.NOT_A_BUSINESS


def test_a_machine_is_no_business_whatever_its_name() -> None:
    assert reason(name="Snacky", tags={"amenity": "vending_machine"}) is ExclusionReason.NOT_A_BUSINESS
    assert judge(name="Parking Lot Bar", niche="pub") is None


def test_every_niche_of_the_brands_is_one_of_the_table() -> None:
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    named = {
        niche
        for part in ("brands_in_niches", "brands_alone")
        for row in table[part].values()
        for niche in row
    }
    assert named <= set(NICHES)


@pytest.mark.parametrize(
    ("what", "exclusions"),
    [
        ("name", ExclusionList(names=("OSTERIA del Porto Oy",))),
        ("domain", ExclusionList(domains=("https://www.Osteria.fi/",))),
        ("phone", ExclusionList(phones=("09 666001",))),
        ("e-mail", ExclusionList(emails=("Ciao@Osteria.FI",))),
    ],
)
def test_the_agencys_list_comes_before_every_other_reason(what: str, exclusions: ExclusionList) -> None:
    found = judge(
        exclusions=exclusions,
        website="http://osteria.fi",
        email="ciao@osteria.fi",
        phone="+3589666001",
        is_closed=True,
    )
    assert found == (ExclusionReason.EXCLUSION_LIST, f"Its {what} is on the agency's exclusion list.")
