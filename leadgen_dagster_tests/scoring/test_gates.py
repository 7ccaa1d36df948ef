from dataclasses import replace

import pytest

from leadgen_dagster.scoring.gates import classification_faults, evidence_faults, range_faults
from leadgen_dagster.scoring.scores import Category, WebsiteScore, WebsiteState
from leadgen_dagster_tests.factories import make_business, make_finding, make_score


def test_a_score_with_evidence_for_every_fault_passes() -> None:
    assert list(evidence_faults(make_score())) == []
    assert list(range_faults(make_score())) == []


@pytest.mark.parametrize("part", ["url", "where", "snippet"])
def test_a_fault_that_does_not_show_where_it_was_seen_is_named(part: str) -> None:
    finding = make_finding()
    bare = replace(finding, evidence=replace(finding.evidence, **{part: ""}))
    assert list(evidence_faults(make_score(findings=(bare,)))) == ["mobile.viewport_missing without evidence"]


@pytest.mark.parametrize(
    ("score", "fault"),
    [
        (
            make_score(website_state=WebsiteState.UNREACHABLE),
            "a website that is unreachable has the score 48",
        ),
        (make_score(score=None, category_scores={}), "a website that is ok has the score None"),
        (make_score(score=101), "score of 101 points"),
        (make_score(static_score=-1), "static_score of -1 points"),
        (make_score(category_scores={Category.SEO: -1}), "seo of -1 points"),
    ],
)
def test_points_stand_in_range_and_only_where_a_website_was_looked_at(
    score: WebsiteScore, fault: str
) -> None:
    assert list(range_faults(score)) == [fault]


def test_every_lead_and_nobody_else_is_classified_with_a_reason() -> None:
    business, score = make_business(), make_score()
    assert list(classification_faults([business], {business.id: score})) == []
    assert list(classification_faults([business], {})) == ["Harbour Bakery: not scored"]
    assert list(classification_faults([], {business.id: score})) == [f"{business.id}: scored, but no lead"]
    silent = replace(score, lead_reason=" ")
    assert list(classification_faults([business], {business.id: silent})) == [
        f"{business.id}: a class without a reason"
    ]
