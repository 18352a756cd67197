"""Alembic's environment: runs on the connection that kernel.stores hands over, and on no other."""

from typing import Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from wellspring.kernel.stores import Instant, metadata


def _rendered(kind: str, thing: object, _context: AutogenContext) -> str | Literal[False]:
    """Types as they are stored: a step must not change when our own types do."""
    if kind == "type" and isinstance(thing, Instant):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(thing, sa.JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


connection = context.config.attributes["connection"]
# Batch mode lets SQLite change a table by copying it; both engines then share one script.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True, render_item=_rendered)
with context.begin_transaction():
    context.run_migrations()
