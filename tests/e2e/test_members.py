"""Customers: finding one, their page, consent, attributes, plain values, conflicts, erasure."""

import re
import time

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.server import Server


def made(api: httpx.Client, phone: str, name: str) -> int:
    """A member with a phone and a name; gives the number."""
    body = {"identities": [{"kind": "phone", "value": phone}], "attributes": {"name": name, "city": "杭州"}}
    return int(api.post("/api/members", json=body).raise_for_status().json()["member_no"])


def test_a_member_is_found_by_phone_and_opened_with_the_keyboard(console: Page, api: httpx.Client) -> None:
    made(api, "13911110001", "赵一宁")
    console.goto("/members")
    console.get_by_label("姓名、手机号、邮箱或编号").fill("139 1111 0001")
    console.keyboard.press("Enter")
    console.wait_for_url(re.compile("find="))
    expect(console.get_by_test_id("member-count")).to_contain_text("1 条")
    row = console.get_by_role("row").nth(1)
    expect(row).not_to_contain_text("13911110001")
    row.focus()
    console.keyboard.press("Enter")
    console.wait_for_url(re.compile(r"/members/\w+"))
    expect(console.get_by_role("heading", level=1)).not_to_contain_text("赵一宁")


def test_consent_is_recorded_with_its_source_and_changed(console: Page, api: httpx.Client) -> None:
    number = made(api, "13911110002", "钱二")
    console.goto(f"/members/{number}")
    consents = console.get_by_test_id("consents")
    consents.get_by_role("button", name="登记").click()
    drawer = console.get_by_role("dialog")
    drawer.get_by_label("来源").fill("门店纸质单")
    drawer.get_by_role("button", name="保存").click()
    expect(consents).to_contain_text("已同意")
    expect(consents).to_contain_text("门店纸质单")
    consents.get_by_role("button", name="修改").first.click()
    drawer.get_by_label("已拒绝").check()
    drawer.get_by_label("来源").fill("客服电话")
    drawer.get_by_role("button", name="保存").click()
    expect(consents).to_contain_text("已拒绝")


def test_an_attribute_is_changed_and_its_history_kept(console: Page, api: httpx.Client) -> None:
    number = made(api, "13911110003", "孙三")
    console.goto(f"/members/{number}")
    console.get_by_role("button", name="编辑", exact=True).click()
    drawer = console.get_by_role("dialog")
    drawer.get_by_label("值", exact=True).first.fill("苏州")
    drawer.get_by_role("button", name="保存").click()
    expect(console.get_by_text("苏州")).to_be_visible()
    console.get_by_role("button", name="变更历史").first.click()
    history = console.get_by_role("tooltip")
    expect(history).to_contain_text("苏州")
    expect(history).to_contain_text("杭州")


def test_plain_values_are_shown_on_demand_and_on_record(console: Page, api: httpx.Client) -> None:
    number = made(api, "13911110004", "李四维")
    console.goto(f"/members/{number}")
    console.get_by_role("button", name="查看明文").click()
    console.get_by_role("button", name="我确有需要，显示明文").click()
    expect(console.get_by_test_id("revealed")).to_contain_text("李四维")
    expect(console.get_by_test_id("revealed")).to_contain_text("13911110004")
    assert api.get("/api/audit", params={"action": "people.pii.reveal"}).json()["rows"]


def test_erasing_needs_the_number_typed(console: Page, api: httpx.Client) -> None:
    number = made(api, "13911110005", "周五")
    console.goto(f"/members/{number}")
    console.get_by_role("button", name=re.compile("删除$")).click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_label("原因").fill("本人要求")
    expect(dialog.get_by_role("button", name="永久删除")).to_be_disabled()
    dialog.get_by_test_id("erase-word").fill(str(number))
    dialog.get_by_role("button", name="永久删除").click()
    console.wait_for_url(re.compile(r"/members$"))
    console.goto("/members?find=13911110005")
    expect(console.get_by_text("没有符合条件的客户")).to_be_visible()


@pytest.fixture
def conflict(server: Server, api: httpx.Client) -> str:
    """Two people with numbers of their own who both give one phone."""
    key = server.key(kind="write")
    for user in ("e2e-left", "e2e-right"):
        message = {"userId": user, "traits": {"phone": "13922220001", "city": "上海" if user == "e2e-left" else "成都"}}
        httpx.post(f"{server.url}/v1/identify", auth=(key, ""), json=message, trust_env=False, timeout=60).raise_for_status()
    deadline = time.monotonic() + 20
    while not (rows := api.get("/api/conflicts", params={"state": "open"}).raise_for_status().json()["rows"]):
        assert time.monotonic() < deadline, "no conflict was opened"
        time.sleep(0.1)
    return str(rows[0]["id"])


def test_a_conflict_is_shown_side_by_side_and_decided(console: Page, api: httpx.Client, conflict: str) -> None:
    console.goto("/conflicts")
    console.get_by_role("row").nth(1).click()
    console.wait_for_url(re.compile(f"/conflicts/{conflict}"))
    expect(console.get_by_text("e2e-left").first).to_be_visible()
    expect(console.get_by_text("e2e-right").first).to_be_visible()
    expect(console.get_by_text("争议").first).to_be_visible()
    console.get_by_label("不是同一个人，保持独立").check()
    console.get_by_label("原因").fill("夫妻共用手机号")
    console.get_by_role("button", name="确认处理").click()
    console.wait_for_url(re.compile(r"/conflicts$"))
    assert api.get(f"/api/conflicts/{conflict}").json()["conflict"]["decision"] == "keep_apart"
