"""The SQL of calls and of what each member got of them."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.engagement.contracts.touches import Fate, ParcelState, Told
from wellspring.engagement.models.touches import body_table, parcel_table, send_table
from wellspring.kernel.stores import Instant, Tx
from wellspring.kernel.stores.asking import ask

_send, _parcel = send_table.c, parcel_table.c
# Names in one statement.
_PIECE = 500
Row = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Move:
    """How far a touch came, whether a place under the caps is kept for it, and what the log of activity is owed."""

    id: int
    fate: Fate
    reason: str
    is_charged: bool
    told: Told


def addresses_used(tx: Tx, scope: str, among: Sequence[str] | None = None) -> set[str]:
    """The addresses that a scope has used already; where it touches by instance, each with its instance."""
    used = sa.select(_send.address, _send.instance).where(_send.scope == scope, _send.fate != Fate.DROPPED.value)
    if among is None:
        return {_place(address, instance) for address, instance in tx.execute(used)}
    found: set[str] = set()
    for start in range(0, len(among), _PIECE):
        piece = used.where(_send.address.in_(list(among[start : start + _PIECE])))
        found |= {_place(address, instance) for address, instance in tx.execute(piece)}
    return found


def _place(address: str, instance: str) -> str:
    return f"{address}\x1f{instance}" if instance else address


def touched(tx: Tx, scope: str, instances: Sequence[str]) -> set[tuple[int, str]]:
    """Member and instance of what a scope has touched, among these instances."""
    found: set[tuple[int, str]] = set()
    for start in range(0, len(instances), _PIECE):
        piece = list(instances[start : start + _PIECE])
        wanted = sa.select(_send.member_no, _send.instance).where(
            _send.scope == scope, _send.instance.in_(piece), _send.fate != Fate.DROPPED.value
        )
        found |= {(member_no, instance) for member_no, instance in tx.execute(wanted)}
    return found


def reached(tx: Tx, scope: str, numbers: Sequence[int]) -> set[tuple[int, str]]:
    """Member and instance of whom a scope has, or may have, reached among these numbers."""
    kept = (Fate.CLAIMED.value, Fate.DROPPED.value, Fate.FAILED.value, Fate.EXPIRED.value)
    found: set[tuple[int, str]] = set()
    for start in range(0, len(numbers), _PIECE):
        piece = list(numbers[start : start + _PIECE])
        wanted = sa.select(_send.member_no, _send.instance).where(_send.scope == scope, _send.member_no.in_(piece), _send.fate.not_in(kept))
        found |= {(member_no, instance) for member_no, instance in tx.execute(wanted)}
    return found


def insert_parcels(tx: Tx, parcels: Sequence[Row], sends: Sequence[Row], bodies: Mapping[str, bytes], at: dt.datetime) -> None:
    """Writes calls that are to be made, their touches and their bodies."""
    known = set(tx.execute(sa.select(body_table.c.hash).where(body_table.c.hash.in_(list(bodies)))).scalars())
    fresh = [{"hash": name, "sealed": sealed, "at": at} for name, sealed in bodies.items() if name not in known]
    if fresh:
        tx.execute(sa.insert(body_table), fresh)
    if parcels:
        tx.execute(sa.insert(parcel_table), list(parcels))
    if sends:
        tx.execute(sa.insert(send_table), list(sends))


def has_due(tx: Tx, at: dt.datetime) -> bool:
    """Whether a call is to be made, was lost, or is to be asked about."""
    callable_ = sa.and_(_parcel.state.in_([ParcelState.READY.value, ParcelState.UNKNOWN.value]), _parcel.due_at <= at)
    lost = sa.and_(_parcel.state == ParcelState.CALLING.value, _parcel.lease_until < at)
    return any(
        tx.execute(sa.select(_parcel.key).where(one).limit(1)).first() is not None for one in (callable_, lost, _parcel.ask_at <= at)
    )


def put_off(tx: Tx, *, channel: str, account_id: str, until: dt.datetime) -> None:
    """Lets everything of an account wait: the provider has had enough for now (D11)."""
    mine = sa.and_(_parcel.channel == channel, _parcel.account_id == account_id, _parcel.state == ParcelState.READY.value)
    tx.execute(sa.update(parcel_table).where(mine, _parcel.due_at < until).values(due_at=until))


def resumes_at(tx: Tx, *, channel: str, account_id: str, at: dt.datetime) -> dt.datetime:
    """When an account may be called next: now, unless everything that is ready waits for it."""
    mine = sa.and_(_parcel.channel == channel, _parcel.account_id == account_id, _parcel.state == ParcelState.READY.value)
    first = tx.execute(sa.select(sa.func.min(_parcel.due_at).cast(Instant)).where(mine)).scalar()
    return at if first is None else max(at, first)


def ready_of(tx: Tx, kind: str, origin_id: str) -> list[Row]:
    """Calls of an origin that no worker has in hand and no provider has heard of."""
    states = [ParcelState.READY.value, ParcelState.PAUSED.value]
    mine = sa.and_(_parcel.origin_kind == kind, _parcel.origin_id == origin_id, _parcel.state.in_(states))
    return [dict(row) for row in tx.execute(sa.select(parcel_table).where(mine).order_by(_parcel.key).with_for_update()).mappings()]


def in_hand_of(tx: Tx, kind: str, origin_id: str, *, never: dt.datetime) -> list[Row]:
    """Calls of an origin that a worker has in hand, or that are unknown and not put off for ever: they may be tried again."""
    again = sa.and_(_parcel.state == ParcelState.UNKNOWN.value, _parcel.due_at < never)
    may = sa.or_(_parcel.state == ParcelState.CALLING.value, again)
    mine = sa.and_(_parcel.origin_kind == kind, _parcel.origin_id == origin_id, may)
    return [dict(row) for row in tx.execute(sa.select(parcel_table).where(mine).order_by(_parcel.key).with_for_update()).mappings()]


def take_back(tx: Tx, ids: Sequence[int], reason: str) -> None:
    """Notes why touches on their way are not to be tried again, should their call come back unmade."""
    if ids:
        changed = sa.update(send_table).where(_send.id == sa.bindparam("b_id")).values(reason=sa.bindparam("why"))
        tx.execute(changed, [{"b_id": one, "why": reason} for one in ids])


def turn_parcels(tx: Tx, kind: str, origin_id: str, was: ParcelState, now: ParcelState) -> None:
    """Pauses the calls of an origin, or lets them go on."""
    mine = sa.and_(_parcel.origin_kind == kind, _parcel.origin_id == origin_id, _parcel.state == was.value)
    tx.execute(sa.update(parcel_table).where(mine).values(state=now.value))


def has_open(tx: Tx, kind: str, origin_id: str, *, followed: bool) -> bool:
    """Whether any call of an origin is still to be made or on its way; `followed` counts those that are still asked about."""
    states = [ParcelState.READY.value, ParcelState.PAUSED.value, ParcelState.CALLING.value]
    is_open: sa.ColumnElement[bool] = _parcel.state.in_(states)
    if followed:
        is_open = sa.or_(is_open, sa.and_(_parcel.state == ParcelState.ACCEPTED.value, _parcel.ask_at.is_not(None)))
    mine = sa.and_(_parcel.origin_kind == kind, _parcel.origin_id == origin_id, is_open)
    return tx.execute(sa.select(_parcel.key).where(mine).limit(1)).first() is not None


def accepted_of(tx: Tx, kind: str, origin_id: str) -> list[Row]:
    """Calls of an origin that a provider took."""
    mine = sa.and_(_parcel.origin_kind == kind, _parcel.origin_id == origin_id, _parcel.state == ParcelState.ACCEPTED.value)
    return [dict(row) for row in tx.execute(sa.select(parcel_table).where(mine).order_by(_parcel.key)).mappings()]


def lost_parcels(tx: Tx, at: dt.datetime) -> list[Row]:
    """Calls whose worker was lost while it called: nobody here knows whether the provider took them."""
    wanted = sa.select(parcel_table).where(_parcel.state == ParcelState.CALLING.value, _parcel.lease_until < at)
    return [dict(row) for row in tx.execute(wanted.order_by(_parcel.key)).mappings()]


def settle_parcel(tx: Tx, key: str, fence: int, was: ParcelState, **values: Any) -> bool:  # noqa: ANN401 - column values
    """Writes what a call ended with, if it is still in this worker's hands (D04)."""
    mine = sa.and_(_parcel.key == key, _parcel.fence == fence, _parcel.state == was.value)
    return bool(tx.execute(sa.update(parcel_table).where(mine).values(**values)).rowcount)


def change_parcel(tx: Tx, key: str, *states: ParcelState, **values: Any) -> bool:  # noqa: ANN401 - column values
    """Changes a call that stands in one of these states."""
    mine = sa.and_(_parcel.key == key, _parcel.state.in_([state.value for state in states]))
    return bool(tx.execute(sa.update(parcel_table).where(mine).values(**values)).rowcount)


def parcel(tx: Tx, key: str) -> Row | None:
    """One call."""
    row = tx.execute(sa.select(parcel_table).where(_parcel.key == key)).mappings().first()
    return None if row is None else dict(row)


def parcels_to_ask(tx: Tx, at: dt.datetime, *, limit: int) -> list[Row]:
    """Calls of which it is time to ask what became of them."""
    wanted = sa.select(parcel_table).where(_parcel.ask_at <= at).order_by(_parcel.ask_at, _parcel.key).limit(limit)
    return [dict(row) for row in tx.execute(wanted).mappings()]


def sends_of(tx: Tx, key: str) -> list[Row]:
    """The touches of a call, by number."""
    return [dict(row) for row in tx.execute(sa.select(send_table).where(_send.parcel_key == key).order_by(_send.id)).mappings()]


def move_sends(tx: Tx, moves: Iterable[Move], at: dt.datetime) -> None:
    """Writes how far touches came."""
    told = [
        {"b_id": move.id, "fate": move.fate.value, "reason": move.reason[:80], "is_charged": move.is_charged, "told": move.told.value}
        | {"changed_at": at}
        for move in moves
    ]
    if told:
        tx.execute(
            sa.update(send_table)
            .where(_send.id == sa.bindparam("b_id"))
            .values({name: sa.bindparam(name) for name in ("fate", "reason", "is_charged", "told", "changed_at")}),
            told,
        )


def owed(tx: Tx, *, limit: int) -> list[Row]:
    """Touches of which the log of activity is owed news, the oldest first."""
    is_owed = _send.told.in_([sa.literal_column("1"), sa.literal_column("3")])
    wanted = sa.select(send_table, _parcel.account_id).join(parcel_table, _parcel.key == _send.parcel_key)
    return [dict(row) for row in tx.execute(wanted.where(is_owed).order_by(_send.id).limit(limit)).mappings()]


def paid(tx: Tx, ids: Sequence[int], was: Told, now: Told) -> None:
    """Notes that the log has heard, unless there were other news meanwhile."""
    for start in range(0, len(ids), _PIECE):
        mine = sa.and_(_send.id.in_(list(ids[start : start + _PIECE])), _send.told == was.value)
        tx.execute(sa.update(send_table).where(mine).values(told=now.value))


def origins_of(tx: Tx, keys: Sequence[str]) -> dict[str, Row]:
    """On whose behalf calls were made, by their keys."""
    found: dict[str, Row] = {}
    for start in range(0, len(keys), _PIECE):
        wanted = sa.select(_parcel.key, _parcel.origin_kind, _parcel.origin_id, _parcel.origin_node)
        told = wanted.where(_parcel.key.in_(list(keys[start : start + _PIECE])))
        found |= {row["key"]: dict(row) for row in tx.execute(told).mappings()}
    return found


def of_members(tx: Tx, numbers: Sequence[int], *, limit: int) -> list[Row]:
    """The touches of members, the newest first."""
    wanted = sa.select(send_table).where(_send.member_no.in_(list(numbers))).order_by(_send.at.desc(), _send.id.desc()).limit(limit)
    return [dict(row) for row in tx.execute(wanted).mappings()]


def given(tx: Tx, channel: str, numbers: Sequence[int]) -> list[Row]:
    """What members may have been given to in a channel: account, address and body of every call that a provider may have taken."""
    kept = (Fate.CLAIMED.value, Fate.DROPPED.value, Fate.FAILED.value)
    wanted = sa.select(_parcel.account_id, _parcel.body_hash, _send.address).join_from(
        parcel_table, send_table, _send.parcel_key == _parcel.key
    )
    found: list[Row] = []
    for start in range(0, len(numbers), _PIECE):
        mine = wanted.where(_send.member_no.in_(list(numbers[start : start + _PIECE])), _send.channel == channel, _send.fate.not_in(kept))
        found += [dict(row) for row in tx.execute(mine.distinct()).mappings()]
    return found


def forget(tx: Tx, numbers: Sequence[int]) -> int:
    """Deletes what members were sent, and bodies that were nobody else's; how many went by fate stays in no row of theirs."""
    removed = 0
    for start in range(0, len(numbers), _PIECE):
        piece = list(numbers[start : start + _PIECE])
        keys = list(tx.execute(sa.select(_send.parcel_key).where(_send.member_no.in_(piece)).distinct()).scalars())
        removed += tx.execute(sa.delete(send_table).where(_send.member_no.in_(piece))).rowcount
        names = set(tx.execute(sa.select(_parcel.body_hash).where(_parcel.key.in_(keys))).scalars())
        shared = sa.select(_parcel.body_hash).join_from(parcel_table, send_table, _send.parcel_key == _parcel.key)
        kept = set(tx.execute(shared.where(_parcel.body_hash.in_(list(names))).distinct()).scalars())
        tx.execute(sa.delete(body_table).where(body_table.c.hash.in_(list(names - kept))))
    return removed


def body(tx: Tx, name: str) -> bytes | None:
    """A sealed body."""
    return tx.execute(sa.select(body_table.c.sealed).where(body_table.c.hash == name)).scalar()


def members_of_batch(tx: Tx, batch_id: str) -> BitMap:
    """Whom an intent has become touches for."""
    return BitMap(number for (number,) in ask(tx, "SELECT member_no FROM engagement_send WHERE batch_id = :batch", {"batch": batch_id}))
