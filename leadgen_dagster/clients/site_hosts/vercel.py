"""Vercel: each deployment holds all demos; a project's address turns to it when it is ready, and not before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from leadgen_dagster.clients.site_hosts.api import HostApi, RefusedError
from leadgen_dagster.clients.site_hosts.base import ROBOTS, HostedSite, HostMemo, Standing
from leadgen_dagster.errors import SiteHostError
from leadgen_dagster.sites.builder import ROBOTS as KEEPS_ALL_OUT

VERCEL = "vercel"
BASE_URL = "https://api.vercel.com"
SETTINGS = "vercel.json"
DEPLOYMENT = "dpl_"
HAS_IT_ALREADY = 409
GONE = 404
MISSING_FILES = "missing_files"
ENDED_BADLY = frozenset({"ERROR", "CANCELED", "BLOCKED"})
NO_BUILD = dict.fromkeys(("framework", "buildCommand", "installCommand", "outputDirectory"))

_HEADERS = {
    "headers": [
        {"source": "/(.*)", "headers": [{"key": "X-Robots-Tag", "value": "noindex, nofollow"}]},
    ],
    "trailingSlash": True,
}


class VercelHost:
    """Demos as a project of Vercel.

    Args:
        project: its name; made by the first deployment.
        team_id: whose project it is; None: the token's own account.
        memo: keeps which files Vercel has, and which deployments were made.
    """

    name = VERCEL

    def __init__(self, api: HostApi, *, project: str, team_id: str | None, memo: HostMemo) -> None:
        self._api = api
        self._project = project
        self._team = {"teamId": team_id} if team_id else {}
        self._memo = memo

    def put(self, sites: Sequence[HostedSite], standing: Standing) -> None:  # noqa: ARG002  # they are among them
        with self._api:
            self._deploy(standing())

    def remove(self, tokens: Sequence[str], standing: Standing) -> None:  # noqa: ARG002  # they are not among them
        with self._api:
            self._deploy(standing())

    def _deploy(self, sites: Sequence[HostedSite]) -> None:
        files = {ROBOTS: KEEPS_ALL_OUT, SETTINGS: json.dumps(_HEADERS).encode()}
        for site in sites:
            files |= site.placed_files()
        self._upload(files)
        try:
            deployment = self._create(files)
        except RefusedError as error:
            if error.code != MISSING_FILES:
                raise
            for digest in map(_sha1, files.values()):  # it has thrown away what nothing pointed to
                self._memo.forget(VERCEL, digest)
            self._upload(files)
            deployment = self._create(files)
        self._memo.add(VERCEL, deployment)
        self._api.wait(self._path(f"/v13/deployments/{quote(deployment)}"), _is_ready)
        self._forget_deployments(but=deployment)

    def _upload(self, files: Mapping[str, bytes]) -> None:
        """What Vercel does not have yet; each is written down as it comes, so that no kill loses more than one."""
        known = set(self._memo.known(VERCEL))
        for body in files.values():
            digest = _sha1(body)
            if digest in known:
                continue
            headers = {"Content-Type": "application/octet-stream", "x-vercel-digest": digest}
            self._api.ask(
                "POST", self._path("/v2/files"), content=body, headers=headers, accepted={HAS_IT_ALREADY}
            )
            self._memo.add(VERCEL, digest)
            known.add(digest)

    def _create(self, files: Mapping[str, bytes]) -> str:
        """The id of a deployment of these files."""
        document = {
            "name": self._project,
            "project": self._project,
            "target": "production",
            "files": [
                {"file": path, "sha": _sha1(body), "size": len(body)} for path, body in sorted(files.items())
            ],
            "projectSettings": NO_BUILD,
            "meta": {"made_by": "leadgen_dagster"},
        }
        asked = self._path("/v13/deployments", forceNew="1", skipAutoDetectionConfirmation="1")
        answer = self._api.ask("POST", asked, document=document)
        if not isinstance(answer.get("id"), str):
            raise SiteHostError(VERCEL, "answered a deployment without its id")
        return str(answer["id"])

    def _forget_deployments(self, *, but: str) -> None:
        """Earlier ones go: each would stand at an address of its own for ever, with what was taken down since."""
        for digest in sorted(self._memo.known(VERCEL)):
            if digest.startswith(DEPLOYMENT) and digest != but:
                self._api.ask("DELETE", self._path(f"/v13/deployments/{quote(digest)}"), accepted={GONE})
                self._memo.forget(VERCEL, digest)

    def _path(self, path: str, **query: str) -> str:
        asked = urlencode(query | self._team)
        return f"{path}?{asked}" if asked else path


def _is_ready(answer: Mapping[str, Any]) -> bool:
    state = answer.get("readyState")
    if state in ENDED_BADLY:
        told = answer.get("errorMessage") or answer.get("errorCode") or "without a reason"
        raise SiteHostError(VERCEL, f"the deployment ended as {state}: {told}")
    return state == "READY"


def _sha1(body: bytes) -> str:
    return hashlib.sha1(body, usedforsecurity=False).hexdigest()
