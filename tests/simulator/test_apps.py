"""Media, tickets, codes of pages, members and messages of apps: limits and ends that an SDK does not show."""

from typing import Any

from tests.support.simulator import Simulator
from wecom_simulator.endpoints.app_messages import AppMessages
from wecom_simulator.endpoints.media import Pictures

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
DAY = 86_400


def upload(simulator: Simulator, path: str, content: bytes = PNG, name: str = "media") -> dict[str, Any]:
    joint = "&" if "?" in path else "?"
    address = f"/cgi-bin/media/{path}{joint}access_token={simulator.token or simulator.fresh_token()}"
    found: dict[str, Any] = simulator.http.post(address, files={name: ("a.png", content, "image/png")}).json()
    return found


def test_media_live_three_days(simulator: Simulator) -> None:
    kept = upload(simulator, "upload?type=image")
    assert (kept["errcode"], kept["errmsg"], kept["type"]) == (0, "", "image")
    simulator.advance(3 * DAY)
    simulator.fresh_token()
    path = f"/cgi-bin/media/get?access_token={simulator.token}&media_id={kept['media_id']}"
    assert simulator.http.get(path, headers={"range": "bytes=1-3"}).content == b"PNG"
    simulator.advance(1)
    assert simulator.http.get(path).json()["errcode"] == 40007


def test_media_that_do_not_fit(simulator: Simulator) -> None:
    assert upload(simulator, "upload?type=picture")["errcode"] == 40004
    assert upload(simulator, "upload?type=file", b"12345")["errcode"] == 40006
    assert upload(simulator, "upload?type=voice", b"x" * (2 * 1024 * 1024 + 1))["errcode"] == 45001
    assert upload(simulator, "upload_attachment?media_type=image&attachment_type=1", PNG * 200_000)["errcode"] == 41080
    assert upload(simulator, "upload_attachment?media_type=video&attachment_type=1", PNG)["errcode"] == 41090
    assert upload(simulator, "upload_attachment?media_type=image&attachment_type=9")["errcode"] == 40058
    assert upload(simulator, "uploadimg", b"x" * 100)["errcode"] == 40123


def test_an_attachment_of_moments_is_no_ordinary_medium(simulator: Simulator) -> None:
    kept = upload(simulator, "upload_attachment?media_type=image&attachment_type=1")
    body = {"touser": "lina", "msgtype": "image", "agentid": simulator.app.agent_id, "image": {"media_id": kept["media_id"]}}
    assert simulator.post("message/send", body)["errcode"] == 40007


def test_permanent_pictures_have_a_daily_limit(simulator: Simulator) -> None:
    simulator.corp.part(Pictures).added_at = [simulator.world.now()] * 999
    assert [upload(simulator, "uploadimg")["errcode"] for _ in range(2)] == [0, 45009]
    simulator.advance(DAY)
    simulator.fresh_token()
    assert upload(simulator, "uploadimg")["errcode"] == 0


def test_tickets_last_two_hours_and_are_counted(simulator: Simulator) -> None:
    first = simulator.get("ticket/get", type="agent_config")
    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    assert simulator.get("ticket/get", type="wx_card")["errcode"] == 91040
    codes = [simulator.get("ticket/get", type="agent_config")["errcode"] for _ in range(100)]
    assert (codes[0], codes[-1]) == (0, 45009)
    simulator.advance(7_200)
    simulator.fresh_token()
    again = simulator.get("ticket/get", type="agent_config")
    assert again["ticket"] != first["ticket"]


def test_a_code_of_a_member_is_good_once_for_five_minutes(simulator: Simulator) -> None:
    code = simulator.act("authorise_member", userid="lina", scope="snsapi_privateinfo")["code"]
    ticket = simulator.get("auth/getuserinfo", code=code)["user_ticket"]
    assert simulator.get("auth/getuserinfo", code=code)["errcode"] == 42022
    detail = simulator.post("auth/getuserdetail", {"user_ticket": ticket})
    assert (detail["userid"], detail["mobile"]) == ("lina", "13800000002")
    assert simulator.post("auth/getuserdetail", {"user_ticket": "x"})["errcode"] == 84015
    late = simulator.act("authorise_member", userid="lina")["code"]
    simulator.advance(301)
    assert simulator.get("auth/getuserinfo", code=late)["errcode"] == 42003
    assert simulator.get("auth/getuserinfo", code="x")["errcode"] == 40029
    simulator.advance(1_800)
    assert simulator.post("auth/getuserdetail", {"user_ticket": ticket})["errcode"] == 84014


def test_a_code_of_somebody_else(simulator: Simulator) -> None:
    person = simulator.world.new_person("路人")
    code = simulator.act("authorise_customer", person=person.unionid)["code"]
    told = simulator.get("auth/getuserinfo", code=code)
    assert told["openid"] == simulator.world.openid(person, simulator.corp.corpid)
    assert "external_userid" not in told
    assert "userid" not in told


def test_private_fields_of_members_are_not_told(simulator: Simulator) -> None:
    told = simulator.get("user/get", userid="lina")
    assert not {"mobile", "avatar", "email", "gender", "qr_code"} & told.keys()
    assert simulator.get("user/get", userid="nobody")["errcode"] == 60111
    simulator.app.departments, simulator.app.users = (3,), ("lina",)
    assert simulator.get("user/get", userid="lina")["errcode"] == 0
    assert simulator.get("user/get", userid="wangfang")["errcode"] == 60011
    assert {one["userid"] for one in simulator.get("user/simplelist", department_id=1, fetch_child=1)["userlist"]} == {
        "lina",
        "liuyang",
        "chenjing",
    }
    assert simulator.post("user/list_id", {})["errcode"] == 48002


def test_who_gets_too_many_messages_gets_no_more_and_nobody_is_told(simulator: Simulator) -> None:
    body = {"touser": "lina", "msgtype": "text", "agentid": simulator.app.agent_id, "text": {"content": "你好"}}
    answers = [simulator.post("message/send", body) for _ in range(32)]
    assert {one["errcode"] for one in answers} == {0}
    sent = simulator.corp.part(AppMessages).sent
    assert [one.dropped for one in sent][-2:] == [("lina",), ("lina",)]
    simulator.advance(60)
    simulator.post("message/send", body)
    assert sent[-1].users == ("lina",)


def test_messages_that_cannot_go(simulator: Simulator) -> None:
    agent = simulator.app.agent_id
    good = {"touser": "lina", "msgtype": "text", "agentid": agent, "text": {"content": "你好"}}
    cases: list[tuple[dict[str, Any], int]] = [
        ({"agentid": None}, 41011),
        ({"agentid": "abc"}, 40056),
        ({"agentid": agent + 1}, 301002),
        ({"msgtype": "song"}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"touser": ""}, 82001),
        ({"touser": "nobody|Else"}, 81013),
        ({"touser": "|".join(["x"] * 1001)}, 40032),
        ({"toparty": "|".join(["1"] * 101)}, 82002),
        ({"totag": "|".join(["1"] * 101)}, 82003),
        ({"msgtype": "file", "file": {}}, 41006),
    ]
    for change, code in cases:
        assert simulator.post("message/send", {**good, **change})["errcode"] == code, change
    told = simulator.post("message/send", {**good, "toparty": "3|77", "totag": "9"})
    assert (told["errcode"], told["invalidparty"], told["invalidtag"]) == (0, "77", "9")


def test_a_repeated_message_is_not_shown_twice(simulator: Simulator) -> None:
    body = {
        "touser": "lina",
        "msgtype": "text",
        "agentid": simulator.app.agent_id,
        "text": {"content": "你好"},
        "enable_duplicate_check": 1,
    }
    simulator.post("message/send", body)
    simulator.post("message/send", body)
    simulator.advance(1_800)
    simulator.post("message/send", body)
    assert [one.users for one in simulator.corp.part(AppMessages).sent] == [("lina",), (), ("lina",)]


def test_recall_and_cards(simulator: Simulator) -> None:
    card = {"card_type": "button_interaction", "main_title": {"title": "确认发送"}}
    body = {"touser": "lina", "msgtype": "template_card", "agentid": simulator.app.agent_id, "template_card": card}
    sent = simulator.post("message/send", body)
    change = {"agentid": simulator.app.agent_id, "response_code": sent["response_code"], "button": {"replace_name": "已发送"}}
    assert simulator.post("message/update_template_card", change)["errcode"] == 0
    assert simulator.post("message/update_template_card", change)["errcode"] == 60140
    assert simulator.post("message/recall", {"msgid": sent["msgid"]})["errcode"] == 0
    simulator.advance(DAY + 1)
    simulator.fresh_token()
    assert simulator.post("message/recall", {"msgid": sent["msgid"]})["errcode"] == 40058


def test_a_robot_speaks_twenty_times_a_minute(simulator: Simulator) -> None:
    key = simulator.act("add_robot")["key"]
    said = {"msgtype": "text", "text": {"content": "早"}}
    codes = [simulator.http.post(f"/cgi-bin/webhook/send?key={key}", json=said).json()["errcode"] for _ in range(21)]
    assert (codes[:20], codes[20]) == ([0] * 20, 45009)
    assert simulator.http.post("/cgi-bin/webhook/send?key=x", json=said).json()["errcode"] == 93000
