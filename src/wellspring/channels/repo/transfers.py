"""Rows of hand-overs and their customers, and of staff's days."""

import datetime as dt
import secrets
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.contracts.transfers import StaffDay, TransferState
from wellspring.channels.models.contacts import relation_table
from wellspring.channels.models.transfers import staff_day_table, transfer_customer_table, transfer_table
from wellspring.kernel.stores import Tx

Row = sa.Row[Any]
_transfer = transfer_table.c
_customer = transfer_customer_table.c
_relation = relation_table.c
_day = staff_day_table.c
_LEASE = dt.timedelta(minutes=10)
_STEP = 500
_OPEN = (TransferState.PLANNED, TransferState.CALLING, TransferState.UNKNOWN, TransferState.WAITING)


def add(tx: Tx, row: dict[str, Any], customers: Sequence[str]) -> None:
    """Keeps a hand-over with its customers."""
    tx.execute(sa.insert(transfer_table).values(**row))
    base = {"transfer_id": row["id"], "account_id": row["account_id"], "state": TransferState.PLANNED, "changed_at": row["created_at"]}
    if customers:
        tx.execute(sa.insert(transfer_customer_table), [base | {"external_userid": one} for one in customers])


def one(tx: Tx, transfer_id: str) -> Row | None:
    """A hand-over."""
    return tx.execute(sa.select(transfer_table).where(_transfer.id == transfer_id)).first()


def page(tx: Tx, account_id: str | None, *, before: str | None, limit: int) -> list[Row]:
    """Hand-overs, the newest first."""
    wanted = sa.select(transfer_table).order_by(_transfer.id.desc()).limit(limit)
    if account_id:
        wanted = wanted.where(_transfer.account_id == account_id)
    if before:
        wanted = wanted.where(_transfer.id < before)
    return list(tx.execute(wanted))


def counts(tx: Tx, transfer_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many customers of each hand-over stand where."""
    wanted = sa.select(_customer.transfer_id, _customer.state, sa.func.count().label("many")).where(
        _customer.transfer_id.in_(list(transfer_ids))
    )
    found: dict[str, dict[str, int]] = {}
    for row in tx.execute(wanted.group_by(_customer.transfer_id, _customer.state)):
        found.setdefault(row.transfer_id, {})[row.state] = row.many
    return found


def customers(tx: Tx, transfer_id: str, *, state: str | None, after: str, limit: int) -> list[Row]:
    """Customers of a hand-over in order of their ids."""
    mine = sa.and_(_customer.transfer_id == transfer_id, _customer.external_userid > after)
    wanted = sa.select(transfer_customer_table).where(mine if state is None else sa.and_(mine, _customer.state == state))
    return list(tx.execute(wanted.order_by(_customer.external_userid).limit(limit)))


def states(tx: Tx, transfer_id: str, external_userids: Collection[str]) -> dict[str, str]:
    """Where these customers of a hand-over stand."""
    found: dict[str, str] = {}
    listed = sorted(external_userids)
    for start in range(0, len(listed), _STEP):
        mine = sa.and_(_customer.transfer_id == transfer_id, _customer.external_userid.in_(listed[start : start + _STEP]))
        found.update({row.external_userid: row.state for row in tx.execute(sa.select(transfer_customer_table).where(mine))})
    return found


def change(tx: Tx, transfer_id: str, external_userids: Collection[str], **values: Any) -> None:  # noqa: ANN401 - column values
    """Changes customers of a hand-over."""
    listed = sorted(external_userids)
    for start in range(0, len(listed), _STEP):
        mine = sa.and_(_customer.transfer_id == transfer_id, _customer.external_userid.in_(listed[start : start + _STEP]))
        tx.execute(sa.update(transfer_customer_table).where(mine).values(**values))


def due(tx: Tx, now: dt.datetime, *, limit: int) -> list[str]:
    """Hand-overs that something has to be done for."""
    free = sa.or_(_transfer.lease_until.is_(None), _transfer.lease_until <= now)
    mine = sa.and_(_transfer.due_at.is_not(None), _transfer.due_at <= now, free)
    return list(tx.execute(sa.select(_transfer.id).where(mine).order_by(_transfer.due_at).limit(limit)).scalars())


def lease(tx: Tx, transfer_id: str, now: dt.datetime) -> Row | None:
    """Takes a hand-over; None while somebody else has it."""
    found = tx.execute(sa.select(transfer_table).where(_transfer.id == transfer_id).with_for_update()).first()
    if found is None or (found.lease_until is not None and found.lease_until > now):
        return None
    held = {"lease_token": secrets.token_hex(16), "lease_until": now + _LEASE}
    tx.execute(sa.update(transfer_table).where(_transfer.id == transfer_id).values(**held))
    return tx.execute(sa.select(transfer_table).where(_transfer.id == transfer_id)).one()


def release(tx: Tx, leased: Row, *, due_at: dt.datetime | None, ended_at: dt.datetime | None) -> None:
    """Gives a hand-over back."""
    mine = sa.and_(_transfer.id == leased.id, _transfer.lease_token == leased.lease_token)
    values = {"lease_token": None, "lease_until": None, "due_at": due_at, "ended_at": ended_at}
    tx.execute(sa.update(transfer_table).where(mine).values(**values))


def hurry(tx: Tx, transfer_id: str, at: dt.datetime) -> None:
    """Makes a hand-over due."""
    tx.execute(sa.update(transfer_table).where(_transfer.id == transfer_id, _transfer.ended_at.is_(None)).values(due_at=at))


def hurry_of(tx: Tx, account_id: str, external_userid: str, at: dt.datetime) -> None:
    """Makes every hand-over of a customer that has not ended due."""
    mine = sa.and_(_customer.account_id == account_id, _customer.external_userid == external_userid, _customer.state.in_(_OPEN))
    for transfer_id in list(tx.execute(sa.select(_customer.transfer_id).where(mine)).scalars()):
        hurry(tx, transfer_id, at)


def open_customers(tx: Tx, transfer_id: str) -> list[Row]:
    """Customers of a hand-over whose end is not known."""
    mine = sa.and_(_customer.transfer_id == transfer_id, _customer.state.in_(_OPEN))
    return list(tx.execute(sa.select(transfer_customer_table).where(mine).order_by(_customer.external_userid)))


def under_way(tx: Tx, account_id: str, external_userids: Collection[str]) -> set[str]:
    """Which of these customers are being handed over."""
    found: set[str] = set()
    listed = sorted(external_userids)
    for start in range(0, len(listed), _STEP):
        mine = sa.and_(_customer.account_id == account_id, _customer.external_userid.in_(listed[start : start + _STEP]))
        found.update(tx.execute(sa.select(_customer.external_userid).where(mine, _customer.state.in_(_OPEN))).scalars())
    return found


def recent(tx: Tx, account_id: str, external_userids: Collection[str], since: dt.datetime) -> dict[str, int]:
    """How often each of these customers was handed over since then; those never are left out."""
    found: dict[str, int] = {}
    listed = sorted(external_userids)
    for start in range(0, len(listed), _STEP):
        mine = sa.and_(
            _customer.account_id == account_id,
            _customer.external_userid.in_(listed[start : start + _STEP]),
            _customer.state.in_((TransferState.DONE, TransferState.WAITING)),
            _customer.called_at >= since,
        )
        wanted = sa.select(_customer.external_userid, sa.func.count().label("many")).where(mine).group_by(_customer.external_userid)
        found.update({row.external_userid: row.many for row in tx.execute(wanted)})
    return found


def followed(tx: Tx, account_id: str, userid: str) -> list[str]:
    """The contacts whom a member of staff follows, in order."""
    mine = sa.and_(_relation.account_id == account_id, _relation.userid == userid, _relation.state == "following")
    return list(tx.execute(sa.select(_relation.external_userid).where(mine).order_by(_relation.external_userid)).scalars())


def put_days(tx: Tx, account_id: str, found: Sequence[StaffDay], *, at: dt.datetime) -> None:
    """Keeps what was counted; a day that is told again replaces what was told before."""
    for one_day in found:
        mine = sa.and_(_day.account_id == account_id, _day.userid == one_day.userid, _day.day == one_day.day)
        tx.execute(sa.delete(staff_day_table).where(mine))
    rows = [
        {"account_id": account_id, "fetched_at": at, **{name: getattr(one_day, name) for name in StaffDay.__dataclass_fields__}}
        for one_day in found
    ]
    if rows:
        tx.execute(sa.insert(staff_day_table), rows)


def days(tx: Tx, account_id: str, first: dt.date, last: dt.date, userids: Collection[str] | None) -> list[StaffDay]:
    """What was counted on these days, in order of day and member of staff."""
    mine = sa.and_(_day.account_id == account_id, _day.day >= first, _day.day <= last)
    wanted = sa.select(staff_day_table).where(mine if userids is None else sa.and_(mine, _day.userid.in_(list(userids))))
    return [
        StaffDay(**{name: getattr(row, name) for name in StaffDay.__dataclass_fields__})
        for row in tx.execute(wanted.order_by(_day.day, _day.userid))
    ]
