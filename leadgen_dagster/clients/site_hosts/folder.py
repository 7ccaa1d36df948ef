"""A folder of this machine, which `leadgen serve` or any web server shows.

`d/<token>` is a link to `versions/<token>/<content hash>`: a version is written beside, whole, before the link turns
to it in one step.
"""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from uuid import uuid4

from leadgen_dagster.clients.site_hosts.base import HostedSite, Standing, site_folder
from leadgen_dagster.errors import SiteHostError

FOLDER = "folder"
VERSIONS = "versions"


class FolderHost:
    """Demos under one folder.

    Args:
        root: made at the first publication.
    """

    name = FOLDER

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, sites: Sequence[HostedSite], standing: Standing) -> None:  # noqa: ARG002  # it takes one at a time
        for site in sites:
            try:
                self._put(site)
            except OSError as error:
                raise SiteHostError(FOLDER, f"{self._root}: {error.strerror or error}") from error

    def remove(self, tokens: Sequence[str], standing: Standing) -> None:  # noqa: ARG002  # it takes one at a time
        for token in tokens:
            try:
                self._link(token).unlink(missing_ok=True)
                self._forget_versions(token, but=None)
            except OSError as error:
                raise SiteHostError(FOLDER, f"{self._root}: {error.strerror or error}") from error

    def read(self, token: str, path: str) -> tuple[str, bytes] | None:
        """A file of a demo and the content hash of the demo it is of; None where there is no such file.

        Args:
            token: of a demo that was published; never a stranger's text.
            path: within the demo, as a stranger may have written it.
        """
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or any(part == ".." or "\0" in part for part in parts):
            return None
        for _ in range(2):  # a new version may have come, and the old one gone, in between
            with suppress(OSError):
                version = self._link(token).resolve(strict=True)
                return version.name, version.joinpath(*parts).read_bytes()
        return None

    def _put(self, site: HostedSite) -> None:
        version = self._versions(site.token) / site.content_hash
        if not version.is_dir():
            beside = version.with_name(f".{uuid4().hex}")
            for path, body in site.files.items():
                target = beside.joinpath(*PurePosixPath(path).parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(body)
            beside.rename(version)
        link = self._link(site.token)
        link.parent.mkdir(parents=True, exist_ok=True)
        turned = link.with_name(f".{uuid4().hex}")
        turned.symlink_to(Path("..", VERSIONS, site.token, site.content_hash), target_is_directory=True)
        turned.replace(link)
        self._forget_versions(site.token, but=version)

    def _forget_versions(self, token: str, *, but: Path | None) -> None:
        """Older ones go, and what killed uploads left beside them."""
        folder = self._versions(token)
        for version in folder.iterdir() if folder.is_dir() else ():
            if version != but:
                shutil.rmtree(version)
        if but is None and folder.is_dir():
            folder.rmdir()

    def _link(self, token: str) -> Path:
        return self._root / site_folder(token)

    def _versions(self, token: str) -> Path:
        return self._root / VERSIONS / token
