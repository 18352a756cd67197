"""Tags: putting, lifting, history, batches, undoing by source, merged and erased members."""

import datetime as dt

import pytest

from wellspring.kernel import bus
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Claim, Identity, IdentityKind
from wellspring.people.service import registry
from wellspring.tags import api, errors
from wellspring.tags.contracts import TagWord, Verb
from wellspring.tags.handlers import SUBSCRIBERS

DAY = dt.timedelta(days=1)


@pytest.fixture
def members(workspace: Workspace) -> list[int]:
    claims = [Claim((Identity(IdentityKind.PHONE, f"1380013800{index}"),), workspace.clock.now()) for index in range(3)]
    return people.resolve(workspace, by=SYSTEM, claims=claims).member_nos


class TestPut:
    def test_the_set_the_history_and_the_event(self, workspace: Workspace, members: list[int]) -> None:
        assert api.put(workspace, by=SYSTEM, member_nos=members, group="肤质", tag="干皮", source="console", reason="问卷") == 3
        assert api.put(workspace, by=SYSTEM, member_nos=members, group="肤质", tag=" 干皮 ") == 0
        (group,) = api.listing(workspace)
        assert (group.name, [(tag.name, tag.members) for tag in group.tags]) == ("肤质", [("干皮", 3)])
        assert sorted(api.members(workspace, tag_id=group.tags[0].id)) == sorted(members)
        carried = api.of_member(workspace, member_no=members[0])
        (tag,) = carried
        assert (tag.group, tag.name, tag.source, tag.reason, tag.actor) == ("肤质", "干皮", "console", "问卷", "system")
        with workspace.sql.read() as tx:
            assert "tags.changed" in [row.name for row in tx.execute(bus.outbox_table.select())]

    @pytest.mark.parametrize("name", ["", "   ", "长" * 31])
    def test_a_name_that_is_none_is_refused(self, workspace: Workspace, members: list[int], name: str) -> None:
        with pytest.raises(errors.TagUnnamed):
            api.put(workspace, by=SYSTEM, member_nos=members, group="肤质", tag=name)
        with pytest.raises(errors.TagUnknown):
            api.members(workspace, tag_id="tag_nobody")


class TestLift:
    def test_lifting_leaves_the_history(self, workspace: Workspace, members: list[int]) -> None:
        api.put(workspace, by=SYSTEM, member_nos=members, group="肤质", tag="干皮")
        assert api.lift(workspace, by=SYSTEM, member_nos=members[:1], group="肤质", tag="干皮") == 1
        assert api.of_member(workspace, member_no=members[0]) == []
        assert [change.verb for change in api.history(workspace, member_no=members[0])] == [Verb.LIFT, Verb.PUT]

    def test_a_statement_older_than_what_is_known_changes_nothing_now(self, workspace: Workspace, members: list[int]) -> None:
        now = workspace.clock.now()
        api.write(workspace, by=SYSTEM, words=[TagWord(members[0], "肤质", "干皮", now, Verb.LIFT)], source="a")
        assert api.write(workspace, by=SYSTEM, words=[TagWord(members[0], "肤质", "干皮", now - DAY)], source="b") == 0
        assert api.of_member(workspace, member_no=members[0]) == []
        assert len(api.history(workspace, member_no=members[0])) == 2


class TestUndo:
    def test_what_one_source_said_goes_and_what_others_said_stays(self, workspace: Workspace, members: list[int]) -> None:
        api.put(workspace, by=SYSTEM, member_nos=members[:1], group="肤质", tag="干皮", source="console")
        api.lift(workspace, by=SYSTEM, member_nos=members[:1], group="肤质", tag="干皮", source="import:1")
        api.put(workspace, by=SYSTEM, member_nos=members, group="等级", tag="银卡", source="import:1")
        assert api.undo_source(workspace, by=SYSTEM, source="import:1") == 4
        assert [group.name for group in api.listing(workspace)] == ["肤质"]
        assert [tag.name for tag in api.of_member(workspace, member_no=members[0])] == ["干皮"]
        assert sorted(api.everyone(workspace)) == members[:1]


class TestOthers:
    def test_a_merged_members_tags_are_seen_with_the_survivor(self, workspace: Workspace, members: list[int]) -> None:
        api.put(workspace, by=SYSTEM, member_nos=members[1:2], group="肤质", tag="干皮")
        found = people.members_of(workspace, by=SYSTEM, member_nos=members)
        survivor, loser = (found[number].id for number in members[:2])
        people.merge(workspace, by=SYSTEM, ids=[survivor, loser], survivor_id=survivor, reason="same")
        assert [tag.name for tag in api.of_member(workspace, member_no=members[0])] == ["干皮"]
        (group,) = api.listing(workspace)
        assert sorted(api.members(workspace, tag_id=group.tags[0].id)) == [members[0]]

    def test_erased_people_leave_every_tag(self, workspace: Workspace, members: list[int]) -> None:
        api.put(workspace, by=SYSTEM, member_nos=members, group="肤质", tag="干皮")
        found = people.members_of(workspace, by=SYSTEM, member_nos=members[:1])[members[0]]
        people.erase(workspace, by=SYSTEM, member_id=found.id, reason="P04")
        bus.deliver(workspace, SUBSCRIBERS, now=workspace.clock.now)
        assert api.listing(workspace)[0].tags[0].members == 2
        assert api.history(workspace, member_no=members[0]) == []

    def test_a_persons_export_tells_their_tags(self, workspace: Workspace, members: list[int]) -> None:
        api.put(workspace, by=SYSTEM, member_nos=members[:1], group="肤质", tag="干皮", reason="问卷")
        (told,) = registry.parts()["tags"](workspace, members[:1])
        assert (told["tag"], told["verb"], told["reason"], told["expires_at"]) == ("肤质/干皮", "put", "问卷", None)


class TestLimits:
    def test_a_file_of_free_text_does_not_make_tags_without_end(
        self, workspace: Workspace, members: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("wellspring.tags.service.putting.TAGS_MAX", 2)
        words = [TagWord(members[0], "备注", f"第{place}条", workspace.clock.now()) for place in range(3)]
        with pytest.raises(errors.TooManyTags):
            api.write(workspace, by=SYSTEM, words=words, source="import:1")
        assert api.listing(workspace) == []
        assert api.write(workspace, by=SYSTEM, words=words[:2], source="import:1") == 2
