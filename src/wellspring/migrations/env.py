"""Alembic's environment: runs on the connection that kernel.stores hands over, and on no other."""

from alembic import context

from wellspring.kernel.stores import metadata

connection = context.config.attributes["connection"]
# Batch mode lets SQLite change a table by copying it; both engines then share one script.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
