"""Quality gates: what must hold of a partition before anything downstream may use it.

All but those that say WARN and the demos' are blocking: a list with a nameless business or a draft with
a hole in it goes no further. Each judges the rows of one partition; the rules themselves stand in the domain.
"""

import warnings
from collections.abc import Iterator, Sequence

import dagster as dg

from leadgen_dagster.db.partition import Partition
from leadgen_dagster.discovery.duplicates import duplicate_pairs
from leadgen_dagster.discovery.gates import (
    LEAST_REACHABLE,
    identity_faults,
    licence_faults,
    outside_faults,
    share_reachable,
)
from leadgen_dagster.discovery.keeping import lasting_name
from leadgen_dagster.exports.export import FILES, export_faults
from leadgen_dagster.orchestration.discovery_figures import shares
from leadgen_dagster.orchestration.layout import export_path, site_path
from leadgen_dagster.orchestration.page_memory import with_bodies
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import AgencyResource, DatabaseResource, FilesResource
from leadgen_dagster.orchestration.stage import counts
from leadgen_dagster.outreach.placeholders import draft_faults
from leadgen_dagster.scoring.audits import audit_faults
from leadgen_dagster.scoring.gates import classification_faults, evidence_faults, range_faults
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.sites.gates import stored_site_faults

MAX_FAULTS_SHOWN = 20
LEAST_SHARE = 0.5
"""Of the websites that the sources name; below it something is wrong with the list, or with the way to the web."""

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


IDENTITY = dg.AssetCheckSpec(
    "every_business_has_an_identity",
    asset="businesses",
    blocking=True,
    partitions_def=runs,
    description="Each has a name, a fingerprint and an origin; each excluded one has its reason in a sentence.",
)
LICENCE = dg.AssetCheckSpec(
    "every_record_has_a_licence",
    asset="businesses",
    blocking=True,
    partitions_def=runs,
    description="Of each origin licence and attribution are known, and what it lets one keep.",
)
INSIDE = dg.AssetCheckSpec(
    "every_lead_lies_in_the_area",
    asset="businesses",
    blocking=True,
    partitions_def=runs,
    description="No lead lies outside what its source searched.",
)
NO_DUPLICATE = dg.AssetCheckSpec(
    "no_lead_stands_there_twice",
    asset="businesses",
    partitions_def=runs,
    description="No two leads are the same business by the rules that merge records.",
)
REACHABLE = dg.AssetCheckSpec(
    "enough_is_known_of_the_leads",
    asset="businesses",
    partitions_def=runs,
    description=f"At least {LEAST_REACHABLE:.0%} of the leads have a phone, an e-mail address or a website.",
)


@dg.multi_asset_check(name="businesses_gates", specs=[IDENTITY, LICENCE, INSIDE, NO_DUPLICATE, REACHABLE])
def businesses_gates(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource
) -> Iterator[dg.AssetCheckResult]:
    """All gates of the list in one step: a step costs as much as what it looks at."""
    partition = Partition(database.open(), context.partition_key)
    found = [business for business in partition.businesses() if not business.is_expired]
    leads = [business for business in found if business.is_lead]
    for spec, faults_of in ((IDENTITY, identity_faults), (LICENCE, licence_faults)):
        yield verdict([f"{one.id}: {fault}" for one in found for fault in faults_of(one)], len(found), spec)
    yield verdict(list(outside_faults(leads, partition.areas())), len(leads), INSIDE)
    names = {lead.id: lasting_name(lead) for lead in leads}
    pairs = [f"{one} and {other}: {names[one]}" for one, other in duplicate_pairs(leads)]
    yield verdict(pairs, len(leads), NO_DUPLICATE)
    share = share_reachable(leads)
    yield dg.AssetCheckResult(
        check_name=REACHABLE.name,
        asset_key=REACHABLE.asset_key,
        passed=share >= LEAST_REACHABLE,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"leads": len(leads), "share": round(share, 3), **shares(leads)},
    )


@dg.asset_check(asset="page_audits", blocking=True, partitions_def=runs)
def every_audit_has_a_score_or_an_error(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource
) -> dg.AssetCheckResult:
    """Each second look gave points from 0 to 100, or says in a sentence why it did not."""
    audits = [
        one for seen in Partition(database.open(), context.partition_key).audits().values() for one in seen
    ]
    return verdict([f"{one.id}: {fault}" for one in audits for fault in audit_faults(one)], len(audits))


EVIDENCE = dg.AssetCheckSpec(
    "every_score_has_evidence",
    asset="website_scores",
    blocking=True,
    partitions_def=runs,
    description="Every fault shows where it was seen, on which page and when.",
)
IN_RANGE = dg.AssetCheckSpec(
    "no_points_out_of_range",
    asset="website_scores",
    blocking=True,
    partitions_def=runs,
    description="Points only for websites that were looked at, and each score and category from 0 to 100.",
)
CLASSIFIED = dg.AssetCheckSpec(
    "every_lead_is_classified",
    asset="website_scores",
    blocking=True,
    partitions_def=runs,
    description="Each business that is not excluded has one score, with the reason for its class.",
)
SHARE_SCORED = dg.AssetCheckSpec(
    "most_websites_were_scored",
    asset="website_scores",
    partitions_def=runs,
    description="At least half of the websites that the sources name could be scored; else a person should look why.",
)


@dg.multi_asset_check(name="website_scores_gates", specs=[EVIDENCE, IN_RANGE, CLASSIFIED, SHARE_SCORED])
def website_scores_gates(
    context: dg.AssetCheckExecutionContext, database: DatabaseResource
) -> Iterator[dg.AssetCheckResult]:
    """All gates of the scores in one step: a step costs as much as what it looks at."""
    partition = Partition(database.open(), context.partition_key)
    prospects, expired = partition.prospects(), partition.expired_ids()
    scores = {one: score for one, score in partition.scores().items() if one not in expired}
    for spec, faults_of in ((EVIDENCE, evidence_faults), (IN_RANGE, range_faults)):
        found = [f"{score.business_id}: {fault}" for score in scores.values() for fault in faults_of(score)]
        yield verdict(found, len(scores), spec)
    yield verdict(list(classification_faults(prospects, scores)), len(prospects), CLASSIFIED)
    yield _share_scored([scores[one.id] for one in prospects if one.website and one.id in scores])


def _share_scored(scores: Sequence[WebsiteScore]) -> dg.AssetCheckResult:
    """A warning only: that many sites are down, or away from us, is no fault of the run."""
    scored = sum(score.score is not None for score in scores)
    return dg.AssetCheckResult(
        check_name=SHARE_SCORED.name,
        asset_key=SHARE_SCORED.asset_key,
        passed=scored >= LEAST_SHARE * len(scores),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "websites": len(scores),
            "scored": scored,
            "share": round(scored / len(scores), 3) if scores else 1.0,
            **counts([score.website_state for score in scores if score.score is None], "not_scored"),
        },
    )


@dg.asset_check(asset="generated_sites", partitions_def=runs)
def every_demo_passes_its_gates(
    context: dg.AssetCheckExecutionContext,
    database: DatabaseResource,
    files: FilesResource,
    agency: AgencyResource,
) -> dg.AssetCheckResult:
    """Each stored demo, read back: a marked concept, not indexed, nothing asked outside, each word from the record.

    It stops nothing: a demo with a fault is linked in no draft and published for nobody, the others are.
    """
    partition, blobs = Partition(database.open(), context.partition_key), files.open()
    run, expired = partition.run(), partition.expired_ids()
    sites = {one: site for one, site in partition.sites().items() if one not in expired}
    if run is None:
        return verdict(["there is no order under this id"], len(sites))
    prospects = {business.id: business for business in partition.prospects()}
    scores, contacts, snapshots = partition.scores(), partition.contacts(), partition.snapshots()
    faults = [
        f"{business_id}: {fault}"
        for business_id, site in sites.items()
        for fault in stored_site_faults(
            site,
            blobs.read_file(site_path(site.content_hash, "index.html")),
            prospects.get(business_id),
            contacts.get(business_id, ()),
            scores.get(business_id),
            pages=with_bodies(snapshots.get(business_id, []), blobs),
            agency_name=agency.of(run).name,
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
    businesses_gates,
    every_audit_has_a_score_or_an_error,
    website_scores_gates,
    every_demo_passes_its_gates,
    no_draft_has_a_hole,
    export_rows_equal_leads,
]

BLOCKING_CHECKS = [spec.key for check in CHECKS for spec in check.check_specs if spec.blocking]
"""What decides over a run's state, too."""
