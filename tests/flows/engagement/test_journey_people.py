"""People in journeys on their stores: merges, erasure, whereabouts, keyed runs, dates, holdouts, what is owed, dry runs."""

import datetime as dt
from collections.abc import Iterator

import pytest
from pyroaring import BitMap

from tests.support import activity as acting
from tests.support import journeys as going
from tests.support import people as persons
from tests.support.journeys import (
    SEND,
    act,
    advance,
    audience,
    beat,
    does,
    launch,
    line,
    number,
    of_audience,
    on,
    planned,
    reasons,
    wait,
    where,
)
from tests.support.touching import FakeCarrier
from wellspring.activity import api as activity
from wellspring.activity.contracts import Refund
from wellspring.audiences.contracts import Refresh
from wellspring.audiences.service import defining
from wellspring.engagement.api import journeys as api
from wellspring.engagement.contracts.journeys import JourneyKind
from wellspring.engagement.errors.journeys import DryRunTooLong, JourneyNotSo
from wellspring.engagement.repo import effects
from wellspring.engagement.service import parting
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.tags import api as tags

FOUR = on("Cart", reentry="after_exit")


@pytest.fixture(autouse=True)
def fake() -> Iterator[FakeCarrier]:
    with going.carrier() as placed:
        yield placed


class TestPeople:
    def test_n04_merge_mid_journey(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, SEND, wait("1d"), SEND))
        does(workspace, "Cart", "u1")
        advance(workspace, minutes=1)
        acting.ingest(workspace, acting.track("Cart", anonymousId="a1", timestamp=workspace.clock.now().isoformat()))
        beat(workspace)
        one, other = number(workspace, "u1"), acting.number_of(workspace, "anonymous_id", "a1")
        assert where(workspace, journey) == {"n2": {one, other}}
        ids = [persons.member_id(workspace, no) for no in (one, other)]
        people.merge(workspace, by=SYSTEM, ids=ids, survivor_id=ids[0])
        advance(workspace, hours=1)
        assert where(workspace, journey) == {"n2": {one}}
        advance(workspace, days=1)
        sent = [members for node, members in planned(workspace, journey) if node == "n3"]
        assert sent == [[one]]
        assert reasons(workspace, journey, other)[-1] == "merged"

    def test_p04_the_erased_leave_every_journey(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, {"kind": "points", "points": 5}, wait("1d"), SEND))
        does(workspace, "Cart", "u1")
        beat(workspace)
        gone = number(workspace, "u1")
        assert parting.of_person(workspace, [gone])[0]["journey"] == "旅程"
        assert parting.erase(workspace, [gone]) > 0
        assert where(workspace, journey) == {}
        assert reasons(workspace, journey, gone) == []
        assert parting.of_person(workspace, [gone]) == []

    def test_where_somebody_is_and_why(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, SEND, wait("1d"), SEND))
        does(workspace, "Cart", "u1", "u2")
        beat(workspace)
        page = api.at_node(workspace, by=SYSTEM, journey_id=journey.id, node="n2", limit=1)
        assert (page.total, len(page.rows), page.next_cursor is not None) == (2, 1, True)
        there = page.rows[0]
        assert [step.reason for step in reversed(there.steps)] == ["entered", "sent"]
        assert there.until == workspace.clock.now() + dt.timedelta(days=1)
        rest = api.at_node(workspace, by=SYSTEM, journey_id=journey.id, node="n2", cursor=page.next_cursor)
        assert [row.member_no for row in rest.rows] == [number(workspace, "u2")]
        way = api.way_of(workspace, by=SYSTEM, journey_id=journey.id, member=there.member_id)
        assert [step.to_node for step in way.rows] == ["n2", "n1"]
        standing = api.standing(workspace, journey_id=journey.id)
        assert standing.here == {1: {"n2": 2}}
        assert {(flow.from_node, flow.to_node): flow.times for flow in standing.flows} == {("", "n1"): 2, ("n1", "n2"): 2}
        assert api.listing(workspace).rows[0].inside == 2


class TestKeyed:
    def test_j07_each_order_is_a_run_of_its_own(self, workspace: Workspace) -> None:
        graph = line(on("Order Completed", key="order_no"), wait("10d"), SEND, exits=[{"event": "Order Refunded"}])
        journey = launch(workspace, graph)
        now = workspace.clock.now()
        orders = [acting.order(no, placed_at=now, paid_at=now) for no in ("a", "b")]
        activity.write_orders(workspace, by=SYSTEM, orders=orders)
        acting.settle(workspace)
        beat(workspace)
        assert where(workspace, journey) == {"n1": {1, 2}}
        activity.write_refunds(workspace, by=SYSTEM, refunds=[Refund("tmall", "r", "b", 5000, now)])
        beat(workspace)
        assert where(workspace, journey) == {"n1": {1}}
        advance(workspace, days=10, minutes=20)
        assert planned(workspace, journey) == [("n2", [acting.buyer_no(workspace)])]

    def test_two_runs_of_one_member_are_two_messages(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(on("Cart", reentry="every"), {**SEND, "purpose": "service"}))
        does(workspace, "Cart", "u1")
        does(workspace, "Cart", "u1")
        beat(workspace)
        one = number(workspace, "u1")
        assert planned(workspace, journey) == [("n1", [one]), ("n1", [one])]


class TestTriggers:
    def test_a_birthday_in_three_days(self, workspace: Workspace) -> None:
        acting.ingest(workspace, acting.identify("u1", {"birthday": "1990-03-22"}), acting.identify("u2", {"birthday": "1990-03-30"}))
        entry = {"trigger": {"kind": "date", "attribute": "birthday", "days": -3, "clock": "10:00", "is_yearly": True}}
        journey = launch(workspace, line(entry | {"reentry": "after_exit"}, wait("1d"), SEND))
        advance(workspace, hours=12)
        assert where(workspace, journey) == {}
        advance(workspace, hours=12)
        assert where(workspace, journey) == {"n1": {number(workspace, "u1")}}

    def test_by_a_call(self, workspace: Workspace) -> None:
        journey = launch(workspace, line({"trigger": {"kind": "api"}, "reentry": "never"}, wait("1d"), SEND))
        does(workspace, "Viewed", "u1")
        one = number(workspace, "u1")
        assert api.enter(workspace, by=SYSTEM, journey_id=journey.id, members=[one]) == 1
        beat(workspace)
        assert where(workspace, journey) == {"n1": {one}}
        other = launch(workspace, line(FOUR, SEND), name="别的")
        with pytest.raises(JourneyNotSo):
            api.enter(workspace, by=SYSTEM, journey_id=other.id, members=[one])

    def test_j05_leaving_the_audience_is_an_exit_where_it_is_one(self, workspace: Workspace) -> None:
        made, _warnings = defining.create(
            workspace, by=SYSTEM, name="近一天看过", definition={"did": "Viewed", "within": "1d"}, refresh=Refresh.LIVE
        )
        graph = line(of_audience(made.id, "both"), wait("5d"), SEND, exits=[{"audience": made.id, "when": "left"}])
        journey = launch(workspace, graph)
        does(workspace, "Viewed", "u1")
        beat(workspace)
        assert where(workspace, journey) == {"n1": {number(workspace, "u1")}}
        advance(workspace, days=1, minutes=5)
        assert reasons(workspace, journey, number(workspace, "u1")) == ["entered", "exit.0"]

    def test_j11_an_attribute_told_in_the_same_moment_counts(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(on("Cart", condition={"attribute": "vip", "is": True}), wait("1d"), SEND))
        now = workspace.clock.now().isoformat()
        acting.ingest(workspace, acting.track("Cart", userId="u1", timestamp=now))
        beat(workspace)
        acting.ingest(workspace, acting.identify("u1", {"vip": True}))
        advance(workspace, minutes=1)
        assert where(workspace, journey) == {"n1": {number(workspace, "u1")}}


class TestOwed:
    def test_tags_attributes_and_promises(self, workspace: Workspace) -> None:
        nodes = [
            {"kind": "tag", "put": ["旅程/走过"]},
            {"kind": "update", "attribute": "journey_stage", "value": "nurtured"},
            {"kind": "coupon", "coupon": "欢迎券"},
            {"kind": "points", "points": 100},
        ]
        journey = launch(workspace, line(FOUR, *nodes))
        does(workspace, "Cart", "u1", "u2")
        beat(workspace)
        act(workspace)
        members = {number(workspace, user) for user in ("u1", "u2")}
        tag_id = tags.find(workspace, "旅程", "走过")
        assert tag_id is not None
        assert set(tags.members(workspace, tag_id=tag_id)) == members
        in_force = people.attributes_in_force(workspace, member_nos=sorted(members), name="journey_stage")
        assert set(in_force.values()) == {"nurtured"}
        with workspace.sql.read() as tx:
            for kind in ("coupon", "points"):
                promise = effects.promised(tx, kind, after="", limit=10)[0]
                assert set(BitMap.deserialize(bytes(promise.members))) == members
            assert {row.state for row in effects.of_journey(tx, journey.id, limit=10)} == {"done", "promised"}

    def test_a_webhook_that_fails_is_tried_again_and_then_left(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, {"kind": "webhook", "url": "http://127.0.0.1:9/closed"}))
        does(workspace, "Cart", "u1")
        beat(workspace)
        for _attempt in range(10):
            act(workspace)
            advance(workspace, hours=2)
        with workspace.sql.read() as tx:
            row = effects.of_journey(tx, journey.id, limit=1)[0]
            assert (row.state, row.problem, row.attempts) == ("failed", "ConnectError", 8)


class TestHoldout:
    def test_e04_the_control_is_met_with_the_others_and_gets_nothing(self, workspace: Workspace) -> None:
        journey = launch(workspace, line(FOUR, wait("1h"), SEND, holdout_basis_points=5000))
        does(workspace, "Cart", *(f"u{place}" for place in range(60)))
        beat(workspace)
        advance(workspace, hours=2)
        sent = {member for _node, members in planned(workspace, journey) for member in members}
        everybody = {number(workspace, f"u{place}") for place in range(60)}
        assert 15 < len(sent) < 45
        for member in everybody - sent:
            assert reasons(workspace, journey, member) == ["entered", "waited", "held_out"]


class TestDryRun:
    def test_a_replay_says_what_would_have_been(self, workspace: Workspace) -> None:
        does(workspace, "Cart", "u1", "u2", "u3")
        advance(workspace, hours=2)
        does(workspace, "Bought", "u2")
        advance(workspace, days=3)
        start = workspace.clock.now() - dt.timedelta(days=4)
        graph = line(FOUR, wait("1d"), {**SEND, "content_id": ""}, exits=[{"event": "Bought"}], goal={"event": "Bought", "within": "7d"})
        run = api.dry_run(workspace, draft=graph, since=start, until=workspace.clock.now())
        assert (run.entered, run.converted, run.finished) == (3, 1, 3)
        assert [(send.node, send.asked, send.sent) for send in run.sends] == [("n2", 2, 2)]
        assert run.cost_minor == 10
        assert [entered for _day, entered, _sent in run.by_day if entered] == [3]
        with pytest.raises(DryRunTooLong):
            api.dry_run(workspace, draft=graph, since=start - dt.timedelta(days=200), until=workspace.clock.now())

    def test_a_replay_ends_where_the_journey_did(self, workspace: Workspace) -> None:
        start = workspace.clock.now()
        branch = [{"id": "vip", "if": {"attribute": "vip", "is": True}, "next": "n4"}]
        nodes = [
            {"kind": "wait", "mode": "event", "event": "Viewed", "timeout": "6h", "then": "n2", "timeout_next": "n3"},
            SEND,
            {"kind": "split", "mode": "first", "branches": branch, "else": "n5"},
            SEND,
            wait("1d"),
        ]
        graph = line(FOUR, *nodes, exits=[{"event": "Bought"}])
        journey = launch(workspace, graph)
        for hour in range(12):
            does(workspace, "Cart", f"u{hour}", f"v{hour}")
            if hour % 3 == 0:
                does(workspace, "Viewed", f"u{hour}")
            if hour % 4 == 0:
                does(workspace, "Bought", f"v{hour}")
            advance(workspace, hours=1)
        for _beat in range(8):
            advance(workspace, hours=6)
        lived = {(flow.from_node, flow.to_node, flow.reason): flow.times for flow in api.standing(workspace, journey_id=journey.id).flows}
        run = api.dry_run(workspace, draft=graph, since=start - dt.timedelta(minutes=1), until=workspace.clock.now())
        assert {(flow.from_node, flow.to_node, flow.reason): flow.times for flow in run.flows} == lived


def test_an_sop_is_a_journey_with_a_simple_editor(workspace: Workspace) -> None:
    sop = {
        "audience": audience(workspace),
        "account_id": "acc_1",
        "channel": "sms",
        "steps": [{"day": 0, "clock": "14:00", "content_id": "m"}],
    }
    made = api.create(workspace, by=SYSTEM, name="客户SOP", kind=JourneyKind.SOP_CUSTOMER, sop=sop)
    api.publish(workspace, by=SYSTEM, journey_id=made.id)
    does(workspace, "Viewed", "u1")
    beat(workspace)
    advance(workspace, hours=2)
    assert planned(workspace, made) == [("step1", [number(workspace, "u1")])]
    assert api.listing(workspace, kinds=[JourneyKind.SOP_CUSTOMER]).total == 1
    assert api.create(workspace, by=SYSTEM, name="模板", template="birthday").draft["start"] == "n1"
