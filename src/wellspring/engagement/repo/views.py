"""The SQL of screens: how far origins and senders are, the ledger page by page, dead letters, what one member was sent or was not."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.engagement.contracts.touches import Fate, OriginKind
from wellspring.engagement.models.touches import drop_table, parcel_table, send_table
from wellspring.kernel.stores import Tx

_send, _parcel, _drop = send_table.c, parcel_table.c, drop_table.c
Row = Mapping[str, Any]
# Reasons of dropped members are sets, one row per planning: so many of the latest are looked through for one member.
_DROPS_MAX = 5_000


def fates_by(tx: Tx, kind: OriginKind, origin_id: str) -> list[tuple[str, str, str, str, int]]:
    """Of an origin's touches: node, sender, fate, reason, and how many."""
    mine = sa.and_(_send.origin_kind == kind.value, _send.origin_id == origin_id)
    by = (_send.origin_node, _send.sender, _send.fate, _send.reason)
    return [tuple(row) for row in tx.execute(sa.select(*by, sa.func.count()).where(mine).group_by(*by))]


def drops_by(tx: Tx, kind: OriginKind, origin_id: str) -> list[tuple[str, str, int]]:
    """Of an origin's touches that were never rows: node, reason, and how many."""
    mine = sa.and_(_drop.origin_kind == kind.value, _drop.origin_id == origin_id)
    by = (_drop.origin_node, _drop.reason)
    found = tx.execute(sa.select(*by, sa.func.sum(_drop.size)).where(mine).group_by(*by))
    return [(node, reason, int(count)) for node, reason, count in found]


def dropped_members(tx: Tx, kind: OriginKind, origin_id: str, reason: str) -> BitMap:
    """Everybody for whom an origin's touch was not made for this reason, before the call or in it."""
    mine = sa.and_(_drop.origin_kind == kind.value, _drop.origin_id == origin_id, _drop.reason == reason)
    found = BitMap()
    for blob in tx.execute(sa.select(_drop.members).where(mine)).scalars():
        found |= BitMap.deserialize(blob)
    rows = sa.and_(_send.origin_kind == kind.value, _send.origin_id == origin_id, _send.fate == Fate.DROPPED.value, _send.reason == reason)
    return found | BitMap(tx.execute(sa.select(_send.member_no).where(rows)).scalars())


def sends_of(tx: Tx, kind: OriginKind, origin_id: str) -> list[tuple[int, str, str, dt.datetime]]:
    """An origin's touches: member, sender, fate, and when the row was written."""
    mine = sa.and_(_send.origin_kind == kind.value, _send.origin_id == origin_id)
    wanted = sa.select(_send.member_no, _send.sender, _send.fate, _send.at).where(mine).order_by(_send.id)
    return [tuple(row) for row in tx.execute(wanted)]


def sends_after(tx: Tx, kind: OriginKind, origin_id: str, after: int, *, limit: int) -> list[Row]:
    """An origin's touches in order of writing, after a number."""
    mine = sa.and_(_send.origin_kind == kind.value, _send.origin_id == origin_id, _send.id > after)
    return [dict(row) for row in tx.execute(sa.select(send_table).where(mine).order_by(_send.id).limit(limit)).mappings()]


def page(
    tx: Tx,
    *,
    before: int | None,
    limit: int,
    origin_id: str | None,
    fate: str | None,
    channel: str | None,
    sender: str | None,
    member_nos: Sequence[int] | None,
) -> list[Row]:
    """The ledger, the newest touches first."""
    wanted = sa.select(send_table)
    for column, value in ((_send.origin_id, origin_id), (_send.fate, fate), (_send.channel, channel), (_send.sender, sender)):
        if value:
            wanted = wanted.where(column == value)
    if member_nos is not None:
        wanted = wanted.where(_send.member_no.in_(list(member_nos)))
    if before is not None:
        wanted = wanted.where(_send.id < before)
    return [dict(row) for row in tx.execute(wanted.order_by(_send.id.desc()).limit(limit)).mappings()]


def drops_with(tx: Tx, numbers: BitMap, *, limit: int) -> list[Row]:
    """The latest touches of a member that were not made."""
    wanted = sa.select(drop_table).order_by(_drop.id.desc()).limit(_DROPS_MAX)
    found: list[Row] = []
    for row in tx.execute(wanted.execution_options(yield_per=200)).mappings():
        if BitMap.deserialize(row["members"]) & numbers:
            found.append(dict(row))
            if len(found) == limit:
                break
    return found


def letters(tx: Tx, *, is_open: bool, before: tuple[dt.datetime, str] | None, limit: int) -> list[Row]:
    """Dead letters, the latest first: those to be settled, or those that were."""
    wanted = sa.select(parcel_table).where(_parcel.is_dead == sa.true())
    wanted = wanted.where(_parcel.resolution == "" if is_open else _parcel.resolution != "")
    if before:
        at, key = before
        wanted = wanted.where(sa.or_(_parcel.called_at < at, sa.and_(_parcel.called_at == at, _parcel.key < key)))
    return [dict(row) for row in tx.execute(wanted.order_by(_parcel.called_at.desc(), _parcel.key.desc()).limit(limit)).mappings()]


def open_letters(tx: Tx) -> int:
    """How many dead letters wait for a person."""
    mine = sa.and_(_parcel.is_dead == sa.true(), _parcel.resolution == "")
    return tx.execute(sa.select(sa.func.count()).select_from(parcel_table).where(mine)).scalar_one()


def totals_since(tx: Tx, since: dt.datetime) -> dict[str, int]:
    """How many touches came how far, of those written since."""
    found = tx.execute(sa.select(_send.fate, sa.func.count()).where(_send.at >= since).group_by(_send.fate))
    return {fate: int(count) for fate, count in found}
