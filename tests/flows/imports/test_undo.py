"""Taking a whole import back: everything is as it was, and what others said meanwhile stays."""

from pathlib import Path
from typing import Any

import pytest

from tests.support import imports as made
from wellspring.imports import api
from wellspring.imports.errors import NotNow
from wellspring.kernel import bus
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import Identity, IdentityKind
from wellspring.tags import api as tags


def state(ws: Workspace) -> dict[str, Any]:
    numbers = range(1, people.last_member_no(ws) + 1)
    found = people.members_of(ws, by=SYSTEM, member_nos=list(numbers))
    active = sorted(number for number, member in found.items() if member.state == "active")
    return {
        **made.everything(ws),
        "members": active,
        "tags": [(number, [tag.name for tag in tags.of_member(ws, member_no=number)]) for number in active],
    }


class TestUndoOfOrders:
    def test_orders_go_back_to_their_former_versions_and_new_ones_go(self, workspace: Workspace, tmp_path: Path) -> None:
        made.run(workspace, made.file(tmp_path, made.text(made.lines(4))))
        before = state(workspace)
        changed = made.lines(10)
        changed[0][5], changed[1][4] = "99.99", "7"
        for line in changed[4:]:
            line[1] = f"1390000{line[0][-4:]}"
        report = made.run(workspace, made.file(tmp_path, made.text(changed), "second.csv"))
        assert state(workspace)["orders"] != before["orders"]
        undone = api.undo_local(workspace, by=SYSTEM, import_id=report["id"])
        assert undone["restored"] >= 1
        after = state(workspace)
        assert after["orders"] == before["orders"]
        assert after["lines"] == before["lines"]
        assert after["refunds"] == before["refunds"]
        assert after["members"] == before["members"]
        assert after["events"] == before["events"]
        assert api.get(workspace, report["id"]).state == "undone"

    def test_a_buyer_whom_a_later_order_names_stays(self, workspace: Workspace, tmp_path: Path) -> None:
        first = made.run(workspace, made.file(tmp_path, made.text(made.lines(2))))
        other = [["X1", *line[1:]] for line in made.lines(2)]
        made.run(workspace, made.file(tmp_path, made.text(other), "later.csv"))
        api.undo_local(workspace, by=SYSTEM, import_id=first["id"])
        assert made.one(workspace, "SELECT count() AS n, min(order_no) AS order_no FROM activity_order FINAL") == {"n": 1, "order_no": "X1"}
        assert people.find(workspace, [Identity(IdentityKind.PHONE, "13800138000")]) != [0]

    def test_it_is_told_and_audited_and_cannot_be_done_twice(self, workspace: Workspace, tmp_path: Path) -> None:
        report = made.run(workspace, made.file(tmp_path, made.text(made.lines(2))))
        api.undo_local(workspace, by=SYSTEM, import_id=report["id"])
        with workspace.sql.read() as tx:
            told = [row.name for row in tx.execute(bus.outbox_table.select())]
        assert "imports.finished" in told
        assert "imports.undone" in told
        with pytest.raises(NotNow):
            api.undo_local(workspace, by=SYSTEM, import_id=report["id"])


class TestUndoOfOtherKinds:
    def test_members_and_attributes(self, workspace: Workspace, tmp_path: Path) -> None:
        header = ["手机号", "姓名", "城市"]
        made.run(workspace, made.file(tmp_path, made.text([["13800138000", "张三", "上海"]], header), "a.csv"), "members")
        before = people.attributes(workspace, by=SYSTEM, member_id=people.members_of(workspace, by=SYSTEM, member_nos=[1])[1].id)
        report = made.run(
            workspace,
            made.file(tmp_path, made.text([["13800138000", "张三丰", "武当"], ["13900139000", "李四", ""]], header), "b.csv"),
            "members",
        )
        assert (report["created"], report["updated"]) == (1, 1)
        api.undo_local(workspace, by=SYSTEM, import_id=report["id"])
        after = people.attributes(workspace, by=SYSTEM, member_id=people.members_of(workspace, by=SYSTEM, member_nos=[1])[1].id)
        assert [(one.name, one.value) for one in after] == [(one.name, one.value) for one in before]
        assert people.counts(workspace, by=SYSTEM)[0] == 1

    def test_tags_that_others_put_stay(self, workspace: Workspace, tmp_path: Path) -> None:
        header = ["手机号", "标签组", "标签"]
        made.run(workspace, made.file(tmp_path, made.text([["13800138000", "肤质", "干皮"]], header), "a.csv"), "tags")
        report = made.run(
            workspace,
            made.file(
                tmp_path,
                made.text([["13800138000", "肤质", "敏感"], ["13800138000", "肤质", "干皮"], ["13900139000", "等级", "银卡"]], header),
                "b.csv",
            ),
            "tags",
        )
        assert {tag.name for tag in tags.of_member(workspace, member_no=1)} == {"干皮", "敏感"}
        api.undo_local(workspace, by=SYSTEM, import_id=report["id"])
        assert [(tag.group, tag.name) for tag in tags.of_member(workspace, member_no=1)] == [("肤质", "干皮")]
        assert [group.name for group in tags.listing(workspace)] == ["肤质"]

    def test_events(self, workspace: Workspace, tmp_path: Path) -> None:
        header = ["用户ID", "事件", "时间"]
        report = made.run(workspace, made.file(tmp_path, made.text([["u1", "Product Viewed", "2026-01-01 00:00:00"]], header)), "events")
        assert made.one(workspace, "SELECT count() AS n FROM activity_event")["n"] == 1
        api.undo_local(workspace, by=SYSTEM, import_id=report["id"])
        assert made.one(workspace, "SELECT count() AS n FROM activity_event")["n"] == 0
        assert people.counts(workspace, by=SYSTEM)[0] == 0

    def test_units_and_staff(self, workspace: Workspace, tmp_path: Path) -> None:
        units = [["HQ", "总部", "总部", ""], ["E", "华东", "大区", "HQ"], ["S1", "南京西路店", "门店", "E"]]
        header = ["组织编码", "组织名称", "组织类型", "上级编码"]
        first = made.run(workspace, made.file(tmp_path, made.text(units, header), "units.csv"), "units")
        assert (first["accepted"], first["created"]) == (3, 3)
        second = made.run(
            workspace,
            made.file(tmp_path, made.text([["S1", "静安店", "门店", "E"], ["S2", "徐汇店", "门店", "E"]], header), "more.csv"),
            "units",
        )
        people_of = made.run(
            workspace,
            made.file(
                tmp_path, made.text([["G1", "小王", "S1"], ["G2", "小李", "nowhere"]], ["导购工号", "姓名", "所属门店"]), "staff.csv"
            ),
            "staff",
        )
        assert (people_of["accepted"], people_of["rejected"]) == (1, 1)
        api.undo_local(workspace, by=SYSTEM, import_id=people_of["id"])
        undone = api.undo_local(workspace, by=SYSTEM, import_id=second["id"])
        assert (undone["removed"], undone["restored"]) == (1, 1)
        from wellspring.organization import api as organization

        found = {unit.code: unit.name for unit in organization.list_units(workspace, by=SYSTEM).rows}
        assert found == {"HQ": "总部", "E": "华东", "S1": "南京西路店"}
