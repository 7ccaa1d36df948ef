"""What must hold of every business before anybody builds on it."""

from collections.abc import Iterator

from leadgen_dagster.discovery.businesses import Business


def identity_faults(business: Business) -> Iterator[str]:
    """A phrase for each thing that an identity lacks; none is good."""
    if not business.name.strip():
        yield "no name"
    if not business.fingerprint:
        yield "no fingerprint"
    if not business.origins:
        yield "no origin"
    if not all(origin.licence and origin.attribution for origin in business.origins):
        yield "an origin without licence or attribution"
    if business.exclusion and not business.exclusion_note:
        yield "excluded without a reason"
