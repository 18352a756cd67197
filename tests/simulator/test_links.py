"""Acquisition links, their quota and what is told of them."""

import pytest

from tests.support.contacts import code, external, names, someone, told
from tests.support.simulator import Simulator
from wecom_simulator.corp import App


def _link(simulator: Simulator, **more: object) -> dict[str, str]:
    body = {"link_name": "直播间", "range": {"user_list": ["lina", "zhangwei"]}, **more}
    answer = simulator.post("externalcontact/customer_acquisition/create_link", body)
    assert code(answer) == 0, answer
    made: dict[str, str] = answer["link"]
    return made


def _left(simulator: Simulator, balance: int) -> None:
    simulator.get("externalcontact/customer_acquisition_quota")
    external(simulator).quota[0].balance = balance


def test_a_link_is_made_read_changed_and_deleted(simulator: Simulator) -> None:
    made = _link(simulator, priority_option={"priority_type": 2, "priority_userid_list": ["lina"]})
    assert made["url"].startswith(f"{simulator.url}/ca/")
    found = simulator.post("externalcontact/customer_acquisition/get", {"link_id": made["link_id"]})
    assert (found["link"]["link_name"], found["link"]["skip_verify"]) == ("直播间", True)
    assert found["range"] == {"user_list": ["lina", "zhangwei"], "department_list": []}
    assert found["priority_option"] == {"priority_type": 2, "priority_userid_list": ["lina"]}
    changed = {"link_id": made["link_id"], "link_name": "新"}
    assert code(simulator.post("externalcontact/customer_acquisition/update_link", changed)) == 0
    found = simulator.post("externalcontact/customer_acquisition/get", {"link_id": made["link_id"]})
    assert (found["link"]["link_name"], found["range"]["user_list"]) == ("新", ["lina", "zhangwei"])
    assert simulator.post("externalcontact/customer_acquisition/list_link")["link_id_list"] == [made["link_id"]]
    assert code(simulator.post("externalcontact/customer_acquisition/delete_link", {"link_id": made["link_id"]})) == 0
    assert code(simulator.post("externalcontact/customer_acquisition/get", {"link_id": made["link_id"]})) == 60136
    assert told(simulator) == []


def test_an_app_sees_its_own_links_only(simulator: Simulator) -> None:
    made = _link(simulator)
    other = App(1_000_009, "别的", "other-secret")
    simulator.corp.apps[other.secret] = other
    asked = {"corpid": simulator.corp.corpid, "corpsecret": other.secret}
    simulator.token = simulator.http.get("/cgi-bin/gettoken", params=asked).json()["access_token"]
    assert simulator.post("externalcontact/customer_acquisition/list_link")["link_id_list"] == []
    assert code(simulator.post("externalcontact/customer_acquisition/get", {"link_id": made["link_id"]})) == 60136
    other.permissions = frozenset({"customer"})
    assert code(simulator.post("externalcontact/customer_acquisition/list_link")) == 48002


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"range": {"user_list": ["lina"]}}, 40063),
        ({"link_name": "x"}, 40063),
        ({"link_name": "x", "range": {}}, 40063),
        ({"link_name": "x", "range": {"user_list": ["nobody"]}}, 60111),
        ({"link_name": "x", "range": {"department_list": [99]}}, 60123),
        ({"link_name": "x", "range": {"user_list": ["lina"]}, "priority_option": {"priority_type": 3}}, 40058),
    ],
)
def test_bad_links(simulator: Simulator, body: dict[str, object], expected: int) -> None:
    assert code(simulator.post("externalcontact/customer_acquisition/create_link", body)) == expected


def test_too_many_links(simulator: Simulator) -> None:
    simulator.corp.settings.links_max = 1
    _link(simulator)
    body = {"link_name": "x", "range": {"user_list": ["lina"]}}
    assert code(simulator.post("externalcontact/customer_acquisition/create_link", body)) == 41095


def test_who_comes_by_a_link(simulator: Simulator) -> None:
    made = _link(simulator)
    person = someone(simulator)
    one = simulator.act("open_link", link=made["url"] + "?customer_channel=card7", person=person)
    request, added = told(simulator)
    assert (request["ChangeType"], request["LinkId"], request["State"]) == ("friend_request", made["link_id"], "card7")
    assert (added["ChangeType"], added["State"], added["UserID"]) == ("add_external_contact", "card7", one["userid"])
    assert simulator.get("externalcontact/get", external_userid=one["external_userid"])["follow_user"][0]["add_way"] == 16
    asked = {"link_id": made["link_id"]}
    row = {"external_userid": one["external_userid"], "userid": one["userid"], "chat_status": 0, "state": "card7"}
    assert simulator.post("externalcontact/customer_acquisition/customer", asked)["customer_list"] == [row]
    simulator.act("say", person=person, userid=one["userid"])
    simulator.act("say", person=person, userid=one["userid"])
    first, second = told(simulator)
    assert (first["ChangeType"], second["ChangeType"]) == ("customer_start_chat", "message_from_customer")
    assert simulator.post("externalcontact/customer_acquisition/customer", asked)["customer_list"][0]["chat_status"] == 1
    key = {"chat_key": second["ChatKey"]}
    chat = simulator.post("externalcontact/customer_acquisition/get_chat_info", key)
    assert chat["chat_info"] == {"recv_msg_cnt": 2, "link_id": made["link_id"], "state": "card7"}
    simulator.advance(1801)
    assert code(simulator.post("externalcontact/customer_acquisition/get_chat_info", key)) == 60136
    now = simulator.world.now()
    found = simulator.post("externalcontact/customer_acquisition/statistic", {**asked, "start_time": now - 86_400, "end_time": now})
    assert (found["click_link_customer_cnt"], found["new_customer_cnt"]) == (1, 1)


def test_a_channel_is_cut_at_64_bytes(simulator: Simulator) -> None:
    made = _link(simulator)
    simulator.act("open_link", link=made["link_id"], person=someone(simulator), channel="渠" * 30)
    assert told(simulator)[-1]["State"] == "渠" * 21


def test_without_a_channel_no_request_is_told(simulator: Simulator) -> None:
    made = _link(simulator)
    simulator.act("open_link", link=made["url"], person=someone(simulator))
    assert names(simulator) == ["add_external_contact"]


def test_who_has_a_member_already_is_led_there(simulator: Simulator) -> None:
    made = _link(simulator, priority_option={"priority_type": 1})
    person = someone(simulator)
    simulator.act("add_by", userid="liuyang", person=person, half=False)
    told(simulator)
    assert simulator.act("open_link", link=made["url"], person=person)["userid"] == "liuyang"
    assert told(simulator) == []


def test_the_quota_and_its_events(simulator: Simulator) -> None:
    made = _link(simulator)
    _left(simulator, 21)
    for _ in range(2):
        simulator.act("open_link", link=made["url"], person=someone(simulator))
    assert names(simulator) == ["add_external_contact", "add_external_contact", "balance_low"]
    _left(simulator, 1)
    outcomes = [simulator.act("open_link", link=made["url"], person=someone(simulator))["outcome"] for _ in range(2)]
    assert outcomes == ["added", "not_added"]
    assert names(simulator) == ["add_external_contact", "balance_exhausted"]
    assert simulator.act("buy_quota", count=100) == {"balance": 100}
    assert names(simulator) == ["balance_increased"]
    found = simulator.get("externalcontact/customer_acquisition_quota")
    assert (found["total"], found["balance"], len(found["quota_list"])) == (10_100, 100, 2)


def test_a_link_of_nobody(simulator: Simulator) -> None:
    made = _link(simulator)
    for userid in ("lina", "zhangwei"):
        simulator.corp.staff[userid].status = 2
    assert simulator.act("open_link", link=made["url"], person=someone(simulator))["outcome"] == "not_added"
    assert told(simulator)[-1] == {"Event": "customer_acquisition", "ChangeType": "link_unavailable", "LinkId": made["link_id"]}


def test_who_only_looks_at_a_link_is_a_click(simulator: Simulator) -> None:
    made = _link(simulator)
    assert simulator.act("glance_at_link", link=made["url"]) == {"outcome": "glanced"}
    assert simulator.act("glance_at_link", link="nowhere") == {"outcome": "unknown"}
    now = simulator.world.now()
    asked = {"link_id": made["link_id"], "start_time": now, "end_time": now}
    found = simulator.post("externalcontact/customer_acquisition/statistic", asked)
    assert (found["click_link_customer_cnt"], found["new_customer_cnt"]) == (1, 0)
