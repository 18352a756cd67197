"""Members of corps and the persons behind them, asked for without counting anything."""

import sqlalchemy as sa

from wellspring.channels.models.contacts import staff_table
from wellspring.kernel.stores import Tx

_staff = staff_table.c


def userids(tx: Tx, account_id: str) -> list[str]:
    """Everybody of a corp who may have customers, in order."""
    mine = sa.and_(_staff.account_id == account_id, _staff.can_contact)
    return list(tx.execute(sa.select(_staff.userid).where(mine).order_by(_staff.userid)).scalars())


def persons(tx: Tx) -> list[tuple[str, str, str]]:
    """Account, userid and person of every member whose person is known."""
    wanted = sa.select(_staff.account_id, _staff.userid, _staff.staff_id).where(_staff.staff_id.is_not(None))
    return [(row.account_id, row.userid, row.staff_id) for row in tx.execute(wanted)]
