"""Activity's front door: taking in events and orders, reading them by member, and the order of arrival.

Every verb takes the workspace first. Whatever a writing verb answers is durable. Analytical tables are read by the
layers above through the SQL fragments given here, never by name.
"""

import concurrent.futures
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from wellspring.activity import errors
from wellspring.activity.contracts import (
    EventKind,
    EventProperty,
    Happening,
    ImportCounts,
    ImportedEvent,
    IngestResult,
    Order,
    OrderFacts,
    OrderWritten,
    Purchases,
    Refund,
    Rejected,
    StoredOrder,
    TimelineEvent,
)
from wellspring.activity.facts import holders as _holders
from wellspring.activity.facts import member_orders as _member_orders
from wellspring.activity.facts import orders as _orders
from wellspring.activity.facts import persons as _persons
from wellspring.activity.facts import staging as _staging
from wellspring.activity.facts import timeline as _timeline
from wellspring.activity.facts.staging import LINES_TYPE
from wellspring.activity.models import event_log, order_log, refund_log
from wellspring.activity.service import arrival as _arrival
from wellspring.activity.service import browsing as _browsing
from wellspring.activity.service import checking as _checking
from wellspring.activity.service import following as _following
from wellspring.activity.service import forgetting as _forgetting
from wellspring.activity.service import importing as _importing
from wellspring.activity.service import ingest as _ingest
from wellspring.activity.service import orders as _writing
from wellspring.activity.service import receive as _receive
from wellspring.activity.service import recording as _recording
from wellspring.activity.service import replaying as _replaying
from wellspring.activity.service import sales as _sales
from wellspring.activity.service import upkeep as _upkeep
from wellspring.activity.service.importing import Staged
from wellspring.kernel.auth import Principal
from wellspring.kernel.pages import Page
from wellspring.kernel.workspace import Workspace
from wellspring.organization import api as organization
from wellspring.people import api as people
from wellspring.people.contracts import Refusal

__all__ = ["LINES_TYPE", "Staged"]

# The jobs that bring members' sums up to date, and that mend what a crash left.
SALES_JOB = _sales.JOB
UPKEEP_JOB = _arrival.UPKEEP

Pending = tuple["concurrent.futures.Future[IngestResult]", Sequence[tuple[int, Refusal]]]


# --------------------------------------------------------------------------------------------- intake


def receive_batch(ws: Workspace, body: bytes, *, encoding: str, source: str, historical: bool = False) -> Pending:
    """Queues a Segment batch for the writer; the future answers once everything in it is durable.

    The second part names the messages that are refused already; they are kept for replay. Raises BodyTooLarge,
    BodyUnreadable, EncodingUnknown, and StoreUnavailable when too many requests wait.
    """
    return _receive.batch(ws, _receive.unpacked(body, encoding), source=source, historical=historical)


def receive_message(ws: Workspace, body: bytes, *, encoding: str, source: str, type_: str) -> Pending:
    """Queues one message of a given type; otherwise like receive_batch."""
    return _receive.single(ws, _receive.unpacked(body, encoding), source=source, type_=type_)


def write_key_in(body: bytes, *, encoding: str) -> str:
    """The `writeKey` that some Segment libraries put into the body instead of a header; empty if there is none."""
    return _receive.write_key_in(body, encoding)


def ingest(ws: Workspace, messages: Sequence[Mapping[str, Any]], *, source: str, historical: bool = False) -> IngestResult:
    """Takes decoded Segment messages and waits until they are durable."""
    intake = _receive.intake_of(ws, source=source, historical=historical)
    return _receive.listed(ws, messages, intake)[0].result()


def write_events(
    ws: Workspace, events: Sequence[ImportedEvent], *, source: str, import_id: str, historical: bool
) -> tuple[IngestResult, list[tuple[int, Refusal]]]:
    """Takes mapped events of an import, with their own times and ids; gives the refused ones by place."""
    return _importing.write_events(ws, events, source=source, import_id=import_id, historical=historical)


def record(ws: Workspace, told: Sequence[Happening], *, source: str) -> int:
    """Puts what Wellspring itself saw of known members into the log, durable on return; gives how many were new.

    Nothing is recorded of erased members, and nothing twice: the log is asked for the ids first.
    """
    return _recording.record(ws, told, source=source)


def watermark(ws: Workspace) -> int:
    """The highest arrival number below which everything is durably in the log."""
    return _arrival.watermark(ws)


def taken(ws: Workspace) -> int:
    """The highest arrival number that was ever given to a writer; while the watermark is as high, nothing is on its way."""
    return _arrival.highest(ws)


# --------------------------------------------------------------------------------------------- orders


def write_orders(ws: Workspace, *, by: Principal, orders: Sequence[Order], source: str = "", import_id: str = "") -> list[OrderWritten]:
    """Upserts up to 500 orders by shop and number, and tells each owed event once. Raises OrderRefused for the batch.

    With a scope only orders of its stores, before and after; OrderUnknown for the batch otherwise.
    """
    _demand_within(ws, by, [(order.shop, order.order_no) for order in orders], {order.store_code for order in orders})
    return _writing.write(ws, by=by, orders=orders, source=source, import_id=import_id)


def write_refunds(ws: Workspace, *, by: Principal, refunds: Sequence[Refund], source: str = "", import_id: str = "") -> list[OrderWritten]:
    """Upserts up to 500 refunds by shop and refund number; those before their order wait for it, none is lost.

    With a scope only refunds of known orders of its stores; OrderUnknown for the batch otherwise.
    """
    if not by.scope.is_all:
        before = _orders.current_refunds(ws, [(refund.shop, refund.refund_no) for refund in refunds]).values()
        numbers = {(refund.shop, refund.order_no) for refund in refunds} | {(row["shop"], row["order_no"]) for row in before}
        if len(_orders.current(ws, numbers)) < len(numbers):
            raise errors.OrderUnknown
        _demand_within(ws, by, numbers, ())
    return _writing.write_refunds(ws, by=by, refunds=refunds, source=source, import_id=import_id)


def insert_orders_from(ws: Workspace, *pieces: Staged, import_id: str, source: str, historical: bool) -> ImportCounts:
    """Writes orders, lines and refunds from SELECTs over a staging table, set by set, as write_orders would.

    See `service.importing.Staged` for the columns. Pieces that share no order are written side by side; a large file
    takes several calls. A repeated call with the same rows writes nothing twice.
    """
    return _importing.insert_orders_from(ws, pieces, import_id=import_id, source=source, historical=historical)


def orders_of_import(ws: Workspace, import_id: str) -> tuple[int, int]:
    """How many orders an import wrote, and how many of them had been there before."""
    return _staging.written(ws, import_id)


def undo_import(ws: Workspace, import_id: str, *, by: Principal) -> ImportCounts:
    """Takes out everything an import wrote; orders that it replaced are again what they were before."""
    return _importing.undo(ws, import_id, by=by)


def check(ws: Workspace) -> list[tuple[str, bool, str, str]]:
    """What must hold of the log and the orders: (code, holds, zh, en) for each rule."""
    return _checking.check(ws)


# --------------------------------------------------------------------------------------------- reading


def timeline(
    ws: Workspace,
    *,
    member_no: int,
    kind: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
    numbers: Sequence[int] | None = None,
) -> Page[TimelineEvent]:
    """What a member did, the newest first; `numbers` are all that the member holds, from a caller who knows them."""
    held = numbers or people.numbers_held(ws, member_no=member_no)
    return _timeline.of_member(ws, held, kind=kind, cursor=cursor, limit=limit)


def recent_events(ws: Workspace, *, by: Principal, limit: int = 50) -> list[TimelineEvent]:
    """The events that arrived last, of anyone; nothing for those who may not see everyone."""
    if not by.scope.is_all:
        return []
    return _timeline.recent(ws, limit=min(max(limit, 1), 200), watermark=_arrival.watermark(ws))


def orders_of(ws: Workspace, *, member_no: int, cursor: str | None = None, limit: int | None = None) -> Page[StoredOrder]:
    """A member's orders with lines and refunds, the newest first; whether the member may be seen is the caller's question."""
    return _orders.of_member(ws, people.numbers_held(ws, member_no=member_no), cursor=cursor, limit=limit)


def orders(
    ws: Workspace,
    *,
    by: Principal,
    shop: str | None = None,
    member_no: int | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[StoredOrder]:
    """Orders by shop, member and state, the newest first; with a scope, those of its stores."""
    numbers = None if member_no is None else people.numbers_held(ws, member_no=member_no)
    return _orders.listing(ws, shop=shop, numbers=numbers, state=state, store_codes=_store_codes(ws, by), cursor=cursor, limit=limit)


def order(ws: Workspace, *, by: Principal, shop: str, order_no: str) -> StoredOrder:
    """One order as it stands. Raises OrderUnknown, also outside the caller's scope."""
    found = _orders.current(ws, [(shop, order_no)])
    codes = _store_codes(ws, by)
    if not found or (codes is not None and found[shop, order_no]["store_code"] not in codes):
        raise errors.OrderUnknown
    return _orders.stored(ws, list(found.values()))[0]


def orders_numbered(ws: Workspace, *, order_nos: Sequence[str]) -> list[StoredOrder]:
    """The orders of these numbers, of whichever shop, the oldest first; whom they concern is the caller's question."""
    return _orders.of_numbers(ws, order_nos)


def order_facts(ws: Workspace, *, member_nos: Iterable[int]) -> dict[int, OrderFacts]:
    """Orders in sum for the members of a list (merged numbers included); members without orders are left out."""
    return _sales.of_members(ws, member_nos)


def purchases(ws: Workspace, *, member_no: int, limit: int = 20) -> Purchases:
    """A member's orders in sum and the newest of them without their lines, in one read (merged numbers included)."""
    return _sales.of_member(ws, member_no, limit=limit)


def event_kinds(ws: Workspace) -> list[EventKind]:
    """The catalogue: every kind of event with its count, first and last instant, and whether a property drifts."""
    return _browsing.kinds(ws)


def event_properties(ws: Workspace, *, kind: str) -> list[EventProperty]:
    """The properties of a kind with the types they were seen with. Raises KindUnknown."""
    return _browsing.properties(ws, kind)


# --------------------------------------------------------------------------------------------- rejected input


def rejected(
    ws: Workspace,
    *,
    source: str | None = None,
    code: str | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Rejected]:
    """Rejected input, the newest first."""
    return _replaying.listing(ws, source=source, code=code, state=state, cursor=cursor, limit=limit)


def rejected_content(ws: Workspace, *, rejected_id: str, by: Principal) -> tuple[Rejected, Any]:
    """One reject with its content unsealed; the reading is audited. Raises RejectedUnknown."""
    return _replaying.content(ws, rejected_id, by=by)


def replay(ws: Workspace, *, rejected_id: str, by: Principal, message: Mapping[str, Any] | None = None) -> IngestResult:
    """Judges a reject again, mended if a message is given, with its first id and times. Raises RejectedUnknown."""
    return _replaying.replay(ws, rejected_id, by=by, message=message)


def replay_many(ws: Workspace, *, by: Principal, code: str | None = None, ids: Sequence[str] = ()) -> IngestResult:
    """Judges up to 1,000 open rejects again, those named or those of a code."""
    return _replaying.replay_many(ws, by=by, code=code, ids=ids)


# --------------------------------------------------------------------------------------------- SQL for the layers above


def holder_sql(ws: Workspace, column: str = "member_no") -> str:
    """An expression for the member that holds a row's number now (merged numbers included); 0 is nobody."""
    return _holders.holder_sql(ws, column)


def holders(ws: Workspace) -> Mapping[int, int]:
    """Merged number → the member that holds its past, as `holder_sql` knows it; the same object while nothing changed."""
    return _holders.held(ws)


def catch_up(ws: Workspace) -> None:
    """Hears every merge that people has told of so far, so that `holder_sql` speaks of today's holders."""
    _following.catch_up(ws)


def holder_version(ws: Workspace) -> int:
    """Changes with every merge that `holder_sql` has heard of."""
    return _member_orders.holder_version(ws)


def events_sql() -> str:
    """The log, to be read FROM."""
    return event_log.name


def orders_sql() -> str:
    """The newest version of every order, to be read FROM; columns as in `models.order_log`."""
    return f"{order_log.name} FINAL"


def refunds_sql() -> str:
    """The newest version of every refund, to be read FROM."""
    return f"{refund_log.name} FINAL"


def lines_sql() -> str:
    """The lines of the newest version of every order, to be read FROM (in parentheses)."""
    return _orders.lines_sql()


# --------------------------------------------------------------------------------------------- persons and upkeep


def everything_of(ws: Workspace, numbers: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    """Events, orders and refunds of a person as plain values, for the export of their data."""
    return _persons.everything(ws, numbers)


def erase(ws: Workspace, numbers: Sequence[int]) -> int:
    """Deletes a person's events from the disk and takes the buyer off their orders, which stay as unattributed sales.

    Rejected input that names an erased person goes too.
    """
    removed = _persons.erase(ws, numbers) + _forgetting.forget_named(ws)
    _sales.forget(ws, numbers)
    return removed


def stop(ws: Workspace) -> None:
    """Ends this process's writer of the log once everything that waits is answered, before the stores are closed."""
    _ingest.stop(ws)


def upkeep(ws: Workspace) -> dict[str, int]:
    """Makes the timeline and members' sums whole after a crash and forgets old rejects; gives how much of each."""
    return _upkeep.run(ws)


def settle_sales(ws: Workspace, *, told: Callable[[int, int], None]) -> int:
    """Brings members' sums up to date wherever a writer left that undone; gives how many; `told` hears how far it is."""
    return _sales.rebuild(ws, told=told)


def _demand_within(ws: Workspace, by: Principal, numbers: Iterable[tuple[str, str]], store_codes: Iterable[str]) -> None:
    """Raises OrderUnknown unless the codes, and the stores of those orders that are there, lie within the scope."""
    codes = _store_codes(ws, by)
    if codes is None:
        return
    stores = {*store_codes, *(row["store_code"] for row in _orders.current(ws, numbers).values())}
    if not stores <= set(codes):
        raise errors.OrderUnknown


def _store_codes(ws: Workspace, by: Principal) -> list[str] | None:
    if by.scope.unit_ids is None:
        return None
    return [unit.code for unit in organization.nodes(ws, by.scope.unit_ids).values() if unit.code]
