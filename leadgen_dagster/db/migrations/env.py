"""Alembic's entry: runs on the connection that was handed over, with this project's own version table."""

from alembic import context

from leadgen_dagster.db.engine import VERSION_TABLE
from leadgen_dagster.db.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
