"""Whose a web address is, by its host: the firm's own, a builder's, a network's, a directory's, a shortener's."""

from enum import StrEnum
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("hosts.yaml")
SECOND_LEVEL = frozenset({"ac", "co", "com", "ne", "net", "or", "org"})
"""What stands before a country's own ending where firms do not register right under it (`co.uk`)."""


class HostKind(StrEnum):
    """What a web address is for the business that names it."""

    OWN = "own"
    SHARED = "shared"
    """Its own pages under a builder's name."""
    SOCIAL = "social"
    DIRECTORY = "directory"
    SHORTENER = "shortener"
    """It leads elsewhere, and only a visit tells where."""


@cache
def _lists() -> dict[str, frozenset[str]]:
    import yaml

    lists: dict[str, list[str]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {name: frozenset(hosts) for name, hosts in lists.items()}


@cache
def _kinds() -> dict[str, HostKind]:
    return {host: HostKind(name) for name, hosts in _lists().items() if name != "free_mail" for host in hosts}


def host_kind(host: str) -> HostKind:
    """Whose a host is; the closest entry decides (`sites.google.com` before `google.com`)."""
    kinds = _kinds()
    found = (kinds[name] for name in _names_above(host) if name in kinds)
    return next(found, HostKind.OWN)


def is_free_mail(host: str) -> bool:
    """Whether mailboxes there are a provider's customers'."""
    return not _lists()["free_mail"].isdisjoint(_names_above(host))


def _names_above(host: str) -> list[str]:
    """The host and the names above it, each also as the table writes one that exists under many endings."""
    labels = host.split(".")
    names = []
    for start in range(len(labels) - 1):
        names.append(".".join(labels[start:]))
        if _is_ending(labels[start + 1 :]):
            names.append(f"{labels[start]}.*")
    return names


def _is_ending(labels: list[str]) -> bool:
    return len(labels) == 1 or (len(labels) == 2 and labels[0] in SECOND_LEVEL and len(labels[1]) == 2)
