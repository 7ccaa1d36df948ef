"""A second look at pages, leases of hosts, a rubric of one's own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

RUN_COLUMNS = ("rubric_file", "rubric_file_hash", "audit_weakest")
SCORE_COLUMNS = ("static_score", "score_method", "method_note")


def upgrade() -> None:
    op.create_table(
        "host_leases",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host_leases")),
    )
    op.create_table(
        "audited_pages",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("generation", sa.String(), nullable=False),
        *_audit_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audited_pages")),
    )
    with op.batch_alter_table("audited_pages") as table:
        table.create_index(op.f("ix_audited_pages_run_id_generation"), ["run_id", "generation"])
    op.create_table(
        "page_audits",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("business_id", sa.String(length=36), nullable=False),
        *_audit_columns(),
        sa.ForeignKeyConstraint(
            ["run_id"], ["processing_runs.id"], name=op.f("fk_page_audits_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_page_audits_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_audits")),
    )
    with op.batch_alter_table("page_audits") as table:
        table.create_index(op.f("ix_page_audits_run_id"), ["run_id"])
        table.create_index(op.f("ix_page_audits_business_id"), ["business_id"])
    op.add_column("processing_runs", sa.Column("rubric_file", sa.String(), nullable=True))
    op.add_column("processing_runs", sa.Column("rubric_file_hash", sa.String(length=64), nullable=True))
    op.add_column(
        "processing_runs", sa.Column("audit_weakest", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("website_scores", sa.Column("static_score", sa.Integer(), nullable=True))
    op.add_column(
        "website_scores", sa.Column("score_method", sa.String(), server_default="static", nullable=False)
    )
    op.add_column("website_scores", sa.Column("method_note", sa.String(), nullable=True))
    op.execute("UPDATE website_scores SET static_score = score")


def downgrade() -> None:
    for name in SCORE_COLUMNS:
        op.drop_column("website_scores", name)
    for name in RUN_COLUMNS:
        op.drop_column("processing_runs", name)
    op.drop_table("page_audits")
    op.drop_table("audited_pages")
    op.drop_table("host_leases")


def _audit_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("audited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("category_scores", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("screenshots", sa.JSON(), nullable=False),
        sa.Column("rendered_hash", sa.String(length=64), nullable=True),
        sa.Column("versions", sa.JSON(), nullable=False),
    )
