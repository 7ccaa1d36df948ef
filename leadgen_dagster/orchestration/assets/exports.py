"""The run's result as files that a person can use."""

import hashlib
from functools import partial

import dagster as dg

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.exports.columns import in_order
from leadgen_dagster.exports.export import build_exports
from leadgen_dagster.exports.rejects import rejects_csv
from leadgen_dagster.exports.report import render_report
from leadgen_dagster.orchestration.demo_pictures import DEVICES
from leadgen_dagster.orchestration.flow import READS
from leadgen_dagster.orchestration.layout import (
    REJECTS,
    REPORT,
    demo_picture_path,
    demo_picture_path_from_report,
    export_path,
    picture_path_from_report,
    site_path_from_report,
)
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.resources import AgencyResource, DatabaseResource, FilesResource
from leadgen_dagster.orchestration.stage import begin_stage, counts
from leadgen_dagster.orchestration.versions import code_version
from leadgen_dagster.sites.generated import GeneratedSite


@dg.asset(
    partitions_def=runs,
    deps=READS["lead_export"],
    group_name="exports",
    kinds={"python", "pandas"},
    code_version=code_version("lead_export"),
)
def lead_export(
    context: dg.AssetExecutionContext,
    database: DatabaseResource,
    files: FilesResource,
    agency: AgencyResource,
) -> dg.MaterializeResult[None]:
    """The leads as CSV, XLSX, Parquet and JSON Lines, and a report to look at."""
    with begin_stage(context, database.open()) as stage:
        run, leads, blobs = stage.run, stage.partition.all_leads(), files.open()
        notes = stage.partition.discovery_notes()
        excluded = [business for business in stage.partition.businesses() if not business.is_lead]
        contents = build_exports(leads, run_id=run.id)
        contents[REPORT] = render_report(
            run,
            leads,
            excluded,
            agency_name=agency.of(run).name,
            site_link=site_path_from_report,
            picture_link=picture_path_from_report,
            demo_picture_links=partial(_demo_picture_links, blobs),
            notes=notes,
        ).encode()
        rejects = [(note.text, note.record) for note in notes if note.record]
        if rejects:
            contents[REJECTS] = rejects_csv(rejects)
        stage.check_newest()
        if not rejects:  # of an earlier export, whose list has been mended
            blobs.path(export_path(run.id, REJECTS)).unlink(missing_ok=True)
        paths = blobs.put_files({export_path(run.id, name): data for name, data in contents.items()})
        rows = [
            {
                "id": name,
                "size_bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "path": str(paths[export_path(run.id, name)]),
            }
            for name, data in contents.items()
        ]
        return stage.result(
            rows,
            metadata={
                "dagster/row_count": len(leads),
                "files": len(rows),
                "content_expired": len(stage.partition.expired_ids()) or None,
                "report": dg.MetadataValue.path(str(paths[export_path(run.id, REPORT)])),
                **counts([lead.score.lead_class for lead in in_order(leads)], "lead_class"),
                **counts([b.exclusion for b in excluded if b.exclusion], "excluded"),
            },
            preview=("id", "size_bytes", "path"),
        )


def _demo_picture_links(files: ObjectStore, site: GeneratedSite) -> dict[str, str]:
    return {
        device: demo_picture_path_from_report(site, device)
        for device in DEVICES
        if files.path(demo_picture_path(site.content_hash, device)).exists()
    }
