"""Members' sums are rows made from the log: right after every way that orders take, and never shown while they are owed."""

import datetime as dt

import pytest
import sqlalchemy as sa

from tests.support.activity import NOON, buyer_no, order, refund
from wellspring.activity import api
from wellspring.activity.contracts import Buyer, OrderFacts, OrderState
from wellspring.activity.facts import holders, purchases
from wellspring.activity.models import sales_table
from wellspring.activity.repo import sales as repo
from wellspring.activity.service import sales
from wellspring.activity.service.importing import Staged
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

OTHER = (Buyer("phone", "13900001111"),)


@pytest.fixture(autouse=True)
def _whole(workspace: Workspace) -> None:
    # As at the first start of a server: the rows are made once, out of nothing.
    api.upkeep(workspace)


def _numbers(ws: Workspace) -> range:
    return range(1, people.last_member_no(ws) + 1)


def _agree(ws: Workspace) -> dict[int, OrderFacts]:
    """The rows say what the log says, of everybody, and were asked."""
    with ws.sql.read() as tx:
        assert repo.of_numbers(tx, list(_numbers(ws))) is not None
        assert repo.owing(tx, 1) == []
    found = api.order_facts(ws, member_nos=_numbers(ws))
    # What was said and taken back again leaves nothing worth a row.
    assert found == {number: facts for number, facts in purchases.sums(ws, _numbers(ws)).items() if facts.orders or facts.refunds_minor}
    for number in _numbers(ws):
        assert api.purchases(ws, member_no=number) == purchases.of_member(ws, number, limit=20)
    assert not sales.differs(ws)
    assert all(holds for code, holds, _zh, _en in api.check(ws) if code == "activity.sales_whole")
    return found


def _stage(count: int, *, member_no: int, paid: int = 100) -> Staged:
    orders = (
        f"SELECT 'tmall' AS shop, toString(1001 + number) AS order_no, toUInt32({member_no}) AS member_no, 'completed' AS state,"
        " toUInt8(1) AS is_paid, toDateTime64('2026-02-01 00:00:00', 3, 'UTC') AS placed_at, placed_at AS paid_at,"
        f" toDateTime64(0, 3, 'UTC') AS cancelled_at, 'CNY' AS currency, toInt64({paid}) AS total_minor, toInt64(0) AS discount_minor,"
        f" toInt64(0) AS shipping_minor, toInt64({paid}) AS paid_minor, '' AS store_code, '' AS staff_code, '[]' AS payments"
        f" FROM numbers({count})"
    )
    return Staged(orders=orders)


def test_orders_refunds_corrections_and_returns(workspace: Workspace) -> None:
    unpaid = order(order_no="1003", state=OrderState.PLACED, paid_at=None, paid_minor=0)
    api.write_orders(workspace, by=SYSTEM, orders=[order(), order(order_no="1002", placed_at=NOON + dt.timedelta(days=1)), unpaid])
    api.write_refunds(workspace, by=SYSTEM, refunds=[refund(amount_minor=300)])
    facts = _agree(workspace)[buyer_no(workspace)]
    assert (facts.orders, facts.paid_orders, facts.refunds_minor) == (3, 2, 300)
    api.write_orders(workspace, by=SYSTEM, orders=[order(paid_minor=500, total_minor=500)])
    assert _agree(workspace)[buyer_no(workspace)].revenue_minor < facts.revenue_minor


def test_an_order_that_changes_hands(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    former = buyer_no(workspace)
    api.write_orders(workspace, by=SYSTEM, orders=[order(buyer=OTHER)])
    assert former not in _agree(workspace)


def test_a_refund_that_came_before_its_order(workspace: Workspace) -> None:
    api.write_refunds(workspace, by=SYSTEM, refunds=[refund(amount_minor=300)])
    assert _agree(workspace) == {}
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    assert _agree(workspace)[buyer_no(workspace)].refunds_minor == 300


def test_merging_and_taking_apart_moves_no_row(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order(), order(order_no="1002", buyer=OTHER)])
    first = buyer_no(workspace)
    second = api.order(workspace, by=SYSTEM, shop="tmall", order_no="1002").member_no
    holders.write(workspace, {second: first})
    assert _agree(workspace)[first].orders == 2
    api.write_orders(workspace, by=SYSTEM, orders=[order(order_no="1003", buyer=OTHER)])
    assert _agree(workspace)[first].orders == 3
    holders.write(workspace, {second: second})
    found = _agree(workspace)
    assert (found[first].orders, found[second].orders) == (1, 2)


def test_imports_and_their_undoing(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order(), order(order_no="1002", buyer=OTHER)])
    before = _agree(workspace)
    api.insert_orders_from(workspace, _stage(3, member_no=buyer_no(workspace)), import_id="imp1", source="file", historical=True)
    assert _agree(workspace)[buyer_no(workspace)].orders == 3
    api.undo_import(workspace, "imp1", by=SYSTEM)
    assert _agree(workspace) == before


def test_many_at_once_are_left_to_the_job(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sales, "_AT_ONCE_MAX", 0)
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    api.insert_orders_from(workspace, _stage(3, member_no=buyer_no(workspace)), import_id="imp1", source="file", historical=True)
    with workspace.sql.read() as tx:
        assert repo.of_numbers(tx, [1]) is None
    # Until then the log itself is asked.
    assert api.order_facts(workspace, member_nos=[buyer_no(workspace)])[buyer_no(workspace)].orders == 3
    jobs.run_due(workspace)
    assert _agree(workspace)[buyer_no(workspace)].orders == 3


def test_erased_people_leave_no_row(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    number = buyer_no(workspace)
    api.erase(workspace, [number])
    assert _agree(workspace) == {}
    with workspace.sql.read() as tx:
        assert tx.execute(sa.select(sales_table).where(sales_table.c.member_no == number)).first() is None


def test_what_a_dead_writer_left_is_asked_of_the_log_and_settled(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    number = buyer_no(workspace)
    with workspace.sql.write() as tx:
        sales.mark(workspace, tx, [number])
        tx.execute(sa.update(sales_table).where(sales_table.c.member_no == number).values(orders=7))
    assert api.order_facts(workspace, member_nos=[number])[number].orders == 1
    assert api.purchases(workspace, member_no=number).facts.orders == 1
    api.settle_sales(workspace, told=lambda _done, _total: None)
    assert _agree(workspace)[number].orders == 1


def test_rows_that_say_something_else_are_found_and_made_anew(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    number = buyer_no(workspace)
    with workspace.sql.write() as tx:
        tx.execute(sa.update(sales_table).where(sales_table.c.member_no == number).values(revenue_minor=1))
    assert sales.differs(workspace)
    api.upkeep(workspace)
    _agree(workspace)
