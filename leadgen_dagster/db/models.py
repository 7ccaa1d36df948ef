"""The tables. Three kinds: orders, memos and ledgers, published rows.

Memos and ledgers are written as things happen and are never deleted by an asset; published rows belong to
one partition, are computed from memos, and carry no time of writing. All tables stand in this one file, for the
keys between them to be read at a glance.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
AutoId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER key


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; naive values are refused, since nobody can say what they mean."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}; give one with a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        Decimal: Numeric(11, 6),
    }


# Orders


class ProcessingRunModel(Base):
    """One immutable row per order. There is no status: the state comes from Dagster's event log."""

    __tablename__ = "processing_runs"

    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    request_key: Mapped[str] = mapped_column(String(300), unique=True)
    location: Mapped[str]
    niche: Mapped[str]
    sources: Mapped[list[Any]]
    max_businesses: Mapped[int]
    score_threshold: Mapped[int]
    rubric_file: Mapped[str | None]
    rubric_file_hash: Mapped[str | None] = mapped_column(String(64))
    audit_weakest: Mapped[int] = mapped_column(server_default="0")
    column_map: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=dict)
    language: Mapped[str | None]
    budget_usd: Mapped[Decimal | None]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(index=True)
    executor: Mapped[str]

    businesses: Mapped[list["BusinessModel"]] = relationship(
        back_populates="run", order_by="BusinessModel.id"
    )


class OrderLaunchModel(Base):
    """A fact, not a status: somebody submitted this order's run then."""

    __tablename__ = "order_launches"

    id: Mapped[int] = mapped_column(AutoId, primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("processing_runs.id"), index=True)
    launched_at: Mapped[datetime]
    launched_by: Mapped[str]


class StageFenceModel(Base):
    """Counts the attempts at one (run, asset); only the newest one may publish."""

    __tablename__ = "stage_fences"

    run_id: Mapped[str] = mapped_column(ForeignKey("processing_runs.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    attempt: Mapped[int]
    dagster_run_id: Mapped[str]


# Memos and ledgers


class PageColumns:
    """What is kept of a fetched page; the body lies in the object store under its hash."""

    url: Mapped[str]
    method: Mapped[str]
    outcome: Mapped[str]
    error: Mapped[str | None]
    fetched_at: Mapped[datetime]
    final_url: Mapped[str | None]
    redirects: Mapped[list[Any]]
    status: Mapped[int | None]
    http_version: Mapped[str | None]
    headers: Mapped[list[Any]]
    content_length: Mapped[int | None] = mapped_column(BigInteger)
    timings: Mapped[dict[str, Any]]
    body_hash: Mapped[str | None] = mapped_column(String(64))


class FetchedPageModel(PageColumns, Base):
    """A page fetched for a run: kept for retries, re-scoring and courtesy."""

    __tablename__ = "fetched_pages"
    __table_args__ = (Index(None, "run_id", "generation"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    run_id: Mapped[str]
    generation: Mapped[str]
    """`first`, or the root Dagster run id of the refresh that fetched it."""


class AuditColumns:
    """What one method saw of one page; pictures and the page as the browser had it lie in the object store."""

    method: Mapped[str]
    url: Mapped[str]
    audited_at: Mapped[datetime]
    outcome: Mapped[str]
    error: Mapped[str | None]
    category_scores: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    findings: Mapped[list[Any]]
    screenshots: Mapped[dict[str, Any]]
    rendered_hash: Mapped[str | None] = mapped_column(String(64))
    versions: Mapped[dict[str, Any]]


class AuditedPageModel(AuditColumns, Base):
    """A second look at a page, taken for a run: kept for retries and re-scoring."""

    __tablename__ = "audited_pages"
    __table_args__ = (Index(None, "run_id", "generation"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    run_id: Mapped[str]
    generation: Mapped[str]


class HostLeaseModel(Base):
    """Who may ask a web server just now: two runs that meet at one host take turns."""

    __tablename__ = "host_leases"

    host: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    held_until: Mapped[datetime]
    last_asked_at: Mapped[datetime | None]


class LlmAnswerModel(Base):
    """An answer of the language model, by the hash of what was asked: the same question is paid once."""

    __tablename__ = "llm_answers"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str]
    answer: Mapped[dict[str, Any]]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    answered_at: Mapped[datetime]


class PlaceAnswerModel(Base):
    """An answer of a place service, kept as it came: the same question of a run is asked and paid once."""

    __tablename__ = "place_answers"
    __table_args__ = (Index(None, "run_id", "call_key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    run_id: Mapped[str]
    generation: Mapped[str]
    service: Mapped[str]
    endpoint: Mapped[str]
    call_key: Mapped[str] = mapped_column(String(64), index=True)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """None: it was given, and the service's terms let nobody keep it longer."""
    answered_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class BusinessAliasModel(Base):
    """By what a business may be met again, and the fingerprint that it was first met under; never deleted."""

    __tablename__ = "business_aliases"

    alias: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str]
    run_id: Mapped[str]
    """The run that met it first."""


class OutsideCallModel(Base):
    """The ledger: every call that costs, reserved at its worst before it is made, settled after."""

    __tablename__ = "outside_calls"

    id: Mapped[int] = mapped_column(AutoId, primary_key=True)
    run_id: Mapped[str] = mapped_column(index=True)
    service: Mapped[str]
    endpoint: Mapped[str]
    model: Mapped[str | None]
    reserved_micro_usd: Mapped[int] = mapped_column(BigInteger)
    cost_micro_usd: Mapped[int | None] = mapped_column(BigInteger)
    """None: not settled; counts as the reservation, since nobody knows whether it was made."""
    prompt_tokens: Mapped[int | None]
    completion_tokens: Mapped[int | None]
    items: Mapped[int | None]
    """How many places the answer held."""
    status: Mapped[str]
    called_at: Mapped[datetime]


class SuppressionModel(Base):
    """An address, number or business that nobody writes to again; an act on the world, never deleted."""

    __tablename__ = "suppressions"
    __table_args__ = (UniqueConstraint("kind", "value_hash"),)

    id: Mapped[int] = mapped_column(AutoId, primary_key=True)
    kind: Mapped[str]
    """`email`, `phone`, `domain` or `fingerprint`."""
    value_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str]
    suppressed_at: Mapped[datetime]


class PublicationModel(Base):
    """A demo was put on a host by a person's decision; a fact, to which is added when and why it went."""

    __tablename__ = "publications"
    __table_args__ = (
        Index(
            None,
            "host",
            "token",
            unique=True,
            sqlite_where=text("unpublished_at IS NULL"),
            postgresql_where=text("unpublished_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(AutoId, primary_key=True)
    token: Mapped[str] = mapped_column(index=True)
    fingerprint: Mapped[str] = mapped_column(index=True)
    run_id: Mapped[str]
    language: Mapped[str]
    host: Mapped[str]
    """As `LEADGEN_SITE_HOST` names it: where the files have to be removed from."""
    content_hash: Mapped[str] = mapped_column(String(64))
    url: Mapped[str]
    first_published_at: Mapped[datetime]
    """When any demo of this business first was: its days are counted from then."""
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    unpublished_at: Mapped[datetime | None]
    unpublished_because: Mapped[str | None]


class TakeDownModel(Base):
    """A business asked that its demo goes; an act on the world, never deleted, respected by every later run."""

    __tablename__ = "take_downs"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    note: Mapped[str | None]


class HostUploadModel(Base):
    """What a host of demos has: a file by its hash, which need not be sent again; a deployment by its id."""

    __tablename__ = "host_uploads"

    host: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    uploaded_at: Mapped[datetime]


# Published rows


class BusinessModel(Base):
    __tablename__ = "businesses"
    __table_args__ = (UniqueConstraint("run_id", "fingerprint"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("processing_runs.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    niche: Mapped[str]
    sub_niche: Mapped[str | None]
    street: Mapped[str | None]
    postcode: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str | None] = mapped_column(String(2))
    latitude: Mapped[float | None] = mapped_column(Float(53))
    longitude: Mapped[float | None] = mapped_column(Float(53))
    phone: Mapped[str | None]
    phone_kind: Mapped[str | None]
    email: Mapped[str | None]
    website: Mapped[str | None]
    website_origin: Mapped[str | None]
    social_profiles: Mapped[list[Any]]
    opening_hours: Mapped[str | None]
    language: Mapped[str | None]
    is_sole_trader: Mapped[bool]
    last_edited: Mapped[date | None]
    origins: Mapped[list[Any]]
    field_origins: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    exclusion: Mapped[str | None]
    exclusion_note: Mapped[str | None]
    review_note: Mapped[str | None]

    run: Mapped[ProcessingRunModel] = relationship(back_populates="businesses")
    website_scores: Mapped[list["WebsiteScoreModel"]] = relationship(passive_deletes=True)
    generated_sites: Mapped[list["GeneratedSiteModel"]] = relationship(passive_deletes=True)
    outreach_campaigns: Mapped[list["OutreachCampaignModel"]] = relationship(passive_deletes=True)


class DiscoveryNoteModel(Base):
    """What discovery did not take; published with the businesses."""

    __tablename__ = "discovery_notes"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("processing_runs.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str]
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class SearchedAreaModel(Base):
    """Where a source looked; published with the businesses."""

    __tablename__ = "searched_areas"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("processing_runs.id"), index=True)
    source: Mapped[str]
    area: Mapped[dict[str, Any]]


class OfBusiness:
    """What belongs to one business of one run, and goes with it."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("processing_runs.id"), index=True)
    business_id: Mapped[str] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), index=True)


class ExpiringContentModel(OfBusiness, Base):
    """What a business's sources let one keep for some days only; published beside it, deleted on time."""

    __tablename__ = "expiring_contents"

    content: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class PageSnapshotModel(OfBusiness, PageColumns, Base):
    __tablename__ = "page_snapshots"

    kind: Mapped[str]
    label: Mapped[str | None]


class ContactModel(OfBusiness, Base):
    __tablename__ = "contacts"

    kind: Mapped[str]
    value: Mapped[str]
    is_mobile: Mapped[bool]
    is_role_address: Mapped[bool]
    is_best: Mapped[bool]
    page_url: Mapped[str]
    snippet: Mapped[str]


class PageAuditModel(OfBusiness, AuditColumns, Base):
    __tablename__ = "page_audits"


class WebsiteScoreModel(OfBusiness, Base):
    __tablename__ = "website_scores"

    website_state: Mapped[str]
    state_cause: Mapped[str | None]
    state_reason: Mapped[str]
    score: Mapped[int | None]
    static_score: Mapped[int | None]
    score_method: Mapped[str] = mapped_column(server_default="static")
    method_note: Mapped[str | None]
    category_scores: Mapped[dict[str, Any]]
    checks_passed: Mapped[list[Any]]
    checks_not_applicable: Mapped[list[Any]]
    findings: Mapped[list[Any]]
    top_issues: Mapped[list[Any]]
    praise: Mapped[str | None]
    discrepancies: Mapped[list[Any]]
    flags: Mapped[list[Any]]
    confidence: Mapped[str]
    confidence_reason: Mapped[str]
    opportunity: Mapped[dict[str, Any]]
    lead_class: Mapped[str]
    lead_reason: Mapped[str]
    wants_demo: Mapped[bool]
    is_sensitive: Mapped[bool]
    rubric_version: Mapped[str]
    rubric_hash: Mapped[str]
    opportunity_version: Mapped[str]


class GeneratedSiteModel(OfBusiness, Base):
    __tablename__ = "generated_sites"

    theme: Mapped[str]
    palette: Mapped[str]
    language: Mapped[str]
    token: Mapped[str] = mapped_column(index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    facts: Mapped[dict[str, Any]]
    score_before: Mapped[int | None]
    score_after: Mapped[int]
    faults_gone: Mapped[list[Any]]
    faults_left: Mapped[list[Any]]
    faults: Mapped[list[Any]]
    copy: Mapped[dict[str, Any]]
    copy_note: Mapped[str | None]


class CampaignRefusalModel(OfBusiness, Base):
    """Why a lead has no campaign; published with the campaigns."""

    __tablename__ = "campaign_refusals"

    kind: Mapped[str]
    reason: Mapped[str]


class OutreachCampaignModel(OfBusiness, Base):
    __tablename__ = "outreach_campaigns"

    language: Mapped[str]
    channel: Mapped[str]
    recipient_email: Mapped[str | None]
    recipient_phone: Mapped[str | None]
    email_subject: Mapped[str | None]
    email_text: Mapped[str | None]
    email_html: Mapped[str | None]
    whatsapp_text: Mapped[str | None]
    whatsapp_url: Mapped[str | None]
    sms_text: Mapped[str | None]
    call_card: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    fault_check_id: Mapped[str | None]
    fault_evidence: Mapped[str | None]
    demo_url: Mapped[str | None]
    is_ready: Mapped[bool]
    missing: Mapped[list[Any]]
    notes: Mapped[list[Any]]
    writer: Mapped[str]
    writer_note: Mapped[str | None]
