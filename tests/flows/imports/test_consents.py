"""Consent and erasure in imports (rules P03, P04) and the historical flag (T06)."""

from pathlib import Path

import pytest

from tests.support import imports as made
from wellspring.kernel import bus
from wellspring.kernel.auth import SYSTEM
from wellspring.kernel.workspace import Workspace
from wellspring.people import api as people
from wellspring.people.contracts import ConsentState, Identity, IdentityKind

HEADER = ["手机号", "用途", "渠道", "状态", "授权时间"]


def states(ws: Workspace) -> list[ConsentState]:
    member = people.members_of(ws, by=SYSTEM, member_nos=[1])[1]
    return [consent.state for consent in people.consents(ws, by=SYSTEM, member_id=member.id)]


def test_p03_an_old_list_does_not_subscribe_the_unsubscribed_again(workspace: Workspace, tmp_path: Path) -> None:
    first = [["13800138000", "marketing", "sms", "退订", "2026-01-02 00:00:00"]]
    assert made.run(workspace, made.file(tmp_path, made.text(first, HEADER), "a.csv"), "consents")["accepted"] == 1
    again = [["13800138000", "marketing", "sms", "已订阅", "2026-02-01 00:00:00"]]
    made.run(workspace, made.file(tmp_path, made.text(again, HEADER), "b.csv"), "consents")
    assert states(workspace) == [ConsentState.UNSUBSCRIBED]


def test_p04_an_erased_person_is_rejected_with_the_reason_in_every_kind(workspace: Workspace, tmp_path: Path) -> None:
    made.run(workspace, made.file(tmp_path, made.text([["13800138000", "张三"]], ["手机号", "姓名"]), "a.csv"), "members")
    member = people.members_of(workspace, by=SYSTEM, member_nos=[1])[1]
    people.erase(workspace, by=SYSTEM, member_id=member.id, reason="P04")
    for kind, header, cells in (
        ("members", ["手机号", "姓名"], ["13800138000", "张三"]),
        ("tags", ["手机号", "标签"], ["13800138000", "干皮"]),
        ("consents", HEADER, ["13800138000", "marketing", "sms", "是", ""]),
    ):
        report = made.run(workspace, made.file(tmp_path, made.text([cells], header), f"{kind}.csv"), kind)
        assert [reason["code"] for reason in report["reasons"]] == ["suppressed"], kind
    orders = made.lines(4)
    report = made.run(workspace, made.file(tmp_path, made.text(orders)))
    assert [(reason["code"], reason["rows"]) for reason in report["reasons"]] == [("suppressed", 2)]
    assert made.one(workspace, "SELECT count() AS n FROM activity_order FINAL")["n"] == 1
    assert {row["手机号"] for row in made.rejects(workspace, report["id"])} == {"13800138000"}
    assert people.find(workspace, [Identity(IdentityKind.PHONE, "13800138000")]) == [0]


def test_t06_an_import_of_history_says_so_in_everything_it_tells(workspace: Workspace, tmp_path: Path) -> None:
    made.run(workspace, made.file(tmp_path, made.text(made.lines(2))))
    with workspace.sql.read() as tx:
        told = [row.body for row in tx.execute(bus.outbox_table.select()) if "historical" in row.body]
    assert told
    assert all(body["historical"] for body in told)
    made.run(
        workspace, made.file(tmp_path, made.text([["X1", *line[1:]] for line in made.lines(2)]), "live.csv"), options={"historical": False}
    )
    with workspace.sql.read() as tx:
        finished = [row.body["historical"] for row in tx.execute(bus.outbox_table.select()) if row.name == "imports.finished"]
    assert finished == [True, False]


@pytest.mark.parametrize("kind", ["consents", "tags", "members"])
def test_a_dry_run_foresees_whom_the_import_makes_and_finds(workspace: Workspace, tmp_path: Path, kind: str) -> None:
    made.run(workspace, made.file(tmp_path, made.text([["13800138000", "张三"]], ["手机号", "姓名"]), "a.csv"), "members")
    people_named = ("13800138000", "13800138001", "138 0013 8002", "13800138001")
    header, cells = {
        "consents": (HEADER, ["marketing", "sms", "是", "2026-01-02 00:00:00"]),
        "tags": (["手机号", "标签"], ["干皮"]),
        "members": (["手机号", "姓名"], ["某人"]),
    }[kind]
    path = made.file(tmp_path, made.text([[phone, *cells] for phone in people_named], header), "b.csv")
    for mode in ("update_only", "upsert"):
        dry = made.run(workspace, path, kind, dry_run=True, options={"update_mode": mode})
        assert people.last_member_no(workspace) == 1
        done = made.run(workspace, path, kind, options={"update_mode": mode})
        told = [(one["created"], one["updated"], one["accepted"], one["reasons"], one["counts"].get("consents")) for one in (dry, done)]
        assert told[0] == told[1]
        assert (dry["created"], dry["updated"]) == ((0, 1) if mode == "update_only" else (2, 2))
