"""Pictures of the demos for the report and the UI, where a Chromium is installed; without one all else goes on."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from leadgen_dagster.clients.installed import BrowserFailedError, NotInstalledError, find_driven_browser
from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.orchestration.layout import demo_picture_path, site_path
from leadgen_dagster.sites.generated import GeneratedSite

DEVICES = ("phone", "desktop")
SHOWN_IN_UI = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPictures:
    """What came of it; the pictures themselves lie in the store, by the demo's content."""

    taken: int = 0
    there_already: int = 0
    missing: str | None = None
    """Why there are none, or not all."""


class CameraResource(dg.ConfigurableResource[object]):
    """Takes pictures of the demos of a run."""

    browser: str | None = None
    most: int = 0
    """Demos of a run that are taken, the most promising first."""

    def take(self, sites: Sequence[GeneratedSite], files: ObjectStore) -> DemoPictures:
        """Takes those that are not in the store yet.

        Args:
            sites: the most promising first.
        """
        wanted = [site for site in sites if site.is_presentable][: self.most]
        new = [site for site in wanted if not _is_taken(site, files)]
        there_already = len(wanted) - len(new)
        if not new:
            return DemoPictures(there_already=there_already)
        taken = 0
        try:
            executable = find_driven_browser(Path(self.browser) if self.browser else None)
            from leadgen_dagster.clients.camera import Camera

            with Camera(executable) as camera:
                for site in new:
                    page = files.read_file(site_path(site.content_hash, "index.html"))
                    for device, picture in camera.take(page).items():
                        files.put_file(demo_picture_path(site.content_hash, device), picture)
                    taken += 1
        except (NotInstalledError, BrowserFailedError) as error:
            return DemoPictures(taken=taken, there_already=there_already, missing=str(error))
        return DemoPictures(taken=taken, there_already=there_already)


def _is_taken(site: GeneratedSite, files: ObjectStore) -> bool:
    return all(files.path(demo_picture_path(site.content_hash, device)).exists() for device in DEVICES)


def picture_figures(
    pictures: DemoPictures, sites: Sequence[GeneratedSite], files: ObjectStore
) -> dict[str, object]:
    """How many there are, what is missing for more, and the first of them as phones show them."""
    taken = [site for site in sites if _is_taken(site, files)][:SHOWN_IN_UI]
    strip = dg.MetadataValue.md(" ".join(_inline(site, files) for site in taken)) if taken else None
    return {
        "pictures_taken": pictures.taken,
        "pictures_there_already": pictures.there_already,
        "pictures_missing": pictures.missing,
        "demos_on_a_phone": strip,
    }


def _inline(site: GeneratedSite, files: ObjectStore) -> str:
    picture = base64.b64encode(files.read_file(demo_picture_path(site.content_hash, "phone"))).decode()
    return f"![{site.theme}](data:image/jpeg;base64,{picture})"
