"""wechatpy's client of WeCom works against the simulator with nothing changed but where its host is."""

import io

import pytest
from wechatpy.enterprise import WeChatClient
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.parser import parse_message
from wechatpy.exceptions import APILimitedException, WeChatClientException

from tests.support.simulator import Simulator
from tests.support.wechat_sdk import wecom
from wecom_simulator.callbacks import sealed
from wecom_simulator.corp import App
from wecom_simulator.events import Event, wecom_xml
from wecom_simulator.faults import Faults, Order
from wecom_simulator.outbox import Receiver

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def client(simulator: Simulator) -> WeChatClient:
    return wecom(simulator, simulator.app)


@pytest.fixture
def sync_client(simulator: Simulator) -> WeChatClient:
    return wecom(simulator, next(app for app in simulator.corp.apps.values() if app.agent_id == 0))


def test_a_token_is_fetched_kept_and_renewed(simulator: Simulator, client: WeChatClient) -> None:
    assert client.misc.get_wechat_ips() == ["127.0.0.1"]
    first = client.access_token
    assert client.access_token == first
    simulator.http.post("/simulator/tokens/forget", json={}).raise_for_status()
    assert client.misc.get_wechat_ips() == ["127.0.0.1"]
    assert client.access_token != first


def test_a_wrong_secret_and_a_limit(simulator: Simulator, client: WeChatClient) -> None:
    with pytest.raises(WeChatClientException) as refused:
        wecom(simulator, App(1, "", "wrong")).misc.get_wechat_ips()
    assert refused.value.errcode == 40001
    simulator.world.part(Faults).orders.append(Order("rate", "getcallbackip"))
    with pytest.raises(APILimitedException):
        client.misc.get_wechat_ips()


def test_members(client: WeChatClient, sync_client: WeChatClient) -> None:
    assert client.user.get("lina")["name"] == "李娜"
    assert {one["userid"] for one in client.user.list(2)} == {"zhangwei", "wangfang", "lina"}
    assert len(client.user.list(1, fetch_child=True, simple=True)) == 8
    sync_client.user.create("sunqi", "孙琪", department=[3], mobile="13900000001", gender=2)
    assert client.user.get("sunqi")["status"] == 4
    sync_client.user.update("sunqi", name="孙小琪", position="店长")
    assert client.user.get("sunqi")["name"] == "孙小琪"
    openid = client.user.convert_to_openid("sunqi")["openid"]
    assert client.user.convert_to_user_id(openid) == "sunqi"
    client.user.verify("sunqi")
    client.batch.invite(user=["sunqi"])
    sync_client.user.delete("sunqi")
    sync_client.user.batch_delete(["huangli"])
    assert len(client.user.list(1, fetch_child=True)) == 7
    with pytest.raises(WeChatClientException) as refused:
        client.user.create("nobody", "没有权限")
    assert refused.value.errcode == 48002


def test_departments(client: WeChatClient, sync_client: WeChatClient) -> None:
    made = sync_client.department.create("新店", parent_id=1, order=5)
    assert made["id"] == 5
    sync_client.department.update(5, name="旗舰店")
    assert [one["name"] for one in client.department.get()][-1] == "旗舰店"
    assert [one["id"] for one in client.department.get(5)] == [5]
    assert client.department.get_users(2)
    assert client.department.get_map_users(2, key="name")["李娜"] == "lina"
    sync_client.department.delete(5)
    assert len(client.department.get()) == 4


def test_tags_of_members(client: WeChatClient) -> None:
    made = client.tag.create("店长")
    client.tag.add_users(made["tagid"], ["lina", "wangfang"])
    client.tag.delete_users(made["tagid"], ["wangfang"])
    assert [one["userid"] for one in client.tag.get_users(made["tagid"])["userlist"]] == ["lina"]
    client.tag.update(made["tagid"], "所有店长")
    assert client.tag.list() == [{"tagid": made["tagid"], "tagname": "所有店长"}]
    client.tag.delete(made["tagid"])
    assert client.tag.list() == []


def test_the_app_itself(simulator: Simulator, client: WeChatClient) -> None:
    agent = simulator.app.agent_id
    assert client.agent.get(agent)["name"] == "活水私域"
    client.agent.set(agent, name="活水", redirect_domain="example.com")
    assert client.agent.list()[0]["name"] == "活水"
    assert simulator.app.trusted_domain == "example.com"


def test_media(simulator: Simulator, client: WeChatClient) -> None:
    kept = client.media.upload("image", ("a.png", io.BytesIO(PNG), "image/png"))
    assert isinstance(kept["created_at"], str)
    address = client.media.get_url(kept["media_id"]).replace("https://qyapi.weixin.qq.com", simulator.url)
    got = simulator.http.get(address)
    assert (got.content, got.headers["content-type"]) == (PNG, "image/png")
    picture = client.media.upload_img(("a.png", io.BytesIO(PNG), "image/png"))
    assert simulator.http.get(picture["url"]).content == PNG
    with pytest.raises(WeChatClientException) as refused:
        client.media.upload("image", ("a.png", io.BytesIO(b"no picture at all"), "image/png"))
    assert refused.value.errcode == 40123


def test_messages_of_the_app(simulator: Simulator, client: WeChatClient) -> None:
    agent = simulator.app.agent_id
    sent = client.message.send_text(agent, ["lina", "Stranger"], "早上好")
    assert sent["invaliduser"] == "stranger"
    kept = client.media.upload("image", ("a.png", io.BytesIO(PNG), "image/png"))
    client.message.send_image(agent, "lina", kept["media_id"])
    client.message.send_articles(agent, "@all", [{"title": "周报", "description": "", "url": "https://example.com", "image": ""}])
    client.message.send_text_card(agent, "lina", "待办", "今天有 3 位客户待回访", "https://example.com")
    client.message.send_markdown(agent, "lina", "**你好**")
    with pytest.raises(WeChatClientException) as refused:
        client.message.send_text(agent + 1, "lina", "别的应用")
    assert refused.value.errcode == 301002


def test_chats_of_the_app(client: WeChatClient) -> None:
    made = client.appchat.create(name="店长群", owner="lina", user_list=["lina", "wangfang", "zhangwei"])
    client.appchat.update(made["chatid"], name="店长群 2", del_user_list=["zhangwei"])
    assert client.appchat.get(made["chatid"])["userlist"] == ["lina", "wangfang"]
    client.appchat.send_text(made["chatid"], "开会")


def test_pages(simulator: Simulator, client: WeChatClient) -> None:
    ticket = client.jsapi.get_jsapi_ticket()
    assert client.jsapi.get_jsapi_ticket() == ticket
    assert client.jsapi.get_agent_jsapi_ticket() != ticket
    page = "https://example.com/side?x=1"
    signed = client.jsapi.get_jsapi_signature("abc", ticket, 1414587457, page)
    asked = {"noncestr": "abc", "timestamp": 1414587457, "url": page + "#top", "signature": signed}
    assert simulator.http.post("/simulator/jssdk/check", json=asked).json() == {"ok": True}
    code = simulator.act("authorise_member", userid="lina")["code"]
    assert client.oauth.get_user_info(code)["UserId"] == "lina"
    with pytest.raises(WeChatClientException) as refused:
        client.oauth.get_user_info(code)
    assert refused.value.errcode == 42022


def test_a_callback_is_read(simulator: Simulator) -> None:
    corpid = simulator.corp.corpid
    key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
    receiver = Receiver("", "token", key, corpid, simulator.app.agent_id)
    plain = wecom_xml(Event("change_external_contact", "add_external_contact", {"UserID": "lina", "State": "card"}, at=7), corpid)
    query, body = sealed(receiver, plain, "7", "nonce")
    opened = WeChatCrypto("token", key, corpid).decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    assert parse_message(opened)._data["State"] == "card"
