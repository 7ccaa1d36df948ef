"""Who a business is, the same in every run that meets it.

Rule 1: the name without legal forms, trade words, case and accents, together with the first of these that is
known: the phone, the street with its number, the website's domain, the square of about a kilometre that it lies
in, the town. Where that is a domain or a square and two businesses of one run share it, the second one has its own
spot on the map and its niche instead.
A change of the rule is a new version: the old fingerprints then have to be kept as aliases.
"""

import hashlib
from collections.abc import Iterator
from uuid import UUID, uuid5

from leadgen_dagster.discovery.businesses import Origin
from leadgen_dagster.discovery.candidates import Candidate
from leadgen_dagster.discovery.geography import cell
from leadgen_dagster.discovery.words import fold

FINGERPRINT_RULE = 1
CELL_M = 1_000
BUSINESSES = UUID("5f6e1c7a-3b0d-4a52-9d0e-8f1f5a4f2c11")
"""The namespace of business ids."""


def fingerprint(candidate: Candidate) -> str:
    return _hashed(candidate.name_key, next(_anchors(candidate)))


def fingerprint_of_spot(candidate: Candidate) -> str | None:
    """For the second of two businesses that share the usual one.

    Returns:
        None where the usual one is by phone or door, or no spot is known.
    """
    if candidate.phone or candidate.door or candidate.point is None:
        return None
    latitude, longitude = candidate.point
    return _hashed(candidate.name_key, f"spot {latitude:.4f} {longitude:.4f} {candidate.niche}")


def sure_fingerprints(candidate: Candidate, name_key: str) -> Iterator[str]:
    """Those by phone, street and domain; by the square or the town only where nothing else is known."""
    for number, anchor in enumerate(_anchors(candidate)):
        if number and anchor.startswith(("cell ", "town ")):
            return
        yield _hashed(name_key, anchor)


def record_fingerprint(origin: Origin, evidence: str) -> str:
    """By the id that a source gives a record, together with what tells that it is still the same business's."""
    return _hashed(evidence, f"record {origin.key}")


def _hashed(name_key: str, anchor: str) -> str:
    text = f"{FINGERPRINT_RULE}|{name_key}|{anchor}"
    return f"{FINGERPRINT_RULE}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _anchors(candidate: Candidate) -> Iterator[str]:
    """The strongest first."""
    if candidate.phone:
        yield f"phone {candidate.phone}"
    if candidate.door:
        yield f"street {candidate.street_key} {fold(candidate.city or '')}"
    if candidate.domain:
        yield f"domain {candidate.domain}"
    if candidate.point:
        yield f"cell {cell(candidate.point, CELL_M)}"
    yield f"town {fold(candidate.city or '')}"


def business_id(run_id: str, business_fingerprint: str) -> str:
    return str(uuid5(BUSINESSES, f"{run_id}\n{business_fingerprint}"))
