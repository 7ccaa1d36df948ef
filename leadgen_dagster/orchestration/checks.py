"""Quality gates: what must hold of a partition before anything downstream may use it.

All are blocking: a list with a nameless business or a draft with a hole in it goes no further. Each judges the
rows of one partition; the rules themselves stand in the domain.
"""

import warnings
from collections.abc import Sequence

import dagster as dg

from leadgen_dagster.db.partition import Partition
from leadgen_dagster.exports.export import FILES, export_faults
from leadgen_dagster.orchestration.layout import export_path, site_path
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import DatabaseResource, FilesResource
from leadgen_dagster.outreach.placeholders import draft_faults
from leadgen_dagster.scoring.scores import Category
from leadgen_dagster.sites.brief import make_brief
from leadgen_dagster.sites.gates import gate_faults

MAX_FAULTS_SHOWN = 20

# Partitioned checks are in preview in Dagster 1.13: said at every import, and known.
warnings.filterwarnings(
    "ignore", category=dg.PreviewWarning, message=".*partitions_def on an AssetCheckSpec.*"
)


def verdict(faults: Sequence[str], looked_at: int) -> dg.AssetCheckResult:
    shown = "\n".join(f"- {fault}" for fault in faults[:MAX_FAULTS_SHOWN])
    return dg.AssetCheckResult(
        passed=not faults,
        metadata={"looked_at": looked_at, "faults": len(faults), "first_faults": dg.MetadataValue.md(shown)},
    )


@dg.asset_check(asset="businesses", blocking=True, partitions_def=runs)
def every_business_has_an_identity(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource
) -> dg.AssetCheckResult:
    """Each has a name, a fingerprint, an origin with its licence; each excluded one has its reason in a sentence."""
    businesses = Partition(database.open(), context.partition_key).businesses()
    faults = [
        f"{business.id}: {what}"
        for business in businesses
        for what, is_missing in (
            ("no name", not business.name.strip()),
            ("no fingerprint", not business.fingerprint),
            ("no origin", not business.origins),
            ("an origin without licence", not all(origin.licence for origin in business.origins)),
            ("excluded without a reason", bool(business.exclusion) and not business.exclusion_note),
        )
        if is_missing
    ]
    return verdict(faults, len(businesses))


@dg.asset_check(asset="website_scores", blocking=True, partitions_def=runs)
def every_score_has_evidence(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource
) -> dg.AssetCheckResult:
    """Only looked-at websites are scored, points are in range, and every fault shows where it was seen."""
    scores = Partition(database.open(), context.partition_key).scores().values()
    faults = []
    for score in scores:
        if score.score is not None and set(score.category_scores) - set(Category):
            faults.append(f"{score.business_id}: a category that the rubric does not know")
        points = [score.score, *score.category_scores.values()]
        if any(point is not None and not 0 <= point <= 100 for point in points):
            faults.append(f"{score.business_id}: points outside 0 to 100")
        faults += [
            f"{score.business_id}: {finding.check_id} without evidence"
            for finding in score.findings
            if not (finding.evidence.url and finding.evidence.where and finding.evidence.snippet)
        ]
    return verdict(faults, len(scores))


@dg.asset_check(asset="website_scores", blocking=True, partitions_def=runs)
def every_lead_is_classified(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource
) -> dg.AssetCheckResult:
    """Each business that is not excluded has exactly one score, with the reason for its class in a sentence."""
    partition = Partition(database.open(), context.partition_key)
    prospects, scores = partition.prospects(), partition.scores()
    faults = [f"{business.id}: not scored" for business in prospects if business.id not in scores]
    faults += [f"{score.business_id}: no reason" for score in scores.values() if not score.lead_reason]
    return verdict(faults, len(prospects))


@dg.asset_check(asset="generated_sites", blocking=True, partitions_def=runs)
def every_demo_passes_its_gates(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource, files: FilesResource
) -> dg.AssetCheckResult:
    """Each stored demo, read back: a marked concept, not indexed, nothing asked outside, each fact in the record."""
    partition, blobs = Partition(database.open(), context.partition_key), files.open()
    run, scores, contacts, sites = (
        partition.run(),
        partition.scores(),
        partition.contacts(),
        partition.sites(),
    )
    faults: list[str] = []
    for business in partition.prospects():
        site = sites.get(business.id)
        if site is None or run is None:
            continue
        brief = make_brief(
            business,
            contacts.get(business.id, []),
            scores[business.id],
            language=site.language,
            ordered_on=run.ordered_on,
        )
        html = blobs.read_file(site_path(site.content_hash, "index.html"))
        found = ["too few facts for a demo"] if brief is None else gate_faults(html, brief)
        faults += [f"{business.name}: {fault}" for fault in found]
    return verdict(faults, len(sites))


@dg.asset_check(asset="outreach_campaigns", blocking=True, partitions_def=runs)
def no_draft_has_a_hole(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource
) -> dg.AssetCheckResult:
    """No placeholder, threat, second link or missing sender in any draft that says it is ready."""
    campaigns = Partition(database.open(), context.partition_key).campaigns().values()
    faults = [f"{draft.business_id}: {fault}" for draft in campaigns for fault in draft_faults(draft)]
    return verdict(faults, len(campaigns))


@dg.asset_check(asset="lead_export", blocking=True, partitions_def=runs)
def export_rows_equal_leads(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource, files: FilesResource
) -> dg.AssetCheckResult:
    """Every format, read back, holds exactly the leads."""
    run_id, blobs = context.partition_key, files.open()
    leads = Partition(database.open(), run_id).leads()
    contents = {name: blobs.read_file(export_path(run_id, name)) for name in FILES}
    return verdict(export_faults(contents, leads), len(leads))


CHECKS = [
    every_business_has_an_identity,
    every_score_has_evidence,
    every_lead_is_classified,
    every_demo_passes_its_gates,
    no_draft_has_a_hole,
    export_rows_equal_leads,
]

BLOCKING_CHECKS = [check.check_key for check in CHECKS]
"""What decides over a run's state, too."""
