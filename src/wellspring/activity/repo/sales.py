"""Orders in sum per number, as rows: read by lists, replaced whole, marked while they are owed.

Every row stands for the number that its orders were told under, so a merge or its undoing changes none of them.
"""

import secrets
from collections.abc import Sequence
from typing import NamedTuple

from wellspring.kernel.stores import Tx
from wellspring.kernel.stores.asking import ask, tell

# The row that stands for everybody.
_EVERYBODY = 0
_READ = (
    "SELECT member_no, orders, paid_orders, revenue_minor, refunds_minor, first_order_at, last_order_at, owed{more}"
    " FROM activity_sales WHERE member_no IN :numbers"
)
_WITHOUT_NEWEST, _WITH_NEWEST = _READ.format(more=""), _READ.format(more=", newest")
_PUT = (
    "INSERT INTO activity_sales (member_no, orders, paid_orders, revenue_minor, refunds_minor, first_order_at, last_order_at, newest, owed)"
    " VALUES (:member_no, :orders, :paid_orders, :revenue_minor, :refunds_minor, :first_order_at, :last_order_at, :newest, :owed)"
    " ON CONFLICT (member_no) DO UPDATE SET "
)
_REPLACED = ", ".join(
    f"{name} = excluded.{name}"
    for name in ("orders", "paid_orders", "revenue_minor", "refunds_minor", "first_order_at", "last_order_at", "newest")
)
_SETTLED = "CASE WHEN activity_sales.owed > 0 THEN activity_sales.owed - 1 ELSE 0 END"


class SalesRow(NamedTuple):
    """One number's orders in sum, instants as milliseconds; `newest` only where it was asked for."""

    member_no: int
    orders: int
    paid_orders: int
    revenue_minor: int
    refunds_minor: int
    first_order_at: int | None
    last_order_at: int | None
    owed: int
    newest: str = "[]"


def of_numbers(tx: Tx, numbers: Sequence[int], *, newest: bool = False) -> list[SalesRow] | None:
    """The rows of these numbers; None while the rows as a whole are owed."""
    found = ask(tx, _WITH_NEWEST if newest else _WITHOUT_NEWEST, {"numbers": [_EVERYBODY, *numbers]})
    rows = [SalesRow(*row) for row in found]
    whole = [row for row in rows if row.member_no == _EVERYBODY]
    if not whole or whole[0].owed:
        return None
    return [row for row in rows if row.member_no != _EVERYBODY]


def put(tx: Tx, rows: Sequence[SalesRow]) -> None:
    """Replaces what the rows say; one mark of each is settled."""
    tell(tx, f"{_PUT}{_REPLACED}, owed = {_SETTLED}", [row._asdict() for row in rows])


def mark(tx: Tx, numbers: Sequence[int]) -> None:
    """Notes that something of these numbers is about to be written."""
    tell(tx, f"{_PUT}owed = activity_sales.owed + 1", [_empty(number, owed=1) for number in numbers])


def mark_everybody(tx: Tx) -> tuple[bool, int]:
    """Notes that anybody's orders may be written; gives whether nothing was owed before, and the mark to settle."""
    before = everybody_s_mark(tx)
    # Random, so that a mark that was settled never comes again.
    mark = secrets.randbits(62) | 1
    tell(tx, f"{_PUT}owed = excluded.owed", [_empty(_EVERYBODY, owed=mark)])
    return before == 0, mark


def settle_everybody(tx: Tx, mark: int) -> None:
    """The rows are whole, unless another mark was set since."""
    tell(tx, "UPDATE activity_sales SET owed = 0 WHERE member_no = 0 AND owed = :mark", [{"mark": mark}])


def everybody_s_mark(tx: Tx) -> int | None:
    """The mark that everybody's row carries: 0 is none, None was never made."""
    found = ask(tx, "SELECT owed FROM activity_sales WHERE member_no = 0")
    return int(found[0][0]) if found else None


def owing(tx: Tx, limit: int) -> list[int]:
    """Numbers with marks that their writers left."""
    found = ask(tx, "SELECT member_no FROM activity_sales WHERE member_no > 0 AND owed > 0 LIMIT :limit", {"limit": limit})
    return [int(row[0]) for row in found]


def forget(tx: Tx, numbers: Sequence[int]) -> None:
    """Deletes the rows of these numbers."""
    tell(tx, "DELETE FROM activity_sales WHERE member_no = :number", [{"number": number} for number in numbers])


def forget_range(tx: Tx, first: int, last: int) -> None:
    """Deletes the rows of a span of numbers."""
    tell(tx, "DELETE FROM activity_sales WHERE member_no >= :first AND member_no <= :last", [{"first": first, "last": last}])


def sums(tx: Tx) -> tuple[int, int, int, int]:
    """Orders, paid orders, revenue and refunds of everybody."""
    found = ask(
        tx,
        "SELECT coalesce(sum(orders), 0), coalesce(sum(paid_orders), 0), coalesce(sum(revenue_minor), 0),"
        " coalesce(sum(refunds_minor), 0) FROM activity_sales WHERE member_no > 0",
    )[0]
    return int(found[0]), int(found[1]), int(found[2]), int(found[3])


def _empty(number: int, *, owed: int) -> dict[str, object]:
    return SalesRow(number, 0, 0, 0, 0, None, None, owed)._asdict()
