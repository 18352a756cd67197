"""A member's purchases in one read: versions, refunds, merges, and orders that change hands."""

import datetime as dt

from tests.support.activity import NOON, buyer_no, order, refund
from wellspring.activity import api
from wellspring.activity.contracts import Buyer, OrderState
from wellspring.activity.facts import holders, purchases
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.stores.log import scalar
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people

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


def test_a_refund_goes_along_with_its_order(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    api.write_refunds(workspace, by=SYSTEM, refunds=[refund(amount_minor=300)])
    former = buyer_no(workspace)
    api.write_orders(workspace, by=SYSTEM, orders=[order(buyer=SOMEBODY_ELSE)])
    present = api.order(workspace, by=SYSTEM, shop="tmall", order_no="1001").member_no
    facts = api.order_facts(workspace, member_nos=[former, present])
    assert facts.keys() == {present}
    assert facts[present].refunds_minor == 300
    assert _refunds_told(workspace) == 1
    api.write_refunds(workspace, by=SYSTEM, refunds=[refund(amount_minor=400)])
    assert api.order_facts(workspace, member_nos=[former, present])[present].refunds_minor == 400
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    facts = api.order_facts(workspace, member_nos=[former, present])
    assert (facts.keys(), facts[former].refunds_minor) == ({former}, 400)


def test_a_refund_that_named_somebody_else_goes_to_the_buyer_of_its_order(workspace: Workspace) -> None:
    api.write_refunds(workspace, by=SYSTEM, refunds=[refund(amount_minor=300, buyer=SOMEBODY_ELSE)])
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    buyer = buyer_no(workspace)
    everybody = range(1, people.last_member_no(workspace) + 1)
    assert {number: facts.refunds_minor for number, facts in api.order_facts(workspace, member_nos=everybody).items()} == {buyer: 300}


def test_what_a_crash_left_out_is_added(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order(), order(order_no="1002")])
    api.write_refunds(workspace, by=SYSTEM, refunds=[refund(amount_minor=300)])
    buyer = buyer_no(workspace)
    whole = api.purchases(workspace, member_no=buyer)
    assert purchases.repair(workspace) == 0
    # As if the views had not been reached.
    workspace.log.command("DELETE FROM activity_purchase WHERE number != '1002'")
    api.upkeep(workspace)
    assert purchases.of_member(workspace, buyer, limit=10).facts == whole.facts
    assert api.purchases(workspace, member_no=buyer) == whole
    assert purchases.repair(workspace) == 0


def test_what_a_crash_left_with_a_former_buyer_is_taken_away(workspace: Workspace) -> None:
    api.write_orders(workspace, by=SYSTEM, orders=[order()])
    former = buyer_no(workspace)
    api.write_orders(workspace, by=SYSTEM, orders=[order(buyer=SOMEBODY_ELSE)])
    workspace.log.command("DELETE FROM activity_purchase WHERE body LIKE '%gone%'")
    assert purchases.sums(workspace, [former])[former].orders == 1
    assert purchases.repair(workspace) == 1
    assert purchases.sums(workspace, [former]) == {}
    assert purchases.repair(workspace) == 0


def _refunds_told(workspace: Workspace) -> int:
    return int(scalar(workspace.log, "SELECT count() FROM activity_event WHERE kind = 'Order Refunded'"))


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
