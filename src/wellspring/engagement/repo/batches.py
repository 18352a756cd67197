"""The SQL of intents: planned, released, claimed under a fence, taken back."""

import base64
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.channels.contracts.sends import SILENT
from wellspring.engagement.contracts.touches import BatchState, Origin, OriginKind, Purpose
from wellspring.engagement.models.touches import batch_table, drop_table
from wellspring.engagement.rules.caps import Bucket, Reservation, Touching, Unit
from wellspring.kernel.stores import Tx

_columns = batch_table.c
# Why an intent waits, where that decides how it goes on.
_ASLEEP = "asleep"
_OPEN = (BatchState.WAITING.value, BatchState.PLANNED.value, BatchState.CLAIMED.value, BatchState.PAUSED.value)


@dataclass(frozen=True)
class Batch:
    """One intent as it stands."""

    id: str
    origin: Origin
    scope: str
    content_id: str
    channel: str
    account_id: str
    sender: str
    purpose: Purpose
    tags: frozenset[str]
    priority: int
    expires_at: dt.datetime | None
    senders: tuple[str, ...]
    is_held_out_checked: bool
    members: BitMap
    keys: dict[int, str]
    release_at: dt.datetime
    # When the caps were charged, and the members by local day then (None: all of them).
    charged_at: dt.datetime | None = None
    days: tuple[tuple[int, BitMap | None], ...] = ()
    state: BatchState = BatchState.PLANNED
    size: int = 0
    fence: int = 0
    # Waits for the end of quiet hours, where its minute is chosen together with all that waits there.
    is_asleep: bool = False

    @property
    def touching(self) -> Touching:
        """What the caps have to know."""
        return touching_of(self.origin, self.channel, self.tags, self.priority, self.purpose)

    def reservation(self, members: BitMap) -> Reservation:
        """Where these of its members were counted; nowhere while it waits."""
        if self.charged_at is None or not self.touching.is_counted or not members:
            return Reservation(())
        hour = int(self.charged_at.timestamp()) // 3600
        charges: list[tuple[Bucket, BitMap]] = []
        for scope in sorted(self.touching.scopes):
            by_day = ((day, members if there is None else members & there) for day, there in self.days)
            charges += [(Bucket(scope, Unit.LOCAL_DAY, day), here) for day, here in by_day if here]
            charges += [(Bucket(scope, Unit.DAY, hour // 24), members), (Bucket(scope, Unit.HOUR, hour), members)]
        return Reservation(tuple(charges))


def touching_of(origin: Origin, channel: str, tags: Iterable[str], priority: int, purpose: Purpose) -> Touching:
    """What the caps have to know of a message."""
    is_transactional = purpose is Purpose.SERVICE
    return Touching(channel, origin.id, frozenset(tags), priority, is_transactional=is_transactional, is_silent=channel in SILENT)


def insert(tx: Tx, batches: Sequence[Batch], at: dt.datetime) -> None:
    """Writes intents."""
    if batches:
        tx.execute(sa.insert(batch_table), [_row(batch, at) for batch in batches])


def due(tx: Tx, state: BatchState, at: dt.datetime, *, limit: int) -> list[Batch]:
    """Intents of a state whose time has come, the most important first among those of one instant."""
    wanted = sa.select(batch_table).where(_columns.state == state.value, _columns.release_at <= at)
    return [_batch(row) for row in tx.execute(wanted.order_by(_columns.release_at, _columns.priority.desc(), _columns.id).limit(limit))]


def has_due(tx: Tx, at: dt.datetime) -> bool:
    """Whether any intent's time has come, or a worker lost one."""
    ready = sa.and_(_columns.state.in_([BatchState.WAITING.value, BatchState.PLANNED.value]), _columns.release_at <= at)
    lost = sa.and_(_columns.state == BatchState.CLAIMED.value, _columns.lease_until < at)
    return tx.execute(sa.select(_columns.id).where(sa.or_(ready, lost)).limit(1)).first() is not None


def claim(tx: Tx, at: dt.datetime, until: dt.datetime) -> Batch | None:
    """Takes the next intent, or one whose worker was lost, into a worker's hands; the fence tells it from whoever had it."""
    ready = sa.and_(_columns.state == BatchState.PLANNED.value, _columns.release_at <= at)
    lost = sa.and_(_columns.state == BatchState.CLAIMED.value, _columns.lease_until < at)
    wanted = sa.select(batch_table).where(sa.or_(ready, lost))
    row = tx.execute(
        wanted.order_by(_columns.release_at, _columns.priority.desc(), _columns.id).limit(1).with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    values = {"state": BatchState.CLAIMED.value, "fence": row.fence + 1, "lease_until": until}
    tx.execute(sa.update(batch_table).where(_columns.id == row.id).values(**values))
    return _batch(row, fence=row.fence + 1, state=BatchState.CLAIMED)


def shrink(tx: Tx, batch: Batch, gone: BitMap, *, until: dt.datetime | None = None) -> bool:
    """Takes members out of a claimed intent that is still in this worker's hands; done when nobody is left. False: it is not."""
    current = tx.execute(
        sa.select(_columns.members).where(
            _columns.id == batch.id, _columns.fence == batch.fence, _columns.state == BatchState.CLAIMED.value
        )
    ).scalar()
    if current is None:
        return False
    rest = BitMap.deserialize(current) - gone
    state = BatchState.CLAIMED if rest else BatchState.DONE
    values = {"members": rest.serialize(), "left": len(rest), "state": state.value, "lease_until": until if rest else None}
    tx.execute(sa.update(batch_table).where(_columns.id == batch.id).values(**values))
    return True


def remains(tx: Tx, batch: Batch) -> BitMap | None:
    """Who is left of a claimed intent; None when somebody else has it, or it was taken back."""
    mine = sa.and_(_columns.id == batch.id, _columns.fence == batch.fence, _columns.state == BatchState.CLAIMED.value)
    current = tx.execute(sa.select(_columns.members).where(mine)).scalar()
    return None if current is None else BitMap.deserialize(current)


def open_of(tx: Tx, kind: OriginKind, origin_id: str, *, scope: str | None = None, node: str | None = None) -> list[Batch]:
    """Intents of an origin that still hold somebody."""
    wanted = sa.select(batch_table).where(_columns.origin_kind == kind.value, _columns.origin_id == origin_id, _columns.state.in_(_OPEN))
    if scope is not None:
        wanted = wanted.where(_columns.scope == scope)
    if node is not None:
        wanted = wanted.where(_columns.origin_node == node)
    return [_batch(row) for row in tx.execute(wanted.order_by(_columns.id))]


def open_with(tx: Tx, member_no: int, *, limit: int) -> list[tuple[Batch, dt.datetime]]:
    """Open intents that hold a member, the next first, with when they were planned."""
    wanted = sa.select(batch_table).where(_columns.state.in_(_OPEN)).order_by(_columns.release_at)
    found = []
    for row in tx.execute(wanted.execution_options(yield_per=200)):
        if member_no in BitMap.deserialize(row.members):
            found.append((_batch(row), row.planned_at))
            if len(found) == limit:
                break
    return found


def open_now(tx: Tx) -> list[Batch]:
    """Every intent that still holds somebody."""
    return [_batch(row) for row in tx.execute(sa.select(batch_table).where(_columns.state.in_(_OPEN)).order_by(_columns.id))]


def waiting(tx: Tx, after: dt.datetime) -> list[Batch]:
    """Intents that wait for a time after this instant: what is booked."""
    wanted = sa.select(batch_table).where(_columns.state == BatchState.WAITING.value, _columns.release_at > after)
    return [_batch(row) for row in tx.execute(wanted.order_by(_columns.id))]


def has_asleep(tx: Tx, at: dt.datetime) -> bool:
    """Whether anybody's night has ended."""
    return tx.execute(sa.select(_columns.id).where(_ended(at)).limit(1)).first() is not None


def asleep(tx: Tx, at: dt.datetime) -> list[Batch]:
    """Intents whose night has ended, in the order in which they were asked for."""
    return [_batch(row) for row in tx.execute(sa.select(batch_table).where(_ended(at)).order_by(_columns.id))]


def _ended(at: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_columns.state == BatchState.WAITING.value, _columns.release_at <= at, _columns.reason == _ASLEEP)


def put_members(tx: Tx, batch: Batch, rest: BitMap, reason: str) -> None:
    """Leaves an intent with other members; with nobody it is taken back. Who has it in hand looks before writing."""
    state = batch.state if rest else BatchState.WITHDRAWN
    values: dict[str, Any] = {"members": rest.serialize(), "left": len(rest), "state": state.value, "reason": _reason(batch, rest, reason)}
    tx.execute(sa.update(batch_table).where(_columns.id == batch.id).values(**values))


def put_members_of(tx: Tx, rests: Sequence[tuple[Batch, BitMap]], reason: str) -> None:
    """The same of many."""
    if not rests:
        return
    changed = sa.update(batch_table).where(_columns.id == sa.bindparam("which"))
    changed = changed.values({name: sa.bindparam(f"new_{name}") for name in ("members", "left", "state", "reason")})
    rows = [
        {
            "which": batch.id,
            "new_members": rest.serialize(),
            "new_left": len(rest),
            "new_state": (batch.state if rest else BatchState.WITHDRAWN).value,
            "new_reason": _reason(batch, rest, reason),
        }
        for batch, rest in rests
    ]
    tx.execute(changed, rows)


def _reason(batch: Batch, rest: BitMap, reason: str) -> str:
    return (_ASLEEP if batch.is_asleep else "") if rest else reason


def pause(tx: Tx, batch: Batch) -> None:
    """Stops an intent where it stands; a worker who has it in hand writes nothing more."""
    values: dict[str, Any] = {"state": BatchState.PAUSED.value, "charged_at": None, "days": [], "lease_until": None}
    tx.execute(sa.update(batch_table).where(_columns.id == batch.id).values(**values))


def resume(tx: Tx, kind: OriginKind, origin_id: str, at: dt.datetime) -> None:
    """Lets paused intents wait for their time again, or for this instant if it has passed."""
    mine = sa.and_(_columns.origin_kind == kind.value, _columns.origin_id == origin_id, _columns.state == BatchState.PAUSED.value)
    tx.execute(sa.update(batch_table).where(mine, _columns.release_at < at).values(release_at=at))
    tx.execute(sa.update(batch_table).where(mine).values(state=BatchState.WAITING.value))


def finish(tx: Tx, batch_id: str, state: BatchState) -> None:
    """Ends an intent that was planned anew, or worked off."""
    tx.execute(sa.update(batch_table).where(_columns.id == batch_id).values(state=state.value, left=0, members=BitMap().serialize()))


def loads(tx: Tx, since: dt.datetime, until: dt.datetime) -> dict[str, int]:
    """How many members each sender carries messages to within a span."""
    named = sa.and_(_columns.sender != "", _columns.state != BatchState.WITHDRAWN.value)
    span = sa.and_(_columns.release_at >= since, _columns.release_at < until)
    found = tx.execute(sa.select(_columns.sender, sa.func.sum(_columns.size)).where(named, span).group_by(_columns.sender))
    return {sender: int(total) for sender, total in found}


def one(tx: Tx, batch_id: str) -> Batch | None:
    """One intent."""
    row = tx.execute(sa.select(batch_table).where(_columns.id == batch_id)).first()
    return None if row is None else _batch(row)


def left_by(tx: Tx, kind: OriginKind, origin_id: str) -> list[tuple[str, str, dt.datetime, int]]:
    """Of an origin's open intents: node, sender, time, and how many are left."""
    wanted = sa.select(_columns.origin_node, _columns.sender, _columns.release_at, _columns.left)
    mine = sa.and_(_columns.origin_kind == kind.value, _columns.origin_id == origin_id, _columns.state.in_(_OPEN))
    return [(node, sender, at, left) for node, sender, at, left in tx.execute(wanted.where(mine))]


def drop(tx: Tx, batch: Batch, dropped: dict[str, BitMap], at: dt.datetime) -> None:
    """Notes for whom a touch was not made, and why."""
    origin = _origin_values(batch.origin)
    rows = [
        {
            **origin,
            "scope": batch.scope,
            "channel": batch.channel,
            "content_id": batch.content_id,
            "reason": str(reason),
            "members": members.serialize(),
            "size": len(members),
            "at": at,
        }
        for reason, members in dropped.items()
        if members
    ]
    if rows:
        tx.execute(sa.insert(drop_table), rows)


def _origin_values(origin: Origin) -> dict[str, Any]:
    return {
        "origin_kind": origin.kind.value,
        "origin_id": origin.id,
        "origin_version": origin.version,
        "origin_node": origin.node,
    }


def _row(batch: Batch, at: dt.datetime) -> dict[str, Any]:
    return {
        "id": batch.id,
        **_origin_values(batch.origin),
        "scope": batch.scope,
        "content_id": batch.content_id,
        "channel": batch.channel,
        "account_id": batch.account_id,
        "sender": batch.sender,
        "purpose": batch.purpose.value,
        "tags": sorted(batch.tags),
        "priority": batch.priority,
        "expires_at": batch.expires_at,
        "senders": list(batch.senders),
        "is_held_out_checked": batch.is_held_out_checked,
        "members": batch.members.serialize(),
        "size": len(batch.members),
        "left": len(batch.members),
        "keys": {str(member): key for member, key in batch.keys.items() if member in batch.members},
        "state": batch.state.value,
        "release_at": batch.release_at,
        "reason": _ASLEEP if batch.is_asleep else "",
        "planned_at": at,
        "charged_at": batch.charged_at,
        "days": [[day, "" if there is None else base64.b64encode(there.serialize()).decode()] for day, there in batch.days],
    }


def _batch(row: sa.Row[Any], **changed: Any) -> Batch:  # noqa: ANN401 - fields of a batch
    values = row._mapping  # noqa: SLF001 - the documented way to a row as a mapping
    plain = ("id", "scope", "content_id", "channel", "account_id", "sender", "priority", "expires_at", "release_at", "charged_at", "size")
    fields = {name: values[name] for name in plain} | {"fence": values["fence"], "state": BatchState(values["state"])} | changed
    return Batch(
        origin=Origin(OriginKind(values["origin_kind"]), values["origin_id"], values["origin_version"], values["origin_node"]),
        purpose=Purpose(values["purpose"]),
        tags=frozenset(values["tags"]),
        senders=tuple(values["senders"]),
        is_held_out_checked=values["is_held_out_checked"],
        is_asleep=values["reason"] == _ASLEEP,
        members=BitMap.deserialize(values["members"]),
        keys={int(member): key for member, key in values["keys"].items()},
        days=tuple((day, BitMap.deserialize(base64.b64decode(there)) if there else None) for day, there in values["days"]),
        **fields,
    )
