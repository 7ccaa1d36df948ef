"""Looking at the websites: pages fetched, contacts read off them, scores. Only `page_snapshots` touches the web."""

import asyncio

import dagster as dg

from leadgen_dagster.db.memos import FetchedPages
from leadgen_dagster.db.models import ContactModel, PageSnapshotModel, WebsiteScoreModel
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.orchestration.page_memory import PageMemory, RememberingFetcher, with_bodies
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import DatabaseResource, FilesResource, WebResource
from leadgen_dagster.orchestration.stage import begin_stage, counts
from leadgen_dagster.orchestration.versions import code_version
from leadgen_dagster.scoring.contacts import find_contacts
from leadgen_dagster.scoring.crawl import collect_snapshots
from leadgen_dagster.scoring.scorer import score_website
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.scoring.snapshots import PageKind, PageSnapshot


class PageSnapshotsConfig(dg.Config):
    """How to fetch."""

    refresh: bool = False
    """Ask for every page again; a page that fails now keeps what it had."""


@dg.asset(
    partitions_def=runs,
    deps=READS["page_snapshots"],
    group_name="scoring",
    kinds={"python", "http"},
    code_version=code_version("page_snapshots"),
)
def page_snapshots(
    context: dg.AssetExecutionContext,
    config: PageSnapshotsConfig,
    database: DatabaseResource,
    files: FilesResource,
    web: WebResource,
) -> dg.MaterializeResult[None]:
    """The pages of each website as they were fetched: home, contact, and the size or status of what they link to."""
    with begin_stage(context, database.open()) as stage:
        prospects = stage.partition.prospects()
        refresh = (context.run.root_run_id or context.run.run_id) if config.refresh else None
        memory = PageMemory(FetchedPages(stage.database, stage.run.id, refresh=refresh), files.open())

        async def collect() -> list[PageSnapshot]:
            async with web.fetcher(stage.run) as fetcher:
                return await collect_snapshots(
                    prospects,
                    RememberingFetcher(fetcher, memory),
                    on_business_done=stage.progress(sum(bool(b.website) for b in prospects)),
                )

        with memory:
            snapshots = asyncio.run(collect())
        return stage.publish(
            PageSnapshotModel,
            snapshots,
            metadata={
                "pages_fetched": memory.pages_fetched,
                **counts(
                    [snapshot.page.outcome for snapshot in snapshots if snapshot.kind is PageKind.HOME],
                    "home",
                ),
            },
            preview=("business_id", "kind", "url", "outcome", "status", "error"),
        )


@dg.asset(
    partitions_def=runs,
    deps=READS["contacts"],
    group_name="scoring",
    kinds={"python"},
    code_version=code_version("contacts"),
)
def contacts(
    context: dg.AssetExecutionContext, database: DatabaseResource, files: FilesResource
) -> dg.MaterializeResult[None]:
    """Addresses, numbers, profiles and forms found on the stored pages, each with the page and a snippet."""
    with begin_stage(context, database.open()) as stage:
        snapshots, blobs = stage.partition.snapshots(), files.open()
        found = [
            contact
            for business in stage.partition.prospects()
            for contact in find_contacts(business, with_bodies(snapshots.get(business.id, []), blobs))
        ]
        return stage.publish(
            ContactModel,
            found,
            metadata={
                **counts([contact.kind for contact in found], "kind"),
                "businesses_with_contact": len({contact.business_id for contact in found}),
            },
            preview=("business_id", "kind", "value", "is_best", "page_url"),
        )


@dg.asset(
    partitions_def=runs,
    deps=READS["website_scores"],
    group_name="scoring",
    kinds={"python"},
    code_version=code_version("website_scores"),
)
def website_scores(
    context: dg.AssetExecutionContext, database: DatabaseResource, files: FilesResource
) -> dg.MaterializeResult[None]:
    """Each website's state, score, faults with evidence, opportunity and lead class, from the stored pages alone."""
    with begin_stage(context, database.open()) as stage:
        snapshots, found, blobs = stage.partition.snapshots(), stage.partition.contacts(), files.open()
        scores = [
            score_website(
                business,
                with_bodies(snapshots.get(business.id, []), blobs),
                found.get(business.id, []),
                ordered_on=stage.run.ordered_on,
                score_threshold=stage.run.config.score_threshold,
            )
            for business in stage.partition.prospects()
        ]
        return stage.publish(
            WebsiteScoreModel,
            scores,
            metadata=score_figures(scores),
            preview=("business_id", "website_state", "score", "lead_class", "lead_reason"),
        )


def score_figures(scores: list[WebsiteScore]) -> dict[str, object]:
    """What is worth a plot over many runs."""
    points = sorted(score.score for score in scores if score.score is not None)
    return {
        "scored": len(points),
        "median_score": points[len(points) // 2] if points else None,
        "rubric_version": scores[0].rubric_version if scores else None,
        **counts([score.website_state for score in scores], "state"),
        **counts([score.lead_class for score in scores], "lead_class"),
        **counts([issue for score in scores for issue in score.top_issues[:1]], "top_issue"),
    }
