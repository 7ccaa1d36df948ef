"""Who is not written to again. Addresses are kept as hashes: the list needs to recognise them, not to know them."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property

from sqlalchemy import select

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import SuppressionModel
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.domains import registrable_domain


class Suppressions:
    """The list as it stands now."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def allow(self, business: Business, contacts: Sequence[Contact] = ()) -> bool:
        """Whether nothing of this business, nor of what was found on its pages, is on the list."""
        return not any((kind, hash_of(value)) in self._entries for kind, value in _marks(business, contacts))

    @cached_property
    def _entries(self) -> frozenset[tuple[str, str]]:
        with self.database.read() as session:
            rows = session.execute(select(SuppressionModel.kind, SuppressionModel.value_hash))
            return frozenset((row.kind, row.value_hash) for row in rows)


def hash_of(value: str) -> str:
    return hashlib.sha256(value.strip().casefold().encode()).hexdigest()


def _marks(business: Business, contacts: Sequence[Contact]) -> Iterator[tuple[str, str]]:
    """Everything that a list could know the business by, with its kind."""
    yield "fingerprint", business.fingerprint
    if business.website:
        yield "domain", registrable_domain(business.website)
    found = [(contact.kind, contact.value) for contact in contacts]
    for kind, value in [(ContactKind.EMAIL, business.email), (ContactKind.PHONE, business.phone), *found]:
        if value and kind in (ContactKind.EMAIL, ContactKind.PHONE):
            yield kind.value, value
        if value and kind is ContactKind.EMAIL:
            yield "domain", registrable_domain(value.rpartition("@")[2])
