"""Official Accounts over HTTP: tokens, followers, codes with a scene, messages, callbacks."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from defusedxml import ElementTree
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from tests.support.callback_address import AES_KEY, TOKEN
from tests.support.receiver import receiving
from tests.support.simulator import Simulator
from wecom_simulator.official.accounts import Account, Official, Sent


class Oa:
    """A caller with the account's newest token."""

    def __init__(self, simulator: Simulator, kind: str = "official") -> None:
        self.simulator = simulator
        self.account: Account = Official.of(simulator.world).account(kind=kind)
        self.token = self.fetch()

    def fetch(self, **changed: Any) -> str:
        return str(self.ask_token(**changed)["access_token"])

    def ask_token(self, **changed: Any) -> dict[str, Any]:
        asked = {"grant_type": "client_credential", "appid": self.account.appid, "secret": self.account.secret, **changed}
        return self.http.get("/official/cgi-bin/token", params=asked).json()

    @property
    def http(self) -> Any:
        return self.simulator.http

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.http.get(f"/official/{path}", params={"access_token": self.token, **query}).json()

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.http.post(f"/official/{path}", params={"access_token": self.token}, json=body).json()

    def person(self, nickname: str = "王小明") -> str:
        return self.simulator.world.new_person(nickname, phone="13800001111").unionid


@pytest.fixture
def oa(anew: Simulator) -> Oa:
    return Oa(anew)


class TestTokens:
    def test_a_new_token_invalidates_the_one_before_after_a_little(self, oa: Oa) -> None:
        first = oa.token
        second = oa.fetch()
        assert first != second
        assert "total" in oa.get("cgi-bin/user/get")
        oa.simulator.advance(301)
        answer = oa.get("cgi-bin/user/get")
        assert answer["errcode"] == 40001
        assert " rid: " in answer["errmsg"]
        oa.token = second
        assert "errcode" not in oa.get("cgi-bin/user/get")
        oa.simulator.advance(7_200)
        assert oa.get("cgi-bin/user/get")["errcode"] == 42001

    def test_refusals(self, oa: Oa) -> None:
        assert oa.ask_token(secret="x")["errcode"] == 40125
        assert oa.ask_token(appid="wx0")["errcode"] == 40013
        assert oa.http.get("/official/cgi-bin/token", params={"grant_type": "client_credential"}).json()["errcode"] == 41002
        assert oa.http.get("/official/cgi-bin/user/get").json()["errcode"] == 41001
        oa.account.trusted_ips = ("10.0.0.1",)
        assert oa.ask_token()["errcode"] == 40164
        assert oa.http.get("/official/cgi-bin/nothing").status_code == 404

    def test_the_stable_token_stays_and_is_apart(self, oa: Oa) -> None:
        asked = {"grant_type": "client_credential", "appid": oa.account.appid, "secret": oa.account.secret}
        first = oa.http.post("/official/cgi-bin/stable_token", json=asked).json()
        oa.fetch()
        assert oa.http.post("/official/cgi-bin/stable_token", json=asked).json()["access_token"] == first["access_token"]
        forced = oa.http.post("/official/cgi-bin/stable_token", json={**asked, "force_refresh": True}).json()
        assert forced["access_token"] != first["access_token"]
        oa.token = first["access_token"]
        assert oa.get("cgi-bin/user/get")["errcode"] == 40001

    def test_the_day_has_so_many_tokens(self, oa: Oa) -> None:
        oa.account.tokens_per_day = 1
        assert oa.ask_token()["errcode"] == 45009
        assert oa.post("cgi-bin/clear_quota", {"appid": oa.account.appid})["errcode"] == 0
        assert "access_token" in oa.ask_token()

    def test_a_ticket_is_the_same_while_it_lives(self, oa: Oa) -> None:
        first = oa.get("cgi-bin/ticket/getticket", type="jsapi")
        assert (first["errcode"], first["expires_in"]) == (0, 7_200)
        assert oa.get("cgi-bin/ticket/getticket", type="jsapi")["ticket"] == first["ticket"]


class TestFollowers:
    def test_they_are_listed_told_and_tagged(self, oa: Oa) -> None:
        assert oa.get("cgi-bin/user/get") == {"total": 0, "count": 0, "next_openid": ""}
        people = [oa.person(name) for name in ("甲", "乙")]
        openids = [oa.simulator.act("follow", person=one)["openid"] for one in people]
        page = oa.get("cgi-bin/user/get")
        assert page == {"total": 2, "count": 2, "data": {"openid": openids}, "next_openid": openids[-1]}
        assert "data" not in oa.get("cgi-bin/user/get", next_openid=openids[-1])
        told = oa.get("cgi-bin/user/info", openid=openids[0])
        assert (told["subscribe"], told["unionid"], told["subscribe_scene"]) == (1, people[0], "ADD_SCENE_SEARCH")
        assert "errcode" not in told
        tag = oa.post("cgi-bin/tags/create", {"tag": {"name": "会员"}})["tag"]["id"]
        assert oa.post("cgi-bin/tags/create", {"tag": {"name": "会员"}})["errcode"] == 45157
        assert oa.post("cgi-bin/tags/members/batchtagging", {"tagid": tag, "openid_list": openids})["errcode"] == 0
        assert oa.get("cgi-bin/tags/get")["tags"] == [{"id": tag, "name": "会员", "count": 2}]
        assert oa.post("cgi-bin/tags/members/batchtagging", {"tagid": 9, "openid_list": openids})["errcode"] == 45159
        oa.simulator.act("unfollow", person=people[0])
        several = oa.post("cgi-bin/user/info/batchget", {"user_list": [{"openid": one} for one in openids]})["user_info_list"]
        assert [one["subscribe"] for one in several] == [0, 1]
        assert oa.post("cgi-bin/user/tag/get", {"tagid": tag})["data"]["openid"] == openids[1:]
        assert oa.get("cgi-bin/user/info", openid="o_nobody")["errcode"] == 40003


def fields(body: bytes) -> dict[str, str]:
    return {one.tag: one.text or "" for one in ElementTree.fromstring(body).iter() if one.text}


def titles(simulator: Simulator) -> list[str]:
    return [one.title for one in simulator.world.outbox.log]


class TestScenes:
    def ask(self, oa: Oa, action: str = "QR_STR_SCENE", **scene: Any) -> dict[str, Any]:
        return oa.post("cgi-bin/qrcode/create", {"expire_seconds": 600, "action_name": action, "action_info": {"scene": scene}})

    def test_a_stranger_subscribes_and_a_follower_scans(self, oa: Oa) -> None:
        code = self.ask(oa, scene_str="card-7")
        assert (code["expire_seconds"], code["url"][:22]) == (600, "http://weixin.qq.com/q")
        person = oa.person()
        oa.simulator.act("scan_scene", person=person, code=code["ticket"])
        oa.simulator.act("scan_scene", person=person, code=code["url"])
        first, second = (fields(one.body) for one in oa.simulator.world.outbox.log)
        assert (first["Event"], first["EventKey"], first["Ticket"]) == ("subscribe", "qrscene_card-7", code["ticket"])
        assert (second["Event"], second["EventKey"], second["ToUserName"]) == ("SCAN", "card-7", oa.account.original_id)
        assert oa.get("cgi-bin/user/info", openid=first["FromUserName"])["qr_scene_str"] == "card-7"
        oa.simulator.advance(601)
        assert oa.http.post("/simulator/actions/scan_scene", json={"person": person, "code": code["ticket"]}).status_code == 400

    def test_limits(self, oa: Oa) -> None:
        assert self.ask(oa, scene_str="x" * 65)["errcode"] == 40053
        assert self.ask(oa, "QR_LIMIT_SCENE", scene_id=100_001)["errcode"] == 40053
        assert self.ask(oa, "QR_SCENE", scene_id=0)["errcode"] == 40053
        forever = self.ask(oa, "QR_LIMIT_STR_SCENE", scene_str="a")
        assert "expire_seconds" not in forever
        assert self.ask(oa, "QR_LIMIT_STR_SCENE", scene_str="a") == forever
        shown = oa.http.get("/official/cgi-bin/showqrcode", params={"ticket": forever["ticket"]})
        assert shown.content.startswith(b"\x89PNG")


class TestTemplates:
    def send(self, oa: Oa, openid: str, **changed: Any) -> dict[str, Any]:
        template = next(one for one in oa.account.templates.values() if one.kind == "template")
        data = {"character_string1": {"value": "SF1001"}, "thing2": {"value": "顺丰"}, "time3": {"value": "2026年3月18日 12:00"}}
        return oa.post("cgi-bin/message/template/send", {"touser": openid, "template_id": template.template_id, "data": data, **changed})

    def test_the_end_is_told_later(self, oa: Oa) -> None:
        person = oa.person()
        openid = oa.simulator.act("follow", person=person)["openid"]
        answer = self.send(oa, openid)
        assert (answer["errcode"], answer["errmsg"]) == (0, "ok")
        assert "TEMPLATESENDJOBFINISH" not in titles(oa.simulator)
        oa.simulator.advance(2)
        end = fields(oa.simulator.world.outbox.log[-1].body)
        assert (end["Event"], end["MsgID"], end["Status"]) == ("TEMPLATESENDJOBFINISH", str(answer["msgid"]), "success")
        oa.simulator.act("block_account", person=person)
        self.send(oa, openid)
        oa.simulator.advance(2)
        assert fields(oa.simulator.world.outbox.log[-1].body)["Status"] == "failed:user block"

    def test_refusals_and_repeats(self, oa: Oa) -> None:
        person = oa.person()
        openid = oa.simulator.act("follow", person=person)["openid"]
        assert self.send(oa, "o_nobody")["errcode"] == 40003
        assert self.send(oa, openid, template_id="x")["errcode"] == 40037
        refused = self.send(oa, openid, data={"character_string1": {"value": ""}})
        assert refused["errcode"] == 47003
        assert refused["errmsg"].startswith("argument invalid! data.character_string1.value is emtpy rid: ")
        first = self.send(oa, openid, client_msg_id="once")
        assert self.send(oa, openid, client_msg_id="once")["msgid"] == first["msgid"]
        oa.simulator.act("unfollow", person=person)
        assert self.send(oa, openid)["errcode"] == 43004
        malformed = oa.http.post(f"/official/cgi-bin/message/template/send?access_token={oa.token}", content=b"{")
        assert malformed.json()["errcode"] == 47001
        assert oa.get("cgi-bin/message/template/send")["errcode"] == 43002


class TestWindows:
    def say(self, oa: Oa, openid: str) -> int:
        answer = oa.post("cgi-bin/message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": "您好"}})
        return int(answer["errcode"])

    def test_a_window_has_an_end_and_so_many_messages(self, oa: Oa) -> None:
        person = oa.person()
        openid = oa.simulator.act("follow", person=person)["openid"]
        assert [self.say(oa, openid) for _ in range(4)] == [0, 0, 0, 45047]
        oa.simulator.act("write_to_account", person=person, text="在吗")
        assert [self.say(oa, openid) for _ in range(21)] == [0] * 20 + [45047]
        oa.simulator.act("write_to_account", person=person, text="在吗")
        oa.simulator.advance(172_801)
        oa.token = oa.fetch()
        assert self.say(oa, openid) == 45015


class TestNotices:
    def test_one_permission_is_one_notice(self, oa: Oa) -> None:
        person = oa.person()
        template = next(one.template_id for one in oa.account.templates.values() if one.kind == "subscribe")
        granted = oa.simulator.act("accept_subscription", person=person, kind="official")
        data = {"thing1": {"value": "满减券"}, "time2": {"value": "2026-03-20"}, "thing3": {"value": "快到期了"}}
        body = {"touser": granted["openid"], "template_id": template, "data": data}
        assert oa.post("cgi-bin/message/subscribe/bizsend", body) == {"errcode": 0, "errmsg": "ok"}
        assert oa.post("cgi-bin/message/subscribe/bizsend", body)["errcode"] == 43101
        assert titles(oa.simulator) == ["subscribe_msg_popup_event", "subscribe_msg_sent_event"]
        popup = fields(oa.simulator.world.outbox.log[0].body)
        assert (popup["TemplateId"], popup["SubscribeStatusString"]) == (template, "accept")
        oa.simulator.act("accept_subscription", person=person, kind="official")
        oa.simulator.act("refuse_subscription", person=person, kind="official", for_good=True)
        assert oa.post("cgi-bin/message/subscribe/bizsend", body)["errcode"] == 43101
        assert titles(oa.simulator)[-1] == "subscribe_msg_change_event"
        sent: Sent = Official.of(oa.simulator.world).sent[-1]
        assert (sent.openid, sent.kind) == (granted["openid"], "subscribe")


class TestAuthorisation:
    def test_a_code_is_good_once_and_for_five_minutes(self, oa: Oa) -> None:
        person = oa.person()
        asked = {"appid": oa.account.appid, "redirect_uri": "https://shop.example/in?a=1", "response_type": "code"}
        asked |= {"scope": "snsapi_userinfo", "state": "s1", "unionid": person}
        gone = oa.http.get("/official/connect/oauth2/authorize", params=asked)
        back = parse_qs(urlsplit(gone.headers["location"]).query)
        assert (gone.status_code, back["a"], back["state"]) == (302, ["1"], ["s1"])
        by = {"appid": oa.account.appid, "secret": oa.account.secret, "grant_type": "authorization_code", "code": back["code"][0]}
        told = oa.http.get("/official/sns/oauth2/access_token", params=by).json()
        assert (told["unionid"], told["scope"], told["expires_in"]) == (person, "snsapi_userinfo", 7_200)
        assert oa.http.get("/official/sns/oauth2/access_token", params=by).json()["errcode"] == 40163
        shown = oa.http.get("/official/sns/userinfo", params={"access_token": told["access_token"], "openid": told["openid"]}).json()
        assert shown["nickname"] == "王小明"
        late = oa.simulator.act("authorise_for_account", person=person)["code"]
        oa.simulator.advance(301)
        assert oa.http.get("/official/sns/oauth2/access_token", params={**by, "code": late}).json()["errcode"] == 40029


class TestCallbacks:
    @pytest.mark.parametrize("mode", ["plain", "safe"])
    def test_both_modes_open_for_another_library(self, oa: Oa, mode: str) -> None:
        with receiving() as address:
            setting = {"url": address.url, "token": TOKEN, "aes_key": AES_KEY, "mode": mode, "verify": False}
            oa.http.post("/simulator/official/callbacks", json=setting).raise_for_status()
            oa.simulator.act("follow", person=oa.person())
            oa.simulator.settle()
            (came,) = address.received
        query = {name: values[0] for name, values in parse_qs(urlsplit(came.path).query).items()}
        check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
        assert query["openid"] in oa.account.followers
        opened = came.raw
        if mode == "safe":
            assert query["encrypt_type"] == "aes"
            crypto = WeChatCrypto(TOKEN, AES_KEY, oa.account.appid)
            opened = crypto.decrypt_message(came.raw.decode(), query["msg_signature"], query["timestamp"], query["nonce"]).encode()
        event = parse_message(opened)
        assert (event.event, event.source, event.target) == ("subscribe", query["openid"], oa.account.original_id)
