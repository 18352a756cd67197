"""Marketing in the console: a campaign from its editor to its fates, rules seen before launching, calendars, moments and dead letters."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.hands import choose, confirm
from tests.support.server import Server
from tests.support.vendors import Vendor, vending
from tests.support.wechat_beside import connected, waited

_PEOPLE = {"13955560001": "何一", "13955560002": "何二", "13955560003": "何三"}
_TEXT = "新品到店，回来看看"


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    """A gateway for text messages; it takes what it gets unless it is told otherwise."""
    with vending() as made:
        made.answer = lambda taken: {"id": f"m-{len(made.taken)}-{len(taken.raw)}"}
        yield made


@pytest.fixture(scope="module")
def brand(server: Server, vendor: Vendor) -> Iterator[dict[str, str]]:
    """Three members who agreed to text messages, an audience of them, a gateway beside WeCom, and a material; gives their ids."""
    with server.client() as api:
        connected(api).close()
        for phone, name in _PEOPLE.items():
            body = {"identities": [{"kind": "phone", "value": phone}], "attributes": {"name": name, "city": "营州"}}
            member = api.post("/api/members", json=body).raise_for_status().json()["id"]
            agreed = {"purpose": "marketing", "channel": "sms", "state": "subscribed", "address": phone, "address_kind": "phone"}
            api.put(f"/api/members/{member}/consents", json=agreed).raise_for_status()
        gateway = {"kind": "sms", "name": "营销网关", "corp_id": "marketing-gateway", "secret": "s3", "host": vendor.url}
        account = api.post("/api/channels/accounts", json={**gateway, "options": {"format": "generic"}}).raise_for_status().json()
        yield {"audience": audience_of(api, "营州会员", "city", "营州"), "account": account["id"], "content": approved(api, "到店通知")}


def audience_of(api: httpx.Client, name: str, attribute: str, value: str) -> str:
    """An audience by one attribute."""
    body = {"name": name, "definition": {"attribute": attribute, "is": value}}
    return str(api.post("/api/audiences", json=body).raise_for_status().json()["id"])


def approved(api: httpx.Client, name: str) -> str:
    """A text that may be sent."""
    body = {"kind": "text", "name": name, "draft": {"body": {"text": _TEXT}}}
    made = api.post("/api/content/materials", json=body).raise_for_status().json()
    waiting = api.post(f"/api/content/materials/{made['id']}/submission", json={"revision": made["revision"]}).raise_for_status().json()
    decision = {"revision": waiting["revision"], "approves": True}
    api.post(f"/api/content/materials/{made['id']}/decision", json=decision).raise_for_status()
    return str(made["id"])


def drafted(api: httpx.Client, brand: dict[str, str], name: str, **said: Any) -> dict[str, Any]:
    """A campaign of text messages to the audience, that nobody launched."""
    whom = {"channel": "sms", "account_id": brand["account"], "audience_id": brand["audience"], "control_basis_points": 0}
    body = {"kind": "send", "name": name, **whom, "variants": [{"name": "A", "content_id": brand["content"]}], **said}
    made: dict[str, Any] = api.post("/api/engagement/campaigns", json=body).raise_for_status().json()
    return made


def launch(console: Page, api: httpx.Client) -> None:
    """Starts the campaign whose page is open; the laboratory's clock stands until it is moved."""
    console.get_by_role("button", name="启动", exact=True).click()
    confirm(console, "启动")
    expect(console.get_by_test_id("progress")).to_be_visible()
    campaign = f"/api/engagement/campaigns/{console.url.rsplit('/', 1)[1]}/progress"

    def went() -> bool:
        api.post("/lab/clock", json={"advance": "1m"}).raise_for_status()
        found = api.get(campaign).raise_for_status().json()
        return bool(found["by_fate"]) and not found["waiting"] and not {"claimed", "calling"} & set(found["by_fate"])

    waited(went)


def test_a_campaign_from_its_editor_to_its_fates(console: Page, api: httpx.Client, brand: dict[str, str], vendor: Vendor) -> None:
    console.goto("/campaigns/new")
    console.get_by_label("名称", exact=True).fill("营州到店")
    choose(console.get_by_label("人群", exact=True), "营州会员")
    choose(console.get_by_label("渠道", exact=True), "短信")
    choose(console.get_by_label("素材", exact=True), "到店通知")
    expect(console.get_by_role("figure", name="客户看到的样子")).to_contain_text(_TEXT)
    pressure = console.get_by_test_id("pressure")
    expect(pressure).to_contain_text("目标人数3")
    expect(console.get_by_text("对照组 10%")).to_be_visible()
    console.get_by_text("服务通知", exact=True).click()
    expect(pressure).to_contain_text("会收到3")
    console.get_by_role("button", name="保存", exact=True).click()
    console.wait_for_url(re.compile(r"/campaigns/cmp_\w+$"))
    launch(console, api)
    progress = console.get_by_test_id("progress")
    expect(progress).to_contain_text("渠道已受理 3")
    console.get_by_role("tab", name="发送明细").click()
    expect(console.get_by_role("table").get_by_text("渠道已受理")).to_have_count(3)
    assert sorted(to for taken in vendor.taken for to in taken.body.get("to", [])) == sorted(_PEOPLE)
    console.goto("/touches?channel=sms")
    expect(console.get_by_role("row").filter(has_text="营州到店")).to_have_count(3)
    console.goto("/campaigns")
    expect(console.get_by_role("row").filter(has_text="营州到店")).to_contain_text("已完成")


def test_a_rule_is_seen_before_launching(console: Page, api: httpx.Client, brand: dict[str, str]) -> None:
    made = drafted(api, brand, "先看规则")
    console.goto("/touch-rules")
    console.get_by_role("button", name="新建规则").first.click()
    console.get_by_role("menuitem", name="永不触达").click()
    console.get_by_label("名称", exact=True).fill("营州静默")
    choose(console.get_by_label("人群", exact=True), "营州会员")
    console.get_by_role("dialog").get_by_role("button", name="保存").click()
    rule = console.get_by_role("row").filter(has_text="营州静默")
    expect(rule).to_contain_text("营州会员")
    console.goto(f"/campaigns/{made['id']}")
    pressure = console.get_by_test_id("pressure")
    expect(pressure).to_contain_text("会收到0")
    expect(pressure.get_by_role("list", name="不会收到的原因")).to_contain_text("在“永不触达”名单3")
    console.goto("/touch-rules")
    rule.get_by_role("switch").click()
    expect(rule.get_by_role("switch")).not_to_be_checked()
    console.goto(f"/campaigns/{made['id']}")
    expect(pressure).to_contain_text("会收到3")


def test_what_a_gateway_refused_is_settled(console: Page, api: httpx.Client, brand: dict[str, str], vendor: Vendor) -> None:
    vendor.modes.append(400)
    made = drafted(api, brand, "网关拒绝")
    console.goto(f"/campaigns/{made['id']}")
    launch(console, api)
    expect(console.get_by_test_id("progress")).to_contain_text("接收方返回 HTTP 400")
    console.goto("/touches?tab=letters")
    letter = console.get_by_role("row").filter(has_text="网关拒绝")
    expect(letter).to_contain_text("接收方返回 HTTP 400")
    letter.get_by_role("button", name="放弃").click()
    confirm(console, "放弃")
    expect(letter).to_have_count(0)
    console.get_by_text("已处理", exact=True).click()
    expect(letter).to_contain_text("已放弃")


def test_a_calendar_has_days_of_each_month_and_dates(console: Page, api: httpx.Client, brand: dict[str, str]) -> None:
    today = dt.datetime.fromisoformat(api.get("/lab/clock").json()["now"]).astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    console.goto("/marketing-calendar")
    console.get_by_role("button", name="新建日历").first.click()
    drawer = console.get_by_role("dialog")
    names = drawer.get_by_label("名称", exact=True)
    names.first.fill("社区日历")
    names.nth(1).fill("会员日")
    drawer.get_by_role("button", name="添加某一天").click()
    drawer.get_by_role("textbox", name="日期").fill(today.replace(day=17).isoformat())
    console.keyboard.press("Enter")
    names.last.fill("店庆")
    drawer.get_by_role("button", name="保存").click()
    month = console.get_by_test_id("month")
    expect(month.get_by_text("社区日历 · 会员日").first).to_be_visible()
    expect(month.get_by_text("社区日历 · 店庆")).to_be_visible()
    console.get_by_role("button", name="下个月").click()
    expect(month.get_by_text("社区日历 · 会员日").first).to_be_visible()
    expect(month.get_by_text("社区日历 · 店庆")).to_have_count(0)
    calendar = next(one["id"] for one in api.get("/api/engagement/calendars").json()["rows"] if one["name"] == "社区日历")
    campaign = drafted(api, brand, "按日历发", schedule={"rhythm": "calendar", "calendar_id": calendar, "minute": 600})
    api.post(f"/api/engagement/campaigns/{campaign['id']}/launch", json={"version": campaign["version"]}).raise_for_status()
    console.reload()
    expect(month.get_by_role("link", name=re.compile("10:00 按日历发")).first).to_be_visible()


def test_moments_wait_for_whoever_posts_them(console: Page, api: httpx.Client, brand: dict[str, str]) -> None:
    with connected(api) as wechat:
        wechat.post("/simulator/people", json={"nickname": "圈友小蓝", "unionid": "oMoments"}).raise_for_status()
        wechat.post("/simulator/actions/add_by", json={"userid": "chenjing", "person": "oMoments", "half": False}).raise_for_status()
    waited(lambda: api.get("/api/members", params={"q": "圈友小蓝"}).json()["rows"])
    audience_of(api, "朋友圈好友", "nickname", "圈友小蓝")
    console.goto("/moments/new")
    console.get_by_label("名称", exact=True).fill("周末朋友圈")
    choose(console.get_by_label("人群", exact=True), "朋友圈好友")
    choose(console.get_by_label("素材", exact=True), "到店通知")
    expect(console.get_by_test_id("pressure")).to_contain_text("会收到1")
    console.get_by_role("button", name="保存", exact=True).click()
    console.wait_for_url(re.compile(r"/moments/cmp_\w+$"))
    launch(console, api)
    expect(console.get_by_test_id("progress")).to_contain_text("待员工确认 1")
    expect(console.get_by_role("row").filter(has_text="陈静")).to_be_visible()


def test_an_audience_is_given_to_an_ad_platform_and_taken_off(
    console: Page, api: httpx.Client, brand: dict[str, str], vendor: Vendor
) -> None:
    platform = {"kind": "ads", "name": "投放平台", "corp_id": "advertiser-1", "secret": "s4", "host": vendor.url}
    api.post("/api/channels/accounts", json={**platform, "options": {"audience_id": "aud-1", "hash": "sha256"}}).raise_for_status()
    for phone in _PEOPLE:
        (member,) = api.get("/api/members", params={"q": phone}).raise_for_status().json()["rows"]
        agreed = {"purpose": "marketing", "channel": "ads", "state": "subscribed"}
        api.put(f"/api/members/{member['id']}/consents", json=agreed).raise_for_status()
    console.goto("/campaigns/new")
    console.get_by_label("名称", exact=True).fill("营州投放")
    choose(console.get_by_label("人群", exact=True), "营州会员")
    choose(console.get_by_label("渠道", exact=True), "广告人群")
    expect(console.get_by_text("客户收不到任何消息")).to_be_visible()
    expect(console.get_by_label("素材", exact=True)).to_be_hidden()
    console.get_by_role("slider").press("Home")
    expect(console.get_by_text("对照组 0%")).to_be_visible()
    expect(console.get_by_test_id("pressure")).to_contain_text("目标人数3")
    console.get_by_role("button", name="保存", exact=True).click()
    console.wait_for_url(re.compile("/campaigns/cmp_"))
    launch(console, api)
    console.get_by_role("button", name="从人群包撤下").click()
    confirm(console, "从人群包撤下")
    expect(console.get_by_text("已撤回 1 批")).to_be_visible()
    assert [taken.body["operation"] for taken in vendor.taken if "operation" in taken.body] == ["add", "undo"]
