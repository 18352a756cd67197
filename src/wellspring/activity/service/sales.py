"""Orders in sum as rows of the transactional store: lists and member pages ask these and never the log.

The log stays the truth. A writer marks whom it is about to change in its first transaction, and brings their rows up to
date from the log when it is done; whoever meets a mark asks the log instead, so no crash can show a wrong sum. What
changes more members than fit into a moment marks everybody, and a job makes all rows anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import orjson

from wellspring.activity.contracts import OrderFacts, Purchases
from wellspring.activity.facts import checks, holders, purchases
from wellspring.activity.repo import sales as repo
from wellspring.activity.repo.sales import SalesRow
from wellspring.activity.service.turns import turn
from wellspring.kernel import failpoints, jobs
from wellspring.kernel.clock import from_millis, to_millis
from wellspring.kernel.stores import Tx
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

JOB = "activity.sales"
# What a page shows at first; one more tells that there is more.
NEWEST_MAX = 20
_LOCK = "activity.sales"
# One transaction of refreshed rows: some 20 ms, for other writers wait meanwhile.
_STEP = 2_000
# Members whom an import may change and still bring up to date itself; beyond it the job does.
_AT_ONCE_MAX = 20_000


def of_members(ws: Workspace, member_nos: Iterable[int]) -> dict[int, OrderFacts]:
    """Each member's orders in sum (merged numbers included), members without any left out."""
    held = holders.numbers_of(ws, member_nos)
    if not held:
        return {}
    with ws.sql.read() as tx:
        rows = repo.of_numbers(tx, list(held))
    if rows is None:
        return purchases.sums(ws, set(held.values()))
    asked = {held[row.member_no] for row in rows if row.owed}
    found: dict[int, list[SalesRow]] = {}
    for row in rows:
        if held[row.member_no] not in asked and not _is_empty(row):
            found.setdefault(held[row.member_no], []).append(row)
    facts = {member_no: _facts(member_no, own) for member_no, own in found.items()}
    return {**facts, **purchases.sums(ws, asked)} if asked else facts


def of_member(ws: Workspace, member_no: int, *, limit: int) -> Purchases:
    """One member's orders in sum and the newest of them; those of merged numbers are put together by the log."""
    held = holders.numbers_of(ws, [member_no])
    if len(held) == 1 and limit <= NEWEST_MAX:
        with ws.sql.read() as tx:
            rows = repo.of_numbers(tx, [member_no], newest=True)
        if rows is not None and not any(row.owed for row in rows):
            kept = orjson.loads(rows[0].newest) if rows else []
            shown = [purchases.order_of(one) for one in kept[:limit]]
            return Purchases(facts=_facts(member_no, rows), orders=shown, has_more=len(kept) > limit)
    return purchases.of_member(ws, member_no, limit=limit)


def mark(ws: Workspace, tx: Tx, numbers: Iterable[int]) -> list[int]:
    """Notes in the running transaction whose orders are about to change; gives their numbers, to be refreshed after."""
    wanted = sorted({number for number in numbers if number})
    ws.sql.lock(tx, _LOCK)
    repo.mark(tx, wanted)
    return wanted


def refresh(ws: Workspace, numbers: Sequence[int]) -> None:
    """Brings the rows of these numbers up to date with the log."""
    for start in range(0, len(numbers), _STEP):
        step = numbers[start : start + _STEP]
        with turn(ws), ws.sql.write() as tx:
            # Within the lock, so that of two processes the later one has read what the earlier one wrote.
            ws.sql.lock(tx, _LOCK)
            repo.put(tx, _made(step, purchases.by_number(ws, step)))
            failpoints.hit("activity.sales.before_commit")


def mark_everybody(ws: Workspace) -> tuple[bool, int]:
    """Notes that anybody's orders may change; what it gives goes to `catch_up`."""
    with ws.sql.write() as tx:
        ws.sql.lock(tx, _LOCK)
        return repo.mark_everybody(tx)


def catch_up(ws: Workspace, marked: tuple[bool, int], changed: Sequence[int]) -> None:
    """Brings up to date whom an import changed, or queues the job where they are many or more is owed than that."""
    was_whole, mark_made = marked
    at_once = was_whole and len(changed) <= _AT_ONCE_MAX
    if at_once:
        refresh(ws, sorted(number for number in changed if number))
    with ws.sql.write() as tx:
        if at_once:
            repo.settle_everybody(tx, mark_made)
        else:
            jobs.enqueue(ws, tx, JOB, {})


def changed_by(ws: Workspace, import_id: str) -> list[int]:
    """Whom an import changed; a few more than are brought up to date at once, where they are many."""
    return purchases.numbers_of_import(ws, import_id, limit=_AT_ONCE_MAX + 1)


def forget(ws: Workspace, numbers: Sequence[int]) -> None:
    """Deletes the rows of numbers whose purchases are gone from the log."""
    with ws.sql.write() as tx:
        repo.forget(tx, numbers)


def rebuild(ws: Workspace, *, told: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Settles every mark that was left, making all rows anew where everybody's are owed; gives how many were made."""
    with ws.sql.write() as tx:
        owed = repo.everybody_s_mark(tx)
        marked = repo.mark_everybody(tx)[1] if owed is None else owed
    return _rebuild_all(ws, marked, told) if marked else _settle_left(ws)


def reconcile(ws: Workspace) -> int:
    """Compares the rows with the orders themselves, and makes them anew where they differ; gives how many were made."""
    if not differs(ws):
        return rebuild(ws)
    mark_everybody(ws)
    return rebuild(ws)


def differs(ws: Workspace) -> bool:
    """Whether the rows, where none is owed, say something else in sum than the newest versions of orders and refunds."""
    with turn(ws), ws.sql.read() as tx:
        if repo.everybody_s_mark(tx) != 0 or repo.owing(tx, 1):
            return False
        return repo.sums(tx) != checks.sales(ws)


def _settle_left(ws: Workspace) -> int:
    made = 0
    while True:
        with turn(ws), ws.sql.write() as tx:
            ws.sql.lock(tx, _LOCK)
            left = repo.owing(tx, _STEP)
            repo.forget(tx, left)
            repo.put(tx, _made(left, purchases.by_number(ws, left)))
        made += len(left)
        if len(left) < _STEP:
            return made


def _rebuild_all(ws: Workspace, marked: int, told: Callable[[int, int], None]) -> int:
    made, last = 0, people.last_member_no(ws)
    for first in range(1, last + 1, _STEP):
        until = first + _STEP - 1
        with turn(ws), ws.sql.write() as tx:
            ws.sql.lock(tx, _LOCK)
            found = purchases.by_number_within(ws, first, until)
            repo.forget_range(tx, first, until)
            repo.put(tx, _made(sorted(found), found))
        made += len(found)
        told(min(until, last), last)
    with ws.sql.write() as tx:
        repo.settle_everybody(tx, marked)
    return made


def _made(numbers: Iterable[int], found: Mapping[int, Sequence[purchases.Row]]) -> list[SalesRow]:
    rows = []
    for number in numbers:
        own = found.get(number, ())
        facts = purchases.facts_of(number, own)
        first, last = (None if at is None else to_millis(at) for at in (facts.first_order_at, facts.last_order_at))
        newest = orjson.dumps(purchases.newest_of(own, NEWEST_MAX + 1)).decode()
        rows.append(SalesRow(number, facts.orders, facts.paid_orders, facts.revenue_minor, facts.refunds_minor, first, last, 0, newest))
    return rows


def _facts(member_no: int, rows: Sequence[SalesRow]) -> OrderFacts:
    if len(rows) == 1:
        return _of_row(member_no, rows[0])
    firsts = [row.first_order_at for row in rows if row.first_order_at is not None]
    lasts = [row.last_order_at for row in rows if row.last_order_at is not None]
    return OrderFacts(
        member_no=member_no,
        orders=sum(row.orders for row in rows),
        paid_orders=sum(row.paid_orders for row in rows),
        revenue_minor=sum(row.revenue_minor for row in rows),
        refunds_minor=sum(row.refunds_minor for row in rows),
        first_order_at=from_millis(min(firsts)) if firsts else None,
        last_order_at=from_millis(max(lasts)) if lasts else None,
    )


def _of_row(member_no: int, row: SalesRow) -> OrderFacts:
    return OrderFacts(
        member_no=member_no,
        orders=row.orders,
        paid_orders=row.paid_orders,
        revenue_minor=row.revenue_minor,
        refunds_minor=row.refunds_minor,
        first_order_at=None if row.first_order_at is None else from_millis(row.first_order_at),
        last_order_at=None if row.last_order_at is None else from_millis(row.last_order_at),
    )


def _is_empty(row: SalesRow) -> bool:
    return not (row.orders or row.refunds_minor or row.revenue_minor)
