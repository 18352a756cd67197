"""Customer groups: members and versions, codes that roll over, handing on, figures."""

import pytest

from tests.support.contacts import code, customer, external, someone, told
from tests.support.simulator import Simulator


def _group(simulator: Simulator, owner: str = "lina", name: str = "福利群", people: int = 0) -> str:
    made: str = simulator.act("create_group", owner=owner, name=name, people=[someone(simulator) for _ in range(people)])["chat_id"]
    return made


def _shown(simulator: Simulator, chat_id: str) -> dict[str, object]:
    found: dict[str, object] = simulator.post("externalcontact/groupchat/get", {"chat_id": chat_id, "need_name": 1})["group_chat"]
    return found


def test_a_group_and_its_members(simulator: Simulator) -> None:
    unionid, one = customer(simulator, "lina", "王语嫣")
    chat = simulator.act("create_group", owner="lina", name="销售群", people=[unionid])["chat_id"]
    shown = _shown(simulator, chat)
    now = simulator.world.now()
    assert (shown["name"], shown["owner"], shown["create_time"], shown["notice"]) == ("销售群", "lina", now, "")
    owner, member = shown["member_list"]  # type: ignore[misc]
    assert owner | {"group_nickname": ""} == {
        "userid": "lina",
        "type": 1,
        "join_time": now,
        "join_scene": 1,
        "group_nickname": "",
        "name": "李娜",
    }
    assert member == {
        "userid": one,
        "type": 2,
        "unionid": unionid,
        "join_time": now,
        "join_scene": 1,
        "invitor": {"userid": "lina"},
        "group_nickname": "",
        "name": "王语嫣",
    }


def test_every_change_of_members_has_its_versions(simulator: Simulator) -> None:
    chat = _group(simulator, people=1)
    told(simulator)
    before = _shown(simulator, chat)["member_version"]
    unionid = someone(simulator)
    one = simulator.act("join_group", person=unionid, group=chat)["external_userid"]
    (event,) = told(simulator)
    between = _shown(simulator, chat)["member_version"]
    assert event == {
        "Event": "change_external_chat",
        "ChangeType": "update",
        "ChatId": chat,
        "UpdateDetail": "add_member",
        "JoinScene": "0",
        "MemChangeCnt": "1",
        "MemChangeList": one,
        "LastMemVer": before,
        "CurMemVer": between,
    }
    simulator.act("leave_group", person=unionid, chat_id=chat)
    (event,) = told(simulator)
    assert (event["UpdateDetail"], event["QuitScene"], event["LastMemVer"]) == ("del_member", "0", between)
    assert event["CurMemVer"] == _shown(simulator, chat)["member_version"]
    simulator.act("join_group", person=unionid, group=chat)
    simulator.act("remove_from_group", chat_id=chat, member=one)
    assert [row.get("QuitScene") for row in told(simulator)] == [None, "1"]


def test_names_notices_owners_and_the_end(simulator: Simulator) -> None:
    chat = _group(simulator)
    told(simulator)
    simulator.act("rename_group", chat_id=chat, name="新名")
    simulator.act("write_notice", chat_id=chat, notice="公告")
    simulator.act("change_group_owner", chat_id=chat, userid="zhangwei")
    # Who was not in the group comes in first.
    assert [row["UpdateDetail"] for row in told(simulator)] == ["change_name", "change_notice", "add_member", "change_owner"]
    shown = _shown(simulator, chat)
    assert (shown["name"], shown["notice"], shown["owner"]) == ("新名", "公告", "zhangwei")
    simulator.act("dismiss_group", chat_id=chat)
    (event,) = told(simulator)
    assert (event["ChangeType"], event["ChatId"]) == ("dismiss", chat)
    assert code(simulator.post("externalcontact/groupchat/get", {"chat_id": chat})) == 49008
    assert code(simulator.post("externalcontact/groupchat/get", {"chat_id": "wrNo"})) == 90501
    assert code(simulator.post("externalcontact/groupchat/get")) == 40063
    assert simulator.post("externalcontact/groupchat/list", {"limit": 10})["group_chat_list"] == []


def test_lists_of_groups(simulator: Simulator) -> None:
    own = [_group(simulator, "lina") for _ in range(3)]
    other = _group(simulator, "zhangwei")
    body = {"owner_filter": {"userid_list": ["lina"]}, "limit": 2}
    first = simulator.post("externalcontact/groupchat/list", body)
    second = simulator.post("externalcontact/groupchat/list", {**body, "cursor": first["next_cursor"]})
    assert [row["chat_id"] for row in first["group_chat_list"] + second["group_chat_list"]] == own
    simulator.act("staff_leaves", userid="zhangwei")
    left = simulator.post("externalcontact/groupchat/list", {"status_filter": 1, "limit": 10})["group_chat_list"]
    assert left == [{"chat_id": other, "status": 1}]
    assert code(simulator.post("externalcontact/groupchat/list", {"limit": 1001})) == 40058


def test_a_code_rolls_over_when_a_group_is_full(simulator: Simulator) -> None:
    simulator.corp.settings.group_size_max = 3
    chat = _group(simulator)
    body = {"scene": 2, "chat_id_list": [chat], "state": "live-1", "room_base_name": "福利群", "room_base_id": 10, "remark": "长" * 40}
    way = simulator.post("externalcontact/groupchat/add_join_way", body)["config_id"]
    shown = simulator.post("externalcontact/groupchat/get_join_way", {"config_id": way})["join_way"]
    assert (len(shown["remark"]), shown["auto_create_room"], shown["chat_id_list"]) == (30, 1, [chat])
    told(simulator)
    joined = [simulator.act("scan", way=shown["qr_code"], person=someone(simulator)) for _ in range(5)]
    chats = [one["chat_id"] for one in joined]
    assert chats[:2] == [chat, chat]
    assert len(set(chats)) == 3
    events = told(simulator)
    assert [row["ChangeType"] for row in events].count("create") == 2
    assert {row["JoinScene"] for row in events if row["ChangeType"] == "update"} == {"3"}
    rolled = _shown(simulator, chats[2])
    assert (rolled["name"], rolled["owner"]) == ("福利群10", "lina")
    member = rolled["member_list"][1]  # type: ignore[index]
    assert (member["join_scene"], member["state"]) == (3, "live-1")
    assert simulator.post("externalcontact/groupchat/get_join_way", {"config_id": way})["join_way"]["chat_id_list"] == [
        chat,
        *dict.fromkeys(chats[2:]),
    ]


def test_a_code_that_makes_no_groups_is_full(simulator: Simulator) -> None:
    simulator.corp.settings.group_size_max = 2
    chat = _group(simulator)
    way = simulator.post("externalcontact/groupchat/add_join_way", {"scene": 2, "chat_id_list": [chat], "auto_create_room": 0})["config_id"]
    unionid = someone(simulator)
    outcomes = [simulator.act("scan", way=way, person=one)["outcome"] for one in (unionid, unionid, someone(simulator))]
    assert outcomes == ["joined", "already", "full"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [({"scene": 2}, 40063), ({"scene": 7, "chat_id_list": ["own"]}, 41040), ({"scene": 2, "chat_id_list": ["own"] * 6}, 41091)],
)
def test_bad_join_ways(simulator: Simulator, body: dict[str, object], expected: int) -> None:
    chat = _group(simulator)
    if "chat_id_list" in body:
        body = {**body, "chat_id_list": [chat] * len(body["chat_id_list"])}  # type: ignore[arg-type]
    assert code(simulator.post("externalcontact/groupchat/add_join_way", body)) == expected


def test_join_ways_are_overwritten_and_deleted(simulator: Simulator) -> None:
    one, two = _group(simulator), _group(simulator)
    way = simulator.post("externalcontact/groupchat/add_join_way", {"scene": 2, "chat_id_list": [one], "state": "a"})["config_id"]
    assert code(simulator.post("externalcontact/groupchat/update_join_way", {"config_id": way, "scene": 2, "chat_id_list": [two]})) == 0
    shown = simulator.post("externalcontact/groupchat/get_join_way", {"config_id": way})["join_way"]
    assert (shown["chat_id_list"], shown["state"]) == ([two], "")
    assert code(simulator.post("externalcontact/groupchat/del_join_way", {"config_id": way})) == 0
    assert code(simulator.post("externalcontact/groupchat/get_join_way", {"config_id": way})) == 41044


def test_groups_of_who_has_left_are_handed_on(simulator: Simulator) -> None:
    chat, kept = _group(simulator, "lina"), _group(simulator, "zhangwei")
    body = {"chat_id_list": [chat, kept, "wrNo"], "new_owner": "liuyang"}
    simulator.act("staff_leaves", userid="lina")
    told(simulator)
    found = simulator.post("externalcontact/groupchat/transfer", body)["failed_chat_list"]
    assert [(row["chat_id"], row["errcode"]) for row in found] == [(kept, 90500), ("wrNo", 90501)]
    assert found[0]["errmsg"] == "the owner of this chat is not resigned"
    assert (_shown(simulator, chat)["owner"], external(simulator).groups[chat].status) == ("liuyang", 3)
    assert told(simulator) == []


def test_a_group_is_handed_on_twice_in_a_quarter(simulator: Simulator) -> None:
    chat = _group(simulator, "lina")
    owners = ["zhangwei", "liuyang", "lina"]
    codes = []
    for owner in owners:
        failed = simulator.post("externalcontact/groupchat/onjob_transfer", {"chat_id_list": [chat], "new_owner": owner})[
            "failed_chat_list"
        ]
        codes.append(failed[0]["errcode"] if failed else 0)
    assert codes == [0, 0, 40128]
    simulator.corp.staff["chenjing"].status = 4
    assert code(simulator.post("externalcontact/groupchat/onjob_transfer", {"chat_id_list": [chat], "new_owner": "chenjing"})) == 41054


def test_figures_of_groups(simulator: Simulator) -> None:
    chat = _group(simulator, people=3)
    unionid = someone(simulator)
    simulator.act("join_group", person=unionid, group=chat)
    simulator.act("say_in_group", person=unionid, chat_id=chat)
    simulator.act("say_in_group", person=unionid, chat_id=chat)
    day = simulator.world.now() - 12 * 3600
    assert code(simulator.post("externalcontact/groupchat/statistic", {"day_begin_time": day})) == 40058
    simulator.advance(86_400)
    simulator.fresh_token()
    (row,) = simulator.post("externalcontact/groupchat/statistic_group_by_day", {"day_begin_time": day})["items"]
    assert row == {
        "stat_time": day,
        "data": {
            "new_chat_cnt": 1,
            "chat_total": 1,
            "chat_has_msg": 1,
            "new_member_cnt": 4,
            "member_total": 5,
            "member_has_msg": 1,
            "msg_total": 2,
            "migrate_trainee_chat_cnt": 0,
        },
    }
    body = {"day_begin_time": day, "owner_filter": {"userid_list": ["lina", "zhangwei"]}, "order_by": 2}
    found = simulator.post("externalcontact/groupchat/statistic", body)
    assert [(one["owner"], one["data"]["chat_total"]) for one in found["items"]] == [("lina", 1), ("zhangwei", 0)]
    assert (found["total"], found["next_offset"]) == (2, 2)
