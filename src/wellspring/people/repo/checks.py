"""What must hold of people at every instant, as counts of rows that offend."""

import sqlalchemy as sa

from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import attribute_table, identity_table, member_table, suppression_table

_member = member_table.c


def gaps(tx: Tx) -> int:
    """Numbers between 1 and the highest that are missing."""
    count, last = tx.execute(sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(_member.member_no), 0))).one()
    return int(last) - int(count)


def loose_holders(tx: Tx) -> int:
    """Merged rows whose holder is not active, or that are not marked so."""
    holder = member_table.alias("holder")
    joined = member_table.outerjoin(holder, holder.c.member_no == _member.merged_into)
    loose = sa.or_(holder.c.state.is_(None), holder.c.state != "active")
    wanted = (
        sa.select(sa.func.count()).select_from(joined).where(sa.or_(_member.state == "merged", _member.merged_into.is_not(None)), loose)
    )
    return tx.execute(wanted).scalar_one()


def orphans(tx: Tx) -> int:
    """Identifiers and values of members that are erased or not there."""
    total = 0
    for table in (identity_table, attribute_table):
        joined = table.outerjoin(member_table, _member.member_no == table.c.member_no)
        wanted = sa.select(sa.func.count()).select_from(joined).where(sa.or_(_member.state.is_(None), _member.state == "erased"))
        total += tx.execute(wanted).scalar_one()
    return total


def plain_personal(tx: Tx) -> int:
    """Personal identifiers that are not sealed."""
    personal = identity_table.c.kind.in_(("phone", "email"))
    wanted = sa.select(sa.func.count()).where(personal, sa.or_(identity_table.c.value.is_not(None), identity_table.c.sealed.is_(None)))
    return tx.execute(wanted).scalar_one()


def revived(tx: Tx) -> int:
    """Identifiers that are suppressed and yet held by somebody."""
    joined = identity_table.join(suppression_table, suppression_table.c.key == identity_table.c.key)
    return tx.execute(sa.select(sa.func.count()).select_from(joined)).scalar_one()
