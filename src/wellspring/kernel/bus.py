"""Telling up: domains write events into the outbox in their own transaction; subscribers read them in order.

Every subscriber has its own place in the outbox and runs inside one transaction together with moving that place, so its
effect on this workspace happens exactly once, and in order, however often the process dies. A subscriber that keeps
failing is retried with growing pauses, then the event is put aside with the error for a person to see and replay.
"""

import dataclasses
import datetime as dt
import functools
import weakref
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from wellspring.kernel import failpoints
from wellspring.kernel.stores.asking import ask
from wellspring.kernel.stores.sql import Instant, Json, Sql, Tx, metadata

# One transaction's worth: long enough to be cheap, short enough not to hold the writer for long.
_BATCH = 200
# Whom news does not concern is seen by its names alone, as long as they are not more than this.
_LOOK = 1000
_ATTEMPTS_MAX = 8

outbox_table = sa.Table(
    "kernel_outbox",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
subscriber_table = sa.Table(
    "kernel_subscriber",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("last_id", sa.BigInteger, nullable=False, default=0),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("retry_at", Instant),
    sa.Column("last_error", sa.Text),
)
aside_table = sa.Table(
    "kernel_event_aside",
    metadata,
    sa.Column("subscriber", sa.String(80), primary_key=True),
    sa.Column("event_id", sa.BigInteger, primary_key=True),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)


class Event(Protocol):
    """A frozen dataclass of plain values with the name it is told under (`people.merged`)."""

    name: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


class Handler(Protocol):
    """Reacts to one event within the given transaction."""

    def __call__(self, workspace: Any, tx: Tx, body: dict[str, Any]) -> None:  # noqa: ANN401 - the workspace type lives above this module
        """Does its work; raising means "not done, try again"."""
        ...


@dataclasses.dataclass(frozen=True)
class Subscriber:
    """A named reader of some kinds of events."""

    name: str
    events: frozenset[str]
    handler: Handler


def tell(sql: Sql, tx: Tx, *events: Event, at: dt.datetime) -> None:
    """Writes the events into the outbox of the running transaction."""
    if events:
        # Ids must become visible in order, or a reader could pass one that commits later (PostgreSQL sequences do not promise it).
        sql.lock(tx, "kernel.outbox")
        tx.execute(sa.insert(outbox_table), [{"name": event.name, "body": dataclasses.asdict(event), "at": at} for event in events])


def told_since(tx: Tx, last_id: int, names: Sequence[str]) -> tuple[int, list[tuple[str, dict[str, Any]]]]:
    """What was told after a place in the outbox under these names, in order, and the new place; for readers with a place of their own."""
    newest = _newest(tx)
    if newest <= last_id:
        return last_id, []
    columns = outbox_table.c
    wanted = sa.select(columns.name, columns.body).where(columns.id > last_id, columns.id <= newest, columns.name.in_(list(names)))
    return newest, [(row.name, row.body) for row in tx.execute(wanted.order_by(columns.id))]


def told(tx: Tx, name: str, *, after: int, upto: int) -> list[tuple[dict[str, Any], dt.datetime]]:
    """What was told under a name in (after, upto], in order, each with when."""
    columns = outbox_table.c
    wanted = sa.select(columns.body, columns.at).where(columns.id > after, columns.id <= upto, columns.name == name)
    return [(row.body, row.at) for row in tx.execute(wanted.order_by(columns.id))]


def _newest(tx: Tx) -> int:
    found: int = ask(tx, "SELECT coalesce(max(id), 0) FROM kernel_outbox")[0][0]
    return found


# Prefix → the newest row that was looked at, and the newest one of the prefix up to it: a version is asked very often.
_looked: "weakref.WeakKeyDictionary[Sql, dict[str, tuple[int, int]]]" = weakref.WeakKeyDictionary()


def latest(sql: Sql, tx: Tx, prefix: str) -> int:
    """The number of the newest event whose name begins with the prefix (`people.`), 0 if none was ever told.

    It grows with every such event, so it is a version of whatever the events speak of.
    """
    seen, own = _looked.get(sql, {}).get(prefix, (0, 0))
    if _newest(tx) <= seen:
        return own
    columns = outbox_table.c
    mine = sa.func.max(sa.case((columns.name.startswith(prefix, autoescape=True), columns.id)))
    newest, newer = tx.execute(sa.select(sa.func.max(columns.id), mine).where(columns.id > seen)).one()
    found = newer or own
    if newest is not None:
        # What is not committed yet may be rolled back, and its number be given again.
        sql.once_true(functools.partial(_looked.setdefault(sql, {}).__setitem__, prefix, (newest, found)))
    return found


def since(tx: Tx, prefix: str, after: int, *, limit: int) -> list[tuple[str, dict[str, Any]]]:
    """Names and bodies of the events of a prefix that were told after this number, in order; at most `limit`."""
    columns = outbox_table.c
    wanted = sa.select(columns.name, columns.body).where(columns.id > after, columns.name.startswith(prefix, autoescape=True))
    return [(name, body) for name, body in tx.execute(wanted.order_by(columns.id).limit(limit))]


def deliver(workspace: Any, subscribers: Sequence[Subscriber], *, now: Callable[[], dt.datetime]) -> int:  # noqa: ANN401 - the workspace type lives above this module
    """Gives every subscriber what has been told since its last place; gives the number of deliveries."""
    with workspace.sql.read() as tx:
        # Asked several times a second: only whoever is behind takes a writer's turn.
        newest = _newest(tx)
        places = dict(map(tuple, ask(tx, "SELECT name, last_id FROM kernel_subscriber")))
        behind = [subscriber for subscriber in subscribers if places.get(subscriber.name, -1) < newest]
        if not behind:
            return 0
        first = min(places.get(subscriber.name, 0) for subscriber in behind)
        told = ask(tx, "SELECT id, name FROM kernel_outbox WHERE id > :first ORDER BY id LIMIT :size", {"first": first, "size": _LOOK})
    is_whole = bool(told) and told[-1][0] >= newest
    idle = [each for each in behind if is_whole and each.name in places and not _concerns(each, told, places[each.name])]
    if idle:
        _pass(workspace, idle, int(told[-1][0]))
    wanting = [subscriber for subscriber in behind if subscriber not in idle]
    return sum(_deliver_to(workspace, subscriber, now=now) for subscriber in wanting)


def _concerns(subscriber: Subscriber, told: Sequence[Any], place: int) -> bool:
    return any(number > place and name in subscriber.events for number, name in told)


def _pass(workspace: Any, idle: Sequence[Subscriber], last_id: int) -> None:  # noqa: ANN401 - as above
    """Moves those whom nothing up to here concerns, all at once: most events concern few."""
    columns = subscriber_table.c
    behind = sa.and_(columns.name.in_([subscriber.name for subscriber in idle]), columns.last_id < last_id)
    with workspace.sql.write() as tx:
        tx.execute(sa.update(subscriber_table).where(behind).values(last_id=last_id, attempts=0, retry_at=None, last_error=None))


def _deliver_to(workspace: Any, subscriber: Subscriber, *, now: Callable[[], dt.datetime]) -> int:  # noqa: ANN401 - as above
    delivered = 0
    more = True
    while more:
        with workspace.sql.write() as tx:
            place = _place(workspace.sql, tx, subscriber.name)
            if place.retry_at is not None and place.retry_at > now():
                return delivered
            rows = tx.execute(
                sa.select(outbox_table).where(outbox_table.c.id > place.last_id).order_by(outbox_table.c.id).limit(_BATCH)
            ).all()
            taken, handled, more = 0, 0, len(rows) == _BATCH
            for row in rows:
                if row.name in subscriber.events:
                    failure = _attempt(workspace, tx, subscriber, row)
                    if failure is not None:
                        if taken:
                            _move(tx, subscriber.name, taken)
                        more = _failed(tx, subscriber.name, row.id, failure, now(), attempts=0 if taken else place.attempts)
                        break
                    handled += 1
                taken = row.id
            else:
                if taken:
                    _move(tx, subscriber.name, taken)
            failpoints.hit("kernel.bus.before_commit")
        delivered += handled
    return delivered


def _attempt(workspace: Any, tx: Tx, subscriber: Subscriber, row: sa.Row[Any]) -> Exception | None:  # noqa: ANN401 - as above
    try:
        with tx.begin_nested():
            subscriber.handler(workspace, tx, row.body)
    except Exception as failure:  # noqa: BLE001 - whatever a handler raises must not stop the others
        return failure
    return None


def _place(sql: Sql, tx: Tx, name: str) -> sa.Row[Any]:
    sql.lock(tx, f"kernel.subscriber.{name}")
    found = tx.execute(sa.select(subscriber_table).where(subscriber_table.c.name == name)).first()
    if found is None:
        tx.execute(sa.insert(subscriber_table).values(name=name, last_id=0, attempts=0))
        found = tx.execute(sa.select(subscriber_table).where(subscriber_table.c.name == name)).one()
    return found


def _move(tx: Tx, name: str, last_id: int) -> None:
    tx.execute(
        sa.update(subscriber_table)
        .where(subscriber_table.c.name == name)
        .values(last_id=last_id, attempts=0, retry_at=None, last_error=None)
    )


def _failed(tx: Tx, name: str, event_id: int, failure: Exception, at: dt.datetime, *, attempts: int) -> bool:
    """Notes the failure; gives True when the event was put aside, so that the next one may be tried."""
    error = f"{type(failure).__name__}: {failure}"[:2000]
    if attempts + 1 >= _ATTEMPTS_MAX:
        tx.execute(sa.insert(aside_table).values(subscriber=name, event_id=event_id, error=error, at=at))
        _move(tx, name, event_id)
        return True
    pause = dt.timedelta(seconds=min(2**attempts, 300))
    columns = subscriber_table.c
    tx.execute(sa.update(subscriber_table).where(columns.name == name).values(attempts=attempts + 1, retry_at=at + pause, last_error=error))
    return False
