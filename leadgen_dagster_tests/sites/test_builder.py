import uuid
from dataclasses import replace

import pytest

from leadgen_dagster.agency import Agency
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.sites.builder import BuiltSite, SiteRequest, build_sites, content_hash
from leadgen_dagster_tests.factories import make_business, make_score
from leadgen_dagster_tests.sites.records import ORDERED_ON, ORDINARY, POOR, RICH

AGENCY = Agency(name="Quay Studio", reply_to="studio@quay.example", postal_address="1 Quay Street")


def request(*, score: WebsiteScore | None = None, **fields: object) -> SiteRequest:
    business = make_business(**fields)
    return SiteRequest(
        business=business, contacts=(), score=score or make_score(), token="abcdefghij23", language="en"
    )


def build(*requests: SiteRequest) -> list[BuiltSite]:
    return list(build_sites(requests, agency=AGENCY, ordered_on=ORDERED_ON))


def test_a_site_is_a_page_a_picture_for_messengers_no_robots_and_a_way_to_have_it_removed() -> None:
    (built,) = build(request())
    assert sorted(built.files) == ["index.html", "preview.png", "robots.txt", "take-down/index.html"]
    assert built.files["robots.txt"] == b"User-agent: *\nDisallow: /\n"
    assert built.site.size_bytes == sum(map(len, built.files.values()))
    take_down = built.files["take-down/index.html"].decode()
    assert "mailto:studio@quay.example?subject=Please%20remove%20the%20demo%20abcdefghij23" in take_down
    assert "1 Quay Street" in take_down
    assert "noindex" in take_down
    assert built.files["preview.png"].startswith(b"\x89PNG")
    assert built.site.faults == ()


def test_only_a_lead_that_wants_a_demo_and_has_the_facts_gets_one() -> None:
    assert build(request(score=make_score(wants_demo=False)), request(phone=None, street=None)) == []


def test_scores_before_and_after_and_the_faults_gone_are_told() -> None:
    (built,) = build(request())
    assert built.site.score_before is not None
    assert built.site.score_after > built.site.score_before
    assert built.site.faults_gone == ("mobile.viewport_missing",)


@pytest.mark.parametrize(
    "business",
    [RICH, ORDINARY, POOR, make_business(street=None, latitude=None)],
    ids=["rich", "ordinary", "poor", "without a street"],
)
def test_a_demo_scores_at_least_90_by_the_scorer_of_the_websites(business: Business) -> None:
    asked = SiteRequest(
        business=business, contacts=(), score=make_score(score=None), token="abcdefghij23", language="en"
    )
    (built,) = build(asked)
    assert built.site.score_after >= 90


def test_where_there_was_nothing_to_score_there_is_no_score_before() -> None:
    (built,) = build(request(score=make_score(score=None, findings=())))
    assert built.site.score_before is None
    assert built.site.faults_gone == ()


def test_the_same_requests_give_the_same_bytes_and_the_same_row() -> None:
    assert build(request()) == build(request())


def test_neighbours_in_one_street_differ_and_the_order_of_requests_does_not_matter() -> None:
    requests = [
        request(id=str(uuid.UUID(int=number)), fingerprint=f"shop-{number}", street=f"{number} Quay Street")
        for number in range(1, 7)
    ]
    sites = build(*requests)
    assert len({(built.site.theme, built.site.palette) for built in sites}) == 6
    assert sorted(map(repr, build(*reversed(requests)))) == sorted(map(repr, sites))


def test_the_hash_tells_apart_what_moves_between_files() -> None:
    assert content_hash({"a": b"bc"}) != content_hash({"ab": b"c"})
    assert content_hash({"a": b"1", "b": b"2"}) == content_hash({"b": b"2", "a": b"1"})


def test_a_disputed_phone_is_nowhere_in_the_files() -> None:
    disputed = replace(make_score(), discrepancies=("phone",))
    (built,) = build(request(score=disputed))
    page = built.files["index.html"].decode()
    assert "tel:" not in page
    assert "498 0101" not in page
    assert "phone" not in built.site.facts
