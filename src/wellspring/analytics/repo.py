"""A mark of everything that was changed in the transactional store: the newest row of the outbox.

Analytics owns no table.
"""

import sqlalchemy as sa

from wellspring.kernel.bus import outbox_table
from wellspring.kernel.stores.sql import Tx


def change_mark(tx: Tx) -> int:
    """Grows with every verb that told something."""
    return tx.execute(sa.select(sa.func.max(outbox_table.c.id))).scalar() or 0
