"""A second look at the weakest websites, with a browser and what else is set up; only where the order asks for it."""

import asyncio

import dagster as dg

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.memos import AuditedPages
from leadgen_dagster.db.models import PageAuditModel
from leadgen_dagster.orchestration.audit_memory import AuditMemory
from leadgen_dagster.orchestration.audit_resource import AuditResource
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import DatabaseResource, FilesResource
from leadgen_dagster.orchestration.scored import scored_websites
from leadgen_dagster.orchestration.stage import Stage, begin_stage, counts
from leadgen_dagster.orchestration.versions import code_version
from leadgen_dagster.scoring.audits import AuditTarget, PageAudit, audit_sites, weakest


class PageAuditsConfig(dg.Config):
    """How to look."""

    refresh: bool = False
    """Look at every page again; one that fails now keeps what was seen."""


@dg.asset(
    partitions_def=runs,
    deps=READS["page_audits"],
    group_name="scoring",
    kinds={"python", "chromium"},
    code_version=code_version("page_audits"),
)
def page_audits(
    context: dg.AssetExecutionContext,
    config: PageAuditsConfig,
    database: DatabaseResource,
    files: FilesResource,
    audits: AuditResource,
) -> dg.MaterializeResult[None]:
    """What a browser, Lighthouse or PageSpeed Insights saw of the weakest websites, as many as the order says."""
    with begin_stage(context, database.open()) as stage:
        refresh = (context.run.root_run_id or context.run.run_id) if config.refresh else None
        memory = AuditMemory(AuditedPages(stage.database, stage.run.id, refresh=refresh))
        blobs = files.open()
        targets = _targets(stage, blobs) if stage.run.config.audit_weakest else []

        async def look() -> list[PageAudit]:
            async with audits.auditors(stage.run, stage.database, blobs) as auditors:
                progress = stage.progress(len(targets) * len(auditors))
                return await audit_sites(targets, auditors, memory, on_done=progress)

        seen = asyncio.run(look()) if targets else []
        return stage.publish(
            PageAuditModel,
            seen,
            metadata={
                "websites": len(targets),
                "pages_audited": memory.pages_audited,
                **counts([f"{audit.method}/{audit.outcome}" for audit in seen], "audits"),
            },
            preview=("business_id", "method", "url", "outcome", "category_scores", "error"),
        )


def _targets(stage: Stage, files: ObjectStore) -> list[AuditTarget]:
    """Chosen by the score that the checks alone give."""
    snapshots = stage.partition.snapshots()
    scores = scored_websites(stage, files, snapshots, contacts={}, audits={})
    return weakest(scores, snapshots, stage.run.config.audit_weakest)
