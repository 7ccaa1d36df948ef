"""What discovery did not take, beside the businesses."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
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


def downgrade() -> None:
    with op.batch_alter_table("discovery_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discovery_notes_run_id"))

    op.drop_table("discovery_notes")
