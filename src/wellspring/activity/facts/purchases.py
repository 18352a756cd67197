"""What members bought and gave back, by member: the way in of lists and of the member page.

One narrow table holds orders and refunds side by side, a row's columns packed into one text, so that fifty members at
once are one read of a few milliseconds. Versions are told apart here, because FINAL would read five more columns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from wellspring.activity.contracts import OrderFacts, PurchasedOrder, Purchases
from wellspring.activity.facts.holders import numbers_of
from wellspring.activity.models import PURCHASED, RETURNED, order_log, purchase_log, refund_log
from wellspring.kernel.clock import from_millis
from wellspring.kernel.stores.log import scalar
from wellspring.kernel.workspace import Workspace

_COLUMNS = ("member_no", "kind", "shop", "number", "version", "import_id", "body")
# One thread: for a few granules the set-up of more costs more than the reading.
_POINT = " SETTINGS max_threads = 1, query_plan_optimize_lazy_materialization = 0"
_GONE_LENGTH = 6
_REPAIR_REACH = 200_000
Row = list[Any]


def sums(ws: Workspace, member_nos: Iterable[int]) -> dict[int, OrderFacts]:
    """Each member's orders in sum, members without any left out; one query for a whole list."""
    return {member_no: facts_of(member_no, found) for member_no, found in _of_holders(ws, member_nos).items()}


def of_member(ws: Workspace, member_no: int, *, limit: int) -> Purchases:
    """A member's orders in sum, and the newest of them with what was refunded."""
    found = _of_holders(ws, [member_no]).get(member_no, [])
    newest = newest_of(found, limit + 1)
    return Purchases(facts=facts_of(member_no, found), orders=[order_of(one) for one in newest[:limit]], has_more=len(newest) > limit)


def by_number(ws: Workspace, numbers: Sequence[int]) -> dict[int, list[Row]]:
    """Orders and refunds of their newest version, by the number they were told under."""
    if not numbers:
        return {}
    asked = f"SELECT member_no, body FROM {purchase_log.name} WHERE member_no IN {{numbers:Array(UInt32)}}{_POINT}"
    return _newest_versions(ws.log.query(asked, {"numbers": list(numbers)}, fmt="TSVRaw"))


def by_number_within(ws: Workspace, first: int, last: int) -> dict[int, list[Row]]:
    """The same for a span of numbers."""
    asked = f"SELECT member_no, body FROM {purchase_log.name} WHERE member_no >= {{first:UInt32}} AND member_no <= {{last:UInt32}}"
    return _newest_versions(ws.log.query(asked, {"first": first, "last": last}, fmt="TSVRaw"))


def numbers_of_import(ws: Workspace, import_id: str, *, limit: int) -> list[int]:
    """Everybody whose orders or refunds an import wrote or took, at most so many."""
    asked = f"SELECT DISTINCT member_no FROM {purchase_log.name} WHERE import_id = {{import_id:String}} LIMIT {{limit:UInt32}}"
    return [int(line) for line in ws.log.query(asked, {"import_id": import_id, "limit": limit}, fmt="TSVRaw").splitlines()]


def newest_of(found: Sequence[Row], limit: int) -> list[Row]:
    """The newest orders as they are kept: shop, number, placed, state, paid, currency, total, paid amount, store, refunded."""
    refunded: dict[tuple[str, str], int] = {}
    for row in found:
        if row[0] == "refund":
            key = (row[1], row[5])
            refunded[key] = refunded.get(key, 0) + row[6]
    orders = sorted((row for row in found if row[0] == "order"), key=lambda row: (-row[4], row[1], row[2]))
    return [[row[1], row[2], *row[4:11], refunded.get((row[1], row[2]), 0)] for row in orders[:limit]]


def leave(ws: Workspace, moved: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Notes that these orders or refunds are no longer those of whom they were told under, where a new version names another."""
    gone = [(former, row, *_named(row)) for former, row in moved if former and former != row["member_no"]]
    if gone:
        lines = [
            orjson.dumps(
                {
                    "member_no": former,
                    "kind": kind,
                    "shop": row["shop"],
                    "number": number,
                    "version": row["version"],
                    "import_id": row["import_id"],
                    "body": orjson.dumps([kind, row["shop"], number, row["version"], 0, "gone"]).decode(),
                }
            )
            for former, row, kind, number in gone
        ]
        ws.log.insert(purchase_log.name, list(_COLUMNS), [b"\n".join(lines)])


def repair(ws: Workspace) -> int:
    """Adds what is in orders and refunds and not here, or was left with a former buyer: a crash came between. Gives how much."""
    return sum(
        _repair(ws, *one) for one in (("order", order_log.name, "order_no", PURCHASED), ("refund", refund_log.name, "refund_no", RETURNED))
    )


def _repair(ws: Workspace, kind: str, table: str, number: str, packed: str) -> int:
    # Only what was written last before a crash can be missing.
    floor = max(int(scalar(ws.log, f"SELECT max(arrival_no) FROM {table}")) - _REPAIR_REACH, 0)
    recent = f"(SELECT * FROM {table} FINAL WHERE arrival_no > {{floor:UInt64}} AND member_no > 0)"
    held = f"(SELECT * FROM {purchase_log.name} FINAL WHERE kind = '{kind}' AND (shop, number) IN (SELECT shop, {number} FROM {recent}))"
    missing = (
        f"SELECT member_no, '{kind}' AS kind, shop, {number} AS number, version, import_id, {packed} AS body FROM {recent}"
        f" WHERE (member_no, shop, {number}, version) NOT IN (SELECT member_no, shop, number, version FROM {held})"
    )
    left = (
        f"SELECT was.member_no, '{kind}', was.shop, was.number, now.version, now.import_id,"
        f" toJSONString(tuple('{kind}', was.shop, was.number, now.version, 0, 'gone'))"
        f" FROM {held} AS was INNER JOIN {recent} AS now ON was.shop = now.shop AND was.number = now.{number}"
        f" WHERE was.member_no != now.member_no AND was.version <= now.version AND JSONLength(was.body) > {_GONE_LENGTH}"
    )
    count = 0
    for owed in (missing, left):
        found = int(scalar(ws.log, f"SELECT count() FROM ({owed})", {"floor": floor}))
        if found:
            ws.log.command(f"INSERT INTO {purchase_log.name} ({', '.join(_COLUMNS)}) {owed}", {"floor": floor})
        count += found
    return count


def _named(row: Mapping[str, Any]) -> tuple[str, str]:
    return ("refund", row["refund_no"]) if "refund_no" in row else ("order", row["order_no"])


def mark_gone(ws: Workspace, moved: str) -> None:
    """The same for a question that names former member, shop, number, version and import."""
    left = "member_no, 'order', shop, number, version, import_id, toJSONString(tuple('order', shop, number, version, 0, 'gone'))"
    ws.log.command(f"INSERT INTO {purchase_log.name} ({', '.join(_COLUMNS)}) SELECT {left} FROM ({moved})")


def _of_holders(ws: Workspace, member_nos: Iterable[int]) -> dict[int, list[Row]]:
    """Orders and refunds of their newest version, by the member who holds them now."""
    numbers = numbers_of(ws, member_nos)
    found: dict[int, list[Row]] = {}
    for number, rows in by_number(ws, list(numbers)).items():
        found.setdefault(numbers[number], []).extend(rows)
    return found


def _newest_versions(answer: bytes) -> dict[int, list[Row]]:
    newest: dict[tuple[int, str, str, str], Row] = {}
    for number, row in _rows(answer):
        key = (number, row[0], row[1], row[2])
        known = newest.get(key)
        if known is None or row[3] > known[3]:
            newest[key] = row
    found: dict[int, list[Row]] = {}
    for (number, *_), row in newest.items():
        # What is gone has no more than the word.
        if len(row) > _GONE_LENGTH:
            found.setdefault(number, []).append(row)
    return found


def _rows(answer: bytes) -> Iterator[tuple[int, Row]]:
    # JSON escapes tabs and line ends, so raw text is safe to split.
    for line in answer.splitlines():
        number, _, body = line.partition(b"\t")
        yield int(number), orjson.loads(body)


def facts_of(member_no: int, found: Sequence[Row]) -> OrderFacts:
    """An amount below zero is a return without its sale: it counts among refunds, not among orders."""
    orders = [row for row in found if row[0] == "order" and row[8] >= 0 and row[9] >= 0]
    returned = sum(-min(row[8], row[9]) for row in found if row[0] == "order" and (row[8] < 0 or row[9] < 0))
    moments = [row[4] for row in orders]
    return OrderFacts(
        member_no=member_no,
        orders=len(orders),
        paid_orders=sum(1 for row in orders if row[6]),
        revenue_minor=sum(row[9] for row in orders if row[6]),
        refunds_minor=sum(row[6] for row in found if row[0] == "refund") + returned,
        first_order_at=from_millis(min(moments)) if moments else None,
        last_order_at=from_millis(max(moments)) if moments else None,
    )


def order_of(one: Row) -> PurchasedOrder:
    """A kept order as a contract."""
    shop, order_no, placed, state, is_paid, currency, total_minor, paid_minor, store_code, refunded_minor = one
    return PurchasedOrder(
        shop=shop,
        order_no=order_no,
        placed_at=from_millis(placed),
        state=state,
        is_paid=bool(is_paid),
        currency=currency,
        total_minor=total_minor,
        paid_minor=paid_minor,
        store_code=store_code,
        refunded_minor=refunded_minor,
    )
