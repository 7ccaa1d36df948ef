"""Who is not written to again. Addresses are kept as hashes: the list needs to recognise them, not to know them.

A business that had its demo taken down counts as on the list.
"""

import hashlib
from dataclasses import replace
from functools import cached_property

from sqlalchemy import select

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import SuppressionModel, TakeDownModel
from leadgen_dagster.exports.leads import Lead
from leadgen_dagster.outreach.campaigns import CampaignRefusal, NoDraft
from leadgen_dagster.outreach.marks import Mark, MarkKind, listed_mark
from leadgen_dagster.outreach.plan import no_campaign


class Suppressions:
    """The list as it stands now."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def has(self, mark: Mark) -> bool:
        """Whether somebody who is known by this mark is not to be written to."""
        return (mark.kind.value, hash_of(mark.value)) in self._entries

    def heeded(self, lead: Lead) -> Lead:
        """The lead as it may be handed on: one that came onto the list after its draft was written has none."""
        mark = listed_mark(lead.business, lead.contacts, self.has)
        if mark is None or (lead.refusal and lead.refusal.kind is NoDraft.SUPPRESSED):
            return lead
        reason = f"By now its {mark.what} is on the list of those who are not written to again."
        refusal = CampaignRefusal.of(no_campaign(lead, NoDraft.SUPPRESSED, reason))
        return replace(lead, campaign=None, refusal=refusal)

    @cached_property
    def _entries(self) -> frozenset[tuple[str, str]]:
        with self.database.read() as session:
            rows = session.execute(select(SuppressionModel.kind, SuppressionModel.value_hash))
            listed = {(row.kind, row.value_hash) for row in rows}
            taken_down = session.execute(select(TakeDownModel.fingerprint)).scalars()
            return frozenset(listed | {(MarkKind.FINGERPRINT.value, hash_of(one)) for one in taken_down})


def hash_of(value: str) -> str:
    return hashlib.sha256(value.strip().casefold().encode()).hexdigest()
