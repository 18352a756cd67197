"""Customer groups: what is kept equals what the platform has, in whatever order and however often callbacks come."""

import datetime as dt
import random
from collections.abc import Sequence

import pytest

from tests.support.corps import Corp, corp
from wecom_simulator.events import Event
from wecom_simulator.external import groups as simulated
from wecom_simulator.external.state import Group, GroupMember
from wellspring.channels import api as channels
from wellspring.channels.contracts.groups import GroupState, GroupVerb
from wellspring.channels.service import groups
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM

__all__ = ["corp"]


@pytest.fixture(autouse=True)
def _staffed(corp: Corp) -> None:
    corp.hire("anna", "bo")
    corp.listen()


def _group(corp: Corp, name: str = "老客群") -> Group:
    return simulated.create(corp.sim.world, corp.sim.corp, "anna", name)


def _join(corp: Corp, group: Group, *names: str, state: str = "") -> list[str]:
    ids = [corp.person(name) for name in names]
    now = corp.sim.world.now()
    simulated.join(corp.sim.world, corp.sim.corp, group, [GroupMember(one, 2, now, 3, state) for one in ids])
    return ids


def _hear(corp: Corp, events: Sequence[tuple[int, Event]]) -> None:
    account = channels.account(corp.ws, corp.account_id)
    for number, event in events:
        at = dt.datetime.fromtimestamp(event.at or corp.sim.world.now(), tz=dt.UTC)
        groups.heard(corp.ws, account, corp.fields(event), at, number)


def _stamped(corp: Corp) -> list[tuple[int, Event]]:
    return list(enumerate(corp.told, 1))


def _there(corp: Corp, group: Group) -> set[str]:
    return {one.userid for one in channels.group_members(corp.ws, by=SYSTEM, chat_id=group.chat_id).rows}


class TestHearing:
    def test_a_group_is_kept_with_its_members_and_those_known_are_named(self, corp: Corp) -> None:
        known = corp.member_of(corp.person("wang"))
        group = _group(corp)
        wang, li = _join(corp, group, "wang", "li", state="g-1")
        _hear(corp, _stamped(corp))
        corp.work()
        kept = channels.group(corp.ws, by=SYSTEM, chat_id=group.chat_id)
        assert (kept.name, kept.owner, kept.members_count, kept.customers_count) == ("老客群", "anna", 3, 2)
        rows = {one.userid: one for one in channels.group_members(corp.ws, by=SYSTEM, chat_id=group.chat_id).rows}
        assert (rows[wang].member_no, rows[li].member_no, rows["anna"].is_staff) == (known, 0, True)
        assert (rows[wang].state, rows[wang].name_masked) == ("g-1", "w***")

    def test_whoever_leaves_is_gone_and_how_is_known(self, corp: Corp) -> None:
        group = _group(corp)
        wang, li = _join(corp, group, "wang", "li")
        corp.advance(minutes=5)
        simulated.leave(corp.sim.world, corp.sim.corp, group, [li], removed=True)
        _hear(corp, _stamped(corp))
        corp.work()
        assert _there(corp, group) == {"anna", wang}
        gone = {
            one.userid: one for one in channels.group_members(corp.ws, by=SYSTEM, chat_id=group.chat_id, with_left=True).rows if one.left_at
        }
        assert (set(gone), gone[li].was_removed) == ({li}, True)

    def test_who_came_and_went_before_anybody_looked_is_remembered(self, corp: Corp) -> None:
        group = _group(corp)
        [li] = _join(corp, group, "li")
        corp.advance(minutes=5)
        simulated.leave(corp.sim.world, corp.sim.corp, group, [li], removed=False)
        _hear(corp, _stamped(corp))
        corp.work()
        verbs = [one.verb for one in channels.group_history(corp.ws, by=SYSTEM, chat_id=group.chat_id).rows if one.userid == li]
        assert sorted(verbs) == [GroupVerb.JOINED, GroupVerb.LEFT]

    def test_a_dissolved_group_has_nobody(self, corp: Corp) -> None:
        group = _group(corp)
        _join(corp, group, "wang")
        _hear(corp, _stamped(corp))
        corp.work()
        simulated.dismiss(corp.sim.world, corp.sim.corp, group)
        _hear(corp, _stamped(corp))
        corp.work()
        assert channels.group(corp.ws, by=SYSTEM, chat_id=group.chat_id).state is GroupState.DISSOLVED
        assert not _there(corp, group)

    @pytest.mark.parametrize("seed", range(4))
    def test_any_order_and_any_repetition_ends_alike(self, corp: Corp, seed: int) -> None:
        dice = random.Random(seed)
        group = _group(corp)
        names = ["wang", "li", "zhao", "qian"]
        inside: set[str] = set()
        for _ in range(14):
            corp.sim.advance(90)
            name = dice.choice(names)
            if name in inside:
                simulated.leave(corp.sim.world, corp.sim.corp, group, [corp.person(name)], removed=dice.random() < 0.5)
                inside.discard(name)
            else:
                _join(corp, group, name)
                inside.add(name)
        _hear(corp, _stamped(corp))
        corp.work()
        causal = _stays(corp, group)
        heard = [one for one in _stamped(corp) for _ in range(dice.randint(1, 3))]
        dice.shuffle(heard)
        _hear(corp, heard)
        corp.work()
        assert _stays(corp, group) == causal
        assert _there(corp, group) == {"anna", *(corp.person(name) for name in inside)}


class TestSync:
    def test_a_walk_finds_what_no_callback_told(self, corp: Corp) -> None:
        groups_made = [_group(corp, f"群{place}") for place in range(3)]
        _join(corp, groups_made[0], "wang")
        _register_staff(corp)
        channels.sync_groups(corp.ws, by=SYSTEM, account_id=corp.account_id)
        jobs.run_due(corp.ws)
        corp.work()
        kept = channels.groups(corp.ws, by=SYSTEM, account_id=corp.account_id).rows
        assert {one.chat_id for one in kept} == {one.chat_id for one in groups_made}
        assert [one.name for one in channels.groups(corp.ws, by=SYSTEM, q="群1").rows] == ["群1"]
        assert channels.groups(corp.ws, by=SYSTEM, q="%").rows == []
        simulated.dismiss(corp.sim.world, corp.sim.corp, groups_made[2])
        channels.sync_groups(corp.ws, by=SYSTEM, account_id=corp.account_id)
        jobs.run_due(corp.ws)
        corp.work()
        assert channels.group(corp.ws, by=SYSTEM, chat_id=groups_made[2].chat_id).state is GroupState.DISSOLVED


def _stays(corp: Corp, group: Group) -> list[tuple[str, dt.datetime, dt.datetime | None, bool | None]]:
    rows = channels.group_members(corp.ws, by=SYSTEM, chat_id=group.chat_id, with_left=True, limit=200).rows
    return sorted((one.userid, one.joined_at, one.left_at, one.was_removed) for one in rows)


def _register_staff(corp: Corp) -> None:
    """Makes the corp's members known, as a sync of contacts does."""
    corp.know_staff("anna", "bo")
