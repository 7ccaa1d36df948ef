"""Looking at the websites: pages fetched, contacts read off them, scores. Only `page_snapshots` touches the web."""

import asyncio
import time

import dagster as dg

from leadgen_dagster.db.memos import FetchedPages
from leadgen_dagster.db.models import ContactModel, PageSnapshotModel, WebsiteScoreModel
from leadgen_dagster.discovery.keeping import lasting_name
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.orchestration.ordering import rubric_choice_of
from leadgen_dagster.orchestration.page_memory import PageMemory, RememberingFetcher, with_bodies
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import (
    AgencyResource,
    DatabaseResource,
    FilesResource,
    WebResource,
)
from leadgen_dagster.orchestration.score_figures import change_figures, score_figures
from leadgen_dagster.orchestration.scored import scored_websites
from leadgen_dagster.orchestration.stage import begin_stage, counts
from leadgen_dagster.orchestration.versions import code_version
from leadgen_dagster.scoring.contact_rules import ContactRules
from leadgen_dagster.scoring.contacts import find_contacts
from leadgen_dagster.scoring.crawl import collect_snapshots
from leadgen_dagster.scoring.rescoring import rescoring
from leadgen_dagster.scoring.rubric import RUBRIC
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
            async with web.fetcher(stage.run, stage.database) as fetcher:
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
    context: dg.AssetExecutionContext,
    database: DatabaseResource,
    files: FilesResource,
    agency: AgencyResource,
) -> dg.MaterializeResult[None]:
    """Addresses, numbers, profiles and forms found on the stored pages, each with the page and a snippet."""
    with begin_stage(context, database.open()) as stage:
        snapshots, blobs = stage.partition.snapshots(), files.open()
        rules = ContactRules.with_words(agency.of(stage.run).mailboxes)
        found = [
            contact
            for business in stage.partition.prospects()
            for contact in find_contacts(business, with_bodies(snapshots.get(business.id, []), blobs), rules)
        ]
        return stage.publish(
            ContactModel,
            found,
            metadata={
                **counts([contact.kind for contact in found], "kind"),
                "businesses_with_contact": len(
                    {contact.business_id for contact in found if contact.kind.is_way_to_reach}
                ),
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
        before, snapshots = stage.partition.scores(), stage.partition.snapshots()
        config, blobs = stage.run.config, files.open()
        began = time.perf_counter()
        scores = list(
            scored_websites(stage, blobs, snapshots, stage.partition.contacts(), stage.partition.audits())
        )
        seconds = time.perf_counter() - began
        passed_over = rubric_choice_of(config, blobs).unknown_checks(RUBRIC)
        pages = sum(one.page.body_hash is not None for looked in snapshots.values() for one in looked)
        names = {business.id: lasting_name(business) for business in stage.partition.prospects()}
        return stage.publish(
            WebsiteScoreModel,
            scores,
            metadata={
                **change_figures(rescoring(before, scores), names),
                **score_figures(scores, score_threshold=config.score_threshold, pages=pages, seconds=seconds),
                "rubric_file": config.rubric_file,
                "rubric_file_passed_over": list(passed_over) or None,
            },
            preview=("business_id", "website_state", "score", "lead_class", "lead_reason"),
        )
