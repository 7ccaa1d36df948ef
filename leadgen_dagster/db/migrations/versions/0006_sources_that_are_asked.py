"""Answers of place services, what may be kept for some days only, areas, and who was met under another name."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

JSON_COLUMNS = {"businesses": "field_origins", "discovery_notes": "record", "processing_runs": "column_map"}


def upgrade() -> None:
    op.create_table(
        "place_answers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("generation", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("call_key", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_answers")),
    )
    with op.batch_alter_table("place_answers") as table:
        table.create_index(op.f("ix_place_answers_run_id_call_key"), ["run_id", "call_key"])
        table.create_index(op.f("ix_place_answers_call_key"), ["call_key"])
        table.create_index(op.f("ix_place_answers_expires_at"), ["expires_at"])
    op.create_table(
        "business_aliases",
        sa.Column("alias", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_business_aliases")),
    )
    op.create_table(
        "searched_areas",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("area", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["processing_runs.id"], name=op.f("fk_searched_areas_run_id_processing_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searched_areas")),
    )
    with op.batch_alter_table("searched_areas") as table:
        table.create_index(op.f("ix_searched_areas_run_id"), ["run_id"])
    op.create_table(
        "expiring_contents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("business_id", sa.String(length=36), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"],
            ["businesses.id"],
            name=op.f("fk_expiring_contents_business_id_businesses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["processing_runs.id"], name=op.f("fk_expiring_contents_run_id_processing_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expiring_contents")),
    )
    with op.batch_alter_table("expiring_contents") as table:
        table.create_index(op.f("ix_expiring_contents_run_id"), ["run_id"])
        table.create_index(op.f("ix_expiring_contents_business_id"), ["business_id"])
        table.create_index(op.f("ix_expiring_contents_expires_at"), ["expires_at"])
    for table_name, column in JSON_COLUMNS.items():
        # Nullable, and without a default: either would make SQLite build the table anew, and drop what refers to it.
        op.add_column(table_name, sa.Column(column, sa.JSON(), nullable=True))
        op.execute(sa.table(table_name, sa.column(column, sa.JSON())).update().values({column: {}}))
    with op.batch_alter_table("outside_calls") as table:
        table.add_column(sa.Column("items", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outside_calls") as table:
        table.drop_column("items")
    for table_name, column in JSON_COLUMNS.items():
        op.drop_column(table_name, column)
    for table_name in ("expiring_contents", "searched_areas", "business_aliases", "place_answers"):
        op.drop_table(table_name)
