"""Tags over HTTP: defining, putting one by one and in bulk, what scopes hide, what rules and expiries show."""

import datetime as dt

import pytest

from tests.support.access import actions, told
from tests.support.console import Console, somebody
from tests.support.tags import MINUTE, ids_of, people_of
from wellspring.kernel.auth import SYSTEM
from wellspring.organization import api as organization
from wellspring.organization.contracts import UnitDraft, UnitKind
from wellspring.people import api as people
from wellspring.people.contracts import Permission as People
from wellspring.tags import api
from wellspring.tags.contracts import Permission
from wellspring.tags.service import registry


@pytest.fixture
def members(console: Console) -> list[str]:
    console.by = somebody(*Permission, *People)
    return ids_of(console.ws, people_of(console.ws, 4))


def made(console: Console, group: str, name: str, **rest: object) -> str:
    answer = console.client.post("/api/tags", json={"group": group, "name": name, **rest})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


class TestDefining:
    def test_the_ladder(self, console: Console) -> None:
        assert console.client.post("/api/tags", json={"name": "包裹卡"}).status_code == 401
        console.by = somebody(Permission.TAG_READ, Permission.TAG_WRITE)
        assert console.client.post("/api/tags", json={"name": "包裹卡"}).status_code == 403
        console.by = somebody(Permission.GROUP_WRITE)
        assert console.client.post("/api/tags", json={"name": "包裹卡"}).status_code == 201
        assert console.client.get("/api/tags").status_code == 403

    def test_groups_are_made_changed_and_deleted(self, console: Console, members: list[str]) -> None:
        group = console.client.post("/api/tags/groups", json={"name": "等级", "kind": "level", "color": "gold"}).json()
        assert (group["is_exclusive"], group["tags"]) == (True, [])
        assert console.client.post("/api/tags/groups", json={"name": " 等级 "}).json()["code"] == "tags.name_taken"
        assert console.client.post("/api/tags/groups", json={"name": "等/级"}).json()["code"] == "tags.group_slashed"
        tag_id = made(console, "等级", "普通")
        changed = console.client.patch(f"/api/tags/groups/{group['id']}", json={"name": "会员等级", "description": "由低到高"}).json()
        assert (changed["name"], changed["kind"], changed["tags"][0]["group"]) == ("会员等级", "level", "会员等级")
        assert console.client.delete(f"/api/tags/groups/{group['id']}").json()["code"] == "tags.group_not_empty"
        assert console.client.delete(f"/api/tags/{tag_id}").json() == {"put": 0, "lifted": 0}
        assert console.client.delete(f"/api/tags/groups/{group['id']}").status_code == 204
        assert console.client.get("/api/tags").json() == []
        done = {"tags.group_add", "tags.add", "tags.group_change", "tags.delete", "tags.group_delete"}
        assert done <= set(actions(console.ws))
        assert "tags.defined" in told(console.ws)

    def test_a_tag_in_use_is_neither_renamed_nor_deleted_nor_merged_away(
        self, console: Console, members: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        used, other = made(console, "渠道", "包裹卡"), made(console, "渠道", "门店")
        monkeypatch.setattr(registry, "_users", [lambda _ws, tag_id: ["老客"] if tag_id == used else []])
        for answer in (
            console.client.delete(f"/api/tags/{used}"),
            console.client.patch(f"/api/tags/{used}", json={"name": "卡"}),
            console.client.post(f"/api/tags/{used}/merge", json={"into": other}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "tags.in_use")
            assert "老客" in answer.json()["detail_zh"]
        assert console.client.patch(f"/api/tags/{used}", json={"state": "retired", "description": "旧卡"}).json()["state"] == "retired"
        assert console.client.patch(f"/api/tags/{other}", json={"name": "线下门店"}).json()["name"] == "线下门店"

    def test_a_rule_needs_an_audience(self, console: Console, members: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        body = {"group": "规则", "name": "高潜", "rule_audience_id": "aud_1"}
        assert console.client.post("/api/tags", json=body).json()["code"] == "tags.audience_unknown"
        assert console.client.get("/api/tags").json() == []
        monkeypatch.setattr(registry, "_audiences", [lambda _ws, audience_id: "高潜客户" if audience_id == "aud_1" else None])
        tag_id = console.client.post("/api/tags", json=body).json()["id"]
        assert api.rules(console.ws) == {tag_id: "aud_1"}
        assert console.client.patch(f"/api/tags/{tag_id}", json={"rule_audience_id": None}).json()["rule_audience_id"] is None
        assert api.rules(console.ws) == {}


class TestOneMember:
    def test_plain_texts_and_objects(self, console: Console, members: list[str]) -> None:
        body = {"put": ["渠道/包裹卡", "老客", {"group": "肤质", "tag": "干皮"}], "lift": ["没有/这个"], "reason": "问卷"}
        carried = console.client.post(f"/api/members/{members[0]}/tags", json=body).json()
        assert [(tag["group"], tag["name"], tag["reason"]) for tag in carried] == [
            ("未分组", "老客", "问卷"),
            ("渠道", "包裹卡", "问卷"),
            ("肤质", "干皮", "问卷"),
        ]
        assert api.find_group(console.ws, "没有") is None
        left = console.client.post(
            f"/api/members/{members[0]}/tags", json={"lift": ["渠道/包裹卡", {"group": "肤质", "tag": "干皮"}]}
        ).json()
        assert [tag["name"] for tag in left] == ["老客"]
        rows = console.client.get(f"/api/members/{members[0]}/tags/history").json()["rows"]
        assert len(rows) == 5
        assert {row["member_id"] for row in rows} == {members[0]}

    def test_expiry_and_retired(self, console: Console, members: list[str]) -> None:
        soon = (console.ws.clock.now() + MINUTE).isoformat()
        past = (console.ws.clock.now() - MINUTE).isoformat()
        place = f"/api/members/{members[0]}/tags"
        assert console.client.post(place, json={"put": ["活动/双十一"], "expires_at": past}).json()["code"] == "tags.expiry_past"
        (tag,) = console.client.post(place, json={"put": ["活动/双十一"], "expires_at": soon}).json()
        assert dt.datetime.fromisoformat(tag["expires_at"]) == console.ws.clock.now() + MINUTE
        console.client.patch(f"/api/tags/{tag['id']}", json={"state": "retired"})
        assert console.client.post(place, json={"put": ["活动/双十一"]}).json()["code"] == "tags.retired"
        assert console.client.post(place, json={"lift": ["活动/双十一"]}).json() == []


class TestMany:
    def test_by_id_and_by_identifier(self, console: Console, members: list[str]) -> None:
        tag_id = made(console, "渠道", "门店", expires_after_days=30)
        body = {"put": [members[0], {"kind": "card_no", "value": "770010001"}, "mem_nobody"], "reason": "活动"}
        assert console.client.post(f"/api/tags/{tag_id}/members", json=body).json() == {"put": 2, "lifted": 0, "cleared": 0, "skipped": 1}
        page = console.client.get(f"/api/tags/{tag_id}/members", params={"limit": 1}).json()
        assert ([row["id"] for row in page["rows"]], page["total"]) == (members[:1], 2)
        assert page["rows"][0]["reason"] == "活动"
        assert dt.datetime.fromisoformat(page["rows"][0]["expires_at"]) - console.ws.clock.now() == dt.timedelta(days=30)
        page = console.client.get(f"/api/tags/{tag_id}/members", params={"limit": 1, "cursor": page["next_cursor"]}).json()
        assert ([row["id"] for row in page["rows"]], page["next_cursor"]) == (members[1:2], None)
        assert console.client.post(f"/api/tags/{tag_id}/members", json={"lift": members[:1]}).json()["lifted"] == 1
        history = console.client.get(f"/api/tags/{tag_id}/history", params={"limit": 2}).json()
        assert [row["verb"] for row in history["rows"]] == ["lift", "put"]
        rest = console.client.get(f"/api/tags/{tag_id}/history", params={"cursor": history["next_cursor"]}).json()
        assert [row["member_id"] for row in rest["rows"]] == members[:1]
        assert console.client.get(f"/api/tags/{tag_id}/history", params={"cursor": "WyJhIl0"}).status_code == 422

    def test_whoever_is_outside_the_scope_is_neither_touched_nor_seen(self, console: Console, members: list[str]) -> None:
        unit = organization.create_unit(console.ws, by=SYSTEM, draft=UnitDraft(code="S001", name="门店", kind=UnitKind.STORE)).id
        people.change(console.ws, by=SYSTEM, member_id=members[0], home_unit_id=unit, moves=True)
        tag_id = made(console, "渠道", "门店")
        console.client.post(f"/api/tags/{tag_id}/members", json={"put": members[1:2]})
        console.by = somebody(*Permission, units=frozenset({unit}))
        changed = console.client.post(f"/api/tags/{tag_id}/members", json={"put": members, "lift": members[1:2]}).json()
        assert changed == {"put": 1, "lifted": 0, "cleared": 0, "skipped": 4}
        page = console.client.get(f"/api/tags/{tag_id}/members").json()
        assert ([row["id"] for row in page["rows"]], page["total"]) == (members[:1], None)
        assert [row["member_id"] for row in console.client.get(f"/api/tags/{tag_id}/history").json()["rows"]] == members[:1]
        assert console.client.post(f"/api/members/{members[1]}/tags", json={"put": ["渠道/门店"]}).status_code == 404

    def test_exceptions_of_a_rule_are_shown_and_cleared(self, console: Console, members: list[str]) -> None:
        tag_id = made(console, "规则", "高潜")
        api.bind(console.ws, by=SYSTEM, tag_id=tag_id, audience_id="aud_1")
        console.client.post(f"/api/tags/{tag_id}/members", json={"lift": members[:1], "put": members[1:2], "reason": "本人要求"})
        rows = console.client.get(f"/api/tags/{tag_id}/exceptions").json()["rows"]
        assert [(row["member_id"], row["verb"], row["reason"]) for row in rows] == [
            (members[0], "lift", "本人要求"),
            (members[1], "put", "本人要求"),
        ]
        assert console.client.get(f"/api/tags/{tag_id}").json()["exceptions"] == 2
        assert console.client.post(f"/api/tags/{tag_id}/members", json={"clear": members[:1]}).json()["cleared"] == 1

    def test_two_tags_become_one(self, console: Console, members: list[str]) -> None:
        old, new = made(console, "渠道", "线下"), made(console, "渠道", "门店")
        console.client.post(f"/api/tags/{old}/members", json={"put": members[:2]})
        console.client.post(f"/api/tags/{new}/members", json={"put": members[1:3]})
        assert console.client.post(f"/api/tags/{old}/merge", json={"into": new}).json()["put"] == 1
        assert console.client.get(f"/api/tags/{old}").status_code == 404
        assert console.client.get(f"/api/tags/{new}").json()["members"] == 3
