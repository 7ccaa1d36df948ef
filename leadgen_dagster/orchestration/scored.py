"""A partition's websites scored from what is stored: for the rows, and to choose who gets a second look."""

from collections.abc import Iterator, Mapping, Sequence

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.orchestration.ordering import rubric_of
from leadgen_dagster.orchestration.page_memory import with_bodies
from leadgen_dagster.orchestration.stage import Stage
from leadgen_dagster.scoring.audits import PageAudit, as_seen
from leadgen_dagster.scoring.contact_points import Contact
from leadgen_dagster.scoring.scorer import score_website
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.scoring.snapshots import PageSnapshot


def scored_websites(
    stage: Stage,
    files: ObjectStore,
    snapshots: Mapping[str, Sequence[PageSnapshot]],
    contacts: Mapping[str, Sequence[Contact]],
    audits: Mapping[str, Sequence[PageAudit]],
) -> Iterator[WebsiteScore]:
    """The score of each business that is not excluded, one after the other: no more bodies are held than one's.

    Args:
        snapshots: by business id.
        contacts: by business id; they make the lead class, and no difference to the score.
        audits: by business id; without any, the score is of the checks alone.
    """
    config = stage.run.config
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
