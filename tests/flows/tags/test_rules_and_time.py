"""Expiry at its instant, exclusive groups, rules against what staff say by hand, and merges of members."""

import datetime as dt

import pytest
from pyroaring import BitMap

from tests.support.access import actions
from tests.support.tags import DAY, MINUTE, agreed, carried, heard, joined, people_of, tag
from wellspring.app.worker import Worker
from wellspring.kernel import jobs
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.clock import VirtualClock
from wellspring.kernel.workspace import Installation, Workspace
from wellspring.people import api as people
from wellspring.tags import api
from wellspring.tags.contracts import Cause, GroupKind, TagWord, Tally, Verb


@pytest.fixture
def members(workspace: Workspace) -> list[int]:
    return people_of(workspace, 4)


def follow(ws: Workspace, tag_id: str, *numbers: int) -> Tally:
    with ws.sql.write() as tx:
        return api.follow(ws, tx, tag_id, BitMap(numbers))


class TestExpiry:
    def test_the_lab_clock_passes_by_the_instant_itself(
        self, place: Installation, workspace: Workspace, clock: VirtualClock, members: list[int]
    ) -> None:
        start = clock.now()
        tag_id = tag(workspace, "活动/双十一")
        api.set_members(workspace, by=SYSTEM, tag_id=tag_id, put=members[:2], expires_at=start + 90 * MINUTE)
        api.set_members(workspace, by=SYSTEM, tag_id=tag_id, put=members[2:3], expires_at=start + 30 * MINUTE)
        assert jobs.next_due(workspace) == start + 30 * MINUTE
        Worker(place).advance(clock, start + 2 * DAY)
        assert api.members(workspace, tag_id=tag_id) == BitMap()
        (lift, put) = api.history(workspace, member_no=members[0])
        assert (lift.verb, lift.cause, lift.reason, lift.actor) == (Verb.LIFT, Cause.EXPIRED, "expired", "system")
        assert (lift.at, lift.recorded_at, put.ended_at) == (start + 90 * MINUTE,) * 3
        before = start + 90 * MINUTE - dt.timedelta(milliseconds=1)
        assert api.members_at(workspace, tag_id=tag_id, at=before) == BitMap(members[:2])
        assert api.members_at(workspace, tag_id=tag_id, at=start + 90 * MINUTE) == BitMap()
        assert "tags.expire" in actions(workspace)

    def test_one_job_stands_at_the_next_expiry_however_many_there_are(self, workspace: Workspace, members: list[int]) -> None:
        now = workspace.clock.now()
        tag_id = tag(workspace, "活动/双十一")
        for place, number in enumerate(members):
            api.set_members(workspace, by=SYSTEM, tag_id=tag_id, put=[number], expires_at=now + (place + 1) * MINUTE)
        assert [job.run_at for job in jobs.listing(workspace).rows if job.kind == "tags.expire"] == [now + MINUTE]

    def test_a_tags_own_days_count_from_the_putting_and_another_putting_renews(
        self, workspace: Workspace, clock: VirtualClock, members: list[int]
    ) -> None:
        tag_id = tag(workspace, "行为/近期互动")
        api.change_tag(workspace, by=SYSTEM, tag_id=tag_id, values={"expires_after_days": 7})
        api.put(workspace, by=SYSTEM, member_nos=members[:1], group="行为", tag="近期互动")
        clock.move_to(clock.now() + 3 * DAY)
        api.put(workspace, by=SYSTEM, member_nos=members[:1], group="行为", tag="近期互动")
        (carries,) = api.of_member(workspace, member_no=members[0])
        assert carries.expires_at == clock.now() + 7 * DAY
        clock.move_to(clock.now() + 5 * DAY)
        assert api.expire(workspace) == 0
        clock.move_to(clock.now() + 2 * DAY)
        assert api.expire(workspace) == 1
        agreed(workspace)


class TestExclusive:
    def test_putting_one_lifts_the_other_and_both_are_told(self, workspace: Workspace, members: list[int]) -> None:
        api.add_group(workspace, by=SYSTEM, name="等级", kind=GroupKind.LEVEL, is_exclusive=True)
        for name in ("普通", "KOC"):
            api.add_tag(workspace, by=SYSTEM, group="等级", name=name)
        api.put(workspace, by=SYSTEM, member_nos=members[:2], group="等级", tag="普通")
        api.put(workspace, by=SYSTEM, member_nos=members[:1], group="等级", tag="KOC", reason="发帖")
        assert carried(workspace, members[0]) == ["等级/KOC"]
        assert {(one.name, one.verb, one.cause) for one in api.history(workspace, member_no=members[0])} == {
            ("普通", Verb.PUT, Cause.SAID),
            ("普通", Verb.LIFT, Cause.EXCLUSIVE),
            ("KOC", Verb.PUT, Cause.SAID),
        }
        agreed(workspace)

    def test_a_file_that_tells_late_does_not_lift_what_was_put_since(self, workspace: Workspace, members: list[int]) -> None:
        api.add_group(workspace, by=SYSTEM, name="等级", is_exclusive=True)
        tag(workspace, "等级/普通")
        api.put(workspace, by=SYSTEM, member_nos=members[:1], group="等级", tag="KOC")
        late = TagWord(members[0], "等级", "普通", workspace.clock.now() - DAY)
        assert api.write(workspace, by=SYSTEM, words=[late], source="import:1") == 0
        assert carried(workspace, members[0]) == ["等级/KOC"]

    def test_a_group_that_becomes_exclusive_keeps_the_tag_put_last(
        self, workspace: Workspace, clock: VirtualClock, members: list[int]
    ) -> None:
        for name in ("普通", "KOC"):
            api.put(workspace, by=SYSTEM, member_nos=members, group="等级", tag=name)
            clock.move_to(clock.now() + MINUTE)
        (group,) = api.listing(workspace)
        api.change_group(workspace, by=SYSTEM, group_id=group.id, values={"is_exclusive": True})
        assert [carried(workspace, number) for number in members] == [["等级/KOC"]] * 4
        agreed(workspace)


class TestMerges:
    def test_tags_are_united_and_of_an_exclusive_group_the_one_put_last_stays(
        self, workspace: Workspace, clock: VirtualClock, members: list[int]
    ) -> None:
        api.add_group(workspace, by=SYSTEM, name="等级", is_exclusive=True)
        for number, paths in ((members[0], ["等级/普通", "渠道/门店"]), (members[1], ["等级/KOC", "渠道/直播"])):
            for path in paths:
                api.set_members(workspace, by=SYSTEM, tag_id=tag(workspace, path), put=[number])
            clock.move_to(clock.now() + MINUTE)
        merge_id = joined(workspace, members[0], members[1])
        assert carried(workspace, members[0]) == ["渠道/直播", "渠道/门店", "等级/KOC"]
        assert api.members(workspace, tag_id=tag(workspace, "等级/KOC")) == BitMap(members[:1])
        agreed(workspace)
        api.lift(workspace, by=SYSTEM, member_nos=members[:1], group="渠道", tag="直播")
        assert carried(workspace, members[0]) == ["渠道/门店", "等级/KOC"]
        people.unmerge(workspace, by=SYSTEM, merge_id=merge_id)
        heard(workspace)
        assert carried(workspace, members[0]) == ["渠道/门店", "等级/普通"]
        assert carried(workspace, members[1]) == ["等级/KOC"]
        agreed(workspace)

    def test_the_version_changes_with_the_set_and_with_whose_numbers_they_are(self, workspace: Workspace, members: list[int]) -> None:
        tag_id, other = tag(workspace, "渠道/门店"), tag(workspace, "渠道/直播")
        seen = [api.version(workspace, [tag_id])]
        api.set_members(workspace, by=SYSTEM, tag_id=tag_id, put=members[:1])
        seen.append(api.version(workspace, [tag_id]))
        api.set_members(workspace, by=SYSTEM, tag_id=other, put=members[:1])
        assert api.version(workspace, [tag_id]) == seen[-1]
        joined(workspace, members[1], members[0])
        seen.append(api.version(workspace, [tag_id]))
        assert len(set(seen)) == 3


class TestRules:
    @pytest.fixture
    def ruled(self, workspace: Workspace) -> str:
        tag_id = tag(workspace, "规则/高潜")
        api.bind(workspace, by=SYSTEM, tag_id=tag_id, audience_id="aud_1")
        return tag_id

    def test_the_history_names_who_entered_and_left_only(self, workspace: Workspace, members: list[int], ruled: str) -> None:
        assert follow(workspace, ruled, *members[:3]) == Tally(3, 0)
        assert follow(workspace, ruled, *members[1:]) == Tally(1, 1)
        assert follow(workspace, ruled, *members[1:]) == Tally(0, 0)
        changes = api.tag_history(workspace, tag_id=ruled).rows
        assert len(changes) == 5
        assert {(one.cause, one.source) for one in changes} == {(Cause.RULE, "rule:aud_1")}

    def test_s17_what_staff_say_by_hand_sticks_until_it_is_cleared(self, workspace: Workspace, members: list[int], ruled: str) -> None:
        follow(workspace, ruled, *members[:2])
        api.set_members(workspace, by=SYSTEM, tag_id=ruled, lift=members[:1], put=members[3:], reason="本人要求")
        follow(workspace, ruled, *members[:2])
        assert api.members(workspace, tag_id=ruled) == BitMap([members[1], members[3]])
        follow(workspace, ruled)
        assert api.members(workspace, tag_id=ruled) == BitMap([members[3]])
        assert {(one.member_no, one.verb) for one in api.exceptions(workspace, tag_id=ruled)} == {
            (members[0], Verb.LIFT),
            (members[3], Verb.PUT),
        }
        # Putting it back ends the exception to be without it; clearing gives the member back to the rule.
        api.set_members(workspace, by=SYSTEM, tag_id=ruled, put=members[:1])
        api.clear_exceptions(workspace, by=SYSTEM, tag_id=ruled, member_nos=[members[0], members[3]])
        follow(workspace, ruled, members[0])
        assert api.members(workspace, tag_id=ruled) == BitMap(members[:1])
        agreed(workspace)

    def test_the_exception_of_a_merged_member_is_the_survivors(self, workspace: Workspace, members: list[int], ruled: str) -> None:
        api.set_members(workspace, by=SYSTEM, tag_id=ruled, lift=members[1:2])
        joined(workspace, members[0], members[1])
        follow(workspace, ruled, members[0])
        assert api.members(workspace, tag_id=ruled) == BitMap()

    def test_two_rules_of_an_exclusive_group_never_take_turns(self, workspace: Workspace, members: list[int]) -> None:
        api.add_group(workspace, by=SYSTEM, name="等级", kind=GroupKind.LEVEL, is_exclusive=True)
        low, high = (tag(workspace, f"等级/{name}") for name in ("普通", "高净值"))
        for tag_id in (low, high):
            api.bind(workspace, by=SYSTEM, tag_id=tag_id, audience_id=f"aud_{tag_id}")
        follow(workspace, low, *members)
        follow(workspace, high, *members[:2])
        assert (follow(workspace, low, *members), follow(workspace, high, *members[:2])) == (Tally(0, 0), Tally(0, 0))
        assert api.members(workspace, tag_id=low) == BitMap(members[2:])
        follow(workspace, high)
        assert follow(workspace, low, *members) == Tally(2, 0)
        agreed(workspace)

    def test_a_retired_tag_stays_as_it_is(self, workspace: Workspace, members: list[int], ruled: str) -> None:
        follow(workspace, ruled, *members)
        api.change_tag(workspace, by=SYSTEM, tag_id=ruled, values={"state": "retired"})
        assert follow(workspace, ruled) == Tally(0, 0)
        assert api.rules(workspace) == {}
        assert len(api.members(workspace, tag_id=ruled)) == 4


class TestNames:
    def test_a_deleted_tag_leaves_its_history_and_comes_back_by_name(self, workspace: Workspace, members: list[int]) -> None:
        tag_id = tag(workspace, "渠道/门店")
        api.set_members(workspace, by=SYSTEM, tag_id=tag_id, put=members)
        assert api.delete_tag(workspace, by=SYSTEM, tag_id=tag_id) == Tally(0, 4)
        assert (api.find(workspace, "渠道", "门店"), api.find_group(workspace, "渠道"), carried(workspace, members[0])) == (None, [], [])
        assert len(api.history(workspace, member_no=members[0])) == 2
        api.put(workspace, by=SYSTEM, member_nos=members[:1], group="渠道", tag="门店")
        assert api.find(workspace, "渠道", "门店") == tag_id
        agreed(workspace)

    def test_a_slash_in_a_groups_name_is_a_wide_one(self, workspace: Workspace, members: list[int]) -> None:
        api.put(workspace, by=SYSTEM, member_nos=members[:1], group="A/B", tag="一")
        assert api.find_group(workspace, "A／B") is not None
