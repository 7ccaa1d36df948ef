"""Quality gates: what must hold of a partition before anything downstream may use it.

All are blocking: a list with a nameless business or a draft with a hole in it goes no further. Each judges the
rows of one partition; the rules themselves stand in the domain.
"""

import warnings
from collections.abc import Iterator, Sequence

import dagster as dg

from leadgen_dagster.db.partition import Partition
from leadgen_dagster.discovery.gates import identity_faults
from leadgen_dagster.exports.export import FILES, export_faults
from leadgen_dagster.orchestration.layout import export_path, site_path
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import DatabaseResource, FilesResource
from leadgen_dagster.outreach.placeholders import draft_faults
from leadgen_dagster.scoring.gates import classification_faults, evidence_faults
from leadgen_dagster.sites.gates import stored_site_faults

MAX_FAULTS_SHOWN = 20

# Partitioned checks are in preview in Dagster 1.13: said at every import, and known.
warnings.filterwarnings(
    "ignore", category=dg.PreviewWarning, message=".*partitions_def on an AssetCheckSpec.*"
)


def verdict(
    faults: Sequence[str], looked_at: int, spec: dg.AssetCheckSpec | None = None
) -> dg.AssetCheckResult:
    """The result of a gate; `spec` says of which one, where a function judges several."""
    shown = "\n".join(f"- {fault}" for fault in faults[:MAX_FAULTS_SHOWN])
    return dg.AssetCheckResult(
        check_name=spec.name if spec else None,
        asset_key=spec.asset_key if spec else None,
        passed=not faults,
        metadata={"looked_at": looked_at, "faults": len(faults), "first_faults": dg.MetadataValue.md(shown)},
    )


@dg.asset_check(asset="businesses", blocking=True, partitions_def=runs)
def every_business_has_an_identity(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource
) -> dg.AssetCheckResult:
    """Each has a name, a fingerprint, an origin with its licence; each excluded one has its reason in a sentence."""
    businesses = Partition(database.open(), context.partition_key).businesses()
    faults = [f"{business.id}: {fault}" for business in businesses for fault in identity_faults(business)]
    return verdict(faults, len(businesses))


EVIDENCE = dg.AssetCheckSpec(
    "every_score_has_evidence",
    asset="website_scores",
    blocking=True,
    partitions_def=runs,
    description="Points only for websites that were looked at; every fault shows where it was seen.",
)
CLASSIFIED = dg.AssetCheckSpec(
    "every_lead_is_classified",
    asset="website_scores",
    blocking=True,
    partitions_def=runs,
    description="Each business that is not excluded has one score, with the reason for its class.",
)


@dg.multi_asset_check(name="website_scores_gates", specs=[EVIDENCE, CLASSIFIED])
def website_scores_gates(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource
) -> Iterator[dg.AssetCheckResult]:
    """Both gates of the scores in one step: a step costs as much as what it looks at."""
    partition = Partition(database.open(), context.partition_key)
    scores, prospects = partition.scores(), partition.prospects()
    weak = [f"{score.business_id}: {fault}" for score in scores.values() for fault in evidence_faults(score)]
    yield verdict(weak, len(scores), EVIDENCE)
    yield verdict(list(classification_faults(prospects, scores)), len(prospects), CLASSIFIED)


@dg.asset_check(asset="generated_sites", blocking=True, partitions_def=runs)
def every_demo_passes_its_gates(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource, files: FilesResource
) -> dg.AssetCheckResult:
    """Each stored demo, read back: a marked concept, not indexed, nothing asked outside, each fact in the record."""
    partition, blobs = Partition(database.open(), context.partition_key), files.open()
    run, sites = partition.run(), partition.sites()
    if run is None:
        return verdict(["there is no order under this id"], len(sites))
    prospects = {business.id: business for business in partition.prospects()}
    scores, contacts = partition.scores(), partition.contacts()
    faults = [
        f"{business_id}: {fault}"
        for business_id, site in sites.items()
        for fault in stored_site_faults(
            site,
            blobs.read_file(site_path(site.content_hash, "index.html")),
            prospects.get(business_id),
            contacts.get(business_id, ()),
            scores.get(business_id),
            ordered_on=run.ordered_on,
        )
    ]
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
    leads = Partition(database.open(), run_id).all_leads()
    paths = {name: blobs.path(export_path(run_id, name)) for name in FILES}
    contents = {name: path.read_bytes() for name, path in paths.items() if path.exists()}
    return verdict(export_faults(contents, leads), len(leads))


CHECKS = [
    every_business_has_an_identity,
    website_scores_gates,
    every_demo_passes_its_gates,
    no_draft_has_a_hole,
    export_rows_equal_leads,
]

BLOCKING_CHECKS = [spec.key for check in CHECKS for spec in check.check_specs]
"""What decides over a run's state, too."""
