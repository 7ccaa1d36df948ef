from dataclasses import replace

import pytest

from leadgen_dagster.discovery.businesses import Business, ExclusionReason
from leadgen_dagster.discovery.gates import identity_faults
from leadgen_dagster_tests.factories import make_business

WHOLE = make_business()


def test_a_business_with_name_fingerprint_and_licensed_origins_passes() -> None:
    assert list(identity_faults(WHOLE)) == []
    excluded = replace(WHOLE, exclusion=ExclusionReason.CHAIN, exclusion_note="One of three places.")
    assert list(identity_faults(excluded)) == []


@pytest.mark.parametrize(
    ("business", "fault"),
    [
        (replace(WHOLE, name="  "), "no name"),
        (replace(WHOLE, fingerprint=""), "no fingerprint"),
        (replace(WHOLE, origins=()), "no origin"),
        (
            replace(WHOLE, origins=(replace(WHOLE.origins[0], licence=""),)),
            "an origin without licence or attribution",
        ),
        (replace(WHOLE, exclusion=ExclusionReason.CHAIN), "excluded without a reason"),
    ],
)
def test_what_an_identity_lacks_is_named(business: Business, fault: str) -> None:
    assert list(identity_faults(business)) == [fault]
