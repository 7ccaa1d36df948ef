"""What a language model wrote on a demo, and why it did not."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("generated_sites", sa.Column("copy", sa.JSON(), server_default="{}", nullable=False))
    with op.batch_alter_table("generated_sites") as table:
        table.alter_column("copy", server_default=None)  # for the rows that stood; PostgreSQL compares no JSON
    op.add_column("generated_sites", sa.Column("copy_note", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("generated_sites", "copy_note")
    op.drop_column("generated_sites", "copy")
