"""Mini Programs over HTTP: logins, round codes, notices by permission, shared numbers."""

from typing import Any

import pytest

from tests.simulator.test_official import Oa, titles
from tests.support.simulator import Simulator


@pytest.fixture
def mini(anew: Simulator) -> Oa:
    return Oa(anew, kind="mini")


class TestLogin:
    def ask(self, mini: Oa, code: str, **changed: Any) -> dict[str, Any]:
        asked = {"appid": mini.account.appid, "secret": mini.account.secret, "js_code": code, "grant_type": "authorization_code"}
        return mini.http.get("/official/sns/jscode2session", params={**asked, **changed}).json()

    def test_a_code_is_good_once(self, mini: Oa) -> None:
        person = mini.person()
        opened = mini.simulator.act("open_mini", person=person, scene="c=7")
        told = self.ask(mini, opened["js_code"])
        assert (told["openid"], told["unionid"], len(told["session_key"])) == (opened["openid"], person, 24)
        assert "errcode" not in told
        assert self.ask(mini, opened["js_code"])["errcode"] == 40163
        assert self.ask(mini, "nothing")["errcode"] == 40029
        assert self.ask(mini, "x", appid="wx0")["errcode"] == 40013
        assert self.ask(mini, "")["errcode"] == 41008
        blocked = mini.simulator.act("open_mini", person=person, is_blocked=True)
        assert self.ask(mini, blocked["js_code"])["errcode"] == 40226
        assert mini.http.post("/official/sns/jscode2session", data={"appid": mini.account.appid}).json()["errcode"] == 41002

    def test_a_code_ends_after_five_minutes_and_unionid_needs_the_open_platform(self, mini: Oa) -> None:
        late = mini.simulator.act("open_mini", person=mini.person())["js_code"]
        mini.simulator.advance(301)
        assert self.ask(mini, late)["errcode"] == 40029
        mini.account.has_open_platform = False
        assert "unionid" not in self.ask(mini, mini.simulator.act("open_mini", person=mini.person())["js_code"])

    def test_a_person_logs_in_a_hundred_times_a_minute(self, mini: Oa) -> None:
        mini.account.logins_per_minute = 1
        codes = [mini.simulator.act("open_mini", person=one)["js_code"] for one in [mini.person()] * 2]
        assert [self.ask(mini, code).get("errcode") for code in codes] == [None, 45011]


class TestCodes:
    def ask(self, mini: Oa, **body: Any) -> Any:
        return mini.http.post("/official/wxa/getwxacodeunlimit", params={"access_token": mini.token}, json=body)

    def test_a_picture_or_an_error(self, mini: Oa) -> None:
        picture = self.ask(mini, scene="card=7", page="pages/coupon/index", width=430)
        assert picture.headers["content-type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")
        assert self.ask(mini, scene="x" * 33).json()["errcode"] == 40169
        assert self.ask(mini, scene="中文").json()["errcode"] == 40129
        assert self.ask(mini, scene="a", page="/pages/index/index").json()["errcode"] == 41030
        assert self.ask(mini, scene="a", page="pages/none").json()["errcode"] == 41030
        assert self.ask(mini, scene="a", page="pages/none", check_path=False).status_code == 200
        mini.account.codes_per_minute = 3
        assert [self.ask(mini, scene="a").headers["content-type"][:5] for _ in range(3)] == ["image", "appli", "appli"]


class TestNotices:
    def test_permissions_add_up_and_are_used_up(self, mini: Oa) -> None:
        person = mini.person()
        template = next(one for one in mini.account.templates.values() if one.title == "到货提醒")
        mini.simulator.act("accept_subscription", person=person, templates=[template.template_id])
        granted = mini.simulator.act("accept_subscription", person=person, templates=[template.template_id])
        body: dict[str, Any] = {
            "touser": granted["openid"],
            "template_id": template.template_id,
            "page": "pages/goods/detail?id=1",
            "data": {"thing1": {"value": "燕麦奶"}, "amount2": {"value": "¥39.90"}, "time3": {"value": "2026年3月18日"}},
        }
        answers = [mini.post("cgi-bin/message/subscribe/send", body) for _ in range(3)]
        assert [one["errcode"] for one in answers] == [0, 0, 43101]
        assert answers[0]["msgid"] != answers[1]["msgid"]
        assert titles(mini.simulator).count("subscribe_msg_sent_event") == 2
        assert mini.post("cgi-bin/message/subscribe/send", {**body, "page": "pages/none"})["errcode"] == 41030
        wrong = {**body, "data": {**body["data"], "thing1": {"value": "长" * 21}}}
        assert mini.post("cgi-bin/message/subscribe/send", wrong)["errcode"] == 47003
        assert mini.post("cgi-bin/message/template/send", body)["errcode"] == 48001


def test_a_number_is_shared_once(mini: Oa) -> None:
    code = mini.simulator.act("share_phone", person=mini.person())["code"]
    told = mini.post("wxa/business/getuserphonenumber", {"code": code})
    assert (told["errcode"], told["phone_info"]["purePhoneNumber"], told["phone_info"]["countryCode"]) == (0, "13800001111", "86")
    assert mini.post("wxa/business/getuserphonenumber", {"code": code})["errcode"] == 40163
