"""Demo sites for the weak: rendered, gated and stored, never published."""

from functools import partial

import dagster as dg

from leadgen_dagster.db.models import GeneratedSiteModel
from leadgen_dagster.db.take_downs import TakeDowns
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.orchestration.layout import site_path
from leadgen_dagster.orchestration.ordering import rubric_of
from leadgen_dagster.orchestration.page_memory import with_bodies
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import AgencyResource, DatabaseResource, FilesResource
from leadgen_dagster.orchestration.stage import begin_stage, counts
from leadgen_dagster.orchestration.versions import code_version
from leadgen_dagster.sites.builder import SiteRequest, build_sites
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
    database: DatabaseResource,
    files: FilesResource,
    agency: AgencyResource,
) -> dg.MaterializeResult[None]:
    """A demo site for each business that would gain by one and of which enough is known; with its score after.

    One that does not pass its gates is kept with its faults, and no draft links to it.
    """
    with begin_stage(context, database.open()) as stage:
        scores, contacts = stage.partition.scores(), stage.partition.contacts()
        snapshots, blobs = stage.partition.snapshots(), files.open()
        sender, secret = agency.of(stage.run), agency.secret()
        taken_down = TakeDowns(stage.database).days()
        requests = [
            SiteRequest(
                business=business,
                score=scores[business.id],
                contacts=tuple(contacts.get(business.id, ())),
                token=demo_token(secret, business.fingerprint),
                language=stage.run.config.language or business.language or "",
                pages=partial(with_bodies, snapshots.get(business.id, []), blobs),
            )
            for business in stage.partition.prospects()
            if business.id in scores and business.fingerprint not in taken_down
        ]
        sites = []
        for demo in build_sites(
            requests,
            agency=sender,
            public_url=agency.public_url_of(sender),
            ordered_on=stage.run.ordered_on,
            rubric=rubric_of(stage.run.config, blobs),
        ):
            for name, content in demo.files.items():
                blobs.put_file(site_path(demo.site.content_hash, name), content)
            sites.append(demo.site)
        gains = [site.score_after - site.score_before for site in sites if site.score_before is not None]
        return stage.publish(
            GeneratedSiteModel,
            sites,
            metadata={
                "wanted": sum(score.wants_demo for score in scores.values()),
                "median_gain": sorted(gains)[len(gains) // 2] if gains else None,
                "not_presentable": sum(not site.is_presentable for site in sites),
                "lowest_score_after": min((site.score_after for site in sites), default=None),
                **counts([site.theme for site in sites], "theme"),
            },
            preview=("business_id", "theme", "palette", "token", "score_before", "score_after"),
        )
