"""Who is left alone, and who is the same owner, by whatever record or pages show."""

from dataclasses import replace

import pytest

from leadgen_dagster.agency import Agency, ExclusionList
from leadgen_dagster.discovery.businesses import WebsiteOrigin
from leadgen_dagster.outreach.campaign import write_campaigns
from leadgen_dagster.outreach.campaigns import NoCampaign, NoDraft, OutreachCampaign
from leadgen_dagster.outreach.marks import owner_marks
from leadgen_dagster.scoring.contact_points import ContactKind
from leadgen_dagster.scoring.reachability import reachability
from leadgen_dagster.scoring.scores import LeadClass, Opportunity, WebsiteState
from leadgen_dagster_tests.factories import make_business, make_contact, make_score
from leadgen_dagster_tests.outreach.leads import make_lead, make_terms, refusal_of

ON_PAGE = (
    make_contact(value="owner@bakery-family.example", is_best=False),
    make_contact(kind=ContactKind.PHONE, value="+441914980777", is_best=False),
)
FAR = {"phone": "+441914980555", "email": "info@far.example", "website": "http://far.example/"}


@pytest.mark.parametrize(
    ("exclusions", "said"),
    [
        (ExclusionList(emails=("Owner@Bakery-Family.example",)), "Its e-mail address is on the agency's"),
        (ExclusionList(phones=("+441914980777",)), "Its phone number is on the agency's"),
        (ExclusionList(domains=("bakery-family.example",)), "Its domain is on the agency's"),
        (ExclusionList(domains=("harbour-bakery.port-linden.example",)), "Its domain is on the agency's"),
    ],
)
def test_the_exclusion_list_counts_for_what_only_the_website_shows(
    exclusions: ExclusionList, said: str
) -> None:
    refusal = refusal_of(contacts=ON_PAGE, agency=Agency(exclusions=exclusions))
    assert refusal.kind is NoDraft.EXCLUSION_LIST
    assert refusal.reason.startswith(said)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"phone": "+441914980101"}, "phone number"),
        ({"email": "hello@harbour-bakery.port-linden.example"}, "e-mail address"),
        ({"website": "https://www.harbour-bakery.port-linden.example/cafe"}, "domain"),
    ],
)
def test_one_owner_is_told_once_of_the_best_opportunity(fields: dict[str, str], said: str) -> None:
    worth_more = make_score(opportunity=Opportunity(total=90, need=50, reachability=30, fit=10))
    cafe = make_business(id="8f0c1a52-0c4e-5d3e-9a55-0d7b8d1f6a02", name="Harbour Café", **(FAR | fields))
    leads = [make_lead(business=make_business()), make_lead(business=cafe, score=worth_more)]
    first, second = write_campaigns(leads, make_terms())
    assert isinstance(first, OutreachCampaign)
    assert first.business_id == cafe.id
    assert isinstance(second, NoCampaign)
    assert second.kind is NoDraft.SAME_OWNER
    assert second.reason == f"It shares its {said} with Harbour Café, whose owner is told already."


def test_a_name_that_has_to_go_stands_in_nobody_elses_refusal() -> None:
    worth_more = make_score(opportunity=Opportunity(total=90, need=50, reachability=30, fit=10))
    origin = replace(make_business().origins[0], source="google_places", source_id="ChIJ1", name="")
    cafe = make_business(
        id="8f0c1a52-0c4e-5d3e-9a55-0d7b8d1f6a02",
        name="Harbour Café",
        origins=(origin,),
        field_origins={"name": origin.key},
        **(FAR | {"phone": "+441914980101"}),
    )
    leads = [make_lead(business=make_business()), make_lead(business=cafe, score=worth_more)]
    _, second = write_campaigns(leads, make_terms())
    assert isinstance(second, NoCampaign)
    assert "with google_places ChIJ1, whose" in second.reason


def test_a_lead_that_gets_no_message_takes_none_from_its_owners_other_lead() -> None:
    best = make_score(
        lead_class=LeadClass.LEAVE_ALONE, opportunity=Opportunity(total=99, need=50, reachability=30, fit=19)
    )
    twin = make_business(id="6f0c1a52-0c4e-5d3e-9a55-0d7b8d1f6a02")
    told, left_alone = write_campaigns(
        [make_lead(business=twin, score=best), make_lead(business=make_business())], make_terms()
    )
    assert isinstance(told, OutreachCampaign)
    assert isinstance(left_alone, NoCampaign)


def test_a_ready_lead_is_told_before_one_that_has_to_be_checked_first_however_great_its_opportunity() -> None:
    unchecked = make_score(
        lead_class=LeadClass.CHECK_FIRST, opportunity=Opportunity(total=99, need=50, reachability=30, fit=19)
    )
    twin = make_business(id="6f0c1a52-0c4e-5d3e-9a55-0d7b8d1f6a02", name="Harbour Café")
    told, second = write_campaigns(
        [make_lead(business=twin, score=unchecked), make_lead(business=make_business())], make_terms()
    )
    assert isinstance(told, OutreachCampaign)
    assert told.business_id == make_business().id
    assert isinstance(second, NoCampaign)
    assert second.kind is NoDraft.SAME_OWNER


def test_strangers_with_mailboxes_at_one_provider_are_two_owners() -> None:
    neighbour = make_business(
        id="6f0c1a52-0c4e-5d3e-9a55-0d7b8d1f6a02", **(FAR | {"email": "b@post.example"})
    )
    leads = [make_lead(business=make_business(email="a@post.example")), make_lead(business=neighbour)]
    assert all(isinstance(one, OutreachCampaign) for one in write_campaigns(leads, make_terms()))


def test_a_website_that_was_only_guessed_tells_no_owner_until_it_is_confirmed() -> None:
    guessed = make_business(website_origin=WebsiteOrigin.EMAIL_DOMAIN, email=None, phone=None)
    ways = reachability(guessed, [], state=WebsiteState.OK)
    assert not list(owner_marks(guessed, ways, WebsiteState.UNREACHABLE))
    assert [mark.kind for mark in owner_marks(guessed, ways, WebsiteState.OK)] == ["domain"]


def test_a_number_on_the_page_is_the_owners_too() -> None:
    on_page = make_contact(kind=ContactKind.PHONE, value="+441914980101")
    neighbour = make_business(id="6f0c1a52-0c4e-5d3e-9a55-0d7b8d1f6a02", **(FAR | {"phone": None}))
    leads = [make_lead(business=make_business()), make_lead(business=neighbour, contacts=(on_page,))]
    results = write_campaigns(leads, make_terms())
    assert sorted(isinstance(one, NoCampaign) for one in results) == [False, True]
