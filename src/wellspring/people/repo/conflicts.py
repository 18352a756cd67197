"""Conflicts: identifiers that two profiles claim, open or decided."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.kernel.stores.sql import Tx
from wellspring.people.models import conflict_table
from wellspring.people.repo import rows

_conflict = conflict_table.c


def of_keys(tx: Tx, keys: Iterable[bytes]) -> list[rows.Row]:
    """Every conflict about these identifiers."""
    found: list[rows.Row] = []
    for piece in rows.pieces(keys):
        found += [dict(row) for row in tx.execute(sa.select(conflict_table).where(_conflict.key.in_(piece))).mappings()]
    return found


def get(tx: Tx, conflict_id: str) -> rows.Row | None:
    """One conflict."""
    found = tx.execute(sa.select(conflict_table).where(_conflict.id == conflict_id)).mappings().first()
    return dict(found) if found else None


def listing(tx: Tx, *, state: str | None, after: str | None, limit: int) -> list[rows.Row]:
    """The newest first."""
    wanted = sa.select(conflict_table).order_by(_conflict.id.desc()).limit(limit)
    if state:
        wanted = wanted.where(_conflict.state == state)
    if after:
        wanted = wanted.where(_conflict.id < after)
    return [dict(row) for row in tx.execute(wanted).mappings()]


def all_open(tx: Tx) -> list[rows.Row]:
    """Everything that waits for a person, without the evidence."""
    columns = (_conflict.id, _conflict.holder_no, _conflict.claimant_no, _conflict.reason)
    return [dict(row) for row in tx.execute(sa.select(*columns).where(_conflict.state == "open")).mappings()]


def propose_again(tx: Tx, conflict_id: str, *, at: dt.datetime, probability: float, fields: Sequence[Sequence[Any]]) -> None:
    """Writes what the latest comparison says of an open likely duplicate."""
    values = {"last_at": at, "times": _conflict.times + 1, "probability": probability, "fields": fields}
    tx.execute(sa.update(conflict_table).where(_conflict.id == conflict_id).values(**values))


def seen_again(tx: Tx, conflict_id: str, *, at: dt.datetime, times: int) -> None:
    """Notes that an open conflict came up again."""
    tx.execute(sa.update(conflict_table).where(_conflict.id == conflict_id).values(last_at=at, times=_conflict.times + times))


def decide(tx: Tx, conflict_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Writes a decision."""
    tx.execute(sa.update(conflict_table).where(_conflict.id == conflict_id).values(state="decided", **values))


def close_between(tx: Tx, moved: Sequence[int], survivor_no: int, *, by: str, at: dt.datetime) -> None:
    """Open conflicts between two that have become one are settled by that."""
    for piece in rows.pieces(moved):
        one_way = sa.and_(_conflict.holder_no.in_(piece), _conflict.claimant_no == survivor_no)
        other_way = sa.and_(_conflict.claimant_no.in_(piece), _conflict.holder_no == survivor_no)
        values = {"state": "decided", "decision": "merge", "decided_by": by, "decided_at": at, "decision_reason": ""}
        tx.execute(sa.update(conflict_table).where(_conflict.state == "open", sa.or_(one_way, other_way)).values(**values))


def count_open(tx: Tx) -> int:
    """How many wait for a person."""
    return tx.execute(sa.select(sa.func.count()).select_from(conflict_table).where(_conflict.state == "open")).scalar_one()


def delete_of(tx: Tx, numbers: Sequence[int]) -> int:
    """Removes every conflict that one of these numbers is part of."""
    gone = 0
    for piece in rows.pieces(numbers):
        part = sa.or_(_conflict.holder_no.in_(piece), _conflict.claimant_no.in_(piece))
        gone += tx.execute(sa.delete(conflict_table).where(part)).rowcount
    return gone
