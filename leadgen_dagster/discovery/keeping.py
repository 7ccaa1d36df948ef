"""What a business's sources let one keep for good, and what has to lie apart and go on time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from leadgen_dagster.discovery.businesses import Business, Origin
from leadgen_dagster.discovery.policies import restricted_sources

SAID = ("exclusion_note", "review_note")
"""Sentences that may quote a record."""
VITAL = frozenset({"name", "website"})
ORIGIN_NAMES = "origin_names"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringContent:
    """The fields of one business that only its restricted sources gave."""

    id: str
    """The business's."""
    business_id: str
    content: Mapping[str, Any]
    """Field of `Business` -> its value; `ORIGIN_NAMES` -> `Origin.key` -> the name that the source used."""
    expires_at: datetime


def parted(
    business: Business, expiries: Mapping[str, datetime], due: datetime | None = None
) -> tuple[Business, ExpiringContent | None]:
    """A business as it may be kept, and what is kept apart; None where nothing has to go.

    Args:
        expiries: restricted source -> when what it said has to be gone.
        due: the same for this business, which is of an earlier attempt: later answers do not make it younger.
    """
    fields = restricted_fields(business)
    givers = {business.field_origins[name].partition(" ")[0] for name in fields}
    sources = {origin.source for origin in business.origins} & restricted_sources() | givers
    if not sources or business.is_expired:
        return business, None
    content = {name: getattr(business, name) for name in (*fields, *_said(business))}
    names = {origin.key: origin.name for origin in business.origins if origin.source in sources}
    blank: dict[str, Any] = {name: () if name == "social_profiles" else None for name in content}
    if "name" in blank:
        blank["name"] = placeholder(business)
    if business.exclusion_note:
        blank["exclusion_note"] = "The reason went with the content that expired."
    kept = replace(business, origins=_named(business.origins, dict.fromkeys(names, "")), **blank)
    days = [due] if due else [expiries[source] for source in sources if source in expiries]
    if not days:
        return kept, None
    apart = ExpiringContent(
        id=business.id,
        business_id=business.id,
        content=content | {ORIGIN_NAMES: names},
        expires_at=min(days),
    )
    return kept, apart


def whole(business: Business, content: Mapping[str, Any] | None) -> Business:
    """A business whose fields have been put back, or of which nothing is left to put back.

    Who has lost its name or its website is expired: nobody can be written to without the one, and without the other a
    stage would say that there is none.
    """
    if content is None:
        return replace(business, is_expired=not VITAL.isdisjoint(restricted_fields(business)))
    return replace(business, origins=_named(business.origins, content[ORIGIN_NAMES]))


def restricted_fields(business: Business) -> tuple[str, ...]:
    """The fields that came from a source of which only ids may stay."""
    restricted = restricted_sources()  # by the key's source: a website may be from a sibling's record
    return tuple(name for name, key in business.field_origins.items() if key.partition(" ")[0] in restricted)


def placeholder(business: Business) -> str:
    """What such a business is called where its name must not be written down."""
    restricted = restricted_sources()
    return next((origin.key for origin in business.origins if origin.source in restricted), business.id)


def lasting_name(business: Business) -> str:
    """The name, or what stands for one that has to go: for logs and events, which nobody clears."""
    return placeholder(business) if "name" in restricted_fields(business) else business.name


def _said(business: Business) -> Collection[str]:
    return [name for name in SAID if getattr(business, name)]


def _named(origins: tuple[Origin, ...], names: Mapping[str, str]) -> tuple[Origin, ...]:
    return tuple(
        replace(origin, name=names[origin.key]) if origin.key in names else origin for origin in origins
    )
