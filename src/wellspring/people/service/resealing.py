"""After a key rotation: every sealed value of people is sealed anew under the active key, under load.

Small transactions over ranges of numbers; a value that changed meanwhile is left, because it took the active key then.
"""

from collections.abc import Callable

import sqlalchemy as sa

from wellspring.kernel import failpoints
from wellspring.kernel.stores.sql import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people.models import attribute_table, change_table, identity_table
from wellspring.people.repo import members
from wellspring.people.service.naming import context
from wellspring.people.settings import SealingState

JOB = "people.reseal"
# Some thousand values, about 20 ms of sealing, per transaction: nobody waits longer for the writer.
_NUMBERS_PER_STEP = 500
# Each table with the column that says what its values are sealed for.
_TABLES = ((identity_table, "kind"), (attribute_table, "name"), (change_table, "name"))


def keep_up(ws: Workspace, *, report: Callable[[int, int], None]) -> int:
    """Seals anew when the key was rotated since the last time; otherwise costs nothing."""
    if ws.settings.get(SealingState).key_id == ws.keys.active_id:
        return 0
    sealed = reseal(ws, report=report)
    ws.settings.put(SealingState(key_id=ws.keys.active_id))
    return sealed


def reseal(ws: Workspace, *, report: Callable[[int, int], None]) -> int:
    """Goes once over everything; gives how many values were sealed anew. Running it again finds nothing to do."""
    with ws.sql.read() as tx:
        last = members.last_no(tx)
    sealed = 0
    for low in range(0, last, _NUMBERS_PER_STEP):
        with ws.sql.write() as tx:
            sealed += sum(_step(ws, tx, table, kind, low) for table, kind in _TABLES)
            failpoints.hit("people.reseal.before_commit")
        report(min(low + _NUMBERS_PER_STEP, last), last)
    return sealed


def _step(ws: Workspace, tx: Tx, table: sa.Table, kind: str, low: int) -> int:
    number = table.c.member_no
    wanted = sa.select(table).where(number > low, number <= low + _NUMBERS_PER_STEP, table.c.sealed.is_not(None))
    count = 0
    for row in tx.execute(wanted).mappings().all():
        old = bytes(row["sealed"])
        if ws.keys.key_id(old) == ws.keys.active_id:
            continue
        purpose = context(row[kind])
        fresh = ws.keys.seal(ws.keys.open(old, context=purpose), context=purpose)
        mine = sa.and_(*[column == row[column.name] for column in table.primary_key])
        count += tx.execute(sa.update(table).where(mine, table.c.sealed == old).values(sealed=fresh)).rowcount
    return count
