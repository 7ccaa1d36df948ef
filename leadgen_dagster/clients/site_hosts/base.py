"""What a host of published demos is asked to do, and what it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

INDEX = "index.html"
ROBOTS = "robots.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedSite:
    """One demo as it is to stand."""

    token: str
    content_hash: str
    files: Mapping[str, bytes]
    """Path within the site -> its bytes."""

    def placed_files(self) -> dict[str, bytes]:
        """The files by their paths on a host."""
        return {f"{site_folder(self.token)}/{path}": body for path, body in self.files.items()}


Standing = Callable[[], Sequence[HostedSite]]
"""All demos that are to stand after a change: for hosts that take nothing less than everything."""


class SiteHost(Protocol):
    """Somewhere that shows demos under `d/<token>/`.

    Both acts may be repeated. One that is killed or fails may have shown some of the demos: who asks for it writes them
    down before.
    """

    @property
    def name(self) -> str:
        """As `LEADGEN_SITE_HOST` has it."""
        ...

    def put(self, sites: Sequence[HostedSite], standing: Standing) -> None:
        """Shows these demos, each in the place of what its address showed.

        Raises:
            SiteHostError: the host refused, or could not be reached.
        """
        ...

    def remove(self, tokens: Sequence[str], standing: Standing) -> None:
        """Shows nothing under these addresses any more; what is not there is no error.

        Raises:
            SiteHostError: the host refused, or could not be reached.
        """
        ...


class HostMemo(Protocol):
    """Remembers what a host has, so that nothing is sent twice and nothing stays behind."""

    def known(self, host: str) -> frozenset[str]: ...

    def add(self, host: str, digest: str) -> None: ...

    def forget(self, host: str, digest: str) -> None: ...


def site_folder(token: str) -> str:
    return f"d/{token}"
