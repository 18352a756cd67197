"""Pages of members: keyset order, indexes for each filter, and never a count over everything."""

import dataclasses
import datetime as dt
from typing import Any

import sqlalchemy as sa

from wellspring.kernel.auth import Scope
from wellspring.kernel.clock import EPOCH
from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import member_table
from wellspring.people.repo import members, rows

_member = member_table.c
# Spelled with a literal, as the index of the departed is: with a parameter no engine could know that the index applies.
_DEPARTED = _member.state != sa.literal_column("'active'")


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list."""

    scope: Scope
    state: str | None = "active"
    source: str | None = None
    home_unit_id: str | None = None
    identified: bool | None = None
    created_from: dt.datetime | None = None
    created_to: dt.datetime | None = None
    numbers: tuple[int, ...] | None = None
    by_seen: bool = False
    ascending: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it asks for every active member."""
        filters = (self.source, self.home_unit_id, self.identified, self.created_from, self.created_to, self.numbers)
        return self.state == "active" and self.scope.is_all and all(one is None for one in filters)


def page(tx: Tx, wanted: Wanted, *, after: tuple[int, int] | None, limit: int) -> list[rows.Row]:
    """Rows after a place (last seen in milliseconds, number) in the order wanted."""
    return rows.plain(tx.execute(_after(_filtered(wanted), wanted, after).limit(limit)))


def total(tx: Tx) -> int:
    """How many are active: the highest number minus the few that departed, which an index holds."""
    departed = tx.execute(sa.select(sa.func.count()).select_from(member_table).where(_DEPARTED)).scalar_one()
    return members.last_no(tx) - departed


def _filtered(wanted: Wanted) -> sa.Select[Any]:
    query = members.scoped(sa.select(member_table), wanted.scope)
    conditions: list[tuple[object, sa.ColumnElement[bool]]] = [
        (wanted.state, _member.state == wanted.state),
        (wanted.source, _member.source == wanted.source),
        (wanted.home_unit_id, _member.home_unit_id == wanted.home_unit_id),
        (wanted.identified, _member.identified.is_(bool(wanted.identified))),
        (wanted.created_from, _member.created_at >= (wanted.created_from or EPOCH)),
        (wanted.created_to, _member.created_at < (wanted.created_to or EPOCH)),
        (wanted.numbers, _member.member_no.in_(wanted.numbers or ())),
    ]
    if wanted.state not in (None, "active"):
        query = query.where(_DEPARTED)
    return query.where(*[condition for given, condition in conditions if given is not None])


def _after(query: sa.Select[Any], wanted: Wanted, after: tuple[int, int] | None) -> sa.Select[Any]:
    number, seen = _member.member_no, sa.type_coerce(_member.last_seen_at, sa.BigInteger)
    keys: list[sa.ColumnElement[Any]] = [seen, number] if wanted.by_seen else [number]
    if after is not None:
        place = sa.tuple_(*after) if wanted.by_seen else sa.literal(after[1])
        here = sa.tuple_(*keys) if wanted.by_seen else number
        query = query.where(here > place if wanted.ascending else here < place)
    return query.order_by(*[key.asc() if wanted.ascending else key.desc() for key in keys])
