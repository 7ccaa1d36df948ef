"""The eight stages in the order of the flow, and the phase of a run that each belongs to. Knows nothing of Dagster."""

from enum import StrEnum
from types import MappingProxyType


class RunStatus(StrEnum):
    PENDING = "pending"
    DISCOVERING = "discovering"
    PROCESSING = "processing"
    EXPORTING = "exporting"
    COMPLETED = "completed"
    FAILED = "failed"


PHASES = MappingProxyType(
    {
        "businesses": RunStatus.DISCOVERING,
        "page_snapshots": RunStatus.PROCESSING,
        "contacts": RunStatus.PROCESSING,
        "page_audits": RunStatus.PROCESSING,
        "website_scores": RunStatus.PROCESSING,
        "generated_sites": RunStatus.PROCESSING,
        "outreach_campaigns": RunStatus.PROCESSING,
        "lead_export": RunStatus.EXPORTING,
    }
)
"""Stage -> phase, in flow order."""

STAGES = tuple(PHASES)

READS = MappingProxyType(
    {
        "businesses": (),
        "page_snapshots": ("businesses",),
        "contacts": ("businesses", "page_snapshots"),
        "page_audits": ("businesses", "page_snapshots"),
        "website_scores": ("businesses", "page_snapshots", "contacts", "page_audits"),
        "generated_sites": ("businesses", "page_snapshots", "contacts", "website_scores"),
        "outreach_campaigns": (
            "businesses",
            "page_snapshots",
            "contacts",
            "website_scores",
            "generated_sites",
        ),
        "lead_export": (
            "businesses",
            "page_snapshots",
            "contacts",
            "website_scores",
            "generated_sites",
            "outreach_campaigns",
        ),
    }
)
"""Stage -> the stages whose rows it reads; the assets' `deps`."""

ADDED_LATER = frozenset({"page_audits"})
"""Stages that the first runs were executed without: a run that has what reads them lacks nothing."""
