"""Who a business is, the same in every run that meets it.

Rule 1: the name without legal forms, trade words, case and accents, together with the first of these that is
known: the phone, the street with its number, the website's domain, the square of about a kilometre that it lies
in, the town.
A change of the rule is a new version: the old fingerprints then have to be kept as aliases.
"""

import hashlib
from uuid import UUID, uuid5

from leadgen_dagster.discovery.candidates import Candidate
from leadgen_dagster.discovery.geography import cell
from leadgen_dagster.discovery.words import fold

FINGERPRINT_RULE = 1
CELL_M = 1_000
BUSINESSES = UUID("5f6e1c7a-3b0d-4a52-9d0e-8f1f5a4f2c11")
"""The namespace of business ids."""


def fingerprint(candidate: Candidate) -> str:
    text = f"{FINGERPRINT_RULE}|{candidate.name_key}|{_anchor(candidate)}"
    return f"{FINGERPRINT_RULE}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _anchor(candidate: Candidate) -> str:
    if candidate.phone:
        return f"phone {candidate.phone}"
    if candidate.street_key and any(char.isdigit() for char in candidate.street_key):
        return f"street {candidate.street_key} {fold(candidate.city or '')}"
    if candidate.domain:
        return f"domain {candidate.domain}"
    if candidate.point:
        return f"cell {cell(candidate.point, CELL_M)}"
    return f"town {fold(candidate.city or '')}"


def business_id(run_id: str, business_fingerprint: str) -> str:
    return str(uuid5(BUSINESSES, f"{run_id}\n{business_fingerprint}"))
