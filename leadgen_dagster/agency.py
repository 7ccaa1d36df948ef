"""The agency that runs this: who signs a message, whom it leaves alone. Read from `agency.yaml`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionList:
    """Whom the agency never contacts; matched case-insensitively."""

    names: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    """E.164."""
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """The sender's identity; what is missing makes every draft NOT READY."""

    name: str | None = None
    sender: str | None = None
    """The real name of the person who signs."""
    postal_address: str | None = None
    phone: str | None = None
    reply_to: str | None = None
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes the agency can answer in; empty means any that drafts exist in."""
    public_url: str | None = None
    """Where published demos are served; overrides nothing, completes `LEADGEN_PUBLIC_URL`."""
    exclusions: ExclusionList = ExclusionList()
