"""Demo sites for the weak: rendered, gated and stored, never published."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import dagster as dg

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.ledger import Ledger
from leadgen_dagster.db.models import GeneratedSiteModel
from leadgen_dagster.db.take_downs import TakeDowns
from leadgen_dagster.orchestration.demo_pictures import CameraResource, picture_figures
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.orchestration.layout import site_path
from leadgen_dagster.orchestration.ordering import rubric_of
from leadgen_dagster.orchestration.page_memory import with_bodies
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import (
    AgencyResource,
    CopywriterResource,
    DatabaseResource,
    FilesResource,
)
from leadgen_dagster.orchestration.stage import PREVIEW_ROWS, Stage, begin_stage, counts
from leadgen_dagster.orchestration.street_maps import streets_around
from leadgen_dagster.orchestration.versions import code_version
from leadgen_dagster.outreach.marks import listed_mark
from leadgen_dagster.scoring.scores import WebsiteScore
from leadgen_dagster.sites.builder import SiteRequest, build_sites
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster.sites.tokens import demo_token


@dg.asset(
    partitions_def=runs,
    deps=READS["generated_sites"],
    group_name="sites",
    kinds={"python", "html"},
    code_version=code_version("generated_sites"),
)
def generated_sites(
    context: dg.AssetExecutionContext,
    *,
    database: DatabaseResource,
    files: FilesResource,
    agency: AgencyResource,
    camera: CameraResource,
    copywriter: CopywriterResource,
) -> dg.MaterializeResult[None]:
    """A demo site for each business that would gain by one and of which enough is known; with its score after.

    One that does not pass its gates is kept with its faults, and no draft links to it.
    """
    with begin_stage(context, database.open()) as stage:
        scores, blobs, sender = stage.partition.scores(), files.open(), agency.of(stage.run)
        requests, unread = _with_streets(_requests(stage, scores, blobs, agency.secret()), stage, blobs)
        sites = []
        for demo in build_sites(
            requests,
            agency=sender,
            public_url=agency.public_url_of(sender),
            ordered_on=stage.run.ordered_on,
            rubric=rubric_of(stage.run.config, blobs),
            copywriter=copywriter.site_writer(stage.database, stage.run.id),
        ):
            for name, content in demo.files.items():
                blobs.put_file(site_path(demo.site.content_hash, name), content)
            sites.append(demo.site)
        promising = sorted(sites, key=lambda site: -scores[site.business_id].opportunity.total)
        pictures = camera.take(promising, blobs)
        return stage.publish(
            GeneratedSiteModel,
            sites,
            metadata={
                "wanted": sum(score.wants_demo for score in scores.values()),
                **site_figures(sites),
                "maps_unread": unread or None,
                **picture_figures(pictures, promising, blobs),
                **Ledger(stage.database, stage.run.id).usage(),
            },
            preview=("business_id", "theme", "palette", "token", "score_before", "score_after"),
        )


def _requests(
    stage: Stage, scores: Mapping[str, WebsiteScore], files: ObjectStore, secret: bytes
) -> list[SiteRequest]:
    """Of every business that was looked at and has not asked that its demo goes."""
    contacts, snapshots = stage.partition.contacts(), stage.partition.snapshots()
    has_asked = TakeDowns(stage.database).listed()
    return [
        SiteRequest(
            business=business,
            score=scores[business.id],
            contacts=tuple(contacts.get(business.id, ())),
            token=demo_token(secret, business.fingerprint),
            language=stage.run.config.language or business.language or "",
            pages=partial(with_bodies, snapshots.get(business.id, []), files),
        )
        for business in stage.partition.prospects()
        if business.id in scores and listed_mark(business, contacts.get(business.id, ()), has_asked) is None
    ]


def _with_streets(
    requests: Sequence[SiteRequest], stage: Stage, files: ObjectStore
) -> tuple[list[SiteRequest], list[str]]:
    """The requests with the streets around each place that a demo shows, and what was not read for that."""
    points = {
        request.business.id: (request.business.latitude, request.business.longitude)
        for request in requests
        if request.score.wants_demo
        and request.business.latitude is not None
        and request.business.longitude is not None
    }
    streets, unread = streets_around(points.values(), stage.run.config, files)
    near = {business_id: streets.near(point) for business_id, point in points.items()}
    return [replace(one, streets=near.get(one.business.id, ())) for one in requests], unread


def site_figures(sites: Sequence[GeneratedSite]) -> dict[str, object]:
    """What is worth a plot, and the demos that are shown to nobody, with the reason."""
    gains = sorted(site.score_after - site.score_before for site in sites if site.score_before is not None)
    faulty = [site for site in sites if not site.is_presentable]
    return {
        "median_gain": gains[len(gains) // 2] if gains else None,
        "maps": sum("area" in site.facts for site in sites),
        "worded_by_model": sum(bool(site.copy) for site in sites),
        "fell_back": sum(site.copy_note is not None for site in sites),
        "lowest_score_after": min((site.score_after for site in sites), default=None),
        "faults_gone": sum(len(site.faults_gone) for site in sites),
        "faults_left": sum(len(site.faults_left) for site in sites),
        "not_presentable": len(faulty),
        "not_presentable_reasons": dg.MetadataValue.md(
            "\n".join(f"- {site.business_id}: {site.faults[0]}" for site in faulty[:PREVIEW_ROWS])
        )
        if faulty
        else None,
        **counts([site.theme for site in sites], "theme"),
    }
