"""What nodes owe to the outside: tags, attributes, webhooks; and promises of coupons and points, kept for who gives them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.engagement.models.journeys import effect_table
from wellspring.kernel import pumps
from wellspring.kernel.stores import Tx

PUMP = "engagement.effects"
WAITING, DONE, FAILED, PROMISED = "waiting", "done", "failed", "promised"
_effect = effect_table.c


def ring() -> None:
    """Wakes the pump."""
    pumps.wake(PUMP)


def insert(tx: Tx, values: Mapping[str, Any], members: BitMap) -> None:
    """Something owed to members."""
    tx.execute(sa.insert(effect_table).values(**values, size=len(members), members=members.serialize(), retry_at=None, problem=""))


def first_due(tx: Tx, now: dt.datetime) -> sa.Row[Any] | None:
    """The oldest that can be worked on."""
    is_due = sa.and_(_effect.state == WAITING, sa.or_(_effect.retry_at.is_(None), _effect.retry_at <= now))
    return tx.execute(sa.select(effect_table).where(is_due).order_by(_effect.id).limit(1)).first()


def update(tx: Tx, effect_id: str, *, done: int, values: Mapping[str, Any]) -> bool:
    """Notes progress, unless somebody else worked on it meanwhile."""
    mine = sa.update(effect_table).where(_effect.id == effect_id, _effect.done == done, _effect.state == WAITING)
    return bool(tx.execute(mine.values(**values)).rowcount)


def of_journey(tx: Tx, journey_id: str, *, limit: int) -> Sequence[sa.Row[Any]]:
    """What a journey owes or did, the newest first, without the members."""
    columns = [column for column in effect_table.columns if column.name != "members"]
    return tx.execute(sa.select(*columns).where(_effect.journey_id == journey_id).order_by(_effect.id.desc()).limit(limit)).all()


def promised(tx: Tx, kind: str, *, after: str, limit: int) -> Sequence[sa.Row[Any]]:
    """Promises of a kind in the order in which they were made, for whoever gives what was promised."""
    wanted = sa.select(effect_table).where(_effect.state == PROMISED, _effect.kind == kind, _effect.id > after)
    return tx.execute(wanted.order_by(_effect.id).limit(limit)).all()


def waiting_of(tx: Tx) -> list[sa.Row[Any]]:
    """Everything that still names members who may have to be forgotten."""
    return list(tx.execute(sa.select(effect_table).where(_effect.state.in_([WAITING, PROMISED]))))


def put_members(tx: Tx, effect_id: str, members: BitMap) -> None:
    """Leaves members out."""
    tx.execute(sa.update(effect_table).where(_effect.id == effect_id).values(members=members.serialize(), size=len(members)))
