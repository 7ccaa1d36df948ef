"""A bucket with a static website: S3, Google Cloud Storage, R2, whatever fsspec knows.

A bucket adds no `X-Robots-Tag`, so `noindex` stands in the pages alone; what is gone is answered with 404, not 410.
"""

from collections.abc import Callable, Mapping, Sequence
from mimetypes import guess_type
from types import MappingProxyType
from typing import Any

import fsspec

from leadgen_dagster.clients.site_hosts.base import INDEX, HostedSite, Standing, site_folder
from leadgen_dagster.errors import SiteHostError

ANY_TYPE = "application/octet-stream"

_HEADERS: Mapping[str, Callable[[str], dict[str, Any]]] = MappingProxyType(
    {
        "s3": lambda kind: {"ContentType": kind, "CacheControl": "no-cache"},
        "gs": lambda kind: {"content_type": kind, "fixed_key_metadata": {"cache_control": "no-cache"}},
    }
)
"""How a filesystem is told the headers that a file is served with; no cache may keep a page that was taken down."""
_SAME_AS = MappingProxyType({"s3a": "s3", "gcs": "gs"})


class BucketHost:
    """Demos under one URL of an object store; the filesystem behind it tries again by itself.

    Args:
        url: of the folder that the website shows as its root, e.g. `s3://bucket/demos`.
    """

    def __init__(self, url: str) -> None:
        self.name = url
        self._files, self._root = fsspec.core.url_to_fs(url)
        scheme = url.partition("://")[0]
        self._headers = _HEADERS.get(_SAME_AS.get(scheme, scheme))

    def put(self, sites: Sequence[HostedSite], standing: Standing) -> None:  # noqa: ARG002  # it takes one at a time
        for site in sites:
            try:
                self._put(site)
            except OSError as error:
                raise self._error(error) from error

    def remove(self, tokens: Sequence[str], standing: Standing) -> None:  # noqa: ARG002  # it takes one at a time
        for token in tokens:
            try:
                # The page first: what nothing links to may wait for the next try.
                page, held = self._path(token, INDEX), self._held(token)
                for path in [*(held & {page}), *(held - {page})]:
                    self._files.rm_file(path)
            except OSError as error:
                raise self._error(error) from error

    def _put(self, site: HostedSite) -> None:
        """The page itself comes after all that it needs; what it needs no longer goes after it."""
        before = self._held(site.token)
        for name in sorted(site.files, key=lambda name: (name == INDEX, name)):
            path = self._path(site.token, name)
            self._files.pipe_file(path, site.files[name], **self._headers_of(name))
            before.discard(path)
        for path in sorted(before):
            self._files.rm_file(path)

    def _headers_of(self, name: str) -> dict[str, Any]:
        kind = guess_type(name)[0] or ANY_TYPE
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        return self._headers(kind + charset) if self._headers else {}

    def _held(self, token: str) -> set[str]:
        """The paths of the files that lie under an address."""
        self._files.invalidate_cache()
        return set(self._files.find(f"{self._root}/{site_folder(token)}"))

    def _path(self, token: str, name: str) -> str:
        return f"{self._root}/{site_folder(token)}/{name}"

    def _error(self, error: OSError) -> SiteHostError:
        return SiteHostError(self.name, str(error.strerror or error) or type(error).__name__)
