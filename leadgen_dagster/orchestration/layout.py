"""Where files lie in the object store, by what they are of."""

from leadgen_dagster.clients.object_store import picture_name
from leadgen_dagster.exports.export import FILES
from leadgen_dagster.sites.generated import GeneratedSite

REPORT = "report.html"
REJECTS = "rejects.csv"
"""Only where the order reads a list of the agency's own, and something in it could not be taken as it is."""
EXPORT_FILES = (*FILES, REPORT)


def export_path(run_id: str, name: str) -> str:
    return f"exports/{run_id}/{name}"


def site_path(content_hash: str, name: str) -> str:
    return f"sites/{content_hash}/{name}"


def demo_picture_path(content_hash: str, device: str) -> str:
    """Beside the demo and not in it: a picture of it is no part of what is published."""
    return f"demo-pictures/{content_hash}/{device}.jpg"


def site_path_from_report(site: GeneratedSite) -> str:
    """The demo as seen from the report, so that both open from a folder without any server."""
    return f"../../{site_path(site.content_hash, 'index.html')}"


def picture_path_from_report(digest: str) -> str:
    return f"../../{picture_name(digest)}"


def demo_picture_path_from_report(site: GeneratedSite, device: str) -> str:
    return f"../../{demo_picture_path(site.content_hash, device)}"
