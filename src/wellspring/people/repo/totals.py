"""How many members there are, how many of them are known by name, and who came from where.

Merged and erased numbers are not counted; the caller's scope applies.
"""

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.kernel.auth import Scope
from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import member_table
from wellspring.people.repo import members

_member = member_table.c
_ACTIVE = "active"
# Rows fetched at a time while numbers are gathered: memory stays flat over millions of members.
_BATCH = 50_000


def counted(tx: Tx, scope: Scope) -> tuple[int, int]:
    """Members, and those of them that are identified."""
    wanted = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.cast(_member.identified, sa.Integer)), 0)).where(
        _member.state == _ACTIVE
    )
    found = tx.execute(members.scoped(wanted, scope)).one()
    return int(found[0]), int(found[1])


def by_source(tx: Tx, scope: Scope) -> dict[str, BitMap]:
    """The numbers of members by the source that told of them first."""
    wanted = sa.select(_member.source, _member.member_no).where(_member.state == _ACTIVE)
    found: dict[str, BitMap] = {}
    for batch in tx.execute(members.scoped(wanted, scope).execution_options(yield_per=_BATCH)).partitions():
        gathered: dict[str, list[int]] = {}
        for source, number in batch:
            gathered.setdefault(source, []).append(number)
        for source, numbers in gathered.items():
            found.setdefault(source, BitMap()).update(numbers)
    return found
