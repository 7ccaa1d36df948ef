"""What must hold of every score before anybody speaks of it."""

from collections.abc import Collection, Iterator, Mapping

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.keeping import lasting_name
from leadgen_dagster.scoring.scores import WebsiteScore, WebsiteState


def evidence_faults(score: WebsiteScore) -> Iterator[str]:
    """Every fault is shown where it was seen."""
    for finding in score.findings:
        evidence = finding.evidence
        if not (evidence.url and evidence.where and evidence.snippet):
            yield f"{finding.check_id} without evidence"


def range_faults(score: WebsiteScore) -> Iterator[str]:
    """Points only for a website that was looked at, all of them from 0 to 100."""
    if (score.score is not None) != (score.website_state is WebsiteState.OK):
        yield f"a website that is {score.website_state} has the score {score.score}"
    points = [("score", score.score), ("static_score", score.static_score), *score.category_scores.items()]
    for name, point in points:
        if point is not None and not 0 <= point <= 100:
            yield f"{name} of {point} points"


def classification_faults(
    prospects: Collection[Business], scores: Mapping[str, WebsiteScore]
) -> Iterator[str]:
    """Every business that is not excluded, and no other, has a score with the reason for its class."""
    ids = {business.id for business in prospects}
    for business in prospects:
        if business.id not in scores:
            yield f"{lasting_name(business)}: not scored"
    for business_id, score in scores.items():
        if business_id not in ids:
            yield f"{business_id}: scored, but no lead"
        if not score.lead_reason.strip():
            yield f"{business_id}: a class without a reason"
