"""The first tables: orders, memos and ledgers, published rows."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "fetched_pages",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("generation", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("final_url", sa.String(), nullable=True),
        sa.Column("redirects", sa.JSON(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("http_version", sa.String(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("content_length", sa.BigInteger(), nullable=True),
        sa.Column("timings", sa.JSON(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetched_pages")),
    )
    with op.batch_alter_table("fetched_pages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fetched_pages_run_id_generation"), ["run_id", "generation"], unique=False
        )

    op.create_table(
        "llm_answers",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_llm_answers")),
    )
    op.create_table(
        "outside_calls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("reserved_micro_usd", sa.BigInteger(), nullable=False),
        sa.Column("cost_micro_usd", sa.BigInteger(), nullable=True),
        sa.Column("prompt_tokens", sa.Integer(), nullable=True),
        sa.Column("completion_tokens", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_calls")),
    )
    with op.batch_alter_table("outside_calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outside_calls_run_id"), ["run_id"], unique=False)

    op.create_table(
        "processing_runs",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("request_key", sa.String(length=300), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("niche", sa.String(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("max_businesses", sa.Integer(), nullable=False),
        sa.Column("score_threshold", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("budget_usd", sa.Numeric(precision=11, scale=6), nullable=True),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("executor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processing_runs")),
        sa.UniqueConstraint("request_key", name=op.f("uq_processing_runs_request_key")),
    )
    with op.batch_alter_table("processing_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_processing_runs_requested_at"), ["requested_at"], unique=False)

    op.create_table(
        "suppressions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("suppressed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint("kind", "value_hash", name=op.f("uq_suppressions_kind_value_hash")),
    )
    op.create_table(
        "businesses",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("niche", sa.String(), nullable=False),
        sa.Column("sub_niche", sa.String(), nullable=True),
        sa.Column("street", sa.String(), nullable=True),
        sa.Column("postcode", sa.String(), nullable=True),
        sa.Column("city", sa.String(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("latitude", sa.Float(precision=53), nullable=True),
        sa.Column("longitude", sa.Float(precision=53), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("phone_kind", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("website", sa.String(), nullable=True),
        sa.Column("website_origin", sa.String(), nullable=True),
        sa.Column("social_profiles", sa.JSON(), nullable=False),
        sa.Column("opening_hours", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("is_sole_trader", sa.Boolean(), nullable=False),
        sa.Column("last_edited", sa.Date(), nullable=True),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("exclusion", sa.String(), nullable=True),
        sa.Column("exclusion_note", sa.String(), nullable=True),
        sa.Column("review_note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["processing_runs.id"], name=op.f("fk_businesses_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
        sa.UniqueConstraint("run_id", "fingerprint", name=op.f("uq_businesses_run_id_fingerprint")),
    )
    with op.batch_alter_table("businesses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_businesses_fingerprint"), ["fingerprint"], unique=False)
        batch_op.create_index(batch_op.f("ix_businesses_run_id"), ["run_id"], unique=False)

    op.create_table(
        "discovery_notes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["processing_runs.id"], name=op.f("fk_discovery_notes_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discovery_notes")),
    )
    with op.batch_alter_table("discovery_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discovery_notes_run_id"), ["run_id"], unique=False)

    op.create_table(
        "order_launches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("launched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("launched_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["processing_runs.id"], name=op.f("fk_order_launches_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_launches")),
    )
    with op.batch_alter_table("order_launches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_launches_run_id"), ["run_id"], unique=False)

    op.create_table(
        "stage_fences",
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("dagster_run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["processing_runs.id"], name=op.f("fk_stage_fences_run_id")),
        sa.PrimaryKeyConstraint("run_id", "stage", name=op.f("pk_stage_fences")),
    )
    op.create_table(
        "campaign_refusals",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("business_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"],
            ["businesses.id"],
            name=op.f("fk_campaign_refusals_business_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["processing_runs.id"], name=op.f("fk_campaign_refusals_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_refusals")),
    )
    with op.batch_alter_table("campaign_refusals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_refusals_business_id"), ["business_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_refusals_run_id"), ["run_id"], unique=False)

    op.create_table(
        "contacts",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("is_mobile", sa.Boolean(), nullable=False),
        sa.Column("is_role_address", sa.Boolean(), nullable=False),
        sa.Column("is_best", sa.Boolean(), nullable=False),
        sa.Column("page_url", sa.String(), nullable=False),
        sa.Column("snippet", sa.String(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("business_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_contacts_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["processing_runs.id"], name=op.f("fk_contacts_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contacts_business_id"), ["business_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contacts_run_id"), ["run_id"], unique=False)

    op.create_table(
        "generated_sites",
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("palette", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("score_before", sa.Integer(), nullable=True),
        sa.Column("score_after", sa.Integer(), nullable=False),
        sa.Column("faults_gone", sa.JSON(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("business_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"],
            ["businesses.id"],
            name=op.f("fk_generated_sites_business_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["processing_runs.id"], name=op.f("fk_generated_sites_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generated_sites")),
    )
    with op.batch_alter_table("generated_sites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_generated_sites_business_id"), ["business_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_generated_sites_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_generated_sites_token"), ["token"], unique=False)

    op.create_table(
        "outreach_campaigns",
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient_email", sa.String(), nullable=True),
        sa.Column("recipient_phone", sa.String(), nullable=True),
        sa.Column("email_subject", sa.String(), nullable=True),
        sa.Column("email_text", sa.String(), nullable=True),
        sa.Column("email_html", sa.String(), nullable=True),
        sa.Column("whatsapp_text", sa.String(), nullable=True),
        sa.Column("whatsapp_url", sa.String(), nullable=True),
        sa.Column("sms_text", sa.String(), nullable=True),
        sa.Column("call_card", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("fault_check_id", sa.String(), nullable=True),
        sa.Column("fault_evidence", sa.String(), nullable=True),
        sa.Column("demo_url", sa.String(), nullable=True),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("writer", sa.String(), nullable=False),
        sa.Column("writer_note", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("business_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"],
            ["businesses.id"],
            name=op.f("fk_outreach_campaigns_business_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["processing_runs.id"], name=op.f("fk_outreach_campaigns_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_campaigns")),
    )
    with op.batch_alter_table("outreach_campaigns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outreach_campaigns_business_id"), ["business_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outreach_campaigns_run_id"), ["run_id"], unique=False)

    op.create_table(
        "page_snapshots",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("business_id", sa.String(length=36), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("final_url", sa.String(), nullable=True),
        sa.Column("redirects", sa.JSON(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("http_version", sa.String(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("content_length", sa.BigInteger(), nullable=True),
        sa.Column("timings", sa.JSON(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_page_snapshots_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["processing_runs.id"], name=op.f("fk_page_snapshots_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_snapshots")),
    )
    with op.batch_alter_table("page_snapshots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_snapshots_business_id"), ["business_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_snapshots_run_id"), ["run_id"], unique=False)

    op.create_table(
        "website_scores",
        sa.Column("website_state", sa.String(), nullable=False),
        sa.Column("state_cause", sa.String(), nullable=True),
        sa.Column("state_reason", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("category_scores", sa.JSON(), nullable=False),
        sa.Column("checks_passed", sa.JSON(), nullable=False),
        sa.Column("checks_not_applicable", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("top_issues", sa.JSON(), nullable=False),
        sa.Column("praise", sa.String(), nullable=True),
        sa.Column("discrepancies", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("confidence_reason", sa.String(), nullable=False),
        sa.Column("opportunity", sa.JSON(), nullable=False),
        sa.Column("lead_class", sa.String(), nullable=False),
        sa.Column("lead_reason", sa.String(), nullable=False),
        sa.Column("wants_demo", sa.Boolean(), nullable=False),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
        sa.Column("rubric_version", sa.String(), nullable=False),
        sa.Column("rubric_hash", sa.String(), nullable=False),
        sa.Column("opportunity_version", sa.String(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("business_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_website_scores_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["processing_runs.id"], name=op.f("fk_website_scores_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_website_scores")),
    )
    with op.batch_alter_table("website_scores", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_website_scores_business_id"), ["business_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_website_scores_run_id"), ["run_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("website_scores", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_website_scores_run_id"))
        batch_op.drop_index(batch_op.f("ix_website_scores_business_id"))

    op.drop_table("website_scores")
    with op.batch_alter_table("page_snapshots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_snapshots_run_id"))
        batch_op.drop_index(batch_op.f("ix_page_snapshots_business_id"))

    op.drop_table("page_snapshots")
    with op.batch_alter_table("outreach_campaigns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outreach_campaigns_run_id"))
        batch_op.drop_index(batch_op.f("ix_outreach_campaigns_business_id"))

    op.drop_table("outreach_campaigns")
    with op.batch_alter_table("generated_sites", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_generated_sites_token"))
        batch_op.drop_index(batch_op.f("ix_generated_sites_run_id"))
        batch_op.drop_index(batch_op.f("ix_generated_sites_business_id"))

    op.drop_table("generated_sites")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_run_id"))
        batch_op.drop_index(batch_op.f("ix_contacts_business_id"))

    op.drop_table("contacts")
    with op.batch_alter_table("campaign_refusals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_refusals_run_id"))
        batch_op.drop_index(batch_op.f("ix_campaign_refusals_business_id"))

    op.drop_table("campaign_refusals")
    op.drop_table("stage_fences")
    with op.batch_alter_table("order_launches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_launches_run_id"))

    op.drop_table("order_launches")
    with op.batch_alter_table("discovery_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discovery_notes_run_id"))

    op.drop_table("discovery_notes")
    with op.batch_alter_table("businesses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_businesses_run_id"))
        batch_op.drop_index(batch_op.f("ix_businesses_fingerprint"))

    op.drop_table("businesses")
    op.drop_table("suppressions")
    with op.batch_alter_table("processing_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processing_runs_requested_at"))

    op.drop_table("processing_runs")
    with op.batch_alter_table("outside_calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outside_calls_run_id"))

    op.drop_table("outside_calls")
    op.drop_table("llm_answers")
    with op.batch_alter_table("fetched_pages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fetched_pages_run_id_generation"))

    op.drop_table("fetched_pages")
