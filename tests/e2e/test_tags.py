"""Tags in the console: a group and a tag are made, put on many and on one, lifted with a reason, and found in the history."""

import httpx
from playwright.sync_api import Page, expect


def made(api: httpx.Client, phone: str) -> str:
    body = {"identities": [{"kind": "phone", "value": phone}], "attributes": {"name": "周小满"}}
    return str(api.post("/api/members", json=body).raise_for_status().json()["id"])


def test_a_tag_from_its_making_to_its_lifting(console: Page, api: httpx.Client) -> None:
    members = [made(api, f"1395555000{place}") for place in range(2)]
    console.goto("/tags")
    console.get_by_role("button", name="新建标签组").first.click()
    drawer = console.get_by_role("dialog")
    drawer.get_by_label("标签组名称").fill("试用")
    drawer.get_by_role("button", name="保存").click()
    expect(console.get_by_text("这个组还没有标签")).to_be_visible()
    console.get_by_role("button", name="新建标签", exact=True).last.click()
    drawer.get_by_label("标签名称").fill("体验官")
    drawer.get_by_role("button", name="保存").click()
    console.get_by_role("row").filter(has_text="体验官").click()
    console.get_by_role("button", name="批量打标签").first.click()
    drawer.get_by_label("客户名单").fill("13955550000\n13955550001\n13900009999")
    drawer.get_by_label("原因").fill("线下招募")
    drawer.get_by_role("button", name="打标签").click()
    expect(console.get_by_text("打上 2 人，去掉 0 人，跳过 1 人")).to_be_visible()
    expect(console.get_by_role("row").filter(has_text="线下招募")).to_have_count(2)

    console.goto(f"/members/{members[0]}")
    panel = console.get_by_test_id("member-tags")
    expect(panel).to_contain_text("体验官")
    panel.get_by_role("button", name="去掉标签").click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_label("原因").fill("本人退出")
    dialog.get_by_role("button", name="去标签").click()
    expect(panel).not_to_contain_text("体验官")
    panel.get_by_role("button", name="打标签").click()
    drawer.get_by_role("combobox").fill("试用/老客")
    console.keyboard.press("Enter")
    console.keyboard.press("Escape")
    drawer.get_by_label("原因").fill("回访")
    drawer.get_by_role("button", name="打标签").click()
    expect(panel).to_contain_text("老客")
    panel.get_by_role("button", name="记录").click()
    expect(drawer.get_by_role("row").filter(has_text="本人退出")).to_contain_text("去标签")
    assert {group["name"] for group in api.get("/api/tags").json()} >= {"试用"}
