"""Orders and refunds: upserted by shop and number for ever, their events told once, whatever comes first."""

import dataclasses
import datetime as dt

import pytest

from tests.support.activity import NOON, buyer_no, identify, ingest, kinds, order, refund, settle
from tests.support.workspaces import Workspace
from wellspring.activity import api, errors
from wellspring.activity.contracts import Buyer, OrderLine, OrderOutcome, OrderState, Payment
from wellspring.kernel.auth import SYSTEM, ActorKind, Principal, Scope
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.errors import TooLarge


def _write(ws: Workspace, *orders: object) -> list[OrderOutcome]:
    return [written.outcome for written in api.write_orders(ws, by=SYSTEM, orders=list(orders))]  # type: ignore[arg-type]


class TestWriting:
    def test_an_order_is_kept_whole(self, workspace: Workspace) -> None:
        whole = order(discount_minor=120, shipping_minor=1000, payments=[Payment("alipay", 17880, NOON)])
        assert _write(workspace, whole) == [OrderOutcome.CREATED]
        stored = api.order(workspace, by=SYSTEM, shop="tmall", order_no="1001")
        assert (stored.total_minor, stored.discount_minor, stored.shipping_minor, stored.paid_minor) == (17880, 120, 1000, 17880)
        assert (stored.store_code, stored.staff_code, stored.is_paid, stored.paid_at) == (
            "S001",
            "G001",
            True,
            NOON + dt.timedelta(minutes=5),
        )
        assert list(stored.lines) == list(whole.lines)
        assert list(stored.payments) == list(whole.payments)
        assert stored.member_no == buyer_no(workspace)

    def test_the_same_content_again_changes_nothing(self, workspace: Workspace, clock: VirtualClock) -> None:
        _write(workspace, order())
        clock.move_to(NOON + dt.timedelta(days=40))
        assert _write(workspace, order()) == [OrderOutcome.UNCHANGED]
        assert kinds(workspace, buyer_no(workspace)) == ["Order Placed", "Order Completed"]

    def test_each_step_is_told_once(self, workspace: Workspace) -> None:
        placed = order(state=OrderState.PLACED, paid_at=None, paid_minor=0)
        assert _write(workspace, placed, order(), order(state=OrderState.CANCELLED, cancelled_at=NOON + dt.timedelta(days=2))) == [
            OrderOutcome.CREATED,
            OrderOutcome.UPDATED,
            OrderOutcome.UPDATED,
        ]
        assert kinds(workspace, buyer_no(workspace)) == ["Order Placed", "Order Completed", "Order Cancelled"]
        facts = api.order_facts(workspace, member_nos=[buyer_no(workspace)])[buyer_no(workspace)]
        assert (facts.orders, facts.paid_orders, facts.revenue_minor) == (1, 1, 17880)

    def test_an_unpaid_order_is_an_order_and_no_revenue(self, workspace: Workspace) -> None:
        _write(workspace, order(state=OrderState.PLACED, paid_at=None))
        facts = api.order_facts(workspace, member_nos=[buyer_no(workspace)])[buyer_no(workspace)]
        assert (facts.orders, facts.paid_orders, facts.revenue_minor) == (1, 0, 0)

    def test_a_changed_amount_is_told_as_a_correction(self, workspace: Workspace) -> None:
        _write(workspace, order(), order(paid_minor=10000, total_minor=10000), order(paid_minor=10000, total_minor=10000))
        assert sorted(kinds(workspace, buyer_no(workspace))) == ["Order Completed", "Order Placed", "Order Updated"]
        assert api.order_facts(workspace, member_nos=[buyer_no(workspace)])[buyer_no(workspace)].revenue_minor == 10000

    def test_an_older_version_that_comes_late_does_not_win(self, workspace: Workspace) -> None:
        newer = order(updated_at=NOON + dt.timedelta(hours=2))
        older = order(state=OrderState.PLACED, paid_at=None, paid_minor=0, updated_at=NOON)
        assert _write(workspace, newer) == [OrderOutcome.CREATED]
        assert _write(workspace, older) == [OrderOutcome.STALE]
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="1001").is_paid
        assert kinds(workspace, buyer_no(workspace)) == ["Order Placed", "Order Completed"]

    def test_without_a_buyer_it_is_in_the_orders_only(self, workspace: Workspace) -> None:
        _write(workspace, order(buyer=[]))
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="1001").member_no == 0
        assert api.event_kinds(workspace) == []
        _write(workspace, order())
        assert kinds(workspace, buyer_no(workspace)) == ["Order Placed", "Order Completed"]

    def test_the_same_number_in_two_shops_is_two_orders(self, workspace: Workspace) -> None:
        _write(workspace, order(), order(shop="jd"))
        assert len(api.orders(workspace, by=SYSTEM).rows) == 2
        assert buyer_no(workspace, shop="jd") != buyer_no(workspace, shop="tmall")

    def test_history_is_flagged(self, workspace: Workspace) -> None:
        _write(workspace, order(is_historical=True))
        assert all(event.is_historical for event in api.timeline(workspace, member_no=buyer_no(workspace)).rows)

    def test_what_contradicts_itself_is_refused(self, workspace: Workspace) -> None:
        for bad in (
            order(""),
            order("x" * 121),
            order(lines=[OrderLine("s")] * 501),
            order(total_minor=10**18),
            order(paid_at=NOON - dt.timedelta(days=9)),
        ):
            with pytest.raises(errors.OrderRefused):
                _write(workspace, bad)
        with pytest.raises(TooLarge):
            _write(workspace, *(order(str(place)) for place in range(501)))
        with pytest.raises(errors.OrderUnknown):
            api.order(workspace, by=SYSTEM, shop="tmall", order_no="1001")


class TestRefunds:
    def test_a_refund_is_told_and_summed(self, workspace: Workspace) -> None:
        _write(workspace, order())
        written = api.write_refunds(workspace, by=SYSTEM, refunds=[refund()])[0]
        assert (written.outcome, list(written.notes)) == (OrderOutcome.CREATED, [])
        assert api.write_refunds(workspace, by=SYSTEM, refunds=[refund()])[0].outcome is OrderOutcome.UNCHANGED
        assert kinds(workspace, buyer_no(workspace))[-1] == "Order Refunded"
        assert api.order_facts(workspace, member_nos=[buyer_no(workspace)])[buyer_no(workspace)].refunds_minor == 5000
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="1001").refunded_minor == 5000

    def test_a_refund_before_its_order_converges(self, workspace: Workspace) -> None:
        early = api.write_refunds(workspace, by=SYSTEM, refunds=[refund()])[0]
        assert (early.member_no, list(early.notes)) == (0, ["order_unknown"])
        _write(workspace, order())
        assert kinds(workspace, buyer_no(workspace)) == ["Order Placed", "Order Completed", "Order Refunded"]
        assert api.order_facts(workspace, member_nos=[buyer_no(workspace)])[buyer_no(workspace)].refunds_minor == 5000

    def test_a_refund_above_what_was_paid_is_kept_and_noted(self, workspace: Workspace) -> None:
        _write(workspace, order())
        first, second = api.write_refunds(workspace, by=SYSTEM, refunds=[refund(), refund("R2", amount_minor=17000)])
        assert "refund_over_paid" in second.notes
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="1001").refunded_minor == 22000
        assert first.outcome is OrderOutcome.CREATED

    def test_a_refund_must_be_above_zero(self, workspace: Workspace) -> None:
        with pytest.raises(errors.OrderRefused):
            api.write_refunds(workspace, by=SYSTEM, refunds=[refund(amount_minor=0)])


class TestMembers:
    def test_a_merge_brings_orders_and_events_along(self, workspace: Workspace) -> None:
        _write(workspace, order(), order("1002", buyer=[Buyer("user_id", "u1")]))
        ingest(
            workspace,
            identify("u1", context={"externalIds": [{"type": "buyer_id", "id": "b1", "collection": "tmall", "namespace": "tmall"}]}),
        )
        settle(workspace)
        member = buyer_no(workspace)
        assert sorted(kinds(workspace, member)) == ["Identify", "Order Completed", "Order Completed", "Order Placed", "Order Placed"]
        facts = api.order_facts(workspace, member_nos=[member])[member]
        assert (facts.orders, facts.revenue_minor) == (2, 35760)
        assert {row.order_no for row in api.orders_of(workspace, member_no=member).rows} == {"1001", "1002"}

    def test_fifty_members_in_sum_at_once(self, workspace: Workspace) -> None:
        _write(workspace, *(order(str(place), buyer=[Buyer("buyer_id", f"b{place % 50}")]) for place in range(150)))
        numbers = [buyer_no(workspace, f"b{place}") for place in range(50)]
        facts = api.order_facts(workspace, member_nos=numbers)
        assert {facts[number].orders for number in numbers} == {3}

    def test_pages_of_orders(self, workspace: Workspace) -> None:
        _write(workspace, *(order(str(place), placed_at=NOON - dt.timedelta(hours=place // 2), paid_at=None) for place in range(11)))
        seen, cursor = [], None
        while True:
            page = api.orders_of(workspace, member_no=buyer_no(workspace), cursor=cursor, limit=3)
            seen += [row.order_no for row in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert sorted(seen, key=int) == [str(place) for place in range(11)]

    def test_filters(self, workspace: Workspace) -> None:
        _write(workspace, order(), order("2", shop="jd"), order("3", state=OrderState.CANCELLED))
        assert [row.order_no for row in api.orders(workspace, by=SYSTEM, shop="jd").rows] == ["2"]
        assert [row.order_no for row in api.orders(workspace, by=SYSTEM, state="cancelled").rows] == ["3"]
        assert len(api.orders(workspace, by=SYSTEM, member_no=buyer_no(workspace)).rows) == 2

    def test_a_scope_without_stores_sees_no_order(self, workspace: Workspace) -> None:
        _write(workspace, order())
        outsider = Principal("usr_1", ActorKind.USER, "外人", scope=Scope(frozenset({"unit_none"})))
        assert api.orders(workspace, by=outsider).rows == []
        with pytest.raises(errors.OrderUnknown):
            api.order(workspace, by=outsider, shop="tmall", order_no="1001")
        assert api.recent_events(workspace, by=outsider) == []


class TestBadDays:
    def test_events_that_a_crash_left_out_are_told_by_the_retry(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise RuntimeError("killed")

        with monkeypatch.context() as broken:
            broken.setattr("wellspring.activity.facts.order_rows.insert_events", fail)
            with pytest.raises(RuntimeError):
                _write(workspace, order())
        assert _write(workspace, order()) == [OrderOutcome.UNCHANGED]
        assert kinds(workspace, buyer_no(workspace)) == ["Order Placed", "Order Completed"]
        assert [row for row in api.check(workspace) if not row[1]] == []

    def test_an_order_may_change_its_buyer(self, workspace: Workspace) -> None:
        _write(workspace, order(), dataclasses.replace(order(), buyer=[Buyer("buyer_id", "b2")]))
        assert api.order_facts(workspace, member_nos=[buyer_no(workspace, "b1")]) == {}
        assert api.order_facts(workspace, member_nos=[buyer_no(workspace, "b2")])[buyer_no(workspace, "b2")].orders == 1

    def test_each_event_is_told_once_however_often_the_order_changes_hands(self, workspace: Workspace) -> None:
        _write(workspace, order())
        api.write_refunds(workspace, by=SYSTEM, refunds=[refund()])
        for buyer in ("b2", "b3", "b1", "b3", "b3"):
            again = dataclasses.replace(order(), buyer=[Buyer("buyer_id", buyer)])
            _write(workspace, again)
            api.write_refunds(workspace, by=SYSTEM, refunds=[refund()])
        cancelled = order(state=OrderState.CANCELLED, cancelled_at=NOON + dt.timedelta(days=2))
        _write(workspace, dataclasses.replace(cancelled, buyer=[Buyer("buyer_id", "b3")]))
        counted = {kind.kind: kind.count for kind in api.event_kinds(workspace)}
        assert counted == {"Order Placed": 1, "Order Completed": 1, "Order Refunded": 1, "Order Cancelled": 1}
        assert api.order_facts(workspace, member_nos=[buyer_no(workspace, "b3")])[buyer_no(workspace, "b3")].refunds_minor == 5000


def test_t04_a_till_slightly_ahead_of_the_server_paid_now(workspace: Workspace) -> None:
    _write(workspace, order("ahead", paid_at=NOON + dt.timedelta(minutes=4)), order("far", paid_at=NOON + dt.timedelta(minutes=6)))
    told = [event.at for event in api.timeline(workspace, member_no=buyer_no(workspace)).rows if event.kind == "Order Completed"]
    assert sorted(told) == [NOON, NOON + dt.timedelta(minutes=6)]
