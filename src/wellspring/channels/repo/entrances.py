"""Rows of ways in: wished, leased for a call, and what became of it."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.contracts.ways import Entrance, EntranceKind, EntranceState
from wellspring.channels.models.entrances import entrance_table
from wellspring.channels.rules import ways
from wellspring.kernel.stores import Tx

Row = sa.Row[Any]
_columns = entrance_table.c
# A call ends within half a minute; whoever held the row longer than this is dead.
_LEASE = dt.timedelta(minutes=2)


def add(tx: Tx, row: dict[str, Any]) -> None:
    """Keeps a new wish."""
    tx.execute(sa.insert(entrance_table).values(**row))


def row(tx: Tx, entrance_id: str) -> Row | None:
    """The row of an id."""
    return tx.execute(sa.select(entrance_table).where(_columns.id == entrance_id)).first()


def by_mark(tx: Tx, account_id: str, kind: EntranceKind, mark: str) -> Row | None:
    """The row that holds a mark."""
    mine = sa.and_(_columns.account_id == account_id, _columns.kind == kind, _columns.mark_held == mark)
    return tx.execute(sa.select(entrance_table).where(mine)).first()


def by_remote(tx: Tx, account_id: str, kind: EntranceKind, remote_id: str) -> Row | None:
    """The row of what the platform knows under an id."""
    mine = sa.and_(_columns.account_id == account_id, _columns.kind == kind, _columns.remote_id == remote_id)
    return tx.execute(sa.select(entrance_table).where(mine)).first()


def known_remotes(tx: Tx, account_id: str, kind: EntranceKind, remote_ids: Sequence[str]) -> set[str]:
    """Which of these the account's rows know."""
    mine = sa.and_(_columns.account_id == account_id, _columns.kind == kind, _columns.remote_id.in_(list(remote_ids)))
    return set(tx.execute(sa.select(_columns.remote_id).where(mine)).scalars())


def page(tx: Tx, kind: EntranceKind, *, account_id: str | None, state: str | None, before: str | None, limit: int) -> list[Row]:
    """The newest of a kind first, deleted ones only when asked for."""
    wanted = sa.select(entrance_table).where(_columns.kind == kind).order_by(_columns.id.desc()).limit(limit)
    wanted = wanted.where(_columns.state == state) if state else wanted.where(_columns.state != EntranceState.DELETED)
    if account_id:
        wanted = wanted.where(_columns.account_id == account_id)
    if before:
        wanted = wanted.where(_columns.id < before)
    return list(tx.execute(wanted))


def tally(tx: Tx, account_id: str) -> tuple[int, int]:
    """How many codes of the corp's allowance are in use, and how many entrances are unknown or failed."""
    mine = _columns.account_id == account_id
    counted = _columns.kind.in_((EntranceKind.WAY, EntranceKind.JOIN_WAY))
    living = sa.and_(mine, counted, _columns.state == EntranceState.ACTIVE)
    open_ones = sa.and_(mine, _columns.state.in_((EntranceState.UNKNOWN, EntranceState.FAILED)))
    used = tx.execute(sa.select(sa.func.count()).select_from(entrance_table).where(living)).scalar_one()
    unsettled = tx.execute(sa.select(sa.func.count()).select_from(entrance_table).where(open_ones)).scalar_one()
    return used, unsettled


def due(tx: Tx, now: dt.datetime, *, limit: int) -> list[str]:
    """Rows that something has to be done for, the longest first."""
    mine = sa.and_(_columns.due_at.is_not(None), _columns.due_at <= now, _free(now))
    return list(tx.execute(sa.select(_columns.id).where(mine).order_by(_columns.due_at).limit(limit)).scalars())


def lease(tx: Tx, entrance_id: str, now: dt.datetime, **values: Any) -> Row | None:  # noqa: ANN401 - column values
    """Takes the row for one call, None while somebody else has it; gives it as it was."""
    found = tx.execute(sa.select(entrance_table).where(_columns.id == entrance_id).with_for_update()).first()
    if found is None or (found.lease_until is not None and found.lease_until > now):
        return None
    held = {"lease_token": secrets.token_hex(16), "lease_until": now + _LEASE}
    tx.execute(sa.update(entrance_table).where(_columns.id == entrance_id).values(**held, **values))
    return tx.execute(sa.select(entrance_table).where(_columns.id == entrance_id)).one()


def settle(tx: Tx, leased: Row, now: dt.datetime, **values: Any) -> bool:  # noqa: ANN401 - column values
    """Writes what became of the call; False when the lease was lost to somebody else."""
    mine = sa.and_(_columns.id == leased.id, _columns.lease_token == leased.lease_token)
    free = {"lease_token": None, "lease_until": None, "updated_at": now}
    return bool(tx.execute(sa.update(entrance_table).where(mine).values(**free, **values)).rowcount)


def change(tx: Tx, entrance_id: str, **values: Any) -> None:  # noqa: ANN401 - column values
    """Changes columns."""
    tx.execute(sa.update(entrance_table).where(_columns.id == entrance_id).values(**values))


def told(found: Row) -> Entrance:
    """The row as it crosses the front door."""
    kind = EntranceKind(found.kind)
    return Entrance(
        id=found.id,
        account_id=found.account_id,
        kind=kind,
        state=EntranceState(found.state),
        mark=found.mark,
        draft=ways.read(kind, found.draft),
        remote_id=found.remote_id,
        address=found.address,
        is_current=found.applied_revision == found.revision,
        error_code=found.error_code,
        created_by=found.created_by,
        created_at=found.created_at,
        updated_at=found.updated_at,
        called_at=found.called_at,
    )


def _free(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.or_(_columns.lease_until.is_(None), _columns.lease_until <= now)
