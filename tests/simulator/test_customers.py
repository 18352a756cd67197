"""Customers: reading them, one-way friendships, remarks, conversions, pages."""

import pytest
from httpx import HTTPStatusError

from tests.support.contacts import code, customer, external, names, someone, told
from tests.support.simulator import Simulator
from wecom_simulator import actions
from wecom_simulator.corp import App


def test_members_with_customer_contact_are_listed(simulator: Simulator) -> None:
    simulator.corp.staff["lina"].serves_customers = False
    found = simulator.get("externalcontact/get_follow_user_list")
    assert "zhangwei" in found["follow_user"]
    assert "lina" not in found["follow_user"]


def test_nobody_is_an_error_of_its_own(simulator: Simulator) -> None:
    empty = simulator.get("externalcontact/list", userid="lina")
    assert (code(empty), empty["external_userid"]) == (84061, [])
    assert code(simulator.get("externalcontact/list", userid="nobody")) == 60111
    assert code(simulator.get("externalcontact/list")) == 41009


def test_a_customer_is_told_as_the_page_says(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    simulator.act("add_by", userid="lina", person=unionid, add_way=3, state="card", half=False)
    found = simulator.get("externalcontact/get", external_userid=one)
    assert found["external_contact"] | {"avatar": ""} == {
        "external_userid": one,
        "name": "小雨",
        "type": 1,
        "avatar": "",
        "gender": 0,
        "unionid": unionid,
    }
    first, second = found["follow_user"]
    assert first == {
        "userid": "zhangwei",
        "remark": "小雨",
        "description": "",
        "createtime": simulator.world.now(),
        "tags": [],
        "remark_corp_name": "",
        "remark_mobiles": [],
        "oper_userid": one,
        "add_way": 2,
    }
    assert (second["userid"], second["state"], second["add_way"]) == ("lina", "card", 3)
    simulator.corp.settings.has_developer_id = False
    assert "unionid" not in simulator.get("externalcontact/get", external_userid=one)["external_contact"]


def test_strangers_and_ids_of_other_corps(simulator: Simulator) -> None:
    unionid = someone(simulator)
    group = simulator.act("create_group", owner="lina", name="群", people=[unionid])["chat_id"]
    members = simulator.post("externalcontact/groupchat/get", {"chat_id": group})["group_chat"]["member_list"]
    stranger = next(one["userid"] for one in members if one["type"] == 2)
    assert code(simulator.get("externalcontact/get", external_userid=stranger)) == 84061
    assert code(simulator.get("externalcontact/get", external_userid="wmNobody")) == 40096
    assert code(simulator.get("externalcontact/get")) == 41035


def test_only_the_members_side_decides_what_the_api_may_do(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    told(simulator)
    simulator.act("delete_staff", person=unionid, userid="zhangwei")
    assert names(simulator) == ["del_follow_user"]
    # The customer is gone, and yet nothing of the member's side has changed.
    assert code(simulator.get("externalcontact/get", external_userid=one)) == 0
    assert code(simulator.post("externalcontact/remark", {"userid": "zhangwei", "external_userid": one, "remark": "走了"})) == 0
    simulator.act("delete_customer", userid="zhangwei", external_userid=one)
    assert names(simulator) == ["del_external_contact"]
    assert code(simulator.get("externalcontact/get", external_userid=one)) == 84061
    assert external(simulator).books["zhangwei"].relations == {}


def test_the_member_deletes_first(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    told(simulator)
    simulator.act("delete_customer", userid="zhangwei", external_userid=one)
    (event,) = told(simulator)
    assert event == {
        "Event": "change_external_contact",
        "ChangeType": "del_external_contact",
        "UserID": "zhangwei",
        "ExternalUserID": one,
    }
    assert code(simulator.post("externalcontact/remark", {"userid": "zhangwei", "external_userid": one, "remark": "x"})) == 84061
    # Whom the member does not have any more cannot be lost a second time.
    simulator.act("delete_staff", person=unionid, userid="zhangwei")
    assert told(simulator) == []


def test_half_a_friendship_until_the_member_adds_back(simulator: Simulator) -> None:
    unionid = someone(simulator)
    added = simulator.act("add_by", userid="lina", person=unionid)
    (half,) = told(simulator)
    assert half["ChangeType"] == "add_half_external_contact"
    assert half["WelcomeCode"]
    one = added["external_userid"]
    assert code(simulator.get("externalcontact/get", external_userid=one)) == 84061
    assert code(simulator.post("externalcontact/send_welcome_msg", {"welcome_code": half["WelcomeCode"], "text": {"content": "欢迎"}})) == 0
    simulator.act("accept", userid="lina", person=unionid)
    (whole,) = told(simulator)
    assert whole["ChangeType"] == "add_external_contact"
    # The welcome was sent already with the code of the half.
    assert "WelcomeCode" not in whole
    assert code(simulator.get("externalcontact/get", external_userid=one)) == 0


def test_a_lost_customer_comes_back(simulator: Simulator) -> None:
    unionid, one = customer(simulator)
    simulator.act("say", person=unionid, userid="zhangwei")
    simulator.act("delete_staff", person=unionid, userid="zhangwei")
    simulator.advance(60)
    told(simulator)
    simulator.act("add_by", userid="zhangwei", person=unionid, state="again", half=False)
    (event,) = told(simulator)
    assert (event["ChangeType"], event["State"], "WelcomeCode" in event) == ("add_external_contact", "again", True)
    assert simulator.get("externalcontact/list", userid="zhangwei")["external_userid"] == [one]


def test_remarks(simulator: Simulator) -> None:
    _, one = customer(simulator)
    told(simulator)
    pair = {"userid": "zhangwei", "external_userid": one}
    body = {**pair, "remark": "李部长", "description": "采购", "remark_company": "腾讯", "remark_mobiles": ["13800000001"]}
    assert code(simulator.post("externalcontact/remark", body)) == 0
    found = simulator.get("externalcontact/get", external_userid=one)["follow_user"][0]
    assert (found["remark"], found["description"], found["remark_corp_name"]) == ("李部长", "采购", "腾讯")
    assert found["remark_mobiles"] == ["13800000001"]
    simulator.post("externalcontact/remark", {**pair, "remark_mobiles": [""]})
    found = simulator.get("externalcontact/get", external_userid=one)["follow_user"][0]
    assert (found["remark"], found["remark_mobiles"]) == ("李部长", [])
    assert code(simulator.post("externalcontact/remark", pair)) == 40063
    assert code(simulator.post("externalcontact/remark", {**pair, "remark": "长" * 21})) == 40058
    assert told(simulator) == []
    simulator.act("edit_remark", **pair, remark="王")
    simulator.act("edit_mobiles", **pair, mobiles=["13900000000"])
    assert names(simulator) == ["edit_external_contact"]


def test_pages_of_customers_hold_everybody_once(simulator: Simulator) -> None:
    actions.bulk_people(simulator.world, 950, ["zhangwei", "lina", "liuyang"])
    seen: list[str] = []
    cursor = ""
    for _ in range(100):
        body = {"userid_list": ["zhangwei", "lina", "liuyang"], "limit": 97, "cursor": cursor}
        found = simulator.post("externalcontact/batch/get_by_user", body)
        seen += [row["external_contact"]["external_userid"] for row in found["external_contact_list"]]
        cursor = found["next_cursor"]
        if not cursor:
            break
        if len(seen) == 97:
            # Somebody who goes away in the middle takes nobody's place.
            first = external(simulator).books["zhangwei"].pages[0]
            simulator.act("delete_customer", userid="zhangwei", external_userid=first.external_userid)
    assert len(seen) == len(set(seen)) == 950
    info = found["external_contact_list"][-1]["follow_info"]
    assert info.keys() >= {"userid", "remark", "createtime", "tag_id", "remark_mobiles", "oper_userid", "add_way"}
    assert code(simulator.post("externalcontact/batch/get_by_user", {"userid_list": ["lina"], "cursor": "nonsense"})) == 50100
    assert code(simulator.post("externalcontact/batch/get_by_user", {"userid_list": ["lina"], "limit": 101})) == 40058
    assert code(simulator.post("externalcontact/batch/get_by_user", {"userid_list": ["lina"] * 101})) == 40058


def test_everybody_served_is_listed_for_four_hours(simulator: Simulator) -> None:
    actions.bulk_people(simulator.world, 30, ["zhangwei", "lina"])
    simulator.act("create_group", owner="lina", name="群", people=[someone(simulator), someone(simulator)])
    first = simulator.post("externalcontact/contact_list", {"limit": 20})
    second = simulator.post("externalcontact/contact_list", {"limit": 20, "cursor": first["next_cursor"]})
    rows = first["info_list"] + second["info_list"]
    assert [row["is_customer"] for row in rows] == [True] * 30 + [False] * 2
    assert rows[-1].keys() == {"is_customer", "tmp_openid", "name", "chat_id", "chat_name", "add_time"}
    assert second["next_cursor"] == ""
    simulator.advance(4 * 3600 + 1)
    assert code(simulator.post("externalcontact/contact_list", {"cursor": first["next_cursor"]})) in {50100, 42001}
    simulator.fresh_token()
    assert code(simulator.post("externalcontact/contact_list", {"cursor": first["next_cursor"]})) == 50100


def test_an_app_sees_its_range_only(simulator: Simulator) -> None:
    unionid, one = customer(simulator, "zhangwei")
    simulator.act("add_by", userid="yangmin", person=unionid, half=False)
    narrow = App(1_000_009, "门店", "narrow-secret", departments=(2,))
    simulator.corp.apps[narrow.secret] = narrow
    asked = {"corpid": simulator.corp.corpid, "corpsecret": narrow.secret}
    simulator.token = simulator.http.get("/cgi-bin/gettoken", params=asked).json()["access_token"]
    found = simulator.get("externalcontact/get", external_userid=one)
    assert [row["userid"] for row in found["follow_user"]] == ["zhangwei"]
    assert code(simulator.get("externalcontact/list", userid="yangmin")) == 60011


@pytest.mark.parametrize(
    ("unionid", "openid", "expected"),
    [("right", "right", 0), ("wrong", "right", 610014), ("right", "wrong", 610018), ("stranger", "right", 610018)],
)
def test_unionids_become_external_ids(simulator: Simulator, unionid: str, openid: str, expected: int) -> None:
    known, one = customer(simulator)
    openids = {"right": simulator.world.openid(simulator.world.person(known), "wxapp"), "wrong": "oX"}
    unionids = {"right": known, "wrong": "oNobody", "stranger": someone(simulator)}
    answer = simulator.post("externalcontact/unionid_to_external_userid", {"unionid": unionids[unionid], "openid": openids[openid]})
    assert code(answer) == expected
    assert answer.get("external_userid") == (one if not expected else None)
    if not expected:
        assert simulator.post("externalcontact/convert_to_openid", {"external_userid": one})["openid"].startswith("o")


def test_a_stranger_has_no_external_id(simulator: Simulator) -> None:
    stranger = simulator.world.person(someone(simulator))
    body = {"unionid": stranger.unionid, "openid": simulator.world.openid(stranger, "wxapp")}
    assert code(simulator.post("externalcontact/unionid_to_external_userid", body)) == 610004


def test_a_member_who_is_full_takes_nobody(simulator: Simulator) -> None:
    simulator.corp.staff["lina"].customers_max = 1
    customer(simulator, "lina")
    assert simulator.act("add_by", userid="lina", person=someone(simulator), half=False)["outcome"] == "not_added"


def test_a_request_waits_for_the_member(simulator: Simulator) -> None:
    body = {"type": 1, "scene": 2, "user": ["lina"], "skip_verify": False, "state": "s"}
    way = simulator.post("externalcontact/add_contact_way", body)["config_id"]
    unionid = someone(simulator)
    assert simulator.act("scan", way=way, person=unionid)["outcome"] == "applied"
    assert told(simulator) == []
    simulator.act("accept", userid="lina", person=unionid)
    (event,) = told(simulator)
    assert (event["ChangeType"], event["State"]) == ("add_external_contact", "s")


def test_a_wecom_user_of_another_corp_is_told_with_it_and_without_unionid(simulator: Simulator) -> None:
    unionid = someone(simulator, "陈采购")
    one = simulator.act("work_elsewhere", person=unionid, corp_name="晨曦幼儿园", position="采购")["external_userid"]
    assert simulator.act("add_by", userid="lina", person=unionid, add_way=3, half=False)["external_userid"] == one
    found = simulator.get("externalcontact/get", external_userid=one)["external_contact"]
    assert found | {"avatar": ""} == {
        "external_userid": one,
        "name": "陈采购",
        "type": 2,
        "avatar": "",
        "gender": 0,
        "position": "采购",
        "corp_name": "晨曦幼儿园",
        "corp_full_name": "晨曦幼儿园",
        "external_profile": {"external_attr": []},
    }
    [row] = simulator.post("externalcontact/batch/get_by_user", {"userid_list": ["lina"]})["external_contact_list"]
    assert row["external_contact"] == found
    with pytest.raises(HTTPStatusError):
        simulator.act("work_elsewhere", person=unionid, corp_name="另一家")
