"""Contacts arrive, are greeted, change, leave and are deleted: the state, the history, the event and the log say the same."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.corps import Corp, corp
from tests.support.door import bring, opened, told
from wellspring.activity import api as activity
from wellspring.channels import api as channels
from wellspring.channels.contracts import Arrived, CallbackState, RelationState, Welcome, WelcomeState
from wellspring.channels.contracts.ways import WayDraft
from wellspring.channels.handlers import SUBSCRIBERS
from wellspring.channels.service import greeting
from wellspring.kernel import bus
from wellspring.kernel.auth import SYSTEM
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind

__all__ = ["corp"]


@pytest.fixture(autouse=True)
def heard(corp: Corp) -> Iterator[list[Arrived]]:
    """Everybody whom the greeter of these tests was asked about."""
    asked: list[Arrived] = []
    corp.hire("anna", "bo")
    opened(corp)

    def greet(_ws: object, arrived: Arrived) -> Welcome | None:
        asked.append(arrived)
        return Welcome(text=f"你好，{arrived.name}", variant="day") if arrived.userid != "bo" else None

    before = list(greeting._greeters)
    greeting.register(greet)
    yield asked
    greeting._greeters[:] = before


def _scan(corp: Corp, name: str = "Li", state: str = "card-7", userid: str = "anna", **more: Any) -> str:
    way = next((one for one in corp.external.ways.values() if one.fields["state"] == state), None)
    if way is None:
        channels.create_way(corp.ws, by=SYSTEM, account_id=corp.account_id, draft=WayDraft((userid,), state=state))
        way = next(one for one in corp.external.ways.values() if one.fields["state"] == state)
    external_userid = corp.person(name)
    corp.sim.act("scan", way=way.config_id, person=f"o{name}", **more)
    return external_userid


def _told_names(corp: Corp) -> list[tuple[str, dict[str, Any]]]:
    with corp.ws.sql.read() as tx:
        return bus.since(tx, "channels.contact", 0, limit=1000)


class TestAdding:
    def test_a_contact_is_known_with_who_follows_it_and_from_where(self, corp: Corp) -> None:
        external_userid = _scan(corp)
        told(corp)
        found = channels.contact(corp.ws, external_userid)
        assert found is not None
        [relation] = found.relations
        assert (relation.userid, relation.state, relation.state_text, relation.add_way) == ("anna", RelationState.FOLLOWING, "card-7", 1)
        assert (found.is_following, found.name_masked, found.first_added_at) == (True, "L*", corp.ws.clock.now())
        [(name, body)] = _told_names(corp)
        assert (name, body["userid"], body["state"], body["is_returning"]) == ("channels.contact_added", "anna", "card-7", False)
        assert body["member_no"] == found.member_no

    def test_it_becomes_the_member_who_ordered_before(self, corp: Corp) -> None:
        unionid = Identity(IdentityKind.UNIONID, "oLi")
        member_id = people.create(corp.ws, by=SYSTEM, identities=[unionid])
        external_userid = _scan(corp)
        told(corp)
        found = channels.contact(corp.ws, external_userid)
        assert found is not None
        assert found.member_no == people.member_no(corp.ws, by=SYSTEM, member_id=member_id)
        [relation] = channels.relations_of(corp.ws, found.member_no)
        assert relation.userid == "anna"

    def test_the_log_has_it_once(self, corp: Corp) -> None:
        external_userid = _scan(corp)
        events = list(corp.told)
        told(corp)
        bring(corp, events)
        corp.work()
        found = channels.contact(corp.ws, external_userid)
        assert found is not None
        rows = activity.timeline(corp.ws, member_no=found.member_no).rows
        assert [(row.kind, row.props["userid"], row.props["state"]) for row in rows] == [("Contact Added", "anna", "card-7")]

    def test_the_callback_is_counted_and_worked_once(self, corp: Corp) -> None:
        _scan(corp)
        events = list(corp.told) * 15
        bring(corp, events)
        corp.work()
        [row] = channels.callbacks(corp.ws).rows
        assert (row.state, row.times) == (CallbackState.DONE, 15)
        assert len(_told_names(corp)) == 1


class TestWelcome:
    def test_it_is_sent_with_the_name(self, corp: Corp, heard: list[Arrived]) -> None:
        _scan(corp)
        told(corp)
        [arrived] = heard
        assert (arrived.name, arrived.state, arrived.userid, arrived.is_returning) == ("Li", "card-7", "anna", False)
        [row] = channels.welcomes(corp.ws)
        assert (row.state, row.variant) == (WelcomeState.ACCEPTED, "day")
        [received] = corp.external.received
        assert (received.kind, received.content["text"]) == ("welcome", {"content": "你好，Li"})

    def test_it_is_silent_where_the_greeter_has_nothing_to_say(self, corp: Corp) -> None:
        _scan(corp, state="card-8", userid="bo")
        told(corp)
        assert [row.state for row in channels.welcomes(corp.ws)] == [WelcomeState.SILENT]

    def test_too_late_is_told_as_such_and_not_tried(self, corp: Corp, heard: list[Arrived]) -> None:
        _scan(corp)
        events, corp.told = corp.told, []
        corp.advance(seconds=21)
        bring(corp, events)
        corp.work()
        assert [row.state for row in channels.welcomes(corp.ws)] == [WelcomeState.TOO_LATE]
        assert heard == []

    def test_it_goes_out_though_the_contact_cannot_be_fetched(self, corp: Corp, heard: list[Arrived]) -> None:
        external_userid = _scan(corp)
        corp.spoil("busy", "externalcontact/get", times=4)
        told(corp)
        assert [(row.state, row.code) for row in channels.welcomes(corp.ws)] == [(WelcomeState.ACCEPTED, 0)]
        assert heard[0].name == ""
        corp.advance(seconds=5)
        found = channels.contact(corp.ws, external_userid)
        assert found is not None
        assert found.name_masked == "L*"
        assert [row.state for row in channels.callbacks(corp.ws).rows] == [CallbackState.DONE]

    def test_an_answer_that_is_lost_leaves_it_sent_once(self, corp: Corp) -> None:
        _scan(corp)
        corp.spoil("cut", "send_welcome_msg")
        told(corp)
        assert len(corp.external.received) == 1
        assert [row.state for row in channels.welcomes(corp.ws)] != [WelcomeState.PLANNED]


class TestLeaving:
    def test_a_customer_who_leaves_is_lost_on_the_day(self, corp: Corp) -> None:
        external_userid = _scan(corp)
        told(corp)
        corp.advance(days=3)
        corp.sim.act("delete_staff", person="oLi", userid="anna")
        told(corp)
        found = channels.contact(corp.ws, external_userid)
        assert found is not None
        [relation] = found.relations
        assert (relation.state, relation.ended_at, found.is_following) == (RelationState.LOST, corp.ws.clock.now(), False)
        name, body = _told_names(corp)[-1]
        assert (name, body["reason"], body["days"]) == ("channels.contact_lost", "customer_deleted", 3)

    def test_a_customer_whom_the_staff_deletes_is_not_a_loss_of_theirs(self, corp: Corp) -> None:
        external_userid = _scan(corp)
        told(corp)
        corp.advance(hours=1)
        corp.sim.act("delete_customer", userid="anna", external_userid=external_userid)
        told(corp)
        [relation] = channels.contact(corp.ws, external_userid).relations  # type: ignore[union-attr]
        assert relation.state == RelationState.DELETED
        assert _told_names(corp)[-1][1]["reason"] == "staff_deleted"

    def test_who_comes_back_is_returning(self, corp: Corp, heard: list[Arrived]) -> None:
        external_userid = _scan(corp)
        told(corp)
        corp.advance(hours=1)
        corp.sim.act("delete_staff", person="oLi", userid="anna")
        corp.advance(hours=1)
        _scan(corp)
        told(corp)
        found = channels.contact(corp.ws, external_userid)
        assert found is not None
        assert found.relations[0].state == RelationState.FOLLOWING
        assert found.first_added_at == corp.ws.clock.now() - dt.timedelta(hours=2)
        assert [arrived.is_returning for arrived in heard] == [False, True]


class TestNotes:
    def test_a_remark_reaches_the_relation_masked_and_is_told(self, corp: Corp) -> None:
        external_userid = _scan(corp)
        told(corp)
        corp.sim.act("edit_remark", userid="anna", external_userid=external_userid, remark="李部长")
        corp.advance(minutes=1)
        told(corp)
        assert channels.contact(corp.ws, external_userid).relations[0].remark_masked == "李**"  # type: ignore[union-attr]
        assert _told_names(corp)[-1][0] == "channels.contact_changed"

    def test_a_phone_that_staff_noted_joins_the_contact_to_its_owner(self, corp: Corp) -> None:
        member_id = people.create(corp.ws, by=SYSTEM, identities=[Identity(IdentityKind.PHONE, "13800000001")])
        external_userid = _scan(corp)
        corp.sim.act("edit_mobiles", userid="anna", external_userid=external_userid, mobiles=["13800000001"])
        told(corp)
        found = channels.contact(corp.ws, external_userid)
        assert found is not None
        assert found.member_no == people.member_no(corp.ws, by=SYSTEM, member_id=member_id)


class TestErasure:
    def test_nothing_of_an_erased_person_stays_or_comes_back(self, corp: Corp) -> None:
        external_userid = _scan(corp)
        events = list(corp.told)
        told(corp)
        found = channels.contact(corp.ws, external_userid)
        assert found is not None
        member = people.members_of(corp.ws, by=SYSTEM, member_nos=[found.member_no])[found.member_no]
        people.erase(corp.ws, by=SYSTEM, member_id=member.id)
        bus.deliver(corp.ws, SUBSCRIBERS, now=corp.ws.clock.now)
        assert channels.contact(corp.ws, external_userid) is None
        assert channels.callbacks(corp.ws).rows == []
        bring(corp, events)
        corp.work()
        assert channels.contact(corp.ws, external_userid) is None
