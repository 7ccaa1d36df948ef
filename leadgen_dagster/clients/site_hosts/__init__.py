"""Where published demos are shown: one file a host, one line of `SITE_HOSTS` each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from leadgen_dagster.clients.site_hosts import netlify, vercel
from leadgen_dagster.clients.site_hosts.api import HostApi
from leadgen_dagster.clients.site_hosts.base import HostedSite, HostMemo, SiteHost
from leadgen_dagster.clients.site_hosts.bucket import BucketHost
from leadgen_dagster.clients.site_hosts.folder import FOLDER, FolderHost
from leadgen_dagster.clients.site_hosts.netlify import NETLIFY, NetlifyHost
from leadgen_dagster.clients.site_hosts.vercel import VERCEL, VercelHost
from leadgen_dagster.errors import SettingsError

__all__ = ["SITE_HOSTS", "FolderHost", "HostAccess", "HostedSite", "SiteHost", "open_host"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostAccess:
    """What the hosts need of the settings; a host that is not set up may be without it."""

    folder: Path
    memo: HostMemo
    vercel_token: str | None = None
    vercel_project: str
    vercel_team_id: str | None = None
    netlify_token: str | None = None
    netlify_site_id: str | None = None


def open_host(name: str, access: HostAccess) -> SiteHost:
    """The host that a setting, or a publication of the past, names.

    Raises:
        SettingsError: a setting that it needs is missing.
    """
    if "://" in name:
        return BucketHost(name)
    return SITE_HOSTS[name](access)


def _vercel(access: HostAccess) -> SiteHost:
    setting = "LEADGEN_VERCEL_TOKEN"
    token = _needed(access.vercel_token, setting, VERCEL)
    api = HostApi(host=VERCEL, base_url=vercel.BASE_URL, token=token, token_setting=setting)
    return VercelHost(api, project=access.vercel_project, team_id=access.vercel_team_id, memo=access.memo)


def _netlify(access: HostAccess) -> SiteHost:
    setting = "LEADGEN_NETLIFY_TOKEN"
    token = _needed(access.netlify_token, setting, NETLIFY)
    site_id = _needed(access.netlify_site_id, "LEADGEN_NETLIFY_SITE_ID", NETLIFY)
    api = HostApi(host=NETLIFY, base_url=netlify.BASE_URL, token=token, token_setting=setting)
    return NetlifyHost(api, site_id=site_id, memo=access.memo)


def _needed(value: str | None, setting: str, host: str) -> str:
    if not value:
        raise SettingsError(f"{setting}: the host {host} needs it")
    return value


SITE_HOSTS: Mapping[str, Callable[[HostAccess], SiteHost]] = MappingProxyType(
    {FOLDER: lambda access: FolderHost(access.folder), VERCEL: _vercel, NETLIFY: _netlify}
)
"""By name; beside them any URL of an object store is one."""
