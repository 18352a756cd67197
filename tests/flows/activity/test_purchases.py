"""A member's purchases in one read: versions, refunds, merges, and orders that change hands."""

import datetime as dt

from tests.support.activity import NOON, buyer_no, order, refund
from wellspring.activity import api
from wellspring.activity.contracts import Buyer, OrderState
from wellspring.activity.facts import holders
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace

SOMEBODY_ELSE = (Buyer("phone", "13900001111"),)


def test_sums_and_newest_orders_come_together(workspace: Workspace) -> None:
    later = order(order_no="1002", placed_at=NOON + dt.timedelta(days=1), paid_minor=500, total_minor=500)
    unpaid = order(order_no="1003", state=OrderState.PLACED, paid_at=None, paid_minor=0)
    api.write_orders(workspace, by=SYSTEM, orders=[order(), later, unpaid])
    api.write_refunds(workspace, by=SYSTEM, refunds=[refund(amount_minor=300)])
    found = api.purchases(workspace, member_no=buyer_no(workspace), limit=2)
    assert (found.facts.orders, found.facts.paid_orders, found.facts.revenue_minor, found.facts.refunds_minor) == (3, 2, 18380, 300)
    assert found.facts.last_order_at == NOON + dt.timedelta(days=1)
    assert (found.orders[0].order_no, found.orders[0].is_paid, found.has_more) == ("1002", True, True)
    everything = api.purchases(workspace, member_no=buyer_no(workspace)).orders
    assert {one.order_no: one.refunded_minor for one in everything} == {"1001": 300, "1002": 0, "1003": 0}


def test_an_order_that_changes_hands_is_the_new_buyer_s_alone(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    former = buyer_no(workspace)
    api.write_orders(workspace, by=SYSTEM, orders=[order(buyer=SOMEBODY_ELSE)])
    present = api.order(workspace, by=SYSTEM, shop="tmall", order_no="1001").member_no
    assert present != former
    assert api.order_facts(workspace, member_nos=[former, present]).keys() == {present}
    assert api.purchases(workspace, member_no=former).orders == []


def test_a_merged_member_s_purchases_are_the_holder_s(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order(), order(order_no="1002", buyer=SOMEBODY_ELSE)])
    first = buyer_no(workspace)
    second = api.order(workspace, by=SYSTEM, shop="tmall", order_no="1002").member_no
    holders.write(workspace, {second: first})
    assert api.order_facts(workspace, member_nos=[first])[first].orders == 2


def test_somebody_without_orders_has_none(workspace: Workspace) -> None:
    assert api.order_facts(workspace, member_nos=[7]) == {}
    assert api.order_facts(workspace, member_nos=[]) == {}
    assert api.purchases(workspace, member_no=7).facts.orders == 0
