"""All transactional SQL of audiences: definitions, versions, ticks. Who is in one is a kernel set named after it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap

from wellspring.audiences.contracts import Audience, Cause, Refresh, State, Tick, Version, Webhook
from wellspring.audiences.models import audience_table, tick_table, version_table, webhook_table
from wellspring.kernel import sets
from wellspring.kernel.stores import Tx

_audience = audience_table.c
_version = version_table.c
_tick = tick_table.c
_webhook = webhook_table.c
# A day of heartbeats at five seconds.
_TICKS_KEPT = 17_280
LOCK = "audiences"


def set_name(audience_id: str) -> str:
    """The kernel set of an audience's members."""
    return f"audiences.{audience_id}"


def by_hand_names(audience_id: str) -> tuple[str, str]:
    """The kernel sets of those put in and those kept out by hand."""
    return f"audiences.{audience_id}.in", f"audiences.{audience_id}.out"


def listing(tx: Tx) -> list[Audience]:
    """Every audience, by name."""
    return [_of(row) for row in tx.execute(sa.select(audience_table).order_by(_audience.name))]


def one(tx: Tx, audience_id: str) -> Audience | None:
    """The audience of this id."""
    row = tx.execute(sa.select(audience_table).where(_audience.id == audience_id)).first()
    return None if row is None else _of(row)


def named(tx: Tx, name: str) -> Audience | None:
    """The audience of this name."""
    row = tx.execute(sa.select(audience_table).where(_audience.name == name)).first()
    return None if row is None else _of(row)


def insert(tx: Tx, values: Mapping[str, Any]) -> None:
    """A new audience."""
    tx.execute(sa.insert(audience_table).values(**values))


def change(tx: Tx, audience_id: str, values: Mapping[str, Any]) -> None:
    """Changes columns of an audience."""
    tx.execute(sa.update(audience_table).where(_audience.id == audience_id).values(**values))


def stands(tx: Tx) -> dict[str, tuple[str, int, int, str]]:
    """Of every audience by id what a computation stands on: definition hash, version, watermark, refresh."""
    asked = sa.select(_audience.id, _audience.definition_hash, _audience.version, _audience.watermark, _audience.refresh)
    return {row.id: (row.definition_hash, row.version, row.watermark, row.refresh) for row in tx.execute(asked)}


def change_several(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Changes the same columns of several audiences; `known` is the id."""
    if rows:
        values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "known"}
        tx.execute(sa.update(audience_table).where(_audience.id == sa.bindparam("known")).values(**values), list(rows))


def delete(tx: Tx, audience_id: str) -> None:
    """Removes an audience with its versions and sets."""
    tx.execute(sa.delete(webhook_table).where(_webhook.audience_id == audience_id))
    tx.execute(sa.delete(version_table).where(_version.audience_id == audience_id))
    tx.execute(sa.delete(audience_table).where(_audience.id == audience_id))
    for name in (set_name(audience_id), *by_hand_names(audience_id)):
        sets.remove(tx, name)


def members(tx: Tx, audience_id: str) -> BitMap:
    """Who is in it, by the last committed version."""
    return sets.read(tx, set_name(audience_id))


def members_known(tx: Tx, audience_id: str) -> BitMap | None:
    """The same, None where there is no such audience."""
    return None if one(tx, audience_id) is None else members(tx, audience_id)


def hands(tx: Tx) -> dict[str, tuple[BitMap, BitMap]]:
    """Those put in and those kept out by hand, of every audience where there were any."""
    name_of = sets.set_table.c.name
    asked = sa.select(name_of).where(name_of.like("audiences.%.in") | name_of.like("audiences.%.out"))
    touched = {name.split(".")[1] for name in tx.execute(asked).scalars()}
    return {audience_id: by_hand(tx, audience_id) for audience_id in touched}


def by_hand(tx: Tx, audience_id: str) -> tuple[BitMap, BitMap]:
    """Those put in and those kept out by hand."""
    inside, outside = by_hand_names(audience_id)
    return sets.read(tx, inside), sets.read(tx, outside)


def add_versions(tx: Tx, found: Sequence[tuple[Audience, BitMap, BitMap, Cause]], *, at: dt.datetime) -> None:
    """Notes who entered and left, as the version that each audience names."""
    rows = [
        {
            "audience_id": audience.id,
            "version": audience.version,
            "cause": cause.value,
            "members": audience.members,
            "entered": len(entered),
            "left": len(left),
            "entered_set": entered.serialize(),
            "left_set": left.serialize(),
            "definition_hash": audience.definition_hash,
            "at": at,
        }
        for audience, entered, left, cause in found
    ]
    if rows:
        tx.execute(sa.insert(version_table), rows)


def versions(tx: Tx, audience_id: str, *, before: int | None, limit: int) -> list[Version]:
    """The versions, the newest first."""
    wanted = sa.select(version_table).where(_version.audience_id == audience_id)
    if before is not None:
        wanted = wanted.where(_version.version < before)
    return [_version_of(row) for row in tx.execute(wanted.order_by(_version.version.desc()).limit(limit))]


def newest_changes(tx: Tx, audience_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many entered and left with the newest version of each of a page of audiences."""
    newest = sa.and_(_version.audience_id == _audience.id, _version.version == _audience.version)
    wanted = sa.select(_audience.id, _version.entered, _version.left).join(version_table, newest).where(_audience.id.in_(audience_ids))
    return {row.id: (row.entered, row.left) for row in tx.execute(wanted)}


def change_sets(tx: Tx, audience_id: str, version: int) -> tuple[BitMap, BitMap] | None:
    """Who entered and who left with a version."""
    wanted = sa.select(_version.entered_set, _version.left_set).where(_version.audience_id == audience_id, _version.version == version)
    row = tx.execute(wanted).first()
    return None if row is None else (BitMap.deserialize(row.entered_set), BitMap.deserialize(row.left_set))


def later_changes(tx: Tx, audience_id: str, version: int) -> Iterator[tuple[BitMap, BitMap]]:
    """Who entered and who left with every version after one, the newest first."""
    wanted = sa.select(_version.entered_set, _version.left_set).where(_version.audience_id == audience_id, _version.version > version)
    for row in tx.execute(wanted.order_by(_version.version.desc())):
        yield BitMap.deserialize(row.entered_set), BitMap.deserialize(row.left_set)


def changes_of_member(tx: Tx, audience_id: str, member_no: int, *, limit: int = 500) -> list[tuple[Version, bool]]:
    """The versions with which a member entered (True) or left (False), the newest first, of the last so many."""
    found = []
    wanted = sa.select(version_table).where(_version.audience_id == audience_id).order_by(_version.version.desc()).limit(limit)
    for row in tx.execute(wanted):
        has_entered = member_no in BitMap.deserialize(row.entered_set)
        if has_entered or member_no in BitMap.deserialize(row.left_set):
            found.append((_version_of(row), has_entered))
    return found


def last_tick(tx: Tx) -> Tick | None:
    """The newest heartbeat."""
    row = tx.execute(sa.select(tick_table).order_by(_tick.no.desc()).limit(1)).first()
    return None if row is None else Tick(**row._mapping)  # noqa: SLF001 - the documented way


def add_tick(tx: Tx, tick: Mapping[str, Any]) -> None:
    """Notes a heartbeat; old ones are dropped."""
    tx.execute(sa.insert(tick_table).values(**tick))
    tx.execute(sa.delete(tick_table).where(_tick.no <= tick["no"] - _TICKS_KEPT))


def ticks(tx: Tx, *, limit: int) -> list[Tick]:
    """The newest heartbeats first."""
    return [Tick(**row._mapping) for row in tx.execute(sa.select(tick_table).order_by(_tick.no.desc()).limit(limit))]  # noqa: SLF001 - as above


def due(tx: Tx, now: dt.datetime) -> list[Audience]:
    """Audiences that are refreshed by the clock and whose time has come."""
    wanted = sa.select(audience_table).where(_audience.due_at.is_not(None), _audience.due_at <= now)
    return [_of(row) for row in tx.execute(wanted.order_by(_audience.due_at))]


def is_any_kept_up(tx: Tx) -> bool:
    """Whether any audience is live or refreshed by the clock."""
    kept = sa.and_(_audience.refresh != Refresh.MANUAL.value, _audience.definition_hash != "")
    return tx.execute(sa.select(_audience.id).where(kept).limit(1)).first() is not None


def mark_computed(tx: Tx, audience_ids: Sequence[str], *, at: dt.datetime, watermark: int) -> None:
    """These members are those of this cut, changed or not."""
    for start in range(0, len(audience_ids), 500):
        mine = _audience.id.in_(list(audience_ids[start : start + 500]))
        unchanged = sa.and_(mine, _audience.state == State.READY.value)
        tx.execute(sa.update(audience_table).where(unchanged).values(computed_at=at, watermark=watermark))


def next_due(tx: Tx) -> dt.datetime | None:
    """When the next of them is due."""
    found: dt.datetime | None = tx.execute(sa.select(sa.func.min(_audience.due_at, type_=_audience.due_at.type))).scalar()
    return found


def _version_of(row: sa.Row[Any]) -> Version:
    return Version(row.version, Cause(row.cause), row.members, row.entered, row.left, row.definition_hash, row.at)


def _of(row: sa.Row[Any]) -> Audience:
    return Audience(
        id=row.id,
        name=row.name,
        description=row.description,
        definition=row.definition,
        definition_hash=row.definition_hash,
        refresh=Refresh(row.refresh),
        state=State(row.state),
        version=row.version,
        members=row.members,
        created_at=row.created_at,
        created_by=row.created_by,
        changed_at=row.changed_at,
        computed_at=row.computed_at,
        watermark=row.watermark,
        failed_since=row.failed_since,
        problem=row.problem,
        drift=row.drift,
    )


def ids_of(found: Sequence[Audience]) -> list[str]:
    """Their ids, in order."""
    return [audience.id for audience in found]


def versions_after(tx: Tx, audience_id: str, version: int, *, limit: int) -> list[tuple[Version, BitMap, BitMap]]:
    """The versions after one with who entered and left, the oldest first."""
    wanted = sa.select(version_table).where(_version.audience_id == audience_id, _version.version > version)
    return [
        (_version_of(row), BitMap.deserialize(row.entered_set), BitMap.deserialize(row.left_set))
        for row in tx.execute(wanted.order_by(_version.version).limit(limit))
    ]


def webhooks(tx: Tx, audience_id: str) -> list[Webhook]:
    """An audience's webhooks, the oldest first."""
    wanted = sa.select(webhook_table).where(_webhook.audience_id == audience_id).order_by(_webhook.created_at, _webhook.id)
    return [_webhook_of(row) for row in tx.execute(wanted)]


def webhook(tx: Tx, webhook_id: str) -> tuple[Webhook, bytes] | None:
    """A webhook and its sealed secret."""
    row = tx.execute(sa.select(webhook_table).where(_webhook.id == webhook_id)).first()
    return None if row is None else (_webhook_of(row), bytes(row.secret))


def insert_webhook(tx: Tx, values: Mapping[str, Any]) -> None:
    """A new webhook."""
    tx.execute(sa.insert(webhook_table).values(**values))


def change_webhook(tx: Tx, webhook_id: str, values: Mapping[str, Any]) -> None:
    """Changes columns of a webhook."""
    tx.execute(sa.update(webhook_table).where(_webhook.id == webhook_id).values(**values))


def delete_webhook(tx: Tx, webhook_id: str) -> None:
    """Removes a webhook."""
    tx.execute(sa.delete(webhook_table).where(_webhook.id == webhook_id))


def lagging_webhooks(tx: Tx, audience_id: str | None = None, *, whatever: bool = False) -> list[Webhook]:
    """Webhooks that were not told of everything, and for which nothing is queued (or so it says)."""
    behind = sa.select(webhook_table).join(audience_table, _webhook.audience_id == _audience.id).where(_webhook.version < _audience.version)
    wanted = behind if audience_id is None else behind.where(_webhook.audience_id == audience_id)
    wanted = wanted if whatever else wanted.where(_webhook.is_queued.is_(False))
    return [_webhook_of(row) for row in tx.execute(wanted)]


def hold_webhook(tx: Tx, webhook_id: str, *, by: str, now: dt.datetime, until: dt.datetime) -> bool:
    """Takes a webhook for a job, unless another one has it."""
    is_free = sa.or_(_webhook.held_by.is_(None), _webhook.held_by == by, _webhook.held_until < now)
    taken = sa.update(webhook_table).where(_webhook.id == webhook_id, is_free)
    return bool(tx.execute(taken.values(held_by=by, held_until=until, is_queued=False)).rowcount)


def _webhook_of(row: sa.Row[Any]) -> Webhook:
    named = (
        "id",
        "audience_id",
        "url",
        "version",
        "part",
        "attempts",
        "delivered_at",
        "failed_since",
        "problem",
        "created_at",
        "created_by",
    )
    return Webhook(**{name: getattr(row, name) for name in named})
