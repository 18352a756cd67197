"""wechatpy's calls of customer contact against the simulator, unchanged: every one that this client has."""

import pytest
from wechatpy.enterprise import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.support.simulator import Simulator
from tests.support.wechat_sdk import wecom
from wecom_simulator.external.friends import of

DAY = 86_400


@pytest.fixture
def client(simulator: Simulator) -> WeChatClient:
    return wecom(simulator, simulator.app)


def add(simulator: Simulator, client: WeChatClient, *, userid: str = "lina", name: str = "小明") -> str:
    """A customer who scanned a code of the member: the external id."""
    way = client.external_contact.add_contact_way(1, 2, remark="包裹卡", state="card", user=[userid])
    person = simulator.world.new_person(name)
    return str(simulator.act("scan", way=way["config_id"], person=person.unionid)["external_userid"])


def test_customers_are_listed_and_read(simulator: Simulator, client: WeChatClient) -> None:
    customer = add(simulator, client)
    assert "lina" in client.external_contact.get_follow_user_list()["follow_user"]
    assert client.external_contact.list("lina")["external_userid"] == [customer]
    told = client.external_contact.get(customer)
    assert told["external_contact"]["name"] == "小明"
    assert (told["follow_user"][0]["state"], told["follow_user"][0]["add_way"]) == ("card", 1)
    with pytest.raises(WeChatClientException) as refused:
        client.external_contact.list("zhangwei")
    assert refused.value.errcode == 84061


def test_contact_ways(client: WeChatClient) -> None:
    made = client.external_contact.add_contact_way(1, 2, remark="收银台", state="till", user=["lina"])
    assert client.external_contact.get_contact_way(made["config_id"])["contact_way"]["state"] == "till"
    client.external_contact.update_contact_way(made["config_id"], "门口", state="door", user=["zhangwei"])
    assert client.external_contact.get_contact_way(made["config_id"])["contact_way"]["user"] == ["zhangwei"]
    client.external_contact.del_contact_way(made["config_id"])
    with pytest.raises(WeChatClientException) as refused:
        client.external_contact.get_contact_way(made["config_id"])
    assert refused.value.errcode == 41044


def test_welcome(simulator: Simulator, client: WeChatClient) -> None:
    customer = add(simulator, client)
    (code,) = [text for text, one in of(simulator.corp).welcomes.items() if one.external_userid == customer]
    client.external_contact.send_welcome_msg({"welcome_code": code, "text": {"content": "欢迎光临"}})
    with pytest.raises(WeChatClientException) as refused:
        client.external_contact.send_welcome_msg({"welcome_code": code, "text": {"content": "欢迎光临"}})
    assert refused.value.errcode == 41051


def test_mass_messages(simulator: Simulator, client: WeChatClient) -> None:
    customer = add(simulator, client)
    task = {"chat_type": "single", "external_userid": [customer], "sender": "lina", "text": {"content": "新品"}}
    made = client.external_contact.add_msg_template(task)
    simulator.advance(5)
    simulator.act("confirm_task", userid="lina", msgid=made["msgid"])
    (row,) = client.external_contact.get_group_msg_result(made["msgid"])["detail_list"]
    assert (row["external_userid"], row["status"]) == (customer, 1)


def test_corp_tags(simulator: Simulator, client: WeChatClient) -> None:
    customer = add(simulator, client)
    group = client.external_contact.add_corp_tag(None, "来源", 1, [{"name": "包裹卡"}, {"name": "门店"}])["tag_group"]
    first, second = (one["id"] for one in group["tag"])
    client.external_contact.mark_tag("lina", customer, add_tag=[first])
    assert client.external_contact.get(customer)["follow_user"][0]["tags"][0]["tag_id"] == first
    client.external_contact.edit_corp_tag(first, "包裹卡 A", 5)
    client.external_contact.mark_tag("lina", customer, remove_tag=[first])
    assert client.external_contact.get_corp_tag_list([first])["tag_group"][0]["tag"][0]["name"] == "包裹卡 A"
    client.external_contact.del_corp_tag(tag_id=[second])
    assert len(client.external_contact.get_corp_tag_list()["tag_group"][0]["tag"]) == 1


def test_who_has_left(simulator: Simulator, client: WeChatClient) -> None:
    customer = add(simulator, client)
    simulator.act("staff_leaves", userid="lina")
    (row,) = client.external_contact.get_unassigned_list(0, 100)["info"]
    assert (row["handover_userid"], row["external_userid"]) == ("lina", customer)
    client.external_contact.transfer(customer, "lina", "zhangwei")
    simulator.advance(DAY)
    client.fetch_access_token()
    assert client.external_contact.list("zhangwei")["external_userid"] == [customer]


def test_behaviour(simulator: Simulator, client: WeChatClient) -> None:
    add(simulator, client)
    now = simulator.world.now()
    rows = client.external_contact.get_user_behavior_data(["lina"], now - 2 * DAY, now - DAY)["behavior_data"]
    assert len(rows) == 2


def test_groups(simulator: Simulator, client: WeChatClient) -> None:
    person = simulator.world.new_person("小红")
    add(simulator, client)
    made = simulator.act("create_group", owner="lina", name="茶友会", people=[person.unionid])
    (row,) = client.external_contact_group_chat.list_all()
    assert row["chat_id"] == made["chat_id"]
    told = client.external_contact_group_chat.get(row["chat_id"])["group_chat"]
    assert (told["name"], told["owner"]) == ("茶友会", "lina")
    day = simulator.world.now() - DAY - simulator.world.now() % DAY - 8 * 3_600
    assert client.external_contact_group_chat.statistic(day, owner_userid_list=["lina"])["errcode"] == 0


def test_half_of_what_a_call_names_may_fail(simulator: Simulator, client: WeChatClient) -> None:
    customers = {add(simulator, client, name=f"顾客{number}") for number in range(20)}
    simulator.http.post("/simulator/faults", json={"orders": [{"kind": "partial", "path": "add_msg_template"}], "seed": 2})
    made = client.external_contact.add_msg_template({"external_userid": sorted(customers), "sender": "lina", "text": {"content": "新品"}})
    failed = set(made["fail_list"])
    assert 0 < len(failed) < 20
    simulator.advance(5)
    told = client.external_contact.get_group_msg_result(made["msgid"])["detail_list"]
    assert {row["external_userid"] for row in told} == customers - failed


def test_optional_fields_may_be_missing(simulator: Simulator, client: WeChatClient) -> None:
    customer = add(simulator, client)
    simulator.http.post("/simulator/faults", json={"orders": [{"kind": "missing"}]})
    thin = client.external_contact.get(customer)
    assert "avatar" not in thin["external_contact"]
    assert "avatar" in client.external_contact.get(customer)["external_contact"]
