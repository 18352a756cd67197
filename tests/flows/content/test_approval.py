"""From a draft to a version that is sent: submitting, approving, rejecting, editing beside each other, retiring."""

import dataclasses

import pytest
import sqlalchemy as sa

from tests.support.content import approved, draft, edited, link, passed, written
from wellspring.content import api as content
from wellspring.content import errors
from wellspring.content.contracts import Dimension, MaterialKind, Permission, Shelf, State, Tag, VersionState, Wish
from wellspring.content.settings import ContentSettings
from wellspring.kernel import audit
from wellspring.kernel.auth import SYSTEM, ActorKind, Principal
from wellspring.kernel.bus import outbox_table
from wellspring.kernel.errors import Forbidden
from wellspring.kernel.workspace import Workspace

WRITER = Principal("usr_w", ActorKind.USER, "作者", frozenset({str(Permission.MATERIAL_WRITE)}))
CHIEF = Principal("usr_c", ActorKind.USER, "主编", frozenset({str(Permission.MATERIAL_APPROVE)}))


def told(ws: Workspace) -> list[str]:
    with ws.sql.read() as tx:
        rows = tx.execute(sa.select(outbox_table.c.body).where(outbox_table.c.name == "content.changed").order_by(outbox_table.c.id))
        return [row.body["action"].removeprefix("content.") for row in rows]


class TestDecide:
    def test_a_version_is_submitted_then_approved(self, workspace: Workspace) -> None:
        material = written(workspace, draft("你好"))
        waiting = content.submit(workspace, by=WRITER, content_id=material.id, revision=material.revision, note="请看")
        assert (waiting.state, waiting.latest_state) == (State.DRAFT, VersionState.WAITING)
        assert [one.id for one in content.listing(workspace, wish=Wish(is_waiting=True)).rows] == [material.id]
        found = content.decide(workspace, by=CHIEF, content_id=material.id, revision=waiting.revision, approves=True)
        assert (found.state, found.version, found.latest_state) == (State.APPROVED, 1, VersionState.APPROVED)
        version = content.version(workspace, content_id=material.id)
        assert (version.note, version.reviewer, version.reviewed_at) == ("请看", "主编", workspace.clock.now())
        assert told(workspace) == ["add", "submit", "approve"]
        assert [row.action for row in audit.listing(workspace.sql, action="content.").rows][:1] == ["content.approve"]

    def test_whoever_may_not_cannot(self, workspace: Workspace) -> None:
        material = written(workspace, draft("你好"))
        waiting = content.submit(workspace, by=WRITER, content_id=material.id, revision=material.revision)
        with pytest.raises(Forbidden):
            content.decide(workspace, by=WRITER, content_id=material.id, revision=waiting.revision, approves=True)

    def test_two_people_where_that_is_wished(self, workspace: Workspace) -> None:
        workspace.settings.put(ContentSettings(needs_second_person=True))
        material = written(workspace, draft("你好"))
        waiting = content.submit(workspace, by=SYSTEM, content_id=material.id, revision=material.revision)
        with pytest.raises(errors.OwnWork):
            content.decide(workspace, by=SYSTEM, content_id=material.id, revision=waiting.revision, approves=True)
        content.decide(workspace, by=CHIEF, content_id=material.id, revision=waiting.revision, approves=True)

    def test_without_approval_submitting_is_enough(self, workspace: Workspace) -> None:
        workspace.settings.put(ContentSettings(needs_approval=False))
        material = written(workspace, draft("你好"))
        assert content.submit(workspace, by=WRITER, content_id=material.id, revision=material.revision).version == 1

    def test_a_rejection_says_why_and_the_next_edit_mends_it(self, workspace: Workspace) -> None:
        material = written(workspace, draft("你好"))
        waiting = content.submit(workspace, by=WRITER, content_id=material.id, revision=material.revision)
        with pytest.raises(errors.DraftRefused):
            content.decide(workspace, by=CHIEF, content_id=material.id, revision=waiting.revision, approves=False)
        rejected = content.decide(workspace, by=CHIEF, content_id=material.id, revision=waiting.revision, approves=False, reason="太短")
        assert content.version(workspace, content_id=material.id).reason == "太短"
        mended = edited(workspace, rejected, draft("你好，欢迎"))
        assert (mended.latest, mended.latest_state) == (1, VersionState.DRAFT)

    def test_an_edit_takes_it_out_of_the_queue(self, workspace: Workspace) -> None:
        material = written(workspace, draft("你好"))
        waiting = content.submit(workspace, by=WRITER, content_id=material.id, revision=material.revision)
        changed = edited(workspace, waiting, draft("再见"))
        with pytest.raises(errors.WrongState):
            content.decide(workspace, by=CHIEF, content_id=material.id, revision=changed.revision, approves=True)

    def test_what_cannot_be_sent_cannot_be_submitted(self, workspace: Workspace) -> None:
        for made, kind in (
            (draft("{{ member.nobody_knows }}"), MaterialKind.TEXT),
            (draft("  "), MaterialKind.TEXT),
            (draft("x"), MaterialKind.LINK),
            (draft("https://a.example/{{ member.name }}"), MaterialKind.TEXT),
            (draft("x", parts=(link("ftp://x"),)), MaterialKind.LINK),
        ):
            material = written(workspace, made, kind=kind)
            with pytest.raises(errors.DraftRefused) as refused:
                content.submit(workspace, by=WRITER, content_id=material.id, revision=material.revision)
            assert refused.value.errors

    def test_what_is_no_template_is_not_even_kept(self, workspace: Workspace) -> None:
        with pytest.raises(errors.DraftRefused):
            written(workspace, draft("{% if %}"))

    def test_withdrawing(self, workspace: Workspace) -> None:
        material = written(workspace, draft("你好"))
        waiting = content.submit(workspace, by=WRITER, content_id=material.id, revision=material.revision)
        found = content.withdraw(workspace, by=WRITER, content_id=material.id, revision=waiting.revision)
        assert found.latest_state is VersionState.DRAFT


class TestChange:
    def test_v08_the_slower_of_two_editors_is_told(self, workspace: Workspace) -> None:
        material = written(workspace, draft("一"))
        edited(workspace, material, draft("二"))
        with pytest.raises(errors.Edited):
            edited(workspace, material, draft("三"), revision=material.revision)
        assert content.version(workspace, content_id=material.id).draft.body.text == "二"

    def test_nothing_new_begins_no_version(self, workspace: Workspace) -> None:
        material = approved(workspace, draft("一"))
        renamed = edited(workspace, material, draft("一"), name="新名字")
        assert (renamed.name, renamed.latest, renamed.version) == ("新名字", 1, 1)

    def test_versions_are_kept(self, workspace: Workspace) -> None:
        material = approved(workspace, draft("一"))
        passed(workspace, edited(workspace, material, draft("二")))
        found = content.versions(workspace, content_id=material.id)
        assert [(one.number, one.draft.body.text, one.state) for one in found] == [
            (2, "二", VersionState.APPROVED),
            (1, "一", VersionState.APPROVED),
        ]

    def test_a_copy_begins_anew(self, workspace: Workspace) -> None:
        material = approved(workspace, draft("一", parts=(link(),)), kind=MaterialKind.LINK, tags=[Tag(Dimension.SCENE, "换季")])
        copied = content.copy(workspace, by=WRITER, content_id=material.id, name="问候 2")
        assert (copied.version, copied.latest_state, copied.tags) == (0, VersionState.DRAFT, material.tags)
        same = [content.version(workspace, content_id=one.id).draft for one in (material, copied)]
        assert same[0] == same[1]

    def test_retired_is_neither_changed_nor_listed_nor_gone(self, workspace: Workspace) -> None:
        material = approved(workspace, draft("一"))
        retired = content.retire(workspace, by=WRITER, content_id=material.id)
        assert (retired.state, content.listing(workspace, wish=Wish()).rows) == (State.RETIRED, [])
        with pytest.raises(errors.Retired):
            edited(workspace, retired, draft("二"))
        assert content.listing(workspace, wish=Wish(state=State.RETIRED)).total == 1
        assert content.retire(workspace, by=WRITER, content_id=material.id, is_retired=False).state is State.APPROVED

    def test_only_what_was_never_approved_is_deleted(self, workspace: Workspace) -> None:
        material = written(workspace, draft("一"))
        content.remove(workspace, by=WRITER, content_id=material.id)
        assert content.find(workspace, material.id) is None
        kept = approved(workspace, draft("一"))
        with pytest.raises(errors.WrongState):
            content.remove(workspace, by=WRITER, content_id=kept.id)


class TestListing:
    def test_is_narrowed_and_paged(self, workspace: Workspace) -> None:
        group = content.add_group(workspace, by=WRITER, shelf=Shelf.LIBRARY, name="护肤")
        inner = content.add_group(workspace, by=WRITER, shelf=Shelf.LIBRARY, name="面霜", parent_id=group.id)
        for number in range(5):
            place = {"group_id": inner.id} if number == 0 else {}
            tags = [Tag(Dimension.PAIN, "干燥")] if number < 2 else []
            written(workspace, draft(f"第{number}条 100%"), name=f"素材{number}", tags=tags, **place)
        first = content.listing(workspace, wish=Wish(shelf=Shelf.LIBRARY), limit=3)
        rest = content.listing(workspace, wish=Wish(shelf=Shelf.LIBRARY), limit=3, cursor=first.next_cursor)
        assert (first.total, rest.next_cursor) == (5, None)
        assert {one.name for one in [*first.rows, *rest.rows]} == {f"素材{number}" for number in range(5)}
        for wish, count in (
            (Wish(group_id=group.id), 1),
            (Wish(tag="干燥"), 2),
            (Wish(q="0%"), 5),
            (Wish(q="第3条"), 1),
            (Wish(shelf=Shelf.SCRIPTS), 0),
            (Wish(kind=MaterialKind.TEXT, state=State.DRAFT), 5),
        ):
            assert content.listing(workspace, wish=wish).total == count, wish
        assert [(tag.name, count) for tag, count in content.tags(workspace)] == [("干燥", 2)]

    def test_folders_hold_or_go(self, workspace: Workspace) -> None:
        group = content.add_group(workspace, by=WRITER, shelf=Shelf.SCRIPTS, name="开场白")
        written(workspace, draft("在吗"), shelf=Shelf.SCRIPTS, group_id=group.id)
        with pytest.raises(errors.InUse):
            content.remove_group(workspace, by=WRITER, group_id=group.id)
        with pytest.raises(errors.NameTaken):
            content.add_group(workspace, by=WRITER, shelf=Shelf.SCRIPTS, name="开场白")
        with pytest.raises(errors.GroupUnknown):
            written(workspace, draft("在吗"), shelf=Shelf.LIBRARY, group_id=group.id)
        content.change_group(workspace, by=WRITER, group_id=group.id, name="破冰")
        assert [(one.name, one.materials) for one in content.groups(workspace, shelf=Shelf.SCRIPTS)] == [("破冰", 1)]
        empty = content.add_group(workspace, by=WRITER, shelf=Shelf.SCRIPTS, name="逼单")
        content.remove_group(workspace, by=WRITER, group_id=empty.id)
        assert len(content.groups(workspace)) == 1
        assert dataclasses.replace(group, name="破冰").id == group.id
