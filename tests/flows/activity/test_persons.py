"""One person's data: exported whole, erased from the disk, merged and un-merged."""

import datetime as dt

from tests.support.activity import buyer_no, events_of, identify, ingest, kinds, number_of, order, refund, settle, track
from tests.support.workspaces import Workspace
from wellspring.activity import api
from wellspring.activity.contracts import Buyer
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM
from wellspring.people import api as people


def _member_id(ws: Workspace, number: int) -> str:
    return people.members_of(ws, by=SYSTEM, member_nos=[number])[number].id


class TestErasure:
    def test_p04_events_go_and_orders_lose_their_buyer(self, workspace: Workspace) -> None:
        ingest(workspace, track("A"), track("B", userId="u2"), identify("u1", {"city": "上海"}))
        api.write_orders(workspace, by=SYSTEM, orders=[order(buyer=[Buyer("user_id", "u1")])])
        api.write_refunds(workspace, by=SYSTEM, refunds=[refund()])
        number = number_of(workspace, "user_id", "u1")
        people.erase(workspace, by=SYSTEM, member_id=_member_id(workspace, number), reason="asked")
        jobs.run_due(workspace)
        assert api.timeline(workspace, member_no=number).rows == []
        assert {kind.kind for kind in api.event_kinds(workspace)} == {"B"}
        stored = api.order(workspace, by=SYSTEM, shop="tmall", order_no="1001")
        assert (stored.member_no, stored.paid_minor, stored.refunded_minor) == (0, 17880, 5000)
        assert [row for row in api.check(workspace) if not row[1]] == []

    def test_rejected_input_that_names_them_goes_with_them(self, workspace: Workspace) -> None:
        ingest(workspace, identify("u1", {"phone": "13800138123", "email": "canary.person@example.com"}), track("B", userId="u2"))
        long = "x" * 400
        ingest(
            workspace,
            {"type": "track", "event": "", "userId": "u1"},
            {"type": "track", "event": "", "userId": "u2", "properties": {"note": ["call 138-0013-8123, please"]}},
            {"type": "track", "event": long, "userId": "u3", "context": {"traits": {"mail": "Canary.Person@example.com"}}},
            {"type": "track", "event": "", "anonymousId": "a9", "properties": {"13800138123": 1}},
            {"type": "track", "event": "", "userId": "u2", "properties": {"note": "call 13800138124"}},
            {"type": "track", "event": "", "userId": 13800138},
        )
        assert len(api.rejected(workspace).rows) == 6
        number = number_of(workspace, "user_id", "u1")
        receipt = people.erase(workspace, by=SYSTEM, member_id=_member_id(workspace, number), reason="asked")
        jobs.run_due(workspace)
        assert len(api.rejected(workspace).rows) == 2
        assert people.receipt(workspace, receipt_id=receipt.id).removed["activity"] >= 4
        said = [api.rejected_content(workspace, rejected_id=row.id, by=SYSTEM)[1] for row in api.rejected(workspace).rows]
        assert not any(canary in str(said) for canary in ("'u1'", "13800138123", "0013-8123", "anary.person"))
        ingest(workspace, track("C"))
        assert len(api.rejected(workspace).rows) == 3
        workspace.clock.move_to(workspace.clock.now() + dt.timedelta(minutes=11))  # type: ignore[attr-defined]
        jobs.run_due(workspace)
        assert len(api.rejected(workspace).rows) == 2

    def test_p04_an_erased_person_is_not_revived_by_a_later_event(self, workspace: Workspace) -> None:
        ingest(workspace, track("A"))
        number = number_of(workspace, "user_id", "u1")
        people.erase(workspace, by=SYSTEM, member_id=_member_id(workspace, number), reason="asked")
        result = ingest(workspace, track("B"), track("C", userId="u2"))
        assert (result.accepted, result.rejected) == (1, 1)


class TestExport:
    def test_everything_of_a_person(self, workspace: Workspace) -> None:
        ingest(workspace, track("A", properties={"x": 1}))
        api.write_orders(workspace, by=SYSTEM, orders=[order(buyer=[Buyer("user_id", "u1")])])
        found = api.everything_of(workspace, [number_of(workspace, "user_id", "u1")])
        assert [event["kind"] for event in found["events"]] == ["A", "Order Placed", "Order Completed"]
        assert found["events"][0]["props"] == {"x": 1}
        assert [row["order_no"] for row in found["orders"]] == ["1001"]


class TestMerges:
    def test_n01_the_past_moves_with_a_merge_and_back(self, workspace: Workspace) -> None:
        ingest(workspace, track("A", anonymousId="a1"), track("B", userId="u1"))
        api.write_orders(workspace, by=SYSTEM, orders=[order(buyer=[Buyer("anonymous_id", "a1")])])
        ingest(workspace, identify("u1", anonymousId="a1"))
        survivor = number_of(workspace, "user_id", "u1")
        assert {"A", "B", "Identify", "Order Placed"} <= set(kinds(workspace, survivor))
        holder = api.holder_sql(workspace)
        assert workspace.log.query(f"SELECT DISTINCT {holder} FROM {api.events_sql()}", fmt="TSV").strip() == str(survivor).encode()
        assert api.order_facts(workspace, member_nos=[survivor])[survivor].orders == 1

        merge = people.merges(workspace, by=SYSTEM, member_id=_member_id(workspace, survivor))[0]
        people.unmerge(workspace, by=SYSTEM, merge_id=merge.id, reason="wrong")
        settle(workspace)
        apart = number_of(workspace, "anonymous_id", "a1")
        assert apart != survivor
        assert "A" in kinds(workspace, apart)
        assert "A" not in kinds(workspace, survivor)
        assert api.order_facts(workspace, member_nos=[apart])[apart].orders == 1

    def test_merging_twice_is_no_different(self, workspace: Workspace) -> None:
        ingest(workspace, track("A", anonymousId="a1"))
        for _ in range(2):
            ingest(workspace, identify("u1", anonymousId="a1"))
        assert [event.kind for event in events_of(workspace)] == ["A", "Identify", "Identify"]
        assert buyer_no(workspace) > 0
