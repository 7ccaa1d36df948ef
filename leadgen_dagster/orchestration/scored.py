"""A partition's websites scored from what is stored: for the rows, and to choose who gets a second look."""

from collections.abc import Iterator, Mapping, Sequence

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.orchestration.ordering import rubric_of
from leadgen_dagster.orchestration.page_memory import with_bodies
from leadgen_dagster.orchestration.stage import Stage
from leadgen_dagster.scoring.audits import PageAudit, as_seen
from leadgen_dagster.scoring.scorer import score_website
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.scoring.snapshots import PageSnapshot


def scored_websites(
    stage: Stage,
    files: ObjectStore,
    snapshots: Mapping[str, Sequence[PageSnapshot]],
    audits: Mapping[str, Sequence[PageAudit]],
) -> Iterator[WebsiteScore]:
    """The score of each business that is not excluded, one after the other: no more bodies are held than one's.

    Args:
        snapshots: by business id.
        audits: by business id; without any, the score is of the checks alone.
    """
    config, contacts = stage.run.config, stage.partition.contacts()
    rubric = rubric_of(config, files)
    for business in stage.partition.prospects():
        looked = audits.get(business.id, [])
        yield score_website(
            business,
            with_bodies(as_seen(snapshots.get(business.id, []), looked), files),
            contacts.get(business.id, []),
            looked,
            ordered_on=stage.run.ordered_on,
            score_threshold=config.score_threshold,
            rubric=rubric,
        )
