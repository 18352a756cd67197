"""Orders by the million: from SELECTs over a staging table, once however often, and taken back exactly."""

import pytest

from tests.support.activity import NOON, buyer_no, events_of, kinds, order, refund
from tests.support.workspaces import Workspace
from wellspring.activity import api
from wellspring.activity.contracts import Buyer, ImportedEvent, OrderState
from wellspring.kernel.auth import SYSTEM

_ORDERS = (
    "SELECT 'tmall' AS shop, toString(number) AS order_no, toUInt32({member} * (number % 3 > 0)) AS member_no,"
    " if(number % 5 = 0, 'placed', 'paid') AS state, toUInt8(number % 5 > 0) AS is_paid, toDateTime64('2026-01-01 00:00:00', 3,"
    " 'UTC') + number AS placed_at,"
    " if(is_paid, placed_at + 60, toDateTime64(0, 3, 'UTC')) AS paid_at, toDateTime64(0, 3, 'UTC') AS cancelled_at, 'CNY' AS currency,"
    " toInt64(1000 + number) AS total_minor, toInt64(0) AS discount_minor, toInt64(0) AS shipping_minor, if(is_paid, total_minor, 0)"
    " AS paid_minor,"
    " '' AS store_code, '' AS staff_code, '[]' AS payments FROM numbers({count})"
)
_LINES = (
    "SELECT 'tmall' AS shop, toString(number) AS order_no, toUInt32(place) AS line_no, concat('SKU', toString(place)) AS sku, 'P' AS"
    " product, 'C' AS category,"
    " toInt64(1) AS quantity, toInt64(500) AS price_minor, toInt64(0) AS discount_minor, toInt64(500) AS total_minor"
    " FROM numbers({count}) ARRAY JOIN [1, 2] AS place"
)
_REFUNDS = (
    "SELECT 'tmall' AS shop, concat('R', toString(number)) AS refund_no, toString(number) AS order_no, toUInt32(0) AS member_no,"
    " toInt64(100) AS amount_minor,"
    " 'CNY' AS currency, toDateTime64('2026-02-01 00:00:00', 3, 'UTC') AS at, '' AS reason FROM numbers({count}) WHERE number % 10 = 0"
)


def _staged(member: int, count: int) -> api.Staged:
    return api.Staged(_ORDERS.format(member=member, count=count), _LINES.format(count=count), _REFUNDS.format(count=count))


@pytest.fixture
def member(workspace: Workspace) -> int:
    return buyer_no(workspace, "known")


def _run(ws: Workspace, staged: api.Staged, import_id: str = "imp1") -> None:
    api.insert_orders_from(ws, staged, import_id=import_id, source="file", historical=True)


def _sum(ws: Workspace, sql: str) -> list[int]:
    return [int(part) for part in ws.log.query(sql, fmt="TSV").split()]


class TestInsert:
    def test_orders_lines_refunds_and_events(self, workspace: Workspace, member: int) -> None:
        _run(workspace, _staged(member, 100))
        assert _sum(workspace, f"SELECT count(), sum(total_minor), sum(paid_minor), countIf(member_no = 0) FROM {api.orders_sql()}") == [
            100,
            sum(1000 + place for place in range(100)),
            sum(1000 + place for place in range(100) if place % 5),
            34,
        ]
        assert _sum(workspace, f"SELECT count(), sum(total_minor) FROM {api.lines_sql()}") == [200, 100_000]
        assert _sum(workspace, f"SELECT count(), sum(amount_minor) FROM {api.refunds_sql()}") == [10, 1000]
        facts = api.order_facts(workspace, member_nos=[member])[member]
        assert (facts.orders, facts.paid_orders) == (66, sum(1 for place in range(100) if place % 3 and place % 5))
        found = {kind.kind: kind.count for kind in api.event_kinds(workspace)}
        assert found == {
            "Order Placed": 66,
            "Order Completed": facts.paid_orders,
            "Order Refunded": sum(1 for place in range(0, 100, 10) if place % 3),
        }
        assert all(event.is_historical and event.import_id == "imp1" for event in api.timeline(workspace, member_no=member).rows)
        assert [row for row in api.check(workspace) if not row[1]] == []
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="7").lines[1].sku == "SKU2"

    def test_again_it_writes_nothing_twice(self, workspace: Workspace, member: int) -> None:
        for _ in range(2):
            _run(workspace, _staged(member, 50))
        counts = [_sum(workspace, f"SELECT count() FROM activity_{name}")[0] for name in ("order", "order_line", "refund", "order_past")]
        assert counts == [50, 100, 5, 0]
        assert [row for row in api.check(workspace) if not row[1]] == []

    @pytest.mark.parametrize("step", ["write_orders", "write_order_events", "write_refunds", "write_refund_events", "write_lines"])
    def test_after_a_crash_the_same_piece_completes_it(
        self, workspace: Workspace, member: int, step: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("killed")

        with monkeypatch.context() as broken:
            broken.setattr(f"wellspring.activity.facts.staging.{step}", fail)
            with pytest.raises(RuntimeError):
                _run(workspace, _staged(member, 30))
        _run(workspace, _staged(member, 30))
        assert _sum(workspace, f"SELECT count() FROM {api.orders_sql()}") == [30]
        assert _sum(workspace, f"SELECT count() FROM {api.lines_sql()}") == [60]
        assert {kind.kind: kind.count for kind in api.event_kinds(workspace)}["Order Placed"] == 20
        assert [row for row in api.check(workspace) if not row[1]] == []

    def test_a_refund_that_waited_finds_the_imported_order(self, workspace: Workspace, member: int) -> None:
        api.write_refunds(workspace, by=SYSTEM, refunds=[refund("W1", "7", 300)])
        _run(workspace, _staged(member, 10))
        assert api.order_facts(workspace, member_nos=[member])[member].refunds_minor == 300
        assert "Order Refunded" in kinds(workspace, member)

    def test_orders_that_change_hands_take_their_refunds_along_and_are_told_once(self, workspace: Workspace, member: int) -> None:
        second, third = buyer_no(workspace, "second"), buyer_no(workspace, "third")
        _run(workspace, _staged(member, 30))
        told = {kind.kind: kind.count for kind in api.event_kinds(workspace)}
        for place, holder in enumerate((second, third, third), start=2):
            _run(workspace, api.Staged(_staged(holder, 30).orders, _staged(holder, 30).lines), f"imp{place}")
            facts = api.order_facts(workspace, member_nos=[member, second, third])
            assert {number: (one.orders, one.refunds_minor) for number, one in facts.items()} == {holder: (20, 200)}
        assert {kind.kind: kind.count for kind in api.event_kinds(workspace)} == told
        api.undo_import(workspace, "imp3", by=SYSTEM)
        facts = api.order_facts(workspace, member_nos=[member, second, third])
        assert {number: (one.orders, one.refunds_minor) for number, one in facts.items()} == {second: (20, 200)}
        assert [row for row in api.check(workspace) if not row[1]] == []

    def test_a_newer_version_through_the_api_wins(self, workspace: Workspace, member: int) -> None:
        _run(workspace, _staged(member, 10))
        api.write_orders(workspace, by=SYSTEM, orders=[order("7", total_minor=1, paid_minor=1)])
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="7").total_minor == 1


class TestUndo:
    def test_everything_is_gone(self, workspace: Workspace, member: int) -> None:
        _run(workspace, _staged(member, 40))
        undone = api.undo_import(workspace, "imp1", by=SYSTEM)
        assert (undone.orders, undone.lines, undone.refunds, undone.restored) == (40, 80, 4, 0)
        assert api.event_kinds(workspace) == []
        assert api.orders(workspace, by=SYSTEM).rows == []

    def test_what_it_replaced_is_back_exactly(self, workspace: Workspace, member: int) -> None:
        before = order("7", state=OrderState.PLACED, paid_at=None, paid_minor=0, buyer=[Buyer("buyer_id", "known")])
        api.write_orders(workspace, by=SYSTEM, orders=[before])
        stored, told = api.order(workspace, by=SYSTEM, shop="tmall", order_no="7"), kinds(workspace, member)
        _run(workspace, _staged(member, 10))
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="7").total_minor == 1007
        assert api.undo_import(workspace, "imp1", by=SYSTEM).restored == 1
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="7") == stored
        assert kinds(workspace, member) == told == ["Order Placed"]

    def test_a_later_version_stays_and_is_told(self, workspace: Workspace, member: int) -> None:
        _run(workspace, _staged(member, 10))
        later = order("7", buyer=[Buyer("buyer_id", "known")])
        api.write_orders(workspace, by=SYSTEM, orders=[later])
        api.undo_import(workspace, "imp1", by=SYSTEM)
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="7").total_minor == later.total_minor
        assert set(kinds(workspace, member)) >= {"Order Placed", "Order Completed"}
        assert [row for row in api.check(workspace) if not row[1]] == []

    def test_two_imports_in_any_order(self, workspace: Workspace, member: int) -> None:
        _run(workspace, _staged(member, 10), "imp1")
        second = _staged(member, 10).orders.replace("1000 + number", "9000 + number")
        _run(workspace, api.Staged(second), "imp2")
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="7").total_minor == 9007
        api.undo_import(workspace, "imp1", by=SYSTEM)
        assert api.order(workspace, by=SYSTEM, shop="tmall", order_no="7").total_minor == 9007
        api.undo_import(workspace, "imp2", by=SYSTEM)
        assert api.orders(workspace, by=SYSTEM).rows == []


class TestEvents:
    def test_mapped_events_keep_their_time_and_are_undone(self, workspace: Workspace) -> None:
        events = [
            ImportedEvent("Visited", NOON.replace(year=2024), f"imp1:{place}", [Buyer("user_id", "u1")], {"n": place}) for place in range(5)
        ]
        for _ in range(2):
            api.write_events(workspace, events, source="file", import_id="imp1", historical=True)
        assert [event.at.year for event in events_of(workspace)] == [2024] * 5
        assert api.undo_import(workspace, "imp1", by=SYSTEM).events == 5
        assert events_of(workspace) == []
        assert [row for row in api.check(workspace) if not row[1]] == []
