"""Groups handed over and chosen by name, tags that differ, followers, and how staff talk, in the console."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.hands import choose
from tests.support.wechat_beside import connected, job_done, waited


@pytest.fixture
def wechat(api: httpx.Client) -> httpx.Client:
    return connected(api)


def _account(api: httpx.Client, kind: str) -> str:
    return str(next(one["id"] for one in api.get("/api/channels/accounts").json() if one["kind"] == kind))


def test_groups_get_another_owner_and_a_code_by_their_names(console: Page, api: httpx.Client, wechat: httpx.Client) -> None:
    for name in ("交接群甲", "交接群乙"):
        wechat.post("/simulator/actions/create_group", json={"owner": "chenjing", "name": name}).raise_for_status()
    job_done(api, api.post("/api/groups/sync", json={"account_id": _account(api, "wecom")}))
    waited(lambda: len(api.get("/api/groups", params={"q": "交接群"}).json()["rows"]) == 2)
    console.goto("/groups?q=交接群")
    table = console.get_by_role("table", name="客户群")
    rows = table.get_by_role("row").filter(has_text="交接群")
    for place in (0, 1):
        rows.nth(place).get_by_role("checkbox").check()
    console.get_by_role("button", name="转让所选 2 个群").click()
    drawer = console.get_by_role("dialog")
    choose(drawer.get_by_label("新群主"), "黄丽")
    drawer.get_by_role("button", name="确认转让").click()
    expect(console.get_by_text("已转让 2 个群")).to_be_visible()
    waited(lambda: {one["owner"] for one in api.get("/api/groups", params={"q": "交接群"}).json()["rows"]} == {"huangli"})

    console.goto("/group-codes/new")
    console.get_by_label("名称", exact=True).fill("交接群码")
    choose(console.get_by_role("combobox", name="客户群"), "交接群乙", typed="交接群乙")
    console.keyboard.press("Escape")
    console.get_by_role("button", name="创建").click()
    expect(console.get_by_role("heading", name="交接群码")).to_be_visible()
    console.get_by_role("tab", name="群设置").click()
    expect(console.get_by_role("link", name="交接群乙")).to_be_visible()


def test_a_tag_that_is_gone_over_there_waits_for_a_decision(console: Page, api: httpx.Client, wechat: httpx.Client) -> None:
    account = _account(api, "wecom")
    made = wechat.post("/simulator/actions/add_tag", json={"group": "差异组", "name": "会消失"}).raise_for_status().json()
    wechat.post("/simulator/actions/add_tag", json={"group": "差异组", "name": "会留下"}).raise_for_status()
    job_done(api, api.post("/api/channels/tags/sync", json={"account_id": account}))
    wechat.post("/simulator/actions/delete_tag", json={"id": made["tag_id"]}).raise_for_status()
    console.goto(f"/accounts/{account}?tab=tags")
    console.get_by_role("button", name="立即比对").click()
    difference = console.get_by_role("table", name="差异").get_by_role("row").filter(has_text="会消失")
    expect(difference).to_contain_text("企业微信删除了")
    expect(difference).to_contain_text("以企业微信为准")
    difference.get_by_role("button", name="只在活水保留").click()
    expect(difference).to_have_count(0)
    console.get_by_text("已处理", exact=True).last.click()
    expect(console.get_by_role("table", name="差异").get_by_role("row").filter(has_text="会消失")).to_contain_text("只在活水保留")


def test_followers_and_the_days_of_staff_are_fetched(console: Page, api: httpx.Client, wechat: httpx.Client) -> None:
    wechat.post("/simulator/people", json={"nickname": "粉丝", "unionid": "oFollower"}).raise_for_status()
    wechat.post("/simulator/actions/follow", json={"person": "oFollower"}).raise_for_status()
    console.goto(f"/accounts/{_account(api, 'official')}?tab=followers")
    console.get_by_role("button", name="取回关注者").click()
    row = console.get_by_role("table", name="关注者").get_by_role("row").filter(has_text="搜索公众号")
    expect(row.first).to_contain_text("关注中")
    console.goto("/staff-days")
    console.get_by_role("button", name="取回这段时间").first.click()
    expect(console.get_by_text("按天 · 聊天数")).to_be_visible()
    console.get_by_text("已回复占比", exact=True).last.click()
    panel = console.locator(".ant-card").filter(has_text="按员工 · 已回复占比")
    panel.get_by_text("表", exact=True).click()
    expect(panel.get_by_role("row").filter(has_text="陈静")).to_be_visible()
