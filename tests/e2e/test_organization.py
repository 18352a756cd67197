"""Units, opening hours and staff."""

import httpx
from playwright.sync_api import Page, expect


def test_a_store_is_opened_under_a_region_with_its_hours_and_a_guide(console: Page, api: httpx.Client) -> None:
    root = api.post("/api/org/units", json={"code": "E2E-HQ", "name": "总部", "kind": "headquarters"}).raise_for_status().json()
    api.post("/api/org/units", json={"code": "E2E-EAST", "name": "华东区域", "kind": "region", "parent_id": root["id"]}).raise_for_status()
    console.goto("/organization")
    console.get_by_role("tree").get_by_text("华东区域").click()
    console.get_by_role("button", name="新建组织").click()
    drawer = console.get_by_role("dialog")
    drawer.get_by_label("名称").fill("静安店")
    drawer.get_by_label("编码").fill("E2E-S1")
    drawer.get_by_label("周一").fill("10:00-22:00")
    drawer.get_by_role("button", name="应用到每天").click()
    drawer.get_by_role("button", name="保存").click()
    console.goto("/stores")
    console.get_by_role("row", name="静安店").click()
    expect(console.get_by_role("navigation").get_by_text("华东区域")).to_be_visible()
    console.get_by_role("tab", name="营业时间").click()
    expect(console.get_by_text("10:00-22:00")).to_have_count(7)
    console.goto("/staff")
    console.get_by_role("button", name="新建员工").click()
    drawer = console.get_by_role("dialog")
    drawer.get_by_label("姓名").fill("许悦")
    drawer.get_by_label("工号").fill("E2E-G1")
    drawer.get_by_label("所属组织").click()
    console.locator(".ant-select-tree").get_by_text("总部").click()
    drawer.get_by_role("button", name="保存").click()
    expect(console.get_by_role("row", name="许悦")).to_contain_text("在职")
