"""Netlify: each deploy names all files of all demos by their hash; the site turns to it when it is whole."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from leadgen_dagster.clients.site_hosts.api import HostApi
from leadgen_dagster.clients.site_hosts.base import ROBOTS, HostedSite, HostMemo, Standing
from leadgen_dagster.errors import SiteHostError
from leadgen_dagster.sites.builder import ROBOTS as KEEPS_ALL_OUT

NETLIFY = "netlify"
BASE_URL = "https://api.netlify.com/api/v1"
HEADERS_FILE = "_headers"
DEPLOY = "deploy:"
GONE = 404

_HEADERS = b"/*\n  X-Robots-Tag: noindex, nofollow\n"


class NetlifyHost:
    """Demos as a site of Netlify.

    Args:
        site_id: of a site that is there.
        memo: keeps which deploys were made.
    """

    name = NETLIFY

    def __init__(self, api: HostApi, *, site_id: str, memo: HostMemo) -> None:
        self._api = api
        self._site_id = site_id
        self._memo = memo

    def put(self, sites: Sequence[HostedSite], standing: Standing) -> None:  # noqa: ARG002  # they are among them
        with self._api:
            self._deploy(standing())

    def remove(self, tokens: Sequence[str], standing: Standing) -> None:  # noqa: ARG002  # they are not among them
        with self._api:
            self._deploy(standing())

    def _deploy(self, sites: Sequence[HostedSite]) -> None:
        files = {ROBOTS: KEEPS_ALL_OUT, HEADERS_FILE: _HEADERS}
        for site in sites:
            files |= site.placed_files()
        digests = {
            path: hashlib.sha1(body, usedforsecurity=False).hexdigest() for path, body in files.items()
        }
        answer = self._api.ask(
            "POST",
            f"/sites/{quote(self._site_id, safe='')}/deploys",
            document={"files": digests, "draft": False, "async": False},
        )
        deploy, wanted = answer.get("id"), answer.get("required") or []
        if not isinstance(deploy, str):
            raise SiteHostError(NETLIFY, "answered a deploy without its id")
        self._memo.add(NETLIFY, DEPLOY + deploy)
        path_of = {digest: path for path, digest in digests.items()}
        for digest in wanted:
            if digest not in path_of:
                raise SiteHostError(NETLIFY, f"asks for {digest!r}, which is no file of the deploy")
            path = path_of[digest]
            self._api.ask(
                "PUT",
                f"/deploys/{quote(deploy)}/files/{quote(path)}",
                content=files[path],
                headers={"Content-Type": "application/octet-stream"},
            )
        self._api.wait(f"/deploys/{quote(deploy)}", _is_ready)
        self._forget_deploys(but=DEPLOY + deploy)

    def _forget_deploys(self, *, but: str) -> None:
        """Earlier ones go: each would stand at an address of its own for ever, with what was taken down since."""
        for digest in sorted(self._memo.known(NETLIFY)):
            if digest.startswith(DEPLOY) and digest != but:
                self._api.ask("DELETE", f"/deploys/{quote(digest.removeprefix(DEPLOY))}", accepted={GONE})
                self._memo.forget(NETLIFY, digest)


def _is_ready(answer: Mapping[str, Any]) -> bool:
    state = answer.get("state")
    if state == "error":
        told = answer.get("error_message") or "without a reason"
        raise SiteHostError(NETLIFY, f"the deploy ended in an error: {told}")
    return state == "ready"
