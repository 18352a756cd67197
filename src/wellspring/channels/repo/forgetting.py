"""Everything that is held of member numbers: to be told, and to be taken out."""

from collections.abc import Sequence

import sqlalchemy as sa

from wellspring.channels.models import callback_table, change_table, contact_table, relation_table, welcome_table
from wellspring.kernel.stores import Tx


def history(tx: Tx, member_nos: Sequence[int]) -> list[sa.RowMapping]:
    """What happened between the staff and these numbers, in order."""
    wanted = sa.select(change_table).where(_of(tx, member_nos)).order_by(change_table.c.at)
    return list(tx.execute(wanted).mappings())


def forget(tx: Tx, member_nos: Sequence[int]) -> int:
    """Takes contacts, relations, histories, welcomes and callbacks out; gives how many contacts that were."""
    contacts = _contacts(tx, member_nos)
    for account_id, external_userid in contacts:
        for table in (relation_table, change_table, welcome_table):
            mine = sa.and_(table.c.account_id == account_id, table.c.external_userid == external_userid)
            tx.execute(sa.delete(table).where(mine))
        told = sa.and_(callback_table.c.account_id == account_id, callback_table.c.subject == external_userid)
        tx.execute(sa.delete(callback_table).where(told))
    tx.execute(sa.delete(contact_table).where(contact_table.c.member_no.in_(list(member_nos))))
    return len(contacts)


def _contacts(tx: Tx, member_nos: Sequence[int]) -> list[tuple[str, str]]:
    columns = contact_table.c
    wanted = sa.select(columns.account_id, columns.external_userid).where(columns.member_no.in_(list(member_nos)))
    return [(row.account_id, row.external_userid) for row in tx.execute(wanted)]


def _of(tx: Tx, member_nos: Sequence[int]) -> sa.ColumnElement[bool]:
    pairs = _contacts(tx, member_nos)
    return sa.tuple_(change_table.c.account_id, change_table.c.external_userid).in_(pairs) if pairs else sa.false()
