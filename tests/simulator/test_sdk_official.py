"""wechatpy, unchanged but for the host, as an Official Account's and a Mini Program's server."""

from collections.abc import Iterator

import pytest
from wechatpy import WeChatClient
from wechatpy.client.api import WeChatJSAPI
from wechatpy.exceptions import WeChatClientException
from wechatpy.oauth import WeChatOAuth

from tests.support.elsewhere import redirect
from tests.support.simulator import Simulator, simulating
from wecom_simulator.official.accounts import Account, Official
from wecom_simulator.official.tokens import withdraw
from wecom_simulator.world import World

HOST = "https://api.weixin.qq.com/"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """wechatpy looks at the machine's clock."""
    with simulating(World()) as found:
        yield found


def connected(simulator: Simulator, kind: str) -> tuple[Account, WeChatClient]:
    account = Official.of(simulator.world).account(kind=kind)
    client = WeChatClient(account.appid, account.secret)
    redirect(client._http, HOST, f"{simulator.url}/official")
    return account, client


def test_an_official_accounts_day(simulator: Simulator) -> None:
    account, client = connected(simulator, "official")
    people = [simulator.world.new_person(name).unionid for name in ("甲", "乙", "丙")]
    openids = [simulator.act("follow", person=one)["openid"] for one in people]

    assert list(client.user.iter_followers()) == openids
    assert client.user.get(openids[0])["unionid"] == people[0]
    assert [one["subscribe"] for one in client.user.get_batch(openids)] == [1, 1, 1]
    client.user.update_remark(openids[0], "老客")
    assert client.user.get(openids[0])["remark"] == "老客"

    tag = client.tag.create("会员")["id"]
    client.tag.tag_user(tag, openids[:2])
    assert list(client.tag.iter_tag_users(tag)) == openids[:2]
    client.tag.untag_user(tag, openids[0])
    assert client.tag.get_user_tag(openids[0]) == []

    scene = client.qrcode.create({"expire_seconds": 1800, "action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "card"}}})
    assert simulator.act("scan_scene", person=people[0], code=scene["ticket"])["event"] == "SCAN"

    template = next(one.template_id for one in account.templates.values() if one.title == "积分变动提醒")
    values = {"thing1": {"value": "签到"}, "number2": {"value": "5"}, "time3": {"value": "2026-03-18 12:00"}}
    assert client.message.send_template(openids[0], template, values, url="https://shop.example")["errcode"] == 0
    assert client.message.send_text(openids[0], "您好")["errcode"] == 0
    with pytest.raises(WeChatClientException) as refused:
        client.message.send_text("o_nobody", "您好")
    assert refused.value.errcode == 40003


def test_a_token_that_was_taken_back_is_fetched_anew(simulator: Simulator) -> None:
    account, client = connected(simulator, "official")
    client.user.get_followers()
    with simulator.world.lock:
        withdraw(simulator.world, account)
    assert client.user.get_followers()["total"] == 0


def test_pages_are_signed(simulator: Simulator) -> None:
    _, client = connected(simulator, "official")
    ticket = client.jsapi.get_jsapi_ticket()
    assert ticket == client.jsapi.get_jsapi_ticket()
    # The published example, by the library that reads our ticket.
    known = WeChatJSAPI.get_jsapi_signature(
        client.jsapi,
        "Wm3WZYTPz0wzccnW",
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
        1414587457,
        "http://mp.weixin.qq.com?params=value",
    )
    assert known == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_a_page_learns_who_looks_at_it(simulator: Simulator) -> None:
    account = Official.of(simulator.world).account()
    person = simulator.world.new_person("小王").unionid
    oauth = WeChatOAuth(account.appid, account.secret, "https://shop.example/in", scope="snsapi_userinfo", state="s")
    redirect(oauth._http, HOST, f"{simulator.url}/official")
    code = simulator.act("authorise_for_account", person=person, redirect_uri=oauth.redirect_uri, scope=oauth.scope)["code"]
    assert oauth.fetch_access_token(code)["unionid"] == person
    assert oauth.check_access_token()
    assert oauth.get_user_info()["nickname"] == "小王"
    assert oauth.refresh_access_token(oauth.refresh_token)["openid"] == oauth.open_id


def test_a_mini_programs_day(simulator: Simulator) -> None:
    account, client = connected(simulator, "mini")
    person = simulator.world.new_person("小程序用户").unionid
    opened = simulator.act("open_mini", person=person)
    session = client.wxa.code_to_session(opened["js_code"])
    assert (session["openid"], session["unionid"]) == (opened["openid"], person)
    picture = client.wxa.get_wxa_code_unlimited("c=7", page="pages/index/index")
    assert picture.content.startswith(b"\x89PNG")
    template = next(one.template_id for one in account.templates.values() if one.title == "优惠券到期提醒")
    simulator.act("accept_subscription", person=person, templates=[template])
    values = {"thing1": {"value": "满减券"}, "time2": {"value": "2026-03-20"}, "thing3": {"value": "快到期了"}}
    assert client.wxa.send_subscribe_message(opened["openid"], template, values)["errcode"] == 0
    with pytest.raises(WeChatClientException) as refused:
        client.wxa.send_subscribe_message(opened["openid"], template, values)
    assert refused.value.errcode == 43101
