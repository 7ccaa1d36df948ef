"""The drafts for one lead, or why there are none."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from leadgen_dagster.scoring.scores import LeadClass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCard:
    """What one has before the eyes while ringing up."""

    opening: str
    facts: tuple[str, ...]
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachCampaign:
    """The drafts for one lead; nothing of it is sent without a person."""

    id: str
    """`uuid5` of business id and the word `campaign`."""
    business_id: str
    language: str
    channel: str
    """The one to use first: `email`, `call`, `visit` …"""
    recipient_email: str | None = None
    recipient_phone: str | None = None
    email_subject: str | None = None
    email_text: str | None = None
    email_html: str | None = None
    whatsapp_text: str | None = None
    whatsapp_url: str | None = None
    sms_text: str | None = None
    """One GSM-7 segment (160 septets)."""
    call_card: CallCard | None = None
    fault_check_id: str | None = None
    """The fault that the drafts speak of."""
    fault_evidence: str | None = None
    demo_url: str | None = None
    is_ready: bool
    """False marks the drafts as NOT READY."""
    missing: tuple[str, ...] = ()
    """What is missing, each a short phrase a person understands."""
    notes: tuple[str, ...] = ()
    """E.g. `e-mail only after consent: sole trader`, `WhatsApp only after they agreed`."""
    writer: str
    """`deterministic`, or `llm:<model>`."""
    writer_note: str | None = None
    """Why the deterministic writer stepped in, if it did."""


class NoDraft(StrEnum):
    """Why there is no campaign for a lead."""

    EXCLUDED = "excluded"
    EXCLUSION_LIST = "exclusion_list"
    """On the agency's list, by something that only its website shows."""
    SUPPRESSED = "suppressed"
    """It objected, or was written to before."""
    SAME_OWNER = "same_owner"
    LEFT_ALONE = "left_alone"
    SENSITIVE = "sensitive"
    LANGUAGE = "language"
    NO_CHANNEL = "no_channel"
    NOTHING_TO_SAY = "nothing_to_say"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCampaign:
    """A lead that nothing is drafted for."""

    business_id: str
    name: str
    lead_class: LeadClass
    kind: NoDraft
    reason: str
    """One sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRefusal:
    """The same as it is published beside the campaigns: whoever reads the leads learns why one has no draft."""

    id: str
    """`uuid5` of business id and the word `refusal`."""
    business_id: str
    kind: NoDraft
    reason: str

    @classmethod
    def of(cls, refused: NoCampaign) -> "CampaignRefusal":
        return cls(
            id=str(uuid5(UUID(refused.business_id), "refusal")),
            business_id=refused.business_id,
            kind=refused.kind,
            reason=refused.reason,
        )
