"""The pages: each renders with something in it, and a person can play a customer there."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.simulator import Simulator
from wecom_simulator.external.state import External

PAGES = ("/", "/contacts", "/codes", "/messages", "/groups", "/staff", "/callbacks", "/faults", "/actions", "/interfaces")


def furnish(simulator: Simulator) -> tuple[str, str]:
    """A code, somebody who scanned it, a message, a moment and a group: the code's and the customer's ids."""
    body = {"type": 1, "scene": 2, "state": "card", "remark": "包裹卡 A 款", "user": ["lina"]}
    way = simulator.post("externalcontact/add_contact_way", body)
    person = simulator.world.new_person("<b>小明</b>")
    added = simulator.act("scan", way=way["config_id"], person=person.unionid)
    simulator.act("say", person=person.unionid, userid="lina", text="你好")
    simulator.post("externalcontact/add_msg_template", {"chat_type": "single", "sender": "lina", "text": {"content": "新品"}})
    simulator.post("externalcontact/add_moment_task", {"text": {"content": "春日茶会"}})
    simulator.act("create_group", owner="lina", name="茶友会")
    simulator.post("externalcontact/customer_acquisition/create_link", {"link_name": "直播间", "range": {"user_list": ["lina"]}})
    text = {"touser": "lina", "msgtype": "text", "agentid": simulator.app.agent_id, "text": {"content": "待回访"}}
    simulator.post("message/send", text)
    return way["config_id"], added["external_userid"]


def test_every_page_shows_the_world_and_escapes_it(simulator: Simulator) -> None:
    code, customer = furnish(simulator)
    shown = {}
    for path in (*PAGES, f"/contacts/{customer}", f"/scan?way={code}", "/contacts?like=小明", "/callbacks?state=nobody"):
        answer = simulator.http.get(path)
        assert answer.status_code == 200, path
        assert "<b>小明</b>" not in answer.text, path
        shown[path] = answer.text
    assert simulator.corp.corpid in shown["/"]
    assert "&lt;b&gt;小明" in shown["/contacts"]
    assert "包裹卡 A 款" in shown["/codes"]
    assert "直播间" in shown["/codes"]
    assert "待员工确认" in shown["/messages"]
    assert "茶友会" in shown["/groups"]
    assert "新增客户" in shown["/callbacks"]
    assert "externalcontact/mark_tag" in shown["/interfaces"]
    assert simulator.http.get("/contacts/nobody").status_code == 404
    assert simulator.http.get("/scan?way=nothing").status_code == 404


def test_a_code_has_a_picture(simulator: Simulator) -> None:
    way = simulator.post("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["lina"]})
    assert way["qr_code"].startswith(simulator.url)
    picture = simulator.http.get(way["qr_code"])
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")


def test_the_phone_shows_what_a_welcome_brings(simulator: Simulator) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 64
    way = simulator.post("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["lina"]})
    person = simulator.world.new_person("小明")
    customer = simulator.act("scan", way=way["config_id"], person=person.unionid)["external_userid"]
    path = f"/cgi-bin/media/upload?type=image&access_token={simulator.token}"
    media_id = simulator.http.post(path, files={"media": ("a.png", png, "image/png")}).json()["media_id"]
    (code,) = simulator.corp.part(External).welcomes
    attachments = [
        {"msgtype": "image", "image": {"media_id": media_id}},
        {"msgtype": "link", "link": {"title": "新人礼", "url": "https://brand.example/gift", "desc": "满 99 减 20"}},
        {"msgtype": "link", "link": {"title": "坏链接", "url": "javascript:alert(1)"}},
    ]
    body = {"welcome_code": code, "text": {"content": "欢迎光临"}, "attachments": attachments}
    assert simulator.post("externalcontact/send_welcome_msg", body)["errcode"] == 0
    page = simulator.http.get(f"/contacts/{customer}").text
    for shown in ("欢迎光临", "新人礼", "满 99 减 20", 'href="https://brand.example/gift"', f"/kept/{media_id}"):
        assert shown in page
    assert "javascript:" not in page
    assert simulator.http.get(f"/kept/{media_id}").content == png
    assert simulator.http.get("/kept/nothing").status_code == 404


def test_a_member_signs_in_by_the_platform_s_page(simulator: Simulator) -> None:
    asked = {"appid": simulator.corp.corpid, "redirect_uri": "http://localhost/back?x=1", "state": "s 1", "agentid": simulator.app.agent_id}
    assert "李娜" in simulator.http.get("/wwlogin/sso/login", params=asked).text
    gone = simulator.http.get("/wwlogin/sso/login", params={**asked, "userid": "lina"})
    address = gone.headers["location"]
    assert address.startswith("http://localhost/back?x=1&code=")
    assert address.endswith("&state=s%201")
    code = address.partition("code=")[2].partition("&")[0]
    assert simulator.get("auth/getuserinfo", code=code)["userid"] == "lina"
    for wrong in ({"redirect_uri": "http://evil.example/"}, {"appid": "ww0"}, {"agentid": "77"}, {"state": "x" * 129}):
        assert simulator.http.get("/connect/oauth2/authorize", params={**asked, **wrong, "userid": "lina"}).status_code == 400


def test_buyers_of_the_town_are_offered(simulator: Simulator) -> None:
    assert simulator.http.post("/simulator/actions/town_buyers", json={}).status_code == 400
    simulator.act("town", seed=7, customers=300, days=60)
    offered = simulator.act("town_buyers", count=3)
    assert len(offered) == 3
    known = simulator.corp.part(External).contacts
    person = offered[0]["unionid"]
    added = simulator.act("add_by", userid=next(iter(simulator.corp.staff)), person=person, half=False)
    assert known[added["external_userid"]].person.unionid == person
    assert person not in [one["unionid"] for one in simulator.act("town_buyers", count=8)]


@pytest.mark.e2e
def test_a_visitor_scans_as_a_customer_and_writes(simulator: Simulator, page: Page) -> None:
    furnish(simulator)
    page.goto(f"{simulator.url}/codes")
    page.get_by_role("button", name="以顾客身份扫码").first.click()
    page.get_by_label("微信昵称").fill("测试顾客")
    page.get_by_role("button", name="扫码", exact=True).click()
    page.wait_for_url("**/contacts/wm*")
    expect(page.get_by_role("heading", name="测试顾客")).to_be_visible()
    page.get_by_placeholder("对 李娜 说…").fill("我想领券")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".chat")).to_contain_text("我想领券")
    page.goto(f"{simulator.url}/faults")
    page.get_by_role("button", name="下一次").first.click()
    expect(page.locator("#toast")).to_contain_text("下一次将发生")
    assert [one.nickname for one in simulator.world.people.values()][-1] == "测试顾客"
