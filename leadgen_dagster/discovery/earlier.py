"""What an earlier attempt knew and a source that fails now cannot say: nothing that it gave is lost."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.exclusions import Exclusion


class HasFingerprint(Protocol):
    @property
    def fingerprint(self) -> str: ...


Lead = TypeVar("Lead", bound=HasFingerprint)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The businesses that a run held before, as far as sources that failed, or broke off, gave them."""

    failed: Collection[str]
    previous: Mapping[str, Business]
    """By fingerprint; none where nothing failed."""

    @classmethod
    def of(cls, previous: Iterable[Business], failed: Collection[str]) -> "Earlier":
        return cls(failed, {one.fingerprint: one for one in previous} if failed else {})

    def lost(
        self, found: Collection[str], left_alone_since: Callable[[Business], Exclusion | None]
    ) -> list[Business]:
        """Those that only such sources gave, and nobody gives now; who was put on a list since is a lead no more.

        Args:
            found: the fingerprints of this attempt.
            left_alone_since: why a business is none any more.
        """
        return [
            _judged_again(one, left_alone_since(one))
            for one in self.previous.values()
            if one.fingerprint not in found and all(origin.source in self.failed for origin in one.origins)
        ]

    def first(self, leads: Sequence[Lead]) -> list[Lead]:
        """Leads of before stand first, so that none leaves the run because less is known of it now."""
        known = {fingerprint for fingerprint, one in self.previous.items() if one.is_lead}
        return sorted(leads, key=lambda lead: lead.fingerprint not in known)

    def completed(self, business: Business) -> Business:
        """With those details that such a source gave before, and nobody gives now."""
        before = self.previous.get(business.fingerprint)
        if before is None or before.is_expired:
            return business
        own = {origin.key for origin in business.origins}
        origins = [one for one in before.origins if one.source in self.failed and one.key not in own]
        keys = {origin.key for origin in origins}
        missing = [
            name
            for name, key in before.field_origins.items()
            if key in keys and not getattr(business, name) and getattr(before, name)
        ]
        if not origins:
            return business
        return replace(
            business,
            origins=(*business.origins, *origins),
            field_origins={
                **business.field_origins,
                **{name: before.field_origins[name] for name in missing},
            },
            **{name: getattr(before, name) for name in missing},
        )


def _judged_again(business: Business, exclusion: Exclusion | None) -> Business:
    if exclusion is None or not business.is_lead:
        return business
    return replace(business, exclusion=exclusion[0], exclusion_note=exclusion[1])
