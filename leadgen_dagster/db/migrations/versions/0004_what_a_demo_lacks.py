"""What is wrong with a demo, and which old faults it could not mend."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

COLUMNS = ("faults_left", "faults")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("generated_sites", sa.Column(name, sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("generated_sites") as table:
        for name in COLUMNS:
            table.alter_column(name, server_default=None)  # for the rows that stood; PostgreSQL compares no JSON


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("generated_sites", name)
