"""Rows of parcels, receipts and replies."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from wellspring.channels.models.sends import leaving_table, parcel_table, receipt_table, reply_table
from wellspring.channels.rules.mails import BOUNCED
from wellspring.kernel.stores import Tx

Row = sa.Row[Any]
_parcel = parcel_table.c
_receipt = receipt_table.c
_reply = reply_table.c
_leaving = leaving_table.c
_UNANSWERED_MAX = 500


def parcel(tx: Tx, key: str) -> Row | None:
    """A parcel by our key."""
    return tx.execute(sa.select(parcel_table).where(_parcel.key == key)).first()


def parcels(tx: Tx, keys: Sequence[str]) -> dict[str, Row]:
    """Parcels by our keys, as far as they are known."""
    return {row.key: row for row in tx.execute(sa.select(parcel_table).where(_parcel.key.in_(list(keys))))}


def parcel_of(tx: Tx, account_id: str, provider_id: str) -> Row | None:
    """A parcel by what the provider calls it, or what it made of it."""
    if not provider_id:
        return None
    mine = sa.and_(_parcel.account_id == account_id, _parcel.provider_id == provider_id)
    return tx.execute(sa.select(parcel_table).where(mine).limit(1)).first()


def unanswered(tx: Tx, *, channels: Sequence[str], since: dt.datetime, calling_before: dt.datetime) -> list[Row]:
    """Parcels of which nobody knows whether they were taken: unknown, or still being called by somebody who is long dead."""
    is_open = sa.or_(_parcel.state == "unknown", sa.and_(_parcel.state == "calling", _parcel.called_at < calling_before))
    mine = sa.and_(is_open, _parcel.state.in_(["calling", "unknown"]), _parcel.called_at >= since, _parcel.channel.in_(list(channels)))
    return list(tx.execute(sa.select(parcel_table).where(mine).order_by(_parcel.called_at).limit(_UNANSWERED_MAX)))


def known_among(tx: Tx, account_id: str, provider_ids: Sequence[str]) -> set[str]:
    """Which of these the provider told us already."""
    mine = sa.and_(_parcel.account_id == account_id, _parcel.provider_id.in_(list(provider_ids)))
    return set(tx.execute(sa.select(_parcel.provider_id).where(mine)).scalars())


def add_parcels(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps the intent to hand them over."""
    if rows:
        tx.execute(sa.insert(parcel_table), list(rows))


def change_parcel(tx: Tx, key: str, *, among: Sequence[str] | None = None, **values: Any) -> int:  # noqa: ANN401 - column values
    """Writes what became of a parcel, if it is in one of these states; gives how many rows that were."""
    mine = _parcel.key == key
    if among is not None:
        mine = sa.and_(mine, _parcel.state.in_(list(among)))
    return int(tx.execute(sa.update(parcel_table).where(mine).values(**values)).rowcount)


def end_parcels(tx: Tx, ended: Sequence[Mapping[str, Any]]) -> None:
    """Writes what became of parcels that are being called: rows of one shape, each with its key as `b_key`."""
    if ended:
        names = [name for name in ended[0] if name != "b_key"]
        called = sa.and_(_parcel.key == sa.bindparam("b_key"), _parcel.state == "calling")
        tx.execute(sa.update(parcel_table).where(called).values({name: sa.bindparam(name) for name in names}), list(ended))


def keep_receipt(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Keeps a state that was told; False when it was told before."""
    mine = sa.and_(*(_receipt[name] == row[name] for name in ("account_id", "provider_id", "address", "state")))
    if tx.execute(sa.select(_receipt.at).where(mine)).first() is not None:
        return False
    tx.execute(sa.insert(receipt_table).values(**row))
    return True


def dead(tx: Tx) -> set[str]:
    """The addresses that are known to be dead."""
    return set(tx.execute(sa.select(_receipt.address).where(_receipt.reason == BOUNCED)).scalars())


def keep_reply(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Keeps what somebody wrote; False when it came before."""
    mine = sa.and_(_reply.account_id == row["account_id"], _reply.digest == row["digest"])
    if tx.execute(sa.select(_reply.id).where(mine)).first() is not None:
        return False
    tx.execute(sa.insert(reply_table).values(**row))
    return True


def reply(tx: Tx, reply_id: str) -> Row | None:
    """A reply by id."""
    return tx.execute(sa.select(reply_table).where(_reply.id == reply_id)).first()


def replies_of(tx: Tx, numbers: Sequence[int], *, limit: int) -> list[Row]:
    """What these numbers wrote, the newest first."""
    mine = _reply.member_no.in_(list(numbers))
    return list(tx.execute(sa.select(reply_table).where(mine).order_by(_reply.at.desc(), _reply.id.desc()).limit(limit)))


def add_leaving(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keeps that somebody left a channel."""
    tx.execute(sa.insert(leaving_table).values(**row))


def unlogged_replies(tx: Tx, *, limit: int) -> list[Row]:
    """Replies that the log of activity has not heard of."""
    return list(tx.execute(sa.select(reply_table).where(_reply.is_logged.is_(False)).order_by(_reply.id).limit(limit)))


def logged_replies(tx: Tx, ids: Sequence[str]) -> None:
    """Notes that the log has heard of these."""
    tx.execute(sa.update(reply_table).where(_reply.id.in_(list(ids))).values(is_logged=True))


def unlogged_leavings(tx: Tx, *, limit: int) -> list[Row]:
    """Leavings that the log of activity has not heard of."""
    return list(tx.execute(sa.select(leaving_table).where(_leaving.is_logged.is_(False)).order_by(_leaving.id).limit(limit)))


def logged_leavings(tx: Tx, ids: Sequence[str]) -> None:
    """Notes that the log has heard of these."""
    tx.execute(sa.update(leaving_table).where(_leaving.id.in_(list(ids))).values(is_logged=True))


def forget_people(tx: Tx, numbers: Sequence[int]) -> int:
    """Removes what these numbers wrote, and when they left."""
    mine = list(numbers)
    gone = tx.execute(sa.delete(leaving_table).where(_leaving.member_no.in_(mine))).rowcount
    return int(gone + tx.execute(sa.delete(reply_table).where(_reply.member_no.in_(mine))).rowcount)


def forget_before(tx: Tx, before: dt.datetime) -> int:
    """Removes receipts and ended parcels of former times; gives how many."""
    # What is known to be dead stays so.
    told = sa.and_(_receipt.received_at < before, _receipt.reason != BOUNCED)
    gone = tx.execute(sa.delete(receipt_table).where(told)).rowcount
    old = sa.and_(_parcel.called_at < before, _parcel.state != "unknown")
    return int(gone + tx.execute(sa.delete(parcel_table).where(old)).rowcount)
